"""Runners without threads: one that works at once, one whose work waits until a test says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True)
class _Job:
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[BaseException], None]


class Immediate:
    """Does the work before `run` returns; in the program `ui.background` stands in its place."""

    def run(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Do the work now and call back."""
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - handed to the caller, who decides
            failed(error)
        else:
            done(result)

    def post(self, callback: Callable[[], None]) -> None:
        """Call back now."""
        callback()


class SteppedRunner:
    """Holds work back, so that answers can come late and in any order."""

    def __init__(self) -> None:
        self._jobs: list[_Job] = []

    @property
    def waiting(self) -> int:
        """Return how many pieces of work have not been done."""
        return len(self._jobs)

    def run(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Keep the work for later."""
        self._jobs.append(_Job(work, done, failed))

    def post(self, callback: Callable[[], None]) -> None:
        """Keep the callback for later."""
        self._jobs.append(_Job(lambda: None, lambda _: callback(), _raise))

    def step(self, place: int = 0) -> None:
        """Do one piece of work, by default the oldest, and bring its result back."""
        job = self._jobs.pop(place)
        try:
            result = job.work()
        except Exception as error:  # noqa: BLE001 - handed on, as a runner does
            job.failed(error)
        else:
            job.done(result)

    def answer_later(self, place: int = 0) -> Callable[[], None]:
        """Do one piece of work now and return what brings its result back."""
        job = self._jobs.pop(place)
        try:
            result = job.work()
        except Exception as error:  # noqa: BLE001 - handed on, as a runner does
            failure = error
            return lambda: job.failed(failure)
        return lambda: job.done(result)

    def forget_all(self) -> None:
        """Let no waiting work ever be done, as when the power goes."""
        self._jobs.clear()

    def run_all(self) -> None:
        """Do all work, oldest first, and what it leads to."""
        while self._jobs:
            self.step()


def _raise(error: BaseException) -> None:
    raise error
