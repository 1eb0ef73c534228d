"""A report of a day as lines of plain text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from cashier_app.wording.close_sheet import CloseSheet, SheetFact, SheetList, SheetTable

_GAP = "  "
_ISOLATES = dict.fromkeys((0x2066, 0x2067, 0x2068, 0x2069))
"""Marks around names of another direction: a terminal shows them as signs it does not know."""


def sheet_lines(sheet: CloseSheet) -> tuple[str, ...]:
    """Return a report as lines, the figures in columns."""
    return tuple(line.translate(_ISOLATES) for line in _lines(sheet))


def _lines(sheet: CloseSheet) -> Iterator[str]:
    yield from (f"*** {mark} ***" for mark in sheet.marks)
    yield sheet.title
    yield sheet.about
    yield ""
    yield from _facts(sheet.facts)
    yield from sheet.remarks
    for part in sheet.parts:
        yield ""
        yield part.title
        yield from _table(part) if isinstance(part, SheetTable) else _list(part)
    yield ""
    yield from _facts(sheet.proof)
    yield sheet.proof_note


def _facts(facts: tuple[SheetFact, ...]) -> Iterator[str]:
    wide = max((len(fact.name) for fact in facts), default=0)
    for fact in facts:
        yield f"{fact.name.ljust(wide)}{_GAP}{fact.value}"


def _table(table: SheetTable) -> Iterator[str]:
    rows = [(table.corner, *table.heads), *((line.name, *line.figures) for line in table.lines)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        figures = (cell.rjust(wide) for cell, wide in zip(row[1:], widths[1:], strict=True))
        yield _GAP + _GAP.join((row[0].ljust(widths[0]), *figures))
    if table.note:
        yield _GAP + table.note


def _list(part: SheetList) -> Iterator[str]:
    if not part.entries:
        yield _GAP + part.empty
    yield from (f"{_GAP}{entry.name}{_GAP}{entry.detail}" for entry in part.entries)
    if part.more:
        yield _GAP + part.more
