"""The manager's day in the window: every state in its place, and what goes out of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QEnterEvent
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.domain.period import Period
from cashier_app.errors import KnownError
from cashier_app.ports.figures import FiguresAwayError, Scope
from cashier_app.services.day_stats import DayReport
from cashier_app.services.health import Action
from tests.fakes.made_days import STATES
from tests.ui import day_states, sample_views
from tests.ui.day_host import OpenDay, books_of, hands_of, open_page, window_of
from tests.ui.till_host import SIZES, focus
from ui.key_words import Where
from ui.screens.day_page import DayPage
from ui.theme.tokens import DARK, LIGHT, Theme
from ui.widgets.button import ActionButton
from ui.widgets.figure_strip import FigureView
from ui.widgets.figures_table import FiguresTable
from ui.widgets.health_box import FactRow
from ui.widgets.legend import Legend
from ui.widgets.split_card import SplitCard
from ui.widgets.text import ElidedLabel


@pytest.fixture
def open_day(qtbot: QtBot) -> Iterator[OpenDay]:
    yield partial(open_page, qtbot)
    QApplication.processEvents()


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
