"""The manager's day in the window: what stands there is what was counted."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cashier_app.wording.day_tables import By
from tests.fakes.made_days import TODAY
from tests.ui.day_host import OpenDay, hands_of, open_page
from ui.theme.painting import text_width


@pytest.fixture
def open_day(qtbot: QtBot) -> Iterator[OpenDay]:
    yield partial(open_page, qtbot)
    QApplication.processEvents()


def test_the_strip_says_the_figures_of_the_report(open_day: OpenDay) -> None:
    page = open_day()
    assert page.shown is not None
    figures = page.shown.report.figures
    tiles = [view.tile for view in page.overview.strip.views]
    assert [tile.figure for tile in tiles if tile] == ["65%", "3", "1,271", "3,150", "₹3,150.00", "11.4 s"]
    assert [tile.base.full for tile in tiles if tile][:2] == ["41 of 63 sales", "22 sales without"]
    assert (figures.sales, figures.member_sales, figures.discount) == (63, 41, 315_000)
    assert [tile.before.full if tile.before else "" for tile in tiles if tile] == [
        "68% from 56%",
        "0 from 2",
        "1,054 from 713",
        "2,625 from 1,500",
        "2.3% from 1.6%",
        "from 13.2 s",
    ]
    assert [tile.icon for tile in tiles if tile] == [
        "arrow-up",
        "arrow-down",
        "arrow-up",
        "arrow-up",
        "arrow-up",
        "arrow-down",
    ]


def test_the_bars_are_as_high_as_the_figures_of_each_hour(open_day: OpenDay) -> None:
    page = open_day()
    assert page.shown is not None
    hours = page.shown.report.hours
    plot = page.overview.chart.area.plot
    assert plot is not None
    members, others, before = plot.items_shown
    assert members.values() == [hour.figures.member_sales for hour in hours]
    assert others.values() == [hour.figures.sales - hour.figures.member_sales for hour in hours]
    assert others.opts["y0"] == members.values()  # stacked
    assert before.values() == [hour.earlier.sales if hour.earlier else None for hour in hours]
    page.overview.chart.show_as_table()
    table = page.overview.chart.table.words()
    assert [row[0] for row in table.rows] == [str(hour.figures.sales) for hour in hours]
    assert [row[-1] for row in table.rows] == [
        str(hour.earlier.sales if hour.earlier else 0) for hour in hours
    ]
    assert table.total[0] == "63"


def test_lines_go_through_every_day_and_stop_today(open_day: OpenDay) -> None:
    page = open_day("day-month")
    assert page.shown is not None
    days = page.shown.report.days
    plot = page.overview.chart.area.plot
    assert plot is not None
    before, everything, members = plot.items_shown
    assert everything.values() == [day.figures.sales if day.day <= TODAY else None for day in days]
    assert members.values() == [day.figures.member_sales if day.day <= TODAY else None for day in days]
    assert before.values() == [day.earlier.sales if day.earlier is not None else None for day in days]


def test_the_table_of_cashiers_adds_up(open_day: OpenDay) -> None:
    page = open_day()
    words = page.overview.parts.table.words()
    assert words.names == ("Asha", "Vikram", "Fatima")
    assert [row[0] for row in words.rows] == ["31", "24", "8"]
    assert words.total[0] == "63"
    assert [row[-1] for row in words.rows] == ["10.8 s", "12.6 s", "11.9 s"]
    model = page.overview.parts.table.model
    assert model.index(1, 3).data() == "₹1,050.00"
    assert model.headerData(1, Qt.Orientation.Vertical) == "Vikram"
    head = model.headerData(3, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert head == "<span>What was taken off bills for coins and rewards.</span>"
    assert model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Vikram, Sales: 24"


def test_all_figures_has_every_figure_that_is_defined(open_day: OpenDay) -> None:
    from cashier_app.wording.figure_definitions import DEFINITIONS

    page = open_day("day-figures")
    words = page.figures.table.words()
    assert len(words.names) - len(words.sections) == len(DEFINITIONS)
    assert [head.full for head in words.heads] == ["All", "Up to 14:00", "Sat 14 Nov"]
    at = words.names.index("Sales")
    assert words.rows[at] == ("63", "50", "41")
    assert all(len(row) == 3 for at, row in enumerate(words.rows) if at not in words.sections)


def test_each_split_is_reached_on_both_pages(open_day: OpenDay) -> None:
    page = open_day("day-month")
    hands = hands_of(page)
    corners = []
    for _ in range(5):
        corners.append(page.overview.parts.table.words().corner.full)
        hands.press("s")
    assert corners == ["Cashier", "Till", "Tier", "Identified by", "Cashier"]
    hands.press("f")
    splits = []
    for _ in By:
        assert page.shown is not None
        splits.append(page.shown.by)
        hands.press("s")
    assert splits == list(By)
    assert page.shown is not None
    assert page.shown.by is By.NOTHING


def test_a_day_offline_shows_what_waits(open_day: OpenDay) -> None:
    page = open_day("day-offline")
    tiles = [view.tile for view in page.overview.strip.views]
    assert tiles[2] is not None
    assert (tiles[2].figure, tiles[2].base.full) == ("0", "1,271 waiting")


def test_an_empty_day_keeps_its_axes_and_says_so(open_day: OpenDay) -> None:
    page = open_day("day-empty")
    chart = page.overview.chart
    assert chart.area.empty.text() == "No sales yet today"
    plot = chart.area.plot
    assert plot is not None
    assert [place for place, _ in plot.labelled_places()] == list(range(12))
    assert page.overview.strip.views[0].tile is not None
    assert page.overview.strip.views[0].tile.figure == "–"  # noqa: RUF001 - a dash is meant
    assert page.overview.parts.table.empty.isVisible()


def test_a_year_of_zeros_is_a_line_at_the_bottom(open_day: OpenDay) -> None:
    page = open_day("day-year-of-zeros")
    chart = page.overview.chart
    assert chart.area.empty.text() == "No sales"
    plot = chart.area.plot
    assert plot is not None
    assert [value for item in plot.items_shown for value in item.values()] == [0] * 730
    labels = [left for _, left in plot.labelled_places()]
    words = chart.chart()
    assert words is not None
    widest = max(text_width(name, page._look.font("body")) for name in words.places)
    assert all(after - before > widest for before, after in pairwise(labels))
