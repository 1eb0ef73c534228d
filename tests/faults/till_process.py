"""A till without a window, in a process of its own that tests may kill at any moment.

It tells its parent what a screen would tell a cashier: `asked` when payment is confirmed, `done` only once
the commit has returned. The planted bugs are the controls of the kill test: it must catch each of them.
"""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from uuid6 import uuid7

from cashier_app import bootstrap, data_folder, demo_shop
from cashier_app.config import till_settings
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeMaximum, TakeNothing
from cashier_app.domain.identifier import WalletToken
from cashier_app.domain.member import Way
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import AlreadyApplied, Applied, MemberFound, Outcome
from cashier_app.domain.program import Program
from cashier_app.domain.quote import quote
from cashier_app.domain.sale import Effect, EffectKind, EffectState, Sale, effect_key
from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret
from cashier_app.ports.journal import EffectRow
from cashier_app.services.delivery import Delivery
from cashier_app.services.ticket import Ticket, new_sale_id
from cashier_app.services.workshop import Workshop
from tests.fakes.shop import OCCASION

QUICK_BACKOFF_SECONDS = 0.01
IN_DOUBT = "is not known"
"""What the sentence says where a failing disk leaves neither a yes nor a no."""
PAID_SHARE, RETURNED_SHARE = 0.8, 0.2
SETTLE_SECONDS = 60.0
SHORTEST_LOOK_SECONDS, LONGEST_LOOK_SECONDS = 0.01, 0.2
PATIENCE_WITH_BUGS_SECONDS = 1.5


class Orders(Struct, frozen=True):
    """What a till process is to do.

    Args:
        bug: The name of a planted bug, or empty.
        sells: Whether it rings up sales, or only sends what waits.
    """

    folder: Path
    address: str
    token: str
    seed: int
    tokens: tuple[str, ...]
    bug: str = ""
    sells: bool = True


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
SAID_BEFORE_SAVED = "said before saved"
"""Planted bug: the sale is said to be done, then committed."""


def ring_up(orders: Orders, parent: Connection) -> None:
    """Ring up sale after sale until killed: with and without points, some not paid, some returned."""
    till = open_till(orders)
    workshop = till.workshop()
    counter = Counter(till, random.Random(orders.seed), orders, lambda *said: parent.send(said))
    parent.send(("open", ""))
    while not orders.sells:
        # The sender's thread drains what earlier tills left.
        signal.pause()
    while True:
        found = workshop.lookup.find(WalletToken(counter.chance.choice(orders.tokens)))
        if not isinstance(found, MemberFound):
            continue
        sold = [counter.sell(found) for _ in range(counter.chance.choice((1, 1, 1, 4)))]
        if counter.chance.random() < RETURNED_SHARE and sold[-1] is not None:
            counter.take_back(sold[-1])


