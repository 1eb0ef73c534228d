"""What keys mean in what lies over the till: drawers, pages, forms, questions. Tables only."""

from __future__ import annotations

from PySide6.QtCore import Qt

from ui.key_words import Intent, Where

# While a PIN is asked for, or training covers the till, all others are dead: they would open what only who
# signed in may see.
ASKING: dict[Where, frozenset[Qt.Key]] = {
    Where.LOCK: frozenset({Qt.Key.Key_F11, Qt.Key.Key_F12}),
    Where.PIN: frozenset({Qt.Key.Key_F11}),
    Where.STAFF_PIN: frozenset({Qt.Key.Key_F11, Qt.Key.Key_F12}),
    Where.COVER: frozenset({Qt.Key.Key_F11}),
}
# What is typed there is chosen: a digit or a letter.
CHOOSING_ON_TOP = frozenset(
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
        Where.LICENCES,
    }
)
# What is typed there stands in a field of ours.
TYPING_ON_TOP = frozenset({Where.RETURN, Where.ENROL, Where.MOVE, Where.TRAINER_SEARCH})
# What is typed there stands in a text field of Qt's.
FORMS = frozenset(
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

# --- function keys --------------------------------------------------------------------------------

FunctionKeys = dict[Qt.Key, Intent | None]
"""What function keys mean in one place, where that is not what they always mean; None for nothing."""

_OF_A_SALE: FunctionKeys = dict.fromkeys((Qt.Key.Key_F3, Qt.Key.Key_F5, Qt.Key.Key_F8))
_FROM_THE_MENU: FunctionKeys = {**_OF_A_SALE, Qt.Key.Key_F10: Intent.CLOSE_DRAWER}
_IN_THE_QUEUE: FunctionKeys = {
    **_OF_A_SALE,
    Qt.Key.Key_F5: Intent.SEND_ALL_NOW,
    Qt.Key.Key_F7: Intent.CLOSE_DRAWER,
}
# Only the screen and who is at the till may change there.
_ONLY_THE_WINDOWS: FunctionKeys = dict.fromkeys(
    (
        Qt.Key.Key_F1,
        Qt.Key.Key_F2,
        Qt.Key.Key_F3,
        Qt.Key.Key_F4,
        Qt.Key.Key_F5,
        Qt.Key.Key_F6,
        Qt.Key.Key_F7,
        Qt.Key.Key_F8,
        Qt.Key.Key_F9,
        Qt.Key.Key_F10,
    )
)
# What was typed would be lost with these pages; their keys stand in the right column.
_IN_ENROLMENT: FunctionKeys = {
    **_ONLY_THE_WINDOWS,
    Qt.Key.Key_F1: Intent.SHOW_TERMS,
    Qt.Key.Key_F3: Intent.NEXT_LANGUAGE,
}
_IN_A_RETURN: FunctionKeys = {
    **_OF_A_SALE,
    Qt.Key.Key_F1: None,
    Qt.Key.Key_F3: Intent.TAKE_RECEIPT,
    Qt.Key.Key_F4: None,
    Qt.Key.Key_F5: Intent.AMOUNT_INSTEAD,
}
_FOR_TRAINERS: FunctionKeys = {**_OF_A_SALE, Qt.Key.Key_F4: None}
FUNCTION_KEYS_ON_TOP: dict[Where, FunctionKeys] = {
    Where.QUEUE: _IN_THE_QUEUE,
    Where.COMPARE: _IN_THE_QUEUE,
    Where.SETTLE: _ONLY_THE_WINDOWS,
    Where.HELP: {**_OF_A_SALE, Qt.Key.Key_F1: Intent.CLOSE_DRAWER},
    Where.MENU: _FROM_THE_MENU,
    Where.DEVICES: _FROM_THE_MENU,
    Where.SUPPORT: _FROM_THE_MENU,
    Where.NEWS: _FROM_THE_MENU,
    Where.LICENCES: _FROM_THE_MENU,
    Where.RETURN: _IN_A_RETURN,
    Where.ENROL: _IN_ENROLMENT,
    Where.ENROL_FORM: _IN_ENROLMENT,
    Where.DAY: {**_OF_A_SALE, Qt.Key.Key_F6: None},
    Where.DAY_RANGE: _ONLY_THE_WINDOWS,
    # A question is answered before anything else.
    Where.UNDO: {**_ONLY_THE_WINDOWS, Qt.Key.Key_F3: Intent.MOVE_SALE},
    Where.MOVE: _ONLY_THE_WINDOWS,
    Where.LESSONS: _OF_A_SALE,
    Where.LESSONS_FORM: _OF_A_SALE,
    Where.TRAINER: _FOR_TRAINERS,
    Where.TRAINER_SEARCH: _FOR_TRAINERS,
    Where.FREE_PLAY: _FOR_TRAINERS,
}

# --- all other keys -------------------------------------------------------------------------------

# In a form, all else goes to the field being typed in.
_ANSWERS: dict[Qt.Key, Intent] = {
    Qt.Key.Key_Return: Intent.OPEN_ROW,
    Qt.Key.Key_Enter: Intent.OPEN_ROW,
    Qt.Key.Key_Escape: Intent.CLOSE_DRAWER,
}
_ROWS: dict[Qt.Key, Intent] = {
    **_ANSWERS,
    Qt.Key.Key_Down: Intent.NEXT_ROW,
    Qt.Key.Key_Up: Intent.PREVIOUS_ROW,
}
_TABS: dict[Qt.Key, Intent] = {
    **_ROWS,
    Qt.Key.Key_Right: Intent.NEXT_TAB,
    Qt.Key.Key_Left: Intent.PREVIOUS_TAB,
}
_QUEUE_KEYS: dict[Qt.Key, Intent] = {
    **_TABS,
    Qt.Key.Key_L: Intent.LOOK_UP_NOW,
    Qt.Key.Key_R: Intent.SEND_AGAIN,
    Qt.Key.Key_H: Intent.SETTLE_BY_HAND,
    Qt.Key.Key_C: Intent.COMPARE,
    Qt.Key.Key_E: Intent.EXPORT,
}
_HELP_KEYS: dict[Qt.Key, Intent] = dict.fromkeys(_ANSWERS, Intent.CLOSE_DRAWER)
_TYPED: dict[Qt.Key, Intent] = {
    **_ROWS,
    Qt.Key.Key_Backspace: Intent.DELETE_TYPED,
    Qt.Key.Key_Delete: Intent.DELETE_TYPED,
}
_PAGES: dict[Qt.Key, Intent] = {
    Qt.Key.Key_PageDown: Intent.NEXT_PAGE,
    Qt.Key.Key_PageUp: Intent.PREVIOUS_PAGE,
}
# Digits choose a person or are the PIN's.
_PEOPLE: dict[Qt.Key, Intent] = {
    **_TYPED,
    **_PAGES,
    Qt.Key.Key_Right: Intent.NEXT_PAGE,
    Qt.Key.Key_Left: Intent.PREVIOUS_PAGE,
}
_DAY_KEYS: dict[Qt.Key, Intent] = {
    **_ROWS,
    Qt.Key.Key_Right: Intent.NEXT_PERIOD,
    Qt.Key.Key_Left: Intent.PREVIOUS_PERIOD,
}
KEYS_ON_TOP: dict[Where, dict[Qt.Key, Intent]] = {
    Where.QUEUE: _QUEUE_KEYS,
    Where.COMPARE: _TABS,
    Where.SETTLE: _ANSWERS,
    Where.HELP: _HELP_KEYS,
    Where.MENU: _ROWS,
    Where.DEVICES: _ROWS,
    Where.BACKEND: _ROWS,
    Where.BACKEND_FORM: _ANSWERS,
    Where.RETURN: _TYPED,
    Where.ENROL: _TYPED,
    Where.ENROL_FORM: _ANSWERS,
    Where.DAY: _DAY_KEYS,
    Where.DAY_RANGE: _ANSWERS,
    Where.DAY_CLOSE: _ROWS,
    Where.DAY_CLOSE_FORM: _ANSWERS,
    Where.LOCK: _PEOPLE,
    Where.PIN: _PEOPLE,
    Where.STAFF: _PEOPLE,
    Where.STAFF_FORM: _ANSWERS,
    Where.STAFF_PIN: _PEOPLE,
    Where.UNDO: _ANSWERS,
    Where.MOVE: _TYPED,
    Where.TRAINER: {**_ROWS, **_PAGES},
    Where.TRAINER_SEARCH: {**_TYPED, **_PAGES},
    Where.FREE_PLAY: _ROWS,
    Where.COVER: _ANSWERS,
    Where.LESSONS: _PEOPLE,
    Where.LESSONS_FORM: _ANSWERS,
    Where.SUPPORT: _ROWS,
    Where.NEWS: {**_ROWS, **_PAGES},
    Where.LICENCES: {**_ROWS, **_PAGES},
}
