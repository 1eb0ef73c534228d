"""What the pages of the first start share: the answers, who keeps them, and the voice they are asked in."""

from __future__ import annotations

import logging
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from cashier_app.domain.money import Currency
from cashier_app.domain.points import PointName
from cashier_app.errors import KnownError
from cashier_app.first_run_opening import FirstRun, NewManager
from cashier_app.ports.credentials import Secret
from cashier_app.ports.runner import Runner
from cashier_app.services.first_run import DEMO, Answers, Guess, Step, filled
from cashier_app.wording import Wording
from cashier_app.wording.first_run_pages import kind_title

logger = logging.getLogger(__name__)

_POINTS = PointName("point", "points")


class WizardDesk(QObject):
    """Answers are kept on disk as they are given, by a worker; PIN and passphrase only in memory.

    Args:
        first_run: Reads and writes.
        answers: What is known when the window opens.
        guess: What holds where nothing is answered.
        runner: Takes the blocking calls off this thread.
    """

    changed = Signal()  # an answer, or the voice
    failed = Signal(str)  # a sentence

    def __init__(self, first_run: FirstRun, answers: Answers, guess: Guess, runner: Runner) -> None:
        super().__init__()
        self.first_run, self.guess, self.runner = first_run, guess, runner
        self.answers = answers
        self.manager: NewManager | None = None
        self.passphrase: Secret | None = None  # of the secrets, where one was typed; asked once, not twice
        self.titles: dict[str, str] = {}
        self.wording = self._voice()
        self.trouble = ""  # why the answers are not on disk; empty for nothing
        self._keeping = False
        self._to_keep: Answers | None = None

    def whole(self) -> Answers:
        """Return the answers with what holds where nothing was answered; no loyalty system is made up."""
        return filled(self.answers, self.guess)

    def currency(self) -> Currency:
        """Return the shop's currency as it is now."""
        whole = self.whole()
        return Currency(whole.currency or "", whole.decimals or 0)

    def answer(self, **answered: object) -> None:
        """Take answers, by the names of `Answers`, and keep them."""
        before, self.answers = self.answers, replace(self.answers, **answered)
        if self.answers == before:
            return
        if {"language", "region", "time_zone"} & answered.keys():
            self.wording = self._voice()
        self._keep()
        self.changed.emit()

    def read_title(self) -> None:
        """Find out what the loyalty system answered before is called."""
        answered = self.answers.backend
        if answered is None or answered.kind == DEMO or self.titles:
            return
        kind, wording = answered.kind, self.wording

        def came(title: str) -> None:
            self.titles = {kind: kind_title(kind, title, wording), **self.titles}
            self.changed.emit()

        self.runner.run(lambda: self.first_run.backend_title(kind), came, self._not_kept)

    def go_to(self, step: Step) -> None:
        """Note on which page somebody is."""
        if step is not self.answers.at:
            self.answers = replace(self.answers, at=step)
            self._keep()

    def name_manager(self, manager: NewManager | None) -> None:
        """Note who is to be the first manager."""
        self.manager = manager
        self.changed.emit()

    def _voice(self) -> Wording:
        whole = self.whole()
        zone = ZoneInfo(whole.time_zone or "UTC")
        return Wording.of(f"{whole.language}_{whole.region}", zone, _POINTS)

    def _keep(self) -> None:
        """Keep the newest answers, one write at a time."""
        self._to_keep = self.answers
        if self._keeping:
            return
        self._keeping = True
        answers, self._to_keep = self._to_keep, None
        self.runner.run(lambda: self.first_run.keep(answers), lambda _: self._kept(), self._not_kept)

    def _kept(self) -> None:
        self._keeping = False
        self.trouble = ""
        if self._to_keep is not None:
            self._keep()

    def _not_kept(self, error: BaseException) -> None:
        self._keeping = False
        if isinstance(error, KnownError):
            self.trouble = error.sentence
            self.failed.emit(error.sentence)
        else:
            logger.error("the answers could not be kept", exc_info=error)
