"""Settling by hand in the window: few keys, no accident, no way back that is not said before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from cashier_app.domain.settlement import Truth
from cashier_app.errors import KnownError
from tests.ui import sample_queue, sample_views
from tests.ui.fake_till import FakeQueue, FakeTill, StoppedClock
from tests.ui.till_host import Hands, focus, make_window
from ui.main_window import MainWindow
from ui.screens.settle_dialog import DEAD_SECONDS, SettleDialog

KEY = "01935f1c-7a40-7000-8000-000000020398-capture-1"


class Manager:
    """A manager at the open queue; time passes between the keys, as it does."""

    def __init__(self, qtbot: QtBot) -> None:
        self.clock = StoppedClock()
        self.till = FakeTill(sample_views.offer())
        self.queue = FakeQueue(sample_queue.queue())
        self.window: MainWindow = make_window(self.till, self.queue, clock=self.clock)
        qtbot.addWidget(self.window)
        qtbot.waitUntil(self.window.isActiveWindow)
        self.hands = Hands(self.window)

    @property
    def dialog(self) -> SettleDialog:
        return self.window.queue.on_top.dialog

    def press(self, *names: str) -> None:
        for name in names:
            self.clock.seconds += 1
            self.hands.press(name)

    def type(self, text: str) -> None:
        self.press(*text)


@pytest.fixture
def manager(qtbot: QtBot) -> Iterator[Manager]:
    made = Manager(qtbot)
    yield made
    made.window.queue.close_drawer()


def settled(manager: Manager) -> list[tuple[object, ...]]:
    return [asked for asked in manager.queue.asked if asked[0] == "settle_by_hand"]


def test_one_sale_is_settled_with_six_keys_and_the_next_with_five(manager: Manager) -> None:
    manager.press("F7", "H", "2")
    manager.type("asha")
    manager.press("Enter")
    manager.type("paid back in cash".replace(" ", "."))
    manager.press("Enter", "Enter")
    reason = "paid.back.in.cash"
    assert settled(manager) == [("settle_by_hand", KEY, Truth.NOT_BOOKED, "asha", reason)]
    hands = manager.hands
    typed = len("asha") + len(reason)
    assert hands.presses + hands.digits - typed == 6
    assert manager.window.queue._note.text() == "2-0398 is settled by hand"

    before = hands.presses + hands.digits
    manager.press("H", "1")
    manager.type("seen")
    manager.press("Enter", "Enter")
    assert settled(manager)[1] == ("settle_by_hand", KEY, Truth.TOOK_HOLD, "asha", "seen")
    assert hands.presses + hands.digits - before - len("seen") == 4, "the name is kept; F7 makes five"


def test_spaces_and_arrows_belong_to_the_field(manager: Manager) -> None:
    manager.press("F7", "H", "2")
    manager.press("A", "Space", "K", "Left", "Left", "X")
    assert manager.dialog.by.text().lower() == "ax k"


def test_enter_is_dead_for_a_moment(manager: Manager) -> None:
    manager.press("F7", "H", "2")
    manager.dialog.by.setText("Asha")
    manager.dialog.reason.setText("counted twice")
    manager.press("Enter")
    assert manager.dialog.confirms()
    for _ in range(3):
        manager.clock.seconds += DEAD_SECONDS / 4
        manager.hands.press("Enter")
        assert settled(manager) == []
    manager.clock.seconds += DEAD_SECONDS / 2
    manager.hands.press("Enter")
    assert len(settled(manager)) == 1


def test_enter_held_down_goes_no_further_than_the_question(manager: Manager) -> None:
    manager.press("F7", "H", "2")
    manager.dialog.by.setText("Asha")
    manager.dialog.reason.setText("counted twice")
    manager.clock.seconds += 1
    manager.hands.hold("Enter", 40)
    manager.clock.seconds += 5
    assert manager.dialog.confirms()
    assert settled(manager) == []


def test_a_scan_is_not_used_and_confirms_nothing(manager: Manager) -> None:
    manager.press("F7", "H", "2")
    manager.dialog.by.setText("Asha")
    manager.dialog.reason.setText("counted twice")
    for confirms in (False, True):
        manager.clock.seconds += 5
        if confirms:
            manager.press("Enter")
        manager.clock.seconds += 5
        manager.hands.scan("LC1:priya0001")
        assert manager.dialog.isVisible()
        assert manager.dialog.confirms() is confirms
        assert manager.dialog.note.text() == "Scan not used: finish this first"
    assert (manager.dialog.by.text(), manager.dialog.reason.text()) == ("Asha", "counted twice")
    assert (settled(manager), manager.till.asked) == ([], [])


def test_nobodys_code_goes_into_the_field_it_was_typed_into(manager: Manager) -> None:
    manager.press("F7", "H", "2")
    manager.dialog.by.setText("Asha")
    manager.dialog.reason.setText("receipt ")
    manager.dialog.reason.setFocus()
    manager.till.nobodys = {"R-2026/0041", "A\x16B\x1dC123\u202e"}
    for scanned, shown in (("R-2026/0041", "receipt R-2026/0041"), ("LC1:priya0001", "receipt R-2026/0041")):
        manager.clock.seconds += 5
        manager.hands.scan(scanned)
        assert not manager.dialog.confirms(), "its Enter confirms nothing"
        assert manager.dialog.reason.text() == shown
    assert manager.dialog.note.text() == "Scan not used: finish this first"
    assert (settled(manager), manager.till.asked) == ([], [])


def test_a_code_that_nobody_has_says_so_where_no_text_is_typed(manager: Manager) -> None:
    manager.press("F7", "H", "2")
    manager.till.nobodys = {"R-2026/0041"}
    manager.dialog.keep.setFocus()
    manager.clock.seconds += 5
    manager.hands.scan("R-2026/0041")
    assert manager.dialog.note.text() == "Scan not used: finish this first"
    assert manager.dialog.reason.text() == ""


def test_escape_goes_one_step_at_a_time(manager: Manager) -> None:
    manager.press("F7", "H", "2")
    manager.dialog.by.setText("Asha")
    manager.dialog.reason.setText("counted twice")
    manager.press("Enter")
    assert manager.dialog.confirms()
    manager.press("Esc")
    assert manager.dialog.isVisible()
    assert not manager.dialog.confirms()
    assert manager.dialog.reason.text() == "counted twice", "what was typed is kept"
    manager.press("Esc")
    assert not manager.dialog.isVisible()
    assert manager.window.queue.isVisible()
    manager.press("Esc")
    assert not manager.window.queue.isVisible()
    assert (settled(manager), manager.till.asked) == ([], [])


@pytest.mark.parametrize(
    ("truth", "by", "reason", "says"),
    [
        (None, "Asha", "because", "Choose what is true: press 1 or 2"),
        (Truth.TOOK_HOLD, "", "because", "Type the manager's name"),
        (Truth.TOOK_HOLD, "Asha", "ok", "Type a reason of 3 characters or more"),
        (Truth.TOOK_HOLD, "Asha", "...", "Type a reason of 3 characters or more"),
    ],
)
def test_what_is_missing_is_said(
    manager: Manager, truth: Truth | None, by: str, reason: str, says: str
) -> None:
    manager.press("F7", "H")
    dialog = manager.dialog
    if truth is not None:
        dialog.choose(truth)
    dialog.by.setText(by)
    dialog.reason.setText(reason)
    dialog.reason.setFocus()
    manager.press("Enter")
    assert not dialog.confirms()
    assert (dialog.note.text(), dialog.note.colour) == (says, "red_text")
    wanted = dialog.truths[Truth.TOOK_HOLD] if truth is None else dialog.reason if by else dialog.by
    assert focus() is wanted


def test_a_refusal_is_said_in_the_dialog(manager: Manager) -> None:
    manager.press("F7", "H", "2")
    manager.dialog.by.setText("Asha")
    manager.dialog.reason.setText("counted twice")
    manager.queue.refusal = KnownError("This has moved on meanwhile. Nothing was changed.")
    manager.press("Enter", "Enter")
    assert manager.dialog.isVisible()
    assert manager.dialog.note.text() == "This has moved on meanwhile. Nothing was changed."
    manager.press("Esc", "Esc")
    assert not manager.dialog.isVisible()


@pytest.mark.parametrize("truth", Truth)
def test_it_is_said_before_that_it_cannot_be_undone(manager: Manager, truth: Truth) -> None:
    manager.press("F7", "H")
    manager.dialog.choose(truth)
    manager.dialog.by.setText("Asha")
    manager.dialog.reason.setText("<b>counted</b> twice")
    manager.press("Enter")
    assert "This cannot be undone." in manager.dialog.note.text()
    shown = [label.text() for pair in manager.dialog.parts.lines for label in pair]
    assert shown[3:] == ["Asha", "Reason", "<b>counted</b> twice"]
    assert manager.dialog.parts.lines[2][1].textFormat() is Qt.TextFormat.PlainText


def test_only_what_needs_a_person_can_be_settled(manager: Manager) -> None:
    manager.press("F7", "Down", "Enter", "H")
    assert not manager.window.queue.on_top.settles()


def test_names_roles_and_the_way_round(manager: Manager) -> None:
    manager.press("F7", "H")
    dialog = manager.dialog
    found = QAccessible.queryAccessibleInterface(dialog)
    assert (found.role(), found.text(QAccessible.Text.Name)) == (QAccessible.Role.Dialog, "Settle by hand")
    names = []
    while focus() not in names:
        names.append(focus())
        manager.press("Tab")
    assert [widget.accessibleName() for widget in names if widget is not None] == [
        "It took hold there",
        "It did not, and shall not be sent",
        "Manager's name",
        "Reason",
        "Cancel",
        "Next: check it",
    ]
