"""The manager's day in the window: every state in its place, by keys alone, as the report has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.domain.period import Period, PeriodKind
from cashier_app.errors import KnownError
from cashier_app.ports.figures import FiguresAwayError, Scope
from cashier_app.services.day_stats import DayReport
from cashier_app.services.health import Action
from cashier_app.wording.day_tables import By
from cashier_app.wording.menu import Entry
from tests.fakes.made_days import STATES, TODAY, FakeBooks
from tests.ui import day_states, sample_views
from tests.ui.fake_till import FakeTill
from tests.ui.till_host import SIZES, Hands, focus, make_window
from ui.key_words import Where
from ui.main_window import MainWindow
from ui.menu import menu_entries
from ui.screens.day_page import DayPage
from ui.theme.painting import text_width
from ui.theme.tokens import DARK, LIGHT, Theme
from ui.widgets.button import ActionButton
from ui.widgets.figure_strip import FigureView
from ui.widgets.figures_table import FiguresTable
from ui.widgets.health_box import FactRow
from ui.widgets.legend import Legend
from ui.widgets.split_card import SplitCard
from ui.widgets.text import ElidedLabel

OpenDay = Callable[..., DayPage]


@pytest.fixture
def open_day(qtbot: QtBot) -> Iterator[OpenDay]:
    def open_it(
        name: str = "day",
        *,
        size: tuple[int, int] = (1280, 800),
        theme: Theme = LIGHT,
        closes: Callable[[], None] | None = None,
    ) -> DayPage:
        view = sample_views.STATES["idle"]()
        window = make_window(FakeTill(view), size=size, theme=theme, view=view)
        qtbot.addWidget(window)
        day_states.open_in(window, name, closes=closes)
        QApplication.processEvents()
        return window.drawers.day

    yield open_it
    QApplication.processEvents()


def window_of(page: DayPage) -> MainWindow:
    window = page.window()
    assert isinstance(window, MainWindow)
    return window


def hands_of(page: DayPage) -> Hands:
    return Hands(window_of(page))


def books_of(page: DayPage) -> FakeBooks:
    books = page._books
    assert isinstance(books, FakeBooks)
    return books


# --- in its place -------------------------------------------------------------------------------------


def seen(page: QWidget) -> list[QWidget]:
    return [widget for widget in page.findChildren(QWidget) if widget.isVisible()]


def siblings_that_overlap(page: QWidget) -> list[str]:
    found = []
    for parent in [page, *seen(page)]:
        if isinstance(parent, QScrollArea | FiguresTable) or parent.metaObject().className() in {
            "DayPlot",
            "_View",
        }:
            continue
        children = [
            child
            for child in parent.children()
            if isinstance(child, QWidget)
            and child.isVisible()
            and not child.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        ]
        found += [
            f"{type(one).__name__} {one.geometry()} and {type(other).__name__} {other.geometry()}"
            for at, one in enumerate(children)
            for other in children[at + 1 :]
            if one.geometry().intersects(other.geometry())
            and not isinstance(parent, SplitCard)  # its button is the first head of its table
        ]
    return found


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
def test_every_state_is_in_its_place(open_day: OpenDay, size: tuple[int, int], theme: Theme) -> None:
    names = STATES if theme is LIGHT else ("day", "day-long")
    for name in names:
        page = open_day(name, size=size, theme=theme)
        if name == "day-range":
            assert page.place_of_keys() is Where.DAY_RANGE
            page.go_back()
        panel = page._panel
        assert siblings_that_overlap(panel) == [], name
        assert elided(page) == [], name
        assert too_small(page) == [], name
        window_of(page).close()


def elided(page: DayPage) -> list[str]:
    found = [
        label.text() for label in page.findChildren(ElidedLabel) if label.isVisible() and label.is_elided()
    ]
    found += [
        button.words()
        for button in page.findChildren(ActionButton)
        if button.isVisible() and button.words() and not button.has_room()
    ]
    for table in page.findChildren(FiguresTable):
        if table.isVisible():
            found += table.elided_heads() + table.elided_figures()
    for view in page.findChildren(FigureView):
        if view.isVisible() and view.wanted_width(view._size) > view.width():
            found.append(view.accessibleName())
    found += [
        row.accessibleName() for row in page.findChildren(FactRow) if row.isVisible() and row.is_elided()
    ]
    found += [
        "legend"
        for legend in page.findChildren(Legend)
        if legend.isVisible() and legend.needed_width(legend.form()) > legend.width() + 1
    ]
    return found


def too_small(page: DayPage) -> list[str]:
    found = [
        f"{button.words()} {button.size()}"
        for button in page.findChildren(ActionButton)
        if button.isVisible() and min(button.width(), button.height()) < 48
    ]
    labels = [label for label in page.findChildren(QLabel) if label.isVisible() and label.text()]
    return found + [label.text() for label in labels if label.font().pixelSize() < 16]


def test_everything_in_the_one_scroll_can_be_reached(open_day: OpenDay) -> None:
    page = open_day(size=(1024, 600))
    parts = (page.overview.strip, page.overview.chart, page.overview.parts, page.overview.health)
    tops = [part.y() for part in parts]
    assert tops == sorted(tops)
    assert page.overview.body.height() > page.overview.viewport().height()
    page.overview.health.problems[0].button.setFocus(Qt.FocusReason.TabFocusReason)
    page.overview.show_stop(page.overview.health.problems[0].button)
    box = page.overview.health.problems[0].button
    at = box.mapTo(page.overview.viewport(), QPoint(0, 0)).y()
    assert 0 <= at <= page.overview.viewport().height() - box.height()


def test_figures_chart_table_and_health_are_where_the_picture_has_them(open_day: OpenDay) -> None:
    page = open_day()
    overview = page.overview
    assert overview.strip.geometry().bottom() < overview.chart.y()
    assert overview.chart.geometry().bottom() < overview.parts.y()
    assert overview.chart.geometry().right() < overview.health.x()
    assert overview.health.geometry().bottom() < overview.buttons.y()
    assert overview.health.y() == overview.chart.y()
    assert overview.parts.geometry().bottom() == overview.buttons.geometry().bottom()


# --- what stands there is what was counted ------------------------------------------------------------


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


# --- by keys ------------------------------------------------------------------------------------------


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


# --- what else it does ---------------------------------------------------------------------------------


def test_a_scan_is_not_used_and_says_so(open_day: OpenDay) -> None:
    page = open_day()
    hands_of(page).scan("https://example.test/w/abc")
    assert page.isVisible()
    assert page.toast.words() == "Scan not used: close the day view first"
    assert not window_of(page).takes_scans()


def test_hover_focus_and_a_long_press_explain_a_figure(open_day: OpenDay, qtbot: QtBot) -> None:
    page = open_day()
    view = page.overview.strip.views[0]
    assert view.tile is not None
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert page.definition.isVisible()
    assert page.definition.words.text() == view.tile.definition
    view.clearFocus()
    assert page.definition.isHidden()
    other = page.overview.strip.views[4]
    QApplication.sendEvent(other, QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))
    qtbot.waitUntil(page.definition.isVisible, timeout=3000)
    assert other.tile is not None
    assert page.definition.words.text() == other.tile.definition
    assert page.rect().contains(page.definition.geometry())


def test_names_for_those_who_listen(open_day: OpenDay) -> None:
    page = open_day()
    chart = page.overview.chart
    assert chart.area.accessibleName() == "Sales by hour, T shows the table"
    interface = QAccessible.queryAccessibleInterface(chart.area)
    assert interface.role() == QAccessible.Role.Chart
    assert page.overview.strip.views[0].accessibleName() == "With a member, 65%, 41 of 63 sales, 68% from 56%"
    assert page.overview.parts.table.view.accessibleName() == "By cashier"
    assert page.overview.parts.table.totals.accessibleName().startswith("All, Sales 63")
    assert page.overview.health.accessibleName() == "Health, 1 problem"
    for button in page.findChildren(ActionButton):
        if button.isVisible():
            assert button.accessibleName()


def test_a_problem_leads_to_its_cure(open_day: OpenDay) -> None:
    page = open_day()
    page.overview.health.wanted.emit(Action.BACK_UP)
    assert books_of(page).cured == [(Action.BACK_UP, "meera")]
    page.overview.health.problems[0].button.click()
    assert window_of(page).drawers.place_of_keys() is Where.QUEUE


def test_trouble_stands_where_the_comparison_would(
    open_day: OpenDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_day()

    def fail(*_: object) -> None:
        raise KnownError("The ledger does not answer.")

    monkeypatch.setattr(books_of(page), "report", fail)
    hands_of(page).press("w")
    assert page.head.beside.text() == "The ledger does not answer."
    assert page.head.beside.colour == "red_text"


def test_this_tills_own_figures_are_shown_and_said_while_the_ledger_is_away(
    open_day: OpenDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_day()
    books, asked = books_of(page), []
    own, read = Scope("Marigold Stores", "2"), books_of(page).report

    def away(period: Period, scope: Scope, currency: str = "") -> DayReport:
        asked.append(scope)
        if scope != own:
            raise FiguresAwayError("The store's ledger cannot be reached.", own)
        return read(period, scope, currency)

    monkeypatch.setattr(books, "report", away)
    hands_of(page).press("w")
    assert asked == [Scope(), own]
    assert page.head.beside.text() == "This till only. The store's ledger cannot be reached."
    assert page.shown is not None
    assert page.shown.report.scope == own
    monkeypatch.setattr(books, "report", read)
    hands_of(page).press("d")
    assert "This till only" not in page.head.beside.text()


def test_it_is_read_again_after_a_sale_without_losing_its_place(open_day: OpenDay, qtbot: QtBot) -> None:
    page = open_day()
    asked = books_of(page).source.asked
    before = len(asked)
    page.overview.parts.table.view.setFocus(Qt.FocusReason.TabFocusReason)
    page.overview.parts.table.move_row(1)
    view = sample_views.STATES["done"]()
    page.follow(sample_views.STATES["idle"](), view)
    qtbot.waitUntil(lambda: len(asked) > before, timeout=4000)
    assert page.overview.parts.table.marked_row() == 1
    assert focus() is page.overview.parts.table.view


def test_an_export_goes_to_the_file_chosen(open_day: OpenDay, tmp_path: Path) -> None:
    page = open_day()
    assert page.shown is not None
    page.files.write(tmp_path / "figures.csv", page.shown.report, byte_order_mark=True)
    assert books_of(page).exported == [(tmp_path / "figures.csv", page.shown.report, True)]
    assert page.toast.words() == "Saved as figures.csv"
    page.files.save_pdf(tmp_path / "figures.pdf", page.shown)
    assert (tmp_path / "figures.pdf").read_bytes().startswith(b"%PDF-")
    page.files.save_pdf(tmp_path / "no folder" / "figures.pdf", page.shown)
    assert page.toast.words() == "The file could not be written. Choose another place."
    hands_of(page).press("e")
    dialog = page.findChild(QWidget, "QFileDialog") or QApplication.activeModalWidget()
    assert dialog is not None
    dialog.close()


def test_printing_goes_page_by_page(open_day: OpenDay, tmp_path: Path, qtbot: QtBot) -> None:
    from PySide6.QtPrintSupport import QPrinter

    page = open_day()
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    page.files.print_on(printer)
    qtbot.waitUntil(lambda: page.toast.words() == "Sent to the printer", timeout=5000)
    assert (tmp_path / "printed.pdf").read_bytes().count(b"/Type /Page\n") >= 3


def test_states_are_those_of_the_pictures() -> None:
    assert set(day_states.STATES) >= {
        "day",
        "day-empty",
        "day-one-sale",
        "day-offline",
        "day-long",
        "day-dinar",
    }
