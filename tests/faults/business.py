"""What goes wrong between people: balances that change, customers who leave, rules and backends that change.

Each fault runs against the reference server over HTTP, through the till's own journal, checkout and delivery,
on a clock both share. Tills with a planted bug must be caught by the same comparison.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from msgspec.structs import replace

from cashier_app.bootstrap import Till, contract_backend
from cashier_app.demo.faults import FaultPlan
from cashier_app.demo.server import DemoServer
from cashier_app.demo.shop import load_shop
from cashier_app.domain.outcome import AlreadyApplied, Outcome, Refused
from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.errors import KnownError
from cashier_app.services.backend_change import check_backend
from cashier_app.services.checkout import Checkout
from cashier_app.services.delivery import Delivery
from cashier_app.services.payment import Payment
from cashier_app.services.ticket import Ticket, new_sale_id
from cashier_app.services.till_view import Step
from cashier_app.wording.reward_panel import reward_panel
from tests.fakes.counter import SETTINGS
from tests.fakes.shop import altered
from tests.faults import business_offline
from tests.faults.business_till import (
    BILL,
    OPENING,
    BusinessTill,
    Customer,
    Findings,
    World,
    booked_at,
    compare,
    till,
    world,
)
from tests.faults.table import Budget, Row
from tests.unit.wording_shown import WORDING

RUNS = {Budget.SHORT: 12, Budget.FULL: 120}
MINUTE, DAY = 60, 86_400
Fault = Callable[[World, Findings, int, random.Random], None]


def run(budget: Budget) -> list[Row]:
    """Run every fault, then the tills with a planted bug."""
    runs = RUNS[budget]
    faults: dict[str, Fault] = {
        "balance changed between quote and commit": balance_changed,
        "held, then not paid": held_not_paid,
        "till dead with held points": dead_with_a_hold,
        "refund before the sale was posted, and twice": refund_first,
        "rules changed while a sale waits": rules_changed,
        "backend switched with a full queue": backend_switched,
        "Enter and scans twice and more": pressed_twice,
        "points spent elsewhere while offline": business_offline.spent_elsewhere,
        "offline limits at a till and of a member": business_offline.limits_hold,
    }
    rows = [_row(name, fault, runs) for name, fault in faults.items()]
    return [*rows, *_controls(max(runs // 3, 2))]


def balance_changed(at: World, findings: Findings, runs: int, chance: random.Random) -> None:
    """The offer is made anew with old and new on the screen, and no payment is taken on the old one."""
    with till(at) as one:
        for _ in range(runs):
            customer = at.customer()
            one.serve(customer)
            one.press("\n")
            offered, left = one.view.quote, chance.choice((0, 40, 99, 100, 137, 199, 1240))
            at.spend_elsewhere(customer, OPENING - left) if left < OPENING else None
            one.press("\n")
            view = one.view
            if left >= 200:
                findings.expect(view.step is Step.PAY, "a balance that still covers it stops the sale")
            else:
                rows = [row.sentence.full for row in reward_panel(view, WORDING).rows]
                said = f"Balance is now {WORDING.points(Decimal(left))} (was {OPENING:,})"
                findings.expect(view.step is not Step.PAY, "payment is taken on a stale discount")
                findings.expect(said in rows, f"old and new are not shown: {rows}")
                findings.expect(view.quote != offered, "the offer was not made anew")
                findings.counted["made anew"] += 1
            for _ in range(3):
                if one.view.step is not Step.DONE:
                    one.press("\n")
            findings.expect(one.view.step is Step.DONE, "the sale could not be finished")
            findings.runs += 1
        one.drain()
        compare(one, findings)


def held_not_paid(at: World, findings: Findings, runs: int, chance: random.Random) -> None:
    """Whoever leaves gets their points back within a minute online; without a till, by the hold's own end."""
    with till(at) as one:
        for number in range(runs):
            customer = at.customer()
            sale_id = _hold(one, customer, findings)
            online = number % 3 != 2
            trouble = FaultPlan(lose_answers=chance.randrange(2), unavailable=chance.randrange(2))
            at.network(trouble if online else FaultPlan(down=True))
            left_at = at.clock.now()
            one.session.back()
            if online:
                _let_pass(one, MINUTE)
                booked = booked_at(at, sale_id, "release")
                late = booked is None or (booked - left_at).total_seconds() > MINUTE
                findings.expect(not late, f"not released within a minute: {booked}")
            else:
                at.clock.advance(chance.randrange(15 * MINUTE + 1, DAY))
                findings.expect(at.balance(customer) == OPENING, "still held after a day")
            at.network()
            findings.runs += 1
        one.drain()
        compare(one, findings)


