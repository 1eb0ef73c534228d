"""Both books side by side in the window: progress, an end to it, one action for each problem."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cashier_app.errors import KnownError
from cashier_app.services.reconciliation import SaleComparison
from tests.fakes.runner import SteppedRunner
from tests.ui import sample_queue, sample_views
from tests.ui.fake_till import FakeQueue, FakeTill, StoppedClock
from tests.ui.sample_shop import NOW
from tests.ui.till_host import Hands, focus, make_window
from tests.unit.wording_shown import WORDING
from ui.main_window import MainWindow
from ui.screens.compare_drawer import MOST_ROWS, CompareDrawer
from ui.widgets.finding_rows import FindingRow


def opened(qtbot: QtBot, queue: FakeQueue) -> tuple[MainWindow, Hands, CompareDrawer]:
    window = make_window(FakeTill(sample_views.offer()), queue)
    qtbot.addWidget(window)
    qtbot.waitUntil(window.isActiveWindow)
    hands = Hands(window)
    hands.press("F7", "C")
    return window, hands, window.queue.on_top.compare


def fresh() -> FakeQueue:
    return FakeQueue(sample_queue.queue(), comparison=sample_queue.comparison())


def test_it_is_started_by_enter_and_left_by_escape(qtbot: QtBot) -> None:
    queue = fresh()
    window, hands, compare = opened(qtbot, queue)
    assert compare.isVisible()
    assert queue.asked == [], "opening asks nothing of the backend"
    assert compare.note.text() == "Reads both books. Nothing is changed by looking."
    hands.press("Enter")
    ((what, since),) = queue.asked
    assert what == "compare"
    zone = WORDING.figures.zone
    assert isinstance(since, datetime)
    assert since.astimezone(zone) == NOW.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    assert compare.note.text() == "5 problems in 63 sales"
    assert len(compare.list.rows()) == 5
    hands.press("Esc")
    assert not compare.isVisible()
    assert window.queue.isVisible()
    hands.press("Esc")
    assert not window.queue.isVisible()


def test_periods(qtbot: QtBot) -> None:
    queue = fresh()
    _, hands, compare = opened(qtbot, queue)
    hands.press("F5", "Right")
    assert compare.found() is None, "what was found belonged to another period"
    hands.press("F5", "Right", "F5")
    sinces = [asked[1] for asked in queue.asked]
    assert all(isinstance(since, datetime) for since in sinces)
    assert sinces[0] - sinces[1] == timedelta(days=6)  # type: ignore[operator]
    assert sinces[0] - sinces[2] == timedelta(days=29)  # type: ignore[operator]


def test_each_row_does_its_one_thing(qtbot: QtBot) -> None:
    queue = fresh()
    found = sample_queue.comparison().findings
    window, hands, compare = opened(qtbot, queue)
    hands.press("F5")
    queue.asked.clear()
    queue.again = SaleComparison(1, 0, ())
    hands.press("Down", "Enter")
    sale_id = found[0].sale.sale_id
    assert queue.asked == [("send_after_comparing", found[0].key), ("compare_again", sale_id)]
    assert len(compare.list.rows()) == 4, "what agrees now is no problem any more"
    assert compare.found().agree == 119  # type: ignore[union-attr]
    assert isinstance(focus(), FindingRow)
    hands.press("Enter")
    assert window.queue.on_top.settles()
    hands.press("Esc")
    queue.asked.clear()
    hands.press("Down", "Enter")
    assert queue.asked == [("look_up_now", found[2].key), ("compare_again", found[2].sale.sale_id)]
    queue.asked.clear()
    queue.again = SaleComparison(0, 0, (found[4],))
    hands.press("Down", "Down", "Enter")
    assert queue.asked == [("compare_again", found[4].sale.sale_id)]
    assert compare.found().findings[-1] == found[4]  # type: ignore[union-attr]


def test_trouble_is_said_in_place(qtbot: QtBot) -> None:
    queue = fresh()
    _, hands, compare = opened(qtbot, queue)
    queue.refusal = KnownError("The loyalty system does not answer. Try again later.")
    hands.press("F5")
    assert compare.note.text() == "The loyalty system does not answer. Try again later."
    assert not compare.running()
    queue.refusal = None
    hands.press("F5")
    assert compare.note.text() == "5 problems in 63 sales"


class Stepped:
    """A comparison whose work waits for the test."""

    def __init__(self, qtbot: QtBot) -> None:
        self.runner, self.queue = SteppedRunner(), fresh()
        self.host = QWidget()
        self.host.resize(1280, 800)
        qtbot.addWidget(self.host)
        self.drawer = CompareDrawer(
            self.queue, WORDING, runner=self.runner, clock=StoppedClock(), parent=self.host
        )
        self.drawer.resize(1280, 800)
        self.host.show()
        self.drawer.open_drawer()


def test_progress_is_shown_and_it_can_be_stopped(qtbot: QtBot) -> None:
    stepped = Stepped(qtbot)
    drawer = stepped.drawer
    drawer.start_or_stop()
    assert (drawer.running(), drawer.note.text()) == (True, "0 of 0 sales compared")
    assert drawer.start_button.words() == "Stop"
    stop = drawer._stop
    assert stop is not None
    answer = stepped.runner.answer_later()
    stepped.runner.step()
    assert drawer.note.text() == "1 of 63 sales compared"
    assert drawer.bar.isVisible()
    assert drawer.bar.accessibleName() == "1 of 63 sales compared"
    drawer.start_or_stop()
    assert stop.is_set()
    assert drawer.running(), "until it has ended"
    answer()
    stepped.runner.run_all()
    assert not drawer.running()
    assert not drawer.bar.isVisible()


def test_closing_ends_it(qtbot: QtBot) -> None:
    stepped = Stepped(qtbot)
    stepped.drawer.start_or_stop()
    stop = stepped.drawer._stop
    assert stop is not None
    stepped.drawer.close_drawer()
    assert stop.is_set()


def test_more_problems_than_anyone_reads(qtbot: QtBot) -> None:
    queue = fresh()
    (first, *_) = sample_queue.comparison().findings
    assert queue.comparison is not None
    queue.comparison = replace(queue.comparison, findings=(first,) * 1000)
    _, hands, compare = opened(qtbot, queue)
    hands.press("F5")
    assert len(compare.list.rows()) == MOST_ROWS
    assert compare.note.text().startswith("1,000 problems")


@pytest.mark.parametrize("place", range(5))
def test_rows_say_problem_and_action(qtbot: QtBot, place: int) -> None:
    _, hands, compare = opened(qtbot, fresh())
    hands.press("F5")
    row = QAccessible.queryAccessibleInterface(compare.list.rows()[place])
    assert row.role() == QAccessible.Role.ListItem
    said = (
        "Only here, 2-0398, 13:47, Earn 1,860 coins: posted here, and not booked there.",
        "Only here, 2-0399, 13:46, Use 12,400 coins: needs attention here, and is not booked there.",
        "Only there, 2-0400, 13:45, Use 12,400 coins: needs attention here, and is booked there.",
        "Only there, 2-0401, 13:44, Earn 1,860 coins: settled here as not booked, but it is booked there.",
        "Differs, 2-0402, 13:43, Earn 1,860 coins: 1,860 coins here, 1,879 coins there.",
    )
    acts = ("Send again", "Settle by hand", "Look up", "Look up", "Look up")
    assert row.text(QAccessible.Text.Name) == said[place].replace("1,860 coins", "18 coins").replace(
        "1,879", "37"
    )
    assert row.text(QAccessible.Text.Description).startswith(acts[place])
