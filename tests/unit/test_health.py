"""Every problem of a till's health, as it arises and as its action cures it, through the real services."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import apsw
import pytest
from msgspec.structs import replace

from cashier_app.domain.ledger import LedgerRead
from cashier_app.domain.outcome import NotApplied, RefusedBecause
from cashier_app.domain.sale import EffectKind, EffectState, effect_key
from cashier_app.domain.settlement import Truth
from cashier_app.domain.tries import LOCKED_AT
from cashier_app.errors import KnownError
from cashier_app.health_opening import TillParts, look_at, open_health
from cashier_app.ports.credentials import Secret
from cashier_app.ports.local_state import LEAST_FREE_BYTES
from cashier_app.services.doorkeeper import Doorkeeper
from cashier_app.services.health import (
    Action,
    HealthReport,
    LedgerFeed,
    Problem,
    ProblemKind,
    Severity,
)
from cashier_app.services.health_actions import OF_THE_WINDOW
from cashier_app.services.latency import bucket_of
from cashier_app.services.reconciliation import Reconciliation
from cashier_app.services.staff_office import StaffOffice
from cashier_app.storage.housekeeping import Housekeeping
from cashier_app.storage.opening import open_journal
from cashier_app.storage.staff_book import SqliteStaffBook
from tests.fakes.backend import CAPABILITIES, Fault
from tests.fakes.counter import PRIYAS_CODE, SETTINGS, Counter
from tests.fakes.effects import effect, sale, sale_id
from tests.fakes.staff_book import ASHA, MEERA, PINS, WRONG, CountingPins


@dataclass
class World:
    """A till, with a ledger that says what it is told to."""

    counter: Counter
    folder: Path
    feed: LedgerFeed | None = None
    lifted: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.open_health()

    def open_health(self) -> None:
        """Open the health anew, as the next start does."""
        counter = self.counter
        counter.housekeeping = Housekeeping(counter.journal, counter.clock)
        self.health = open_health(
            TillParts(
                journal=counter.journal,
                backend=counter.backend,
                connection=counter.connection,
                clock=counter.clock,
                settings=counter.settings,
                housekeeping=counter.housekeeping,
                sender=counter.sender,
                lookup=counter.workshop.lookup,
                times=counter.times,
                ledger=lambda: self.feed,
                send_ledger=self.send,
            )
        )

    def send(self) -> None:
        """Send all that waits for the ledger."""
        self.feed = LedgerFeed(0, None)

    def report(self) -> HealthReport:
        return self.health.desk.report()

    def problem(self, kind: ProblemKind) -> Problem | None:
        return next((one for one in self.report().problems if one.kind is kind), None)

    def do(self, action: Action) -> None:
        self.health.desk.do(action, "Meera")

    def sell(self, count: int = 1, *kinds: EffectKind) -> None:
        """Commit a sale now."""
        now = self.counter.clock.now()
        kinds = kinds or (EffectKind.SALE,)
        self.counter.journal.commit_sale(sale(count, at=now), [effect(kind, count, at=now) for kind in kinds])

    def row(self, statement: str) -> None:
        """Change the database behind the till's back."""
        with closing(apsw.Connection(str(self.folder / "till.sqlite"))) as connection:
            connection.execute(statement)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(Counter(tmp_path).open_for_business(), tmp_path)
    yield made
    made.health.end_errands()
    made.counter.close()


def refused(world: World) -> None:
    world.sell()
    world.counter.backend.faults.append(Fault.REFUSED)
    world.counter.deliver()


def settled(world: World) -> None:
    key = effect_key(sale_id(1), EffectKind.SALE)
    world.counter.workshop.queue.settle_by_hand(key, Truth.NOT_BOOKED, "Meera", "told the customer")


def signed_out(world: World) -> None:
    world.sell()
    world.counter.backend.faults.append(Fault.SIGN_IN)
    world.counter.deliver()


def signed_in(world: World) -> None:
    world.counter.clock.advance(3600)
    world.counter.drain()


