"""What is new: shown once after an update, never over a sale, and again from the menu."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cashier_app.services.till_view import Step
from cashier_app.wording.news import news_words
from ui.gate import has_sale

if TYPE_CHECKING:
    from cashier_app.news_opening import News
    from cashier_app.ports.runner import Runner
    from cashier_app.services.release_notes import ReleaseNotes
    from ui.main_window import MainWindow
    from ui.screens.news_page import NewsPage


logger = logging.getLogger(__name__)


class NewsEntry(QObject):
    """Opens the page. All of it on the UI thread; notes are read by workers.

    Args:
        window: The till's.
        news: Whether this till was told, and of what.
    """

    def __init__(self, window: MainWindow, news: News, runner: Runner) -> None:
        super().__init__(window)
        self._window, self._news, self._runner = window, news, runner
        self._waiting = False
        self._telling = False
        self._notes: ReleaseNotes | None = None

    @cached_property
    def page(self) -> NewsPage:
        """Return the page, made when it is first wanted."""
        made = self._window.drawers.news_page()
        made.closed.connect(self._told)
        return made

    def begin(self) -> None:
        """Look whether somebody is to be told, and tell them as soon as nothing else is going on."""

        def look() -> tuple[bool, ReleaseNotes | None]:
            due = self._news.is_due()
            notes = self._news.notes() if due else None
            if due and (notes is None or not notes.groups):
                # An empty page helps nobody; in the menu it says why it is empty.
                self._news.told()
                due = False
            return due, notes

        def looked(found: tuple[bool, ReleaseNotes | None]) -> None:
            self._waiting, self._notes = found
            if self._waiting:
                self._window.view_shown.connect(self._try)
                self._window.drawers.left.connect(self._try)
                self._try()

        self._runner.run(look, looked, self._not_read)

    def show(self) -> None:
        """Do what the menu's entry does."""
        if self._notes is not None:
            self._open()
            return

        def read(notes: ReleaseNotes | None) -> None:
            self._notes = notes
            self._open()

        self._runner.run(self._news.notes, read, self._not_read)

    def _try(self, _view: object = None) -> None:
        window = self._window
        view = window.view
        quiet = view.step is Step.IDLE and not (has_sale(view) or view.busy or view.entry)
        covered = window.gate is not None and window.gate.covers()
        if self._waiting and quiet and not covered and window.drawers.top() is None:
            self._waiting = False
            window.view_shown.disconnect(self._try)
            window.drawers.left.disconnect(self._try)
            self._telling = True
            self._open()

    def _open(self) -> None:
        window = self._window
        self.page.show_words(news_words(self._news.version, self._notes, window.screen_of_till.wording()))
        window.drawers.open(self.page)

    def _told(self) -> None:
        if self._telling:
            self._telling = False
            self._runner.run(self._news.told, lambda _: None, self._not_read)

    def _not_read(self, error: BaseException) -> None:
        # Nobody at the counter needs notes to sell.
        logger.warning("what is new cannot be shown", exc_info=error)
