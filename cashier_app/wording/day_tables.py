"""The tables of the day view: who and where, and every figure there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import time
from enum import Enum

from msgspec import Struct

from cashier_app.domain.figures import Figures, Times
from cashier_app.domain.member import Way
from cashier_app.domain.money import Money
from cashier_app.domain.rates import nearest
from cashier_app.services.day_stats import DayReport, Part
from cashier_app.wording.day_charts import count_and_share, is_to_come
from cashier_app.wording.day_parts import TableWords
from cashier_app.wording.figure_definitions import (
    GROUPS,
    figure_words,
    in_shop_words,
)
from cashier_app.wording.figure_values import NONE, Value, tenths_text, value_text, values_of
from cashier_app.wording.period_names import beside_name
from cashier_app.wording.sentences import Sentence, plain
from cashier_app.wording.speech import Wording


class By(Enum):
    """What a table can be split by; `NOTHING` is the period beside the one before."""

    NOTHING = "nothing"
    STAFF = "staff"
    TILL = "till"
    TIER = "tier"
    WAY = "way"
    HOUR = "hour"
    DAY = "day"


SHORT_TABLES = (By.STAFF, By.TILL, By.TIER, By.WAY)
"""What the overview goes through; the page of all figures has every one."""


class AllFigures(Struct, frozen=True):
    """The page of all figures: the table, and what explains each of its rows."""

    table: TableWords
    definitions: tuple[str, ...]


def parts_of(report: DayReport, by: By) -> tuple[Part, ...]:
    """Return the parts of a split that has people, places or names."""
    parts = {By.STAFF: report.staff, By.TILL: report.tills, By.TIER: report.tiers, By.WAY: report.ways}
    return parts[by]


def split_name(by: By, wording: Wording) -> Sentence:
    """Return what the parts of a split are."""
    text = wording.text
    names = {
        By.NOTHING: Sentence.of(text("All and before"), text("All")),
        By.STAFF: Sentence.of(text("Cashier")),
        By.TILL: Sentence.of(text("Till")),
        By.TIER: Sentence.of(text("Tier")),
        By.WAY: Sentence.of(text("Identified by"), text("By")),
        By.HOUR: Sentence.of(text("Hour")),
        By.DAY: Sentence.of(text("Day")),
    }
    return names[by]


def part_name(part: Part, by: By, wording: Wording) -> str:
    """Return what a part is called; the nameless ones have a word of their own."""
    text = wording.text
    if not part.key:
        nobody = {
            By.STAFF: text("Nobody signed in"),
            By.TILL: text("No till"),
            By.TIER: text("No tier"),
            By.WAY: text("No member"),
        }
        return nobody.get(by, "")
    if by is By.WAY:
        ways = {
            Way.WALLET_CODE.value: text("Wallet code"),
            Way.PHONE.value: text("Phone"),
            Way.MEMBER_NUMBER.value: text("Member number"),
        }
        return ways.get(part.key, plain(part.key))
    if by is By.TILL:
        return text("Till {number}", number=plain(part.name))
    return plain(part.name)


_TITLES: Mapping[By, Callable[[Wording], str]] = {
    By.STAFF: lambda wording: wording.text("By cashier"),
    By.TILL: lambda wording: wording.text("By till"),
    By.TIER: lambda wording: wording.text("By tier"),
    By.WAY: lambda wording: wording.text("By way of identification"),
}


def part_table(report: DayReport, by: By, wording: Wording) -> TableWords:
    """Return the table of a split with what matters most; all else is on the page of all figures."""
    text, parts = wording.text, parts_of(report, by)
    name = split_name(by, wording)
    last = (
        Sentence.of(text("Scan to done"), text("Time"))
        if by is By.STAFF
        else Sentence.of(text("Average bill"))
    )
    points = wording.points_capital
    return TableWords(
        title=_TITLES[by](wording),
        corner=name,
        heads=(
            Sentence.of(text("Sales")),
            Sentence.of(text("With member"), text("Member")),
            Sentence.of(text("{points} used", points=points), points),
            Sentence.of(text("Discount")),
            last,
        ),
        names=tuple(part_name(part, by, wording) for part in parts),
        rows=tuple(_part_cells(report, part, by, wording) for part in parts),
        total=_part_cells(report, Part("", "", report.figures, report.times), by, wording) if parts else (),
        total_name=text("All"),
        empty=text("No sales yet") if report.is_unfinished else text("No sales"),
        explained=tuple(
            figure_words(key, wording).full
            for key in (
                *("sales", "attach_rate", "used", "discount"),
                "scan_to_done_median" if by is By.STAFF else "average_bill",
            )
        ),
    )


def all_figures(report: DayReport, by: By, wording: Wording) -> AllFigures:
    """Return every figure of a report, split up or beside the period before."""
    columns = _columns(report, by, wording)
    names: list[str] = []
    rows: list[tuple[str, ...]] = []
    definitions: list[str] = []
    sections: set[int] = set()
    for group in GROUPS:
        sections.add(len(names))
        names.append(in_shop_words(group.title, wording))
        rows.append(())
        definitions.append("")
        for one in group.figures:
            words = figure_words(one.key, wording)
            names.append(words.name)
            definitions.append(words.full)
            rows.append(
                tuple(
                    value_text(values[one.key], one.unit, report.currency, wording) for _, values in columns
                )
            )
    table = TableWords(
        title=wording.text("All figures"),
        corner=Sentence.of(wording.text("Figure")),
        heads=tuple(head for head, _ in columns),
        names=tuple(names),
        rows=tuple(rows),
        sections=frozenset(sections),
    )
    return AllFigures(table, tuple(definitions))


_Column = tuple[Sentence, Mapping[str, Value]]


def _columns(report: DayReport, by: By, wording: Wording) -> Sequence[_Column]:
    whole = values_of(report.figures, report.times, report.facts.offline_seconds)
    first: _Column = (Sentence.of(wording.text("All")), whole)
    if by is By.NOTHING:
        return [first, *_compared(report, wording)]
    if by is By.HOUR:
        hours = [
            (Sentence.of(wording.figures.time_of_day(time(one.hour))), _values(one.figures))
            for one in report.hours
            if not is_to_come(report, one)
        ]
        return [first, *hours]
    if by is By.DAY:
        name = wording.figures.short_day
        days = [
            (Sentence.of(name(one.day, report.today)), _values(one.figures))
            for one in report.days
            if one.day <= report.today
        ]
        return [first, *days]
    parts = [
        (Sentence.of(part_name(part, by, wording)), _values(part.figures, part.times))
        for part in parts_of(report, by)
    ]
    return [first, *parts]


def _compared(report: DayReport, wording: Wording) -> Sequence[_Column]:
    found = report.comparison
    if found is None or found.is_empty:
        return []
    then = Sentence.of(beside_name(found, wording, report.today), wording.text("Before"))
    before: _Column = (then, values_of(found.then, found.then_times))
    if found.until_hour is None:
        return [(then, values_of(found.then, found.then_times, found.facts.offline_seconds))]
    hour = wording.figures.time_of_day(time(found.until_hour))
    so_far: _Column = (Sentence.of(wording.text("Up to {hour}", hour=hour)), _values(found.now))
    return [so_far, before]


def _values(figures: Figures, times: Times | None = None) -> Mapping[str, Value]:
    return values_of(figures, times)


def _part_cells(report: DayReport, part: Part, by: By, wording: Wording) -> tuple[str, ...]:
    figures, count = part.figures, wording.figures.count
    if by is By.STAFF:
        last = tenths_text(part.times.median, wording)
    else:
        average = part.rates.average_bill
        last = NONE if average is None else wording.figures.money(Money(nearest(average), report.currency))
    return (
        count(figures.sales),
        count_and_share(figures.member_sales, part.rates.attach_rate, wording),
        wording.figures.points(figures.used),
        wording.figures.money(Money(figures.discount, report.currency)),
        last,
    )
