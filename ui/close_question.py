"""The question before the window closes: asked once, in place; closing again closes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect

from cashier_app.wording.window import quit_words

if TYPE_CHECKING:
    from cashier_app.wording.problems import ToastWords
    from ui.main_window import MainWindow
    from ui.theme.look import Look
    from ui.widgets.toast import Toast

_WIDEST = 900  # px at scale 1


class CloseQuestion:
    """Says why the window does not close yet, where sales are not posted; in training no sale is missed."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._asked = False

    @cached_property
    def bar(self) -> Toast:
        """Return the bar that asks, made when it is first wanted."""
        from ui.widgets.toast import Toast

        made = Toast(self._window)
        made.set_look(self._window.screen_of_till.look())
        made.acted.connect(self.close_now)
        made.expired.connect(self._stay)
        return made

    def is_answered(self) -> bool:
        """Say whether the window may close; else ask. Asked twice, it may."""
        words = None if self._asked else self._words()
        if words is None:
            return True
        self._asked = True
        action = words.action.full if words.action else ""
        self.bar.show_words(words.sentence.full, short=words.sentence.short, action=action)
        self.stand_in(self._window.above_foot())
        return False

    def answer(self) -> None:
        """Take it for answered: the next time the window closes."""
        self._asked = True

    def close_now(self) -> None:
        """Close the window without another word."""
        self.answer()
        self._window.close()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        if self._is_made():
            self.bar.set_look(look)

    def stand_in(self, above: QRect) -> None:
        """Stand at the bottom of what the window has above its foot, px."""
        if not self._is_made():
            return
        look = self._window.screen_of_till.look()
        high, side = self.bar.sizeHint().height(), look.metrics.side_margin
        width = min(above.width() - 2 * side, look.px(_WIDEST))
        self.bar.setGeometry((above.width() - width) // 2, above.height() - high - side, width, high)

    def _words(self) -> ToastWords | None:
        window = self._window
        wording, counts = window.screen_of_till.wording(), window.view.connection.counts
        if window.leaving is not None:
            return window.leaving.words(wording)
        return quit_words(counts, wording) if counts.waiting or counts.needs_attention else None

    def _stay(self) -> None:
        self._asked = False

    def _is_made(self) -> bool:
        return "bar" in self.__dict__
