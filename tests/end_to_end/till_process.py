"""A till without a window, in a process of its own that tests may kill at any moment.

It tells its parent what a screen would tell a cashier: `asked` when payment is confirmed, `done` only once
the commit has returned. The planted bugs are the controls of the kill test: it must catch each of them.
"""

from __future__ import annotations

import random
import time
from multiprocessing.connection import Connection
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from uuid6 import uuid7

from cashier_app import bootstrap
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeMaximum, TakeNothing
from cashier_app.domain.identifier import WalletToken
from cashier_app.domain.member import Way
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import AlreadyApplied, Applied, MemberFound, Outcome
from cashier_app.domain.program import Program
from cashier_app.domain.quote import quote
from cashier_app.domain.sale import Effect, EffectState
from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret
from cashier_app.ports.journal import EffectRow
from cashier_app.services.delivery import Delivery
from cashier_app.services.ticket import Ticket, new_sale_id
from cashier_app.services.workshop import Workshop
from tests.fakes.shop import OCCASION

QUICK_BACKOFF_SECONDS = 0.01
SETTLE_SECONDS = 20.0


class Orders(Struct, frozen=True):
    """What a till process is to do; `bug` names a planted bug or is empty."""

    folder: Path
    address: str
    token: str
    seed: int
    tokens: tuple[str, ...]
    bug: str = ""


class NewNamesEachTry(Delivery):
    """Planted bug: key and sale id are made anew at each attempt, so nobody can tell a repeat."""

    def _send(self, row: EffectRow, effect: Effect) -> None:
        made_anew = str(uuid7())
        renamed = replace(effect, sale_id=made_anew, key=effect.key.replace(effect.sale_id, made_anew))
        super()._send(row, renamed)

    def _reconcile(self, row: EffectRow) -> None:
        self._send(row, row.effect)


class PostedBeforeSent(Delivery):
    """Planted bug: an effect is written down as posted, then sent."""

    def _send(self, row: EffectRow, effect: Effect) -> None:
        self._move(row, EffectState.SENDING, "")
        self._move(row, EffectState.POSTED, "surely")
        self._backend.apply(effect)


BUGS: dict[str, type[Delivery]] = {"new names": NewNamesEachTry, "posted first": PostedBeforeSent}


def ring_up(orders: Orders, parent: Connection) -> None:
    """Ring up sale after sale until killed."""
    till = _open(orders)
    workshop = till.workshop()
    chance = random.Random(orders.seed)
    program = _program(workshop)
    parent.send(("open", "", 0))
    while True:
        found = workshop.lookup.find(WalletToken(chance.choice(orders.tokens)))
        if not isinstance(found, MemberFound):
            continue
        bill = Money(chance.randrange(20_000, 400_000), program.currency)
        choice = TakeMaximum() if chance.random() < 0.5 else TakeNothing()
        offer = quote(program, found.member, found.account, bill_of(bill), choice, OCCASION)
        ticket = Ticket(
            sale_id=new_sale_id(),
            member=found.member,
            identifier=None,
            way=Way.WALLET_CODE,
            bill=bill,
            quote=offer,
        )
        ticket = _held(workshop, ticket)
        parent.send(("asked", ticket.sale_id, int(ticket.points)))
        if orders.bug == "said before saved":
            parent.send(("done", ticket.sale_id, int(ticket.points)))
        workshop.checkout.commit(ticket)
        if orders.bug != "said before saved":
            parent.send(("done", ticket.sale_id, int(ticket.points)))
        workshop.sender.wake()


def settle(orders: Orders, parent: Connection) -> None:
    """Post everything an earlier process left, then say how much is left."""
    till = _open(orders)
    workshop = till.workshop()
    until = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < until:
        workshop.queue.send_all_now()
        if not workshop.queue.unsent() and _idle(till):
            break
        time.sleep(0.02)
    left = len(workshop.queue.unsent())
    till.close()
    parent.send(("left", "", left))


def _idle(till: bootstrap.Till) -> bool:
    journal = bootstrap.existing_journal(till.folder, till.settings.till)
    try:
        return journal.next_due_at() is None and not journal.interrupted() and not journal.drafts()
    finally:
        journal.close()


def _open(orders: Orders) -> bootstrap.Till:
    _plant(orders.bug)
    settings = bootstrap.till_settings(bootstrap.DEMO_CONFIG)
    return bootstrap.Till(
        settings,
        orders.folder,
        lambda: bootstrap.contract_backend(orders.address, Secret(orders.token)),
    )


def _plant(bug: str) -> None:
    from cashier_app.services import delivery

    # The backoff of a shop would make two hundred restarts take an hour.
    delivery.FIRST_WAIT_SECONDS = QUICK_BACKOFF_SECONDS
    delivery.LONGEST_WAIT_SECONDS = QUICK_BACKOFF_SECONDS * 4
    delivery.PROBE_SECONDS = QUICK_BACKOFF_SECONDS
    if bug in BUGS:
        delivery.Delivery = BUGS[bug]  # type: ignore[misc]


def _program(workshop: Workshop) -> Program:
    while True:
        try:
            return workshop.lookup.program()
        except KnownError:
            continue


def _held(workshop: Workshop, ticket: Ticket) -> Ticket:
    if ticket.points <= 0:
        return ticket
    outcome: Outcome = workshop.checkout.hold(ticket)
    match outcome:
        case Applied(booked) | AlreadyApplied(booked):
            return replace(ticket, reservation=booked.reference, held_until=booked.expires_at)
        case _:
            assert ticket.quote is not None
            nothing = replace(
                ticket.quote,
                discount=Money(0, ticket.bill.currency),
                points_used=ticket.quote.points_used * 0,
                to_pay=ticket.bill,
                reward=None,
            )
            return replace(ticket, sale_id=new_sale_id(), quote=nothing)
