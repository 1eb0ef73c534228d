"""The help: every key that works now, beside those that always work."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from cashier_app.services.till_view import TillView
from cashier_app.wording import Sentence, Wording
from cashier_app.wording.buttons import KeyWords
from cashier_app.wording.window import help_words
from ui.key_words import Where
from ui.screens.drawer import Drawer
from ui.theme.motion import Motion
from ui.widgets.key_list import KeyList


class HelpPanel(Drawer):
    """Two lists of keys, as a drawer; what works now changes with the view behind."""

    where = Where.HELP

    def __init__(self, motion: Motion, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(motion, parent)
        self._wording = wording
        self.now = KeyList(parent=self._panel)
        self.always = KeyList(parent=self._panel)
        self.more: Callable[[], tuple[KeyWords, ...]] = tuple  # keys that training adds

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording

    def follow(self, before: TillView, view: TillView) -> None:
        """Show the keys of what happens behind."""
        if (before.step, before.target) != (view.step, view.target):
            self.show_view(view, self._wording)

    def show_view(self, view: TillView, wording: Wording) -> None:
        """Show the keys of this view."""
        words = help_words(view, wording)
        self.say(words.title, words.close)
        self.now.set_title(words.now_title.full)
        self.now.set_keys(_pairs((*words.now, *self.more())))
        self.always.set_title(words.always_title.full)
        self.always.set_keys(_pairs(words.always))
        self.arrange()

    def arrange_inside(self, inside: QRect) -> None:
        """Place the two lists side by side, px."""
        gap = self._look.px(12)
        each = (inside.width() - gap) // 2
        wanted = max(self.now.sizeHint().height(), self.always.sizeHint().height())
        high = min(wanted, inside.height())
        self.now.setGeometry(inside.left(), inside.top(), each, high)
        self.always.setGeometry(inside.left() + each + gap, inside.top(), each, high)


def _pairs(keys: tuple[KeyWords, ...]) -> list[tuple[str, Sentence]]:
    return [(words.key, words.sentence) for words in keys]
