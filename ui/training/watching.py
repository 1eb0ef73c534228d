"""What a lesson may know of the window: pages as they open, and the sessions behind them as they are made."""

from __future__ import annotations

from PySide6.QtCore import QObject

from cashier_app.domain.till_facts import Page
from cashier_app.services.lesson_facts import LessonFacts
from ui.key_words import Where
from ui.main_window import MainWindow
from ui.screens.return_screen import ReturnScreen

_PAGES = {
    Where.TILL: Page.TILL,
    Where.QUEUE: Page.QUEUE,
    Where.COMPARE: Page.QUEUE,
    Where.SETTLE: Page.QUEUE,
    Where.RETURN: Page.RETURN,
    Where.ENROL: Page.ENROL,
    Where.ENROL_FORM: Page.ENROL,
    Where.UNDO: Page.UNDO,
    Where.MOVE: Page.UNDO,
    Where.DAY: Page.DAY,
    Where.DAY_RANGE: Page.DAY,
    Where.DAY_CLOSE: Page.DAY,
    Where.DAY_CLOSE_FORM: Page.DAY,
    Where.MENU: Page.MENU,
    Where.HELP: Page.HELP,
    Where.LOCK: Page.LOCK,
    Where.PIN: Page.PIN,
}


class Watching(QObject):
    """Tells the facts what the window's pages and sessions show; nothing is read off the screen.

    Args:
        facts: Hear of it; the till itself they follow already.
    """

    def __init__(self, window: MainWindow, facts: LessonFacts) -> None:
        super().__init__(window)
        self._window, self._facts = window, facts
        self._followed: set[str] = set()
        window.drawers.opened.connect(self.look)
        window.drawers.left.connect(self.look)
        window.view_shown.connect(self.look)
        window.wedge.scanned.connect(facts.see_scan)
        window.serial_scanned.connect(facts.see_scan)
        self.look()

    def look(self, _: object = None) -> None:
        """Note what lies on top, and follow what was made meanwhile."""
        self._follow()
        window = self._window
        asked = window.gate.where() if window.gate is not None else None
        self._facts.see_page(_PAGES.get(asked or window.drawers.place_of_keys(), Page.OTHER))

    def _follow(self) -> None:
        window, followed = self._window, self._followed
        if window.ways.enrolment is not None and "enrolment" not in followed:
            followed.add("enrolment")
            window.ways.enrolment.enrolling.subscribe(self._facts.see_enrol)
        if window.ways.undo is not None and "undo" not in followed:
            followed.add("undo")
            window.ways.undo.undos.subscribe(self._facts.see_undo)
        top = window.drawers.top()
        if isinstance(top, ReturnScreen) and "return" not in followed:
            followed.add("return")
            top.returns.subscribe(self._facts.see_return)
