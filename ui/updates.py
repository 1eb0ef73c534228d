"""A new version: asked for while nobody is served, and told once it lies here."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from cashier_app.config import read_config
from cashier_app.paths import default_config_file
from cashier_app.services.till_view import Step
from cashier_app.update_opening import UpdateWatch, open_updates
from cashier_app.updates_section import UpdatesSection
from cashier_app.wording.updates import ready_sentence
from ui.gate import has_sale

if TYPE_CHECKING:
    from pathlib import Path

    from cashier_app.bootstrap import Till
    from cashier_app.ports.runner import Runner
    from cashier_app.services.till_view import TillView
    from cashier_app.updating.fetching import Patience
    from cashier_app.updating.updates import Ready, Updates
    from ui.main_window import MainWindow

logger = logging.getLogger(__name__)
REMARK_MS = 20_000


class UpdateEntry(QObject):
    """Follows what the window shows, and says that a version is ready when the till is idle.

    Args:
        watch: What asks; it calls `told` from its own thread.
    """

    def __init__(self, window: MainWindow, runner: Runner) -> None:
        super().__init__(window)
        self._window, self._runner = window, runner
        self._watch: UpdateWatch | None = None
        self._version = ""
        self._told_of = ""
        self._ended = False

    def begin(self, watch: UpdateWatch) -> None:
        """Let it ask from now on, until the program ends."""
        if self._ended:
            return
        self._watch = watch
        self._follow(self._window.view)
        self._window.view_shown.connect(self._follow)
        watch.start()

    def told(self, ready: Ready) -> None:
        """Take the word of the watch. From any thread."""
        self._runner.post(lambda: self._ready(ready.version))

    def close(self) -> None:
        """End the watch."""
        self._ended = True
        if self._watch is not None:
            self._watch.stop()
            self._watch = None

    def _ready(self, version: str) -> None:
        if version == self._told_of:
            return
        self._version = self._told_of = version
        self._follow(self._window.view)

    def _follow(self, view: TillView) -> None:
        quiet = view.step is Step.IDLE and not (has_sale(view) or view.busy or view.entry)
        if self._watch is not None:
            self._watch.patience.be_quiet(quiet=quiet)
        if quiet and self._version:
            version, self._version = self._version, ""
            screen = self._window.screen_of_till
            screen.who.remark(ready_sentence(version, screen.wording()), life_ms=REMARK_MS)


def give_updates(window: MainWindow, till: Till, options: argparse.Namespace, runner: Runner) -> None:
    """Let a real till ask for new versions, where its settings say so."""
    if options.demo or options.training:
        return
    file: Path = options.config or default_config_file()
    entry = UpdateEntry(window, runner)
    program = QCoreApplication.instance()
    if program is not None:
        program.aboutToQuit.connect(entry.close)

    def read(section: UpdatesSection) -> None:
        if not (section.enabled and section.address):
            return

        def opened(patience: Patience) -> Iterator[Updates]:
            with open_updates(section, file.resolve().parent, till.folder, patience) as updates:
                yield updates

        entry.begin(UpdateWatch(opened, entry.told))

    runner.run(lambda: read_config(file).updates, read, _not_read)


def _not_read(error: BaseException) -> None:
    # The till was opened with these settings; whoever changed them meanwhile hears of it at the next start.
    logger.info("the settings of updates cannot be read: %s", error)
