"""The right column of the till: the keypad, or the list of keys in its place; each made when first wanted."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from cashier_app.services.till_view import Target, TillView
from cashier_app.wording import Wording
from cashier_app.wording.buttons import key_list
from ui.screens.frame import Frame
from ui.theme.look import Look

if TYPE_CHECKING:
    from ui.widgets.key_list import KeyList
    from ui.widgets.keypad import Keypad

_AMOUNTS = {Target.BILL, Target.DISCOUNT}


class TillKeypad:
    """Shows one of the two.

    Args:
        screen: What they stand on.
        look: Reads its colours and measures.
        pressed: Called with what a key of the keypad stands for.
    """

    def __init__(self, screen: QWidget, look: Callable[[], Look], pressed: Callable[[str], None]) -> None:
        self._screen, self._look, self._pressed = screen, look, pressed
        self.wanted = True  # the keypad, not the list

    @cached_property
    def keypad(self) -> Keypad:
        """Return the keypad."""
        from ui.widgets.keypad import Keypad

        made = Keypad(parent=self._screen)
        made.setVisible(self.wanted)
        made.set_look(self._look())
        made.setGeometry(self._place())
        made.pressed_key.connect(self._pressed)
        return made

    @cached_property
    def list(self) -> KeyList:
        """Return the list of keys."""
        from ui.widgets.key_list import KeyList

        made = KeyList(parent=self._screen)
        made.setVisible(not self.wanted)
        made.set_look(self._look())
        made.setGeometry(self._place())
        return made

    def choose(self, wanted: bool) -> None:  # noqa: FBT001 - a setter, like Qt's
        """Show the keypad, or the list of keys in its place."""
        self.wanted = wanted
        if "list" in self.__dict__:
            self.list.setVisible(not wanted)
        self.uncover()

    def uncover(self, shown: bool = True) -> None:  # noqa: FBT001, FBT002 - a setter, like Qt's
        """Show the keypad where it is wanted; not while something else lies there."""
        if "keypad" in self.__dict__:
            self.keypad.setVisible(self.wanted and shown)

    def show_list(self, view: TillView, wording: Wording, *, enrols: bool) -> None:
        """List the keys that mean something now."""
        shown = key_list(view, wording, enrols=enrols)
        self.list.set_keys([(words.key, words.sentence) for words in shown])

    def show_corner(self, view: TillView) -> None:
        """Let the keypad type what is typed now."""
        self.keypad.setEnabled(view.target is not Target.NOTHING)
        if view.target is not Target.NOTHING:
            point = "." if view.bill.currency.decimals else "00"
            self.keypad.set_corner(point if view.target in _AMOUNTS else "+")

    def arrange(self) -> None:
        """Stand where the look has them."""
        for name in ("keypad", "list"):
            if name in self.__dict__:
                getattr(self, name).setGeometry(self._place())

    def _place(self) -> QRect:
        return Frame.of(self._look().metrics).keys
