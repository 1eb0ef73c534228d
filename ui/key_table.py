"""Which key means what: one table for the whole window.

The table is pure, so that it can be read and tested without a window: a stroke, the view and what lies on top
give an act or nothing. Numpad and main keys are the same key.
"""

from __future__ import annotations

import unicodedata
from enum import Enum, StrEnum

from msgspec import Struct
from PySide6.QtCore import Qt

from cashier_app.services.till_view import NotFound, Step, Target, TillView


class Intent(StrEnum):
    """What a key asks for. Those of a sale are named as the methods of the till session."""

    TYPE_CHARACTER = "type_character"
    PRESS_POINT = "press_point"
    DELETE = "delete"
    CONFIRM = "confirm"
    BACK = "back"
    CLEAR_ALL = "clear_all"
    TAKE_MAXIMUM = "take_maximum"
    TAKE_NOTHING = "take_nothing"
    LESS = "less"
    MORE = "more"
    MARK_NEXT = "mark_next"
    MARK_PREVIOUS = "mark_previous"
    PICK_MARKED = "pick_marked"
    WITHOUT_MEMBER = "without_member"
    ANOTHER_MEMBER = "another_member"
    REFRESH_ACCOUNT = "refresh_account"

    SHOW_HELP = "show_help"
    SHOW_QUEUE = "show_queue"
    SHOW_MENU = "show_menu"
    CLOSE_DRAWER = "close_drawer"
    FULL_SCREEN = "full_screen"
    SWITCH_KEYPAD = "switch_keypad"
    SWITCH_CAMERA = "switch_camera"
    PASTE = "paste"

    NEXT_ROW = "next_row"
    PREVIOUS_ROW = "previous_row"
    NEXT_TAB = "next_tab"
    PREVIOUS_TAB = "previous_tab"
    OPEN_ROW = "open_row"
    CHOOSE = "choose"
    LOOK_UP_NOW = "look_up_now"
    SEND_AGAIN = "send_again"
    SEND_ALL_NOW = "send_all_now"
    SETTLE_BY_HAND = "settle_by_hand"
    COMPARE = "compare"
    EXPORT = "export"
    SHOW_RETURN = "show_return"
    DELETE_TYPED = "delete_typed"
    AMOUNT_INSTEAD = "amount_instead"
    TAKE_RECEIPT = "take_receipt"
    SHOW_DAY = "show_day"
    NEXT_PERIOD = "next_period"
    PREVIOUS_PERIOD = "previous_period"
    SWITCH_CASHIER = "switch_cashier"
    NEW_MEMBER = "new_member"
    SHOW_TERMS = "show_terms"
    NEXT_LANGUAGE = "next_language"
    NEXT_PAGE = "next_page"
    PREVIOUS_PAGE = "previous_page"
    UNDO = "undo"
    MOVE_SALE = "move_sale"
    ADD_VOUCHER = "add_voucher"
    PRINT_CLAIM = "print_claim"
    SAME_PERSON = "same_person"


class Where(Enum):
    """What lies on top and takes the keys."""

    TILL = "till"
    QUEUE = "queue"
    COMPARE = "compare"
    SETTLE = "settle"
    HELP = "help"
    MENU = "menu"
    DEVICES = "devices"
    BACKEND = "backend"
    BACKEND_FORM = "backend form"
    RETURN = "return"
    ENROL = "enrol"
    ENROL_FORM = "enrol form"
    DAY = "day"
    DAY_RANGE = "day range"
    DAY_CLOSE = "day close"
    DAY_CLOSE_FORM = "day close form"
    LOCK = "lock"
    PIN = "pin"
    STAFF = "staff"
    STAFF_FORM = "staff form"
    STAFF_PIN = "staff pin"
    UNDO = "undo"
    MOVE = "move"
    TRAINER = "trainer"
    TRAINER_SEARCH = "trainer search"
    FREE_PLAY = "free play"
    COVER = "cover"
    LESSONS = "lessons"
    LESSONS_FORM = "lessons form"
    SUPPORT = "support"
    NEWS = "news"


