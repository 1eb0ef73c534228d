"""Undo a sale as if it had never been, or give it to another member: blocking, exactly once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from cashier_app.domain.bill import Bill
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.identifier import Identifier, way_of
from cashier_app.domain.member import Account, Member
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
from cashier_app.domain.quote import quote
from cashier_app.domain.sale import (
    OF_RETURNS,
    OF_SALES,
    UNDOES_A_SALE,
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
from cashier_app.services.refunds import LOOKS, Refunds, tells_goods_alone
from cashier_app.services.returnable import AskedReturn
from cashier_app.services.sale_effects import wanted_effects
from cashier_app.services.ticket import Ticket, new_sale_id
from cashier_app.services.till_settings import TillSettings
from cashier_app.services.undoable import (
    Looked,
    Movable,
    NotForThem,
    NothingSold,
    NotMovable,
    NotUndoable,
    Undoable,
)

NOT_HERE = "There is no such sale at this till. Nothing was changed."
FOLLOWS_WITHIN = timedelta(days=1)
"""How long points that follow later may still be missing from a balance."""
UNSEEN_ACCOUNT = Account(balance=NO_POINTS, as_of=datetime(1970, 1, 1, tzinfo=UTC))


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
        untold = self._untold_void(sale_id)
        rows = self._journal.effects_of(sale_id)
        if untold is not None:
            rows = [row for row in rows if row.effect.key != untold.effect.key]
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
        if untold is None and self._returned_there(sale_id):
            return NotUndoable(sale, WhyNotVoid.RETURNED)
        found = self._refunds.returnable(sale_id, of_nobody=True, untold=untold)
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
                first = self._first(now, told)
                if self._refunds.queue(first or told, now.found.seen):
                    if first and asks is not None:
                        asks.settle(now.sale.sale_id)
                    return now.sale
            return self.look_at(shown.sale.sale_id)

    def finished(self, sale_id: str) -> None:
        """Note that a void that was asked for first was said to be done.

        Raises:
            KnownError: It cannot be written.
        """
        if self._asked_first is not None:
            self._asked_first.finished(sale_id)

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

        Where another till could take its goods back as well, the backend is asked first, and it is rung up
        anew once that is booked. See `void` for where nothing is done.

        Raises:
            KnownError: It cannot be written, or the backend does not take it back; nothing was changed then.
        """
        with self._one_at_a_time:
            made = self._journal.sale(shown.sale_id)
            if made is not None:
                return made[0]
            before, asks = shown.undone, self._asked_first
            if asks is not None and asks.before(before.found, before.plan(balance)) is not None:
                return self._moved_once_booked(shown, staff_id, asks)
            for _ in range(LOOKS):
                now = self.look_at(before.sale.sale_id)
                if not (isinstance(now, Undoable) and now.still(before, balance)):
                    return now
                told = self._told(now, staff_id, ReturnReason.MOVED, balance)
                first = self._first(now, told, shown.sale_id)
                if first and asks is not None:
                    if self._refunds.queue(first, now.found.seen):
                        return self._moved_once_booked(shown, staff_id, asks)
                    continue
                with suppress(ChangedSinceError):
                    return self._rung_up(shown, told, staff_id, now.found.seen)
            return self.look_at(before.sale.sale_id)

    def _moved_once_booked(self, shown: Movable, staff_id: str, asks: AskedFirst) -> Sale:
        """Ring a sale up for the other member once the backend has taken it from the first one."""
        asks.settle(shown.undone.sale.sale_id)
        moved = self._rung_up(shown, (), staff_id)
        asks.finished(shown.undone.sale.sale_id)
        return moved

    def _first(self, now: Undoable, told: tuple[Effect, ...], then: str = "") -> tuple[Effect, ...]:
        """Return what is asked for before anything is given, noted; nothing where nobody is to be asked."""
        asks = self._asked_first
        if asks is None or not tells_goods_alone(told) or not asks.wanted(now.found):
            return ()
        asks.asking(told[0].key, then)
        return (replace(told[0], asked_first=True),)

    def _untold_void(self, sale_id: str) -> AskedReturn | None:
        """Return the void asked for that nobody saw to its end; goods that came back are none."""
        untold = self._asked_first.untold(sale_id) if self._asked_first is not None else None
        return untold if untold is not None and untold.effect.reason in UNDOES_A_SALE else None

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
