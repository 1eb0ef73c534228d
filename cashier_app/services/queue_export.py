"""The queue as a file for support: keys, numbers, amounts, states and times; no names, no phone numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from cashier_app.domain.sale import Sale
from cashier_app.domain.settlement import Settlement
from cashier_app.ports.journal import EffectRow, SettledEffect, UnsentSale
from cashier_app.services.export_files import csv_table, json_document, marked, write_file

MOST_SALES = 100_000


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


def as_json(lines: Sequence[ExportLine], *, training: bool = False) -> bytes:
    """Return the lines as one JSON document."""
    return json_document(marked({"effects": list(lines)}, training=training))


def as_csv(lines: Sequence[ExportLine], *, byte_order_mark: bool = False, training: bool = False) -> bytes:
    """Return the lines as a table in UTF-8; some spreadsheets know the encoding only by the mark."""
    return csv_table(
        ExportLine.__struct_fields__,
        (msgspec.structs.astuple(line) for line in lines),
        byte_order_mark=byte_order_mark,
        training=training,
    )


def write_export(
    path: Path,
    lines: Sequence[ExportLine],
    *,
    byte_order_mark: bool = False,
    training: bool = False,
    replace: bool = True,
) -> None:
    """Write the lines to a file, whole or not at all; ``.csv`` is a table, ``.json`` a document.

    Raises:
        KnownError: The name ends otherwise, the file is there and may not be replaced, or the disk refuses.
    """
    contents = {
        ".csv": lambda: as_csv(lines, byte_order_mark=byte_order_mark, training=training),
        ".json": lambda: as_json(lines, training=training),
    }
    write_file(path, contents, replace=replace)


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
