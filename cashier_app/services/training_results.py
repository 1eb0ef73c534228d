"""From the book of lessons to what a trainer looks at: who did what, how long, and what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from functools import cached_property

from msgspec import Struct

from cashier_app.domain.lesson import Lesson, Mistake, Step
from cashier_app.ports.practice import Best, Ended, LessonBook, LessonRun, StepTaken

MOST_RUNS = 100_000
"""As many are read at most; somebody who practises all day for a year makes a tenth of it."""


_WATCHED = 0


class Mark(Enum):
    """How far somebody got with a lesson, at best."""

    NOT_BEGUN = 0
    LEFT = 1
    FINISHED = 2


class Order(Enum):
    """What rows are ordered by: names from A on, everything else from the most."""

    LAST = "last"
    TRAINEE = "trainee"
    LESSON = "lesson"
    FINISHED = "finished"
    TIME = "time"
    MISTAKES = "mistakes"
    HINTS = "hints"


class TraineeResult(Struct, frozen=True):
    """One trainee, all lessons and tries together.

    Args:
        marks: One for each lesson, in the lessons' order.
        finished: Lessons finished at least once.
        tries: How often a lesson was begun, and `left` how often it was not finished.
        milliseconds: Of all tries.
        last_at: When the newest try began, UTC.
    """

    trainee: str
    marks: tuple[Mark, ...]
    finished: int
    tries: int
    left: int
    milliseconds: int
    mistakes: int
    hints: int
    last_at: datetime


class StepResult(Struct, frozen=True):
    """One step of one try beside the shop's best.

    Args:
        name: The step's, as it is kept.
        step: As the lesson has it now; None where it has it no more.
        taken: None for a step that was not reached.
        best: The shop's shortest time without a mistake or a hint, milliseconds; None where there is none.
        mistakes: Each mistake made, with how often; its name alone where the lesson knows it no more.
    """

    name: str
    step: Step | None
    taken: StepTaken | None
    best: int | None
    mistakes: tuple[tuple[Mistake | str, int], ...] = ()


class Loss(Struct, frozen=True):
    """What is gone when the book is emptied."""

    trainees: int
    runs: int
    finished: int


class TrainingResults:
    """The book as it was read. Never changed; safe from any thread.

    Args:
        lessons: Those that are done; one of number 0 is only watched.
        runs: The newest first.
        best: The shop's best of each step.
    """

    def __init__(
        self, lessons: Sequence[Lesson], runs: Sequence[LessonRun], best: Best | None = None
    ) -> None:
        done = (lesson for lesson in lessons if lesson.number > _WATCHED)
        self.lessons = tuple(sorted(done, key=lambda lesson: lesson.number))
        self.runs = tuple(runs)
        self.best: Best = best or {}

    @cached_property
    def lesson_of(self) -> Mapping[str, Lesson]:
        """Return the lessons by their ids."""
        return {lesson.lesson_id: lesson for lesson in self.lessons}

    @cached_property
    def trainees(self) -> tuple[TraineeResult, ...]:
        """Return everybody who tried a lesson, the latest first."""
        by_trainee: dict[str, list[LessonRun]] = {}
        for run in self.runs:
            by_trainee.setdefault(run.trainee, []).append(run)
        return tuple(self._trainee(name, runs) for name, runs in by_trainee.items())

    @cached_property
    def best_of_lesson(self) -> Mapping[str, int]:
        """Return the shop's shortest time for each lesson that was finished without a mistake or a hint."""
        found: dict[str, int] = {}
        for run in self.runs:
            if run.ended is Ended.FINISHED and not run.mistakes and not run.hints:
                found[run.lesson_id] = min(run.milliseconds, found.get(run.lesson_id, run.milliseconds))
        return found

    def of(self, trainee: str | None = None, lesson_id: str = "") -> tuple[LessonRun, ...]:
        """Return the tries of one trainee, of one lesson, or both; all where neither is named."""
        return tuple(
            run
            for run in self.runs
            if (trainee is None or run.trainee == trainee) and lesson_id in {"", run.lesson_id}
        )

    def only(self, trainee: str | None = None, lesson_id: str = "") -> TrainingResults:
        """Return the results of these tries alone; the shop's best stays the whole shop's."""
        if trainee is None and not lesson_id:
            return self
        only = TrainingResults(self.lessons, self.of(trainee, lesson_id), self.best)
        only.__dict__["best_of_lesson"] = self.best_of_lesson
        return only

    def steps(self, run: LessonRun) -> tuple[StepResult, ...]:
        """Return every step of a try: those of the lesson in its order, then any it has no more."""
        lesson = self.lesson_of.get(run.lesson_id)
        taken = {step.name: step for step in run.steps}
        known = {step.name: step for step in lesson.steps} if lesson is not None else {}
        names = [*known, *(name for name in taken if name not in known)]
        return tuple(self._step(run.lesson_id, name, known.get(name), taken.get(name)) for name in names)

    def loss(self, trainee: str | None = None) -> Loss:
        """Return what would be gone with one trainee's tries, or with all."""
        runs = self.of(trainee)
        finished = {(run.trainee, run.lesson_id) for run in runs if run.ended is Ended.FINISHED}
        return Loss(len({run.trainee for run in runs}), len(runs), len(finished))

    def _trainee(self, name: str, runs: Sequence[LessonRun]) -> TraineeResult:
        finished = {run.lesson_id for run in runs if run.ended is Ended.FINISHED}
        begun = {run.lesson_id for run in runs}
        marks = tuple(
            Mark.FINISHED
            if lesson.lesson_id in finished
            else Mark.LEFT
            if lesson.lesson_id in begun
            else Mark.NOT_BEGUN
            for lesson in self.lessons
        )
        return TraineeResult(
            trainee=name,
            marks=marks,
            finished=marks.count(Mark.FINISHED),
            tries=len(runs),
            left=sum(run.ended is Ended.LEFT for run in runs),
            milliseconds=sum(run.milliseconds for run in runs),
            mistakes=sum(run.mistakes for run in runs),
            hints=sum(run.hints for run in runs),
            last_at=max(run.began_at for run in runs),
        )

    def _step(self, lesson_id: str, name: str, step: Step | None, taken: StepTaken | None) -> StepResult:
        says = {mistake.name: mistake for mistake in step.mistakes} if step is not None else {}
        made = Counter(taken.mistakes) if taken is not None else Counter()
        return StepResult(
            name,
            step,
            taken,
            self.best.get((lesson_id, name)),
            tuple((says.get(mistake, mistake), count) for mistake, count in made.items()),
        )


