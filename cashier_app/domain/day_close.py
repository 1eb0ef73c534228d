"""A day that was closed: what was counted of loyalty since the close before, numbered, frozen and hashed.

The figures are the difference of two grand totals, of this close and of the one before. So no movement is in
two reports or in none: the sum of all reports is the grand total, also where something is posted late.
`docs/day-close.md` says what each row means.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct, field

from cashier_app.domain.figures import NO_FIGURES, POINT_FIGURES, Figures, Split
from cashier_app.domain.money import Money
from cashier_app.domain.points import NO_POINTS

MOST_LISTED = 500
"""Lines of each list of a report; the figures count them all."""

SPLITS = (Split.STAFF, Split.TIER, Split.WAY)
"""By what a report is split up."""

SHORT_FORM = 16
"""Hexadecimal digits of a hash that people compare by eye."""

Parts = Mapping[Split, Mapping[str, Figures]]


class GrandTotals(Struct, frozen=True):
    """Everything ever counted at this till in one currency.

    Args:
        by: Parts of each split in `SPLITS`.
    """

    currency: str
    decimals: int
    total: Figures = NO_FIGURES
    by: Parts = field(default_factory=dict)


class CurrencySpan(Struct, frozen=True):
    """One currency's part of a report.

    Args:
        figures: What came since the close before; gross, and of what waits the change.
        by: The same for each part of each split; parts with nothing are left out.
        totals: The grand totals at this close.
    """

    currency: str
    decimals: int
    figures: Figures
    by: Parts
    totals: GrandTotals


class WaitingSale(Struct, frozen=True):
    """A sale the backend does not have whole at the close; `needs_person` when it will not post by itself.

    `number` is empty for what is about no sale: a new member, records to be joined.
    """

    number: str
    at: datetime
    needs_person: bool


class Stock(Struct, frozen=True):
    """What is open at the close.

    Args:
        waiting: Sales that post by themselves.
        needs_person: Sales that need somebody.
        sales: These, by name; the oldest first, at most `MOST_LISTED`.
        holds: Holds of points nobody has taken or let go yet.
    """

    waiting: int = 0
    needs_person: int = 0
    sales: tuple[WaitingSale, ...] = ()
    holds: int = 0


class Correction(Struct, frozen=True):
    """An effect settled by hand; the sale's number, what it would have done, and who says what of it."""

    number: str
    kind: str
    truth: str
    by: str
    reason: str
    at: datetime


class Loss(Struct, frozen=True):
    """A discount no points paid for."""

    number: str
    loss: Money
    because: str
    at: datetime


class Override(Struct, frozen=True):
    """A limit somebody with the right to lifted.

    Args:
        number: The sale's number; empty where it belongs to none.
        matter: What it was about, in the words of the audit log.
        reason: Why, in the words of the audit log; empty where none was asked for.
    """

    number: str
    matter: str
    by: str
    at: datetime
    reason: str = ""
    amount: Money | None = None
    limit: Money | None = None


class Rescue(Struct, frozen=True):
    """The database was damaged and put together again; `detail` as in the audit log."""

    at: datetime
    detail: str


class OfflineSpell(Struct, frozen=True):
    """The backend could not be asked. `until` is None while that lasts; `seconds` are those known by then."""

    since: datetime
    until: datetime | None = None
    seconds: int = 0


class ChainHead(Struct, frozen=True):
    """The last row of the audit log: its number, and its link in hexadecimal."""

    sequence: int
    link: str


