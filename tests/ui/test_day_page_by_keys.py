"""The manager's day in the window, by keys alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.domain.period import PeriodKind
from cashier_app.ports.figures import Scope
from cashier_app.wording.menu import Entry
from tests.fakes.made_days import TODAY
from tests.ui.day_host import OpenDay, books_of, hands_of, open_page, window_of
from tests.ui.till_host import focus
from ui.key_words import Where
from ui.menu import menu_entries


@pytest.fixture
def open_day(qtbot: QtBot) -> Iterator[OpenDay]:
    yield partial(open_page, qtbot)
    QApplication.processEvents()


def test_letters_choose_the_period_and_arrows_its_neighbours(open_day: OpenDay) -> None:
    page = open_day()
    hands = hands_of(page)
    asked = books_of(page).source.asked

    def shown() -> tuple[PeriodKind, date, date]:
        assert page.shown is not None
        period = page.shown.report.period
        return period.kind, period.first, period.last

    hands.press("Left")
    assert shown() == (PeriodKind.DAY, date(2026, 11, 20), date(2026, 11, 20))
    hands.press("Right", "w")
    assert shown() == (PeriodKind.WEEK, date(2026, 11, 15), date(2026, 11, 21))
    hands.press("m", "Left")
    assert shown() == (PeriodKind.MONTH, date(2026, 10, 1), date(2026, 10, 31))
    assert page.head.kinds[PeriodKind.MONTH].is_selected()
    hands.press("d")
    assert shown()[1] == date(2026, 10, 31)
    assert asked


def test_a_range_is_typed_and_checked(open_day: OpenDay) -> None:
    page = open_day()
    hands = hands_of(page)
    hands.press("r")
    assert page.place_of_keys() is Where.DAY_RANGE
    assert focus() is page.asking.fields.edit("first")
    page.asking.fields.edit("first").setText("2026-13-01")
    hands.press("Enter")
    assert page.asking.trouble.text() == "First day: type year, month and day"
    page.asking.fields.edit("first").setText("2026-11-22")
    hands.press("Enter")
    assert page.asking.trouble.text() == "The last day is before the first"
    page.asking.fields.edit("first").setText("1990-01-01")
    hands.press("Enter")
    assert page.asking.trouble.text() == "That is more than 3,660 days"
    page.asking.fields.edit("first").setText("2026/11/2")
    hands.press("Enter")
    assert page.asking.isHidden()
    assert page.shown is not None
    assert page.shown.report.period.first == date(2026, 11, 2)
    hands.press("r", "Esc")
    assert page.place_of_keys() is Where.DAY


def test_t_swaps_chart_and_table_and_the_arrows_go_through_both(open_day: OpenDay) -> None:
    page = open_day()
    hands, chart = hands_of(page), page.overview.chart
    chart.area.setFocus(Qt.FocusReason.TabFocusReason)
    hands.press("Down", "Down")
    assert chart.legend.said() == "10:00: 9 sales, 6 with a member, 7 before"
    hands.press("t")
    assert chart.table.isVisible()
    assert focus() is chart.table.view
    hands.press("Down", "Down")
    assert chart.table.marked_row() == 2
    hands.press("Right")
    assert chart.table.view.currentIndex().column() == 1
    hands.press("t")
    assert focus() is chart.area
    hands.press("Up")
    assert chart.area.place == 11


def test_tab_reaches_everything_and_comes_round(open_day: OpenDay) -> None:
    page = open_day()
    stops = page.focus_stops()
    assert {page.overview.chart.area, page.overview.parts.table.view, *page.overview.strip.views} <= set(
        stops
    )
    assert stops.index(page.head.till) < stops.index(page.overview.strip.views[0])
    page.first_focus().setFocus()
    visited: list[QWidget | None] = []
    while len(visited) < 2 or visited[-1] is not page.first_focus():
        page.focusNextPrevChild(True)
        visited.append(focus())
    # The periods are one choice: the arrows go through it.
    assert set(visited) == set(stops) - {
        button for button in page.head.kinds.values() if not button.is_selected()
    }


def test_esc_leaves_the_figures_then_the_page(open_day: OpenDay) -> None:
    page = open_day("day-figures")
    hands = hands_of(page)
    hands.press("Esc")
    assert page.overview.isVisible()
    hands.press("Esc")
    assert page.isHidden()
    assert window_of(page).drawers.place_of_keys() is Where.TILL


def test_control_d_and_the_menu_open_it(open_day: OpenDay, qtbot: QtBot) -> None:
    page = open_day()
    window = window_of(page)
    page.close_drawer()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.drawers.place_of_keys() is Where.DAY)
    page.close_drawer()
    menu_entries(window)[Entry.DAY]()
    assert page.isVisible()


def test_it_opens_with_the_overview_of_today_again(open_day: OpenDay) -> None:
    page = open_day()
    hands = hands_of(page)
    hands.press("m", "f", "r")
    page.close_drawer()
    window_of(page).ways.show_day()
    assert page.place_of_keys() is Where.DAY
    assert page.overview.isVisible()
    assert page.figures.isHidden()
    assert page.shown is not None
    assert page.shown.report.period.first == page.shown.report.period.last == TODAY


def test_z_closes_the_day_and_without_a_way_there_is_no_button(open_day: OpenDay) -> None:
    asked: list[str] = []
    page = open_day(closes=lambda: asked.append("close"))
    hands_of(page).press("z")
    page.head.close_day.click()
    assert asked == ["close", "close"]


def test_stores_and_currencies_are_gone_through(open_day: OpenDay) -> None:
    page = open_day("day-stores")
    hands, asked = hands_of(page), books_of(page).source.asked
    hands.press("o")
    assert asked[-1][2] == Scope(store="Marigold Stores")
    assert page.overview.buttons.store.words() == "Marigold Stores"
    hands.press("o", "o")
    assert asked[-1][2] == Scope()
    assert page.overview.buttons.currency.words() == "INR"
    hands.press("c")
    assert asked[-1][3] == "KWD"


def test_one_store_and_one_currency_have_no_choice(open_day: OpenDay) -> None:
    page = open_day()
    assert page.overview.buttons.store.isHidden()
    assert page.overview.buttons.currency.isHidden()
    asked = len(books_of(page).source.asked)
    hands_of(page).press("o", "c")
    assert len(books_of(page).source.asked) == asked
