"""Whatever the demo shop's cards print comes back through every way in, and finds its member."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
import phonenumbers
import pytest
import segno
import zxingcpp
from barcode.codex import Code128
from PIL import Image

from cashier_app.backends.contract import ContractBackend
from cashier_app.config import till_settings
from cashier_app.demo.codes import rotating_code
from cashier_app.demo.members import SeedMember, load_seed
from cashier_app.demo.server import DemoServer
from cashier_app.demo_shop import DEMO_CONFIG
from cashier_app.domain.identifier import Identifier, Origin, Unrecognised, parse_identifier
from cashier_app.domain.outcome import MemberFound, SeveralMembers
from cashier_app.scanning import symbologies
from cashier_app.scanning.decoders import decode
from cashier_app.scanning.keyboard_wedge import Burst, KeyboardWedge
from cashier_app.scanning.picture_files import decode_picture_file
from cashier_app.scanning.serial_framing import SerialFramer
from tests.fakes.typing_scanner import TypingScanner

RULES = till_settings(DEMO_CONFIG).rules
PICTURES = Path(__file__).parents[2] / "resources" / "demo"


class Printed(NamedTuple):
    """A text on a card, whose it is, and what it must be read as."""

    text: str
    member_id: str
    identifier: Identifier


def texts_of(member: SeedMember, code_key: str) -> Iterator[str]:
    """Yield what a member's card shows: its codes, its number, and the phone in the ways it is written."""
    yield f"LC1:{member.token}"
    yield rotating_code(member.token, datetime.now(UTC), code_key)
    yield member.number
    yield member.phone
    number = phonenumbers.parse(member.phone)
    for form in (phonenumbers.PhoneNumberFormat.NATIONAL, phonenumbers.PhoneNumberFormat.INTERNATIONAL):
        yield phonenumbers.format_number(number, form)


@pytest.fixture(scope="module")
def cards() -> list[Printed]:
    """Return every text on every card; the demo shop's own server has found its member by each."""
    cards = []
    with DemoServer() as server:
        backend = ContractBackend(server.base_url, server.token)
        for member in load_seed():
            for text in texts_of(member, server.shop.code_key):
                identifier = parse_identifier(text, RULES, Origin.SCANNED)
                assert not isinstance(identifier, Unrecognised), text
                found = backend.find(identifier)
                several = found.found if isinstance(found, SeveralMembers) else (found,)
                ids = {one.member.member_id for one in several if isinstance(one, MemberFound)}
                assert member.member_id in ids, text
                cards.append(Printed(text, member.member_id, identifier))
        backend.close()
    assert len({card.member_id for card in cards}) == len(load_seed())
    return cards


def drawn_qr(text: str) -> np.ndarray:
    return _pixels(np.array([list(row) for row in segno.make(text, micro=False).matrix]) == 1)


def drawn_code_128(text: str) -> np.ndarray:
    bars = np.array([character == "1" for character in Code128(text).build()[0]])
    return _pixels(np.tile(bars, (30, 1)))


def drawn_by_zxing(kind: zxingcpp.BarcodeFormat) -> Callable[[str], np.ndarray]:
    def draw(text: str) -> np.ndarray:
        image = zxingcpp.create_barcode(text, kind).to_image(scale=1, add_quiet_zones=False)
        return _pixels(np.asarray(image) < 128)

    return draw


def _pixels(dark: np.ndarray) -> np.ndarray:
    modules = np.where(np.pad(dark, 10), 0, 255).astype(np.uint8)
    return np.kron(modules, np.ones((3, 3), dtype=np.uint8))


DRAWN: dict[str, Callable[[str], np.ndarray]] = {
    symbologies.QR_CODE: drawn_qr,
    symbologies.AZTEC: drawn_by_zxing(zxingcpp.BarcodeFormat.Aztec),
    symbologies.PDF417: drawn_by_zxing(zxingcpp.BarcodeFormat.PDF417),
    symbologies.CODE_128: drawn_code_128,
}


@pytest.mark.parametrize("symbology", DRAWN)
def test_the_camera_reads_every_card(cards: list[Printed], symbology: str) -> None:
    for card in cards:
        (symbol,) = decode(DRAWN[symbology](card.text))
        assert symbol.symbology == symbology
        assert parse_identifier(symbol.text, RULES, Origin.SCANNED) == card.identifier, card.text


@pytest.mark.parametrize("mark", ["", "]Q1", "]C0"])
def test_a_scanner_that_types_reads_every_card(cards: list[Printed], mark: str) -> None:
    scanner = TypingScanner(Random(5))
    for card in cards:
        wedge, bursts = KeyboardWedge(), []
        for press in scanner.scan(mark + card.text):
            bursts += [answer for answer in wedge.feed(press.as_key()) if isinstance(answer, Burst)]
        (burst,) = bursts
        assert parse_identifier(burst.text, RULES, Origin.SCANNED) == card.identifier, card.text


@pytest.mark.parametrize("mark", ["", "]Q1", "\x02"])
@pytest.mark.parametrize("end", ["\r", "\r\n", "\x03"])
def test_a_serial_scanner_reads_every_card(cards: list[Printed], mark: str, end: str) -> None:
    framer = SerialFramer()
    reads = framer.feed("".join(f"{mark}{card.text}{end}" for card in cards).encode())
    texts = [read.text for read in reads]
    assert [parse_identifier(text, RULES, Origin.SCANNED) for text in texts] == [
        card.identifier for card in cards
    ]


def test_fingers_type_every_card(cards: list[Printed]) -> None:
    for card in cards:
        assert parse_identifier(card.text, RULES, Origin.TYPED) == card.identifier
        assert parse_identifier(f" {card.text} ", RULES, Origin.TYPED) == card.identifier


@pytest.mark.parametrize(
    ("name", "member_id"), [("wallet-priya.jpg", "mem-priya"), ("wallet-aztec.png", "mem-ravi")]
)
def test_the_demo_pictures_show_their_members(cards: list[Printed], name: str, member_id: str) -> None:
    (symbol,) = decode_picture_file(PICTURES / name)
    identifier = parse_identifier(symbol.text, RULES, Origin.SCANNED)
    assert [card.member_id for card in cards if card.identifier == identifier] == [member_id]


def test_the_picture_files_show_the_same(cards: list[Printed], tmp_path: Path) -> None:
    for card in cards[:6]:
        Image.fromarray(drawn_qr(card.text)).save(tmp_path / "card.png")
        (symbol,) = decode_picture_file(tmp_path / "card.png")
        assert symbol.text == card.text
