"""Sales of the shop's other tills, known by their signed receipt and by what the backend booked for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.claim_code import ReceiptFacts, Unreadable, read_receipt_code, sale_of
from cashier_app.domain.ledger import LedgerLine, LedgerRead
from cashier_app.domain.money import Currency
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.sale import OF_RETURNS, OF_SALES, EffectKind, EffectState, Sale
from cashier_app.ports.claims import ClaimSigner
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import Journal
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.connection import ConnectionWatch

CLOCKS_DIFFER = timedelta(hours=1)
"""By how much another till's clock may be ahead of this one's before its receipt is taken for made up."""

_RETURNS = frozenset(kind.value for kind in OF_RETURNS)
_EARNS = frozenset({EffectKind.SALE.value, EffectKind.LINK.value})


class WhyNotFromHere(StrEnum):
    """Why another till's sale cannot come back at this one.

    `NOT_OURS`: no till of this shop signed the receipt. `NOT_TOLD`: the backend does not tell what it booked,
    or does not keep two tills from returning the same. `NOT_BOOKED`: it has nothing of such a sale: not yet,
    or it was sold with another loyalty system. `NOBODYS`: it was sold without a member, and nobody is known
    to have claimed it. `RETURNED_ELSEWHERE`: some of it came back at another till.
    """

    NOT_OURS = "not ours"
    UNREADABLE = "unreadable"
    FUTURE = "future"
    OTHER_CURRENCY = "other currency"
    OFFLINE = "offline"
    NOT_TOLD = "not told"
    NOT_BOOKED = "not booked"
    NOBODYS = "nobody's"
    RETURNED_ELSEWHERE = "returned elsewhere"


class NotFromHere(Struct, frozen=True):
    """Another till's sale cannot come back here; `number` is its receipt's, empty where it says none."""

    why: WhyNotFromHere
    number: str = ""


class OtherTills:
    """Blocking: for worker threads.

    Args:
        keys: Returns what knows the proofs of the shop's tills.
        journal: Tells what came back here.
        backend: Tells what it booked.
        connection: Says whether it can be asked.
        currency: The till's.
    """

    def __init__(
        self,
        keys: Callable[[], ClaimSigner],
        journal: Journal,
        backend: LoyaltyBackend,
        connection: ConnectionWatch,
        clock: Clock,
        currency: Currency,
    ) -> None:
        self._keys = keys
        self._journal = journal
        self._backend = backend
        self._connection = connection
        self._clock = clock
        self._currency = currency

    def read(self, text: str) -> ReceiptFacts | NotFromHere:
        """Return what a receipt code says, or why that is not believed. Asks nobody.

        Raises:
            KnownError: The keys cannot be read.
        """
        facts = read_receipt_code(text, self._keys().proves)
        match facts:
            case Unreadable.FOREIGN:
                return NotFromHere(WhyNotFromHere.NOT_OURS)
            case Unreadable():
                return NotFromHere(WhyNotFromHere.UNREADABLE)
        if facts.at > self._clock.now() + CLOCKS_DIFFER:
            return NotFromHere(WhyNotFromHere.FUTURE, facts.number)
        if facts.bill.currency != self._currency:
            return NotFromHere(WhyNotFromHere.OTHER_CURRENCY, facts.number)
        return facts

    def booked(self, told: ReceiptFacts | Sale) -> Sale | NotFromHere:
        """Return the sale with the points the backend booked for it. Asks the backend, changes nothing.

        Raises:
            KnownError: The database cannot be read.
        """
        sale = told if isinstance(told, Sale) else sale_of(told)
        can = self._backend.capabilities
        if not (can.reads_ledger and can.guards_returns):
            return NotFromHere(WhyNotFromHere.NOT_TOLD, sale.number)
        answer = self._backend.ledger(sale.sale_id) if self._connection.online else None
        if not isinstance(answer, LedgerRead):
            return NotFromHere(WhyNotFromHere.OFFLINE, sale.number)
        earned = [line for line in answer.lines if line.kind in _EARNS]
        if not earned or not all(line.paid in {None, sale.paid} for line in earned):
            why = WhyNotFromHere.NOT_BOOKED if sale.member_id else WhyNotFromHere.NOBODYS
            return NotFromHere(why, sale.number)
        if self._came_back_there(sale.sale_id, answer):
            # What a second till returns would bear the keys of what the first one did.
            return NotFromHere(WhyNotFromHere.RETURNED_ELSEWHERE, sale.number)
        used = [line for line in answer.lines if line.kind not in _RETURNS | _EARNS]
        return replace(sale, points_expected=_sum(earned), points_used=-_sum(used))

    def returned_there(self, sale_id: str) -> bool:
        """Say whether goods of this till's own sale came back at another; False where nobody can say.

        Asks the backend, where it lets other tills take the sale back at all, and changes nothing.

        Raises:
            KnownError: The database cannot be read.
        """
        can = self._backend.capabilities
        if not (can.reads_ledger and can.guards_returns and self._connection.online):
            return False
        told = [row for row in self._journal.effects_of(sale_id) if row.effect.kind in OF_SALES]
        if not any(row.state is EffectState.POSTED for row in told):
            return False
        answer = self._backend.ledger(sale_id)
        return isinstance(answer, LedgerRead) and self._came_back_there(sale_id, answer)

    def _came_back_there(self, sale_id: str, booked: LedgerRead) -> bool:
        here = {row.effect.key for row in self._journal.effects_of(sale_id) if not row.withdrawn}
        return any(line.kind in _RETURNS and line.key not in here for line in booked.lines)


def _sum(lines: list[LedgerLine]) -> Decimal:
    return sum((line.points for line in lines), NO_POINTS)
