"""A sale without a member that is somebody's after all: which one, whether it still may, and giving it once.

What keeps it to once is not here: it is told under a key of its own, in one transaction with the check
whether this till told it before; and where another till did, the backend refuses the second.
"""

from __future__ import annotations

import threading
import zlib
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.claim_code import (
    ClaimCode,
    Unreadable,
    is_receipt_code,
    read_receipt_code,
    sale_of,
    typed_claim,
)
from cashier_app.domain.counting import utc_offset_of
from cashier_app.domain.identifier import Identifier, WalletToken
from cashier_app.domain.ledger import LedgerRead
from cashier_app.domain.member import Account
from cashier_app.domain.money import Currency
from cashier_app.domain.outcome import AlreadyApplied, Applied, MemberFound, Remembered
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.sale import OF_RETURNS, Effect, EffectKind, EffectState, Sale, SaleState, effect_key
from cashier_app.ports.claims import ClaimSigner
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import EffectRow, Journal, seen_of
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.claim_terms import ClaimFor, ClaimTerms, claim_for
from cashier_app.services.claimed_elsewhere import sale_of_nobody
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.lookup import MemberLookup
from cashier_app.services.receipt_codes import Draw, ReceiptCodes, codes_of
from cashier_app.services.sale_effects import wanted_effect
from cashier_app.services.ticket import Ticket
from cashier_app.services.till_settings import TillSettings

NOTE = "claim"
TRIES = 5
LOOKS = 5
TRY_SECONDS = 60.0
CLOCKS_APART = timedelta(minutes=10)
"""How far the clocks of two tills may be apart."""

_UNSEEN_ACCOUNT = Account(balance=NO_POINTS, as_of=datetime(1970, 1, 1, tzinfo=UTC))
_TOLD = frozenset({"sale", "link"})


class WhyNotClaimed(StrEnum):
    """Why a sale cannot be claimed."""

    DAMAGED = "damaged"
    FOREIGN = "foreign"
    OTHER_CURRENCY = "other currency"
    OTHER_TILL = "other till"
    WRONG_CODE = "wrong code"
    TOO_OFTEN = "too often"
    HAD_MEMBER = "had a member"
    NEVER = "never"
    OVER = "over"
    AHEAD = "ahead"
    CLAIMED = "claimed"
    RETURNED = "returned"
    BLOCKED = "blocked"
    CODE_CHANGES = "code changes"
    OWN_TILL = "own till"
    PART = "part"


class NotClaimable(Struct, frozen=True):
    """Nothing is changed.

    Args:
        sale: Where the till knows which it is.
        seconds: With `TOO_OFTEN`: until a code may be typed again.
    """

    why: WhyNotClaimed
    sale: Sale | None = None
    seconds: int = 0


class Claimable(Struct, frozen=True):
    """A sale somebody may claim; `elsewhere` where another till made it."""

    sale: Sale
    elsewhere: bool = False


class Offer(Struct, frozen=True):
    """What a claim earns; `about` where only the backend knows just how much."""

    points: Decimal
    about: bool


class Claimed(Struct, frozen=True):
    """It is theirs: queued, and posted by itself."""

    sale: Sale
    offer: Offer


def is_claim(text: str, till: str) -> bool:
    """Say whether a text is a receipt code, or a claim code of this till: nobody is looked up by either."""
    code = typed_claim(text)
    return is_receipt_code(text) or (code is not None and code.till.casefold() == till.casefold())


def is_foreign_claim(text: str) -> bool:
    """Say whether a text is a claim code of any till."""
    return typed_claim(text) is not None


