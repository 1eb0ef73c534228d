"""Closing training in the middle of something: it asks once, then leaves nothing half."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from cashier_app.ports.journal import QueueCounts
from cashier_app.wording.menu import Entry
from tests.ui import sample_views
from tests.ui.fake_till import FakeTill
from tests.ui.till_host import make_window
from ui.main_window import MainWindow
from ui.training.leaving import Leaving


class Closed:
    """A window of training that is closed, and what that does."""

    def __init__(self, qtbot: QtBot, state: str) -> None:
        self.done: list[str] = []
        self.till = FakeTill(sample_views.STATES[state]())
        self.window: MainWindow = make_window(self.till, training=True)
        qtbot.addWidget(self.window)
        self.leaving = Leaving(self.window, self, lambda: self.done.append("closed"))  # type: ignore[arg-type]
        self.leaving.leave_lesson = lambda: self.done.append("left the lesson")
        self.window.leaving = self.leaving

    def clear_all(self) -> None:
        self.done.append("cleared")


@pytest.mark.parametrize("state", ["member", "offer", "pay"])
def test_a_sale_is_asked_about_once_and_cleared(qtbot: QtBot, state: str) -> None:
    training = Closed(qtbot, state)
    assert not training.window.close()
    assert training.window.closing.bar.isVisible()
    assert training.done == []
    assert training.window.close()
    assert training.done == ["cleared", "closed"]


def test_a_lesson_is_asked_about_once_and_left(qtbot: QtBot) -> None:
    training = Closed(qtbot, "idle")
    training.leaving.lesson_under_way = lambda: True
    assert not training.window.close()
    assert training.window.close()
    assert training.done == ["left the lesson", "cleared", "closed"]


def test_nothing_is_asked_where_nothing_is_under_way(qtbot: QtBot) -> None:
    training = Closed(qtbot, "idle")
    view = training.till.view
    waiting = replace(view.connection, counts=QueueCounts(waiting=2, needs_attention=1))
    training.till.show(replace(view, connection=waiting))
    assert training.window.close(), "practice sales that wait keep nobody"
    assert training.done == ["cleared", "closed"]


@pytest.mark.parametrize("state", ["idle", "member"])
def test_the_menu_ends_it_where_a_full_screen_hides_the_title(qtbot: QtBot, state: str) -> None:
    training = Closed(qtbot, state)
    training.window.ways.show_menu()
    training.window.drawers.menu.rows[Entry.END_TRAINING].click()
    if state == "member":
        assert training.done == []
        assert training.window.closing.bar.isVisible(), "asked once, also from the menu"
        training.window.closing.close_now()
    assert training.done == ["cleared", "closed"]


def test_a_till_that_works_has_no_training_to_end(qtbot: QtBot) -> None:
    window = make_window(FakeTill(sample_views.STATES["idle"]()))
    qtbot.addWidget(window)
    window.ways.show_menu()
    assert Entry.END_TRAINING not in window.drawers.menu.rows
