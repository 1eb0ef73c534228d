"""The kind of a code decides what it is, whichever way it comes in: goods, cards and GS1 numbers."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from cashier_app.device_opening import picture_texts
from cashier_app.domain.identifier import (
    CheckScheme,
    IdentifierRules,
    MemberNumber,
    NotRecognised,
    NumberRange,
    Origin,
    Parsed,
    Unrecognised,
    parse_identifier,
)
from cashier_app.ports.serial_scanner import ScannedText
from cashier_app.scanning import symbologies
from cashier_app.scanning.decoders import LiveDecoder
from cashier_app.scanning.keyboard_wedge import Burst, KeyboardWedge
from cashier_app.scanning.serial_framing import SerialFramer
from cashier_app.services.sightings import Presented, Sightings
from tests.fakes.typing_scanner import TypingScanner
from tests.ui import sample_views

RULES = IdentifierRules(
    "IN",
    gs1_keys=("8018",),
    numbers=(NumberRange("29", (13,), CheckScheme.EAN), NumberRange("44", (12,))),
)
ALL = (*symbologies.WALLET, *symbologies.ON_REQUEST)
IDLE = sample_views.STATES["idle"]()
PRODUCT = Unrecognised(NotRecognised.PRODUCT_CODE)
GSRN = "123456789012345675"
CARD = MemberNumber(GSRN)


class Shown(NamedTuple):
    """A code: its kind and whether FNC1 comes first, what it holds, its AIM identifier, what it is."""

    kind: str
    gs1: bool
    holds: str
    aim: str
    sent: str
    meaning: Parsed


CODES = (
    Shown("EAN13", False, "8901030865398", "]E0", "8901030865398", PRODUCT),
    Shown("EAN13", False, "2912345678906", "]E0", "2912345678906", MemberNumber("2912345678906")),
    Shown("Code128", False, "89010303", "]C0", "89010303", MemberNumber("89010303")),
    Shown("QRCode", False, "89010303", "]Q1", "89010303", MemberNumber("89010303")),
    Shown("ITF", False, "441012345678", "]I0", "441012345678", MemberNumber("441012345678")),
    Shown("Code128", True, f"(8018){GSRN}", "]C1", f"8018{GSRN}", CARD),
    Shown("Code128", True, f"(10)AB12(8018){GSRN}", "]C1", f"10AB12\x1d8018{GSRN}", CARD),
    Shown("Code128", True, "(01)09506000134352", "]C1", "0109506000134352", PRODUCT),
    Shown("QRCode", True, f"(10)AB12(8018){GSRN}", "]Q3", f"10AB12\x1d8018{GSRN}", CARD),
    Shown("DataMatrix", True, f"(8018){GSRN}", "]d2", f"8018{GSRN}", CARD),
)
each_code = pytest.mark.parametrize("shown", CODES, ids=lambda shown: f"{shown.aim}{shown.meaning}")


def drawn(shown: Shown) -> np.ndarray:
    kind = getattr(zxingcpp.BarcodeFormat, shown.kind)
    code = zxingcpp.create_barcode(shown.holds, kind, gs1=shown.gs1).to_image(scale=1)
    paper = np.pad(np.asarray(code), 12, constant_values=255)
    return np.kron(paper, np.ones((3, 3), np.uint8))


def read(text: str) -> Parsed:
    return parse_identifier(text, RULES, Origin.SCANNED)


@each_code
def test_by_the_camera(shown: Shown) -> None:
    decoder, sightings, frame = LiveDecoder(ALL), Sightings(RULES), drawn(shown)
    believed = decoder.read(frame) or decoder.read(frame)
    seen = sightings.see([symbol.announced for symbol in believed], 1.0, IDLE)
    assert isinstance(seen, Presented)
    assert seen.text == f"{shown.aim}{shown.sent}"
    assert read(seen.text) == shown.meaning
    assert seen.ours == isinstance(shown.meaning, MemberNumber)


@each_code
def test_in_a_picture(shown: Shown, tmp_path: Path) -> None:
    Image.fromarray(drawn(shown)).save(tmp_path / "code.png")
    (text,) = picture_texts(tmp_path / "code.png", ALL)
    assert read(text) == shown.meaning


@each_code
def test_typed_by_a_scanner(shown: Shown) -> None:
    assert read(typed_by_a_scanner(shown.aim + shown.sent)) == shown.meaning


@each_code
def test_sent_by_a_serial_scanner(shown: Shown) -> None:
    (scan,) = SerialFramer().feed(f"{shown.aim}{shown.sent}\r".encode())
    assert isinstance(scan, ScannedText)
    assert read(scan.text) == shown.meaning


@pytest.mark.parametrize(
    "sent", [f"\x1d8018{GSRN}", f"8018{GSRN}", f"10AB12\x1d8018{GSRN}", f"<GS>8018{GSRN}"]
)
def test_gs1_from_a_scanner_that_announces_nothing(sent: str) -> None:
    assert read(typed_by_a_scanner(sent)) == CARD


@pytest.mark.parametrize(("sent", "meaning"), [("8901030865398", PRODUCT), ("89010303", PRODUCT)])
def test_without_the_kind_the_check_digit_has_to_decide(sent: str, meaning: Parsed) -> None:
    assert read(typed_by_a_scanner(sent)) == meaning


def test_goods_are_looked_for_only_where_the_settings_say_so(tmp_path: Path) -> None:
    Image.fromarray(drawn(CODES[0])).save(tmp_path / "goods.png")
    assert picture_texts(tmp_path / "goods.png") == []
    assert [LiveDecoder().read(drawn(CODES[0])) for _ in range(3)] == [[], [], []]


def typed_by_a_scanner(text: str) -> str:
    wedge, bursts = KeyboardWedge(), []
    for press in TypingScanner(Random(5)).scan(text):
        bursts += [answer for answer in wedge.feed(press.as_key()) if isinstance(answer, Burst)]
    (burst,) = bursts
    return burst.announced
