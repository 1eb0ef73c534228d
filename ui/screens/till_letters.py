"""Letter keys over the money and keys columns of the till, while a code or a name is typed by touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QWidget

from cashier_app.services.till_view import Target, TillView
from cashier_app.wording import Wording
from ui.screens.frame import Frame
from ui.theme.look import Look

if TYPE_CHECKING:
    from ui.widgets.letter_keys import LetterKeys

_TEXTS = {Target.MANAGER, Target.VOUCHER}


class TillLetters(QObject):
    """Shows letter keys while the till takes text and a keypad is wanted; they are made with the first.

    Args:
        screen: What they lie on.
    """

    typed = Signal(str)  # a character
    deleted = Signal()

    def __init__(self, screen: QWidget) -> None:
        super().__init__(screen)
        self._screen = screen
        self._target: Target | None = None
        self.keys: LetterKeys | None = None

    def are_wanted(self, view: TillView, *, touch: bool) -> bool:
        """Return whether they lie over the till for this snapshot; `touch` where a keypad is wanted."""
        return touch and view.target in _TEXTS

    def show_view(self, view: TillView, wording: Wording, look: Look, *, touch: bool) -> None:
        """Show or hide them for a snapshot."""
        before = self._target
        self._target = view.target if self.are_wanted(view, touch=touch) else None
        if self._target is None:
            if self.keys is not None:
                self.keys.hide()
            return
        from cashier_app.wording.letter_keys import till_prompt

        keys = self.keys or self._made(wording)
        if before is not self._target:
            self._begin(keys, view, wording)
            keys.set_look(look)
            self.arrange(look)
        keys.show_prompt(till_prompt(view, wording))
        keys.show()
        keys.raise_()

    def are_shown(self) -> bool:
        """Return whether they lie over the till now."""
        return self._target is not None

    def arrange(self, look: Look) -> None:
        """Put them where money and keys stand."""
        if self.keys is None:
            return
        frame = Frame.of(look.metrics)
        place = QRect(frame.bill.topLeft(), frame.keys.bottomRight())
        place.setBottom(frame.actions.top() - look.metrics.panel_gap - 1)
        self.keys.setGeometry(place)

    def _made(self, wording: Wording) -> LetterKeys:
        from cashier_app.wording.letter_keys import pages_beside_latin
        from ui.widgets.letter_keys import LetterKeys

        self.keys = LetterKeys(pages_beside_latin(wording.figures.locale), self._screen)
        self.keys.typed.connect(self._take)
        return self.keys

    def _begin(self, keys: LetterKeys, view: TillView, wording: Wording) -> None:
        from cashier_app.wording.letter_keys import letter_key_names
        from ui.widgets.letter_keys import Typed

        space, delete, shift = letter_key_names(wording)
        keys.name_keys(space=space, delete=delete, shift=shift)
        keys.begin(Typed.CODE if view.target is Target.VOUCHER else Typed.NAME, empty=not view.entry)

    def _take(self, character: str) -> None:
        from ui.widgets.letter_keys import DELETE

        if character == DELETE:
            self.deleted.emit()
        else:
            self.typed.emit(character)
