"""Which key means what: one table for the whole window.

The table is pure, so that it can be read and tested without a window: a stroke, the view and what lies on top
give an act or nothing. Numpad and main keys are the same key. What lies on top has its keys in `keys_on_top`.
"""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Qt

from cashier_app.services.till_view import NotFound, Step, Target, TillView
from ui.key_words import Act, Intent, Stroke, Where
from ui.keys_on_top import ASKING, CHOOSING_ON_TOP, FORMS, FUNCTION_KEYS_ON_TOP, KEYS_ON_TOP, TYPING_ON_TOP

ARROWS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down})

_FUNCTION_KEYS: dict[Qt.Key, Intent] = {
    Qt.Key.Key_F1: Intent.SHOW_HELP,
    Qt.Key.Key_F2: Intent.NEW_MEMBER,
    Qt.Key.Key_F3: Intent.ANOTHER_MEMBER,
    Qt.Key.Key_F4: Intent.SHOW_RETURN,
    Qt.Key.Key_F5: Intent.REFRESH_ACCOUNT,
    Qt.Key.Key_F6: Intent.SWITCH_CAMERA,
    Qt.Key.Key_F7: Intent.SHOW_QUEUE,
    Qt.Key.Key_F8: Intent.WITHOUT_MEMBER,
    Qt.Key.Key_F9: Intent.UNDO,
    Qt.Key.Key_F10: Intent.SHOW_MENU,
    Qt.Key.Key_F11: Intent.FULL_SCREEN,
    Qt.Key.Key_F12: Intent.SWITCH_CASHIER,
}
# Pages that hold what somebody typed are not left for a form.
_NEW_MEMBER_FROM = frozenset({Where.TILL, Where.QUEUE, Where.HELP, Where.MENU})
_ONLY_FROM = {Qt.Key.Key_F2: _NEW_MEMBER_FROM, Qt.Key.Key_F9: frozenset({Where.TILL})}
_ALT_DIGITS: dict[Qt.Key, Qt.Key] = {
    Qt.Key.Key_1: Qt.Key.Key_F1,
    Qt.Key.Key_2: Qt.Key.Key_F2,
    Qt.Key.Key_3: Qt.Key.Key_F3,
    Qt.Key.Key_4: Qt.Key.Key_F4,
    Qt.Key.Key_5: Qt.Key.Key_F5,
    Qt.Key.Key_6: Qt.Key.Key_F6,
    Qt.Key.Key_7: Qt.Key.Key_F7,
    Qt.Key.Key_8: Qt.Key.Key_F8,
    Qt.Key.Key_9: Qt.Key.Key_F9,
    Qt.Key.Key_0: Qt.Key.Key_F10,
}
_WITH_CONTROL: dict[Qt.Key, Intent] = {
    Qt.Key.Key_D: Intent.SHOW_DAY,
    Qt.Key.Key_K: Intent.SWITCH_KEYPAD,
    Qt.Key.Key_V: Intent.PASTE,
}
_TILL_KEYS: dict[Qt.Key, Intent] = {
    Qt.Key.Key_Return: Intent.CONFIRM,
    Qt.Key.Key_Enter: Intent.CONFIRM,
    Qt.Key.Key_Escape: Intent.BACK,
    Qt.Key.Key_Backspace: Intent.DELETE,
    Qt.Key.Key_Delete: Intent.DELETE,
    Qt.Key.Key_Down: Intent.MARK_NEXT,
    Qt.Key.Key_Up: Intent.MARK_PREVIOUS,
    Qt.Key.Key_Space: Intent.PICK_MARKED,
}
# Held down these go on; everything else acts once, so that Enter held down makes one sale.
_REPEATING = frozenset(
    {
        Intent.TYPE_CHARACTER,
        Intent.DELETE,
        Intent.LESS,
        Intent.MORE,
        Intent.MARK_NEXT,
        Intent.MARK_PREVIOUS,
        Intent.NEXT_ROW,
        Intent.PREVIOUS_ROW,
        Intent.NEXT_PERIOD,
        Intent.PREVIOUS_PERIOD,
        Intent.DELETE_TYPED,
    }
)
TYPING = frozenset({Intent.TYPE_CHARACTER, Intent.PRESS_POINT})
_POINTS = ".,\u066b"  # the last is the Arabic decimal separator
_AMOUNTS = (Target.BILL, Target.DISCOUNT)
_TEXTS = (Target.MANAGER, Target.VOUCHER)
_CHOOSING = (Step.BILL, Step.REWARD)
_CHOICES = {"*": Intent.TAKE_MAXIMUM, "-": Intent.TAKE_NOTHING, "+": Intent.ADD_VOUCHER}
_HOTKEYS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


