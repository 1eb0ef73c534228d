"""The queue as a file for support: keys, numbers, amounts, states and times; no names, no phone numbers."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from cashier_app.domain.sale import Sale
from cashier_app.domain.settlement import Settlement
from cashier_app.errors import KnownError
from cashier_app.ports.journal import EffectRow, SettledEffect, UnsentSale

MOST_SALES = 100_000
BYTE_ORDER_MARK = "\ufeff"
_FORMULA_STARTS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""A spreadsheet takes a cell that begins with one of these for a formula; the last four are full-width."""


class ExportLine(Struct, frozen=True):
    """One effect. Amounts in minor units, points as text, times in UTC."""

    sale_number: str
    sale_id: str
    sale_at: str
    key: str
    effect: str
    state: str
    points: str
    bill_minor: int
    discount_minor: int
    paid_minor: int
    currency: str
    attempts: int
    last_attempt_at: str
    last_answer: str
    next_attempt_at: str
    settled: str
    settled_at: str


def export_lines(unsent: Sequence[UnsentSale], settled: Sequence[SettledEffect]) -> list[ExportLine]:
    """Return every effect of the unsent sales and every effect settled by hand, each once."""
    by_key = {one.row.effect.key: one.settlement for one in settled}
    lines = [_line(one.sale, row, by_key.get(row.effect.key)) for one in unsent for row in one.effects]
    listed = {line.key for line in lines}
    lines += [_line(one.sale, one.row, one.settlement) for one in settled if one.row.effect.key not in listed]
    return lines


def as_json(lines: Sequence[ExportLine]) -> bytes:
    """Return the lines as one JSON document."""
    return msgspec.json.format(msgspec.json.encode({"effects": list(lines)}), indent=2) + b"\n"


def as_csv(lines: Sequence[ExportLine], *, byte_order_mark: bool = False) -> bytes:
    """Return the lines as a table in UTF-8; some spreadsheets know the encoding only by the mark."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(ExportLine.__struct_fields__)
    for line in lines:
        writer.writerow([harmless(str(getattr(line, name))) for name in ExportLine.__struct_fields__])
    return ((BYTE_ORDER_MARK if byte_order_mark else "") + text.getvalue()).encode()


def harmless(cell: str) -> str:
    """Return a cell no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in _FORMULA_STARTS or cell.lstrip()[:1] in _FORMULA_STARTS else cell


def write_export(
    path: Path, lines: Sequence[ExportLine], *, byte_order_mark: bool = False, replace: bool = True
) -> None:
    """Write the lines to a file, whole or not at all; ``.csv`` is a table, ``.json`` a document.

    Raises:
        KnownError: The name ends otherwise, the file is there and may not be replaced, or the disk refuses.
    """
    kind = path.suffix.lower()
    if kind == ".csv":
        content = as_csv(lines, byte_order_mark=byte_order_mark)
    elif kind == ".json":
        content = as_json(lines)
    else:
        raise KnownError("The file's name must end in .csv or .json.")
    if path.exists() and not replace:
        raise KnownError("This file is there already. It was left as it is.")
    try:
        _write_whole(path, content)
    except (OSError, ValueError) as error:
        raise KnownError("The file could not be written. Choose another place.") from error


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


def _line(sale: Sale, row: EffectRow, settlement: Settlement | None) -> ExportLine:
    effect = row.effect
    return ExportLine(
        sale_number=sale.number,
        sale_id=sale.sale_id,
        sale_at=sale.at.isoformat(),
        key=effect.key,
        effect=effect.kind.value,
        state=row.state.value,
        points=format(effect.points, "f"),
        bill_minor=effect.bill.minor,
        discount_minor=effect.discount.minor,
        paid_minor=effect.paid.minor,
        currency=effect.paid.currency.code,
        attempts=row.attempts,
        last_attempt_at="" if row.last_attempt_at is None else row.last_attempt_at.isoformat(),
        last_answer=" ".join(row.last_answer.split())[:200],
        next_attempt_at=row.next_attempt_at.isoformat(),
        settled="" if settlement is None else settlement.truth.value,
        settled_at="" if settlement is None else settlement.at.isoformat(),
    )
