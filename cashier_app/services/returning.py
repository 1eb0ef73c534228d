"""What the return screen asks of this till: find the sale again, say what is left of it, take it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from decimal import Decimal

from msgspec import Struct

from cashier_app.domain.money import Money
from cashier_app.domain.outcome import MemberFound
from cashier_app.domain.refund import NothingReturned, RefundPlan
from cashier_app.domain.sale import Sale
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import Journal, SaleLine
from cashier_app.services.lookup import MemberLookup
from cashier_app.services.receipt_search import AmountAt, ReceiptNumber, asked_for
from cashier_app.services.refunds import Refunds
from cashier_app.services.returnable import Returnable
from cashier_app.services.till_settings import TillSettings

MOST_LISTED = 50
ABOUT = timedelta(minutes=15)
DAYS_SEARCHED = 31
FOLLOWS_WITHIN = timedelta(days=1)
"""How long points that follow later may still be missing from a balance."""


class NotHere(Struct, frozen=True):
    """Nothing sold at this till is what was typed or scanned."""

    asked: str


class NotAReceipt(Struct, frozen=True):
    """What was typed is neither a number nor an amount."""

    asked: str


class OtherTill(Struct, frozen=True):
    """The receipt is of another till, here or in another shop."""

    number: str


class NoMember(Struct, frozen=True):
    """Nobody's points hang on the sale, or nobody knows yet whose."""

    sale: Sale
    later: bool


class AlreadyReturned(Struct, frozen=True):
    """All of the sale came back; `on` is when, UTC."""

    sale: Sale
    on: datetime


class Several(Struct, frozen=True):
    """More than one sale is what was asked for; the newest first."""

    lines: tuple[SaleLine, ...]


NotReturnable = NotHere | NotAReceipt | OtherTill | NoMember | AlreadyReturned
Searched = Returnable | Several | NotReturnable


class Returning:
    """Blocking: for worker threads.

    Args:
        journal: Where the sales of this till are.
        refunds: Plans and queues.
        lookup: Reads the member's balance.
        clock: Says what today is.
        settings: Whose till this is.
    """

    def __init__(
        self,
        journal: Journal,
        refunds: Refunds,
        lookup: MemberLookup,
        clock: Clock,
        settings: TillSettings,
    ) -> None:
        self._journal = journal
        self._refunds = refunds
        self._lookup = lookup
        self._clock = clock
        self._settings = settings

    def today(self) -> tuple[SaleLine, ...]:
        """Return today's last sales, the newest first."""
        return tuple(self._sold_on(0, time.min, timedelta(days=1), MOST_LISTED))

    def find(self, text: str) -> Searched:
        """Find a sale by what was typed or scanned.

        Raises:
            KnownError: The database cannot be read, or no program is known.
        """
        match asked_for(text, self._settings.currency):
            case ReceiptNumber() as number if number.till != self._settings.till:
                return OtherTill(number.text)
            case ReceiptNumber(_, count):
                found = self._journal.sold_as(count)
                lines = [found] if found else []
            case AmountAt() as wanted:
                lines = list(self._of_amount(wanted))
            case _:
                return NotAReceipt(text)
        if len(lines) > 1:
            return Several(tuple(lines[:MOST_LISTED]))
        return self.open(lines[0].sale) if lines else NotHere(text)

    def open(self, sale: Sale) -> Returnable | NoMember | AlreadyReturned:
        """Return a sale with what can still come back of it, or why nothing can.

        Raises:
            KnownError: The database cannot be read, or no program is known.
        """
        if not sale.member_id:
            return NoMember(sale, later=sale.way is not None)
        found = self._refunds.returnable(sale.sale_id)
        if isinstance(found.plan().refused, NothingReturned):
            return AlreadyReturned(sale, found.last_return or sale.at)
        return found

    def balance(self, sale: Sale) -> Decimal | None:
        """Return the member's balance; None where it cannot be asked, or is still to change for our sales."""
        member_id = sale.member_id
        fresh = self._clock.now() - sale.at < FOLLOWS_WITHIN
        if fresh and self._lookup.capabilities.earns_later:
            return None
        if any(member_id == waiting.sale.member_id for waiting in self._journal.unsent()):
            return None
        found = self._lookup.refresh(member_id)
        return found.account.balance if isinstance(found, MemberFound) else None

    def take_back(
        self, shown: Returnable, amount: Money | None, staff_id: str = ""
    ) -> RefundPlan | Returnable:
        """Queue what was shown; see `Refunds.take_back_shown`."""
        return self._refunds.take_back_shown(shown, amount, staff_id)

    def _of_amount(self, wanted: AmountAt) -> Iterable[SaleLine]:
        if wanted.at is None:
            numbered = self._journal.sold_as(wanted.count) if wanted.count else None
            today = [line for line in self.today() if _came_to(line, wanted.amount)]
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


def _came_to(line: SaleLine, amount: Money) -> bool:
    return amount in {line.sale.bill, line.sale.paid}
