"""Goods for goods: what comes back and what is bought in its place, committed as one.

No points are used on the new bill. What the return gives back is the member's only once the backend has
booked it, and no backend is known that books a return and a use of points as one: a use that is refused
afterwards would leave a discount nobody paid for.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from cashier_app.domain.bill import Bill, bill_of
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.member import Account, Member, Way
from cashier_app.domain.money import Money
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.outcome import MemberFound, Remembered
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.program import Program
from cashier_app.domain.quote import Quote, quote
from cashier_app.domain.refund import RefundPlan, Returned
from cashier_app.domain.sale import Sale
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import ChangedSinceError, Journal
from cashier_app.services.checkout import Checkout
from cashier_app.services.lookup import MemberLookup
from cashier_app.services.pasted_bill import PastedBill
from cashier_app.services.refunds import Refunds
from cashier_app.services.returnable import Returnable
from cashier_app.services.returning import Returning
from cashier_app.services.ticket import Ticket, new_sale_id
from cashier_app.services.till_settings import TillSettings


class ExchangeTerms(Struct, frozen=True):
    """For whom the new bill is, and by which rules.

    Args:
        sale_id: The new sale's, born with the exchange: it is committed once, however often it is asked for.
        account: As the backend told it, or as last known.
        online: Whether the backend could be asked.
        at: When the exchange was begun, in the shop's own time.
    """

    sale_id: str
    member: Member
    account: Account
    program: Program
    online: bool
    at: datetime
    store: str

    def quoted(self, bill: Bill) -> Quote:
        """Return what the new bill comes to and earns."""
        occasion = Occasion(self.at, self.store, online=self.online)
        return quote(self.program, self.member, self.account, bill, TakeNothing(), occasion)


class Exchanged(Struct, frozen=True):
    """An exchange that was made."""

    plan: RefundPlan
    sold: Sale


class Exchanging:
    """Blocking: for worker threads.

    Args:
        journal: Says whether it was made already.
        returning: Keeps the facts of another till's sale.
        refunds: Plans the return.
        checkout: Commits the new sale, and the return with it.
        lookup: Reads the member's account, and the rules in force.
        clock: Says when it is.
        settings: Whose till this is.
    """

    def __init__(
        self,
        journal: Journal,
        returning: Returning,
        refunds: Refunds,
        checkout: Checkout,
        lookup: MemberLookup,
        clock: Clock,
        settings: TillSettings,
    ) -> None:
        self._journal = journal
        self._returning = returning
        self._refunds = refunds
        self._checkout = checkout
        self._lookup = lookup
        self._clock = clock
        self._settings = settings

    def terms(self, found: Returnable) -> ExchangeTerms:
        """Return on what terms the member of this sale buys something else.

        Raises:
            KnownError: No program is known, or the database cannot be read.
        """
        now, member_id = self._clock.now(), found.sale.member_id
        answer = self._lookup.refresh(member_id)
        known = answer if isinstance(answer, MemberFound | Remembered) else None
        return ExchangeTerms(
            sale_id=new_sale_id(),
            member=known.member if known else Member(member_id, found.sale.display_name),
            account=known.account if known else Account(balance=NO_POINTS, as_of=now),
            program=self._lookup.program(),
            online=isinstance(answer, MemberFound),
            at=now.astimezone(self._settings.zone).replace(second=0, microsecond=0),
            store=self._settings.store,
        )

    def commit(
        self,
        shown: Returnable,
        back: Returned,
        balance: Decimal | None,
        terms: ExchangeTerms,
        bill: Money | PastedBill,
        staff_id: str = "",
    ) -> Exchanged | Returnable:
        """Take goods back and sell others, in one transaction: both happen, or neither.

        Nothing is done where the return would come to something else by now: the sale as it stands is
        returned, to be shown again. `back` and `balance` are as for `Returnable.plan`. Goods that
        another till could take back as well are taken back first, and nothing is sold before the backend has
        booked that.

        Raises:
            KnownError: More comes back than is left, the backend does not take it, or it cannot be written.
        """
        made = self._journal.sale(terms.sale_id)
        if made is not None:
            return Exchanged(shown.plan(back, balance), made[0])
        ticket = _ticket(shown, terms, bill, staff_id)
        if shown.elsewhere or self._returning.asks_now(shown, back, balance):
            # Nothing is sold before the backend has the goods; the sale follows, by its own id.
            taken = self._returning.take_back(shown, back, staff_id, balance, terms.sale_id)
            if isinstance(taken, Returnable):
                return taken
            sold = self._checkout.commit(ticket)
            self._returning.finished(shown.sale.sale_id)
            return Exchanged(taken, sold)
        self._returning.make_sure(shown)
        now = self._refunds.returnable(shown.sale.sale_id)
        if not now.still(shown, back, balance):
            return now
        plan = self._refunds.checked(now, back, balance)
        undoing = self._refunds.told_of(now, plan, staff_id, back=back)
        try:
            return Exchanged(plan, self._checkout.commit(ticket, undoing, now.seen))
        except ChangedSinceError:
            return self._refunds.returnable(shown.sale.sale_id)


def _ticket(shown: Returnable, terms: ExchangeTerms, bill: Money | PastedBill, staff_id: str) -> Ticket:
    whole = bill.bill if isinstance(bill, PastedBill) else bill_of(bill)
    return Ticket(
        sale_id=terms.sale_id,
        member=terms.member,
        identifier=None,
        way=shown.sale.way or Way.MEMBER_NUMBER,  # how the other till knew them, no receipt says
        bill=whole.total,
        quote=terms.quoted(whole),
        staff_id=staff_id,
        pasted=bill if isinstance(bill, PastedBill) else None,
    )
