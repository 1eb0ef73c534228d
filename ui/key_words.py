"""The words of the key table: a key press, what it asks for, and what may lie over the till."""

from __future__ import annotations

from enum import Enum, StrEnum

from msgspec import Struct
from PySide6.QtCore import Qt


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
    LICENCES = "licences"


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
