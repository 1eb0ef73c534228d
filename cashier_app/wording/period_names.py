"""What a period is called, what it stands beside, and with which day a week begins here."""

from __future__ import annotations

from datetime import date, time

from cashier_app.domain.period import Period, PeriodKind
from cashier_app.services.day_stats import Comparison, DayReport
from cashier_app.wording.figures import Figures
from cashier_app.wording.regions import babel_locale
from cashier_app.wording.sentences import Sentence
from cashier_app.wording.speech import Wording


def first_weekday(locale: str) -> int:
    """Return the day a week begins with where this locale is spoken, 0 for Monday to 6 for Sunday."""
    return int(babel_locale(locale).first_week_day)


def period_name(period: Period, wording: Wording, today: date) -> Sentence:
    """Return the name of a period, such as ``Saturday 21 November``; with the year when it is not today's."""
    figures = wording.figures
    match period.kind:
        case PeriodKind.DAY:
            return Sentence.of(figures.full_day(period.first, today), figures.day(period.first))
        case PeriodKind.MONTH:
            return Sentence.of(figures.month(period.first))
        case _:
            return Sentence.of(_span(period.first, period.last, wording, today))


def beside(report: DayReport, wording: Wording) -> Sentence:
    """Return how far a period has come and beside what, such as ``Until 14:32, beside Sat 14 Nov``.

    The full form says up to which hour both are counted.
    """
    figures, found = wording.figures, report.comparison
    until = figures.time(report.asked_at)
    if found is None or found.is_empty:
        if report.is_unfinished:
            return Sentence.of(wording.text("Until {time}, nothing to compare with yet", time=until))
        return Sentence.of(wording.text("Nothing to compare with"))
    name = beside_name(found, wording, report.today)
    if not report.is_unfinished:
        return Sentence.of(wording.text("Beside {period}", period=name))
    short = wording.text("Until {time}, beside {period}", time=until, period=name)
    if found.until_hour is None:
        return Sentence.of(short)
    hour = figures.time_of_day(time(found.until_hour))
    return Sentence.of(wording.text("{beside}, both up to {hour}", beside=short, hour=hour), short)


def beside_name(found: Comparison, wording: Wording, today: date) -> str:
    """Return the name of what a period is compared with, as far as it is counted."""
    """Return what a period stands beside, such as ``Sat 14 Nov``."""
    first, last = found.period.first, found.last
    if first == last:
        return wording.figures.day(first)
    if found.period.kind is PeriodKind.MONTH and last == found.period.last:
        return wording.figures.month(first)
    return _span(first, last, wording, today)


def _span(first: date, last: date, wording: Wording, today: date) -> str:
    figures: Figures = wording.figures
    if first == last:
        return figures.full_day(first, today)
    # The year of both is said once.
    begins = first if first.year == last.year else today
    return wording.text(
        "{first} to {last}", first=figures.short_day(first, begins), last=figures.short_day(last, today)
    )
