"""Files for spreadsheets and programs: tables no spreadsheet runs, written whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import msgspec

from cashier_app.errors import KnownError

Plain = TypeVar("Plain")
Cell = str | int | Decimal | None
"""Texts may come from outside; whole numbers and decimals are ours."""

TRAINING = "TRAINING: nothing here is real"
"""What every file of training says; programs read it, so it is never translated."""

MARK_COLUMN = "TRAINING"
"""The first column of every table of training: also one without rows says so."""

BYTE_ORDER_MARK = "\ufeff"
_FORMULA = "=+\\-@\uff1d\uff0b\uff0d\uff20"
"""A spreadsheet takes a cell that begins with one of these for a formula; the last four are full-width."""
_BEGINS = re.compile(rf"\s*[{_FORMULA}]|[\t\r\n]")
_BEGINS_LATER = re.compile(rf"([;,|\t\r\n][\s\"']*)(?=[{_FORMULA}])")


def csv_table(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], *, byte_order_mark: bool, training: bool = False
) -> bytes:
    """Return a table in UTF-8, rows ended as RFC 4180 has it; a cell of None is empty.

    Some spreadsheets know the encoding only by the byte order mark. With `training` every row begins with the
    mark, in a column of its own.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([MARK_COLUMN, *header] if training else header)
    mark = [TRAINING] if training else []
    for row in rows:
        writer.writerow([*mark, *(_written(cell) for cell in row)])
    return ((BYTE_ORDER_MARK if byte_order_mark else "") + text.getvalue()).encode()


def marked(data: Mapping[str, Plain], *, training: bool) -> dict[str, Plain | str | bool]:
    """Return plain data, with the mark of training before everything else where nothing in it is real."""
    return {"training": True, "mark": TRAINING, **data} if training else dict(data)


def json_document(value: object) -> bytes:
    """Return one readable JSON document in UTF-8."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def harmless(cell: str) -> str:
    """Return a text no spreadsheet takes for a formula.

    Nor one that cuts rows at semicolons or tabs: what would begin a cell there is marked as text as well.
    """
    marked = _BEGINS_LATER.sub(r"\1'", cell)
    return f"'{marked}" if _BEGINS.match(cell) else marked


def write_file(path: Path, contents: Mapping[str, Callable[[], bytes]], *, replace: bool = True) -> None:
    """Write a file, whole or not at all, for its owner only to read.

    Args:
        path: Its ending chooses what is written.
        contents: What makes the content, by the ending in small letters, such as ``.csv``.
        replace: Whether a file that is there may be written over.

    Raises:
        KnownError: The name ends otherwise, the file is there and may not be replaced, or the disk refuses.
    """
    make = contents.get(path.suffix.lower())
    if make is None:
        raise KnownError(f"The file's name must end in {' or '.join(contents)}.")
    content = make()
    if path.exists() and not replace:
        raise KnownError("This file is there already. It was left as it is.")
    try:
        _write_whole(path, content)
    except (OSError, ValueError) as error:
        raise KnownError("The file could not be written. Choose another place.") from error


def _written(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Decimal():
            return format(cell, "f")
        case int():
            return str(cell)
        case _:
            return harmless(cell)


def _write_whole(path: Path, content: bytes) -> None:
    # Made readable for its owner only; it becomes the file when every byte is on disk.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".export-", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
