"""One thing asked of a worker at a time, for a page: what comes too late is nobody's answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from cashier_app.errors import KnownError
from cashier_app.ports.runner import Runner

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class Asking:
    """Runs blocking work and calls back only while nobody has asked or forgotten since.

    Args:
        runner: Takes the work off this thread.
        changed: Called whenever `busy` may have changed.
        trouble: Called with the sentence of a `KnownError`.
    """

    def __init__(self, runner: Runner, changed: Callable[[], None], trouble: Callable[[str], None]) -> None:
        self._runner, self._changed, self._trouble = runner, changed, trouble
        self._number = 0
        self.busy = False

    def ask(self, work: Callable[[], Answer], done: Callable[[Answer], None]) -> None:
        """Do something on a worker; what was asked before is forgotten."""
        self._number += 1
        number, self.busy = self._number, True
        self._changed()

        def came(answer: Answer) -> None:
            if self._is_over(number):
                done(answer)

        def failed(error: BaseException) -> None:
            if not self._is_over(number):
                return
            if isinstance(error, KnownError):
                self._trouble(error.sentence)
            else:
                logger.error("something a page asked for failed", exc_info=error)

        self._runner.run(work, came, failed)

    def forget(self) -> None:
        """Want no answer any more."""
        self._number += 1
        self.busy = False
        self._changed()

    def _is_over(self, number: int) -> bool:
        if number != self._number:
            return False
        self.busy = False
        self._changed()
        return True
