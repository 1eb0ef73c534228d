"""A source of figures that adds up events in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from cashier_app.domain.figures import NO_FIGURES, Figures, PeriodFigures, Split, Times
from cashier_app.ports.figures import EVERYTHING, Scope

STORE = "Marigold Stores"


class Event(Struct, frozen=True):
    """Something that is counted."""

    day: date
    hour: int
    figures: Figures
    staff: str = ""
    till: str = "2"
    tier: str = ""
    way: str = ""
    currency: str = "INR"
    store: str = STORE
    tenths: int | None = None

    def part(self, split: Split) -> str:
        """Return which part of a split it belongs to."""
        return {
            Split.HOUR: str(self.hour),
            Split.STAFF: self.staff,
            Split.TILL: self.till,
            Split.TIER: self.tier,
            Split.WAY: self.way,
        }[split]


class FakeFigures:
    """Answers from a list of events."""

    def __init__(
        self,
        events: Iterable[Event] = (),
        names: dict[str, str] | None = None,
        offline_seconds: int | None = None,
        stores: tuple[str, ...] = (STORE,),
    ) -> None:
        self.events = list(events)
        self.asked: list[tuple[date, date, Scope, str]] = []
        self.closed = False
        self._names = names or {}
        self._offline_seconds = offline_seconds
        self._stores = stores

    def figures(
        self, first: date, last: date, scope: Scope = EVERYTHING, currency: str = ""
    ) -> PeriodFigures:
        """Return the sums of the events."""
        self.asked.append((first, last, scope, currency))
        wanted = currency or "INR"
        here = [
            one
            for one in self.events
            if first <= one.day <= last and scope.store in {"", one.store} and scope.till in {"", one.till}
        ]
        counted = [one for one in here if one.currency == wanted]
        by_day: dict[date, Figures] = defaultdict(Figures)
        by: dict[Split, dict[str, Figures]] = {split: defaultdict(Figures) for split in Split}
        for one in counted:
            by_day[one.day] += one.figures
            for split in Split:
                by[split][one.part(split)] += one.figures
        staff = {one.staff for one in counted}
        return PeriodFigures(
            first=first,
            last=last,
            currency=wanted,
            total=sum((one.figures for one in counted), NO_FIGURES),
            by_day=dict(by_day),
            by={split: dict(parts) for split, parts in by.items()},
            times=times_of(counted),
            times_by_staff={name: times_of(one for one in counted if one.staff == name) for name in staff},
            other_currencies=tuple(sorted({one.currency for one in here} - {wanted})),
            offline_seconds=self._offline_seconds,
        )

    def stores(self) -> tuple[str, ...]:
        """Return the stores."""
        return self._stores

    def names(self) -> dict[str, str]:
        """Return the names of staff."""
        return self._names

    def close(self) -> None:
        """Note that it was closed."""
        self.closed = True


def times_of(events: Iterable[Event]) -> Times:
    """Return median and 95th percentile by nearest rank."""
    took = sorted(one.tenths for one in events if one.tenths is not None)
    if not took:
        return Times()
    return Times(took[-(-len(took) // 2) - 1], took[-(-len(took) * 95 // 100) - 1])
