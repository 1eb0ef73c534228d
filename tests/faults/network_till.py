"""A till without a window behind the fault proxy: all real but for the clock.

The sender's rounds are made here one by one, and the clock is moved by each pause it asks for: a quarter
of an hour of waiting passes at once.
"""

from __future__ import annotations

import math
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from msgspec.structs import replace

from cashier_app.backends.contract import ContractBackend
from cashier_app.backends.contract_kind import ContractRules
from cashier_app.backends.plain_backend import PlainBackend
from cashier_app.backends.when_ready import BackendWhenReady
from cashier_app.data_folder import JOURNAL_FILE
from cashier_app.demo.server import DemoServer
from cashier_app.demo_shop import DEMO_CONFIG
from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.bill import Bill, bill_of
from cashier_app.domain.choice import TakeMaximum, TakeNothing
from cashier_app.domain.enrolment import EnrolmentAnswer, NewMember
from cashier_app.domain.identifier import Identifier, WalletToken
from cashier_app.domain.ledger import LedgerAnswer
from cashier_app.domain.member import Way
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import AlreadyApplied, Applied, Lookup, MemberFound, Outcome, Reconciled
from cashier_app.domain.probe import Probed
from cashier_app.domain.program import Program
from cashier_app.domain.quote import quote
from cashier_app.domain.sale import Effect, EffectState, Sale, SaleReturn
from cashier_app.domain.vouchers import ReferralAnswer, VoucherAnswer
from cashier_app.ports.backend_kind import Deadlines
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import Capabilities, HoldsAnswer, LoyaltyBackend
from cashier_app.services.checkout import Checkout
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.delivery import Delivery
from cashier_app.services.lookup import MemberLookup
from cashier_app.services.sender import Sender
from cashier_app.services.ticket import Ticket, new_sale_id
from cashier_app.services.used_codes import UsedCodes
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.clock import FakeClock
from tests.fakes.shop import OCCASION
from tests.faults.kills import good_tokens
from tests.faults.ledger_check import Findings, compare, movements
from tests.faults.proxy import FaultProxy
from tests.faults.table import Row

TILL = DEMO_CONFIG.store.till
HANDS = 4
"""How many accounts are sent for at once."""

QUICK = Deadlines(find=0.5, post=0.5)
LONGEST_DRAIN_SECONDS = 24 * 3600.0
Wrap = Callable[[LoyaltyBackend], LoyaltyBackend]


