"""The lines of a sale that comes back, in words."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from cashier_app.domain.money import Money
from cashier_app.domain.rounding import ratio_of
from cashier_app.services.return_view import ReturnView, lines_left
from cashier_app.services.returnable import Returnable
from cashier_app.wording.sentences import Sentence, plain
from cashier_app.wording.speech import Wording

TIMES = "\N{MULTIPLICATION SIGN}"


class LineWords(Struct, frozen=True):
    """One line.

    Args:
        label: What it is.
        count: How much of it comes back, such as ``1 of 2``.
        counts: Whether how much can be chosen.
        amount: What that costs on the bill; of one that is not picked, what is left of it.
        picked: Whether it comes back.
        left: Whether anything of it can.
        marked: Whether Space and the count keys go here.
        spoken: The accessible name.
    """

    label: str
    count: str
    counts: bool
    amount: str
    picked: bool
    left: bool
    marked: bool
    spoken: str


class LinesWords(Struct, frozen=True):
    """The lines to pick from, in the order of the bill; `more` shows those there is no height for."""

    title: Sentence
    rows: tuple[LineWords, ...]
    more: Sentence
    spoken: str


def return_lines(view: ReturnView, found: Returnable, wording: Wording) -> LinesWords:
    """Return the lines to pick from."""
    left = lines_left(found)
    title = wording.text("Lines that come back")
    rows = tuple(
        _row(view, found, place, picked, left[place], wording) for place, picked in enumerate(view.picks)
    )
    marked = next((row.spoken for row in rows if row.marked), "")
    full = wording.text("{n} lines, show others", n=wording.figures.count(len(rows)))
    more = Sentence.of(full, wording.text("Other lines"))
    return LinesWords(Sentence.of(title), rows, more, wording.joined([title, marked]))


def lines_picked(view: ReturnView) -> int:
    """Return how many lines come back."""
    return sum(1 for picked in view.picks if picked)


def _row(
    view: ReturnView, found: Returnable, place: int, picked: Decimal, left: Decimal, wording: Wording
) -> LineWords:
    unnamed = wording.text("Line {n}", n=wording.figures.count(place + 1))
    label = plain(found.sale.lines[place].label) or unnamed
    n, of = wording.figures.points(picked or left), wording.figures.points(left)
    counts = left > 1
    if not left:
        count = ""
    elif counts and picked:
        count = wording.text("{n} of {all}", n=n, all=of)
    else:
        count = f"{TIMES}{n}"
    money = _worth(found, place, picked or left)
    amount = wording.figures.money(money) if left else wording.text("Returned")
    spoken_amount = wording.figures.spoken_money(money) if left else amount
    state = wording.text("comes back") if picked else wording.text("stays sold") if left else ""
    return LineWords(
        label=label,
        count=count,
        counts=counts,
        amount=amount,
        picked=picked > 0,
        left=left > 0,
        marked=view.by_lines and place == view.marked,
        spoken=wording.joined([label, count, spoken_amount, state]),
    )


def _worth(found: Returnable, place: int, quantity: Decimal) -> Money:
    """Return what so much of what is left of a line costs on the bill."""
    rest = found.rests[place]
    currency = found.sale.bill.currency
    if not rest.items:
        return Money(0, currency)
    after = rest.without_items(Fraction(*ratio_of(quantity)))
    return Money(rest.worth - after.worth, currency)
