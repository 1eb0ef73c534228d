"""The manager's day opened in a window, for tests of its page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.fakes.made_days import FakeBooks
from tests.ui import day_states, sample_views
from tests.ui.fake_till import FakeTill
from tests.ui.till_host import Hands, make_window
from ui.main_window import MainWindow
from ui.screens.day_page import DayPage
from ui.theme.tokens import LIGHT, Theme

OpenDay = Callable[..., DayPage]


def open_page(
    qtbot: QtBot,
    name: str = "day",
    *,
    size: tuple[int, int] = (1280, 800),
    theme: Theme = LIGHT,
    closes: Callable[[], None] | None = None,
) -> DayPage:
    """Open the day in this state over an idle till, and return its page."""
    view = sample_views.STATES["idle"]()
    window = make_window(FakeTill(view), size=size, theme=theme, view=view)
    qtbot.addWidget(window)
    day_states.open_in(window, name, closes=closes)
    QApplication.processEvents()
    return window.drawers.day


def window_of(page: DayPage) -> MainWindow:
    """Return the window that a page lies in."""
    window = page.window()
    assert isinstance(window, MainWindow)
    return window


def hands_of(page: DayPage) -> Hands:
    """Return hands that press the keys of its window."""
    return Hands(window_of(page))


def books_of(page: DayPage) -> FakeBooks:
    """Return what the page reads."""
    books = page._books
    assert isinstance(books, FakeBooks)
    return books
