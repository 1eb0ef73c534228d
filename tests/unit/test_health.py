"""Every problem of a till's health, as it arises and as its action cures it, through the real services."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.domain.outcome import RefusedBecause
from cashier_app.errors import KnownError
from cashier_app.health_opening import look_at
from cashier_app.services.health import (
    Action,
    ProblemKind,
    Severity,
)
from cashier_app.services.health_actions import OF_THE_WINDOW
from cashier_app.services.latency import bucket_of
from tests.fakes.backend import CAPABILITIES, Fault
from tests.fakes.counter import PRIYAS_CODE, SETTINGS, Counter
from tests.fakes.effects import sale
from tests.unit.health_world import ARISING, World, written_off


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(Counter(tmp_path).open_for_business(), tmp_path)
    yield made
    made.health.end_errands()
    made.counter.close()


SAID = pytest.mark.expects_log("the sales database was damaged")
KINDS = [
    pytest.param(kind, marks=SAID if kind in {ProblemKind.DAMAGED_ROWS, ProblemKind.SALES_LOST} else ())
    for kind in ProblemKind
]


@pytest.mark.parametrize("kind", KINDS)
def test_a_problem_arises_and_its_action_cures_it(world: World, kind: ProblemKind) -> None:
    arise, action, cure = ARISING[kind]
    assert world.problem(kind) is None
    arise(world)
    found = world.problem(kind)
    assert found is not None
    assert found.action is action
    assert not world.report().is_well
    cure(world)
    assert world.problem(kind) is None


def test_every_action_is_of_a_problem_and_all_but_the_windows_are_done_here(world: World) -> None:
    assert {action for _, action, _ in ARISING.values()} == set(Action)
    for action in OF_THE_WINDOW:
        with pytest.raises(ValueError, match="not done here"):
            world.do(action)


def test_a_till_that_is_well_says_so(world: World) -> None:
    world.do(Action.BACK_UP)
    report = world.report()
    assert (report.problems, report.count, report.is_well) == ((), 0, True)


def test_waiting_sales_are_a_notice_then_a_warning_then_red(world: World) -> None:
    world.counter.backend.silent = True
    world.sell()
    told = []
    for seconds in (60, 3539, 2, 11 * 3600 - 2, 2):
        world.counter.clock.advance(seconds)
        found = world.problem(ProblemKind.WAITING)
        assert found is not None
        told.append((found.severity, found.action))
    assert told == [
        (Severity.NOTICE, None),
        (Severity.NOTICE, None),
        (Severity.WARNING, Action.SEND_NOW),
        (Severity.WARNING, Action.SEND_NOW),
        (Severity.STOP, Action.SEND_NOW),
    ]


def test_the_gravest_comes_first_and_a_notice_counts_for_nothing(world: World) -> None:
    world.counter.backend.silent = True
    world.sell(1)
    assert world.report().is_well
    world.counter.backend.silent = False
    world.counter.backend.faults.append(Fault.REFUSED)
    world.counter.drain()
    world.counter.backend.silent = True
    world.sell(2)
    world.counter.deliver()
    report = world.report()
    severities = [problem.severity for problem in report.problems]
    assert severities == sorted(severities, key=list(Severity).index)
    assert report.problems[0].kind is ProblemKind.NEEDS_ATTENTION
    assert report.problems[0].because is RefusedBecause.NOT_ALLOWED
    assert (report.waiting, report.stuck) == (1, 1)
    assert {(one.because, one.effects) for one in report.failures} == {
        (RefusedBecause.NOT_ALLOWED, 1),
        (None, 1),
    }


def test_a_new_loss_is_seen_again_whatever_the_clock_says(world: World) -> None:
    world.counter.clock.jump(400 * 86400)
    written_off(world, 1)
    world.do(Action.DISCOUNTS_SEEN)
    world.counter.clock.jump(-400 * 86400)
    assert world.problem(ProblemKind.DISCREPANCIES) is None
    written_off(world, 2)
    found = world.problem(ProblemKind.DISCREPANCIES)
    assert found is not None
    assert (found.count, found.worth) == (1, sale().discount)
    with world.counter.journal.database.reading() as connection:
        rows = connection.execute("SELECT detail FROM audit WHERE event = 'seen'").fetchall()
    assert rows == [("discounts Meera",)]


def test_a_clock_set_back_is_noticed_without_the_backend(world: World) -> None:
    world.counter.backend.tells_time = False
    world.sell()
    world.counter.clock.jump(-3600)
    found = world.problem(ProblemKind.CLOCK_OFF)
    assert found is not None
    assert found.off_by == timedelta(seconds=-3600)


def test_answers_of_today_are_told_by_hour_written_or_not(world: World) -> None:
    for seconds in (0.1, 0.1, 0.4):
        world.counter.times.note(seconds, answered=True)
    world.health.recorder.write()
    world.counter.clock.advance(3600)
    world.counter.times.note(0.2, answered=True)
    world.counter.times.note(5, answered=False)
    report = world.report()
    assert (report.latency.calls, report.latency.unanswered) == (4, 1)
    assert {hour: latency.calls for hour, latency in report.latency_by_hour.items()} == {14: 3, 15: 1}
    assert report.latency.median is not None
    assert bucket_of(report.latency.median) == bucket_of(0.1)


def test_points_held_for_a_sale_under_way_are_told(world: World) -> None:
    world.counter.session.scan(PRIYAS_CODE)
    world.counter.type("2360")
    world.counter.press_enter(2)
    world.counter.clock.advance(180)
    holds = world.report().holds
    assert (holds.here, holds.at_backend) == (1, None)
    assert holds.oldest == world.counter.clock.now() - timedelta(seconds=180)
    world.counter.press_enter()
    world.counter.drain()
    assert world.report().holds.here == 0


def test_the_backend_is_asked_for_its_holds_every_ten_minutes_at_most(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter, asked = world.counter, []
    counter.backend.can = replace(CAPABILITIES, lists_holds=True)
    list_holds = counter.backend.list_holds
    monkeypatch.setattr(counter.backend, "list_holds", lambda: asked.append(1) or list_holds())
    for _ in range(60):
        world.report()
        world.health.errands.run_all()
        counter.clock.advance(60)
    assert len(asked) == 6
    for _ in range(120):  # nobody looks any more
        world.health.errands.run_all()
        counter.clock.advance(60)
    assert len(asked) == 8


def test_a_spell_offline_is_told_to_the_second(world: World) -> None:
    world.health.recorder.write()
    world.counter.connection.silent()
    world.counter.clock.advance(90)
    assert world.report().offline_since is not None
    assert world.report().offline_seconds == 0, "the window's thread writes nothing"
    world.health.recorder.write()
    world.counter.clock.advance(30)
    assert world.report().offline_seconds == 120
    world.counter.connection.answered()
    world.health.recorder.write()
    report = world.report()
    assert (report.offline_since, report.offline_seconds) == (None, 120)


def test_the_same_is_seen_from_outside(world: World) -> None:
    world.sell()
    world.counter.connection.silent()
    world.counter.clock.advance(60)
    world.counter.housekeeping.look_after()
    inside = world.report()
    outside = look_at(world.folder, SETTINGS, world.counter.clock, lambda: world.counter.backend.can)
    assert replace(outside, till_at=inside.till_at, free_bytes=inside.free_bytes) == inside
    assert outside.program is not None
    assert (outside.program.version, outside.offline_seconds) == ("7", 60)


def test_from_outside_a_till_that_is_gone_is_not_called_offline(world: World) -> None:
    world.counter.connection.silent()
    world.counter.housekeeping.look_after()
    world.counter.clock.advance(3600)
    outside = look_at(world.folder, SETTINGS, world.counter.clock, lambda: world.counter.backend.can)
    assert outside.offline_since is None
    assert outside.till_at == world.counter.clock.now() - timedelta(hours=1)


def test_figures_are_verified_once_a_day_without_anybody_asking(world: World) -> None:
    world.sell()
    world.health.errands.run_all()
    first = world.report().figures
    assert first is not None
    assert (first.differences, first.at) == (0, world.counter.clock.now())
    world.counter.clock.advance(86399)
    world.health.errands.run_all()
    assert world.report().figures == first
    world.counter.clock.advance(2)
    world.health.errands.run_all()
    assert world.report().figures != first


def test_a_verification_stops_when_told(world: World) -> None:
    world.sell()
    stop = threading.Event()
    stop.set()
    with pytest.raises(KnownError, match="Stopped"):
        world.health.desk.do(Action.VERIFY_FIGURES, stop=stop)
    assert world.report().figures is None
