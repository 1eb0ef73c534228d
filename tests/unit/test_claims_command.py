"""`cashier-cli claims`: two tills come to one key, and nobody sees it on the way."""

from __future__ import annotations

import os
import re
import zlib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from cashier_app.claim_opening import CLAIMS_NAME, OpenClaimKeys, draw_codes, new_key
from cashier_app.command_line.parser import main
from cashier_app.domain.claim_code import claim_digits, claim_until
from cashier_app.domain.money import Money
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.sale import Sale
from cashier_app.keeping_secrets import vault_of
from cashier_app.ports.credentials import Secret
from cashier_app.scanning import symbologies
from cashier_app.scanning.decoders import decode
from cashier_app.services.receipt_codes import codes_of
from cashier_app.services.ticket import new_sale_id
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.kept_key import FileKeyStore
from tests.fakes.pdf_rectangles import paper_mm, rendered
from tests.fakes.shop import RUPEE

SETTINGS = """
[store]
name = "Corner Shop"
till = "{till}"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"
[backend]
address = "https://loyalty.example"
"""


class Till:
    def __init__(self, folder: Path, number: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.data, self._capsys = folder / number, capsys
        self.settings = folder / f"{number}.toml"
        self.settings.write_text(SETTINGS.format(till=number))
        self.data.mkdir()

    def run(self, action: str, *options: str) -> tuple[int, str]:
        code = main(["claims", action, *options, "--config", str(self.settings), "--data", str(self.data)])
        said = self._capsys.readouterr()
        return code, said.out + said.err

    def share(self, *options: str) -> tuple[int, str, str]:
        read, write = os.pipe()
        code, said = self.run("share", "--out-fd", str(write), *options)
        os.close(write)
        key = os.read(read, 200).decode().strip()
        os.close(read)
        return code, said, key

    def join(self, key: str, *options: str) -> tuple[int, str]:
        read, write = os.pipe()
        os.write(write, f"{key}\n".encode())
        os.close(write)
        code, said = self.run("join", "--in-fd", str(read), *options)
        os.close(read)
        return code, said

    def keys(self) -> OpenClaimKeys:
        return OpenClaimKeys(lambda: vault_of(self.data), self.data)


@pytest.fixture
def tills(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[Till, Till]:
    store = FileKeyStore(tmp_path / "key-store.json")
    monkeypatch.setattr("cashier_app.security.credentials.KeyStore", lambda: store)
    return Till(tmp_path, "1", capsys), Till(tmp_path, "2", capsys)


def test_alone_a_till_reads_only_its_own(tills: tuple[Till, Till]) -> None:
    one, two = (till.keys()() for till in tills)
    assert one.proves(b"receipt", one.sign(b"receipt"))
    assert not two.proves(b"receipt", one.sign(b"receipt"))


def test_two_tills_come_to_one_key(tills: tuple[Till, Till]) -> None:
    one, two = tills
    before = one.keys()().sign(b"receipt of before")
    code, said, key = one.share("--new")
    assert (code, len(key)) == (0, 64)
    assert key[:16] not in said
    code, said = two.join(key)
    assert code == 0
    assert key[:16] not in said
    signed = one.keys()().sign(b"receipt")
    assert two.keys()().proves(b"receipt", signed)
    assert one.keys()().proves(b"receipt of before", before)
    digits = claim_digits("sale", one.keys()().sign)
    assert two.keys()().digits_fit("sale", digits)
    for folder in (one.data, two.data):
        kept = b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())
        assert key.encode() not in kept
        assert bytes.fromhex(key) not in kept


def test_the_same_key_is_shared_again(tills: tuple[Till, Till]) -> None:
    first = tills[0].share("--new")[2]
    assert tills[0].share()[2] == tills[0].share("--new")[2] == first


def test_without_a_key_nothing_is_shared(tills: tuple[Till, Till]) -> None:
    code, said, key = tills[0].share()
    assert (code, key) == (2, "")
    assert "claims share --new" in said


def test_a_key_goes_to_no_screen(tills: tuple[Till, Till]) -> None:
    code, said = tills[0].run("share", "--out-fd", "1", "--new")
    assert code == 2
    assert "file or a pipe" in said


def test_what_is_no_key_is_not_taken(tills: tuple[Till, Till]) -> None:
    code, said = tills[0].join("0123abcd")
    assert code == 2
    assert "0123abcd" not in said


def test_another_key_is_taken_only_on_purpose(tills: tuple[Till, Till]) -> None:
    first, other = new_key().reveal(), new_key().reveal()
    assert tills[0].join(first)[0] == 0
    assert tills[0].join(first)[0] == 0
    assert tills[0].join(other)[0] == 2
    assert tills[0].share()[2] == first
    assert tills[0].join(other, "--replace")[0] == 0
    assert tills[0].share()[2] == other


def test_a_damaged_key_is_said_and_not_shown(tills: tuple[Till, Till]) -> None:
    vault_of(tills[0].data).write(CLAIMS_NAME, Secret("zz" * 32))
    with pytest.raises(Exception, match="no claim key"):
        tills[0].keys()()


AT = datetime(2026, 11, 21, 9, 2, tzinfo=UTC)


def sold(till: Till) -> Sale:
    """Let a till have sold something to nobody."""
    journal = SqliteJournal(till.data / "till.sqlite", "2")
    money = Money(102_500, RUPEE)
    sale = Sale(
        new_sale_id(), "", "", "", None, money, Money(0, RUPEE), money, NO_POINTS, NO_POINTS, AT, "7",
        utc_offset=330, claim_until=claim_until(AT, 14, 330),
    )  # fmt: skip
    try:
        return journal.commit_sale(sale, [])
    finally:
        journal.close()


def test_the_codes_of_a_sale_go_on_paper_once_more(tills: tuple[Till, Till], tmp_path: Path) -> None:
    till, file = tills[1], tmp_path / "slip.pdf"
    sale = sold(till)
    assert sale.number == "2-0001"
    code, said = till.run("slip", "2-0001", str(file))
    assert (code, said) == (0, f"Written to {file}.\n")
    codes = codes_of(sale, "Corner Shop", till.keys()(), draw_codes)
    kinds = (symbologies.QR_CODE, symbologies.CODE_128)
    assert {one.text for one in decode(_page(file.read_bytes()), kinds)} == {codes.receipt, "2-0001"}
    assert codes.claim.startswith("2-0001-")
    first = file.read_bytes()
    code, said = till.run("slip", "2-0001", str(file))
    assert code == 2
    assert "left as it is" in said
    assert file.read_bytes() == first
    assert till.run("slip", "2-0001", str(file), "--replace")[0] == 0
    assert till.run("slip", "2-0001", str(file), "--replace", "--paper", "58")[0] == 0
    assert paper_mm(file.read_bytes())[0] == pytest.approx(58, abs=0.1)
    assert {one.text for one in decode(_page(file.read_bytes()), kinds)} == {codes.receipt, "2-0001"}


@pytest.mark.parametrize(
    "number", ["2-0002", "1-0001", "0001", "2-0001-594201", "nonsense", "2-99999999999999999999"]
)
def test_a_number_of_no_sale_here_makes_no_file(
    tills: tuple[Till, Till], tmp_path: Path, number: str
) -> None:
    sold(tills[1])
    code, said = tills[1].run("slip", number, str(tmp_path / "slip.pdf"))
    assert (code, "No sale of this till has this number" in said) == (2, True)
    assert not (tmp_path / "slip.pdf").exists()


def test_a_slip_is_a_pdf_and_needs_sales(tills: tuple[Till, Till], tmp_path: Path) -> None:
    assert tills[1].run("slip", "2-0001", str(tmp_path / "slip.pdf"))[0] == 2
    sold(tills[1])
    code, said = tills[1].run("slip", "2-0001", str(tmp_path / "slip.txt"))
    assert (code, "must end in .pdf" in said) == (2, True)


def _page(document: bytes) -> NDArray[np.uint8]:
    """Return the boxes of a page, twelve dots a millimetre, black on white."""
    texts = [zlib.decompress(one) for one in _streams(document)]
    drawn = next(text for text in texts if re.search(rb" re\s", text))
    size = re.findall(rb"/MediaBox \[[^]]+\]", document)[0]
    return rendered(size + drawn, 12)


def _streams(document: bytes) -> list[bytes]:
    found = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL)
    return [one for one in found if one[:1] == b"x"]
