"""What each key means in each state, and that keys reach the session through a real window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.services.till_view import TillView
from cashier_app.wording import Wording
from cashier_app.wording.buttons import key_list
from cashier_app.wording.window import help_words
from tests.ui import sample_views
from ui.key_router import KeyRouter, stroke_of
from ui.key_table import act_for
from ui.key_words import Act, Intent, Stroke, Where

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
WORDING = Wording.of("en_IN", sample_views.ZONE, sample_views.PROGRAM.point_name)
DIGITS = [Act(Intent.TYPE_CHARACTER, digit) for digit in "0123456789"]


def act(view: TillView, key: Qt.Key, text: str = "", where: Where = Where.TILL, **more: object) -> Act | None:
    return act_for(Stroke(key, text, **more), view, where)  # type: ignore[arg-type]


@pytest.mark.parametrize("key", [K.Key_Return, K.Key_Enter])
@pytest.mark.parametrize("state", list(sample_views.STATES))
def test_both_enters_confirm_in_every_state(state: str, key: Qt.Key) -> None:
    assert act(sample_views.STATES[state](), key) == Act(Intent.CONFIRM)


@pytest.mark.parametrize("state", ["idle", "offer", "partial", "two-members"])
@pytest.mark.parametrize("keypad", [False, True])
def test_digits_are_typed_from_numpad_and_main_keys(state: str, *, keypad: bool) -> None:
    view = sample_views.STATES[state]()
    typed = [act(view, Qt.Key(K.Key_0 + n), str(n), keypad=keypad) for n in range(10)]
    assert typed == DIGITS


def test_digits_of_another_script_are_digits() -> None:
    assert act(sample_views.offer(), K.Key_unknown, "٣") == Act(Intent.TYPE_CHARACTER, "3")
    assert act(sample_views.offer(), K.Key_unknown, "²") is None


def test_digits_mean_nothing_while_paying() -> None:
    view = sample_views.pay()
    assert act(view, K.Key_5, "5") is None
    assert act(view, K.Key_Asterisk, "*") is None
    assert act(view, K.Key_Minus, "-") is None


@pytest.mark.parametrize("state", ["offer", "reward", "partial"])
@pytest.mark.parametrize("keypad", [False, True])
def test_choice_keys_while_choosing(state: str, *, keypad: bool) -> None:
    view = sample_views.STATES[state]()
    assert act(view, K.Key_Asterisk, "*", keypad=keypad) == Act(Intent.TAKE_MAXIMUM)
    assert act(view, K.Key_Minus, "-", keypad=keypad) == Act(Intent.TAKE_NOTHING)
    assert act(view, K.Key_Period, ".", keypad=keypad) == Act(Intent.PRESS_POINT)
    assert act(view, K.Key_Comma, ",", keypad=keypad) == Act(Intent.PRESS_POINT)


def test_arrows_step_the_discount_only_where_it_is_framed() -> None:
    assert act(sample_views.reward(), K.Key_Left) == Act(Intent.LESS)
    assert act(sample_views.reward(), K.Key_Right) == Act(Intent.MORE)
    assert act(sample_views.offer(), K.Key_Left) is None
    assert act(sample_views.offer(), K.Key_Down) == Act(Intent.MARK_NEXT)


def test_scan_field_takes_letters_and_plus_and_the_bill_does_not() -> None:
    assert act(sample_views.idle(), K.Key_Plus, "+") == Act(Intent.TYPE_CHARACTER, "+")
    assert act(sample_views.idle(), K.Key_Minus, "-") is None, "a stray key begins nothing"
    typed = replace(sample_views.idle(), entry="MG")
    assert act(typed, K.Key_Minus, "-") == Act(Intent.TYPE_CHARACTER, "-"), "a member number with a hyphen"
    assert act(sample_views.idle(), K.Key_M, "m") == Act(Intent.TYPE_CHARACTER, "m")
    assert act(sample_views.idle(), K.Key_Asterisk, "*") is None
    assert act(sample_views.offer(), K.Key_M, "m") is None
    assert act(sample_views.offer(), K.Key_Plus, "+") == Act(Intent.ADD_VOUCHER)


def test_alt_digit_is_the_function_key() -> None:
    view = sample_views.idle()
    assert act(view, K.Key_1, "1", modifiers=ALT) == act(view, K.Key_F1) == Act(Intent.SHOW_HELP)
    assert act(view, K.Key_8, "8", modifiers=ALT) == act(view, K.Key_F8) == Act(Intent.WITHOUT_MEMBER)
    assert act(view, K.Key_A, "a", modifiers=ALT) is None


def test_control_keys() -> None:
    view = sample_views.offer()
    assert act(view, K.Key_K, "\x0b", modifiers=CTRL) == Act(Intent.SWITCH_KEYPAD)
    assert act(view, K.Key_V, "\x16", modifiers=CTRL) == Act(Intent.PASTE)
    assert act(view, K.Key_5, "5", modifiers=CTRL) is None
    assert act(view, K.Key_Return, "\r", modifiers=CTRL) is None


@pytest.mark.parametrize(
    "key", [K.Key_Return, K.Key_Enter, K.Key_Escape, K.Key_F3, K.Key_F5, K.Key_F8, K.Key_F11, K.Key_F1]
)
def test_held_keys_act_once(key: Qt.Key) -> None:
    assert act(sample_views.offer(), key) is not None
    assert act(sample_views.offer(), key, repeat=True) is None


def test_held_backspace_and_arrows_repeat() -> None:
    assert act(sample_views.offer(), K.Key_Backspace, "\b", repeat=True) == Act(Intent.DELETE)
    assert act(sample_views.reward(), K.Key_Left, repeat=True) == Act(Intent.LESS)


def test_queue_has_its_own_keys() -> None:
    view = sample_views.offer()
    expected = {
        K.Key_L: Intent.LOOK_UP_NOW,
        K.Key_R: Intent.SEND_AGAIN,
        K.Key_F5: Intent.SEND_ALL_NOW,
        K.Key_F7: Intent.CLOSE_DRAWER,
        K.Key_Escape: Intent.CLOSE_DRAWER,
        K.Key_Return: Intent.OPEN_ROW,
        K.Key_Down: Intent.NEXT_ROW,
        K.Key_Right: Intent.NEXT_TAB,
    }
    for key, intent in expected.items():
        assert act(view, key, where=Where.QUEUE) == Act(intent)
    for key, text in ((K.Key_5, "5"), (K.Key_Asterisk, "*"), (K.Key_F8, ""), (K.Key_F3, "")):
        assert act(view, key, text, where=Where.QUEUE) is None, "nothing reaches the sale behind"


def test_help_closes_and_lets_nothing_through() -> None:
    view = sample_views.offer()
    for key in (K.Key_Escape, K.Key_Return, K.Key_F1):
        assert act(view, key, where=Where.HELP) == Act(Intent.CLOSE_DRAWER)
    assert act(view, K.Key_5, "5", where=Where.HELP) is None


_CAPS: dict[str, tuple[Qt.Key, str]] = {
    "P": (K.Key_P, "p"),
    "J": (K.Key_J, "j"),
    "Enter": (K.Key_Return, "\r"),
    "0\u20139": (K.Key_4, "4"),
    "1\u20139": (K.Key_1, "1"),
    "A\u2013Z": (K.Key_R, "r"),
    "*": (K.Key_Asterisk, "*"),
    "+": (K.Key_Plus, "+"),
    "\u2212": (K.Key_Minus, "-"),
    "\u2190": (K.Key_Left, ""),
    "\u2192": (K.Key_Right, ""),
    "\u2191": (K.Key_Up, ""),
    "\u2193": (K.Key_Down, ""),
    "Space": (K.Key_Space, " "),
    "Esc": (K.Key_Escape, ""),
    "Esc, held": (K.Key_Escape, ""),
    "F9, held": (K.Key_F9,),
    **{f"F{n}": (Qt.Key(K.Key_F1 + n - 1), "") for n in range(1, 13)},
}


@pytest.mark.parametrize("state", list(sample_views.STATES))
def test_every_key_shown_means_something(state: str) -> None:
    view = sample_views.STATES[state]()
    words = help_words(view, WORDING)
    assert len(words.now) >= (0 if view.busy else 2)
    for shown in (*words.now, *words.always, *key_list(view, WORDING)):
        if shown.key.startswith("Ctrl+"):
            assert act(view, Qt.Key(ord(shown.key[-1])), modifiers=CTRL) is not None
        elif shown.key.startswith("Alt+"):
            assert act(view, Qt.Key(ord(shown.key[-1])), modifiers=ALT) is not None
        else:
            for cap in [shown.key] if shown.key in _CAPS else shown.key.split():
                assert act(view, *_CAPS[cap]) is not None, (cap, shown.sentence)


@pytest.mark.parametrize("where", [where for where in Where if where is not Where.TILL])
def test_nothing_is_undone_from_a_page(where: Where) -> None:
    assert act(sample_views.STATES["done"](), K.Key_F9, where=where) is None


def test_a_question_about_undoing_is_answered_before_anything_else() -> None:
    view = sample_views.STATES["done"]()
    assert act(view, K.Key_F9) == act(view, K.Key_9, modifiers=ALT) == Act(Intent.UNDO)
    for where in (Where.UNDO, Where.MOVE):
        assert act(view, K.Key_Return, where=where) == Act(Intent.OPEN_ROW)
        assert act(view, K.Key_Escape, where=where) == Act(Intent.CLOSE_DRAWER)
        for key in (K.Key_F1, K.Key_F2, K.Key_F4, K.Key_F7, K.Key_F8, K.Key_F10):
            assert act(view, key, where=where) is None
    assert act(view, K.Key_F3, where=Where.UNDO) == Act(Intent.MOVE_SALE)
    assert act(view, K.Key_5, "5", where=Where.UNDO) is None
    assert act(view, K.Key_5, "5", where=Where.MOVE) == Act(Intent.CHOOSE, "5")


def test_keypad_modifier_is_no_hotkey() -> None:
    event = QKeyEvent(
        QEvent.Type.KeyPress, K.Key_Enter, Qt.KeyboardModifier.KeypadModifier, 0, 0, 0, "\r", False, 1
    )
    assert stroke_of(event) == Stroke(K.Key_Enter, "\r", keypad=True)


class Heard:
    """A window with a button and a router that writes down what it was asked."""

    def __init__(self, qtbot: QtBot, view: TillView, where: Where = Where.TILL) -> None:
        self.view, self.where = view, where
        self.acts: list[tuple[str, str]] = []
        self.presses = 0
        self.window = QWidget()
        self.button = QPushButton("Next")
        layout = QVBoxLayout(self.window)
        layout.addWidget(self.button)
        layout.addWidget(QPushButton("Another"))
        qtbot.addWidget(self.window)
        self.router = KeyRouter(lambda: (self.view, self.where), self._handlers(), self._pressed, self.window)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.handle = self.window.windowHandle()
        self.handle.installEventFilter(self.router)
        self.window.activateWindow()

    def _handlers(self) -> dict[Intent, Callable[[str], None]]:
        def handler(intent: Intent) -> Callable[[str], None]:
            return lambda character: self.acts.append((intent.value, character))

        return {intent: handler(intent) for intent in Intent}

    def _pressed(self) -> None:
        self.presses += 1


def test_each_key_is_heard_once(qtbot: QtBot) -> None:
    heard = Heard(qtbot, sample_views.offer())
    heard.button.setFocus()
    for key in (K.Key_5, K.Key_Right, K.Key_Down, K.Key_Return):
        QTest.keyClick(heard.handle, key)
    assert heard.acts == [("type_character", "5"), ("mark_next", ""), ("confirm", "")]
    assert heard.button.hasFocus(), "arrows never wander through buttons by accident"
    assert heard.presses == 4


def test_space_belongs_to_a_focused_button(qtbot: QtBot) -> None:
    heard = Heard(qtbot, sample_views.reward())
    clicks: list[bool] = []
    heard.button.clicked.connect(lambda: clicks.append(True))
    heard.button.setFocus()
    qtbot.waitUntil(heard.button.hasFocus)
    QTest.keyClick(heard.handle, K.Key_Space)
    assert (len(clicks), heard.acts) == (1, [])
    heard.button.clearFocus()
    QTest.keyClick(heard.handle, K.Key_Space)
    assert (len(clicks), heard.acts) == (1, [("pick_marked", "")])


def test_escape_held_clears_everything_and_tapped_does_not(qtbot: QtBot) -> None:
    heard = Heard(qtbot, sample_views.reward())
    QTest.keyPress(heard.handle, K.Key_Escape)
    qtbot.waitUntil(lambda: heard.acts == [("back", ""), ("clear_all", "")])
    QTest.keyRelease(heard.handle, K.Key_Escape)
    heard.acts.clear()
    QTest.keyClick(heard.handle, K.Key_Escape)
    assert not heard.router._escape_held.isActive()
    assert heard.acts == [("back", "")]


def test_keys_without_a_name_are_read_by_their_text() -> None:
    no_modifier = Qt.KeyboardModifier.NoModifier
    event = QKeyEvent(QEvent.Type.KeyPress, 0x0663, no_modifier, 0, 0, 0, "\u0663", False, 1)
    assert act_for(stroke_of(event), sample_views.offer(), Where.TILL) == Act(Intent.TYPE_CHARACTER, "3")
