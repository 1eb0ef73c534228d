"""Work off the caller's thread, with the result brought back to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

Result = TypeVar("Result")


class Runner(Protocol):
    """Runs blocking work elsewhere. `done` or `failed` is called later, on the thread that called `run`."""

    def run(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Start the work; exactly one of the two callbacks follows."""

    def post(self, callback: Callable[[], None]) -> None:
        """Call back later on the thread the runner belongs to. May be called from any thread."""
