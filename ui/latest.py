"""One piece of work at a time, and of what is wanted meanwhile only the newest."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Generic, TypeVar

from cashier_app.errors import KnownError
from cashier_app.ports.runner import Runner

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")


def run_each(
    runner: Runner, work: Callable[[], Answer], done: Callable[[Answer], None], trouble: Callable[[str], None]
) -> None:
    """Have something done that must not be left out for a newer wish; see `Latest` for what is called."""

    def failed(error: BaseException) -> None:
        if isinstance(error, KnownError):
            trouble(error.sentence)
        else:
            logger.error("something a page asked for failed", exc_info=error)

    runner.run(work, done, failed)


class Latest(Generic[Answer]):
    """Keeps a page that is asked quickly from taking every worker: a sale needs one too.

    Args:
        runner: Takes the work off this thread.
        done: Called with the answer to what was asked last; older answers are thrown away.
        trouble: Called with the sentence of a `KnownError`.
    """

    def __init__(
        self, runner: Runner, done: Callable[[Answer], None], trouble: Callable[[str], None]
    ) -> None:
        self._runner, self._done, self._trouble = runner, done, trouble
        self._next: Callable[[], Answer] | None = None
        self._runs = self._wanted = False

    @property
    def busy(self) -> bool:
        """Return whether an answer is still to come."""
        return self._runs and (self._wanted or self._next is not None)

    def ask(self, work: Callable[[], Answer]) -> None:
        """Want an answer; what was asked before is not wanted any more."""
        if self._runs:
            self._next = work
            self._wanted = False
            return
        self._start(work)

    def forget(self) -> None:
        """Want no answer any more."""
        self._next, self._wanted = None, False

    def _start(self, work: Callable[[], Answer]) -> None:
        self._runs = self._wanted = True
        self._runner.run(work, self._came, self._failed)

    def _came(self, answer: Answer) -> None:
        if self._is_wanted():
            self._done(answer)

    def _failed(self, error: BaseException) -> None:
        if not self._is_wanted():
            return
        if isinstance(error, KnownError):
            self._trouble(error.sentence)
        else:
            logger.error("something a page asked for failed", exc_info=error)

    def _is_wanted(self) -> bool:
        """Return whether this answer is the one; start what was wanted meanwhile."""
        wanted, self._runs, self._wanted = self._wanted, False, False
        following, self._next = self._next, None
        if following is not None:
            self._start(following)
        return wanted
