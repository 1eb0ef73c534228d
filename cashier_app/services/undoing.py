"""Undo a sale as if it had never been, or give it to another member: blocking, exactly once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.bill import Bill
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.identifier import Identifier, way_of
from cashier_app.domain.member import Account, Member, Way
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.outcome import (
    CodeAhead,
    CodeTooOld,
    CodeUsed,
    MemberFound,
    NoSuchMember,
    Remembered,
    SeveralMembers,
    Unreachable,
)
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.quote import Quote, quote
from cashier_app.domain.refund import RefundPlan
from cashier_app.domain.sale import (
    OF_RETURNS,
    OF_SALES,
    Effect,
    EffectKind,
    EffectState,
    ReturnReason,
    Sale,
)
from cashier_app.domain.voiding import VoidFacts, WhyNotVoid, why_not_void
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import ChangedSinceError, EffectRow, Journal, Seen
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.asked_first import AskedFirst
from cashier_app.services.backend_change import sold_with_another
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.lookup import MemberLookup
from cashier_app.services.made_sale import claimed_by, told_to_nobody
from cashier_app.services.moved_sale import moved_sale
from cashier_app.services.refunds import LOOKS, Refunds
from cashier_app.services.returnable import Returnable
from cashier_app.services.sale_effects import wanted_effects
from cashier_app.services.ticket import Ticket, new_sale_id
from cashier_app.services.till_settings import TillSettings

NOT_HERE = "There is no such sale at this till. Nothing was changed."
FOLLOWS_WITHIN = timedelta(days=1)
"""How long points that follow later may still be missing from a balance."""
UNSEEN_ACCOUNT = Account(balance=NO_POINTS, as_of=datetime(1970, 1, 1, tzinfo=UTC))


class Undoable(Struct, frozen=True):
    """A sale that may be undone, and what that does.

    Args:
        member_id: Whose points it moves; empty for nobody's, or where only the loyalty system knows.
        found: The sale as a return of it would be reckoned.
        used: Points used on it that the loyalty system cannot give back.
        moves: Whether anything is to be told to the loyalty system.
        voucher_free: Whether the voucher used on it may be used again; None where none was.
    """

    sale: Sale
    member_id: str
    found: Returnable
    used: Decimal
    moves: bool
    voucher_free: bool | None = None

    def plan(self, balance: Decimal | None = None) -> RefundPlan:
        """Return what comes back, all of it; `balance` as for `Returnable.plan`."""
        return self.found.plan(None, balance)

    def still(self, shown: Undoable, balance: Decimal | None) -> bool:
        """Say whether undoing would do what was shown, to whom it was shown."""
        return self.member_id == shown.member_id and self.found.still(shown.found, None, balance)


class NotUndoable(Struct, frozen=True):
    """Why a sale cannot be undone; `at` is when what stands in the way happened, UTC, where that is known."""

    sale: Sale
    why: WhyNotVoid
    at: datetime | None = None


class NothingSold(Struct, frozen=True):
    """Nothing was sold at this till yet."""


class NotForThem(StrEnum):
    """Why a sale cannot be given to whoever was scanned or typed."""

    NOBODY = "nobody"
    SEVERAL = "several"
    SAME = "same"
    BLOCKED = "blocked"
    CODE_RAN_OUT = "code ran out"


class NotMovable(Struct, frozen=True):
    """A sale cannot be given to them; `name` is the first name, where somebody was found."""

    why: NotForThem
    name: str = ""


class Movable(Struct, frozen=True):
    """What giving a sale to another member does.

    Args:
        undone: What it does to the first member.
        member: Whose it is to be; None where the till has not met them: they are named when it is posted.
        identifier: What they were found by.
        quote: The sale for them, by the rules of its moment, without what the first member's points paid.
        sale_id: Of the new sale, made once: it is committed once however often that is asked.
        rules_kept: Whether the rules are those it was made by.
        seen_as: What may be shown of the identifier.
    """

    undone: Undoable
    member: Member | None
    identifier: Identifier
    way: Way
    quote: Quote
    sale_id: str
    rules_kept: bool
    seen_as: str = ""

    @property
    def dropped(self) -> bool:
        """Say whether a discount falls away, so that more is to be taken from the customer."""
        return bool(self.undone.sale.discount)


Looked = Undoable | NotUndoable | NothingSold


class Undoing:
    """Blocking: for worker threads.

    Args:
        journal: Where sales and returns are.
        backend: Plans what it is told; asked nothing here.
        refunds: Reckons and queues what comes back.
        lookup: Knows programs and members.
        settings: Whose till this is.
        returned_there: Says whether goods of a sale came back at another till; see `OtherTills`.
        asked_first: Has the backend book a void before money is given; None where there is one till.
    """

    def __init__(
        self,
        journal: Journal,
        backend: LoyaltyBackend,
        refunds: Refunds,
        lookup: MemberLookup,
        connection: ConnectionWatch,
        clock: Clock,
        settings: TillSettings,
        returned_there: Callable[[str], bool],
        asked_first: AskedFirst | None = None,
    ) -> None:
        self._asked_first = asked_first
        self._journal = journal
        self._backend = backend
        self._refunds = refunds
        self._lookup = lookup
        self._connection = connection
        self._clock = clock
        self._settings = settings
        self._returned_there = returned_there
        self._one_at_a_time = threading.Lock()

    def look_at_last(self) -> Looked:
        """Return the newest sale of this till, whether or not it can be undone.

        Raises:
            KnownError: The database cannot be read, or no program is known.
        """
        newest = self._journal.recent(1)
        return self.look_at(newest[0].sale.sale_id) if newest else NothingSold()

    def look_at(self, sale_id: str) -> Undoable | NotUndoable:
        """Return what undoing a sale does, or why it cannot be undone.

        Raises:
            KnownError: There is no such sale, the database cannot be read, or no program is known.
        """
        there = self._journal.sale(sale_id)
        if there is None:
            raise KnownError(NOT_HERE)
        sale, state = there
        rows = self._journal.effects_of(sale_id)
        returns = [row.effect for row in rows if row.effect.kind in OF_RETURNS and not row.withdrawn]
        facts = VoidFacts(
            sale=sale,
            state=state,
            returned=tuple(effect.reason for effect in returns),
            till=self._settings.till,
            now=self._clock.now(),
            zone=self._settings.zone,
            closed_until=self._journal.closed_until(),
            nameable=self._can_name(sale, rows),
            here_known=not sold_with_another(self._journal, sale.number),
        )
        why = why_not_void(facts)
        if why is not None:
            return NotUndoable(sale, why, max((effect.at for effect in returns), default=None))
        if self._returned_there(sale_id):
            return NotUndoable(sale, WhyNotVoid.RETURNED)
        found = self._refunds.returnable(sale_id, of_nobody=True)
        lost = found.sold.points_used if not found.restores else NO_POINTS
        told = any(row.effect.kind in OF_SALES and row.state is not EffectState.DROPPED for row in rows)
        told = told or bool(found.reference)
        free = self._backend.capabilities.restores_vouchers if sale.voucher else None
        whose = sale.member_id or claimed_by(rows) or found.sale.member_id
        return Undoable(sale, whose, found, used=lost, moves=told, voucher_free=free)

    def balance(self, shown: Undoable) -> Decimal | None:
        """Return what the member has now; None where nobody can say it, or ours is still on its way.

        Raises:
            KnownError: The database cannot be read.
        """
        member_id, sale = shown.member_id, shown.sale
        fresh = self._clock.now() - sale.at < FOLLOWS_WITHIN
        if not member_id or (fresh and self._lookup.capabilities.earns_later):
            return None
        if any(member_id == effect_of.effect.member_id for effect_of in self._unsent()):
            return None
        found = self._lookup.refresh(member_id)
        return found.account.balance if isinstance(found, MemberFound) else None

    def void(
        self, shown: Undoable, staff_id: str = "", balance: Decimal | None = None
    ) -> Sale | Undoable | NotUndoable:
        """Undo a sale as it was shown, once; return it.

        Nothing is done where it would come to something else by now: the sale as it stands is returned, to be
        shown again, or why it cannot be undone any more.

        Raises:
            KnownError: It cannot be written, or the backend does not take it back: nothing was undone then.
        """
        asks, plan = self._asked_first, shown.plan(balance)
        with self._one_at_a_time:
            if asks is not None and asks.before(shown.found, plan) is not None:
                asks.settle(shown.sale.sale_id)
                return shown.sale
            for _ in range(LOOKS):
                now = self.look_at(shown.sale.sale_id)
                if not (isinstance(now, Undoable) and now.still(shown, balance)):
                    return now
                told = self._told(now, staff_id, ReturnReason.VOID, balance)
                first = asks is not None and asks.wanted(now.found)
                if first and [one.kind for one in told] == [EffectKind.REFUND]:
                    told = tuple(replace(one, asked_first=True) for one in told)
                if self._refunds.queue(told, now.found.seen):
                    if first and asks is not None:
                        asks.settle(now.sale.sale_id)
                    return now.sale
            return self.look_at(shown.sale.sale_id)

    def look_for_member(
        self, shown: Undoable, identifier: Identifier, seen_as: str = ""
    ) -> Movable | NotMovable:
        """Return what giving this sale to somebody else does, or why it cannot be given to them.

        Raises:
            KnownError: The database cannot be read, or no program is known.
        """
        match self._lookup.find(identifier):
            case MemberFound(member, account) | Remembered(member, account):
                if member.member_id == shown.member_id:
                    return NotMovable(NotForThem.SAME, member.first_name)
                if member.blocked_since is not None:
                    return NotMovable(NotForThem.BLOCKED, member.first_name)
                return self._movable(shown, member, account, identifier, seen_as)
            case Unreachable():
                return self._movable(shown, None, UNSEEN_ACCOUNT, identifier, seen_as)
            case SeveralMembers():
                return NotMovable(NotForThem.SEVERAL)
            case NoSuchMember():
                return NotMovable(NotForThem.NOBODY)
            case CodeTooOld() | CodeAhead() | CodeUsed():
                return NotMovable(NotForThem.CODE_RAN_OUT)

    def move(
        self, shown: Movable, staff_id: str = "", balance: Decimal | None = None
    ) -> Sale | Undoable | NotUndoable:
        """Undo a sale and ring it up for another member, in one transaction, once; return the new sale.

        See `void` for where nothing is done.

        Raises:
            KnownError: It cannot be written; nothing was changed then.
        """
        with self._one_at_a_time:
            made = self._journal.sale(shown.sale_id)
            if made is not None:
                return made[0]
            before = shown.undone
            for _ in range(LOOKS):
                now = self.look_at(before.sale.sale_id)
                if not (isinstance(now, Undoable) and now.still(before, balance)):
                    return now
                told = self._told(now, staff_id, ReturnReason.MOVED, balance)
                with suppress(ChangedSinceError):
                    return self._rung_up(shown, told, staff_id, now.found.seen)
            return self.look_at(before.sale.sale_id)

    def _can_name(self, sale: Sale, rows: list[EffectRow]) -> bool:
        """Say whether the loyalty system can be told whose sale it is, or knows it from what was posted."""
        known = sale.member_id or claimed_by(rows) or any(row.effect.identified_by for row in rows)
        return sale.way is None or bool(known) or self._refunds.tells_goods(sale, rows)

    def _told(
        self, shown: Undoable, staff_id: str, reason: ReturnReason, balance: Decimal | None
    ) -> tuple[Effect, ...]:
        """Return what undoing leads to, in the name of whoever the sale was told for."""
        if balance is None and shown.found.floors and shown.plan().taken_back:
            balance = self.balance(shown)
        told = self._refunds.told_of(shown.found, shown.plan(balance), staff_id, reason)
        if shown.sale.member_id:
            return told
        nobodys = told_to_nobody(shown.found.made)
        rows = self._journal.effects_of(shown.sale.sale_id)
        named = next((row.effect.identified_by for row in rows if row.effect.identified_by), "")
        return tuple(
            one
            if nobodys and one.kind is EffectKind.REFUND
            else replace(one, member_id=shown.member_id, identified_by=named)
            for one in told
        )

    def _movable(
        self,
        shown: Undoable,
        member: Member | None,
        account: Account,
        identifier: Identifier,
        seen_as: str,
    ) -> Movable:
        sale = shown.sale
        kept = self._lookup.program_of(sale.program_version) if sale.program_version else None
        program = kept or self._lookup.program()
        local = sale.at.astimezone(self._settings.zone).replace(second=0, microsecond=0)
        occasion = Occasion(local, self._settings.store, online=member is not None)
        bill: Bill = sale.itemised
        offer = quote(program, member or Member("", ""), account, bill, TakeNothing(), occasion)
        return Movable(
            undone=shown,
            member=member,
            identifier=identifier,
            way=way_of(identifier),
            quote=offer,
            sale_id=new_sale_id(),
            rules_kept=kept is not None,
            seen_as=seen_as,
        )

    def _rung_up(
        self, shown: Movable, undoing: tuple[Effect, ...], staff_id: str, seen: Seen | None = None
    ) -> Sale:
        before, member = shown.undone.sale, shown.member
        sale = moved_sale(shown, self._clock.now(), self._settings.zone, staff_id)
        sale = replace(sale, offline=not self._connection.online)
        ticket = Ticket(
            sale_id=shown.sale_id,
            member=member,
            identifier=None if member else shown.identifier,
            way=shown.way,
            bill=before.bill,
            quote=shown.quote,
            staff_id=staff_id,
        )
        # What it earns follows the rules of when it was sold, also where the backend works it out.
        wanted = wanted_effects(ticket, self._backend.capabilities, before.at, before.utc_offset)
        return self._journal.commit_sale(sale, self._backend.plan(wanted), undoing, seen)

    def _unsent(self) -> list[EffectRow]:
        return [row for sale in self._journal.unsent() for row in sale.effects]