def waiting(world: World) -> None:
    world.counter.backend.silent = True
    world.sell()
    world.counter.deliver()
    world.counter.clock.advance(3600)


def sent(world: World) -> None:
    world.counter.backend.silent = False
    world.do(Action.SEND_NOW)
    world.counter.drain()


def offline(world: World) -> None:
    world.counter.backend.silent = True
    world.counter.connection.silent()
    with pytest.raises(KnownError, match="does not answer"):
        world.do(Action.LOOK_NOW)


def online(world: World) -> None:
    world.counter.backend.silent = False
    world.do(Action.LOOK_NOW)


def damaged(world: World) -> None:
    world.sell()
    world.row("UPDATE sale SET body = replace(body, '216000', '216001')")
    world.counter.journal.look_for_damage()


def started_again(world: World) -> None:
    """Close the till and open it: looking at everything is the first thing a start does."""
    world.counter.journal.close()
    open_journal(world.folder / "till.sqlite", "2", world.counter.clock.now()).close()
    world.counter.restart()
    world.open_health()


def sale_lost(world: World) -> None:
    world.sell(1)
    world.sell(2)
    world.counter.journal.close()
    path = world.folder / "till.sqlite"
    path.with_name("till.sqlite-wal").unlink(missing_ok=True)
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute("DELETE FROM effect WHERE sale_id = ?", (sale_id(2),))
        connection.execute("DELETE FROM sale WHERE sale_id = ?", (sale_id(2),))
    started_again(world)


def disk_full(world: World) -> None:
    free = world.counter.journal.reserve.free_bytes
    world.lifted = lambda: setattr(world.counter.journal.reserve, "free_bytes", free)
    world.counter.journal.reserve.free_bytes = lambda: LEAST_FREE_BYTES - 1  # type: ignore[method-assign]


def disk_freed(world: World) -> None:
    world.lifted()
    world.do(Action.FREE_SPACE)


def unsaved(world: World) -> None:
    world.do(Action.BACK_UP)
    world.sell()
    world.counter.clock.advance(4 * 3600)


def backup_shortened(world: World) -> None:
    world.do(Action.BACK_UP)
    (backup,) = (world.folder / "backups").iterdir()
    backup.write_bytes(backup.read_bytes()[:-100])


def figures_changed(world: World) -> None:
    world.sell()
    world.row("UPDATE day_figure SET sales = sales + 1")
    world.do(Action.VERIFY_FIGURES)


def never_verified_since(world: World) -> None:
    world.do(Action.VERIFY_FIGURES)
    world.counter.clock.advance(4 * 86400)


def books_differ(world: World) -> None:
    world.sell()
    world.counter.drain()
    world.counter.backend.ledger_answers.append(LedgerRead(()))
    compare(world)


def compare(world: World) -> None:
    counter = world.counter
    books = Reconciliation(counter.backend, counter.journal, counter.clock, counter.sender.look_up)
    books.compare(counter.clock.now() - timedelta(days=1))


def written_off(world: World, count: int = 1) -> None:
    now, journal = world.counter.clock.now(), world.counter.journal
    used = [replace(effect(kind, count), offline=True) for kind in (EffectKind.RESERVE, EffectKind.CAPTURE)]
    journal.commit_sale(sale(count, at=now), [*used, effect(EffectKind.SALE, count)])
    key = effect_key(sale_id(count), EffectKind.RESERVE)
    journal.move(key, EffectState.SENDING, answer="", at=now)
    journal.write_off(key, "balance_too_low", now)


def hold_forgotten(world: World) -> None:
    counter = world.counter
    counter.backend.can = replace(CAPABILITIES, hold=None, lists_holds=True)
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    counter.backend.faults.extend([Fault.ANSWER_LOST, Fault.ANSWER_LOST])
    counter.backend.look_up_answers.extend([NotApplied()] * 4)
    counter.press_enter(2)
    counter.drain()
    counter.clock.advance(16 * 60)
    world.health.errands.run_all()


