"""How wide the columns of a table are: as wide as their figures, with what is left shared out between."""

from __future__ import annotations

from msgspec import Struct

from cashier_app.wording.day_parts import TableWords
from ui.theme.look import Look
from ui.theme.painting import text_width
from ui.theme.typography import REGULAR, SEMIBOLD

_GAP = 20
_LEAST_NAMES, _MOST_NAMES = 96, 320
_MEASURED = 4


class Columns(Struct, frozen=True):
    """Widths in px.

    Args:
        names: Of the names.
        figures: Of each column, with the white at its left.
        heads: The form of each head that has room.
        scrolls: Whether all of them together are wider than there is room.
    """

    names: int
    figures: tuple[int, ...]
    heads: tuple[str, ...]
    scrolls: bool


def fitting_columns(
    words: TableWords, look: Look, room: int, *, corner: int = 0, whole_names: bool = False
) -> Columns:
    """Return the columns for a table `room` px wide; `corner` px are wanted above the names.

    Names alone may be cut off, where they need not be whole.
    """
    px, gap = look.px, look.px(_GAP)
    plain, strong = look.font("body", REGULAR), look.font("body", SEMIBOLD)
    wanted = max(
        (
            text_width(name, strong if row in words.sections else plain)
            for row, name in enumerate((*words.names, words.total_name))
        ),
        default=0,
    )
    wanted = max(wanted, text_width(words.corner.full, plain))
    names = max(min(round(wanted) + gap, px(_MOST_NAMES)), px(_LEAST_NAMES), corner + gap)
    figures = []
    for column in range(len(words.heads)):
        widths = [text_width(cell, plain) for cell in _longest(words, column)]
        widths += [text_width(figure, strong) for figure in words.total[column : column + 1]]
        figures.append(max(widths, default=0.0))
    heads: tuple[str, ...] = ()
    needed: list[int] = []
    left = 0
    for form in ("full", "short"):
        heads = tuple(str(getattr(head, form)) for head in words.heads)
        needed = [
            round(max(figure, text_width(head, plain)) + 0.5) + gap
            for figure, head in zip(figures, heads, strict=True)
        ]
        left = room - names - sum(needed)
        if left >= 0:
            break
    if left < 0 and not whole_names:
        least = max(px(_LEAST_NAMES), corner + gap)
        given = min(names - least, -left)
        names, left = names - given, left + given
    if left > 0 and needed:
        share, rest = divmod(left, len(needed) + 1)
        names += share + rest
        needed = [width + share for width in needed]
    return Columns(names, tuple(needed), heads, left < 0)


def _longest(words: TableWords, column: int) -> list[str]:
    """Return the figures of a column that may be the widest: measuring each of a year's takes too long."""
    cells = {row[column] for row in words.rows if column < len(row)}
    return sorted(cells, key=_rough_width)[-_MEASURED:]


def _rough_width(figure: str) -> int:
    return sum(1 if character in ".,'’ " else 2 for character in figure)  # noqa: RUF001 - as regions write
