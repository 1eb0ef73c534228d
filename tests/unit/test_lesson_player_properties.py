"""Any order of readings, ticks, hints, leaving and late answers: the player against counts kept by hand."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from msgspec.structs import replace

from cashier_app.domain.lesson import Network
from cashier_app.domain.till_facts import Facts, Page, Remarked
from cashier_app.ports.practice import Ended, LessonRun
from cashier_app.services import lesson_player, lesson_run
from cashier_app.services.lesson_view import LessonStage, LessonView, StepDone, WentBack
from tests.fakes.lessons import BILLED, LESSON, PAYING, SERVED, SOLD, WRONG, Desk, World
from tests.fakes.runner import SteppedRunner

ON = frozenset({LessonStage.RUNNING, LessonStage.PREPARING})
READINGS = (
    Facts(),
    Facts(),
    SERVED,
    SERVED,
    WRONG,
    BILLED,
    PAYING,
    PAYING,
    SOLD,
    replace(SERVED, bill=700, busy=True),
    Facts(page=Page.QUEUE),
    Facts(remark=Remarked.SCAN_NOT_USED, remarks=3),
    replace(WRONG, remark=Remarked.SCAN_NOT_USED, remarks=9),
)
ACTS = ("see",) * 12 + ("work",) * 12 + ("tick",) * 8 + ("hint",) * 2 + ("leave", "again", "begin", "fail")
SECONDS = (0.0, 0.5, 1.0, 2.5, 2.5, 16.0)


class ByHand:
    """Counts by itself what one player does: whose step each second was, which step followed which."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._before: LessonView | None = None
        self.spent: list[Counter[str]] = []
        begin = desk.world.begin

        def began() -> Facts:
            self.spent.append(Counter())
            return begin()

        desk.player._watched.begin = began  # type: ignore[method-assign]
        desk.player.subscribe(self._follow)

    def pass_time(self, seconds: float) -> None:
        """Give these seconds to the step that is on."""
        view = self._desk.view
        if view.step is not None and self._desk.player._run is not None:
            self.spent[-1][view.step.name] += round(seconds * 1000)

    def _follow(self, view: LessonView) -> None:
        before, self._before = self._before, view
        if before is None or before.stage not in ON or self._desk.player._run is None:
            return
        if view.stage in ON:
            forward = view.place - before.place
            assert forward <= 1, "a step was skipped"
            assert forward >= 0 or isinstance(view.remark, WentBack) or view.remark is None
            if forward == 1:
                step = LESSON.steps[before.place]
                assert view.remark == StepDone(step)
                assert step.until.holds(self._desk.world.facts), "a step was passed that is not done"


def check(run: LessonRun, spent: Counter[str]) -> None:
    """Hold a record to what was counted by hand."""
    names = [step.name for step in LESSON.steps]
    assert [step.name for step in run.steps] == names[: len(run.steps)], "a step was skipped"
    if run.ended is Ended.FINISHED:
        assert [step.done for step in run.steps] == [True] * len(names)
    assert {step.name: step.milliseconds for step in run.steps if step.milliseconds} == +spent


def do(chance: random.Random, desk: Desk, runner: SteppedRunner, by_hand: ByHand) -> None:
    """Do one thing: any of them, late answers among them."""
    match chance.choice(ACTS):
        case "see":
            desk.see(chance.choice(READINGS))
        case "tick":
            seconds = chance.choice(SECONDS)
            by_hand.pass_time(seconds)
            desk.tick(seconds)
        case "work" if runner.waiting:
            runner.step()
            desk.world.fails = ""
        case "fail":
            desk.world.fails = chance.choice(["stage", "prepare", ""])
        case "hint":
            desk.player.ask_hint()
        case "leave" if chance.random() < 0.3:
            desk.player.leave()
        case "again":
            desk.player.again()
        case "begin":
            desk.player.begin(LESSON)


def live(seed: int) -> None:
    """Do fifty things to a player, and hold it to what must always be true."""
    chance, runner = random.Random(seed), SteppedRunner()
    desk = Desk(runner)
    by_hand = ByHand(desk)
    desk.player.begin(LESSON, "Asha")
    for _ in range(50):
        do(chance, desk, runner, by_hand)
    desk.player.leave()
    runner.run_all()
    assert desk.world.network == Network(), "a fault outlived its lesson"
    assert len(desk.world.runs) == len(by_hand.spent), "not every run was written down once"
    for run, spent in zip(desk.world.runs, by_hand.spent, strict=True):
        check(run, spent)


