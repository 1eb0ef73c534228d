"""Made-up days, and the real report of them: for tests of words, pages and prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.figures import NO_FIGURES, Figures, PeriodFigures, Split, Times
from cashier_app.domain.money import Currency
from cashier_app.domain.period import Period
from cashier_app.ports.figures import EVERYTHING, Scope
from cashier_app.services.day_stats import DayReport, DayStats
from cashier_app.services.health import (
    Action,
    Backup,
    BooksChecked,
    HealthReport,
    Holds,
    Problem,
    ProblemKind,
    Severity,
)
from cashier_app.services.latency import Latency
from cashier_app.services.till_settings import TillSettings
from tests.fakes.counter import SETTINGS
from tests.fakes.shop import DINAR, RUPEE

ZONE = ZoneInfo("Asia/Kolkata")
NOW = datetime(2026, 11, 21, 9, 2, tzinfo=UTC)  # 14:32 in the shop
TODAY = date(2026, 11, 21)
NAMES = MappingProxyType({"asha": "Asha", "vikram": "Vikram", "fatima": "Fatima"})
ARABIC = MappingProxyType({"asha": "عائشة بنت عبد الرحمن الأنصاري", "vikram": "محمد", "fatima": "فاطمة"})
_WITH = (3, 6, 8, 9, 8, 7)
_WITHOUT = (2, 3, 3, 3, 5, 6)
_BEFORE = (4, 7, 9, 11, 10, 9, 8, 7, 9, 12, 11, 6)


class FixedClock:
    """Stands still."""

    def __init__(self, at: datetime = NOW) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


def sold(sales: int, members: int, used: int = 0, *, bill: int = 235_000) -> Figures:
    """Return figures of so many sales, `used` points for as many rupees; every other is plausible."""
    redeemed = min(members, -(-used // 190))
    return replace(
        NO_FIGURES,
        sales=sales,
        member_sales=members,
        redeemed_sales=redeemed,
        known_sales=members,
        first_sales=members // 6,
        timed_sales=members,
        bill=sales * bill,
        redeemed_bill=redeemed * bill,
        discount=used * 100,
        paid=sales * bill - used * 100,
        earned=Decimal(members * 31),
        used=Decimal(used),
    )


def added(parts: Mapping[str, Figures] | list[Figures]) -> Figures:
    """Return the sum."""
    return sum(parts.values() if isinstance(parts, Mapping) else parts, NO_FIGURES)


def busy_day(day: date) -> PeriodFigures:
    """Return the day of the pictures: 63 sales until half past two."""
    hours = {
        str(9 + at): sold(member + other, member, 525)
        for at, (member, other) in enumerate(zip(_WITH, _WITHOUT, strict=True))
    }
    extra = replace(
        NO_FIGURES, enrolled=3, waiting_earned=Decimal(31), offline_sales=3, returns=2, taken_back=Decimal(42)
    )
    hours["14"] = hours["14"] + extra
    total = added(hours)
    staff = {"asha": sold(31, 22, 1900) + extra, "vikram": sold(24, 14, 1050), "fatima": sold(8, 5, 200)}
    return PeriodFigures(
        first=day,
        last=day,
        currency="INR",
        total=total,
        by_day={day: total},
        by={
            Split.HOUR: hours,
            Split.STAFF: staff,
            Split.TILL: {"2": total},
            Split.TIER: {"Gold": sold(14, 14, 2000), "Silver": sold(27, 27, 1150), "": sold(22, 0)},
            Split.WAY: {
                "wallet code": sold(29, 29, 2600),
                "phone": sold(12, 12, 550),
                "": sold(22, 0),
            },
        },
        times=Times(114, 240),
        times_by_staff={"asha": Times(108, 230), "vikram": Times(126, 260), "fatima": Times(119, 240)},
        offline_seconds=18 * 60,
    )


def day_before(day: date) -> PeriodFigures:
    """Return the same day last week."""
    hours = {str(9 + at): sold(sales, round(sales * 0.58), 300) for at, sales in enumerate(_BEFORE)}
    hours["11"] = hours["11"] + replace(NO_FIGURES, enrolled=2)
    total = added(hours)
    return PeriodFigures(
        first=day,
        last=day,
        currency="INR",
        total=total,
        by_day={day: total},
        by={Split.HOUR: hours},
        times=Times(132, 280),
        offline_seconds=0,
    )


class Figured:
    """A source of made-up days.

    Args:
        days: What each day holds; other days hold nothing.
    """

    def __init__(
        self,
        days: Callable[[date], PeriodFigures | None],
        *,
        names: Mapping[str, str] | None = None,
        currency: Currency = RUPEE,
        stores: tuple[str, ...] = ("Marigold Stores",),
        others: tuple[str, ...] = (),
    ) -> None:
        self._days, self._names, self._currency = days, dict(names or NAMES), currency
        self._stores, self._others = stores, others
        self.asked: list[tuple[date, date, Scope, str]] = []

    def figures(
        self, first: date, last: date, scope: Scope = EVERYTHING, currency: str = ""
    ) -> PeriodFigures:
        self.asked.append((first, last, scope, currency))
        days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
        found = [made for made in map(self._days, days) if made is not None]
        if len(found) == 1 and first == last:
            return replace(found[0], other_currencies=self._others)
        splits: dict[Split, dict[str, Figures]] = {split: {} for split in Split}
        for made in found:
            for split, parts in made.by.items():
                for part, figures in parts.items():
                    splits[split][part] = splits[split].get(part, NO_FIGURES) + figures
        seconds = [made.offline_seconds for made in found if made.offline_seconds is not None]
        return PeriodFigures(
            first=first,
            last=last,
            currency=currency or self._currency.code,
            total=added([made.total for made in found]),
            by_day={made.first: made.total for made in found},
            by=splits,
            times=found[-1].times if found else Times(),
            times_by_staff=found[-1].times_by_staff if found else {},
            other_currencies=self._others,
            offline_seconds=sum(seconds) if seconds else None,
        )

    def stores(self) -> tuple[str, ...]:
        return self._stores

    def names(self) -> dict[str, str]:
        return dict(self._names)

    def close(self) -> None:
        """Nothing is open."""


def scaled(made: PeriodFigures, times: int) -> PeriodFigures:
    """Return a day with so many times as much."""

    def more(figures: Figures) -> Figures:
        return sum([figures] * times, NO_FIGURES)

    return replace(
        made,
        total=more(made.total),
        by_day={day: more(figures) for day, figures in made.by_day.items()},
        by={split: {part: more(one) for part, one in parts.items()} for split, parts in made.by.items()},
    )


def one_sale(day: date) -> PeriodFigures:
    """Return a day with a single sale, half an hour ago."""
    total = sold(1, 1, 200)
    return PeriodFigures(
        first=day,
        last=day,
        currency="INR",
        total=total,
        by_day={day: total},
        by={
            Split.HOUR: {"14": total},
            Split.STAFF: {"asha": total},
            Split.TILL: {"2": total},
            Split.TIER: {"Gold": total},
            Split.WAY: {"phone": total},
        },
        times=Times(98, 98),
        times_by_staff={"asha": Times(98, 98)},
        offline_seconds=0,
    )


def offline_day(day: date) -> PeriodFigures:
    """Return a day on which nothing was posted."""
    made = busy_day(day)

    def unposted(figures: Figures) -> Figures:
        return replace(
            figures,
            offline_sales=figures.sales,
            earned=Decimal(0),
            waiting_earned=figures.earned,
            used=Decimal(0),
            waiting_used=figures.used,
        )

    return replace(
        made,
        total=unposted(made.total),
        by_day={day: unposted(made.total)},
        by={split: {key: unposted(one) for key, one in parts.items()} for split, parts in made.by.items()},
        offline_seconds=5 * 3600 + 32 * 60,
    )


def longest(day: date) -> PeriodFigures:
    """Return a day of crores."""
    made = scaled(busy_day(day), 1)

    def dear(figures: Figures) -> Figures:
        return replace(
            figures,
            bill=figures.bill * 98_765,
            redeemed_bill=figures.redeemed_bill * 98_765,
            discount=figures.discount * 98_765,
            paid=figures.paid * 98_765,
            earned=figures.earned * 98_765,
            used=figures.used * 98_765 + Decimal("0.25"),
        )

    return replace(
        made,
        total=dear(made.total),
        by_day={day: dear(made.total)},
        by={split: {key: dear(one) for key, one in parts.items()} for split, parts in made.by.items()},
    )


def in_dinars(day: date) -> PeriodFigures:
    """Return the busy day in a currency with three decimals."""
    return replace(busy_day(day) if day == TODAY else day_before(day), currency="KWD")


def usual(day: date) -> PeriodFigures | None:
    """Return the busy day of today, and days like last week's before it."""
    if day == TODAY:
        return busy_day(day)
    if day > TODAY or day.weekday() == 6:
        return None
    return scaled(day_before(day), 1 + (TODAY - day).days // 7 % 2 if day.day % 7 else 1)


class State(Struct, frozen=True):
    """One state of the page.

    Args:
        keys: Pressed once it is open.
        range: Typed, where days are asked for.
    """

    days: Callable[[date], PeriodFigures | None]
    keys: tuple[str, ...] = ()
    names: Mapping[str, str] = NAMES
    currency: Currency = RUPEE
    stores: tuple[str, ...] = ("Marigold Stores",)
    others: tuple[str, ...] = ()
    well: bool = False
    range: tuple[str, str] = ("", "")


STATES: dict[str, State] = {
    "day": State(usual),
    "day-table": State(usual, ("T",)),
    "day-tiers": State(usual, ("S", "S")),
    "day-figures": State(usual, ("F",)),
    "day-figures-cashier": State(usual, ("F", "S")),
    "day-figures-hour": State(usual, ("F", "S", "S", "S", "S", "S")),
    "day-week": State(usual, ("W",), well=True),
    "day-month": State(usual, ("M",), well=True),
    "day-month-hours": State(usual, ("M", "H"), well=True),
    "day-range": State(usual, ("R",)),
    "day-empty": State(lambda _: None, well=True),
    "day-year-of-zeros": State(lambda _: None, ("R",), well=True, range=("2025-01-01", "2025-12-31")),
    "day-year": State(usual, ("R",), well=True, range=("2025-11-22", "2026-11-21")),
    "day-one-sale": State(lambda day: one_sale(day) if day == TODAY else None, well=True),
    "day-offline": State(lambda day: offline_day(day) if day == TODAY else usual(day)),
    "day-long": State(lambda day: longest(day) if day <= TODAY else None),
    "day-dinar": State(in_dinars, names=ARABIC, currency=DINAR),
    "day-stores": State(usual, stores=("Marigold Stores", "Marigold Airport"), others=("KWD",)),
}


def health(*, well: bool) -> HealthReport:
    """Return the health of the pictures, with its problems or well."""
    problems = (
        Problem(
            ProblemKind.NEEDS_ATTENTION,
            Severity.STOP,
            Action.OPEN_QUEUE,
            count=1,
            since=NOW - timedelta(minutes=45),
        ),
        Problem(ProblemKind.WAITING, Severity.NOTICE, None, count=2, since=NOW - timedelta(minutes=21)),
    )
    return HealthReport(
        at=NOW,
        problems=() if well else problems,
        waiting=0 if well else 2,
        stuck=0 if well else 1,
        latency=Latency(calls=180, median=0.12, ninety_fifth=0.31),
        holds=Holds(here=1, oldest=NOW - timedelta(minutes=3)),
        offline_seconds=18 * 60,
        offline_sales=3,
        books=BooksChecked(NOW - timedelta(minutes=2), 63, 0),
        books_readable=True,
        clock_ahead=timedelta(seconds=0.4),
        backup=Backup(NOW - timedelta(hours=12, minutes=32), test_read=True),
        free_bytes=210 * 10**9,
        version="0.5.0",
    )


class FakeBooks:
    """The real report over made-up days."""

    def __init__(self, state: State, settings: TillSettings = SETTINGS) -> None:
        self.state = state
        self.source = Figured(
            state.days,
            names=state.names,
            currency=state.currency,
            stores=state.stores,
            others=state.others,
        )
        settings = replace(settings, zone=ZONE, currency=state.currency)
        self._stats = DayStats(self.source, FixedClock(), settings)
        self.exported: list[tuple[Path, DayReport, bool]] = []
        self.cured: list[tuple[Action, str]] = []

    def today(self) -> date:
        return self._stats.today()

    def stores(self) -> tuple[str, ...]:
        return self._stats.stores()

    def report(self, period: Period, scope: Scope = EVERYTHING, currency: str = "") -> DayReport:
        return self._stats.report(period, scope, currency)

    def export(self, path: Path, report: DayReport, *, byte_order_mark: bool = False) -> None:
        self.exported.append((path, report, byte_order_mark))

    def health(self) -> HealthReport:
        return health(well=self.state.well)

    def close(self) -> None:
        self.source.close()

    def cure(self, action: Action, by: str) -> None:
        self.cured.append((action, by))