class DayClose(Struct, frozen=True, kw_only=True):
    """A report of everything since the close before. Times are UTC.

    Args:
        number: From 1 without gaps; 0 for a report that was only looked at.
        training: Nothing in it is real.
        made_with: The version of this program.
        since: The close before; None for the first.
        until: When this one was made.
        first_day: The business day of the first sale or return in it; None without any.
        last_day: That of the last one.
        first_sale: The count of the first sale in it; 0 without any.
        last_sale: The count of the last sale made at this till, in this report or before.
        closed_by: Who closed, as they are named in the audit log.
        names: What people called each staff id then.
        currencies: The shop's own first.
        chain: The head of the audit log just before the row that tells of this close.
        before: The SHA-256 of the report before; empty for the first.
        lost: Numbers of earlier reports that damage took; what they held is in this one.
    """

    number: int = 0
    store: str
    till: str
    until: datetime
    training: bool = False
    made_with: str = ""
    since: datetime | None = None
    first_day: date | None = None
    last_day: date | None = None
    first_sale: int = 0
    last_sale: int = 0
    closed_by: str = ""
    staff_id: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    currencies: tuple[CurrencySpan, ...] = ()
    stock: Stock = Stock()
    corrections: tuple[Correction, ...] = ()
    losses: tuple[Loss, ...] = ()
    overrides: tuple[Override, ...] = ()
    rescues: tuple[Rescue, ...] = ()
    offline: tuple[OfflineSpell, ...] = ()
    chain: ChainHead = ChainHead(0, "")
    before: str = ""
    lost: tuple[int, ...] = ()

    @property
    def is_closed(self) -> bool:
        """Say whether this is a close, and not only a look."""
        return self.number > 0

    @property
    def is_clock_set_back(self) -> bool:
        """Say whether the clock says an earlier time than at the close before."""
        return self.since is not None and self.until < self.since

    @property
    def is_empty(self) -> bool:
        """Say whether nothing at all was counted."""
        return all(span.figures == NO_FIGURES and not span.by for span in self.currencies)


class OpenDay(Struct, frozen=True):
    """The report as it would be now, and the number it would get."""

    report: DayClose
    number: int


class ClosedDay(Struct, frozen=True):
    """A close as it is kept.

    Args:
        text: The report as canonical JSON: what is hashed.
        copies: How often it was printed or saved since it was made; the first print is no copy.
    """

    report: DayClose
    text: str
    sha256: str
    copies: int = 0


def spans_of(now: Iterable[GrandTotals], before: Iterable[GrandTotals]) -> tuple[CurrencySpan, ...]:
    """Return what came between two grand totals, in the order of `now`.

    A currency that is gone, which only damage can do, counts as nothing now.
    """
    earlier = {totals.currency: totals for totals in before}
    later = {totals.currency: totals for totals in now}
    for currency, totals in earlier.items():
        later.setdefault(currency, GrandTotals(currency, totals.decimals))
    return tuple(
        _span(totals, earlier.get(currency, GrandTotals(currency, totals.decimals)))
        for currency, totals in later.items()
    )


def canonical(report: DayClose) -> str:
    """Return a report as JSON that is always the same: names in order, figures of zero left out."""
    plain = msgspec.to_builtins(report)
    for span in plain["currencies"]:
        _shorten(span, "figures")
        _shorten(span["totals"], "total")
    return msgspec.json.encode(plain, order="deterministic").decode()


def report_of(text: str) -> DayClose:
    """Return the report kept as this text.

    Raises:
        ValueError: It is none.
    """
    return msgspec.json.decode(text, type=DayClose)


def digest(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def short_form(link: str) -> str:
    """Return the beginning of a hash in groups of four, for the eye."""
    return " ".join(link[at : at + 4] for at in range(0, min(SHORT_FORM, len(link)), 4))


def _span(now: GrandTotals, before: GrandTotals) -> CurrencySpan:
    by: dict[Split, dict[str, Figures]] = {}
    for split in SPLITS:
        mine, theirs = now.by.get(split, {}), before.by.get(split, {})
        parts = {
            name: mine.get(name, NO_FIGURES) - theirs.get(name, NO_FIGURES)
            for name in sorted({*mine, *theirs})
        }
        moved = {name: figures for name, figures in parts.items() if figures != NO_FIGURES}
        if moved:
            by[split] = moved
    return CurrencySpan(now.currency, now.decimals, now.total - before.total, by, now)


def _shorten(holder: dict[str, Any], whole: str) -> None:
    """Leave zeros out of the figures and the parts of them, and write points in one way only."""
    holder[whole] = _short(holder[whole])
    holder["by"] = {
        split: {name: _short(figures) for name, figures in parts.items()}
        for split, parts in holder["by"].items()
    }


def _short(figures: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in figures.items():
        if name in POINT_FIGURES:
            if Decimal(value) != NO_POINTS:
                kept[name] = format(Decimal(value).normalize(), "f")
        elif value:
            kept[name] = value
    return kept
