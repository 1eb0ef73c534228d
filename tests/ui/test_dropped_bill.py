"""Bills pasted and dropped: a text or a small local file, read as a whole or refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl

from cashier_app.errors import KnownError
from cashier_app.services.pasted_bill import MAX_CHARACTERS
from ui.dropped import codes_in

BILL = '{"lines": [{"name": "Tea", "price": 3}]}'


def no_picture(_: object) -> Sequence[str]:
    raise AssertionError("no picture is read")


def dropped(path: Path) -> Sequence[str]:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    read = codes_in(data, no_picture)
    assert callable(read)
    return read()


def test_a_pasted_bill_is_not_cut_where_a_code_is() -> None:
    data = QMimeData()
    long = BILL.replace("Tea", "T" * 2000)
    data.setText(f"\n{long}\n")
    assert codes_in(data, no_picture) == long
    data.setText("{" + "x" * 9000)
    assert len(codes_in(data, no_picture)) == MAX_CHARACTERS + 1  # type: ignore[arg-type]
    data.setText("x" * 9000)
    assert len(codes_in(data, no_picture)) < MAX_CHARACTERS  # type: ignore[arg-type]


def test_a_dropped_bill_is_read(tmp_path: Path) -> None:
    (tmp_path / "bill.JSON").write_text(f"{BILL}\n", encoding="utf-8")
    assert dropped(tmp_path / "bill.JSON") == [BILL]


def test_of_a_huge_file_no_more_is_read_than_shows_that_it_is_huge(tmp_path: Path) -> None:
    (tmp_path / "bill.json").write_text("{" + "x" * 10**6)
    assert len(dropped(tmp_path / "bill.json")[0]) == MAX_CHARACTERS + 1


@pytest.mark.parametrize("content", [b"LC1:priya0001", b""])
def test_a_bill_file_is_no_way_in_for_codes(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "bill.json").write_bytes(content)
    assert dropped(tmp_path / "bill.json") == ["{"]


def test_what_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "bill.json").write_bytes(b"\xff\xfe{")
    for path in (tmp_path / "bill.json", tmp_path / "none.json"):
        with pytest.raises(KnownError, match="cannot be read"):
            dropped(path)
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(KnownError, match="cannot be read"):
        dropped(tmp_path / "folder.json")
