"""The figures of a day, week, month or range as a manager reads them: worked out, split up, compared.

An unfinished period is compared like with like: both sides count only up to the last full hour, because
figures are kept by the hour. What is shown of the period itself goes up to now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from msgspec import Struct

from cashier_app.domain.figures import NO_FIGURES, Figures, PeriodFigures, Split, Times
from cashier_app.domain.money import MAX_DECIMALS, Currency
from cashier_app.domain.period import Period, compared_with, same_day
from cashier_app.domain.rates import Rates, minutes_of, rates_of
from cashier_app.ports.clock import Clock
from cashier_app.ports.figures import EVERYTHING, FiguresSource, Scope
from cashier_app.services.till_settings import TillSettings


class Hour(Struct, frozen=True):
    """One hour of the shop's day, over all days of the period.

    Args:
        hour: 0 to 23: what happened from then on until the next.
        earlier: The same hour of the period it is compared with, all of it; None without one.
    """

    hour: int
    figures: Figures
    earlier: Figures | None = None

    @property
    def rates(self) -> Rates:
        """Return what follows from its figures."""
        return rates_of(self.figures)


class Day(Struct, frozen=True):
    """One day of the period, with the day that has its place in the period before.

    Args:
        earlier_day: None where that period is shorter, or there is none; so is `earlier`.
    """

    day: date
    figures: Figures
    earlier_day: date | None = None
    earlier: Figures | None = None

    @property
    def rates(self) -> Rates:
        """Return what follows from its figures."""
        return rates_of(self.figures)


class Part(Struct, frozen=True):
    """One cashier, till, tier or way of identification.

    Args:
        key: As it stands in the sales; empty for nobody, no tier, no member.
        name: What people call it: a cashier's name, else the key. From outside, not cleaned.
        times: Of this cashier; empty for other splits.
    """

    key: str
    name: str
    figures: Figures
    times: Times = Times()

    @property
    def rates(self) -> Rates:
        """Return what follows from its figures."""
        return rates_of(self.figures)


class Comparison(Struct, frozen=True):
    """A period beside an earlier one, like with like.

    Args:
        period: The earlier one.
        facts: All of its figures.
        last: Its last day counted in `then`.
        until_hour: Both sides count the last day only up to this full hour; None when they count all of it.
        now: This period's figures as far as they are compared.
        then: The earlier period's figures as far as they are compared.
        then_times: Of whole days up to `last`: times are not kept by the hour.
    """

    period: Period
    facts: PeriodFigures
    last: date
    until_hour: int | None
    now: Figures
    then: Figures
    then_times: Times

    @property
    def is_empty(self) -> bool:
        """Say whether nothing happened then: there is nothing to compare with."""
        return self.then == NO_FIGURES

    @property
    def now_rates(self) -> Rates:
        """Return what follows from `now`."""
        return rates_of(self.now)

    @property
    def then_rates(self) -> Rates:
        """Return what follows from `then`."""
        return rates_of(self.then)


class DayReport(Struct, frozen=True):
    """Everything the day view, the command line and the exports say of a period.

    Args:
        scope: Whose figures these are.
        currency: Of all amounts.
        asked_at: When they were read, UTC.
        today: The shop's day at that time.
        facts: As they were counted.
        comparison: None where there is no earlier period, or this one is still to come.
        hours: Without gaps, from the first to the last with anything in either period; may be empty.
        days: Every day of the period, also those without anything and those to come.
        staff: Most sales first; nobody last. So are tills, tiers and ways.
        training: Nothing in it is real.
    """

    period: Period
    scope: Scope
    currency: Currency
    asked_at: datetime
    today: date
    facts: PeriodFigures
    comparison: Comparison | None
    hours: tuple[Hour, ...]
    days: tuple[Day, ...]
    staff: tuple[Part, ...]
    tills: tuple[Part, ...]
    tiers: tuple[Part, ...]
    ways: tuple[Part, ...]
    training: bool = False

    @property
    def figures(self) -> Figures:
        """Return those of the whole period."""
        return self.facts.total

    @property
    def rates(self) -> Rates:
        """Return what follows from them."""
        return rates_of(self.facts.total)

    @property
    def times(self) -> Times:
        """Return how long sales took from scan to done."""
        return self.facts.times

    @property
    def offline_minutes(self) -> int | None:
        """Return how long the backend could not be asked; None where that is not known."""
        seconds = self.facts.offline_seconds
        return None if seconds is None else minutes_of(seconds)

    @property
    def is_unfinished(self) -> bool:
        """Say whether the period holds today."""
        return self.period.holds(self.today)

    @property
    def is_empty(self) -> bool:
        """Say whether nothing happened in the period."""
        return self.facts.total == NO_FIGURES


class DayStats:
    """Reads reports out of a source of figures. Blocking, for a worker thread."""

    def __init__(self, source: FiguresSource, clock: Clock, settings: TillSettings) -> None:
        self._source = source
        self._clock = clock
        self._settings = settings

    def today(self) -> date:
        """Return the shop's day now."""
        return self._clock.now().astimezone(self._settings.zone).date()

    def stores(self) -> tuple[str, ...]:
        """Return the stores that can be asked for.

        Raises:
            KnownError: The source cannot be read.
        """
        return self._source.stores()

    def close(self) -> None:
        """Let go of the source."""
        self._source.close()

    def report(self, period: Period, scope: Scope = EVERYTHING, currency: str = "") -> DayReport:
        """Return the report of a period; in the shop's own currency when none is named.

        Raises:
            KnownError: The source cannot be read.
        """
        now = self._clock.now()
        local = now.astimezone(self._settings.zone)
        facts = self._source.figures(period.first, period.last, scope, currency)
        comparison = None
        beside = compared_with(period)
        if beside is not None and period.first <= local.date():
            comparison = self._compared(_Asked(period, scope, currency, facts), beside, local)
        names = self._source.names()
        return DayReport(
            period=period,
            scope=scope,
            currency=self._currency(facts.currency),
            asked_at=now,
            today=local.date(),
            facts=facts,
            comparison=comparison,
            hours=_hours(facts, comparison),
            days=_days(facts, period, comparison),
            staff=_parts(facts, Split.STAFF, names, facts.times_by_staff),
            tills=_parts(facts, Split.TILL),
            tiers=_parts(facts, Split.TIER),
            ways=_parts(facts, Split.WAY),
            training=self._settings.training,
        )

    def _compared(self, asked: _Asked, beside: Period, now: datetime) -> Comparison:
        period, today = asked.period, now.date()
        then = self._read(asked, beside.first, beside.last)
        last = same_day(period, today, beside) if period.holds(today) else None
        if last is None:
            # Over, or further on than the whole period before was long.
            return Comparison(
                period=beside,
                facts=then,
                last=beside.last,
                until_hour=None,
                now=asked.facts.total,
                then=then.total,
                then_times=then.times,
            )
        one_day = period.days == 1
        then_so_far = then if last == beside.last else self._read(asked, beside.first, last)
        last_day = then if one_day else self._read(asked, last, last)
        this_day = asked.facts if one_day else self._read(asked, today, today)
        return Comparison(
            period=beside,
            facts=then,
            last=last,
            until_hour=now.hour,
            now=asked.facts.total - _after(asked.facts, today) - _from_hour(this_day, now.hour),
            then=then_so_far.total - _from_hour(last_day, now.hour),
            then_times=then_so_far.times,
        )

    def _read(self, asked: _Asked, first: date, last: date) -> PeriodFigures:
        return self._source.figures(first, last, asked.scope, asked.currency)

    def _currency(self, code: str) -> Currency:
        own = self._settings.currency
        if code in {"", own.code}:
            return own
        from babel.numbers import get_currency_precision  # only for another currency than the shop's

        return Currency(code, min(get_currency_precision(code), MAX_DECIMALS))