def holds_released(world: World) -> None:
    world.do(Action.RELEASE_HOLDS)
    world.counter.drain()
    assert world.counter.backend.open_holds() == []


def clock_wrong(world: World) -> None:
    world.counter.clock.jump(600)


def clock_right(world: World) -> None:
    world.counter.clock.jump(-600)
    world.do(Action.LOOK_NOW)


def no_program(world: World) -> None:
    world.row("DELETE FROM kept WHERE name LIKE 'program%'")


def ledger_behind(world: World) -> None:
    world.feed = LedgerFeed(7, world.counter.clock.now() - timedelta(hours=2), "The ledger does not answer.")


def staffed(world: World) -> tuple[StaffOffice, Doorkeeper]:
    counter = world.counter
    book = SqliteStaffBook(counter.journal.database, counter.journal.reserve)
    pins = CountingPins()
    return StaffOffice(book, pins, counter.clock, 6), Doorkeeper(book, pins, counter.clock)


def tried_too_often(world: World) -> None:
    office, door = staffed(world)
    for member in (MEERA, ASHA):
        office.add(member, Secret(PINS[member.staff_id]), "a test")
    for _ in range(LOCKED_AT):
        world.counter.clock.advance(3600)
        door.enter(ASHA.staff_id, Secret(WRONG))


def let_try_again(world: World) -> None:
    staffed(world)[0].reset(ASHA.staff_id, MEERA.staff_id)


Step = Callable[[World], None]


def does(action: Action) -> Step:
    return lambda world: world.do(action)


ARISING: dict[ProblemKind, tuple[Step, Action, Step]] = {
    ProblemKind.NEEDS_ATTENTION: (refused, Action.OPEN_QUEUE, settled),
    ProblemKind.SIGN_IN: (signed_out, Action.OPEN_SIGN_IN, signed_in),
    ProblemKind.WAITING: (waiting, Action.SEND_NOW, sent),
    ProblemKind.OFFLINE: (offline, Action.LOOK_NOW, online),
    ProblemKind.DAMAGED_ROWS: (damaged, Action.CLOSE_TILL, started_again),
    ProblemKind.SALES_LOST: (sale_lost, Action.LOSS_SEEN, does(Action.LOSS_SEEN)),
    ProblemKind.DISK_SHORT: (disk_full, Action.FREE_SPACE, disk_freed),
    ProblemKind.BACKUP_OLD: (unsaved, Action.BACK_UP, does(Action.BACK_UP)),
    ProblemKind.BACKUP_UNTESTED: (backup_shortened, Action.BACK_UP, does(Action.BACK_UP)),
    ProblemKind.FIGURES_WRONG: (figures_changed, Action.REBUILD_FIGURES, does(Action.REBUILD_FIGURES)),
    ProblemKind.FIGURES_UNVERIFIED: (
        never_verified_since,
        Action.VERIFY_FIGURES,
        does(Action.VERIFY_FIGURES),
    ),
    ProblemKind.BOOKS_DISAGREE: (books_differ, Action.COMPARE, compare),
    ProblemKind.DISCREPANCIES: (written_off, Action.DISCOUNTS_SEEN, does(Action.DISCOUNTS_SEEN)),
    ProblemKind.HOLDS_FORGOTTEN: (hold_forgotten, Action.RELEASE_HOLDS, holds_released),
    ProblemKind.CLOCK_OFF: (clock_wrong, Action.LOOK_NOW, clock_right),
    ProblemKind.PROGRAM_UNKNOWN: (no_program, Action.READ_PROGRAM, does(Action.READ_PROGRAM)),
    ProblemKind.LEDGER_BEHIND: (ledger_behind, Action.SEND_LEDGER, does(Action.SEND_LEDGER)),
    ProblemKind.STAFF_LOCKED: (tried_too_often, Action.OPEN_STAFF, let_try_again),
}


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
