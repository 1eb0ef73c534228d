"""Letters on a touch screen for the fields of the first start: there while one is typed into by touch."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from cashier_app.wording import Sentence, Wording
from cashier_app.wording.letter_keys import PromptWords, letter_key_names, pages_beside_latin
from ui.touch_screen import has_touch_screen
from ui.widgets.letter_keys import DELETE, LetterKeys, Typed

_SHARE, _LEAST = 0.46, 312
_LOW = 560
"""Below this height letters get less than a finger's width: something must be left of the page."""


class Letters(QObject):
    """Follows the focus: no field, no letters. Keys that are pressed take them away again.

    Args:
        window: Whose fields, and where the letters stand.
    """

    shown = Signal()  # or hidden: the room is another one

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._touched = has_touch_screen()
        self._field: QLineEdit | None = None
        self._wording: Wording | None = None
        self._locale = ""
        self.keys = self._new_keys()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def is_shown(self) -> bool:
        """Return whether the letters are there."""
        return not self.keys.isHidden()

    def wanted_height(self, room: int) -> int:
        """Return how high they stand in a window of this height, px."""
        return max(_LEAST if room >= _LOW else 0, round(room * _SHARE))

    def set_wording(self, wording: Wording, locale: str) -> None:
        """Have the letters of another language at hand."""
        self._wording = wording
        if locale != self._locale:
            self._locale = locale
            gone, self.keys = self.keys, self._new_keys()
            gone.hide()
            gone.deleteLater()
        space, delete, shift = letter_key_names(wording)
        self.keys.name_keys(space=space, delete=delete, shift=shift)

    def by_touch(self) -> None:
        """Show letters from now on, as soon as a field is typed into."""
        self._touched = True
        self._show()

    def by_keys(self) -> None:
        """Show none any more: there is a keyboard."""
        if self._touched:
            self._touched = False
            self._show()

    def toggle(self) -> None:
        """Show them or not, as somebody wants it."""
        self._touched = not self._touched
        self._show()

    def leave(self) -> None:
        """Follow no field: another page is about to be seen."""
        self._field = None
        self._show()

    def _follow(self, _: QWidget | None, now: QWidget | None) -> None:
        if now is None or now.window() is not self._window:
            return
        self._field = now if isinstance(now, QLineEdit) else None
        self._show()

    def _show(self) -> None:
        wanted = self._touched and self._field is not None
        if wanted and self._field is not None:
            said = Sentence.of(self._field.accessibleName())
            nothing = Sentence.of("")
            hidden = self._field.echoMode() is not QLineEdit.EchoMode.Normal
            self.keys.show_prompt(PromptWords(said, nothing, nothing))
            typed = Typed.ADDRESS if hidden else Typed.NAME
            self.keys.begin(typed, empty=not self._field.text())
        if wanted is not self.is_shown():
            self.keys.setVisible(wanted)
            self.shown.emit()

    def _type(self, character: str) -> None:
        field = self._field
        if field is None:
            return
        if character == DELETE:
            field.backspace()
        else:
            field.insert(character)
        field.textEdited.emit(field.text())

    def _new_keys(self) -> LetterKeys:
        keys = LetterKeys(pages_beside_latin(self._locale), self._window)
        keys.typed.connect(self._type)
        keys.hide()
        return keys