class _Asked(Struct, frozen=True):
    """What was asked for, and its answer."""

    period: Period
    scope: Scope
    currency: str
    facts: PeriodFigures


def _after(facts: PeriodFigures, day: date) -> Figures:
    """Return what stands on later days: a till whose clock was put back has some."""
    return sum((figures for on, figures in facts.by_day.items() if on > day), NO_FIGURES)


def _from_hour(facts: PeriodFigures, hour: int) -> Figures:
    """Return what happened in this hour of the day and later."""
    parts = facts.by.get(Split.HOUR, {})
    return sum((figures for part, figures in parts.items() if int(part) >= hour), NO_FIGURES)


def _hours(facts: PeriodFigures, comparison: Comparison | None) -> tuple[Hour, ...]:
    mine = facts.by.get(Split.HOUR, {})
    theirs = comparison.facts.by.get(Split.HOUR, {}) if comparison else {}
    used = [int(part) for parts in (mine, theirs) for part, figures in parts.items() if figures != NO_FIGURES]
    if not used:
        return ()
    return tuple(
        Hour(
            hour=hour,
            figures=mine.get(str(hour), NO_FIGURES),
            earlier=theirs.get(str(hour), NO_FIGURES) if comparison else None,
        )
        for hour in range(min(used), max(used) + 1)
    )


def _days(facts: PeriodFigures, period: Period, comparison: Comparison | None) -> tuple[Day, ...]:
    found = []
    for day in period.each_day():
        figures = facts.by_day.get(day, NO_FIGURES)
        beside = same_day(period, day, comparison.period) if comparison else None
        earlier = None
        if comparison is not None and beside is not None:
            earlier = comparison.facts.by_day.get(beside, NO_FIGURES)
        found.append(Day(day, figures, beside, earlier))
    return tuple(found)


def _parts(
    facts: PeriodFigures,
    split: Split,
    names: Mapping[str, str] = MappingProxyType({}),
    times: Mapping[str, Times] = MappingProxyType({}),
) -> tuple[Part, ...]:
    found = [
        Part(key, names.get(key, key), figures, times.get(key, Times()))
        for key, figures in facts.by.get(split, {}).items()
        if figures != NO_FIGURES
    ]
    return tuple(sorted(found, key=lambda part: (not part.key, -part.figures.sales, part.name, part.key)))