def dead_with_a_hold(at: World, findings: Findings, runs: int, chance: random.Random) -> None:
    """The next start gives held points back; where no start comes, the hold ends by itself."""
    with till(at) as one:
        for number in range(runs):
            customer = at.customer()
            sale_id = _hold(one, customer, findings)
            if number % 2:
                at.clock.advance(chance.randrange(15 * MINUTE + 1, DAY))
                findings.expect(at.balance(customer) == OPENING, "held although nobody came back")
            started = at.clock.now()
            one.restart()
            _let_pass(one, MINUTE)
            findings.expect(at.balance(customer) == OPENING, "still held after the next start")
            booked = booked_at(at, sale_id, "release") or started
            findings.expect((booked - started).total_seconds() <= MINUTE, "released late")
            findings.runs += 1
        one.drain()
        compare(one, findings)


def refund_first(at: World, findings: Findings, runs: int, chance: random.Random) -> None:
    """A refund waits behind its sale; the same refund again is no refund, at the till and at the backend."""
    with till(at) as one:
        for _ in range(runs):
            customer = at.customer()
            one.serve(customer)
            with_points = chance.random() < 0.5
            if with_points:
                one.press("\n\n")
            at.network(FaultPlan(down=True))
            if not with_points:
                one.session.take_nothing()
            one.press("\n")
            finished = one.view.finished
            if finished is None:
                findings.expect(False, "the sale could not be finished offline")
                continue
            sale_id = finished.sale.sale_id
            findings.expect(one.refunds.undo(sale_id), "the refund was not queued")
            findings.expect(not one.refunds.undo(sale_id), "the same refund was queued twice")
            if chance.random() < 0.5:
                one.restart()
            at.network(FaultPlan(lose_answers=chance.randrange(3)))
            one.drain()
            at.network()
            findings.expect(not one.refunds.undo(sale_id), "a posted refund was queued again")
            wanted = ["reserve", "capture", "sale", "refund"] if with_points else ["sale", "refund"]
            findings.expect(at.booked(sale_id) == wanted, f"order: {at.booked(sale_id)}")
            findings.counted["with points used"] += with_points
            findings.expect(at.balance(customer) == OPENING, "sale and refund do not cancel out")
            refund = next(
                row.effect for row in one.journal.effects_of(sale_id) if row.effect.kind is EffectKind.REFUND
            )
            findings.expect(isinstance(one.backend.apply(refund), AlreadyApplied), "refunded twice")
            findings.runs += 1
        compare(one, findings)


def rules_changed(_at: World, findings: Findings, runs: int, chance: random.Random) -> None:
    """What was promised under the old rules is booked under them, with their version."""
    shop = load_shop()
    other = shop.with_program(
        altered(
            shop.program,
            version="marigold-2",
            earning={"rules": [{"kind": "per_amount", "points": 3, "per": 100}]},
        )
    )
    with TemporaryDirectory() as folder:
        database = Path(folder) / "server.sqlite"
        with world(shop, database) as before, till(before) as one:
            sales = {}
            for _ in range(runs):
                customer = before.customer()
                one.serve(customer, str(chance.randrange(500, 4000)))
                before.network(FaultPlan(down=True))
                one.session.take_nothing()
                one.press("\n")
                before.network()
                if one.view.finished is not None:
                    sales[one.view.finished.sale.sale_id] = one.view.finished.sale
            port = before.server.port
            before.server.stop()
            with DemoServer(
                clock=before.clock, shop=other, database=database, port=port, token=before.server.token
            ):
                one.session.start()
                one.drain()
            found = before.server.ledger.rows("SELECT sale_id, program_version, earned FROM sales")
            booked = {str(sale_id): (str(version), int(earned)) for sale_id, version, earned in found}
            findings.expect(len(sales) == runs, "a sale could not be finished offline")
            for sale_id, sale in sales.items():
                promised = ("marigold-1", int(sale.points_expected))
                findings.expect(
                    booked.get(sale_id) == promised, f"{promised} booked as {booked.get(sale_id)}"
                )
                findings.runs += 1
            compare(one, findings)


