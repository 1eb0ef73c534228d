"""The manager's day in words: what is said is what was counted, in every state and currency."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cashier_app.domain.period import MOST_DAYS, Period, PeriodKind, period_of, range_of
from cashier_app.domain.points import PointName
from cashier_app.services.day_stats import DayReport
from cashier_app.wording import Hours, Translator, Wording
from cashier_app.wording.day import day_buttons, day_head, figure_tiles, range_typed
from cashier_app.wording.day_charts import day_chart, hour_chart, report_charts
from cashier_app.wording.day_page import day_words, splits_of
from cashier_app.wording.day_parts import Drawn
from cashier_app.wording.day_print import print_words
from cashier_app.wording.day_tables import SHORT_TABLES, By, all_figures, part_table
from cashier_app.wording.sentences import Sentence
from tests.fakes.made_days import STATES, TODAY, ZONE, FakeBooks
from tests.unit.test_wording_complete import Brackets

WORDING = Wording.of("en_IN", ZONE, PointName("coin", "coins"), hours=Hours.TWENTY_FOUR)
KINDS = (PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH)


def report(name: str = "day", kind: PeriodKind = PeriodKind.DAY) -> DayReport:
    return FakeBooks(STATES[name]).report(period_of(kind, TODAY))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", STATES)
def test_every_state_can_be_said(name: str, kind: PeriodKind) -> None:
    found = report(name, kind)
    for by in splits_of(found):
        words = day_words(found, by, WORDING)
        table = words.figures.table
        assert len(table.names) == len(table.rows) == len(words.figures.definitions)
        assert all(len(row) in {0, len(table.heads)} for row in table.rows)
    for table in (*words.parts.values(), *(chart.table for chart in words.charts)):
        assert all(len(row) == len(table.heads) for row in table.rows)
        assert not table.total or len(table.total) == len(table.heads)
        assert len(table.names) == len(table.rows)
    for chart in words.charts:
        assert {len(one.values) for one in chart.series} == {len(chart.places)}
        assert len(chart.values) == len(chart.spoken_places) == len(chart.places)
    assert len(words.tiles) == 6


def test_parts_add_up_to_the_total_of_their_table() -> None:
    for by in SHORT_TABLES:
        table = part_table(report(), by, WORDING)
        assert sum(int(row[0]) for row in table.rows) == int(table.total[0]) == 63


def test_nameless_parts_have_a_word_of_their_own() -> None:
    assert part_table(report(), By.TIER, WORDING).names == ("Silver", "Gold", "No tier")
    assert part_table(report(), By.WAY, WORDING).names == ("Wallet code", "Phone", "No member")
    assert part_table(report(), By.TILL, WORDING).names == ("Till 2",)


def test_a_day_without_much_shows_the_hours_of_most_shops() -> None:
    chart = hour_chart(report("day-one-sale"), WORDING)
    assert chart.places == tuple(f"{hour:02}" for hour in range(9, 21))
    assert sum(value or 0 for value in chart.series[0].values) == 1
    assert hour_chart(report("day-empty"), WORDING).empty == "No sales yet today"


def test_hours_and_days_to_come_are_nothing_yet_and_not_nought() -> None:
    chart = hour_chart(report(), WORDING)
    members = dict(zip(chart.places, chart.series[0].values, strict=True))
    assert members["14"] == 7
    assert members["15"] is None
    before = dict(zip(chart.places, chart.series[2].values, strict=True))
    assert before["15"] == 8
    lines = day_chart(report(kind=PeriodKind.MONTH), WORDING)
    everything = dict(zip(lines.places, lines.series[1].values, strict=True))
    assert everything["21"] == 63
    assert everything["22"] is None


def test_a_day_has_bars_and_longer_has_lines_first() -> None:
    (bars,) = report_charts(report(), WORDING)
    assert [one.drawn for one in bars.series] == [Drawn.SOLID, Drawn.HATCHED, Drawn.SHORT_LINE]
    lines, hours = report_charts(report(kind=PeriodKind.WEEK), WORDING)
    assert [one.drawn for one in lines.series] == [Drawn.THICK_LINE, Drawn.THIN_LINE, Drawn.DASHED_LINE]
    assert hours.title.full == "Sales by hour"


def test_without_a_time_to_compare_with_nothing_is_compared() -> None:
    found = report("day-one-sale")
    assert all(tile.before is None and not tile.icon for tile in figure_tiles(found, WORDING))
    assert len(hour_chart(found, WORDING).series) == 2
    assert day_head(found, WORDING).beside[-1] == "Until 14:32"


def test_money_has_the_decimals_of_its_currency_and_names_are_cleaned() -> None:
    table = part_table(report("day-dinar"), By.STAFF, WORDING)
    assert table.rows[0][3] == "KWD\N{NO-BREAK SPACE}190.000"
    books = FakeBooks(replace(STATES["day"], names={"asha": "A\u202esha\n"}))
    found = part_table(books.report(period_of(PeriodKind.DAY, TODAY)), By.STAFF, WORDING)
    assert found.names[0] == "Asha"


@given(st.dates(), st.dates())
def test_typed_days_are_the_range_or_a_sentence(first: date, last: date) -> None:
    found = range_typed(first.isoformat(), last.isoformat().replace("-", "/"), WORDING)
    if first <= last and (last - first).days < MOST_DAYS:
        assert found == range_of(first, last)
    else:
        assert isinstance(found, Sentence)


@given(st.text(max_size=20), st.text(max_size=20))
def test_whatever_is_typed_has_an_answer(first: str, last: str) -> None:
    assert isinstance(range_typed(first, last, WORDING), Period | Sentence)


def test_everything_can_be_translated() -> None:
    wording = replace(WORDING, translator=Translator(Brackets(), "xx"))
    words = day_words(report(kind=PeriodKind.WEEK), By.NOTHING, wording)
    said = [tile.label.full for tile in words.tiles] + [tile.base.full for tile in words.tiles]
    said += [head.full for table in words.parts.values() for head in table.heads]
    said += [table.title for table in words.parts.values()]
    said += [chart.title.full for chart in words.charts]
    said += [one.name.full for chart in words.charts for one in chart.series]
    said += [words.figures.table.title, *words.figures.table.names]
    said += [sentence.full for sentence in day_buttons(wording).periods.values()]
    assert [text for text in said if not text.startswith("[")] == []


def test_paper_says_whose_and_when_and_that_it_is_training() -> None:
    told = print_words(report(), "Marigold Stores", "2", WORDING, training=True)
    assert (told.place, told.mark, told.made) == (
        "Marigold Stores, Till 2",
        "TRAINING",
        "Read on Sat 21 Nov at 14:32",
    )
    assert told.page(2, 5) == "Page 2 of 5"


def test_all_figures_of_a_split_are_those_of_its_parts() -> None:
    words = all_figures(report(), By.STAFF, WORDING).table
    assert [head.full for head in words.heads] == ["All", "Asha", "Vikram", "Fatima"]
    assert words.rows[words.names.index("Sales")] == ("63", "31", "24", "8")
    assert words.rows[words.names.index("Scan to done")] == ("11.4 s", "10.8 s", "12.6 s", "11.9 s")
