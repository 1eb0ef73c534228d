"""A till that closes the day again and again between whatever happens at it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cashier_app.domain.acts import Act
from cashier_app.domain.day_close import SPLITS, CurrencySpan, DayClose
from cashier_app.domain.figures import FIGURE_NAMES, Figures
from cashier_app.domain.sale import Effect, Sale
from cashier_app.domain.settlement import Settlement
from cashier_app.ports.day_closings import Letterhead
from cashier_app.storage.day_closings import SqliteDayClosings
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.clock import START
from tests.fakes.shop import RUPEE
from tests.storage.figures_by_hand import ByHand

Sums = Counter[tuple[str, str, str, str]]
"""By currency, split, part and figure."""


INDIA = ZoneInfo("Asia/Kolkata")


def letterhead(zone: tzinfo = INDIA) -> Letterhead:
    """Return what the reports of the made-up till say."""
    return Letterhead(store="Marigold Stores", till="2", currency=RUPEE, zone=zone, made_with="1")


def closings_of(journal: SqliteJournal) -> SqliteDayClosings:
    """Return the closed days beside a journal's rows."""
    return SqliteDayClosings(journal.database, "2", journal.reserve)


class ClosingTill(SqliteJournal):
    """A journal that closes the day after every n-th thing that happens.

    Args:
        every: How many things come between two closes, in turn; 0 for none any more.
    """

    def __init__(self, folder: Path, zone: str, every: tuple[int, ...]) -> None:
        super().__init__(folder / "till.sqlite", "2", zone=ZoneInfo(zone))
        self.database.connection().execute("PRAGMA synchronous=OFF")
        self.letterhead = letterhead(ZoneInfo(zone))
        self.closings = closings_of(self)
        self.reports: list[DayClose] = []
        self._every, self._happened = list(every), 0

    def commit_sale(self, sale: Sale, effects: Sequence[Effect], *more: Any) -> Sale:  # noqa: ANN401
        committed = super().commit_sale(sale, effects, *more)
        self._went_on()
        return committed

    def move(self, key: str, *arguments: Any, **named: Any) -> bool:  # noqa: ANN401
        return self._after(super().move(key, *arguments, **named))

    def settle_by_hand(self, settlement: Settlement) -> bool:
        return self._after(super().settle_by_hand(settlement))

    def write_off(self, key: str, because: str, at: datetime) -> None:
        super().write_off(key, because, at)
        self._went_on()

    def queue_refund(self, refund: Any) -> bool:  # noqa: ANN401
        return self._after(super().queue_refund(refund))

    def note_return(self, returned: Effect) -> bool:
        return self._after(super().note_return(returned))

    def count_act(self, act: Act) -> bool:
        return self._after(super().count_act(act))

    def preview(self) -> DayClose:
        """Return what came since the last close."""
        return self.closings.open_day(self.letterhead, self._now()).report

    def close_day(self) -> DayClose:
        """Close the day."""
        number = len(self.reports) + 1
        self.reports.append(self.closings.close_day(number, self.letterhead, self._now(), by="Meera").report)
        return self.reports[-1]

    def _after(self, happened: bool) -> bool:  # noqa: FBT001 - an answer passed on
        self._went_on()
        return happened

    def _went_on(self) -> None:
        self._happened += 1
        if self._every and self._every[0] and self._happened >= self._every[0]:
            self._every.append(self._every.pop(0))
            self._happened = 0
            self.close_day()

    def _now(self) -> datetime:
        # Any time will do: what is in a report is not a matter of time.
        return START + timedelta(hours=len(self.reports))


def summed(
    spans: Iterable[CurrencySpan], figures_of: Callable[[CurrencySpan], Figures] | None = None
) -> Sums:
    """Return what reports come to together, zeros left out."""
    sums: Sums = Counter()
    for span in spans:
        _add(sums, span.currency, "", "", figures_of(span) if figures_of else span.figures)
        for split, parts in span.by.items():
            for part, figures in parts.items():
                _add(sums, span.currency, split.value, part, figures)
    return Counter({key: value for key, value in sums.items() if value})


def by_hand(journal: SqliteJournal, zone: str) -> Sums:
    """Return everything ever counted, worked out from the rows by plain loops."""
    wanted = {"", *(split.value for split in SPLITS)}
    sums: Sums = Counter()
    for (_, currency, split, part), row in ByHand(journal.database.connection(), zone).nonzero().items():
        if split in wanted:
            for name, value in row.items():
                sums[currency, split, part, name] += value  # type: ignore[assignment]
    return Counter({key: value for key, value in sums.items() if value})


def _add(sums: Sums, currency: str, split: str, part: str, figures: Figures) -> None:
    for name in FIGURE_NAMES:
        sums[currency, split, part, name] += Decimal(getattr(figures, name))  # type: ignore[assignment]
