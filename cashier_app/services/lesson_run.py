"""One time somebody does a lesson: pure steps from one state to the next, with the clock given."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.lesson import Lesson, Mistake, Stage, Step, since
from cashier_app.domain.till_facts import Facts
from cashier_app.ports.practice import Ended, LessonRun, StepTaken

GONE_SECONDS = 2.0
"""How long what a step needs must be gone before the lesson goes back: screens pass through others."""


class Run(Struct, frozen=True):
    """Where a lesson is. Times are by a clock that only grows, seconds.

    Args:
        started: When the first step was on; `began_at` is the same, UTC.
        place: The step that is on, counted from 0.
        entered: When it came on, this time.
        taken: What became of the steps begun so far, by their places; `milliseconds` up to `entered`.
        remarks: How many remarks the till had made when the step came on.
        wrong: Which mistakes of the step hold now, by their places: each counts once as long as it holds.
        hint: The hint is shown.
        gone: Since when what the step needs is gone; None while it is there.
        staged: The steps whose events happened: nobody's points are spent twice.
    """

    lesson: Lesson
    trainee: str
    began_at: datetime
    started: float
    entered: float
    place: int = 0
    taken: tuple[StepTaken, ...] = ()
    remarks: int = 0
    wrong: frozenset[int] = frozenset()
    hint: bool = False
    gone: float | None = None
    staged: frozenset[int] = frozenset()

    @property
    def step(self) -> Step:
        """Return the step that is on."""
        return self.lesson.steps[self.place]


def entered(run: Run, place: int, facts: Facts, now: float) -> Run:
    """Return the run with another step on."""
    taken = run.taken
    if place == len(taken):
        taken = (*taken, StepTaken(run.lesson.steps[place].name, 0, done=False))
    return replace(
        run,
        place=place,
        entered=now,
        taken=taken,
        remarks=facts.remarks,
        wrong=frozenset(),
        hint=False,
        gone=None,
    )


def armed(run: Run, facts: Facts) -> Run:
    """Return the run with the mistakes that hold already: they count once they were gone and come again."""
    return replace(run, wrong=_wrong(run, facts))


def to_stage(run: Run, before: int | None) -> Stage | None:
    """Return what is to happen now that this step is on; `before` is the one that was, None at the start."""
    staged, lesson = run.step.stage, run.lesson
    network = None
    if staged is not None and staged.network is not None:
        network = staged.network
    elif before is not None and lesson.network_at(run.place) != lesson.network_at(before):
        network = lesson.network_at(run.place)
    if staged is None or run.place in run.staged:
        return None if network is None else Stage(network)
    return replace(staged, network=network)


def is_done(run: Run, facts: Facts) -> bool:
    """Say whether the step is done."""
    return run.step.until.holds(since(facts, run.remarks))


def looked(run: Run, facts: Facts, now: float) -> tuple[Run, Mistake | None]:
    """Return the run after a look at the till, with the mistake made just now, if one was."""
    wrong = _wrong(run, facts)
    new = sorted(wrong - run.wrong)
    mistakes = run.step.mistakes
    names = tuple(mistakes[place].name for place in new)
    needs = run.step.needs
    there = needs is None or needs.holds(since(facts, run.remarks))
    gone = None if there else now if run.gone is None else run.gone
    return replace(_noted(run, mistakes=names), wrong=wrong, gone=gone), mistakes[new[0]] if new else None


def hinted(run: Run) -> Run:
    """Return the run with the hint shown; it counts once."""
    return run if run.hint else replace(_noted(run, hints=1), hint=True)


def hint_is_due(run: Run, now: float) -> bool:
    """Say whether the hint comes by itself."""
    return not run.hint and now - run.entered >= run.step.hint_after


def step_to_go_back_to(run: Run, facts: Facts, now: float) -> int | None:
    """Return the nearest earlier step that can be done again, when what this one needs is gone for good."""
    if run.gone is None or now - run.gone < GONE_SECONDS:
        return None
    seen = since(facts, run.remarks)
    for place in range(run.place - 1, -1, -1):
        step = run.lesson.steps[place]
        if (step.needs is None or step.needs.holds(seen)) and not step.until.holds(seen):
            return place
    return None


def left(run: Run, now: float, *, done: bool) -> Run:
    """Return the run with the time of the step that was on, and whether it was done."""
    spent = _mark(run, now) - _mark(run, run.entered)
    taken = list(run.taken)
    last = taken[run.place]
    taken[run.place] = replace(last, milliseconds=last.milliseconds + spent, done=last.done or done)
    return replace(run, taken=tuple(taken), entered=now)


def record(run: Run, ended: Ended) -> LessonRun:
    """Return a run that has ended as it is written down."""
    return LessonRun(run.trainee, run.lesson.lesson_id, run.began_at, ended, run.taken)


def _wrong(run: Run, facts: Facts) -> frozenset[int]:
    seen = since(facts, run.remarks)
    return frozenset(place for place, mistake in enumerate(run.step.mistakes) if mistake.when.holds(seen))


def _noted(run: Run, *, mistakes: tuple[str, ...] = (), hints: int = 0) -> Run:
    taken = list(run.taken)
    now = taken[run.place]
    taken[run.place] = replace(now, mistakes=(*now.mistakes, *mistakes), hints=now.hints + hints)
    return replace(run, taken=tuple(taken))


def _mark(run: Run, at: float) -> int:
    # Whole milliseconds since the start: differences of these add up.
    return round((at - run.started) * 1000)