def act_for(stroke: Stroke, view: TillView, where: Where) -> Act | None:
    """Return what this key asks for here, or None for a key that means nothing."""
    act = _act_for(stroke, view, where)
    if act is not None and stroke.repeat and act.intent not in _REPEATING:
        return None
    return act


def _act_for(stroke: Stroke, view: TillView, where: Where) -> Act | None:
    hotkeys = stroke.modifiers & _HOTKEYS
    if where in ASKING:
        return None if hotkeys else _act_while_asked(stroke, where)
    if hotkeys == Qt.KeyboardModifier.ControlModifier:
        if where in FORMS:
            return None  # a text field pastes for itself
        return _act(_WITH_CONTROL.get(stroke.key))
    key = _ALT_DIGITS.get(stroke.key) if hotkeys == Qt.KeyboardModifier.AltModifier else stroke.key
    if key is None or (hotkeys and key is stroke.key):
        return None
    there = FUNCTION_KEYS_ON_TOP.get(where, {})
    if key in there:
        return _act(there[key])
    if key in _ONLY_FROM and where not in _ONLY_FROM[key]:
        return None
    if key in _FUNCTION_KEYS:
        return _act(_FUNCTION_KEYS[key])
    if where in CHOOSING_ON_TOP and len(stroke.text) == 1 and stroke.text.isalnum():
        digit = unicodedata.decimal(stroke.text, None)
        return Act(Intent.CHOOSE, stroke.text.upper() if digit is None else str(digit))
    if where in TYPING_ON_TOP and len(stroke.text) == 1 and stroke.text.isprintable():
        digit = unicodedata.decimal(stroke.text, None)
        point = "." if stroke.text in _POINTS else stroke.text
        return Act(Intent.CHOOSE, point if digit is None else str(digit))
    return _till_act(key, stroke.text, view) if where is Where.TILL else _act(KEYS_ON_TOP[where].get(key))


def _act_while_asked(stroke: Stroke, where: Where) -> Act | None:
    """Return what a key means while a PIN is asked for: a digit, a step, or nothing."""
    if stroke.key in ASKING[where]:
        return _act(_FUNCTION_KEYS[stroke.key])
    digit = unicodedata.decimal(stroke.text, None) if len(stroke.text) == 1 else None
    return Act(Intent.CHOOSE, str(digit)) if digit is not None else _act(KEYS_ON_TOP[where].get(stroke.key))


def _till_act(key: Qt.Key, text: str, view: TillView) -> Act | None:
    if view.target in _TEXTS and len(text) == 1 and text.isprintable():
        # A name or a voucher's code may hold signs that mean something else anywhere else.
        return Act(Intent.TYPE_CHARACTER, text)
    if key in _TILL_KEYS:
        return _act(_TILL_KEYS[key])
    if view.target is Target.DISCOUNT and key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
        return _act(Intent.LESS if key is Qt.Key.Key_Left else Intent.MORE)
    if len(text) != 1:
        return None
    if text in _CHOICES and view.step in _CHOOSING:
        return _act(_CHOICES[text])
    if text in _POINTS and view.target in _AMOUNTS:
        return _act(Intent.PRESS_POINT)
    if text.isalpha() and (act := _letter_act(text, view)) is not None:
        return act
    digit = unicodedata.decimal(text, None)
    if digit is not None and view.target is not Target.NOTHING:
        # The digits of any script are digits: the layout in use is not the cashier's choice.
        return Act(Intent.TYPE_CHARACTER, str(digit))
    # Member numbers may have hyphens; alone the key would begin a sale by mistake.
    inside = text == "-" and view.entry
    if view.target is Target.SCAN and text.isascii() and (text.isalpha() or text == "+" or inside):
        return Act(Intent.TYPE_CHARACTER, text)
    return None


def _letter_act(text: str, view: TillView) -> Act | None:
    """Return what a letter asks for where nothing is being typed."""
    letter = text.upper()
    if view.step is Step.PROBLEM and isinstance(view.person, NotFound) and _enrols(view):
        return Act(Intent.NEW_MEMBER, text)  # the first letter of the name
    if letter == "P" and view.step is Step.DONE and view.receipt is not None and not view.entry:
        return Act(Intent.PRINT_CLAIM)
    return Act(Intent.SAME_PERSON) if letter == "J" and view.step is Step.CHOOSING else None


def _enrols(view: TillView) -> bool:
    return view.can is not None and view.can.enrolling is not None


def _act(intent: Intent | None) -> Act | None:
    return None if intent is None else Act(intent)
