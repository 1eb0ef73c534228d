"""The lock: nothing shines through, few keys, every size and name, scans go to the desk and nowhere else."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.services.desk_settings import DeskSettings
from cashier_app.services.desk_view import DeskStage
from tests.fakes.staff import ASHA, MEERA, STAFF, VIKRAM, many, pin_of
from tests.ui import sample_views, staff_states
from tests.ui.fake_till import FakeTill, StoppedClock
from tests.ui.staff_states import Counter
from tests.ui.till_host import SIZES, Hands, focus, make_window
from tests.ui.who_host import cut_off, outside, overlaps, too_small
from ui.gate import REFUND_SECONDS
from ui.key_table import act_for
from ui.key_words import Act, Intent, Stroke, Where
from ui.main_window import MainWindow
from ui.screens.frame import Frame
from ui.theme.metrics import Metrics
from ui.theme.tokens import DARK, LIGHT, Theme, contrast, high_contrast
from ui.widgets.button import ActionButton
from ui.widgets.keypad import KeypadKey
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.person_button import PersonButton

LOCKS = tuple(name for name in staff_states.STATES if name.startswith("lock"))
STEPS = tuple(name for name in sample_views.STATES if name != "training")


def shown(qtbot: QtBot, state: str = "idle", **how: object) -> MainWindow:
    window = make_window(FakeTill(sample_views.STATES[state]()), **how)  # type: ignore[arg-type]
    qtbot.addWidget(window)
    qtbot.waitUntil(window.isActiveWindow)
    return window


class Shift:
    """A locked till with three people, and fingers; time passes between the keys."""

    def __init__(self, qtbot: QtBot, state: str = "offer", settings: DeskSettings | None = None) -> None:
        self.clock = StoppedClock()
        self.window = shown(qtbot, state, clock=self.clock)
        self.counter = Counter(self.window, settings=settings, clock=self.clock)
        self.desk, self.gate, self.sign_in = self.counter.desk, self.counter.gate, self.counter.sign_in
        self.hands = Hands(self.window)
        self.till: FakeTill = self.window._till  # type: ignore[assignment]

    def press(self, *names: str) -> None:
        for name in names:
            self.clock.seconds += 0.5
            self.hands.press(name)

    def pass_time(self, seconds: float) -> None:
        for _ in range(int(seconds)):
            self.clock.seconds += 1
            self.gate.tick()

    @property
    def note(self) -> str:
        return self.gate.lock.pin.note.words()


@pytest.fixture
def shift(qtbot: QtBot) -> Shift:
    return Shift(qtbot)


# --- how it looks --------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "theme"), [*((size, LIGHT) for size in SIZES), ((1280, 800), DARK)])
def test_nothing_overlaps_is_cut_off_or_too_small(qtbot: QtBot, size: tuple[int, int], theme: Theme) -> None:
    for state in LOCKS:
        window = shown(qtbot, size=size, theme=theme)
        counter = staff_states.open_in(window, state)
        lock = counter.gate.lock
        names: set[QWidget] = {lock.pin.head}
        assert overlaps(lock) == [], state
        assert outside(lock) == [], state
        assert cut_off(lock, names) == [], state
        assert too_small(lock) == [], state
        buttons = [b for b in lock.findChildren(ActionButton) if b.isVisible() and b.words()]
        crowded = [b.words() for b in buttons if not b.has_room()]
        assert crowded == [], state
        for label in lock.findChildren(QLabel):
            assert label.textFormat() is Qt.TextFormat.PlainText
            assert label.font().pixelSize() >= 16, state
        window.hide()


@pytest.mark.parametrize("size", SIZES)
def test_it_stands_where_the_till_stands_and_covers_it_all(qtbot: QtBot, size: tuple[int, int]) -> None:
    window = shown(qtbot, "offer", size=size)
    counter = Counter(window)
    lock, frame = counter.gate.lock, Frame.of(Metrics.of(*size))
    assert lock.geometry() == window.rect()
    assert (lock.header.geometry(), lock.people.geometry()) == (frame.header, frame.who)
    assert (lock.keypad.geometry(), lock.action_row.geometry()) == (frame.keys, frame.actions)
    assert lock.pin.geometry() == frame.bill.united(frame.pay)
    window.resize(1920, 1080)
    assert lock.geometry() == window.rect()


@pytest.mark.parametrize("state", LOCKS)
def test_exactly_what_takes_the_keys_is_framed_and_has_the_focus(qtbot: QtBot, state: str) -> None:
    window = shown(qtbot)
    lock = staff_states.open_in(window, state).gate.lock
    framed = [
        panel for panel in lock.findChildren(Panel) if panel.isVisible() and panel.kind is PanelKind.FRAMED
    ]
    asks = state not in {"lock-starting", "lock-unreadable"}
    assert len(framed) == asks
    if asks:
        assert framed == [lock.pin if not lock.pin.dots.isHidden() else lock.people]
        assert focus() in framed


@pytest.mark.parametrize("state", STEPS)
def test_nothing_of_the_sale_can_be_seen_or_read_aloud(qtbot: QtBot, state: str) -> None:
    window = shown(qtbot, state)
    counter = Counter(window)
    assert not window.screen_of_till.isVisible()
    seen = [child for child in window.findChildren(QWidget) if child.isVisible()]
    inside = {counter.gate.lock, *counter.gate.lock.findChildren(QWidget), window.training}
    assert set(seen) <= inside


def test_a_member_who_is_served_leaves_no_pixel(qtbot: QtBot) -> None:
    window = shown(qtbot, "member")
    Counter(window)
    member = window.grab().toImage()
    till: FakeTill = window._till  # type: ignore[assignment]
    till.show(sample_views.offer())
    assert window.grab().toImage() == member


def test_names_and_roles_are_spoken(shift: Shift) -> None:
    lock = shift.gate.lock
    found = QAccessible.queryAccessibleInterface(lock)
    assert (found.role(), found.text(QAccessible.Text.Name)) == (QAccessible.Role.Dialog, "Locked")
    rows = [row.accessibleName() for row in lock.people.rows if row.isVisible()]
    assert rows == ["Asha, Cashier", "Vikram Rao, Supervisor", "Meera, Manager"]
    shift.press("2", "4", "4")
    assert lock.pin.dots.accessibleName() == "2 digits typed"
    assert lock.accessibleName() == "Vikram Rao"
    assert lock.keypad.findChildren(KeypadKey)[-1].accessibleName() == "Delete"


def test_tab_stays_inside(shift: Shift) -> None:
    visited: list[QWidget | None] = []
    for _ in range(13):
        shift.press("Tab")
        if focus() in visited:
            break
        visited.append(focus())
    assert len(visited) <= 12
    lock = shift.gate.lock
    assert all(widget is not None and lock.isAncestorOf(widget) for widget in visited)


def test_a_long_name_is_whole_in_tooltip_and_name(qtbot: QtBot) -> None:
    window = shown(qtbot, size=(1024, 600))
    lock = staff_states.open_in(window, "lock-nine").gate.lock
    row = lock.people.rows[2]
    whole = many(9)[2].name
    assert whole in row.toolTip()
    assert whole in row.accessibleName()


@pytest.mark.parametrize("theme", [LIGHT, DARK, high_contrast(LIGHT), high_contrast(DARK)])
def test_what_it_says_can_be_read(theme: Theme) -> None:
    for ink, ground in (
        *(("ink", "surface"), ("ink2", "surface"), ("ink2", "sunken"), ("ink", "sunken")),
        *(("train_text", "surface"), ("red_text", "surface"), ("amber_text", "surface")),
        *(("ink", "accent_tint"), ("ink2", "accent_tint"), ("red_text", "red_tint")),
    ):
        assert contrast(theme.colour(ink), theme.colour(ground)) >= 4.5, (ink, ground)


@pytest.mark.parametrize("where", [Where.LOCK, Where.PIN, Where.STAFF_PIN])
def test_keys_while_a_pin_is_asked_for(where: Where) -> None:
    view = sample_views.offer()

    def act(key: Qt.Key, text: str = "", **more: object) -> Act | None:
        return act_for(Stroke(key, text, **more), view, where)  # type: ignore[arg-type]

    for keypad in (False, True):
        assert act(Qt.Key.Key_5, "5", keypad=keypad) == Act(Intent.CHOOSE, "5")
    assert act(Qt.Key.Key_unknown, "٣") == Act(Intent.CHOOSE, "3"), "digits of any script"
    assert act(Qt.Key.Key_Enter) == act(Qt.Key.Key_Return) == Act(Intent.OPEN_ROW)
    assert act(Qt.Key.Key_PageDown) == Act(Intent.NEXT_PAGE)
    for key, text in ((Qt.Key.Key_A, "a"), (Qt.Key.Key_Asterisk, "*"), (Qt.Key.Key_Plus, "+")):
        assert act(key, text) is None
    dead = [Qt.Key(Qt.Key.Key_F1 + n) for n in range(10)]
    assert [key for key in dead if act(key) is not None] == []
    assert act(Qt.Key.Key_F11) == Act(Intent.FULL_SCREEN)
    for modifiers in (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier):
        assert act(Qt.Key.Key_7, "7", modifiers=modifiers) is None
        assert act(Qt.Key.Key_D, "d", modifiers=modifiers) is None
    assert act(Qt.Key.Key_5, "5", repeat=True) is None, "a digit held down is one digit"


# --- signing in ----------------------------------------------------------------------------------


def test_a_person_and_six_digits_open_it_and_the_next_time_without_enter(shift: Shift) -> None:
    assert shift.desk.view.stage is DeskStage.LOCKED
    shift.press("2", *pin_of(VIKRAM), "Enter")
    assert shift.desk.view.on_duty == VIKRAM
    assert not shift.gate.covers()
    assert shift.window.screen_of_till.isVisible()
    assert focus() is shift.window.screen_of_till.framed()

    shift.hands.presses = shift.hands.digits = 0
    shift.press("F12", "1", *pin_of(ASHA), "Enter")
    assert shift.desk.view.on_duty == ASHA
    assert shift.hands.presses + shift.hands.digits == 9
    shift.hands.presses = shift.hands.digits = 0
    shift.press("F12", "2", *pin_of(VIKRAM))
    assert shift.desk.view.on_duty == VIKRAM, "its length is known by now"
    assert shift.hands.presses + shift.hands.digits == 8


def test_a_longer_pin_is_never_tried_too_early(shift: Shift) -> None:
    shift.sign_in.pins["asha"] = longer = pin_of(ASHA) + "4"
    for _ in range(2):
        shift.press("1", *longer)
        if shift.desk.view.stage is DeskStage.LOCKED:
            shift.press("Enter")
        assert shift.desk.view.stage is DeskStage.OPEN
        shift.desk.lock()
    assert [asked[0] for asked in shift.sign_in.asked] == ["signed in", "signed in"]


def test_a_new_pin_that_does_not_fit_makes_it_wait_for_enter_again(shift: Shift) -> None:
    shift.press("1", *pin_of(ASHA), "Enter")
    shift.sign_in.pins["asha"] = "73" + pin_of(ASHA)
    shift.desk.lock()
    shift.press("1", *pin_of(ASHA))
    assert shift.note == "Wrong PIN. Try again."
    shift.press(*shift.sign_in.pins["asha"])
    assert shift.desk.view.stage is DeskStage.LOCKED
    shift.press("Enter")
    assert shift.desk.view.on_duty == ASHA


def test_fingers_only(qtbot: QtBot, shift: Shift) -> None:
    lock = shift.gate.lock
    QTest.mouseClick(lock.people.rows[2], Qt.MouseButton.LeftButton)
    keys = {key.value(): key for key in lock.keypad.findChildren(KeypadKey)}
    for digit in pin_of(MEERA):
        QTest.mouseClick(keys[digit], Qt.MouseButton.LeftButton)
    QTest.mouseClick(keys["delete"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(keys[pin_of(MEERA)[-1]], Qt.MouseButton.LeftButton)
    QTest.mouseClick(lock.action_row.primary, Qt.MouseButton.LeftButton)
    assert shift.desk.view.on_duty == MEERA


def test_one_person_only_types(qtbot: QtBot) -> None:
    window = shown(qtbot)
    counter = Counter(window, ASHA)
    assert counter.gate.lock.pin.head.text() == "Asha"
    Hands(window).press(*pin_of(ASHA), "Enter")
    assert counter.desk.view.on_duty == ASHA


def test_thirty_people_are_reached_by_pages_and_marks(qtbot: QtBot) -> None:
    window = shown(qtbot)
    people = many(30)
    counter = Counter(window, *people)
    hands, lock = Hands(window), counter.gate.lock
    hands.press("Right", "Right", "3")
    assert counter.desk.view.prompt is not None
    assert counter.desk.view.prompt.chosen == people[2 * 8 + 2]
    hands.press("Esc")
    assert lock.people.pages.text() == "3 / 4", "it stays where one was"
    hands.press("Left", "Left", "Left", *["Down"] * 11, "Enter")
    assert counter.desk.view.prompt.chosen == people[10]
    hands.press("Esc")
    assert not lock.people.after.hasFocus()


def test_wrong_pin_wait_and_lock_out_are_said(shift: Shift) -> None:
    shift.press("1", *"0000001"[:6], "Enter")
    assert shift.note == "Wrong PIN. Try again."
    shift.press("5")
    assert shift.note == ""
    shift.sign_in.waits["asha"] = 125
    shift.press(*"00000", "Enter")
    assert shift.note == "Too many wrong PINs. Wait 3 min."
    asked = len(shift.sign_in.asked)
    shift.press(*"000000", "Enter")
    assert len(shift.sign_in.asked) == asked, "no digit counts while it waits"
    shift.pass_time(100)
    assert shift.note == "Too many wrong PINs. Wait 21 s."
    assert not shift.gate.lock.keypad.isEnabled()
    shift.press("Esc", "1")
    shift.pass_time(25)
    assert shift.note == ""
    assert shift.gate.lock.keypad.isEnabled()
    shift.sign_in.locked.add("asha")
    shift.press(*"000000", "Enter")
    assert shift.note == "Too many wrong PINs. A manager resets it: menu, Staff."
    shift.press("Esc", "3", *pin_of(MEERA), "Enter")
    assert shift.desk.view.on_duty == MEERA, "others still can"


def test_esc_does_nothing_where_nobody_signed_in(shift: Shift) -> None:
    shift.press("1", "Esc", "Esc", "Esc")
    assert shift.gate.covers()
    assert shift.till.asked == []


@pytest.mark.parametrize("key", ["F1", "F3", "F4", "F5", "F6", "F7", "F8", "F10", "*", "-", "A", "Space"])
def test_no_key_of_the_till_works(shift: Shift, key: str) -> None:
    shift.press(key, "1", key)
    assert shift.till.asked == []
    assert shift.window.drawers.top() is None
    assert shift.gate.covers()


# --- scans ---------------------------------------------------------------------------------------


def test_a_scan_goes_to_the_desk_and_nowhere_else(qtbot: QtBot) -> None:
    shift = Shift(qtbot, settings=DeskSettings(badges=True))
    heard: list[str] = []
    shift.window.serial_scanned.connect(heard.append)
    shift.hands.scan("LC1:priya0001")
    shift.window.take_seen("LC1:priya0002")
    shift.window.take_scan("LC1:priya0003")
    shift.window.take_overlong()
    shift.window.take_foreign()
    assert (shift.till.asked, heard) == ([], [])
    assert [code for what, code in shift.sign_in.asked if what == "badge"][:3] == [
        "LC1:priya0001",
        "LC1:priya0002",
        "LC1:priya0003",
    ]
    assert shift.note == "Not known here. Choose a name."


def test_nothing_is_pasted_or_dropped(qtbot: QtBot, shift: Shift) -> None:
    data = QMimeData()
    data.setText("LC1:priya0001")
    shift.window.take(data)
    QGuiApplication.clipboard().setText("LC1:priya0001")
    shift.window.paste()
    assert shift.till.asked == []


def test_a_scan_types_no_pin(shift: Shift) -> None:
    shift.press("1")
    shift.hands.scan(pin_of(ASHA))
    assert shift.desk.view.stage is DeskStage.LOCKED
    assert shift.desk.view.prompt is not None
    assert shift.desk.view.prompt.typed == 0


def test_a_badge_chooses_whose_pin_is_typed(qtbot: QtBot) -> None:
    shift = Shift(qtbot, settings=DeskSettings(badges=True))
    shift.sign_in.badges["STAFF-4471-ASHA"] = "asha"
    shift.hands.scan("STAFF-4471-ASHA")
    assert shift.gate.lock.pin.head.text() == "Asha"
    shift.press(*pin_of(ASHA), "Enter")
    assert shift.desk.view.on_duty == ASHA


def test_a_badge_alone_signs_in_who_only_sells(qtbot: QtBot) -> None:
    shift = Shift(qtbot, settings=DeskSettings(badges=True, badge_alone=True))
    shift.sign_in.badges["STAFF-4471-ASHA"] = "asha"
    shift.hands.scan("STAFF-4471-ASHA")
    assert shift.desk.view.on_duty == ASHA
    shift.hands.scan("LC1:priya0001")
    assert shift.till.asked == [("scan", "LC1:priya0001")]


# --- locking -------------------------------------------------------------------------------------


@pytest.fixture
def working(shift: Shift) -> Shift:
    shift.counter.sign_in_as(ASHA)
    return shift


def test_it_locks_by_itself_and_the_sale_waits_behind(working: Shift) -> None:
    before = working.till.view
    working.pass_time(119)
    assert not working.gate.covers()
    working.press("5")
    working.pass_time(119)
    assert not working.gate.covers(), "a key began it anew"
    working.pass_time(2)
    assert working.gate.covers()
    assert working.gate.lock.pin.below.text() == "The sale behind stays as it is"
    assert (working.till.view.person, working.till.view.bill) == (before.person, before.bill)
    assert working.till.view.cashier is None
    working.press("1", *pin_of(ASHA), "Enter")
    assert working.till.view.cashier == ASHA
    assert working.window.screen_of_till.bill.isVisible()


@pytest.mark.parametrize("how", ["press", "scan", "key"])
def test_any_sign_of_life_begins_the_time_anew(working: Shift, how: str) -> None:
    working.pass_time(100)
    if how == "press":
        QTest.mouseClick(working.window.windowHandle(), Qt.MouseButton.LeftButton)
    elif how == "scan":
        working.window.take_seen("LC1:priya0001")
    else:
        working.press("7")
    working.pass_time(100)
    assert not working.gate.covers()


@pytest.mark.parametrize("state", STEPS)
def test_every_step_is_there_again(qtbot: QtBot, state: str) -> None:
    shift = Shift(qtbot, state)
    shift.counter.sign_in_as(ASHA)
    before = {name: part.geometry() for name, part in visible_parts(shift.window).items()}
    framed = shift.window.screen_of_till.framed()
    shift.desk.lock()
    shift.counter.sign_in_as(ASHA)
    assert {name: part.geometry() for name, part in visible_parts(shift.window).items()} == before
    assert focus() is framed


def visible_parts(window: MainWindow) -> dict[int, QWidget]:
    """Return the panels that are seen, by identity."""
    screen = window.screen_of_till
    return {id(part): part for part in screen.findChildren(Panel) if part.isVisible()}


def test_while_paying_it_waits_for_the_end(working: Shift) -> None:
    working.counter.paying = True
    working.pass_time(300)
    assert not working.gate.covers()
    working.press("F12")
    assert not working.gate.covers()
    toast = working.window.screen_of_till.who.toast
    assert toast.words() == "Finish the payment first, then change the cashier"
    working.counter.paying = False
    working.pass_time(130)
    assert working.gate.covers()


def test_f12_twice_locks_and_esc_goes_back(working: Shift) -> None:
    working.press("F12")
    assert working.gate.covers()
    assert working.desk.view.stage is DeskStage.OPEN
    assert working.gate.lock.people.marked() == 0, "whoever is there"
    working.press("Esc")
    assert not working.gate.covers()
    assert working.desk.view.on_duty == ASHA
    working.press("F12", "F12")
    assert working.desk.view.stage is DeskStage.LOCKED
    working.press("Esc")
    assert working.gate.covers()


def test_the_header_says_who_it_is_and_a_press_there_is_f12(working: Shift) -> None:
    cashier = working.window.screen_of_till.header.cashier
    assert (cashier.words(), cashier.isVisible()) == ("Asha", True)
    assert cashier.accessibleName() == "Asha, cashier. Locks the till or changes the cashier, F12"
    QTest.mouseClick(cashier, Qt.MouseButton.LeftButton)
    assert working.gate.covers()
    working.press("3", *pin_of(MEERA), "Enter")
    assert cashier.words() == "Meera, manager"


def test_compact_has_the_cashier_in_the_menu(working: Shift) -> None:
    working.window.resize(1024, 600)
    assert not working.window.screen_of_till.header.cashier.isVisible()
    working.press("F10")
    rows = working.window.drawers.menu.rows
    row = next(row for row in rows.values() if row.words() == "Lock or change cashier")
    row.click()
    assert working.gate.covers()


def test_an_open_return_is_there_again_and_a_page_of_managers_is_not(working: Shift) -> None:
    working.press("F7")
    assert working.window.queue.isVisible()
    working.desk.lock()
    assert not working.window.queue.isVisible()
    working.counter.sign_in_as(ASHA)
    assert working.window.drawers.top() is None
    assert focus() is working.window.screen_of_till.framed()


def test_nothing_opens_behind_the_lock(shift: Shift) -> None:
    shift.window.ways.show_menu()
    shift.window.ways.show_queue()
    assert shift.window.drawers.top() is None
    shift.counter.sign_in_as(ASHA)
    assert shift.window.drawers.top() is None


def test_after_a_refund_it_locks_once_that_was_seen(working: Shift) -> None:
    working.gate.refunded(shown=True)
    working.pass_time(REFUND_SECONDS - 1)
    assert not working.gate.covers()
    working.pass_time(2)
    assert working.gate.covers()
    working.counter.sign_in_as(ASHA)
    working.gate.refunded(shown=True)
    working.gate.refunded(shown=False)
    assert working.gate.covers()


# --- where nobody signs in, and before that is known ------------------------------------------------


def test_where_nobody_signs_in_there_is_no_lock_and_no_cashier(qtbot: QtBot) -> None:
    window = shown(qtbot)
    counter = Counter(window, expected=False)
    counter.sign_in.staff = ()
    counter.desk.lock()
    counter.desk._people_came(())
    hands = Hands(window)
    hands.press("F12", "F10")
    assert not counter.gate.covers()
    words = {row.words() for row in window.drawers.menu.rows.values()}
    assert "Lock or change cashier" not in words


def test_it_is_locked_before_anybody_was_read_where_somebody_is_expected(qtbot: QtBot) -> None:
    window = shown(qtbot)
    expected = Counter(window, start=False)
    assert expected.gate.covers()
    assert expected.gate.lock.pin.about.text() == "Reading who works here…"
    other = shown(qtbot)
    assert not Counter(other, expected=False, start=False).gate.covers()


def test_what_was_found_out_is_remembered(qtbot: QtBot) -> None:
    window = shown(qtbot)
    counter = Counter(window, expected=False, start=False)
    told: list[bool] = []
    counter.gate.expectation.connect(told.append)
    counter.desk.start()
    counter.sign_in.staff = ()
    counter.desk.start()
    assert told == [True, False]


def test_the_demo_tells_its_pins_and_no_other_shop_does(qtbot: QtBot) -> None:
    window = shown(qtbot)
    lock = staff_states.open_in(window, "lock-demo").gate.lock
    assert lock.pin.hint.text() == f"Training: the PIN is {pin_of(ASHA)}"
    other = staff_states.open_in(shown(qtbot), "lock-pin").gate.lock
    assert not other.pin.hint.isVisible()
    assert all(isinstance(row, PersonButton) for row in other.people.rows)
    assert len(STAFF) == 3
