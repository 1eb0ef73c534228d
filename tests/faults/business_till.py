"""One till at the reference server over HTTP, both on one clock, driven by the keys a cashier presses."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from msgspec.structs import replace

from cashier_app.backends.contract import ContractBackend
from cashier_app.claim_opening import OpenClaimKeys, draw_codes
from cashier_app.demo.faults import FaultPlan
from cashier_app.demo.server import DemoServer
from cashier_app.demo.shop import Shop, load_shop
from cashier_app.domain.offline_policy import NO_OFFLINE, OfflinePolicy
from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.health_opening import TillParts, open_health
from cashier_app.ports.journal import EffectRow
from cashier_app.services.answer_times import AnswerTimes
from cashier_app.services.checkout import Checkout
from cashier_app.services.claims import Claims
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.delivery import Delivery
from cashier_app.services.enrolments import Enrolments
from cashier_app.services.exchanging import Exchanging
from cashier_app.services.lookup import MemberLookup
from cashier_app.services.other_tills import OtherTills
from cashier_app.services.refunds import Refunds
from cashier_app.services.returning import Returning
from cashier_app.services.sales_queue import SalesQueue
from cashier_app.services.same_person import SamePerson
from cashier_app.services.sender import Sender
from cashier_app.services.till_session import TillSession
from cashier_app.services.till_status import StatusReader
from cashier_app.services.till_view import Step, TillView
from cashier_app.services.undoing import Undoing
from cashier_app.services.used_codes import UsedCodes
from cashier_app.services.workshop import Workshop
from cashier_app.staff_opening import open_plain_door
from cashier_app.storage.housekeeping import Housekeeping
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.clock import FakeClock
from tests.fakes.counter import SETTINGS, UNFINISHED
from tests.fakes.delivering import deliver_due
from tests.fakes.runner import Immediate

OPENING = 1240
BILL = "2360"
DATABASE = "till.sqlite"
_ROUNDS = 2000


@dataclass
class Findings:
    """What was found in all runs of one fault.

    Args:
        lost: Sales, points or discounts nobody accounts for, and promises to the cashier not kept.
    """

    runs: int = 0
    lost: int = 0
    doubled: int = 0
    phantom: int = 0
    notes: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)

    def expect(self, holds: bool, otherwise: str) -> None:  # noqa: FBT001 - read like an assertion
        """Count a promise that was not kept."""
        if not holds:
            self.lost += 1
            self.note(otherwise)

    def note(self, what: str) -> None:
        """Keep the first few faults in words."""
        if len(self.notes) < 4:
            self.notes.append(what)


@dataclass
class Customer:
    """A member of the server made for one run."""

    member_id: str
    code: str
    phone: str


class World:
    """The server, its clock, the members made for the runs, and the sales of all its tills."""

    def __init__(self, server: DemoServer, clock: FakeClock) -> None:
        self.server, self.clock = server, clock
        self._made = 0
        self.committed: set[str] = set()

    def customer(self, coins: int = OPENING) -> Customer:
        """Return a new member with so many coins."""
        self._made += 1
        number = f"{self._made:06d}"
        member_id, token = f"mem-fault-{number}", f"FAULT{number}QX7"
        ledger = self.server.ledger
        with ledger.transaction():
            ledger.execute(
                "INSERT INTO members (member_id, name, phone, number, token) VALUES (?, ?, ?, ?, ?)",
                (member_id, f"Run {number}", f"+9198{number}77", f"FT-{number}", token),
            )
            ledger.move(f"{member_id}-opening", "opening", member_id, coins, at=self.clock.now())
        return Customer(member_id, f"LC1:{token}", f"98{number}77")

    def spend_elsewhere(self, customer: Customer, coins: int) -> None:
        """Take coins from the account as another channel does."""
        key = f"{customer.member_id}-elsewhere-{coins}"
        with self.server.ledger.transaction():
            self.server.ledger.move(key, "lapse", customer.member_id, -coins, at=self.clock.now())

    def balance(self, customer: Customer) -> int:
        """Return the balance in the ledger now, holds that ran out given back."""
        row = self.server.ledger.member(customer.member_id)
        assert row is not None
        return row.balance

    def booked(self, sale_id: str) -> list[str]:
        """Return the kinds of movements of a sale, in order."""
        return [movement.kind for movement in self.server.ledger.movements(sale_id=sale_id)]

    def network(self, plan: FaultPlan | None = None) -> None:
        """Stage faults, or let everything work."""
        self.server.faults.stage(plan or FaultPlan())


@contextmanager
def world(shop: Shop | None = None, database: Path | None = None, port: int = 0) -> Iterator[World]:
    """Run a server on a clock that stands still."""
    clock = FakeClock()
    with DemoServer(clock=clock, shop=shop or load_shop(), database=database, port=port) as server:
        yield World(server, clock)


class BusinessTill:
    """A whole till without its window. Nothing runs by itself: `deliver` and `drain` are its sender."""

    def __init__(self, at: World, folder: Path, policy: OfflinePolicy = NO_OFFLINE) -> None:
        self.world, self.folder, self._policy = at, folder, policy
        self._open()

    def _open(self) -> None:
        server, clock = self.world.server, self.world.clock
        settings = replace(SETTINGS, offline=self._policy)
        self.backend = ContractBackend(server.base_url, server.token)
        self.journal = SqliteJournal(self.folder / DATABASE, settings.till)
        connection = ConnectionWatch(clock)
        self.connection = connection
        self.delivery = Delivery(self.backend, self.journal, clock, connection, random.Random(3))
        sender = Sender(self.delivery, self.journal, clock, connection, lambda: None)
        lookup = MemberLookup(self.backend, self.journal, connection, UsedCodes(self.journal, clock))
        self.refunds = Refunds(self.journal, self.backend, lookup, clock)
        health = open_health(
            TillParts(
                journal=self.journal,
                backend=self.backend,
                connection=connection,
                clock=clock,
                settings=settings,
                housekeeping=Housekeeping(self.journal, clock),
                sender=sender,
                lookup=lookup,
                times=AnswerTimes(clock, settings.zone),
            )
        )
        journal, backend = self.journal, self.backend
        checkout = Checkout(backend, journal, clock, connection, settings.offline)
        keys = OpenClaimKeys(lambda: None, self.folder)
        others = OtherTills(keys, journal, backend, connection, clock, settings.currency)
        returning = Returning(journal, self.refunds, lookup, clock, settings, others)
        common = (backend, journal, lookup, connection, clock, settings)
        workshop = Workshop(
            lookup=lookup,
            checkout=checkout,
            status=StatusReader(self.journal, connection, clock, settings),
            queue=SalesQueue(self.journal, sender, clock),
            returns=returning,
            sender=sender,
            health=health.desk,
            sign_in=open_plain_door(self.journal, clock),
            undoing=Undoing(
                journal,
                backend,
                self.refunds,
                lookup,
                connection,
                clock,
                settings,
                returning.returned_there,
            ),
            enrolments=Enrolments(*common, sending=lambda: None, pause=self._meanwhile),
            exchanges=Exchanging(journal, returning, self.refunds, checkout, lookup, clock, settings),
            claims=Claims(*common, keys, draw_codes, sending=lambda: None),
            same_person=SamePerson(journal, clock, settings),
        )
        self.session = TillSession(settings, lambda: workshop, Immediate(), clock)
        self.session.start()

    def _meanwhile(self, seconds: float) -> None:
        """Let the sender work while somebody waits for what came of it."""
        deliver_due(self.delivery)
        self.world.clock.advance(seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, as a power cut does: nothing is tidied up."""
        self.backend.close()
        self.journal.close()

    def restart(self) -> None:
        """End the process and start again over the same folder."""
        self.close()
        self.reopen()

    def reopen(self) -> None:
        """Start again what was closed."""
        self._open()
        self.delivery.recover()

    @property
    def view(self) -> TillView:
        """Return the snapshot on show."""
        return self.session.view

    def press(self, keys: str) -> None:
        """Press keys: characters, and a line feed for Enter."""
        for key in keys:
            if key == "\n":
                self.session.confirm()
            else:
                self.session.type_character(key)

    def serve(self, customer: Customer, bill: str = BILL) -> None:
        """Scan the customer's code, from an empty screen, and type the bill."""
        self.session.clear_all()
        self.world.clock.advance(4)
        self.session.scan(customer.code)
        self.press(bill)

    def sell(self, customer: Customer, bill: str = BILL, discount: str = "") -> str:
        """Sell with this much off, or all that is allowed; return the sale's id, or nothing."""
        self.serve(customer, bill)
        self.press("\n" + discount if discount else "")
        for _ in range(4):
            if self.view.step is Step.DONE:
                break
            self.press("\n")
        finished = self.view.finished
        return finished.sale.sale_id if finished is not None else ""

    def deliver(self) -> int:
        """Send what is due; return how much moved."""
        if not self.connection.online:
            self.delivery.probe()
        moved = deliver_due(self.delivery) if self.connection.online else 0
        self.session.update_status()
        return moved

    def drain(self) -> None:
        """Let time pass until nothing waits that can go by itself."""
        for _ in range(_ROUNDS):
            if not self.unfinished():
                return
            if not self.deliver():
                self.world.clock.advance(1)
        raise AssertionError(f"never finished: {self.unfinished()[:3]}")

    def rows(self) -> list[EffectRow]:
        """Return every effect of every sale and draft."""
        with self.journal.database.reading() as connection:
            found = connection.execute("SELECT sale_id FROM sale ORDER BY rowid").fetchall()
        return [row for (sale_id,) in found for row in self.journal.effects_of(str(sale_id))]

    def unfinished(self) -> list[EffectRow]:
        """Return the effects that still move by themselves."""
        return [row for row in self.rows() if row.state in UNFINISHED]


