"""A till that sells, claims, returns and undoes, without screen and threads, over any backend."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal

from cashier_app.demo.faults import FaultPlan
from cashier_app.demo.server import DemoServer
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeAmount, TakeNothing
from cashier_app.domain.member import Way
from cashier_app.domain.money import Money
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.outcome import MemberFound, Unknown
from cashier_app.domain.quote import quote
from cashier_app.domain.refund import RefundPlan, Returned
from cashier_app.domain.sale import OF_RETURNS, EffectState, Sale
from cashier_app.ports.clock import Clock
from cashier_app.services.asked_first import AskedFirst
from cashier_app.services.claimed_elsewhere import ClaimedElsewhere
from cashier_app.services.exchanging import Exchanging
from cashier_app.services.other_tills import OtherTills
from cashier_app.services.pasted_bill import PastedBill
from cashier_app.services.refunds import Refunds
from cashier_app.services.returnable import Returnable
from cashier_app.services.returning import Returning
from cashier_app.services.ticket import Ticket, new_sale_id
from cashier_app.services.undoing import Undoing
from tests.fakes.claiming_till import ClaimingTill
from tests.fakes.shop import RUPEE


class Impatient:
    """A clock by which half a second passes with each look at it."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._looks = clock, 0

    def now(self) -> datetime:
        """Return the time of day."""
        return self._clock.now()

    def monotonic(self) -> float:
        """Return seconds."""
        self._looks += 1
        return self._looks / 2


class Attended(Returning):
    """Somebody reads what is said of each return, gives the money and presses Enter."""

    def take_back(
        self,
        shown: Returnable,
        back: Returned | Money | None,
        staff_id: str = "",
        balance: Decimal | None = None,
        then: str = "",
    ) -> RefundPlan | Returnable:
        """Take goods back and see it to its end."""
        answer = super().take_back(shown, back, staff_id, balance, then)
        if isinstance(answer, RefundPlan) and not then:
            self.finished(shown.sale.sale_id)
        return answer


class ReturningTill(ClaimingTill):
    """One of several tills of a shop that take back each other's goods.

    Attributes:
        deaf_before_sending: The connection goes before the first of them is sent.
        attended: Whether each return is seen to its end.
    """

    deaf_before_sending = False
    attended = True

    def _open(self) -> None:
        super()._open()
        settings = self.settings
        claimed = ClaimedElsewhere(self.backend, self.connection, lambda: self.keys)
        self.refunds = Refunds(self.journal, self.backend, self.lookup, self.clock, settings.zone, claimed)
        others = OtherTills(
            lambda: self.keys, self.journal, self.backend, self.connection, self.clock, settings.currency
        )
        self.asked_first = asked_first = AskedFirst(
            self.journal,
            self.backend,
            self.connection,
            Impatient(self.clock),
            lambda: self.keys,
            pause=self._meanwhile,
        )
        kind = Attended if self.attended else Returning
        self.returning = kind(
            self.journal, self.refunds, self.lookup, self.clock, settings, others, asked_first
        )
        self.exchanges = Exchanging(
            self.journal, self.returning, self.refunds, self.checkout, self.lookup, self.clock, settings
        )
        self.undoing = Undoing(
            self.journal,
            self.backend,
            self.refunds,
            self.lookup,
            self.connection,
            self.clock,
            settings,
            self.returning.returned_there,
            asked_first,
        )

    def _meanwhile(self, _seconds: float) -> None:
        """Let the sender work while somebody waits for what came of it, who does not wait for ever."""
        if self.deaf_before_sending:
            for _ in range(3):
                self.connection.silent()
            return
        self.drain()

    @contextmanager
    def deaf(self, server: DemoServer) -> Iterator[None]:
        """Let the next write arrive, and no answer to it or to a look-up come back."""
        server.faults.stage(FaultPlan(lose_answers=1))
        backend, hears = self.backend, self.backend.reconcile
        backend.reconcile = lambda _: Unknown("lost")  # type: ignore[method-assign]
        try:
            yield
        finally:
            backend.reconcile = hears  # type: ignore[method-assign]

    def returned_paid(self) -> int:
        """Return the money given back here by the figures, minor units."""
        with self.journal.database.reading() as connection:
            rows = connection.execute("SELECT returned_paid FROM day_figure WHERE split = '' AND part = ''")
            return sum(int(str(paid)) for (paid,) in rows)

    def sell_to(
        self, member_id: str, rupees: int = 1000, *, off: int = 0, pasted: PastedBill | None = None
    ) -> Sale:
        """Sell something to a member, who uses points for so many rupees of it."""
        found = self.lookup.refresh(member_id)
        assert isinstance(found, MemberFound)
        bill = pasted.bill if pasted is not None else bill_of(Money(rupees * 100, RUPEE))
        local = self.clock.now().astimezone(self.settings.zone).replace(second=0, microsecond=0)
        choice = TakeAmount(Money(off * 100, RUPEE)) if off else TakeNothing()
        occasion = Occasion(local, self.settings.store, online=True)
        offer = quote(self.lookup.program(), found.member, found.account, bill, choice, occasion)
        ticket = Ticket(
            sale_id=new_sale_id(),
            member=found.member,
            identifier=None,
            way=Way.MEMBER_NUMBER,
            bill=bill.total,
            quote=offer,
            pasted=pasted,
        )
        if offer.points_used:
            self.checkout.hold(ticket)
        return self.checkout.commit(ticket)

    def receipt(self, sale: Sale) -> str:
        """Return the receipt code of a sale."""
        return self.claims.codes(sale).receipt

    def found(self, text: str) -> Returnable:
        """Return the sale a receipt, or its number, means; it must be one that may come back."""
        found = self.returning.find(text)
        assert isinstance(found, Returnable), found
        return found

    def take_back(self, text: str, rupees: int | None = None) -> None:
        """Take back all of a sale, or so much of it."""
        back = None if rupees is None else Money(rupees * 100, RUPEE)
        self.returning.take_back(self.found(text), back)

    def returns(self, sale: Sale) -> list[EffectState]:
        """Return how what this till took back of a sale stands."""
        rows = self.journal.effects_of(sale.sale_id)
        return [row.state for row in rows if row.effect.kind in OF_RETURNS]