@settings(max_examples=300)
@given(st.integers(0, 2**32))
def test_any_order_of_everything(seed: int) -> None:
    live(seed)


@settings(max_examples=100)
@given(st.lists(st.sampled_from(READINGS), max_size=30))
def test_mistakes_are_counted_once_for_each_time_they_come(readings: list[Facts]) -> None:
    assert counted(readings) == reckoned(readings)


def counted(readings: list[Facts]) -> list[str]:
    """Return the mistakes the player counts in the first step."""
    desk = Desk()
    desk.player.begin(LESSON)
    for facts in _until_done(readings):
        desk.see(facts)
    desk.player.leave()
    return sorted(desk.world.runs[0].steps[0].mistakes)


def reckoned(readings: list[Facts]) -> list[str]:
    """Count the same with nothing but the conditions."""
    made: list[str] = []
    before: set[str] = set()
    for facts in _until_done(readings):
        now = {mistake.name for mistake in LESSON.steps[0].mistakes if mistake.when.holds(facts)}
        made += now - before
        before = now
    return sorted(made)


def _until_done(readings: list[Facts]) -> list[Facts]:
    done = [place for place, facts in enumerate(readings) if LESSON.steps[0].until.holds(facts)]
    return readings[: done[0]] if done else readings


# Bugs it must catch.


def skip_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes to the second step comes to the third."""
    entered = lesson_run.entered

    def two(run: lesson_run.Run, place: int, facts: Facts, now: float) -> lesson_run.Run:
        run = entered(run, place, facts, now)
        return entered(run, place + 1, facts, now) if place == 1 else run

    monkeypatch.setattr(lesson_player.runs, "entered", two)


def leave_the_network_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of a lesson takes no fault back."""
    monkeypatch.setattr(World, "clear", lambda _: None)


def clear_too_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault is taken back while another is still being staged."""
    run = lesson_player._Errands.run

    def at_once(
        self: lesson_player._Errands, work: Callable[[], object], done: object, failed: object
    ) -> None:
        if getattr(work, "__name__", "") == "clear":
            work()
        else:
            run(self, work, done, failed)  # type: ignore[arg-type]

    monkeypatch.setattr(lesson_player._Errands, "run", at_once)


def lose_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time before going back is forgotten."""
    left = lesson_run.left

    def forgetful(run: lesson_run.Run, now: float, *, done: bool) -> lesson_run.Run:
        return left(run, now, done=done) if done else replace(run, entered=now)

    monkeypatch.setattr(lesson_player.runs, "left", forgetful)


def pass_without_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    """An open queue is enough for any step."""
    done = lesson_run.is_done
    monkeypatch.setattr(
        lesson_player.runs, "is_done", lambda run, facts: done(run, facts) or facts.page is Page.QUEUE
    )


def write_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run finished is written down as it ends and once more as it is left."""
    write = World.write

    def twice(self: World, run: LessonRun) -> None:
        write(self, run)
        if run.ended is Ended.FINISHED:
            write(self, run)

    monkeypatch.setattr(World, "write", twice)


BUGS = [skip_a_step, leave_the_network_down, clear_too_early, lose_time, pass_without_looking, write_twice]


@pytest.mark.parametrize("plant", BUGS)
def test_a_planted_bug_is_found(plant: Callable[[pytest.MonkeyPatch], None]) -> None:
    def is_caught(seed: int) -> bool:
        with pytest.MonkeyPatch.context() as monkeypatch:
            plant(monkeypatch)
            try:
                live(seed)
            except AssertionError:
                return True
            return False

    looking = settings(max_examples=500, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    try:
        find(st.integers(0, 2**32), is_caught, settings=looking)
    except NoSuchExample:
        pytest.fail("nobody noticed")


def test_counting_a_mistake_at_every_reading_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = lesson_run.looked

    def each(run: lesson_run.Run, facts: Facts, now: float) -> object:
        return looked(replace(run, wrong=frozenset()), facts, now)

    monkeypatch.setattr(lesson_player.runs, "looked", each)
    find(st.lists(st.sampled_from(READINGS), max_size=30), lambda seen: counted(seen) != reckoned(seen))