def backend_switched(at: World, findings: Findings, runs: int, chance: random.Random) -> None:
    """Another address is refused until the old one has everything; the new one gets nothing of the queue."""
    with till(at) as one, DemoServer(clock=at.clock) as other:
        check_backend(one.journal, at.server.base_url)
        for _ in range(max(runs // 3, 2)):
            customer = at.customer()
            one.serve(customer)
            at.network(FaultPlan(down=True))
            one.session.take_nothing()
            one.press("\n")
            if chance.random() < 0.5:
                one.restart()
            findings.expect(
                "not posted to" in _refusal(one, other), "another backend was taken with a full queue"
            )
            at.network()
            one.drain()
            findings.expect(not _refusal(one, other), "another backend is refused although all is posted")
            check_backend(one.journal, at.server.base_url)
            findings.runs += 1
        sent = other.ledger.rows("SELECT count(*) FROM movements WHERE kind <> 'opening' AND sale_id <> ''")
        findings.phantom += sent[0][0]
        compare(one, findings)


def pressed_twice(at: World, findings: Findings, runs: int, chance: random.Random) -> None:
    """However often Enter is pressed and a code scanned, there is one sale for each customer."""
    with till(at) as one:
        for _ in range(runs):
            customer = at.customer()
            before = len(one.journal.recent(10_000))
            one.session.clear_all()
            at.clock.advance(4)
            for _ in range(chance.randrange(2, 5)):
                one.session.scan(customer.code)
            one.press(BILL)
            for _ in range(chance.randrange(4, 12)):
                one.press("\n")
                if chance.random() < 0.5:
                    one.session.scan(customer.code)
                if one.view.finished is not None and chance.random() < 0.7:
                    one.press("\n\n")
                    break
            one.session.clear_all()
            made = len(one.journal.recent(10_000)) - before
            findings.doubled += max(made - 1, 0)
            findings.expect(made >= 1, "no sale came of it")
            findings.runs += 1
        one.drain()
        compare(one, findings)


def _hold(one: BusinessTill, customer: Customer, findings: Findings) -> str:
    """Let points be held for a customer; return the sale's id."""
    one.serve(customer)
    one.press("\n\n")
    findings.expect(one.view.step is Step.PAY and one.view.held_until is not None, "nothing was held")
    return next(row.effect.sale_id for row in reversed(one.rows()) if row.effect.kind is EffectKind.RESERVE)


def _let_pass(one: BusinessTill, seconds: int) -> None:
    """Let the sender work for so long, as it would: as soon as something is due."""
    for _ in range(seconds):
        while one.deliver():
            pass
        one.world.clock.advance(1)


def _refusal(one: BusinessTill, other: DemoServer) -> str:
    """Start the till's program at another address; return the sentence it refuses with, or nothing."""
    one.close()
    whole = Till(
        SETTINGS,
        one.folder,
        lambda: contract_backend(other.base_url, other.token),
        clock=one.world.clock,
        address=other.base_url,
    )
    try:
        whole.workshop()
    except KnownError as error:
        return error.sentence
    else:
        return ""
    finally:
        whole.close()
        one.reopen()


def _row(name: str, fault: Fault, runs: int) -> Row:
    findings, started = Findings(), time.monotonic()
    with world() as at:
        fault(at, findings, runs, random.Random(name))
    counts = ", ".join(f"{count:,} {what}" for what, count in findings.counted.items() if count)
    return Row(
        fault=name,
        runs=findings.runs,
        lost=findings.lost,
        doubled=findings.doubled,
        phantom=findings.phantom,
        seconds=math.ceil(time.monotonic() - started),
        detail="; ".join(filter(None, [counts, *findings.notes])),
    )


def _controls(runs: int) -> Iterator[Row]:
    planted: dict[str, tuple[AbstractContextManager[object], Fault]] = {
        "takes the stale discount without a word": (_silent(), balance_changed),
        "forgets to give held points back": (_forgetful(), held_not_paid),
        "forgets held points at the next start": (_forgetful(), dead_with_a_hold),
        "writes no discrepancy": (business_offline.no_discrepancy(), business_offline.spent_elsewhere),
    }
    for name, (bug, fault) in planted.items():
        with bug:
            row = _row(name, fault, runs)
        yield replace(row, control=True, caught=bool(row.lost or row.doubled or row.phantom), detail="")


@contextmanager
def _silent() -> Iterator[None]:
    """Planted fault: a refused hold is taken for a hold, and the old offer is paid."""
    kept = Payment._held

    def held(payment: Payment, ticket: Ticket, outcome: Outcome) -> None:
        if not isinstance(outcome, Refused):
            kept(payment, ticket, outcome)
            return
        payment._holding = ""
        payment._ticket = replace(ticket, sale_id=new_sale_id())
        payment._show_pay(payment._ticket)

    with patch.object(Payment, "_held", held):
        yield


@contextmanager
def _forgetful() -> Iterator[None]:
    """Planted fault: a draft is closed, and nobody releases what it held."""

    def recover(delivery: Delivery) -> None:
        for row in delivery._journal.interrupted():
            delivery._move(row, EffectState.UNKNOWN, "the program ended while sending")

    def give_back(checkout: Checkout, ticket: Ticket, reason: str) -> None:
        checkout._journal.abandon_draft(ticket.sale_id, None, reason)

    with patch.object(Delivery, "recover", recover), patch.object(Checkout, "give_back", give_back):
        yield
