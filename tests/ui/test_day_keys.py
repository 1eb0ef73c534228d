"""F1 in the manager's day: every letter of the page is listed, and the page stays as it is behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.day_host import hands_of, open_page
from tests.ui.till_host import SIZES, Hands
from ui.key_words import Where
from ui.main_window import MainWindow
from ui.screens.day_page import DayPage
from ui.widgets.keycap import Keycap
from ui.widgets.text import ElidedLabel

OpenDay = Callable[..., tuple[DayPage, Hands]]


@pytest.fixture
def open_day(qtbot: QtBot) -> Iterator[OpenDay]:
    def open_it(name: str = "day", size: tuple[int, int] = (1280, 800)) -> tuple[DayPage, Hands]:
        page = open_page(qtbot, name, size=size)
        return page, hands_of(page)

    yield open_it
    QApplication.processEvents()


def listed(page: DayPage) -> list[str]:
    return [cap.words() for cap in page.sheet.keys.findChildren(Keycap) if cap.isVisible()]


def test_f1_lists_every_letter_of_the_page_and_no_other(open_day: OpenDay) -> None:
    page, hands = open_day("day-stores")
    hands.press("F1")
    letters = {key for key in listed(page) if len(key) == 1 and key.isascii()}
    assert letters == set(page._letters())
    assert "Z: Close day" in page.sheet.keys.accessibleName()


def test_what_cannot_be_chosen_is_not_listed(open_day: OpenDay) -> None:
    page, hands = open_day()
    hands.press("F1")
    assert {"O", "C"}.isdisjoint(listed(page))


@pytest.mark.parametrize("size", SIZES)
def test_all_of_it_is_seen_at_every_size(open_day: OpenDay, size: tuple[int, int]) -> None:
    page, hands = open_day("day-stores", size)
    hands.press("F1")
    assert {"E", "Esc"} <= set(listed(page)), "the last row of each list"
    for label in page.sheet.keys.findChildren(ElidedLabel):
        if label.isVisible():
            assert not label.is_elided(), label.text()


def test_the_page_stays_and_is_there_again(open_day: OpenDay) -> None:
    page, hands = open_day()
    window = page.window()
    assert isinstance(window, MainWindow)
    for leaves in ("F1", "Esc"):
        hands.press("F1")
        assert page.sheet.keys.isVisible()
        assert window.drawers.place_of_keys() is Where.DAY
        hands.press(leaves)
        assert not page.sheet.keys.isVisible()
        assert window.drawers.place_of_keys() is Where.DAY
    hands.press("F1", "F")
    assert not page.sheet.keys.isVisible(), "a letter does what it says"
    assert page.sheet.shows_figures()
    hands.press("F1")
    QTest.mouseClick(page.sheet.keys, Qt.MouseButton.LeftButton)
    assert not page.sheet.keys.isVisible()


def test_everywhere_else_it_is_the_help(open_day: OpenDay) -> None:
    page, hands = open_day()
    window = page.window()
    assert isinstance(window, MainWindow)
    hands.press("Esc", "F1")
    assert window.drawers.place_of_keys() is Where.HELP