class Claims:
    """Blocking: for worker threads.

    Args:
        keys: Opens what signs and checks receipts; may raise `KnownError`.
        draw: Draws what a receipt carries.
        sending: Called once something is in the queue: it is to be sent now.
    """

    def __init__(
        self,
        backend: LoyaltyBackend,
        journal: Journal,
        lookup: MemberLookup,
        connection: ConnectionWatch,
        clock: Clock,
        settings: TillSettings,
        keys: Callable[[], ClaimSigner],
        draw: Draw,
        sending: Callable[[], None],
    ) -> None:
        self._backend, self._journal, self._lookup = backend, journal, lookup
        self._connection, self._clock, self._settings = connection, clock, settings
        self._keys, self._draw, self._sending = keys, draw, sending
        self._terms = ClaimTerms(backend, lookup, settings)
        self._tries: deque[float] = deque(maxlen=TRIES)
        self._one_at_a_time = threading.Lock()

    def codes(self, sale: Sale) -> ReceiptCodes:
        """Return what the receipt of a committed sale carries.

        Raises:
            KnownError: The key cannot be had.
        """
        return codes_of(sale, self._settings.store, self._keys(), self._draw)

    def read(self, text: str) -> Claimable | NotClaimable:
        """Return the sale a receipt code or a claim code means, and whether it may be claimed now.

        Raises:
            KnownError: The key or the database cannot be read.
        """
        code = typed_claim(text)
        found = self._scanned(text) if code is None else self._typed(code)
        return found if isinstance(found, NotClaimable) else self._judged(found, ask=True)

    def receipt(self, text: str) -> Sale | NotClaimable:
        """Return the sale a receipt code means, claimable or not; it may be another till's.

        Raises:
            KnownError: The key or the database cannot be read.
        """
        found = self._scanned(text)
        return found if isinstance(found, NotClaimable) else found.sale

    def offer(self, claim: Claimable, who: ClaimFor) -> Offer:
        """Return what a sale earns for somebody: by the rules of its day, and their tier now.

        Raises:
            KnownError: No program is known.
        """
        rows = self._journal.effects_of(claim.sale.sale_id)
        kept = self._terms.kept(claim.sale, who, "", rows)
        return self._offer(kept.points if kept else NO_POINTS, who)

    def credit(self, claim: Claimable, who: ClaimFor, staff_id: str = "") -> Claimed | NotClaimable:
        """Give a sale to somebody, once. `staff_id` is who does it.

        Raises:
            KnownError: It cannot be written; nothing was changed then.
        """
        if who.member is not None and who.member.blocked_since is not None:
            return NotClaimable(WhyNotClaimed.BLOCKED, claim.sale)
        with self._one_at_a_time:
            for _ in range(LOOKS):
                done = self._credited(claim, who, staff_id)
                if done is not None:
                    break
            else:
                done = NotClaimable(WhyNotClaimed.CLAIMED, claim.sale)
        if isinstance(done, Claimed):
            self._sending()
        return done

    def _credited(self, claim: Claimable, who: ClaimFor, staff_id: str) -> Claimed | NotClaimable | None:
        """Give a sale to somebody as it stands now; None where something happened to it meanwhile."""
        sale, rows = claim.sale, self._journal.effects_of(claim.sale.sale_id)
        still = self._judged(claim, ask=False)
        if isinstance(still, NotClaimable):
            return still
        links = self._backend.capabilities.tells_anonymous
        changes = isinstance(who.identifier, WalletToken) and who.identifier.is_rotating
        if who.member is None and changes and not links:
            # Told with the sale's own time, a code made later would be refused.
            return NotClaimable(WhyNotClaimed.CODE_CHANGES, sale)
        kept = self._terms.kept(sale, who, staff_id, rows)
        if kept is None:
            return NotClaimable(WhyNotClaimed.PART, sale)
        wanted = self._link(claim, kept.ticket) if links else self._late_sale(sale, kept.ticket)
        told = kept.marked(wanted)
        if not told:
            return NotClaimable(WhyNotClaimed.CLAIMED, sale)
        about = sale if claim.elsewhere else None
        queued = self._journal.queue_act(sale.sale_id, told, NOTE, of_sale=about, seen=seen_of(rows))
        return Claimed(sale, self._offer(kept.points, who)) if queued else None

    def claim_last_for(
        self,
        sale: Sale,
        identifier: Identifier | None,
        found: MemberFound | Remembered | None,
        staff_id: str = "",
    ) -> Claimed | NotClaimable:
        """Give a sale just finished without a member to who joined, or was one; see `credit`."""
        who = claim_for(identifier, found)
        judged = self._judged(Claimable(sale), ask=False)
        return judged if isinstance(judged, NotClaimable) else self.credit(judged, who, staff_id)

    def _scanned(self, text: str) -> Claimable | NotClaimable:
        facts = read_receipt_code(text, self._keys().proves)
        if isinstance(facts, Unreadable):
            damaged = facts is Unreadable.DAMAGED
            return NotClaimable(WhyNotClaimed.DAMAGED if damaged else WhyNotClaimed.FOREIGN)
        kept = self._journal.sale(facts.sale_id)
        if kept is not None and kept[1] is SaleState.COMMITTED:
            return Claimable(kept[0])
        return Claimable(sale_of(facts), elsewhere=True)

    def _typed(self, code: ClaimCode) -> Claimable | NotClaimable:
        if code.till.casefold() != self._settings.till.casefold():
            return NotClaimable(WhyNotClaimed.OTHER_TILL)
        wait = self._must_wait()
        if wait > 0:
            return NotClaimable(WhyNotClaimed.TOO_OFTEN, seconds=wait)
        line = self._journal.sold_as(code.count)
        # The same work whether there is such a sale or not: the answer is the same, too.
        sale_id = line.sale.sale_id if line else ""
        if not self._keys().digits_fit(sale_id, code.digits) or line is None:
            with self._one_at_a_time:
                self._tries.append(self._clock.monotonic())
            return NotClaimable(WhyNotClaimed.WRONG_CODE)
        return Claimable(line.sale)

    def _must_wait(self) -> int:
        """Return seconds until a code may be typed again; 0 for now."""
        with self._one_at_a_time:
            if len(self._tries) < TRIES:
                return 0
            left = TRY_SECONDS - (self._clock.monotonic() - self._tries[0])
        return max(0, int(left) + (left > int(left)))

    def _judged(self, claim: Claimable, *, ask: bool) -> Claimable | NotClaimable:
        """Return whether a sale may be claimed; the backend's own books are looked at where it lets us."""
        sale = claim.sale
        why = self._why_not(sale, self._settings.currency)
        if why is None and claim.elsewhere and not self._kept_to_one():
            why = WhyNotClaimed.OWN_TILL
        if why is None:
            why = self._done_here(sale, self._journal.effects_of(sale.sale_id))
        if why is None and ask and self._told_before(sale):
            why = WhyNotClaimed.CLAIMED
        return claim if why is None else NotClaimable(why, sale)

    def _why_not(self, sale: Sale, currency: Currency) -> WhyNotClaimed | None:
        now = self._clock.now()
        if sale.bill.currency != currency:
            return WhyNotClaimed.OTHER_CURRENCY
        if sale.member_id:
            return WhyNotClaimed.HAD_MEMBER
        if sale.claim_until is None:
            return WhyNotClaimed.NEVER
        if sale.at > now + CLOCKS_APART:
            return WhyNotClaimed.AHEAD
        return WhyNotClaimed.OVER if now >= sale.claim_until else None

    def _done_here(self, sale: Sale, rows: list[EffectRow]) -> WhyNotClaimed | None:
        """Return what this till did about a sale that keeps it from being claimed."""
        links = self._backend.capabilities.tells_anonymous
        back = [row.effect for row in rows if row.effect.kind in OF_RETURNS and not row.withdrawn]
        amounts = {effect.key.rpartition("-")[2]: effect.bill.minor for effect in back}
        # A part that came back is left out: by a backend that links, else by what it is told.
        if back and sum(amounts.values()) >= sale.bill.minor:
            return WhyNotClaimed.RETURNED
        live = [row.effect for row in rows if row.state is not EffectState.DROPPED]
        claims = [
            effect
            for effect in live
            if effect.kind is EffectKind.LINK
            or (effect.kind is EffectKind.SALE and (effect.member_id or effect.identified_by or not links))
        ]
        if sale.way is not None:
            # Rung up for somebody nobody could look up then; they have it, or a person settles it.
            return WhyNotClaimed.HAD_MEMBER
        return WhyNotClaimed.CLAIMED if claims else None

    def _kept_to_one(self) -> bool:
        """Say whether the backend keeps two tills from giving one sale to two members."""
        can = self._backend.capabilities
        return can.tells_anonymous or can.knows_claims

    def _told_before(self, sale: Sale) -> bool:
        """Say whether the backend has a sale as somebody's: another till was told whose it is."""
        can = self._backend.capabilities
        if not self._connection.online:
            return False
        if can.knows_claims and not can.tells_anonymous:
            return isinstance(self._backend.reconcile(sale_of_nobody(sale)), Applied | AlreadyApplied)
        if not can.reads_ledger:
            return False
        read = self._backend.ledger(sale.sale_id)
        return isinstance(read, LedgerRead) and any(line.kind in _TOLD and line.points for line in read.lines)

    def _offer(self, points: Decimal, who: ClaimFor) -> Offer:
        can = self._backend.capabilities
        return Offer(points, about=not who.fresh or can.quotes or can.earns_later)

    def _late_sale(self, sale: Sale, ticket: Ticket) -> tuple[Effect, ...]:
        """Return the sale as it is told late: with its own key, at its own time."""
        told = wanted_effect(ticket, EffectKind.SALE, sale.at, sale.utc_offset)
        left = ticket.bill - sale.discount
        paid = replace(told, discount=sale.discount, paid=left, voucher=sale.voucher, claimed=True)
        version = sale.program_version or told.program_version
        return self._backend.plan((replace(paid, program_version=version),))

    def _link(self, claim: Claimable, ticket: Ticket) -> tuple[Effect, ...]:
        """Return the request that gives a sale the backend was told of to somebody."""
        now = self._clock.now()
        link = wanted_effect(ticket, EffectKind.SALE, now, utc_offset_of(now, self._settings.zone))
        rows = self._journal.effects_of(claim.sale.sale_id)
        before = sum(row.effect.kind is EffectKind.LINK for row in rows)
        # Each till asks under keys of its own: the backend then says that the sale is somebody's already.
        first = _first_count(self._settings.till) if claim.elsewhere else 1
        count = first + before
        return (
            replace(
                link,
                key=effect_key(claim.sale.sale_id, EffectKind.LINK, count),
                kind=EffectKind.LINK,
                discount=claim.sale.discount,
                paid=claim.sale.paid,
                program_version=claim.sale.program_version or link.program_version,
            ),
        )


def _first_count(till: str) -> int:
    """Return from where a till counts its requests about other tills' sales: keys end in at most 9999."""
    return 100 * (1 + zlib.crc32(till.encode()) % 98)