class Stroke(Struct, frozen=True):
    """One key press as the window system reported it.

    Args:
        text: What the key types in the layout in use.
        keypad: Whether it is on the numpad; means nothing by itself, kept for the help and for tests.
        repeat: Whether the key is held down and repeats.
    """

    key: Qt.Key
    text: str = ""
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    keypad: bool = False
    repeat: bool = False


class Act(Struct, frozen=True):
    """An intent with the character it carries, if any."""

    intent: Intent
    character: str = ""


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
# While a PIN is asked for, or training covers the till, all others are dead: they would open what only who
# signed in may see.
_ASKING: dict[Where, frozenset[Qt.Key]] = {
    Where.LOCK: frozenset({Qt.Key.Key_F11, Qt.Key.Key_F12}),
    Where.PIN: frozenset({Qt.Key.Key_F11}),
    Where.STAFF_PIN: frozenset({Qt.Key.Key_F11, Qt.Key.Key_F12}),
    Where.COVER: frozenset({Qt.Key.Key_F11}),
}
_FUNCTION_KEYS_ON_TOP: dict[tuple[Where, Qt.Key], Intent | None] = {
    (Where.QUEUE, Qt.Key.Key_F5): Intent.SEND_ALL_NOW,
    (Where.QUEUE, Qt.Key.Key_F7): Intent.CLOSE_DRAWER,
    (Where.HELP, Qt.Key.Key_F1): Intent.CLOSE_DRAWER,
    (Where.COMPARE, Qt.Key.Key_F5): Intent.SEND_ALL_NOW,
    (Where.COMPARE, Qt.Key.Key_F7): Intent.CLOSE_DRAWER,
    (Where.COMPARE, Qt.Key.Key_F3): None,
    (Where.COMPARE, Qt.Key.Key_F8): None,
    (Where.SETTLE, Qt.Key.Key_F1): None,
    (Where.SETTLE, Qt.Key.Key_F3): None,
    (Where.SETTLE, Qt.Key.Key_F5): None,
    (Where.SETTLE, Qt.Key.Key_F6): None,
    (Where.SETTLE, Qt.Key.Key_F7): None,
    (Where.SETTLE, Qt.Key.Key_F8): None,
    (Where.SETTLE, Qt.Key.Key_F10): None,
    (Where.QUEUE, Qt.Key.Key_F3): None,
    (Where.QUEUE, Qt.Key.Key_F8): None,
    (Where.HELP, Qt.Key.Key_F3): None,
    (Where.HELP, Qt.Key.Key_F5): None,
    (Where.HELP, Qt.Key.Key_F8): None,
    (Where.MENU, Qt.Key.Key_F10): Intent.CLOSE_DRAWER,
    (Where.MENU, Qt.Key.Key_F3): None,
    (Where.MENU, Qt.Key.Key_F5): None,
    (Where.MENU, Qt.Key.Key_F8): None,
    (Where.DEVICES, Qt.Key.Key_F10): Intent.CLOSE_DRAWER,
    (Where.DEVICES, Qt.Key.Key_F3): None,
    (Where.DEVICES, Qt.Key.Key_F5): None,
    (Where.DEVICES, Qt.Key.Key_F8): None,
    (Where.SUPPORT, Qt.Key.Key_F10): Intent.CLOSE_DRAWER,
    (Where.SUPPORT, Qt.Key.Key_F3): None,
    (Where.SUPPORT, Qt.Key.Key_F5): None,
    (Where.SUPPORT, Qt.Key.Key_F8): None,
    (Where.NEWS, Qt.Key.Key_F10): Intent.CLOSE_DRAWER,
    (Where.NEWS, Qt.Key.Key_F3): None,
    (Where.NEWS, Qt.Key.Key_F5): None,
    (Where.NEWS, Qt.Key.Key_F8): None,
    (Where.LESSONS, Qt.Key.Key_F3): None,
    (Where.LESSONS, Qt.Key.Key_F5): None,
    (Where.LESSONS, Qt.Key.Key_F8): None,
    (Where.LESSONS_FORM, Qt.Key.Key_F3): None,
    (Where.LESSONS_FORM, Qt.Key.Key_F5): None,
    (Where.LESSONS_FORM, Qt.Key.Key_F8): None,
    (Where.SETTLE, Qt.Key.Key_F4): None,
    # What was typed would be lost with the page; its keys stand in the right column.
    (Where.RETURN, Qt.Key.Key_F1): None,
    (Where.RETURN, Qt.Key.Key_F3): Intent.TAKE_RECEIPT,
    (Where.RETURN, Qt.Key.Key_F4): None,
    (Where.RETURN, Qt.Key.Key_F5): Intent.AMOUNT_INSTEAD,
    (Where.RETURN, Qt.Key.Key_F8): None,
    (Where.DAY, Qt.Key.Key_F3): None,
    (Where.DAY, Qt.Key.Key_F5): None,
    (Where.DAY, Qt.Key.Key_F6): None,
    (Where.DAY, Qt.Key.Key_F8): None,
    (Where.DAY_RANGE, Qt.Key.Key_F1): None,
    (Where.DAY_RANGE, Qt.Key.Key_F3): None,
    (Where.DAY_RANGE, Qt.Key.Key_F4): None,
    (Where.DAY_RANGE, Qt.Key.Key_F5): None,
    (Where.DAY_RANGE, Qt.Key.Key_F6): None,
    (Where.DAY_RANGE, Qt.Key.Key_F7): None,
    (Where.DAY_RANGE, Qt.Key.Key_F8): None,
    (Where.DAY_RANGE, Qt.Key.Key_F10): None,
}
# What was typed would be lost with the form; its keys stand in the right column.
_IN_ENROLMENT: dict[Qt.Key, Intent | None] = {
    Qt.Key.Key_F1: Intent.SHOW_TERMS,
    Qt.Key.Key_F3: Intent.NEXT_LANGUAGE,
    **dict.fromkeys(
        (
            Qt.Key.Key_F2,
            Qt.Key.Key_F4,
            Qt.Key.Key_F5,
            Qt.Key.Key_F6,
            Qt.Key.Key_F7,
            Qt.Key.Key_F8,
            Qt.Key.Key_F9,
            Qt.Key.Key_F10,
        )
    ),
}
for _where in (Where.ENROL, Where.ENROL_FORM):
    _FUNCTION_KEYS_ON_TOP |= {(_where, _key): _intent for _key, _intent in _IN_ENROLMENT.items()}
