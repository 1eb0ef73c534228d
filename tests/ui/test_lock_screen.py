"""The lock: nothing shines through, few keys, every size and name, scans go to the desk and nowhere else."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.services.desk_settings import DeskSettings
from cashier_app.services.desk_view import DeskStage
from tests.fakes.staff import ASHA, STAFF, many, pin_of
from tests.ui import sample_views, staff_states
from tests.ui.fake_till import FakeTill
from tests.ui.lock_host import STEPS, Shift, shown
from tests.ui.staff_states import Counter
from tests.ui.till_host import SIZES, Hands, focus
from tests.ui.who_host import cut_off, outside, overlaps, too_small
from ui.key_table import act_for
from ui.key_words import Act, Intent, Stroke, Where
from ui.screens.frame import Frame
from ui.theme.metrics import Metrics
from ui.theme.tokens import DARK, LIGHT, Theme, contrast, high_contrast
from ui.widgets.button import ActionButton
from ui.widgets.keypad import KeypadKey
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.person_button import PersonButton

LOCKS = tuple(name for name in staff_states.STATES if name.startswith("lock"))


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
