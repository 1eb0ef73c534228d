"""What of the manager's day is wanted: which days, whose, in what, and split by what."""

from __future__ import annotations

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.period import Period, PeriodKind, period_of
from cashier_app.ports.figures import EVERYTHING, Scope
from cashier_app.wording.day_page import DayWords, splits_of
from cashier_app.wording.day_tables import By


class DayRead(Struct, frozen=True):
    """What a worker read: the report in words, and the stores there are.

    Args:
        note: Why these are not the figures that were wanted; empty where they are.
    """

    words: DayWords
    stores: tuple[str, ...]
    note: str = ""

    @property
    def currencies(self) -> tuple[str, ...]:
        """Return the codes of all that was sold in."""
        facts = self.words.report.facts
        return tuple(sorted({facts.currency, *facts.other_currencies} - {""}))


class DayWish(Struct, frozen=True):
    """One wish; each change is another one.

    Args:
        currency: A code; empty for the shop's own.
        by: What all figures are split by.
    """

    period: Period
    scope: Scope = EVERYTHING
    currency: str = ""
    by: By = By.NOTHING

    def of_kind(self, kind: PeriodKind, today: date, first_weekday: int) -> Period:
        """Return the day, week or month that holds what is wanted: today, if that is among it."""
        day = today if self.period.holds(today) else self.period.last
        return period_of(kind, day, first_weekday)

    def next_store(self, read: DayRead) -> DayWish:
        """Want the next store, and after the last all of them together; one store is no choice."""
        if len(read.stores) < 2:
            return self
        return replace(self, scope=Scope(store=_after(self.scope.store, ("", *read.stores))))

    def next_currency(self, read: DayRead) -> DayWish:
        """Want what was sold in the next currency."""
        codes = read.currencies
        if len(codes) < 2:
            return self
        return replace(self, currency=_after(self.currency or read.words.report.facts.currency, codes))

    def next_split(self, read: DayRead) -> DayWish:
        """Want all figures split by the next thing."""
        splits = splits_of(read.words.report)
        at = splits.index(self.by) if self.by in splits else 0
        return replace(self, by=splits[(at + 1) % len(splits)])


def _after(one: str, of: tuple[str, ...]) -> str:
    """Return what follows, or the first after the last."""
    return of[(of.index(one) + 1) % len(of)] if one in of else of[0]
