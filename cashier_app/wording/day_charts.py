"""The charts of the day view, with the tables that say the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import time
from decimal import Decimal
from fractions import Fraction

from cashier_app.domain.figures import NO_FIGURES, Figures
from cashier_app.domain.period import PeriodKind
from cashier_app.domain.rates import rates_of
from cashier_app.services.day_stats import Day, DayReport, Hour
from cashier_app.wording.day_parts import ChartWords, Drawn, Series, TableWords
from cashier_app.wording.figure_definitions import figure_words
from cashier_app.wording.figure_values import NONE, share_text
from cashier_app.wording.period_names import beside_name
from cashier_app.wording.sentences import Sentence
from cashier_app.wording.speech import Wording

_OPEN_FROM, _OPEN_TO = 9, 20
"""What a day without much shows: most shops are open then."""
_FEW_HOURS = 6
_FIGURE_SPACE = "\N{FIGURE SPACE}"
_BETWEEN = "\N{NO-BREAK SPACE}"


def hour_chart(report: DayReport, wording: Wording) -> ChartWords:
    """Return sales by the hour: bars with and without a member, and a short line for what was before."""
    hours = _opening_hours(report)
    names = [wording.figures.time_of_day(time(one.hour)) for one in hours]
    return _Chart(report, wording, hours, names).words(
        title=wording.text("Sales by hour"),
        corner=wording.text("Hour"),
        places=tuple(f"{one.hour:02}" for one in hours),
        bars=True,
    )


def _opening_hours(report: DayReport) -> tuple[Hour, ...]:
    """Return the hours of a report; where there are few, those of most shops with them."""
    if len(report.hours) >= _FEW_HOURS:
        return report.hours
    known = {one.hour: one for one in report.hours}
    first, last = min((_OPEN_FROM, *known)), max((_OPEN_TO, *known))
    compares = report.comparison is not None
    nothing = NO_FIGURES if compares else None
    return tuple(known.get(hour, Hour(hour, NO_FIGURES, nothing)) for hour in range(first, last + 1))


def day_chart(report: DayReport, wording: Wording) -> ChartWords:
    """Return sales by the day as lines: all, those with a member, and all of the period before."""
    figures, kind = wording.figures, report.period.kind
    days = report.days
    if kind is PeriodKind.MONTH:
        places = tuple(str(one.day.day) for one in days)
    elif kind is PeriodKind.WEEK:
        places = tuple(figures.short_weekday(one.day) for one in days)
    else:
        places = tuple(figures.short_day(one.day, report.today) for one in days)
    names = [figures.day(one.day) if len(days) <= 366 else one.day.isoformat() for one in days]
    return _Chart(report, wording, days, names).words(
        title=wording.text("Sales by day"), corner=wording.text("Day"), places=places, bars=False
    )


def report_charts(report: DayReport, wording: Wording) -> tuple[ChartWords, ...]:
    """Return the charts of a report: by the hour for a day, else by the day first."""
    by_hour = hour_chart(report, wording)
    return (by_hour,) if report.period.days == 1 else (day_chart(report, wording), by_hour)


def count_and_share(count: int, share: Fraction | None, wording: Wording) -> str:
    """Return a number and what part it is, such as ``22  71%``; those below each other stand in line."""
    percent, widest = share_text(share, wording), len(wording.figures.percent(Decimal(100)))
    return f"{wording.figures.count(count)}{_BETWEEN}{percent.rjust(widest, _FIGURE_SPACE)}"


def is_to_come(report: DayReport, hour: Hour) -> bool:
    """Say whether an hour of today has not begun."""
    until = report.comparison.until_hour if report.comparison else None
    return report.period.days == 1 and report.is_unfinished and until is not None and hour.hour > until


class _Chart:
    """One chart on its way: the places with their figures, and what they are called."""

    def __init__(
        self, report: DayReport, wording: Wording, rows: Sequence[Hour | Day], names: Sequence[str]
    ) -> None:
        self._report, self._wording, self._rows, self._names = report, wording, rows, names
        found = report.comparison
        self._compares = found is not None and not found.is_empty
        self._then = beside_name(found, wording, report.today) if found is not None and self._compares else ""

    def words(self, *, title: str, corner: str, places: tuple[str, ...], bars: bool) -> ChartWords:
        text = self._wording.text
        table = self._table(title, corner)
        empty = "" if self._report.figures.sales else self._nothing()
        return ChartWords(
            title=Sentence.of(title),
            places=places,
            spoken_places=tuple(self._names),
            series=self._bars() if bars else self._lines(),
            values=tuple(self._said(row, name) for row, name in zip(self._rows, self._names, strict=True)),
            table=table,
            spoken=self._wording.joined((title, empty, text("T shows the table"))),
            empty=empty,
        )

    def _nothing(self) -> str:
        if self._report.period.kind is PeriodKind.DAY and self._report.is_unfinished:
            return self._wording.text("No sales yet today")
        return (
            self._wording.text("No sales yet")
            if self._report.is_unfinished
            else self._wording.text("No sales")
        )

    def _bars(self) -> tuple[Series, ...]:
        series = [
            self._series(self._members(), Drawn.SOLID, lambda one: one.member_sales),
            self._series(
                Sentence.of(self._wording.text("Without")),
                Drawn.HATCHED,
                lambda one: one.sales - one.member_sales,
            ),
        ]
        return (*series, *self._before(Drawn.SHORT_LINE))

    def _lines(self) -> tuple[Series, ...]:
        series = [
            self._series(self._members(), Drawn.THICK_LINE, lambda one: one.member_sales),
            self._series(Sentence.of(self._wording.text("All")), Drawn.THIN_LINE, lambda one: one.sales),
        ]
        return (*series, *self._before(Drawn.DASHED_LINE))

    def _members(self) -> Sentence:
        return Sentence.of(self._wording.text("With a member"), self._wording.text("Members"))

    def _series(self, name: Sentence, drawn: Drawn, read: Callable[[Figures], int]) -> Series:
        values = tuple(None if self._is_to_come(row) else read(row.figures) for row in self._rows)
        return Series(name, drawn, values)

    def _before(self, drawn: Drawn) -> tuple[Series, ...]:
        if not self._compares:
            return ()
        name = Sentence.of(
            self._wording.text("All, {period}", period=self._then), self._wording.text("All before")
        )
        values = tuple(row.earlier.sales if row.earlier is not None else None for row in self._rows)
        return (Series(name, drawn, values),)

    def _is_to_come(self, row: Hour | Day) -> bool:
        if isinstance(row, Day):
            return row.day > self._report.today
        return is_to_come(self._report, row)

    def _said(self, row: Hour | Day, name: str) -> str:
        wording, count, figures = self._wording, self._wording.figures.count, row.figures
        parts = [
            wording.plural("{n} sale", "{n} sales", figures.sales, n=count(figures.sales)),
            wording.text("{n} with a member", n=count(figures.member_sales)),
        ]
        if self._compares and row.earlier is not None:
            parts.append(wording.text("{n} before", n=count(row.earlier.sales)))
        return wording.text("{name}: {said}", name=name, said=wording.joined(parts))

    def _table(self, title: str, corner: str) -> TableWords:
        wording = self._wording
        heads = [
            Sentence.of(wording.text("Sales")),
            Sentence.of(wording.text("With a member"), wording.text("Members")),
            Sentence.of(wording.text("Without")),
        ]
        if self._compares:
            heads.append(Sentence.of(self._then, wording.text("Before")))
        earlier = [row.earlier.sales for row in self._rows if row.earlier is not None]
        total = self._cells(self._report.figures, sum(earlier) if earlier else None)
        return TableWords(
            title=title,
            corner=Sentence.of(corner),
            heads=tuple(heads),
            names=tuple(self._names),
            rows=tuple(
                self._cells(row.figures, row.earlier.sales if row.earlier is not None else None)
                for row in self._rows
            ),
            total=total,
            total_name=wording.text("All"),
            explained=tuple(
                figure_words(key, wording).full for key in ("sales", "attach_rate", "without_member")
            ),
        )

    def _cells(self, figures: Figures, earlier: int | None) -> tuple[str, ...]:
        count, rates = self._wording.figures.count, rates_of(figures)
        cells = (
            count(figures.sales),
            count_and_share(figures.member_sales, rates.attach_rate, self._wording),
            count(rates.without_member),
        )
        if not self._compares:
            return cells
        return (*cells, NONE if earlier is None else count(earlier))