class NetworkTill:
    """A till, its backend's proxy and the reference server, for one suite's run.

    Args:
        wrap: What stands between the sender and the adapter, such as a backend that knows no keys.
        delivery: A subclass with a planted bug.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        deadlines: Deadlines = QUICK,
        delivery: type[Delivery] = Delivery,
        wrap: Wrap = lambda backend: backend,
    ) -> None:
        self._holding = tempfile.TemporaryDirectory()
        self.folder = Path(self._holding.name) / "till"
        self.folder.mkdir()
        self.clock = FakeClock(datetime.now(UTC))
        self.chance = random.Random(seed)
        self.server = DemoServer(clock=self.clock, database=Path(self._holding.name) / "server.sqlite")
        self.server.start()
        self.proxy = FaultProxy(self.server.port).__enter__()
        self.token = self.server.token
        self.opened = 0
        self.before = {sale_id for _, sale_id in movements(self.server)}
        self.tokens = good_tokens(self.server)
        self.done: set[str] = set()
        self._deadlines = deadlines
        self._wrap = wrap
        self.backend = BackendWhenReady(self._open_backend, self.clock, ContractRules())
        self.journal = SqliteJournal(self.folder / JOURNAL_FILE, TILL)
        self.connection = ConnectionWatch(self.clock)
        self.delivery = delivery(
            self.backend, self.journal, self.clock, self.connection, random.Random(seed + 1)
        )
        self.sender = Sender(self.delivery, self.journal, self.clock, self.connection, lambda: None, HANDS)
        self.checkout = Checkout(self.backend, self.journal, self.clock, self.connection)
        self.lookup = MemberLookup(
            self.backend, self.journal, self.connection, UsedCodes(self.journal, self.clock)
        )
        self.program: Program = self.lookup.program()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Its thread was never started: the rounds were made here.
        self.sender._crew.close()
        self.backend.close()
        self.journal.close()
        self.proxy.__exit__()
        self.server.close()
        self._holding.cleanup()

    def _open_backend(self) -> LoyaltyBackend:
        self.opened += 1
        token = Secret(self.token.reveal())
        return self._wrap(
            ContractBackend(self.proxy.base_url, token, deadlines=self._deadlines, clock=self.clock)
        )

    def sell(self, count: int = 1, *, points: float = 0.5) -> None:
        """Ring up sales to members in turn by chance, with points held for about this share of them."""
        for _ in range(count):
            token = WalletToken(self.chance.choice(self.tokens))
            found = self.lookup.find(token)
            ticket = self._ticket(found, token, points=self.chance.random() < points)
            held = self._held(ticket) or self._ticket(found, token, points=False)
            self.done.add(self.checkout.commit(held).sale_id)
            self.clock.advance(1)

    def _ticket(self, found: object, token: WalletToken, *, points: bool) -> Ticket:
        bill = Money(self.chance.randrange(20_000, 400_000), self.program.currency)
        if not isinstance(found, MemberFound):
            return Ticket(
                sale_id=new_sale_id(),
                member=None,
                identifier=token,
                way=Way.WALLET_CODE,
                bill=bill,
                quote=None,
            )
        choice = TakeMaximum() if points else TakeNothing()
        offer = quote(self.program, found.member, found.account, bill_of(bill), choice, OCCASION)
        return Ticket(
            sale_id=new_sale_id(),
            member=found.member,
            identifier=None,
            way=Way.WALLET_CODE,
            bill=bill,
            quote=offer,
        )

    def _held(self, ticket: Ticket) -> Ticket | None:
        if ticket.points <= 0:
            return ticket
        outcome = self.checkout.hold(ticket)
        if isinstance(outcome, Applied | AlreadyApplied):
            booked = outcome.booked
            return replace(ticket, reservation=booked.reference, held_until=booked.expires_at)
        return None

    def live(self, seconds: float) -> None:
        """Let the sender live for this long, by its own clock."""
        end = self.clock.monotonic() + seconds
        while self.clock.monotonic() < end:
            pause = self.sender._guarded_round()
            self.clock.advance(min(pause, end - self.clock.monotonic()))

    def drain(self, seconds: float = LONGEST_DRAIN_SECONDS) -> float:
        """Let the sender live until nothing moves by itself; return how long that took by its own clock."""
        start = self.clock.monotonic()
        while self.clock.monotonic() - start <= seconds:
            pause = self.sender._guarded_round()
            if self.journal.next_due_at() is None and not self.journal.interrupted():
                break
            self.clock.advance(pause)
        return self.clock.monotonic() - start

    def sales(self) -> list[Sale]:
        """Return all sales, oldest first."""
        return [line.sale for line in reversed(self.journal.recent(1_000_000))]

    def parked(self) -> set[str]:
        """Return the sales that wait for a person, and say so."""
        return {
            unsent.sale.sale_id
            for unsent in self.journal.unsent(1_000_000)
            if any(row.state is EffectState.NEEDS_ATTENTION for row in unsent.effects)
        }

    def findings(self) -> Findings:
        """Compare the till's books with the server's; what waits for a person is not lost."""
        # A hold that was asked for but not used ends by itself after its quarter of an hour.
        self.clock.advance(3600)
        for token in self.tokens:
            self.backend.find(WalletToken(token))
        found = Findings(said_done=set(self.done))
        compare(self.server, self.folder, self.before, found)
        parked = self.parked()
        found.lost -= parked
        found.unsettled = len({one.sale.sale_id for one in self.journal.unsent(1_000_000)} - parked)
        return found


class WrappedBackend(PlainBackend):
    """A `LoyaltyBackend` that passes everything on to another, which may be replaced."""

    def __init__(self, inner: LoyaltyBackend) -> None:
        self.inner = inner

    @property
    def capabilities(self) -> Capabilities:
        return self.inner.capabilities

    @property
    def clock_ahead(self) -> timedelta | None:
        return self.inner.clock_ahead

    def plan(self, effects: Sequence[Effect]) -> tuple[Effect, ...]:
        return self.inner.plan(effects)

    def plan_refund(self, returned: SaleReturn) -> tuple[Effect, ...]:
        return self.inner.plan_refund(returned)

    def program(self) -> Program:
        return self.inner.program()

    def find(self, identifier: Identifier) -> Lookup:
        return self.inner.find(identifier)

    def refresh(self, member_id: str) -> Lookup:
        return self.inner.refresh(member_id)

    def apply(self, effect: Effect) -> Outcome:
        return self.inner.apply(effect)

    def reconcile(self, effect: Effect) -> Reconciled:
        return self.inner.reconcile(effect)

    def ledger(self, sale_id: str) -> LedgerAnswer:
        return self.inner.ledger(sale_id)

    def list_holds(self) -> HoldsAnswer:
        return self.inner.list_holds()

    def enrol(self, new: NewMember) -> EnrolmentAnswer:
        return self.inner.enrol(new)

    def link(self, effect: Effect) -> Outcome:
        return self.inner.link(effect)

    def ask_to_merge(self, effect: Effect) -> Outcome:
        return self.inner.ask_to_merge(effect)

    def check_voucher(self, code: str, member_id: str, bill: Bill) -> VoucherAnswer:
        return self.inner.check_voucher(code, member_id, bill)

    def check_referral(self, code: str) -> ReferralAnswer:
        return self.inner.check_referral(code)

    def adjust(self, adjustment: Adjustment) -> Outcome:
        return self.inner.adjust(adjustment)

    def reconcile_adjustment(self, adjustment: Adjustment) -> Reconciled:
        return self.inner.reconcile_adjustment(adjustment)

    def probe(self) -> Probed:
        return self.inner.probe()

    def is_reachable(self) -> bool:
        return self.inner.is_reachable()

    def close(self) -> None:
        self.inner.close()


def row_of(fault: str, runs: int, found: Findings, started: float, detail: str = "", broken: str = "") -> Row:
    """Return a row of the table; where a bound was broken no run counts, so that the row does not hold."""
    wrong = "; ".join([*([f"NOT MET: {broken}"] if broken else []), *found.broken[:3]])
    return Row(
        fault=fault,
        runs=0 if broken else runs,
        lost=len(found.lost) + found.unsettled + len(found.broken),
        doubled=len(found.doubled),
        phantom=len(found.phantom),
        seconds=math.ceil(time.monotonic() - started),
        detail="; ".join(filter(None, [wrong, detail])),
    )
