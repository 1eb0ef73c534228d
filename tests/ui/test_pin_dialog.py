"""Somebody who may types a PIN: who, why, how much; nothing by accident, and back where it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cashier_app.domain.offline_policy import OfflineMode, OfflinePolicy
from cashier_app.domain.settlement import Truth
from cashier_app.domain.staff import Right
from cashier_app.errors import KnownError
from cashier_app.services.approval import Approval
from cashier_app.services.desk import Desk
from cashier_app.services.desk_settings import DeskSettings
from cashier_app.services.desk_view import DeskStage
from cashier_app.services.till_view import Step
from tests.fakes.counter import PRIYAS_CODE
from tests.fakes.staff import ASHA, MEERA, VIKRAM, FakeSignIn, pin_of
from tests.ui import sample_queue, sample_views, staff_states
from tests.ui.fake_backend_setup import FakeBackendSetup
from tests.ui.fake_till import FakeQueue, FakeTill, StoppedClock
from tests.ui.staff_states import OFFLINE, Counter
from tests.ui.till_host import SIZES, Hands, Shop, focus, make_window
from tests.ui.who_host import cut_off, outside, overlaps, too_small
from ui.gate import Gate
from ui.main_window import MainWindow
from ui.screens.backend_form import BY
from ui.screens.frame import Frame
from ui.screens.pin_dialog import DEAD_SECONDS
from ui.screens.till import Place
from ui.theme.metrics import Metrics
from ui.theme.tokens import DARK, LIGHT, Theme
from ui.widgets.button import ActionButton
from ui.widgets.keypad import KeypadKey

DIALOGS = tuple(name for name in staff_states.STATES if name.startswith("pin"))


class Shift:
    """Asha at the till, Vikram and Meera near by."""

    def __init__(self, qtbot: QtBot, size: tuple[int, int] = (1280, 800)) -> None:
        self.clock = StoppedClock()
        self.till = FakeTill(sample_views.offer())
        self.queue = FakeQueue(sample_queue.queue())
        self.window: MainWindow = make_window(self.till, self.queue, clock=self.clock, size=size)
        qtbot.addWidget(self.window)
        qtbot.waitUntil(self.window.isActiveWindow)
        self.counter = Counter(self.window, clock=self.clock)
        self.counter.sign_in_as(ASHA)
        self.gate, self.desk, self.sign_in = self.counter.gate, self.counter.desk, self.counter.sign_in
        self.sign_in.asked.clear()
        self.hands = Hands(self.window)
        self.answers: list[Approval | None] = []

    def ask(self) -> None:
        self.gate.ask(OFFLINE, self.answers.append)

    def press(self, *names: str) -> None:
        for name in names:
            self.clock.seconds += 1
            self.hands.press(name)

    @property
    def note(self) -> str:
        return self.gate.dialog.note.words()


@pytest.fixture
def shift(qtbot: QtBot) -> Iterator[Shift]:
    made = Shift(qtbot)
    yield made
    made.window.drawers.close()


# --- how it looks --------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "theme"), [*((size, LIGHT) for size in SIZES), ((1280, 800), DARK)])
def test_nothing_overlaps_is_cut_off_or_too_small(qtbot: QtBot, size: tuple[int, int], theme: Theme) -> None:
    for state in DIALOGS:
        window = make_window(FakeTill(sample_views.offer()), size=size, theme=theme)
        qtbot.addWidget(window)
        dialog = staff_states.open_in(window, state).gate.dialog
        assert dialog.isVisible(), state
        assert overlaps(dialog) == [], state
        assert outside(dialog) == [], state
        assert cut_off(dialog, {dialog.about, dialog.asks}) == [], state
        assert too_small(dialog) == [], state
        buttons = [b for b in dialog.findChildren(ActionButton) if b.isVisible() and b.words()]
        assert [b.words() for b in buttons if not b.has_room()] == [], state
        card = dialog._card()
        assert dialog.rect().contains(card), state
        assert not card.intersects(dialog.keypad.geometry()), state
        assert dialog.keypad.geometry() == Frame.of(Metrics.of(*size)).keys
        for label in dialog.findChildren(QLabel):
            assert label.textFormat() is Qt.TextFormat.PlainText
            assert label.font().pixelSize() >= 16
        window.hide()


def test_it_says_what_how_much_and_who_asks(shift: Shift) -> None:
    shift.ask()
    dialog = shift.gate.dialog
    assert dialog.title.text() == "Use coins while offline?"
    assert dialog.about.text() == "Asked by Asha, cashier"
    lines = [(left.text(), right.text()) for left, right in dialog.lines if left.isVisible()]
    assert lines == [("Amount", "₹200.00"), ("Allowed without a PIN", "₹150.00")]
    rows = [row.words().name for row in dialog.people.rows if row.isVisible()]
    assert rows == ["Vikram Rao", "Meera"], "only who may"
    found = QAccessible.queryAccessibleInterface(dialog)
    assert found.role() == QAccessible.Role.Dialog
    assert found.text(QAccessible.Text.Name) == "Use coins while offline?"


# --- allowing ------------------------------------------------------------------------------------


def test_who_why_and_the_pin(shift: Shift) -> None:
    shift.ask()
    shift.press("1", "2", *pin_of(VIKRAM), "Enter")
    allowed = shift.answers[0]
    assert allowed is not None
    assert (allowed.by, allowed.staff_id) == ("Vikram Rao (vikram)", "vikram")
    assert allowed.reason is OFFLINE.reasons[1]
    assert allowed.limit == OFFLINE.limit
    assert shift.sign_in.asked == [
        ("approve", "points used offline", "vikram", "asha", "goodwill"),
    ]
    assert not shift.gate.dialog.isVisible()
    assert focus() is shift.window.screen_of_till.framed()
    assert shift.desk.view.on_duty == ASHA
    assert shift.till.asked == []


def test_arrows_and_enter_choose_as_well(shift: Shift) -> None:
    shift.ask()
    shift.press("Down", "Enter", "Down", "Down", "Enter", *pin_of(MEERA), "Enter")
    allowed = shift.answers[0]
    assert allowed is not None
    assert (allowed.staff_id, allowed.reason) == ("meera", OFFLINE.reasons[2])


def test_fingers_only(shift: Shift) -> None:
    shift.ask()
    dialog, left = shift.gate.dialog, Qt.MouseButton.LeftButton
    QTest.mouseClick(dialog.people.rows[1], left)
    QTest.mouseClick(dialog.reasons[0], left)
    keys = {key.value(): key for key in dialog.keypad.findChildren(KeypadKey)}
    for digit in pin_of(MEERA):
        QTest.mouseClick(keys[digit], left)
    shift.clock.seconds += 1
    QTest.mouseClick(dialog.allow, left)
    assert shift.answers[0] is not None


def test_enter_is_dead_for_a_moment_on_each_page(shift: Shift) -> None:
    shift.ask()
    for page in ("who", "why"):
        for _ in range(3):
            shift.clock.seconds += DEAD_SECONDS / 4
            before = shift.desk.view
            shift.hands.press("Enter")
            assert shift.desk.view == before, page
        shift.clock.seconds += DEAD_SECONDS / 2
        shift.hands.press("Enter")
        assert shift.desk.view != before
    assert shift.desk.view.prompt is not None
    assert shift.desk.view.prompt.reason is OFFLINE.reasons[0]


def test_enter_held_down_chooses_nothing_more(shift: Shift) -> None:
    shift.ask()
    shift.hands.hold("Enter", 40)
    assert shift.desk.view.prompt is not None
    assert shift.desk.view.prompt.chosen is None


def test_a_scan_allows_nothing_and_types_nothing(shift: Shift) -> None:
    shift.ask()
    shift.press("1", "1", "4")
    shift.hands.scan(pin_of(VIKRAM))
    shift.hands.scan("LC1:priya0001")
    prompt = shift.desk.view.prompt
    assert prompt is not None
    assert prompt.typed <= 1
    assert (shift.answers, shift.till.asked) == ([], [])
    assert shift.note == "Badges are not used here. Choose a name."


def test_a_wrong_pin_is_said_and_nothing_is_allowed(shift: Shift) -> None:
    shift.ask()
    shift.press("1", "1", *"000000", "Enter")
    assert shift.note == "Wrong PIN. Try again."
    assert shift.answers == []
    shift.press("Esc", "2", *pin_of(MEERA), "Enter")
    assert shift.answers[0] is not None, "the reason is kept"


def test_esc_goes_back_to_who_and_then_away(shift: Shift) -> None:
    shift.ask()
    shift.press("1", "Esc", "Esc")
    assert shift.answers == [None]
    assert not shift.gate.dialog.isVisible()
    assert shift.till.asked == []


def test_tab_stays_inside(shift: Shift) -> None:
    shift.ask()
    for _ in range(8):
        shift.press("Tab")
        assert shift.gate.dialog.isAncestorOf(focus())


def test_the_lock_ends_the_question(shift: Shift) -> None:
    shift.ask()
    shift.clock.seconds += 200
    shift.gate.tick()
    assert shift.answers == [None]
    assert shift.gate.covers()
    assert not shift.gate.dialog.isVisible()


def test_where_nobody_may_it_is_said(shift: Shift) -> None:
    shift.sign_in.staff = (ASHA,)
    shift.desk._people_came((ASHA,))
    shift.ask()
    assert shift.answers == [None]
    assert shift.window.screen_of_till.who.toast.words() == "Nobody signed up here may allow this"


@pytest.mark.parametrize("key", ["F1", "F4", "F7", "F10", "F12", "*", "-"])
def test_no_key_reaches_what_lies_behind(shift: Shift, key: str) -> None:
    shift.ask()
    shift.press(key)
    assert shift.gate.dialog.isVisible()
    assert shift.window.drawers.top() is None
    assert shift.till.asked == []


# --- rights --------------------------------------------------------------------------------------


def test_who_may_goes_on_at_once(shift: Shift) -> None:
    went: list[str] = []
    shift.window.ask_right(Right.SELL, lambda: went.append("sell"))
    assert went == ["sell"]
    assert not shift.window.may(Right.SEE_FIGURES)


def test_a_visit_ends_with_its_page(shift: Shift) -> None:
    shift.window.ways.backend = FakeBackendSetup()
    shift.window.ways.show_backend()
    assert shift.gate.dialog.title.text() == "Open the settings?"
    shift.press(*pin_of(MEERA), "Enter")
    page = shift.window.drawers.top()
    assert page is not None
    assert shift.gate.acting() == MEERA
    assert shift.window.may(Right.MANAGE_STAFF)
    assert shift.desk.view.on_duty == ASHA
    page.close_drawer()
    assert shift.gate.acting() == ASHA
    assert not shift.window.may(Right.SET_UP)


def test_a_page_of_managers_locks_after_five_minutes(shift: Shift) -> None:
    shift.window.ways.backend = FakeBackendSetup()
    shift.window.ways.show_backend()
    shift.press(*pin_of(MEERA), "Enter")
    for _ in range(290):
        shift.clock.seconds += 1
        shift.gate.tick()
    assert not shift.gate.covers()
    for _ in range(15):
        shift.clock.seconds += 1
        shift.gate.tick()
    assert shift.gate.covers()
    shift.counter.sign_in_as(ASHA)
    assert shift.window.drawers.top() is None, "the page has gone with the manager"
    assert not shift.window.may(Right.SET_UP)


def test_the_menu_holds_what_whoever_is_there_may_open(shift: Shift) -> None:
    shift.window.ways.backend = FakeBackendSetup()
    shift.press("F10")
    assert "Loyalty system" not in {row.words() for row in shift.window.drawers.menu.rows.values()}
    shift.press("Esc")
    shift.counter.desk.lock()
    shift.counter.sign_in_as(MEERA)
    shift.press("F10")
    rows = shift.window.drawers.menu.rows.values()
    assert "Loyalty system" in {row.words() for row in rows}
    assert len({row.key() for row in rows}) == len(rows)


# --- the three places that asked for a name --------------------------------------------------------


def test_settling_by_hand_asks_for_the_pin_instead_of_a_name(shift: Shift) -> None:
    shift.press("F7", "H", "2")
    dialog = shift.window.queue.on_top.dialog
    assert not dialog.by.isVisible()
    assert focus() is dialog.reason
    shift.press(*"counted.twice", "Enter", "Enter")
    assert shift.gate.dialog.title.text() == "Settle this by hand?"
    shift.press("2", *pin_of(MEERA), "Enter")
    settled = [asked for asked in shift.queue.asked if asked[0] == "settle_by_hand"]
    assert [(asked[2], asked[3], asked[4]) for asked in settled] == [
        (Truth.NOT_BOOKED, "Meera (meera)", "counted.twice")
    ]
    assert shift.sign_in.asked[-1][:3] == ("approve", "settlement by hand", "meera")
    assert not dialog.isVisible()


def test_settling_goes_on_where_it_was_when_the_pin_is_not_given(shift: Shift) -> None:
    shift.press("F7", "H", "2", *"counted.twice", "Enter", "Enter", "Esc")
    dialog = shift.window.queue.on_top.dialog
    assert dialog.confirms()
    assert dialog.isAncestorOf(focus())
    assert not [asked for asked in shift.queue.asked if asked[0] == "settle_by_hand"]


def test_the_loyalty_system_is_kept_by_pin(shift: Shift) -> None:
    setup = FakeBackendSetup()
    shift.window.ways.backend = setup
    shift.window.ways.show_backend()
    shift.press(*pin_of(MEERA), "Enter")
    page = shift.window.drawers.backend_page(setup)
    page._change()
    assert BY not in page.form.typed()
    page.try_out()
    page.keep()
    assert shift.gate.dialog.title.text() == "Change the loyalty system?"
    assert not setup.kept
    shift.press(*pin_of(MEERA), "Enter")
    assert setup.kept[0][1].by == "Meera (meera)"


def test_points_used_offline_are_allowed_by_pin(qtbot: QtBot, tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    qtbot.addWidget(shop.window)
    session = shop.counter.session
    clock = StoppedClock()
    sign_in = FakeSignIn()
    desk = Desk(DeskSettings(), lambda: sign_in, shop.counter._runner, clock)
    gate = shop.window.gate = Gate(shop.window, desk, place=Place("S", "2", "IN"), clock=clock)
    session._payment._approvals = gate
    gate.cashier_changed.connect(session.set_cashier)
    gate.begin()
    desk.start()
    desk.choose("asha")
    for digit in pin_of(ASHA):
        desk.type_digit(digit)
    desk.enter()
    assert desk.view.stage is DeskStage.OPEN

    policy = OfflinePolicy(mode=OfflineMode.FLOOR, per_redemption=150_00, open_at_till=500_00, manager_over=0)
    shop.counter.checkout._offline = policy
    session._stage.show(replace(shop.view, offline_policy=policy))
    session.scan(PRIYAS_CODE)
    session.clear_all()
    shop.counter.clock.advance(10)
    shop.counter.backend.silent = True
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("2360")
    shop.hands.press("*")
    assert gate.dialog.isVisible()
    shop.hands.press("1", "1", *pin_of(VIKRAM))
    clock.seconds += 1
    shop.hands.press("Enter")
    assert shop.view.step is Step.PAY
    shop.hands.press("Enter")
    assert shop.view.finished is not None
    assert shop.view.finished.sale.staff_id == "asha"
    shop.window.closing.answer()
    shop.close()


# --- secrets that are locked ----------------------------------------------------------------------


def test_the_passphrase_is_asked_for_over_the_lock_and_goes_when_typed(shift: Shift) -> None:
    setup = FakeBackendSetup()
    setup.passphrase = "four words make one"
    shift.window.ways.backend = setup
    shift.desk.lock()
    shift.window.ways.ask_passphrase()
    page = shift.window.drawers.backend_page(setup)
    assert page.isVisible()
    shift.gate.lock.show_words(shift.gate.lock._words)  # type: ignore[arg-type]
    assert page.isAncestorOf(focus()), "the lock below leaves the focus alone"
    shift.press("F7", "F10", "F12")
    assert shift.window.drawers.top() is page
    shift.hands.scan("LC1:priya0001")
    assert shift.till.asked == []
    QTest.keyClicks(focus(), "four words make one")
    shift.press("Enter")
    assert not page.isVisible()
    assert shift.gate.covers(), "nobody signed in by that"
    assert focus() is shift.gate.lock.people
    shift.press("3", *pin_of(MEERA), "Enter")
    assert shift.desk.view.on_duty == MEERA


def test_a_pin_that_cannot_be_checked_is_told_once(shift: Shift) -> None:
    told: list[None] = []
    shift.gate.pin_failed.connect(lambda: told.append(None))
    shift.desk.lock()
    shift.press("1")
    shift.sign_in.error = KnownError("The till's secrets are locked.")
    shift.press(*pin_of(ASHA), "Enter")
    assert told == [None]
    assert shift.gate.lock.pin.note.words() == "The till's secrets are locked."


def test_control_d_asks_a_cashier_for_the_pin_of_somebody_who_may(shift: Shift) -> None:
    opened: list[str] = []

    class Day:
        def show(self) -> None:
            shift.window.ask_right(Right.SEE_FIGURES, lambda: opened.append(shift.desk.view.staff_id))

        def close(self) -> None: ...

    shift.window.ways.day = Day()  # type: ignore[assignment]
    QTest.keyClick(shift.window.windowHandle(), Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    shift.hands._let_go()
    assert opened == []
    assert shift.gate.dialog.title.text() == "Open the day?"
    shift.press("1", *pin_of(VIKRAM), "Enter")
    assert opened == ["asha"], "she is still the one at the till"
    shift.desk.lock()
    shift.counter.sign_in_as(VIKRAM)
    shift.window.ways.show_day()
    assert opened == ["asha", "vikram"], "who may is not asked"