@contextmanager
def till(at: World, policy: OfflinePolicy = NO_OFFLINE) -> Iterator[BusinessTill]:
    """Run a till in a folder of its own."""
    with TemporaryDirectory() as folder, BusinessTill(at, Path(folder), policy) as one:
        yield one


def compare(one: BusinessTill, findings: Findings) -> None:
    """Compare the till with the ledger: sales, points, holds, and discounts to the last minor unit."""
    written_off = {loss.sale_id: loss.loss.minor for loss in one.journal.discrepancies(100_000)}
    losses = 0
    for line in one.journal.recent(100_000):
        sale = line.sale
        one.world.committed.add(sale.sale_id)
        booked = Counter(one.world.booked(sale.sale_id))
        if sale.member_id and booked["sale"] != 1:
            findings.lost += booked["sale"] == 0
            findings.doubled += booked["sale"] > 1
            findings.note(f"{sale.number}: booked {booked['sale']} times")
        if booked["capture"] > 1 or booked["refund"] > 1:
            findings.doubled += 1
            findings.note(f"{sale.number}: {dict(booked)}")
        unpaid = sale.discount.minor if sale.points_used and not booked["capture"] else 0
        losses += unpaid
        if unpaid != written_off.get(sale.sale_id, 0):
            findings.lost += 1
            findings.note(f"{sale.number}: {unpaid} unpaid, {written_off.get(sale.sale_id, 0)} written off")
    findings.expect(losses == sum(written_off.values()), "the discrepancies are not the losses")
    findings.counted["paise of loss, all written down"] += losses
    made = "SELECT DISTINCT sale_id FROM movements WHERE kind <> 'opening' AND sale_id <> ''"
    for (sale_id,) in one.world.server.ledger.rows(made):
        if sale_id not in one.world.committed and set(one.world.booked(sale_id)) & {
            "sale",
            "capture",
            "refund",
        }:
            findings.phantom += 1
            findings.note(f"{sale_id} stands at the backend only")
    _compare_holds(one, findings)
    stuck = [row for row in one.rows() if row.state is EffectState.NEEDS_ATTENTION]
    findings.expect(not stuck, f"needs attention: {[row.last_answer for row in stuck[:3]]}")
    findings.expect(one.journal.first_broken_audit_row() is None, "the audit chain is broken")
    with one.journal.database.reading() as connection:
        query = "SELECT count(*) FROM audit WHERE event = 'discrepancy'"
        findings.expect(
            connection.execute(query).fetchone() == (len(written_off),), "the log tells other losses"
        )


def _compare_holds(one: BusinessTill, findings: Findings) -> None:
    """Look for holds without an end, and for points that came back twice or not at all."""
    for row in one.rows():
        if row.effect.kind is not EffectKind.RESERVE:
            continue
        moved: Counter[str] = Counter()
        for movement in one.world.server.ledger.movements(sale_id=row.effect.sale_id):
            moved[movement.kind] += movement.units
        if "reserve" not in moved:
            continue
        ended = moved.keys() & {"capture", "release", "expire"}
        net = sum(moved[kind] for kind in ("reserve", "capture", "release", "expire"))
        if not ended or net != (int(-row.effect.points) if "capture" in moved else 0):
            findings.phantom += 1
            findings.note(f"a hold that does not end: {dict(moved)}")


def booked_at(at: World, sale_id: str, kind: str) -> datetime | None:
    """Return when the ledger booked a movement of a sale, UTC."""
    for movement in at.server.ledger.movements(sale_id=sale_id):
        if movement.kind == kind:
            return datetime.fromisoformat(movement.booked_at).astimezone(UTC)
    return None
