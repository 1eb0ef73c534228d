"""What the coach shows: one frozen snapshot per moment, rendered by the window."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from cashier_app.domain.lesson import Lesson, Mistake, Step
from cashier_app.ports.practice import LessonRun


class LessonStage(StrEnum):
    """Where the lesson is. `PREPARING`: the practice shop is being made ready, or a step's fault staged."""

    NONE = "none"
    PREPARING = "preparing"
    RUNNING = "running"
    FINISHED = "finished"
    CANNOT = "cannot"


# What is remarked beside what to do.
class StepDone(Struct, frozen=True):
    """The step before was done; it may have a praise of its own."""

    step: Step


class MistakeSeen(Struct, frozen=True):
    """A mistake was recognised."""

    mistake: Mistake


class WentBack(Struct, frozen=True):
    """What was reached is gone again: an earlier step is on once more."""


Remark = StepDone | MistakeSeen | WentBack


class LessonView(Struct, frozen=True):
    """Everything the coach needs, and nothing it must work out.

    Args:
        lesson: None where there is none.
        trainee: Who is learning.
        place: The step that is on, counted from 0.
        hint: The hint is shown.
        remark: What was remarked last; None for nothing.
        remarks: Grows with each remark, so that the window says each once.
        run: What became of it, once it is finished.
        trouble: With `CANNOT`: why it could not begin, or not go on. Else: why it was not written down.
    """

    stage: LessonStage = LessonStage.NONE
    lesson: Lesson | None = None
    trainee: str = ""
    place: int = 0
    hint: bool = False
    remark: Remark | None = None
    remarks: int = 0
    run: LessonRun | None = None
    trouble: str = ""

    @property
    def step(self) -> Step | None:
        """Return the step that is on; None before the first and after the last."""
        if self.lesson is None or self.stage not in {LessonStage.PREPARING, LessonStage.RUNNING}:
            return None
        return self.lesson.steps[self.place]

    @property
    def steps(self) -> int:
        """Return how many steps the lesson has."""
        return 0 if self.lesson is None else len(self.lesson.steps)
