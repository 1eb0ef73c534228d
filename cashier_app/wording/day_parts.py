"""What the day view is made of, in words and numbers: figures, charts, tables. Nothing is worked out here."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from cashier_app.wording.sentences import Sentence


class FigureTile(Struct, frozen=True):
    """One figure of the strip.

    Args:
        name: Of the figure, as `docs/figures.md` has it.
        base: What it is worked out from, such as ``41 of 63 sales``.
        before: What it was at the time compared with, such as ``from 58%``; None where nothing is compared.
        icon: An arrow beside `before`; empty where nothing changed.
        definition: One sentence.
        spoken: All of it, for a screen reader.
    """

    name: str
    label: Sentence
    figure: str
    base: Sentence
    before: Sentence | None
    icon: str
    definition: str
    spoken: str


class Drawn(Enum):
    """How a series is drawn: never by colour alone."""

    SOLID = "solid"
    HATCHED = "hatched"
    SHORT_LINE = "short line"
    THICK_LINE = "thick line"
    THIN_LINE = "thin line"
    DASHED_LINE = "dashed line"


class Series(Struct, frozen=True):
    """Values of one kind, one for each place of the chart; None where there is nothing to draw yet."""

    name: Sentence
    drawn: Drawn
    values: tuple[float | None, ...]


class TableWords(Struct, frozen=True):
    """A table.

    Args:
        title: Also its accessible name.
        corner: What the names are, above them.
        heads: Of the columns of figures.
        names: Of the rows; may be of people, and are cut off where they are too long.
        rows: For each name one figure for each head.
        total: Below a line; empty for none.
        total_name: Beside it.
        sections: Rows that are headings of what follows; they have no figures.
        empty: What to say when there are no rows.
        explained: What each head means; may be empty.
    """

    title: str
    corner: Sentence
    heads: tuple[Sentence, ...]
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()
    total_name: str = ""
    sections: frozenset[int] = frozenset()
    empty: str = ""
    explained: tuple[str, ...] = ()


class ChartWords(Struct, frozen=True):
    """A chart and the table that says the same.

    Args:
        places: What stands below each place of the chart, in order.
        spoken_places: The same for a screen reader and for the line that says what is marked.
        series: Stacked in this order where they are solid or hatched.
        values: For each place, what is said when it is marked.
        empty: Stands in the middle while there is nothing to show; empty otherwise.
    """

    title: Sentence
    places: tuple[str, ...]
    spoken_places: tuple[str, ...]
    series: tuple[Series, ...]
    values: tuple[str, ...]
    table: TableWords
    spoken: str
    empty: str = ""
