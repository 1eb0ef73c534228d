"""Plays lessons: says what to do, watches the till's own state, hints, recognises mistakes, stages faults."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from typing import Protocol, TypeVar

from msgspec.structs import replace

from cashier_app.domain.lesson import Lesson, Stage
from cashier_app.domain.till_facts import At, Facts, Page
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.practice import Ended, LessonBook, Practice
from cashier_app.ports.runner import Runner
from cashier_app.services import lesson_run as runs
from cashier_app.services.lesson_run import Run
from cashier_app.services.lesson_view import LessonStage, LessonView, MistakeSeen, Remark, StepDone, WentBack

logger = logging.getLogger(__name__)

IDLE_SECONDS = 10.0
"""How long the till may take to be ready for the next customer before a lesson says that it cannot begin."""

LATE_SECONDS = 3.0
"""How long after a lesson was left something it began may still come: a new member, who is then served."""

NOT_IDLE = "The till is still busy with a sale. Clear it with Esc, then begin the lesson again."
BUG_SENTENCE = "Something went wrong in the practice shop. Begin the lesson again."

Result = TypeVar("Result")


class LessonTill(Protocol):
    """What of the till session this needs."""

    def clear_all(self) -> None:
        """Give everything up that is not committed, from any step."""

    def ask_about_same_member(self, minutes: int | None = None) -> None:
        """Ask about a member served again within so many minutes from now on; None: as the settings say."""


class Watched(Protocol):
    """What is known of the till; see `lesson_facts`."""

    def begin(self) -> Facts:
        """Count what is done from now on, and return the facts as they are."""


class LessonPlayer:
    """One lesson after the other. All methods belong to one thread.

    Args:
        practice: The staged world, asked on workers only, one thing after the other.
        book: Who did what, likewise.
        till: What is cleared before a lesson begins, and whose rules a step may change.
        watched: Where the facts come from that `see` is told.
    """

    def __init__(
        self,
        practice: Practice,
        book: LessonBook,
        till: LessonTill,
        watched: Watched,
        runner: Runner,
        clock: Clock,
    ) -> None:
        self._practice, self._book = practice, book
        self._till, self._watched, self._clock = till, watched, clock
        self._errands = _Errands(runner)
        self._view = LessonView()
        self._listeners: list[Callable[[LessonView], None]] = []
        self._facts = Facts()
        self._run: Run | None = None
        self._recorded = True
        self._attempt = 0  # what comes of an earlier lesson is thrown away
        self._ready_since: float | None = None
        self._left_at: float | None = None
        self._enrolled_before = 0

    @property
    def view(self) -> LessonView:
        """Return the snapshot on show."""
        return self._view

    def subscribe(self, listener: Callable[[LessonView], None]) -> None:
        """Call the listener with every new snapshot, and with this one now."""
        self._listeners.append(listener)
        listener(self._view)

    def begin(self, lesson: Lesson, trainee: str = "", *, recorded: bool = True) -> None:
        """Begin a lesson; one under way is left. One that is only shown is not recorded."""
        self._end_run(Ended.LEFT)
        self._recorded = recorded
        self._enrolled_before = self._facts.enrolled
        attempt = self._attempt
        self._show(LessonView(LessonStage.PREPARING, lesson, trainee, remarks=self._view.remarks))
        self._till.clear_all()
        self._errands.run(
            lambda: self._practice.prepare(lesson),
            lambda _: self._prepared(attempt),
            lambda error: self._failed(attempt, error),
        )

    def again(self) -> None:
        """Begin the lesson on show from its start."""
        if self._view.lesson is not None:
            self.begin(self._view.lesson, self._view.trainee, recorded=self._recorded)

    def leave(self) -> None:
        """Leave the lesson, or what is said after it; a sale begun in it is given up."""
        if self._view.stage is LessonStage.RUNNING:
            self._left_at = self._clock.monotonic()
            self._till.clear_all()
        self._end_run(Ended.LEFT)
        self._show(LessonView(remarks=self._view.remarks))

    def ask_hint(self) -> None:
        """Show the hint of the step that is on."""
        if self._run is not None and self._view.stage is LessonStage.RUNNING:
            self._run = runs.hinted(self._run)
            self._show(replace(self._view, hint=True))

    def see(self, facts: Facts) -> None:
        """Take a new reading of the till."""
        self._facts = facts
        if self._joined_late(facts):
            self.again()
            return
        self._look()
        if self._comes_late(facts):
            left_at, self._left_at = self._left_at, None  # clearing is seen, too
            self._till.clear_all()
            self._left_at = left_at

    def tick(self) -> None:
        """Look at the clock: once a second, or oftener."""
        self._look()
        if self._ready_since is not None:
            self._wait_for_idle(self._ready_since)
        run, now = self._run, self._clock.monotonic()
        if run is None or self._view.stage is not LessonStage.RUNNING:
            return
        back = runs.step_to_go_back_to(run, self._facts, now)
        if back is not None:
            self._run = runs.left(run, now, done=False)
            self._enter(back, WentBack())
        elif runs.hint_is_due(run, now):
            self.ask_hint()

    # --- the lesson begins --------------------------------------------------------------------------

    def _prepared(self, attempt: int) -> None:
        if attempt != self._attempt:
            return
        self._ready_since = self._clock.monotonic()
        if self._facts.at is not At.IDLE:
            self._till.clear_all()
        self._look()

    def _wait_for_idle(self, since: float) -> None:
        if self._clock.monotonic() - since > IDLE_SECONDS:
            self._cannot(NOT_IDLE)
        else:
            # A sale that was being committed is done by now, and stands there as finished.
            self._till.clear_all()

    def _start(self, lesson: Lesson) -> None:
        self._ready_since = None
        if self._facts.enrolled != self._enrolled_before:
            self.again()  # somebody the lesson before let join came meanwhile: their number is taken again
            return
        self._facts = self._watched.begin()
        now = self._clock.monotonic()
        self._run = Run(lesson, self._view.trainee, self._clock.now(), started=now, entered=now)
        self._enter(0, None)

    def _joined_late(self, facts: Facts) -> bool:
        """Say whether somebody came as a new member whom the lesson before had let join."""
        run = self._run
        if run is None or run.place > 0 or self._view.stage is not LessonStage.RUNNING:
            return False
        return facts.enrolled > 0 and self._clock.monotonic() - run.started <= LATE_SECONDS

    def _comes_late(self, facts: Facts) -> bool:
        """Say whether somebody is served whom a lesson left just now had begun with."""
        at = self._left_at
        if at is None or self._view.stage is not LessonStage.NONE or facts.page is Page.TILL:
            return False
        return facts.at is not At.IDLE and self._clock.monotonic() - at <= LATE_SECONDS

    # --- from step to step --------------------------------------------------------------------------

    def _look(self) -> None:
        lesson = self._view.lesson
        idle = self._facts.at is At.IDLE and not self._facts.busy
        if self._ready_since is not None and lesson is not None and idle:
            self._start(lesson)
            return
        run = self._run
        if run is None or self._view.stage is not LessonStage.RUNNING:
            return
        if runs.is_done(run, self._facts):
            self._go_on(run)
            return
        self._run, mistake = runs.looked(run, self._facts, self._clock.monotonic())
        if mistake is not None:
            self._show(self._remarked(self._view, MistakeSeen(mistake)))

    def _go_on(self, run: Run) -> None:
        self._run = runs.left(run, self._clock.monotonic(), done=True)
        if run.place + 1 < len(run.lesson.steps):
            self._enter(run.place + 1, StepDone(run.step))
        else:
            self._finish(run)

    def _enter(self, place: int, remark: Remark | None) -> None:
        run = self._run
        if run is None:
            raise ValueError("a step belongs to a lesson")
        before = run.place if run.taken else None
        self._run = run = runs.entered(run, place, self._facts, self._clock.monotonic())
        stage = runs.to_stage(run, before)
        view = replace(self._view, place=place, hint=False, trouble="")
        if stage is None:
            self._show(self._remarked(replace(view, stage=LessonStage.RUNNING), remark))
            self._arm()
            return
        self._show(self._remarked(replace(view, stage=LessonStage.PREPARING), remark))
        self._stage(run, stage)

    def _stage(self, run: Run, stage: Stage) -> None:
        attempt = self._attempt
        self._run = replace(run, staged=run.staged | {run.place})
        if stage.same_member_minutes is not None:
            self._till.ask_about_same_member(stage.same_member_minutes)

        def staged(_: None) -> None:
            if attempt == self._attempt:
                self._show(replace(self._view, stage=LessonStage.RUNNING))
                self._arm()

        self._errands.run(
            lambda: self._practice.stage(stage), staged, lambda error: self._failed(attempt, error)
        )

    def _arm(self) -> None:
        if self._run is not None:
            self._run = runs.armed(self._run, self._facts)
        # Whoever was quicker than the lesson has done the next step, too.
        self._look()

    # --- the lesson ends ----------------------------------------------------------------------------

    def _finish(self, last: Run) -> None:
        run = self._end_run(Ended.FINISHED)
        view = replace(self._view, stage=LessonStage.FINISHED, hint=False)
        if run is not None:
            view = replace(view, run=runs.record(run, Ended.FINISHED))
        self._show(self._remarked(view, StepDone(last.step)))

    def _cannot(self, sentence: str) -> None:
        self._end_run(Ended.LEFT)
        self._show(replace(self._view, stage=LessonStage.CANNOT, hint=False, trouble=sentence))

    def _failed(self, attempt: int, error: BaseException) -> None:
        sentence = _sentence_of(error)
        if attempt == self._attempt:
            self._cannot(sentence)

    def _end_run(self, ended: Ended) -> Run | None:
        """Take all faults back and write the run down; return it, or None where none was under way."""
        run, self._run = self._run, None
        was_begun = self._view.stage in {LessonStage.PREPARING, LessonStage.RUNNING}
        self._attempt += 1
        self._ready_since = None
        if run is not None and self._recorded:
            if ended is Ended.LEFT:
                run = runs.left(run, self._clock.monotonic(), done=False)
            written = runs.record(run, ended)
            attempt = self._attempt
            self._errands.run(
                lambda: self._book.write(written),
                lambda _: None,
                lambda error: self._not_written(attempt, error),
            )
        if was_begun:
            self._till.ask_about_same_member()
            # Behind the book: where the window closes, only what was handed over first is still done.
            self._errands.run(self._practice.clear, lambda _: None, self._not_cleared)
        return run

    def _not_cleared(self, error: BaseException) -> None:
        # The next lesson begins by clearing, and says so if it cannot.
        _sentence_of(error)

    def _not_written(self, attempt: int, error: BaseException) -> None:
        sentence = _sentence_of(error)
        if attempt == self._attempt:
            self._show(replace(self._view, trouble=sentence))

    # --- showing ------------------------------------------------------------------------------------

    def _remarked(self, view: LessonView, remark: Remark | None) -> LessonView:
        if remark is None:
            return replace(view, remark=None)
        return replace(view, remark=remark, remarks=view.remarks + 1)

    def _show(self, view: LessonView) -> None:
        if view == self._view:
            return
        self._view = view
        for listener in self._listeners:
            listener(view)


class _Errands:
    """What is done elsewhere, one thing after the other: a fault taken back late would undo the next one."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._waiting: deque[Callable[[], None]] = deque()
        self._busy = False

    def run(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Do this once all before it is done."""

        def came(result: Result) -> None:
            self._busy = False
            done(result)
            self._next()

        def broke(error: BaseException) -> None:
            self._busy = False
            failed(error)
            self._next()

        self._waiting.append(lambda: self._runner.run(work, came, broke))
        self._next()

    def _next(self) -> None:
        if self._waiting and not self._busy:
            self._busy = True
            self._waiting.popleft()()


def _sentence_of(error: BaseException) -> str:
    if isinstance(error, KnownError):
        logger.info("a lesson cannot go on: %s", error.sentence)
        return error.sentence
    logger.error("a lesson met a bug", exc_info=error)
    return BUG_SENTENCE
