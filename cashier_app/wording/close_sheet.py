"""What stands on a report of a day: the same rows on the screen, on paper and in a PDF."""

from __future__ import annotations

from msgspec import Struct


class SheetLine(Struct, frozen=True):
    """A row of a table: what it is, and a figure for each head."""

    name: str
    figures: tuple[str, ...]


class SheetTable(Struct, frozen=True):
    """A table of figures.

    Args:
        corner: What the names are; empty where they speak for themselves.
        narrow: Which figures fit on a paper roll, by place; all of them when empty.
        note: One sentence below it; empty for none.
    """

    title: str
    heads: tuple[str, ...]
    lines: tuple[SheetLine, ...]
    corner: str = ""
    narrow: tuple[int, ...] = ()
    note: str = ""


class SheetEntry(Struct, frozen=True):
    """One act of a list: which, and what is said of it."""

    name: str
    detail: str


class SheetList(Struct, frozen=True):
    """A list of acts; `empty` is said where there are none, for silence proves nothing."""

    title: str
    entries: tuple[SheetEntry, ...]
    empty: str
    more: str = ""


class SheetFact(Struct, frozen=True):
    """Something the report says of itself, such as who closed the day."""

    name: str
    value: str


class CloseSheet(Struct, frozen=True):
    """A whole report.

    Args:
        title: Such as ``Day close 12``.
        about: That it is of loyalty only.
        marks: What must not be missed: TRAINING, COPY, not closed.
        remarks: What whoever reads the figures should know.
        proof: How to find out that nothing was changed.
    """

    title: str
    about: str
    marks: tuple[str, ...]
    facts: tuple[SheetFact, ...]
    remarks: tuple[str, ...]
    parts: tuple[SheetTable | SheetList, ...]
    proof: tuple[SheetFact, ...]
    proof_note: str
