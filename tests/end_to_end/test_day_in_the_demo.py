"""The manager's day of the demo shop: real sales by real keys, read back from the real database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cashier_app.domain.period import PeriodKind
from tests.end_to_end.demo_till import DemoTill
from ui.key_words import Where
from ui.screens.day_page import DayPage
from ui.till_day import give_day


class Practice(DemoTill):
    """The demo shop with its window, whose manager wants to know."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        super().__init__(folder, qtbot)
        give_day(self.window, self.shop.till)
        self.open_for_sale()

    def sell(self, bill: str) -> None:
        """Sell to Ravi without using coins, and have it posted."""
        self.serve()
        self.hands.type(bill)
        self.hands.press("-", "Enter")
        self.until_done()
        self.until_posted()

    def sell_to_nobody(self, bill: str) -> None:
        """Sell without a member."""
        self.hands.press("F8")
        self.hands.type(bill)
        self.hands.press("Enter", "Enter")
        self.until_done()

    def open_day(self) -> DayPage:
        """Press Ctrl+D."""
        QTest.keyClick(self.window.windowHandle(), Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        self.until(lambda: self.window.drawers.place_of_keys() is Where.DAY)
        return self.window.drawers.day


@pytest.fixture
def practice(qtbot: QtBot, tmp_path: Path) -> Iterator[Practice]:
    made = Practice(tmp_path, qtbot)
    yield made
    made.close()


def test_the_day_says_what_was_sold_and_selling_goes_on(practice: Practice, tmp_path: Path) -> None:
    practice.sell("640")
    practice.sell_to_nobody("500")
    page = practice.open_day()
    practice.until(lambda: page.shown is not None and page.shown.report.figures.earned == 6)
    practice.until(lambda: page.overview.chart.area.plot is not None)
    practice.until(lambda: page.overview.health.facts != [])
    assert page.shown is not None
    tiles = [view.tile for view in page.overview.strip.views]
    assert [tile.figure for tile in tiles if tile][:5] == ["50%", "0", "6", "0", "₹0.00"]
    plot = page.overview.chart.area.plot
    assert plot is not None
    members, others = plot.items_shown
    assert (sum(members.values()), sum(others.values())) == (1, 1)
    page.files.write(tmp_path / "figures.json", page.shown.report)
    practice.until(lambda: page.toast.words() == "Saved as figures.json")
    written = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert written["figures"]["sales"] == 2
    practice.hands.press("w", "m")
    practice.until(lambda: page.shown is not None and page.shown.report.period.kind is PeriodKind.MONTH)
    assert page.shown.report.figures.sales == 2
    practice.hands.press("Esc", "Enter")
    practice.sell("1000")
    page = practice.open_day()
    practice.until(lambda: page.shown is not None and page.shown.report.figures.sales == 3)


def test_what_the_window_shows_is_what_the_command_line_prints(practice: Practice) -> None:
    from cashier_app.wording.figures_file import figures_data

    practice.sell("640")
    page = practice.open_day()
    practice.until(lambda: page.shown is not None and page.shown.report.figures.earned == 6)
    practice.hands.press("f")
    assert page.shown is not None
    shown = {
        (name, head.full): figure
        for name, row in zip(page.figures.table.words().names, page.figures.table.words().rows, strict=True)
        for head, figure in zip(page.figures.table.words().heads, row, strict=False)
    }
    printed = figures_data(page.shown.report, "Marigold Stores")
    assert shown["Sales", "All"] == str(printed["figures"]["sales"]) == "1"  # type: ignore[index, call-overload]
    assert shown["Bills", "All"] == "₹640.00"
    assert printed["figures"]["bill"] == 64000  # type: ignore[index, call-overload]