def read_results(book: LessonBook, lessons: Sequence[Lesson]) -> TrainingResults:
    """Read the whole book. Blocking.

    Raises:
        KnownError: It cannot be read.
    """
    return TrainingResults(lessons, book.runs(limit=MOST_RUNS), book.best())


def trainees_by(
    rows: Sequence[TraineeResult], order: Order, *, turned: bool = False
) -> tuple[TraineeResult, ...]:
    """Return trainees in an order; `turned` the other way round. Rows that are alike stay by name."""
    by_name = sorted(rows, key=lambda row: row.trainee.casefold())
    if order is Order.TRAINEE:
        return tuple(reversed(by_name) if turned else by_name)
    keys = {
        Order.FINISHED: lambda row: row.finished,
        Order.TIME: lambda row: row.milliseconds,
        Order.MISTAKES: lambda row: row.mistakes,
        Order.HINTS: lambda row: row.hints,
    }
    key = keys.get(order, lambda row: row.last_at)
    return tuple(sorted(by_name, key=key, reverse=not turned))


def runs_by(
    results: TrainingResults, runs: Sequence[LessonRun], order: Order, *, turned: bool = False
) -> tuple[LessonRun, ...]:
    """Return tries in an order; `turned` the other way round. Tries that are alike stay the newest first."""
    numbers = {lesson.lesson_id: lesson.number for lesson in results.lessons}
    match order:
        case Order.TRAINEE:
            return tuple(sorted(runs, key=lambda run: run.trainee.casefold(), reverse=turned))
        case Order.LESSON:
            last = len(numbers) + 1
            return tuple(sorted(runs, key=lambda run: numbers.get(run.lesson_id, last), reverse=turned))
        case Order.TIME:
            return tuple(sorted(runs, key=lambda run: run.milliseconds, reverse=not turned))
        case Order.MISTAKES:
            return tuple(sorted(runs, key=lambda run: run.mistakes, reverse=not turned))
        case Order.HINTS:
            return tuple(sorted(runs, key=lambda run: run.hints, reverse=not turned))
        case Order.FINISHED:
            return tuple(sorted(runs, key=lambda run: run.ended is Ended.FINISHED, reverse=not turned))
        case Order.LAST:
            return tuple(sorted(runs, key=lambda run: run.began_at, reverse=not turned))
