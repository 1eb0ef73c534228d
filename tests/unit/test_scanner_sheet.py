"""The sheet of test codes reads back, on both papers and from what a screen shows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import zxingcpp

from cashier_app.command_line.parser import main
from cashier_app.errors import KnownError
from cashier_app.scanning import scanner_sheet
from cashier_app.scanning.calibration import LONG_TEST, SHORT_TEST
from cashier_app.scanning.printed_codes import QUIET_MODULES, PrintedCode, screen_codes, sheet_codes
from cashier_app.wording.scanner_sheet import sheet_words
from tests.fakes.pdf_rectangles import paper_mm, rectangles, rendered
from tests.unit.wording_shown import WORDING

WANTED = {"QR Code": LONG_TEST, "Aztec": LONG_TEST, "PDF417": LONG_TEST, "Code 128": SHORT_TEST}
WORDS = sheet_words(WORDING)
FORMATS = [
    zxingcpp.BarcodeFormat.QRCode,
    zxingcpp.BarcodeFormat.Aztec,
    zxingcpp.BarcodeFormat.PDF417,
    zxingcpp.BarcodeFormat.Code128,
]


def read(picture: np.ndarray) -> dict[str, str]:
    return {
        f"{found.format}": found.text
        for found in zxingcpp.read_barcodes(np.ascontiguousarray(picture), FORMATS)
    }


def painted(code: PrintedCode, module: int) -> np.ndarray:
    dark = np.array([[mark == "1" for mark in row] for row in code.rows])
    dark = np.repeat(np.repeat(dark, 60 if code.is_bars else module, axis=0), module, axis=1)
    return np.pad(
        np.where(dark, 0, 255).astype(np.uint8), module * QUIET_MODULES[code.kind], constant_values=255
    )


@pytest.mark.parametrize("code", sheet_codes(), ids=lambda code: code.kind)
@pytest.mark.parametrize("module", [2, 3, 5])
def test_each_code_reads_with_just_its_quiet_zone(code: PrintedCode, module: int) -> None:
    assert read(painted(code, module)) == {code.kind: code.text}
    assert code.text == WANTED[code.kind]


def test_a_screen_shows_one_to_look_at_and_one_for_a_laser() -> None:
    assert [code.kind for code in screen_codes()] == ["QR Code", "Code 128"]


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_sheet_reads_back(paper: scanner_sheet.Paper) -> None:
    assert read(rendered(scanner_sheet.sheet(WORDS, paper, compressed=False))) == WANTED


def test_a_wrong_module_would_be_seen() -> None:
    page = rendered(scanner_sheet.sheet(WORDS, compressed=False))
    page[page.shape[0] // 3 : page.shape[0] // 3 + 400, :] = 255
    assert read(page) != WANTED


@pytest.mark.parametrize(("paper", "size"), [("A4", (210, 297)), ("Letter", (215.9, 279.4))])
def test_all_codes_keep_clear_of_each_other_and_of_the_edge(
    paper: scanner_sheet.Paper, size: tuple[float, float]
) -> None:
    document = scanner_sheet.sheet(WORDS, paper, compressed=False)
    assert paper_mm(document) == pytest.approx(size, abs=0.1)
    assert min(left for left, *_ in rectangles(document)) >= 19.9
    assert max(left + width for left, _, width, _ in rectangles(document)) <= size[0] - 20
    assert max(top + height for _, top, _, height in rectangles(document)) <= size[1] - 15


def test_every_kind_says_what_it_is_for() -> None:
    for code in sheet_codes():
        assert WORDS.of_kind(code.kind)


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"^sheet\.pdf could not be written"):
        scanner_sheet.write_sheet(tmp_path / "missing" / "sheet.pdf", WORDS)


def test_the_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sheet.pdf"
    assert main(["scanner-sheet", str(path), "--paper", "Letter"]) == 0
    assert path.read_bytes().startswith(b"%PDF")
    assert capsys.readouterr().out == "sheet.pdf written. Print it at full size, or scan it from a screen.\n"
    assert main(["scanner-sheet", str(path)]) == 2, "nothing is written over unasked"
    assert "already there" in capsys.readouterr().err
    assert main(["scanner-sheet", str(path), "--replace", "--json"]) == 0
