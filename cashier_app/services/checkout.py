"""Hold the points, take the payment, commit the sale: the only way a sale comes into being.

The rules of the road, each with the fault it answers:

* The hold is written down before anybody is asked for it. If this process dies while asking, the next
  start finds the draft, looks the hold up and releases it.
* The sale, all its effects and the audit row are one transaction, on disk before the screen says done. If
  this process dies before, there was no sale and the screen never said so; if it dies after, the sender
  finds it.
* Every effect's key is made here, once, from the sale id. Online, offline, first try or fortieth, the backend
  sees the same key, so a lost answer can be asked for again without harm.
* Nothing that comes back later changes what was committed: the receipt is already in the customer's hand. A
  backend that refuses a committed effect makes it *needs attention*, visible, never gone.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, timedelta, tzinfo

from msgspec.structs import replace

from cashier_app.domain.counting import utc_offset_of
from cashier_app.domain.money import zero
from cashier_app.domain.offline_policy import (
    NO_OFFLINE,
    OfflineAnswer,
    OfflineCase,
    OfflineDenied,
    OfflinePolicy,
    OfflineRecord,
    WhyNotOffline,
    offline_allowance,
)
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    Booked,
    MemberFound,
    NotApplied,
    Outcome,
    Pending,
    Reconciled,
    Refused,
    RefusedBecause,
    RetryLater,
    SignInNeeded,
    Unknown,
    Unreachable,
)
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.sale import Effect, EffectKind, EffectState, Sale, short_name
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import Journal, Seen
from cashier_app.ports.loyalty import Idempotency, LoyaltyBackend
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.pasted_bill import sold_lines
from cashier_app.services.sale_effects import claimable_until, wanted_effect, wanted_effects
from cashier_app.services.ticket import Ticket

READING_LASTS_SECONDS = 5.0
"""How long a balance is taken to stand where nothing is held."""


class Checkout:
    """Blocking steps of one sale, for a worker thread; `zone` is the shop's."""

    def __init__(
        self,
        backend: LoyaltyBackend,
        journal: Journal,
        clock: Clock,
        connection: ConnectionWatch,
        offline: OfflinePolicy = NO_OFFLINE,
        zone: tzinfo = UTC,
    ) -> None:
        self._backend = backend
        self._journal = journal
        self._clock = clock
        self._connection = connection
        self._offline = offline
        self._zone = zone
        self._tying = threading.Lock()
        self._loose: list[Ticket] = []

    def hold(self, ticket: Ticket) -> Outcome:
        """Ask the backend to hold the ticket's points until the customer has paid.

        Where nothing can be held, the balance is read again instead, now, before the money is taken: one that
        is not what the quote was made on is refused with the account as it stands.

        A lost answer is looked up once, and what is not there is asked for once more with the same key. What
        stays in doubt is abandoned and released later, so that nobody is promised a discount nobody holds.

        Raises:
            KnownError: The draft, or what came of it, cannot be written.
        """
        self._tie_up()
        if not self._backend.capabilities.holds_points:
            return self._read_again(ticket)
        effect = self._wanted_now(ticket, EffectKind.RESERVE)
        self._journal.open_draft(ticket.sale_id, effect)
        try:
            return self._hold(ticket, effect)
        except BaseException:
            self._loose.append(ticket)
            raise

    def accept_offline(self, ticket: Ticket) -> tuple[OfflineAnswer, OfflineRecord]:
        """Judge points to be used without a hold by what the journal holds now, before the money is taken.

        What the screen was quoted on may be older than the last sale. Between this and the commit nothing
        else is redeemed: a till serves one customer at a time.

        Raises:
            KnownError: The journal cannot be read.
        """
        terms, member, quote = ticket.offline, ticket.member, ticket.quote
        if terms is None or member is None or quote is None:
            raise ValueError("nothing is redeemed offline without a member and a quote")
        if self._offline.asks_manager(quote.discount.minor) and not terms.approved_by:
            raise ValueError("a manager must confirm this")
        record = self._journal.offline_record(member.member_id)
        if self._connection.online:
            return OfflineDenied(WhyNotOffline.ONLINE_AGAIN), record
        case = OfflineCase(terms.proof, terms.as_of, self._clock.now(), record)
        return offline_allowance(self._offline, case), record

    def give_back(self, ticket: Ticket, reason: str) -> None:
        """Abandon a ticket the customer did not pay, queueing the release of its hold.

        Raises:
            KnownError: It cannot be written now; it will be with the next sale, or at the next start.
        """
        if not self._backend.capabilities.holds_points:
            return
        try:
            self._abandon(ticket, reason)
        except BaseException:
            self._loose.append(ticket)
            raise

    def finish(self, ticket: Ticket, read_ago: float) -> Sale | Refused:
        """Commit the paid sale; where nothing is held and the balance was read long ago, read it again first.

        A balance that changed is refused with the account as it stands, and there is no sale. Without an
        answer there is one: the customer has paid, and points that turn out to be gone need attention.

        Args:
            ticket: What was accepted.
            read_ago: Seconds since `hold` was answered.

        Raises:
            KnownError: The sale cannot be written; there is none then.
        """
        held = self._backend.capabilities.holds_points or ticket.offline is not None
        if ticket.points > 0 and not held and read_ago > READING_LASTS_SECONDS and self._connection.online:
            # What was written though nobody could say so is not judged by the balance it left.
            outcome = self._read_again(ticket) if self._journal.sale(ticket.sale_id) is None else None
            if isinstance(outcome, Refused):
                return outcome
        return self.commit(ticket)

    def commit(self, ticket: Ticket, undoing: Sequence[Effect] = (), seen: Seen | None = None) -> Sale:
        """Write the paid sale with all its effects in one transaction; return it with its number.

        Committing the same ticket again returns the same sale. `undoing` is all that the return leads to
        which this sale is made in exchange for, and `seen` how that was found; see `Journal.commit_sale`.

        Raises:
            KnownError: It cannot be written; there is no sale then.
        """
        quote, now = ticket.quote, self._clock.now()
        utc_offset = utc_offset_of(now, self._zone)
        sale = Sale(
            sale_id=ticket.sale_id,
            number="",
            member_id=ticket.member.member_id if ticket.member else "",
            display_name=short_name(ticket.member.name) if ticket.member else "",
            way=ticket.way,
            bill=ticket.bill,
            discount=quote.discount if quote else zero(ticket.bill.currency),
            paid=quote.to_pay if quote else ticket.bill,
            points_used=ticket.points,
            points_expected=quote.earns if quote else NO_POINTS,
            at=now,
            program_version=quote.program_version if quote else ticket.program_version,
            staff_id=ticket.staff_id,
            tier=quote.tier.name if quote and quote.tier and ticket.member else "",
            took_tenths=self._took_tenths(ticket),
            offline=not self._connection.online,
            utc_offset=utc_offset,
            lines=sold_lines(ticket.pasted, quote),
            voucher=ticket.voucher,
            claim_until=claimable_until(ticket, self._backend.capabilities, now, utc_offset),
        )
        wanted = wanted_effects(ticket, self._backend.capabilities, now, utc_offset)
        committed = self._journal.commit_sale(sale, self._backend.plan(wanted), undoing, seen)
        with suppress(KnownError):
            self._tie_up()
        return committed

    def _hold(self, ticket: Ticket, effect: Effect) -> Outcome:
        outcome = self._backend.apply(effect)
        if isinstance(outcome, Unknown):
            outcome = self._asked_again(effect)
        self._connection.heard(outcome)
        match outcome:
            case Applied(booked) | AlreadyApplied(booked):
                self._journal.reservation_made(ticket.sale_id, booked, "held")
                return Applied(self._by_our_clock(booked))
            case Refused(because):
                self._not_held(ticket, because.value)
            case RetryLater(reason=reason):
                self._not_held(ticket, reason or "try later")
            case SignInNeeded():
                self._not_held(ticket, "sign-in needed")
            case Unknown() | Pending():
                self._journal.reservation_made(ticket.sale_id, None, EffectState.UNKNOWN)
                self._abandon(ticket, "no answer to the hold")
        return outcome

    def _read_again(self, ticket: Ticket) -> Outcome:
        if ticket.member is None:
            raise ValueError("nothing is redeemed without a member")
        found = self._backend.refresh(ticket.member.member_id)
        if isinstance(found, Unreachable):
            self._connection.silent()
            return Unknown(found.reason)
        self._connection.answered()
        if not isinstance(found, MemberFound):
            return Refused(RefusedBecause.INVALID)
        if found.member.blocked_since is not None:
            return Refused(RefusedBecause.MEMBER_BLOCKED, account=found.account)
        if found.account.balance != ticket.balance:
            return Refused(RefusedBecause.BALANCE_TOO_LOW, account=found.account)
        return Applied(Booked("", found.account.balance))

    def _asked_again(self, effect: Effect) -> Outcome:
        """Look a hold in doubt up; ask for it once more only where its key keeps it from being made twice."""
        can = self._backend.capabilities
        looked_up: Reconciled = NotApplied()
        if can.search_lag is not None:
            looked_up = self._backend.reconcile(effect)
        if not isinstance(looked_up, NotApplied):
            return looked_up
        if can.idempotency is Idempotency.READ_BACK:
            return Unknown("not found yet")
        return self._backend.apply(effect)

    def _not_held(self, ticket: Ticket, answer: str) -> None:
        """Close a draft whose hold certainly did not come about: there is nothing to release."""
        self._journal.reservation_made(ticket.sale_id, None, answer)
        self._journal.abandon_draft(ticket.sale_id, None, f"not held: {answer}")

    def _abandon(self, ticket: Ticket, reason: str) -> None:
        release = self._wanted_now(ticket, EffectKind.RELEASE)
        self._journal.abandon_draft(ticket.sale_id, release, reason)

    def _wanted_now(self, ticket: Ticket, kind: EffectKind) -> Effect:
        now = self._clock.now()
        return wanted_effect(ticket, kind, now, utc_offset_of(now, self._zone))

    def _took_tenths(self, ticket: Ticket) -> int | None:
        """Return tenths of a second since the customer's service began, by the clock that never jumps."""
        if ticket.began is None:
            return None
        return max(0, round((self._clock.monotonic() - ticket.began) * 10))

    def _tie_up(self) -> None:
        """Abandon the tickets whose end could not be written before, such as while the disk was full."""
        with self._tying:
            while self._loose:
                ticket = self._loose[0]
                rows = self._journal.effects_of(ticket.sale_id)
                if any(row.state is EffectState.SENDING for row in rows):
                    self._journal.reservation_made(ticket.sale_id, None, EffectState.UNKNOWN)
                self._abandon(ticket, "could not be given back before")
                self._loose.pop(0)

    def _by_our_clock(self, booked: Booked) -> Booked:
        """Return the booking with an end that makes sense on this computer, whose clock may be wrong."""
        now, life = self._clock.now(), self._backend.capabilities.hold
        if booked.expires_at is None or life is None or timedelta(0) < booked.expires_at - now <= life:
            return booked
        return replace(booked, expires_at=now + life)