# Pages that hold what somebody typed are not left for a form.
_NEW_MEMBER_FROM = frozenset({Where.TILL, Where.QUEUE, Where.HELP, Where.MENU})
_ONLY_FROM = {Qt.Key.Key_F2: _NEW_MEMBER_FROM, Qt.Key.Key_F9: frozenset({Where.TILL})}
for _where in (Where.TRAINER, Where.TRAINER_SEARCH, Where.FREE_PLAY):
    _FUNCTION_KEYS_ON_TOP |= {
        (_where, _key): None for _key in (Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F5, Qt.Key.Key_F8)
    }
# A question is answered before anything else; only the screen and who is at the till may change.
for _where in (Where.UNDO, Where.MOVE):
    _FUNCTION_KEYS_ON_TOP |= {
        (_where, _key): None for _key in _FUNCTION_KEYS if _key not in {Qt.Key.Key_F11, Qt.Key.Key_F12}
    }
_FUNCTION_KEYS_ON_TOP[Where.UNDO, Qt.Key.Key_F3] = Intent.MOVE_SALE
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
_QUEUE_KEYS: dict[Qt.Key, Intent] = {
    Qt.Key.Key_Return: Intent.OPEN_ROW,
    Qt.Key.Key_Enter: Intent.OPEN_ROW,
    Qt.Key.Key_Escape: Intent.CLOSE_DRAWER,
    Qt.Key.Key_Down: Intent.NEXT_ROW,
    Qt.Key.Key_Up: Intent.PREVIOUS_ROW,
    Qt.Key.Key_Right: Intent.NEXT_TAB,
    Qt.Key.Key_Left: Intent.PREVIOUS_TAB,
    Qt.Key.Key_L: Intent.LOOK_UP_NOW,
    Qt.Key.Key_R: Intent.SEND_AGAIN,
    Qt.Key.Key_H: Intent.SETTLE_BY_HAND,
    Qt.Key.Key_C: Intent.COMPARE,
    Qt.Key.Key_E: Intent.EXPORT,
}
_COMPARE_KEYS: dict[Qt.Key, Intent] = {
    Qt.Key.Key_Return: Intent.OPEN_ROW,
    Qt.Key.Key_Enter: Intent.OPEN_ROW,
    Qt.Key.Key_Escape: Intent.CLOSE_DRAWER,
    Qt.Key.Key_Down: Intent.NEXT_ROW,
    Qt.Key.Key_Up: Intent.PREVIOUS_ROW,
    Qt.Key.Key_Right: Intent.NEXT_TAB,
    Qt.Key.Key_Left: Intent.PREVIOUS_TAB,
}
# All else goes to the field being typed in.
_SETTLE_KEYS: dict[Qt.Key, Intent] = {
    Qt.Key.Key_Return: Intent.OPEN_ROW,
    Qt.Key.Key_Enter: Intent.OPEN_ROW,
    Qt.Key.Key_Escape: Intent.CLOSE_DRAWER,
}
_HELP_KEYS: dict[Qt.Key, Intent] = {
    Qt.Key.Key_Return: Intent.CLOSE_DRAWER,
    Qt.Key.Key_Enter: Intent.CLOSE_DRAWER,
    Qt.Key.Key_Escape: Intent.CLOSE_DRAWER,
}
# Digits and letters choose: see `_act_for`.
_MENU_KEYS: dict[Qt.Key, Intent] = {
    Qt.Key.Key_Return: Intent.OPEN_ROW,
    Qt.Key.Key_Enter: Intent.OPEN_ROW,
    Qt.Key.Key_Escape: Intent.CLOSE_DRAWER,
    Qt.Key.Key_Down: Intent.NEXT_ROW,
    Qt.Key.Key_Up: Intent.PREVIOUS_ROW,
}
# Everything that can be typed goes to the receipt's number or to the amount: see `_act_for`.
_RETURN_KEYS: dict[Qt.Key, Intent] = {
    Qt.Key.Key_Return: Intent.OPEN_ROW,
    Qt.Key.Key_Enter: Intent.OPEN_ROW,
    Qt.Key.Key_Escape: Intent.CLOSE_DRAWER,
    Qt.Key.Key_Backspace: Intent.DELETE_TYPED,
    Qt.Key.Key_Delete: Intent.DELETE_TYPED,
    Qt.Key.Key_Down: Intent.NEXT_ROW,
    Qt.Key.Key_Up: Intent.PREVIOUS_ROW,
}
# Digits choose a person or are the PIN's.
_LOCK_KEYS: dict[Qt.Key, Intent] = {
    Qt.Key.Key_Return: Intent.OPEN_ROW,
    Qt.Key.Key_Enter: Intent.OPEN_ROW,
    Qt.Key.Key_Escape: Intent.CLOSE_DRAWER,
    Qt.Key.Key_Backspace: Intent.DELETE_TYPED,
    Qt.Key.Key_Delete: Intent.DELETE_TYPED,
    Qt.Key.Key_Down: Intent.NEXT_ROW,
    Qt.Key.Key_Up: Intent.PREVIOUS_ROW,
    Qt.Key.Key_Right: Intent.NEXT_PAGE,
    Qt.Key.Key_Left: Intent.PREVIOUS_PAGE,
    Qt.Key.Key_PageDown: Intent.NEXT_PAGE,
    Qt.Key.Key_PageUp: Intent.PREVIOUS_PAGE,
}
# Letters choose here too.
_DAY_KEYS: dict[Qt.Key, Intent] = {
    **_MENU_KEYS,
    Qt.Key.Key_Right: Intent.NEXT_PERIOD,
    Qt.Key.Key_Left: Intent.PREVIOUS_PERIOD,
}
_PAGES: dict[Qt.Key, Intent] = {
    Qt.Key.Key_PageDown: Intent.NEXT_PAGE,
    Qt.Key.Key_PageUp: Intent.PREVIOUS_PAGE,
}
_CHOOSING_ON_TOP = frozenset(
    {
        Where.MENU,
        Where.DEVICES,
        Where.BACKEND,
        Where.STAFF,
        Where.DAY,
        Where.DAY_CLOSE,
        Where.LESSONS,
        Where.TRAINER,
        Where.FREE_PLAY,
        Where.SUPPORT,
        Where.NEWS,
    }
)
_TYPING_ON_TOP = frozenset({Where.RETURN, Where.ENROL, Where.MOVE, Where.TRAINER_SEARCH})
_FORMS = frozenset(
    {
        Where.SETTLE,
        Where.BACKEND_FORM,
        Where.STAFF_FORM,
        Where.DAY_RANGE,
        Where.DAY_CLOSE_FORM,
        Where.ENROL_FORM,
        Where.LESSONS_FORM,
    }
)
_ON_TOP = {
    Where.MENU: _MENU_KEYS,
    Where.DEVICES: _MENU_KEYS,
    Where.RETURN: _RETURN_KEYS,
    Where.ENROL: _RETURN_KEYS,
    Where.ENROL_FORM: _SETTLE_KEYS,
    Where.QUEUE: _QUEUE_KEYS,
    Where.COMPARE: _COMPARE_KEYS,
    Where.SETTLE: _SETTLE_KEYS,
    Where.BACKEND: _MENU_KEYS,
    Where.BACKEND_FORM: _SETTLE_KEYS,
    Where.HELP: _HELP_KEYS,
    Where.DAY: _DAY_KEYS,
    Where.DAY_RANGE: _SETTLE_KEYS,
    Where.DAY_CLOSE: _MENU_KEYS,
    Where.DAY_CLOSE_FORM: _SETTLE_KEYS,
    Where.LOCK: _LOCK_KEYS,
    Where.PIN: _LOCK_KEYS,
    Where.STAFF: _LOCK_KEYS,
    Where.STAFF_FORM: _SETTLE_KEYS,
    Where.STAFF_PIN: _LOCK_KEYS,
    Where.UNDO: _SETTLE_KEYS,
    Where.MOVE: _RETURN_KEYS,
    Where.TRAINER: {**_MENU_KEYS, **_PAGES},
    Where.TRAINER_SEARCH: {**_RETURN_KEYS, **_PAGES},
    Where.FREE_PLAY: _MENU_KEYS,
    Where.SUPPORT: _MENU_KEYS,
    Where.NEWS: {**_MENU_KEYS, **_PAGES},
    Where.LESSONS: _LOCK_KEYS,
    Where.LESSONS_FORM: _SETTLE_KEYS,
    Where.COVER: _SETTLE_KEYS,
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
    if where in _ASKING:
        return None if hotkeys else _act_while_asked(stroke, where)
    if hotkeys == Qt.KeyboardModifier.ControlModifier:
        if where in _FORMS:
            return None  # a text field pastes for itself
        return _act(_WITH_CONTROL.get(stroke.key))
    key = _ALT_DIGITS.get(stroke.key) if hotkeys == Qt.KeyboardModifier.AltModifier else stroke.key
    if key is None or (hotkeys and key is stroke.key):
        return None
    if (where, key) in _FUNCTION_KEYS_ON_TOP:
        return _act(_FUNCTION_KEYS_ON_TOP[where, key])
    if key in _ONLY_FROM and where not in _ONLY_FROM[key]:
        return None
    if key in _FUNCTION_KEYS:
        return _act(_FUNCTION_KEYS[key])
    if where in _CHOOSING_ON_TOP and len(stroke.text) == 1 and stroke.text.isalnum():
        digit = unicodedata.decimal(stroke.text, None)
        return Act(Intent.CHOOSE, stroke.text.upper() if digit is None else str(digit))
    if where in _TYPING_ON_TOP and len(stroke.text) == 1 and stroke.text.isprintable():
        digit = unicodedata.decimal(stroke.text, None)
        point = "." if stroke.text in _POINTS else stroke.text
        return Act(Intent.CHOOSE, point if digit is None else str(digit))
    return _till_act(key, stroke.text, view) if where is Where.TILL else _act(_ON_TOP[where].get(key))


def _act_while_asked(stroke: Stroke, where: Where) -> Act | None:
    """Return what a key means while a PIN is asked for: a digit, a step, or nothing."""
    if stroke.key in _ASKING[where]:
        return _act(_FUNCTION_KEYS[stroke.key])
    digit = unicodedata.decimal(stroke.text, None) if len(stroke.text) == 1 else None
    return Act(Intent.CHOOSE, str(digit)) if digit is not None else _act(_ON_TOP[where].get(stroke.key))


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
