"""A till whose health is looked at, and how each of its problems arises and is cured."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import apsw
import pytest
from msgspec.structs import replace

from cashier_app.domain.ledger import LedgerRead
from cashier_app.domain.outcome import NotApplied
from cashier_app.domain.sale import EffectKind, EffectState, ReturnReason, effect_key
from cashier_app.domain.settlement import Truth
from cashier_app.domain.tries import LOCKED_AT
from cashier_app.errors import KnownError
from cashier_app.health_opening import TillParts, open_health
from cashier_app.ports.credentials import Secret
from cashier_app.ports.local_state import LEAST_FREE_BYTES
from cashier_app.services.doorkeeper import Doorkeeper
from cashier_app.services.health import (
    Action,
    HealthReport,
    LedgerFeed,
    Problem,
    ProblemKind,
)
from cashier_app.services.reconciliation import Reconciliation
from cashier_app.services.staff_office import StaffOffice
from cashier_app.services.untold_returns import UntoldReturns
from cashier_app.storage.housekeeping import Housekeeping
from cashier_app.storage.opening import open_journal
from cashier_app.storage.staff_book import SqliteStaffBook
from tests.fakes.backend import CAPABILITIES, Fault
from tests.fakes.counter import PRIYAS_CODE, Counter
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


def void_waits(world: World) -> None:
    world.sell()
    world.counter.drain()
    world.counter.backend.silent = True
    now = world.counter.clock.now()
    back = replace(effect(EffectKind.CLAW_BACK, 1, at=now), reason=ReturnReason.VOID)
    world.counter.journal.queue_refund([back])
    world.counter.clock.advance(12 * 3600 - 1)
    assert world.problem(ProblemKind.REVERSALS_LATE) is None
    world.counter.clock.advance(1)


def return_left_alone(world: World) -> None:
    world.sell()
    world.counter.drain()
    now = world.counter.clock.now()
    asked = replace(effect(EffectKind.CLAW_BACK, 1, at=now), asked_first=True)
    UntoldReturns(world.counter.journal).note(asked.key)
    world.counter.journal.queue_refund([asked])
    world.counter.drain()
    world.counter.clock.advance(599)
    assert world.problem(ProblemKind.RETURNS_UNFINISHED) is None
    world.counter.clock.advance(1)


def return_finished(world: World) -> None:
    (row,) = UntoldReturns(world.counter.journal).all()
    UntoldReturns(world.counter.journal).forget(row.effect.sale_id)


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
    ProblemKind.REVERSALS_LATE: (void_waits, Action.SEND_NOW, sent),
    ProblemKind.RETURNS_UNFINISHED: (return_left_alone, Action.OPEN_RETURN, return_finished),
    ProblemKind.STAFF_LOCKED: (tried_too_often, Action.OPEN_STAFF, let_try_again),
}
