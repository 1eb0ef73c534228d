"""Closing training: in the middle of something it asks once, and leaves nothing half."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cashier_app.wording.problems import ToastWords
from cashier_app.wording.training_cover import leave_words
from ui.gate import has_sale

if TYPE_CHECKING:
    from cashier_app.services.till_session import TillSession
    from cashier_app.wording import Wording
    from ui.main_window import MainWindow


class Leaving(QObject):
    """What the window asks before it closes, and what is given up when it does.

    Args:
        window: Training's.
        session: Its till.
        closed: Called once the window closes: others that are still open close, too.
    """

    def __init__(self, window: MainWindow, session: TillSession, closed: Callable[[], None]) -> None:
        super().__init__(window)
        self._window, self._session, self._closed = window, session, closed
        self.lesson_under_way: Callable[[], bool] = lambda: False
        """Says whether somebody is in the middle of a lesson."""
        self.leave_lesson: Callable[[], None] = lambda: None
        """Leaves it, with its faults cleared."""
        self.stop_listening: Callable[[], None] = lambda: None
        """Stops listening to the till that opened this training; waits for the thread."""

    def words(self, wording: Wording) -> ToastWords | None:
        """Return the question, or None where nothing is under way."""
        if not (has_sale(self._window.view) or self._window.view.busy or self.lesson_under_way()):
            return None
        asked, action = leave_words(wording)
        return ToastWords(asked, action, "")

    def give_up(self) -> None:
        """Leave the lesson and clear the sale: points held for it go back."""
        if self.lesson_under_way():
            self.leave_lesson()
        self._session.clear_all()

    def close(self) -> None:
        """Give up what is under way and close everything."""
        self.give_up()
        self._closed()
