"""Tables on a terminal: names to the left, figures below each other to the right."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from cashier_app.wording.day_parts import TableWords

GAP = "  "
WIDEST_NAME = 40


def table_lines(table: TableWords, notes: Sequence[str] = ()) -> list[str]:
    """Return a table as lines; below each row its note, where there are any."""
    heads = [table.corner.full, *(head.full for head in table.heads)]
    rows = [[_cut(name), *cells] for name, cells in zip(table.names, table.rows, strict=True)]
    total = [[table.total_name, *table.total]] if table.total else []
    body = [row for count, row in enumerate(rows) if count not in table.sections]
    if not body:
        return [table.empty] if table.empty else []
    widths = [max(_width(row[at]) for row in (heads, *body, *total)) for at in range(len(heads))]
    lines = [_line(heads, widths)]
    for count, row in enumerate(rows):
        if count in table.sections:
            lines += ["", row[0]]
            continue
        lines.append(_line(row, widths))
        if notes:
            lines.append(f"    {notes[count]}")
    return lines + ["-" * len(lines[0])] * bool(total) + [_line(row, widths) for row in total]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        cell + " " * (width - _width(cell)) if not at else " " * (width - _width(cell)) + cell
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return GAP.join((first, *others)).rstrip()


def _cut(name: str) -> str:
    return name if _width(name) <= WIDEST_NAME else f"{name[: WIDEST_NAME - 1]}…"


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: wide letters two, marks above letters none."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
