"""What the return screen asks of this till: find the sale again, say what is left of it, take it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial

from msgspec.structs import replace

from cashier_app.domain.claim_code import is_receipt_code, sale_of
from cashier_app.domain.identifier import Identifier, Origin, Unrecognised, parse_identifier
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import (
    CodeAhead,
    CodeTooOld,
    CodeUsed,
    MemberFound,
    Remembered,
    SeveralMembers,
    Unreachable,
)
from cashier_app.domain.refund import NothingReturned, RefundPlan, Returned
from cashier_app.domain.sale import OF_RETURNS, EffectKind, EffectState, Sale, SaleState
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import EffectRow, Journal, SaleLine
from cashier_app.services.asked_first import AskedFirst
from cashier_app.services.backend_change import sold_with_another
from cashier_app.services.lookup import MemberLookup
from cashier_app.services.made_sale import claimed_by
from cashier_app.services.other_tills import NotFromHere, OtherTills, WhyNotFromHere
from cashier_app.services.receipt_search import AmountAt, ReceiptNumber, asked_for, number_on_receipt
from cashier_app.services.refunds import Refunds
from cashier_app.services.returnable import AskedReturn, Returnable
from cashier_app.services.searched_sales import (
    AlreadyReturned,
    ListedSale,
    NobodyHere,
    NoMember,
    NotAReceipt,
    NotHere,
    NotReturnable,
    OtherSystem,
    OtherTill,
    Searched,
    Several,
)
from cashier_app.services.till_settings import TillSettings

NOT_NOW_ELSEWHERE = "This sale of another till cannot be returned here now. Nothing was refunded. Try again."
RETURNED_THERE = (
    "Goods of this sale came back at another till: take the rest back there. Nothing was refunded."
)
MOST_LISTED = 50
ABOUT = timedelta(minutes=15)
DAYS_SEARCHED = 31
FOLLOWS_WITHIN = timedelta(days=1)
"""How long points that follow later may still be missing from a balance."""


class Returning:
    """Blocking: for worker threads.

    Args:
        journal: Where the sales of this till are.
        refunds: Plans and queues.
        lookup: Reads the member's balance.
        clock: Says what today is.
        settings: Whose till this is.
        other_tills: Knows the sales of the shop's other tills; None where no receipt can be checked.
        asked_first: Has the backend book a return before money is given; None where there is one till.
    """

    def __init__(
        self,
        journal: Journal,
        refunds: Refunds,
        lookup: MemberLookup,
        clock: Clock,
        settings: TillSettings,
        other_tills: OtherTills | None = None,
        asked_first: AskedFirst | None = None,
    ) -> None:
        self._asked_first = asked_first
        self._journal = journal
        self._refunds = refunds
        self._lookup = lookup
        self._clock = clock
        self._settings = settings
        self._other_tills = other_tills

    def today(self) -> tuple[ListedSale, ...]:
        """Return today's last sales, the newest first; before them those whose return is to be finished.

        Raises:
            KnownError: The database cannot be read.
        """
        untold = self._asked_first.untold_sales() if self._asked_first else ()
        ids = {sale.sale_id for sale in untold}
        sold = self._with_left(self._sold_on(0, time.min, timedelta(days=1), MOST_LISTED))
        first = self._with_left(SaleLine(sale, EffectState.POSTED) for sale in untold)
        return (
            *(replace(one, untold=True) for one in first),
            *(one for one in sold if one.line.sale.sale_id not in ids),
        )

    def find(self, text: str) -> Searched:
        """Find a sale by what was typed or scanned: of it itself, or of the member it was sold to.

        Raises:
            KnownError: The database cannot be read, or no program is known.
        """
        if is_receipt_code(text):
            return self._of_code(text)
        found = self._of_receipt(text)
        if isinstance(found, NotHere | NotAReceipt):
            parsed = parse_identifier(text, self._settings.rules, Origin.TYPED)
            return found if isinstance(parsed, Unrecognised) else self.of_member(parsed)
        return found

    def scanned(self, text: str) -> Searched:
        """Find a sale by what a device read: its receipt, or the code of the member it was sold to.

        Raises:
            KnownError: The database cannot be read, or no program is known.
        """
        if is_receipt_code(text) or number_on_receipt(text) is not None:
            return self.find(text)
        parsed = parse_identifier(text, self._settings.rules, Origin.SCANNED)
        return NotAReceipt("") if isinstance(parsed, Unrecognised) else self.of_member(parsed)

    def of_member(self, identifier: Identifier) -> Searched:
        """Return the sales of a member at this till, the newest first.

        Raises:
            KnownError: The database cannot be read.
        """
        match self._lookup.find(identifier):
            case MemberFound(member) | Remembered(member):
                members = [member]
            case SeveralMembers(found):
                members = [one.member for one in found]
            case Unreachable():
                return NobodyHere(unanswered=True)
            case CodeTooOld() | CodeAhead() | CodeUsed():
                return NobodyHere(stale=True)
            case _:
                return NobodyHere()
        lines = [line for one in members for line in self._journal.sales_of(one.member_id, MOST_LISTED)]
        lines.sort(key=lambda line: line.sale.at, reverse=True)
        listed = self._with_left(lines[:MOST_LISTED])
        return Several(listed, of_member=True) if listed else NobodyHere(known=True)

    def _of_code(self, text: str) -> Searched:
        if self._other_tills is None:
            return NotFromHere(WhyNotFromHere.NOT_OURS)
        facts = self._other_tills.read(text)
        if isinstance(facts, NotFromHere):
            return facts
        here = self._journal.sale(facts.sale_id)
        if here is not None and (here[1] is SaleState.COMMITTED or self._untold(facts.sale_id) is not None):
            return self.open(here[0])
        if not facts.member_id and facts.claim_until is None:
            return NoMember(sale_of(facts), later=facts.offline)
        sale = self._other_tills.booked(facts)
        return sale if isinstance(sale, NotFromHere) else self._opened(self._elsewhere(sale))

    def _elsewhere(self, sale: Sale) -> Returnable:
        return self._refunds.of_another_till(sale, self._journal.effects_of(sale.sale_id))

    def _of_receipt(self, text: str) -> Searched:
        match asked_for(text, self._settings.currency):
            case ReceiptNumber() as number if number.till.casefold() != self._settings.till.casefold():
                return OtherTill(number.text)
            case ReceiptNumber(_, count) as number:
                found = self._journal.sold_as(count)
                lines, text = [found] if found else [], number.text
            case AmountAt() as wanted:
                lines = list(self._of_amount(wanted))
            case _:
                return NotAReceipt(text)
        if len(lines) > 1:
            return Several(self._with_left(lines[:MOST_LISTED]))
        return self.open(lines[0].sale) if lines else NotHere(text)

    def open(self, sale: Sale) -> Returnable | NotReturnable:
        """Return a sale with what can still come back of it, or why nothing can.

        What was sold without a member comes back as well where somebody may claim it: they must not be given
        points for goods that are here.

        Raises:
            KnownError: The database cannot be read, or no program is known.
        """
        untold = self._untold(sale.sale_id)
        if untold is not None:
            return self._refunds.returnable(sale.sale_id, untold=untold)
        if sold_with_another(self._journal, sale.number):
            return OtherSystem(sale)
        rows = self._journal.effects_of(sale.sale_id)
        nobodys = not (sale.member_id or claimed_by(rows))
        if nobodys and (sale.way is not None or not (sale.claim_until or rows)):
            return NoMember(sale, later=sale.way is not None)
        if nobodys and self._claimed_unseen(sale, rows):
            return NoMember(sale, later=True)
        opened = self._opened(self._refunds.returnable(sale.sale_id, of_nobody=nobodys))
        if isinstance(opened, Returnable) and self.returned_there(sale.sale_id):
            return NotFromHere(WhyNotFromHere.RETURNED_ELSEWHERE, sale.number)
        return opened

    def _claimed_unseen(self, sale: Sale, rows: Sequence[EffectRow]) -> bool:
        """Say whether points must be taken from somebody who claimed a sale and whom nobody could look up."""
        anonymous = self._lookup.capabilities.tells_anonymous
        claims = {EffectKind.LINK} if anonymous else {EffectKind.LINK, EffectKind.SALE}
        claimed = any(row.effect.kind in claims and row.state is not EffectState.DROPPED for row in rows)
        return claimed and not self._refunds.tells_goods(sale, rows)

    def returned_there(self, sale_id: str) -> bool:
        """Say whether goods of this till's own sale came back at another; see `OtherTills.returned_there`."""
        return self._other_tills is not None and self._other_tills.returned_there(sale_id)

    def _opened(self, found: Returnable) -> Returnable | AlreadyReturned:
        if isinstance(found.plan().refused, NothingReturned):
            return AlreadyReturned(found.sale, found.last_return or found.sale.at)
        return replace(found, asks_first=self._asked_first is not None and self._asked_first.wanted(found))

    def _with_left(self, lines: Iterable[SaleLine]) -> tuple[ListedSale, ...]:
        return tuple(ListedSale(line, self._left_of(line.sale)) for line in lines)

    def _left_of(self, sale: Sale) -> Money:
        """Return what is left of a sale, told by what its returns came to: its rules are not asked here."""
        back = {
            row.effect.key.rpartition("-")[2]: row.effect.bill
            for row in self._journal.effects_of(sale.sale_id)
            if row.effect.kind in OF_RETURNS and not row.withdrawn
        }
        return _less(sale.bill, back.values())

    def balance(self, sale: Sale) -> Decimal | None:
        """Return the member's balance; None where it cannot be asked, or is still to change for our sales."""
        member_id = sale.member_id
        fresh = self._clock.now() - sale.at < FOLLOWS_WITHIN
        if not member_id or (fresh and self._lookup.capabilities.earns_later):
            return None
        if any(member_id == row.effect.member_id for one in self._journal.unsent() for row in one.effects):
            return None
        found = self._lookup.refresh(member_id)
        return found.account.balance if isinstance(found, MemberFound) else None

    def take_back(
        self,
        shown: Returnable,
        back: Returned | Money | None,
        staff_id: str = "",
        balance: Decimal | None = None,
        then: str = "",
    ) -> RefundPlan | Returnable:
        """Queue what was shown; see `Refunds.take_back_shown`.

        The backend is asked once more what came back of it at other tills. `then` is the sale that is made in
        exchange, once this is booked.

        Raises:
            KnownError: See there; or it cannot come back here any more.
        """
        asks = self._asked_first
        if shown.untold is not None:
            return self._go_on(shown)
        self.make_sure(shown)
        plan = shown.plan(back, balance)
        if asks is None or not shown.asks_first:
            return self._refunds.take_back_shown(shown, back, staff_id, balance)
        if asks.before(shown, plan) is None:
            first = asks.wanted(shown)
            asking = partial(asks.asking, then=then) if first else None
            taken = self._refunds.take_back_shown(shown, back, staff_id, balance, asking=asking)
            if isinstance(taken, Returnable) or not first:
                return taken
        asks.settle(shown.sale.sale_id)
        return plan

    def asks_now(self, shown: Returnable, back: Returned | Money | None, balance: Decimal | None) -> bool:
        """Say whether a return of this is asked for first, as it was shown, or was asked for already.

        Raises:
            KnownError: The keys, or the database, cannot be read.
        """
        asks = self._asked_first
        if asks is None or not shown.asks_first:
            return False
        return asks.wanted(shown) or asks.before(shown, shown.plan(back, balance)) is not None

    def _go_on(self, shown: Returnable) -> RefundPlan | Returnable:
        """Go on with what was asked for before; where that came to nothing meanwhile, show the sale anew."""
        asks = self._asked_first
        if asks is None or asks.before(shown, shown.untold_plan) is None:
            return self._refunds.returnable(shown.sale.sale_id, of_nobody=not shown.sale.member_id)
        asks.settle(shown.sale.sale_id)
        return shown.untold_plan

    def finished(self, sale_id: str) -> None:
        """Note that a return that was asked for first was seen to its end: the money is given.

        Raises:
            KnownError: It cannot be written.
        """
        if self._asked_first is not None:
            self._asked_first.finished(sale_id)

    def _untold(self, sale_id: str) -> AskedReturn | None:
        return self._asked_first.untold(sale_id) if self._asked_first is not None else None

    def make_sure(self, shown: Returnable) -> None:
        """See that a sale may still come back here; keep another till's facts, so that it can be queued.

        Raises:
            KnownError: It cannot come back here any more, or cannot be written.
        """
        if not shown.elsewhere:
            if self.returned_there(shown.sale.sale_id):
                raise KnownError(RETURNED_THERE)
            return
        sale = self._other_tills.booked(shown.sale) if self._other_tills else None
        if not isinstance(sale, Sale):
            raise KnownError(NOT_NOW_ELSEWHERE)
        self._journal.keep_sale(sale, "return")

    def _of_amount(self, wanted: AmountAt) -> Iterable[SaleLine]:
        if wanted.at is None:
            numbered = self._journal.sold_as(wanted.count) if wanted.count else None
            sold_today = self._sold_on(0, time.min, timedelta(days=1), MOST_LISTED)
            today = [line for line in sold_today if _came_to(line, wanted.amount)]
            return [line for line in (numbered, *today) if line is not None]
        days = (
            self._sold_on(days_ago, wanted.at, ABOUT, MOST_LISTED, before=ABOUT)
            for days_ago in range(DAYS_SEARCHED)
        )
        return [line for lines in days for line in lines if _came_to(line, wanted.amount)]

    def _sold_on(
        self,
        days_ago: int,
        at: time,
        length: timedelta,
        limit: int,
        before: timedelta = timedelta(0),
    ) -> list[SaleLine]:
        zone = self._settings.zone
        day = self._clock.now().astimezone(zone).date() - timedelta(days=days_ago)
        moment = datetime.combine(day, at, zone)
        return self._journal.sold_between(moment - before, moment + length, limit)


def _less(bill: Money, back: Iterable[Money]) -> Money:
    return Money(bill.minor - sum(amount.minor for amount in back), bill.currency)


def _came_to(line: SaleLine, amount: Money) -> bool:
    return amount in {line.sale.bill, line.sale.paid}
