"""The page of licences: every part by keys and by fingers, texts as they are, read by workers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cashier_app.errors import KnownError
from cashier_app.wording.menu import Entry
from tests.fakes.runner import SteppedRunner
from tests.ui import licence_states, sample_views
from tests.ui.fake_till import FakeTill
from tests.ui.licence_states import ABOUT, PARTS, STATES, TEXT, FakeShelf, page_in
from tests.ui.till_host import Hands, make_window
from tests.ui.who_host import overlaps, too_small
from ui.background import Background
from ui.main_window import MainWindow
from ui.screens.licences_page import LicencesPage
from ui.theme.tokens import DARK, LIGHT, Theme


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    made = make_window(FakeTill(sample_views.offer()))
    qtbot.addWidget(made)
    qtbot.waitUntil(made.isActiveWindow)
    return made


def opened(window: MainWindow, shelf: FakeShelf | None = None, **how: object) -> LicencesPage:
    page = page_in(window, shelf or FakeShelf(), **how)
    window.drawers.open(page)
    return page


def test_the_menu_opens_it_with_what_is_installed_here(qtbot: QtBot) -> None:
    background = Background()
    try:
        window = make_window(FakeTill(sample_views.idle()), runner=background)
        qtbot.addWidget(window)
        qtbot.waitUntil(window.isActiveWindow)
        hands = Hands(window)
        hands.press("F10")
        hands.press(window.drawers.menu.rows[Entry.LICENCES].key())
        page = window.drawers.top()
        assert isinstance(page, LicencesPage)
        qtbot.waitUntil(lambda: len(page.list.rows) > 1, timeout=20_000)
        assert page.list.rows[0].accessibleName().startswith("cashier-app ")
        hands.press("Enter")
        qtbot.waitUntil(lambda: "Permission is hereby granted" in page.text.toPlainText(), timeout=20_000)
        hands.press("Esc", "Esc")
        assert window.drawers.top() is None
    finally:
        background.close()


def test_keys_alone_reach_every_part_and_read_its_text(window: MainWindow) -> None:
    page, hands = opened(window), Hands(window)
    assert page.list.hasFocus()
    hands.press("Down", "Down", "Up")
    assert page.list.marked() == 1
    hands.press("Enter")
    assert page.text.toPlainText() == ABOUT
    hands.press("Esc", "z")
    assert page.list.rows[page.list.marked()].accessibleName() == "zxing-cpp 3.0.0: Apache-2.0"
    bar = page._scroll.verticalScrollBar()
    assert bar.value() > 0
    hands.press("PageUp", "PageDown", "Enter")
    assert page.text.toPlainText() == "No text came with this part."
    hands.press("Esc", "P", "P", "Enter")
    assert page.title.text() == "part-01 1.0"
    assert page.text.toPlainText() == TEXT, "nothing is taken for rich text"
    text_bar = page.text.verticalScrollBar()
    hands.press("PageDown", "Down")
    assert text_bar.value() > 0
    hands.press("PageUp", "PageUp", "Up")
    assert text_bar.value() == 0
    hands.press("Tab")
    assert page.close_button.hasFocus()
    hands.press("Enter")
    assert not page.is_text()
    assert page.list.hasFocus()
    hands.press("Esc")
    assert not page.isVisible()


def test_the_list_is_where_it_was_left(window: MainWindow) -> None:
    page, hands = opened(window), Hands(window)
    bar = page._scroll.verticalScrollBar()
    for _ in range(3):
        hands.press("PageDown")
    before = bar.value()
    assert before > 0
    hands.press("Enter", "Esc")
    QApplication.processEvents()
    assert bar.value() == before


def test_what_is_said_of_all_parts_flows(window: MainWindow) -> None:
    about = f"Head\n====\n\n{'word ' * 20}and\nthe rest.\nNext one.\n    https://qt.example"
    page = opened(window, FakeShelf(licence_states.Licences(about, PARTS)))
    page.list.open(1)
    assert page.text.toPlainText().splitlines()[3].endswith("and the rest.")
    assert page.text.toPlainText().splitlines()[4:] == ["Next one.", "    https://qt.example"]


def test_fingers_alone_do_the_same(window: MainWindow) -> None:
    page = opened(window)
    QTest.mouseClick(page.list.rows[2], Qt.MouseButton.LeftButton)
    assert page.title.text() == "anyio 4.16.0"
    assert page.intro.text() == "Licence: MIT. Source: https://github.com/agronholm/anyio"
    QTest.mouseClick(page.close_button, Qt.MouseButton.LeftButton)
    assert page.list.marked() == 2
    QTest.mouseClick(page.close_button, Qt.MouseButton.LeftButton)
    assert not page.isVisible()


def test_several_texts_stand_below_their_names(window: MainWindow) -> None:
    page = opened(window)
    page.list.mark_letter("Y")
    page.list.open([part.name for part in PARTS].index("PySide6_Essentials") + 1)
    shown = page.text.toPlainText()
    assert shown.index("LGPL-3.0.txt") < shown.index(" GPL-3.0.txt")


def test_from_source_there_is_no_word_on_a_bundle(window: MainWindow) -> None:
    page = opened(window, FakeShelf(licence_states.Licences("", PARTS)))
    assert "runs from source" in page.intro.text()
    assert len(page.list.rows) == len(PARTS)
    page.list.open(1)
    assert page.title.text() == "anyio 4.16.0"


def test_nothing_is_read_on_this_thread_and_what_comes_too_late_is_let_go(window: MainWindow) -> None:
    runner = SteppedRunner()
    page = opened(window, runner=runner)
    assert page.list.rows == []
    Hands(window).press("Enter", "Down", "a")  # nothing to open yet
    runner.step()
    assert len(page.list.rows) == len(PARTS) + 1
    page.list.open(2)
    assert page.text.toPlainText() == "The text is read."
    page.go_back()
    page.list.open(0)
    runner.step()
    assert page.text.toPlainText() == "The text is read.", "of another part"
    runner.step()
    assert page.text.toPlainText() == TEXT


def test_trouble_is_one_sentence_and_the_next_try_is_free(window: MainWindow) -> None:
    shelf = FakeShelf()
    page = opened(window, shelf)
    shelf.refusal = KnownError("/opt/LICENSE cannot be read.")
    page.list.open(2)
    assert page.text.toPlainText() == "/opt/LICENSE cannot be read."
    page.go_back()
    shelf.refusal = None
    page.list.open(2)
    assert page.text.toPlainText() == TEXT


def test_a_screen_reader_is_told_what_each_row_is(window: MainWindow) -> None:
    page = opened(window)
    interface = QAccessible.queryAccessibleInterface(page.list)
    assert interface is not None
    assert interface.role() is QAccessible.Role.List
    assert page.list.accessibleName() == "Licences"
    assert page.list.rows[1].accessibleName() == "About these parts, and how to replace them"


@pytest.mark.parametrize(("size", "theme"), [((1024, 600), DARK), ((1280, 800), LIGHT), ((1920, 1080), DARK)])
def test_every_state_has_room(qtbot: QtBot, size: tuple[int, int], theme: Theme) -> None:
    for name in STATES:
        window = make_window(FakeTill(sample_views.offer()), size=size, theme=theme)
        qtbot.addWidget(window)
        page = licence_states.open_in(window, name)
        QApplication.processEvents()
        assert overlaps(page) == [], name
        assert too_small(page) == [], name
        assert page.intro.heightForWidth(page.intro.width()) <= page.intro.height() + 1, name
        marked = page.list.rows[page.list.marked()]
        seen = page._scroll.viewport().rect()
        at = marked.mapTo(page._scroll.viewport(), marked.rect().center())
        assert page.is_text() or seen.contains(at), name
