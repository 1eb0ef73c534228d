"""What a lesson asks of the practice shop around it, and of the book of who did what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from cashier_app.domain.lesson import HoldUp, HoldUpReceipt, Lesson, Stage


class LessonPerson(Struct, frozen=True):
    """Somebody of the practice shop; invented, like their phone number.

    Args:
        phone: As it is typed at a till of the shop's region.
        number: The printed member number.
    """

    member_id: str
    name: str
    phone: str
    number: str


class Practice(Protocol):
    """The staged world. Everything may wait for disk or network: for worker threads.

    Raises:
        KnownError: From every method, when it cannot be done; the sentence says why.
    """

    def people(self) -> Mapping[str, LessonPerson]:
        """Return who can be served, by member id; asks nobody."""

    def prepare(self, lesson: Lesson) -> None:
        """Make the world a lesson begins in: no faults, the members as at first, nothing in the queue."""

    def stage(self, stage: Stage) -> None:
        """Let this happen now."""

    def clear(self) -> None:
        """Take all faults back, and who was blocked; harmless when there are none."""

    def text_of(self, held_up: HoldUp | HoldUpReceipt) -> str:
        """Return what a scanner reads from a code held up."""


class Ended(StrEnum):
    """How a lesson ended."""

    FINISHED = "finished"
    LEFT = "left"


class StepTaken(Struct, frozen=True):
    """What became of one step.

    Args:
        name: The step's.
        milliseconds: How long it was on, all times together; 0 for one done before it was asked for.
        mistakes: Names of the mistakes made, each as often as it was made.
        hints: How many hints were given, asked for or not.
        done: False for the one a lesson was left in.
    """

    name: str
    milliseconds: int
    mistakes: tuple[str, ...] = ()
    hints: int = 0
    done: bool = True


class LessonRun(Struct, frozen=True):
    """One time somebody did a lesson.

    Args:
        trainee: As typed; plain text.
        began_at: UTC.
        steps: Those that were begun, in the lesson's order.
    """

    trainee: str
    lesson_id: str
    began_at: datetime
    ended: Ended
    steps: tuple[StepTaken, ...]

    @property
    def milliseconds(self) -> int:
        """Return how long it took."""
        return sum(step.milliseconds for step in self.steps)

    @property
    def mistakes(self) -> int:
        """Return how many mistakes were made."""
        return sum(len(step.mistakes) for step in self.steps)

    @property
    def hints(self) -> int:
        """Return how many hints were given."""
        return sum(step.hints for step in self.steps)


Best = Mapping[tuple[str, str], int]
"""The shop's best milliseconds, by lesson id and the step's name."""


class LessonBook(Protocol):
    """Who did which lesson. Everything may wait for the disk: for worker threads.

    Raises:
        KnownError: From every method, when the book cannot be read or written.
    """

    def write(self, run: LessonRun) -> None:
        """Write down one run."""

    def trainees(self) -> list[str]:
        """Return who did lessons, the latest first."""

    def finished(self, trainee: str) -> dict[str, LessonRun]:
        """Return the last finished run of each lesson somebody did, by lesson id."""

    def runs(self, lesson_id: str = "", trainee: str = "", limit: int = 1000) -> Sequence[LessonRun]:
        """Return runs, the newest first; of one lesson or one trainee where they are named."""

    def best(self) -> Best:
        """Return the shortest time of each step somebody did without a mistake or a hint."""

    def reset(self, trainee: str = "") -> None:
        """Forget everybody and everything, or all that one trainee did."""

    def restore(self, runs: Sequence[LessonRun]) -> None:
        """Write runs down again that were just forgotten: all of them or none."""