class Counter:
    """A cashier without a window: what is done, and what is said about it.

    Args:
        say: Told what a screen would tell: ``asked`` before a payment, ``done`` after its commit.
    """

    def __init__(
        self, till: bootstrap.Till, chance: random.Random, orders: Orders, say: Callable[[str, str], None]
    ) -> None:
        self.chance = chance
        self._till = till
        self._workshop = till.workshop()
        self._program = _program(self._workshop)
        self._hasty = orders.bug == SAID_BEFORE_SAVED
        self._say = say

    def sell(
        self, found: MemberFound, *, points: bool | None = None, paid: bool | None = None
    ) -> Sale | None:
        """Sell something to a member; what is not told is left to chance. None where nobody paid."""
        ticket = self._ticket(found, points=self._by_chance(points, 0.5))
        held = self._held(ticket) or self._ticket(found, points=False)
        if held.points > 0 and not self._by_chance(paid, PAID_SHARE):
            self._workshop.checkout.give_back(held, "the cashier went back")
            self._workshop.sender.wake()
            return None
        sale = self._said_done(held.sale_id, lambda: self._workshop.checkout.commit(held))
        self._workshop.sender.wake()
        return sale

    def take_back(self, sale: Sale) -> None:
        """Take everything back. The till has no returns yet: the effect is committed under its own number."""
        returned = new_sale_id()
        effect = Effect(
            key=effect_key(returned, EffectKind.REFUND),
            kind=EffectKind.REFUND,
            sale_id=returned,
            member_id=sale.member_id,
            points=sale.points_used,
            bill=sale.bill,
            discount=sale.discount,
            paid=sale.paid,
            at=self._till.clock.now(),
            program_version=sale.program_version,
            original_key=effect_key(sale.sale_id, EffectKind.SALE),
        )
        receipt = replace(sale, sale_id=returned, number="", at=effect.at)
        journal = data_folder.existing_journal(
            self._till.folder, self._till.settings.till, self._till.settings.zone
        )
        try:
            self._said_done(returned, lambda: journal.commit_sale(receipt, [effect]))
        finally:
            journal.close()
        self._workshop.sender.wake()

    def _said_done(self, sale_id: str, commit: Callable[[], Sale]) -> Sale:
        self._say("asked", sale_id)
        if self._hasty:
            self._say("done", sale_id)
        try:
            sale = commit()
        except KnownError as error:
            self._say("in doubt" if IN_DOUBT in error.sentence else "refused", sale_id)
            raise
        if not self._hasty:
            self._say("done", sale_id)
        return sale

    def _held(self, ticket: Ticket) -> Ticket | None:
        """Return the ticket with its points held, or None where they are not: another goes on without."""
        if ticket.points <= 0:
            return ticket
        outcome: Outcome = self._workshop.checkout.hold(ticket)
        if isinstance(outcome, Applied | AlreadyApplied):
            booked = outcome.booked
            return replace(ticket, reservation=booked.reference, held_until=booked.expires_at)
        return None

    def _by_chance(self, wish: bool | None, share: float) -> bool:  # noqa: FBT001
        return self.chance.random() < share if wish is None else wish

    def _ticket(self, found: MemberFound, *, points: bool) -> Ticket:
        bill = Money(self.chance.randrange(20_000, 400_000), self._program.currency)
        choice = TakeMaximum() if points else TakeNothing()
        return Ticket(
            sale_id=new_sale_id(),
            member=found.member,
            identifier=None,
            way=Way.WALLET_CODE,
            bill=bill,
            quote=quote(self._program, found.member, found.account, bill_of(bill), choice, OCCASION),
        )


def settle(orders: Orders, parent: Connection) -> None:
    """Post everything an earlier process left, then say how much is left, or why it could not begin."""
    try:
        left = send_all(open_till(orders), orders.bug)
    except Exception as error:
        parent.send(("failed", repr(error)))
        raise
    parent.send(("left", str(left)))


def send_all(till: bootstrap.Till, bug: str = "") -> int:
    """Send what waits, close the till and return how many sales are left."""
    workshop = till.workshop()
    until = time.monotonic() + (PATIENCE_WITH_BUGS_SECONDS if bug else SETTLE_SECONDS)
    workshop.queue.send_all_now()
    pause = SHORTEST_LOOK_SECONDS
    while time.monotonic() < until and not (_idle(till) and not workshop.queue.unsent()):
        # Looking costs the sender's thread time, more so while thousands wait.
        time.sleep(pause)
        pause = min(pause * 2, LONGEST_LOOK_SECONDS)
    left = len(workshop.queue.unsent())
    till.close()
    return left


def _idle(till: bootstrap.Till) -> bool:
    journal = data_folder.existing_journal(till.folder, till.settings.till, till.settings.zone)
    try:
        return journal.next_due_at() is None and not journal.interrupted() and not journal.drafts()
    finally:
        journal.close()


def open_till(orders: Orders) -> bootstrap.Till:
    """Return the till of these orders, quick to try again, with its bug planted."""
    _plant(orders.bug)
    settings = till_settings(demo_shop.DEMO_CONFIG)
    return bootstrap.Till(
        settings,
        orders.folder,
        lambda: bootstrap.contract_backend(orders.address, Secret(orders.token)),
    )


def _plant(bug: str) -> None:
    from cashier_app.services import delivery, moves

    # The backoff of a shop would make two hundred restarts take an hour.
    moves.FIRST_WAIT_SECONDS = QUICK_BACKOFF_SECONDS
    moves.LONGEST_WAIT_SECONDS = QUICK_BACKOFF_SECONDS * 4
    delivery.PROBE_SECONDS = QUICK_BACKOFF_SECONDS
    if bug in BUGS:
        delivery.Delivery = BUGS[bug]  # type: ignore[misc]


def _program(workshop: Workshop) -> Program:
    while True:
        try:
            return workshop.lookup.program()
        except KnownError:
            continue
