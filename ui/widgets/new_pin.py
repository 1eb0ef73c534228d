"""A new PIN, typed twice by the person it is for: rings, a keypad, and what is to be done now."""

from __future__ import annotations

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QWidget

from cashier_app.domain.pin import LONGEST_PIN
from cashier_app.wording import Wording
from cashier_app.wording.sentences import Row
from cashier_app.wording.staff_page import (
    pin_digits_typed,
    pin_hint,
    pin_title,
    pin_too_short,
    pins_differ,
)
from ui.accessibility import announce
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.typography import MEDIUM
from ui.widgets.keypad import DELETE, Keypad
from ui.widgets.pin_dots import PinDots
from ui.widgets.row_list import RowList
from ui.widgets.text import ElidedLabel

_KEYPAD, _DOTS, _TITLE = 244, 56, 36


class NewPin(QWidget):
    """Digits are kept here until `chosen` hands them out; `forget` lets them go."""

    chosen = Signal(str)  # the PIN, typed twice alike
    changed = Signal()  # the title, or what Enter does, is another one

    def __init__(self, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._wording = wording
        self._name, self._least = "", 6
        self._pin = self._first = ""
        self._busy = False
        self.title = ElidedLabel(role="label_large", weight=MEDIUM, parent=self)
        self.dots = PinDots(parent=self)
        self.rows = RowList(self)
        self.keypad = Keypad(parent=self)
        self.keypad.set_corner("")
        self.keypad.pressed_key.connect(self._keypad_pressed)

    def ask(self, name: str, least: int, *said: Row) -> None:
        """Ask somebody for a PIN of so many digits, from the beginning."""
        self._name, self._least = name, least
        self.forget()
        self.tell(*(said or (pin_hint(least, self._wording),)))

    def forget(self) -> None:
        """Let go of what was typed."""
        self._pin = self._first = ""
        self._show()

    def is_last(self) -> bool:
        """Return whether the same PIN is typed once more, and kept then."""
        return bool(self._first)

    def set_busy(self, busy: bool) -> None:  # noqa: FBT001 - a setter, like Qt's
        """Take no digits while something is being kept."""
        self._busy = busy
        self.keypad.setEnabled(not busy)
        self._show()

    def tell(self, *rows: Row) -> None:
        """Say something below the rings."""
        self.rows.show_rows(rows)
        if rows and self.isVisible():
            announce(self.rows, rows[0].sentence.full)

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self._show()

    def type(self, character: str) -> None:
        """Take one digit; anything else is no news."""
        digit = character.isascii() and character.isdigit()
        if digit and not self._busy and len(self._pin) < LONGEST_PIN:
            self._pin += character
            self._show()

    def delete(self) -> None:
        """Take the last digit back."""
        if not self._busy:
            self._pin = self._pin[:-1]
            self._show()

    def go_on(self) -> None:
        """Do what Enter does: ask for the same again, or hand it out."""
        if self._busy:
            return
        if len(self._pin) < self._least:
            self.tell(pin_too_short(self._least, self._wording))
        elif not self._first:
            self._first, self._pin = self._pin, ""
            self.tell()
            self._show()
            announce(self.title, self.title.text())
        elif self._pin != self._first:
            self.ask(self._name, self._least, pins_differ(self._wording))
        else:
            pin = self._pin
            self.forget()
            self.chosen.emit(pin)
        self.changed.emit()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self.arrange()

    def arrange(self) -> None:
        """Put the keypad at the right, all else at its left."""
        px = self._look.px
        column = max(1, self.width() - px(_KEYPAD + 16))
        self.title.setGeometry(0, 0, column, px(_TITLE))
        wide = min(column, self.dots.sizeHint().width())
        self.dots.setGeometry(0, px(_TITLE + 8), wide, px(_DOTS))
        top = px(_TITLE + 16 + _DOTS)
        self.rows.setGeometry(0, top, column, max(px(24), self.height() - top))
        self.keypad.setGeometry(
            QRect(self.width() - px(_KEYPAD), 0, px(_KEYPAD), min(self.height(), px(380)))
        )

    def _show(self) -> None:
        typed = len(self._pin)
        title = pin_title(self._name, again=bool(self._first), wording=self._wording)
        self.title.set_text(title.full, title.short)
        spoken = pin_digits_typed(typed, self._wording)
        self.dots.show_typed(typed, max(typed, self._least), spoken, enabled=not self._busy)
        self.arrange()

    def _keypad_pressed(self, key: str) -> None:
        if key == DELETE:
            self.delete()
        else:
            self.type(key)
