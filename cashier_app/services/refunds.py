"""Goods that come back: what it does to points, queued behind the sale: nothing is undone before it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, tzinfo
from decimal import Decimal
from typing import Protocol

from msgspec.structs import replace

from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.counting import return_count, utc_offset_of
from cashier_app.domain.money import Money
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.program import Program
from cashier_app.domain.program.tiers import TakenBack
from cashier_app.domain.refund import RefundPlan, Returned, Sold
from cashier_app.domain.sale import (
    OF_RETURNS,
    OF_SALES,
    Effect,
    EffectKind,
    EffectState,
    ReturnReason,
    Sale,
    SaleReturn,
    SaleState,
)
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import ChangedSinceError, EffectRow, Journal, Seen, seen_of
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.claimed_elsewhere import ClaimedElsewhere
from cashier_app.services.made_sale import (
    EARNING,
    Made,
    by_share,
    came_back,
    claimed_as,
    claimed_by,
    earned_by,
    reckons,
    told_elsewhere,
    told_of_sale,
    told_to_nobody,
    used_on,
)
from cashier_app.services.returnable import AskedReturn, Returnable

NOT_HERE = "There is no such sale at this till."
NO_MEMBER = "This sale has no member the till knows of. Nothing was refunded."
WHOLE_ONLY = "The loyalty system takes back whole sales only. Nothing was refunded."
TOO_MUCH = "That is more than is left of this sale. Nothing was refunded."
LOOKS = 5
"""So often a sale is looked at anew that changed while its return was reckoned: it is just being posted."""
_ENDED = frozenset({EffectState.POSTED, EffectState.DROPPED})


class Programs(Protocol):
    """Where the rules come from; see `MemberLookup`."""

    def program(self) -> Program:
        """Return the program in force, or the one kept from last time."""

    def program_of(self, version: str) -> Program | None:
        """Return the program of this version, where it is kept."""


def _by_lines(sold: Sold, program: Program) -> bool:
    """Say whether parts are reckoned line by line: a unit more or less than by the sum of the bill."""
    shares = program.refunds.earned is TakenBack.PROPORTIONAL or sold.points_used > 0
    return len(sold.bill.lines) > 1 and shares


def tells_goods_alone(told: Sequence[Effect]) -> bool:
    """Say whether a return is one word to the backend: only such can be asked for before money is given."""
    return [one.kind for one in told] == [EffectKind.REFUND]


class Refunds:
    """Blocking: for worker threads.

    Args:
        journal: Where sales and returns are.
        backend: Plans what it is told of a return; asked nothing here.
        programs: The rules a sale was made by, else those in force.
        clock: When goods come back.
        zone: The shop's.
        claimed: Knows what other tills gave to a member; None where no receipt can be read elsewhere.
    """

    def __init__(
        self,
        journal: Journal,
        backend: LoyaltyBackend,
        programs: Programs,
        clock: Clock,
        zone: tzinfo = UTC,
        claimed: ClaimedElsewhere | None = None,
    ) -> None:
        self._claimed = claimed
        self._journal = journal
        self._backend = backend
        self._programs = programs
        self._clock = clock
        self._zone = zone

    def returnable(
        self, sale_id: str, *, of_nobody: bool = False, untold: AskedReturn | None = None
    ) -> Returnable:
        """Return a sale with all that decides what a return of it does; `of_nobody` also without a member.

        With `untold` as it was before that was asked for.

        Raises:
            KnownError: There is no such sale, it has no member, or no program is known.
        """
        sale, state, rows = self._sale(sale_id)
        if untold is not None:
            rows = [row for row in rows if row.effect.key != untold.effect.key]
            return replace(self._found(sale, state, rows, of_nobody=True), untold=untold, asks_first=True)
        return self._found(sale, state, rows, of_nobody=of_nobody)

    def _found(
        self, sale: Sale, state: SaleState, rows: Sequence[EffectRow], *, of_nobody: bool
    ) -> Returnable:
        if state is SaleState.ACT:
            return self.of_another_till(sale, rows)
        claimed = self._claimed.of(sale, rows) if self._claimed else None
        if claimed is not None:
            theirs = replace(sale, member_id=claimed.told.member_id)
            return self._returnable(
                Made(theirs, (claimed.told,), claimed.told.points, NO_POINTS),
                rows,
                posted=True,
                reference=claimed.booked.reference,
            )
        if not sale.member_id and not of_nobody:
            # Somebody may have claimed it since.
            sale = replace(sale, member_id=claimed_by(rows))
            if not sale.member_id:
                raise KnownError(NO_MEMBER)
        made = Made(sale, told_of_sale(rows), earned_by(rows), used_on(rows))
        posted = all(row.state in _ENDED for row in rows if row.effect.kind in OF_SALES)
        return self._returnable(made, rows, posted=posted)

    def of_another_till(self, sale: Sale, rows: Sequence[EffectRow] = ()) -> Returnable:
        """Return another till's sale as its receipt and the backend's books tell it.

        Args:
            sale: With the points the backend booked for it.
            rows: What was done about it here: it may have been claimed at this till, and parts come back.

        Raises:
            KnownError: No program is known.
        """
        claimed = any(row.effect.kind in EARNING for row in rows)
        earned = earned_by(rows) if claimed else sale.points_expected
        told = told_elsewhere(sale, self._backend.capabilities)
        made = Made(sale, told, earned, sale.points_used)
        return self._returnable(made, rows, posted=True, elsewhere=True)

    def _returnable(
        self,
        made: Made,
        rows: Sequence[EffectRow],
        *,
        posted: bool,
        elsewhere: bool = False,
        reference: str = "",
    ) -> Returnable:
        sale, used = made.sale, made.used
        made_by = self._programs.program_of(sale.program_version) if sale.program_version else None
        program = made_by or self._programs.program()
        sold = Sold(
            bill=sale.itemised,
            now=Circumstances(sale.at.astimezone(self._zone), tier=sale.tier or claimed_as(made.effects)),
            taken=tuple(line.taken for line in sale.lines) or (sale.discount.minor,),
            discount=sale.discount.minor,
            points_used=used,
            earned=made.earned,
            redeemed=used > 0,
        )
        known = reckons(program, sold)
        returns = [row for row in rows if row.effect.kind in OF_RETURNS]
        can = self._backend.capabilities
        return Returnable(
            sale=sale,
            sold=sold,
            program=program if known else by_share(program),
            about=(not known or _by_lines(sold, program)) and self._tells_goods(made),
            rules_kept=program.version == sale.program_version,
            before=came_back(rows),
            last_return=max((row.effect.at for row in returns if not row.withdrawn), default=None),
            count=1 + max((int(return_count(row.effect)) for row in returns), default=0),
            posted=posted,
            parts=can.partial_refund,
            restores=can.restores_points,
            below_zero=can.negative_balance,
            made=made.effects,
            elsewhere=elsewhere,
            seen=seen_of(rows),
            reference=reference,
        )

    def preview(self, sale_id: str, back: Returned | Money | None = None) -> RefundPlan:
        """Return what a return would do, queueing nothing; see `Returnable.plan`.

        Raises:
            KnownError: See `returnable`.
        """
        return self.returnable(sale_id).plan(back)

    def undo(self, sale_id: str, staff_id: str = "") -> bool:
        """Queue the return of all that is left of a sale; False when all of it came back before.

        Raises:
            KnownError: There is no such sale, it has no member, no program is known, or the disk is full.
        """
        found = self.returnable(sale_id)
        plan = found.plan()
        return plan.refused is None and self._queue(found, plan, staff_id)

    def take_back(self, sale_id: str, amount: Money, staff_id: str = "") -> RefundPlan:
        """Queue the return of goods that cost this much on the bill; return what it comes to.

        `staff_id` is who takes them back; empty where nobody signs in.

        Raises:
            KnownError: There is no such sale, it has no member, more comes back than is left, the backend
                takes back whole sales only, no program is known, or the disk is full.
        """
        return self._take_back(self.returnable(sale_id), amount, staff_id)

    def take_back_shown(
        self,
        shown: Returnable,
        back: Returned | Money | None,
        staff_id: str = "",
        balance: Decimal | None = None,
        *,
        asking: Callable[[str], None] | None = None,
    ) -> RefundPlan | Returnable:
        """Queue a return that was shown before; `back` and `balance` as for `Returnable.plan`.

        With `asking` it is none before the backend has booked it; that is called with its key before it is
        queued. See `Effect.asked_first`.

        Nothing is queued where it would come to something else by now, such as once the backend booked other
        points, or where something came back since: the sale as it stands is returned, to be shown again.

        Raises:
            KnownError: See `take_back`.
        """
        for _ in range(LOOKS):
            now = self.returnable(shown.sale.sale_id, of_nobody=not shown.sale.member_id)
            if not now.still(shown, back, balance):
                return now
            plan = self.checked(now, back, balance)
            told = self.told_of(now, plan, staff_id, back=back)
            if asking is not None and tells_goods_alone(told):
                told = (replace(told[0], asked_first=True),)
                asking(told[0].key)
            if self.queue(told, now.seen):
                return plan
        return self.returnable(shown.sale.sale_id, of_nobody=not shown.sale.member_id)

    def checked(
        self, found: Returnable, back: Returned | Money | None, balance: Decimal | None = None
    ) -> RefundPlan:
        """Return what a return comes to, once it is sure that it can be.

        Raises:
            KnownError: More comes back than is left, or the backend takes back whole sales only.
        """
        if not found.takes(back):
            raise KnownError(WHOLE_ONLY)
        plan = found.plan(back, balance)
        if plan.refused is not None:
            raise KnownError(TOO_MUCH)
        return plan

    def _take_back(
        self,
        found: Returnable,
        back: Returned | Money | None,
        staff_id: str,
        balance: Decimal | None = None,
    ) -> RefundPlan:
        plan = self.checked(found, back, balance)
        if not self.queue(self.told_of(found, plan, staff_id, back=back), found.seen):
            raise ChangedSinceError
        return plan

    def _sale(self, sale_id: str) -> tuple[Sale, SaleState, list[EffectRow]]:
        found = self._journal.sale(sale_id)
        if found is None:
            raise KnownError(NOT_HERE)
        (sale, state), rows = found, self._journal.effects_of(sale_id)
        return sale, state, rows

    def tells_goods(self, sale: Sale, rows: Sequence[EffectRow]) -> bool:
        """Say whether the backend is told of goods and works the points out itself."""
        return self._tells_goods(Made(sale, told_of_sale(rows), earned_by(rows), used_on(rows)))

    def _tells_goods(self, made: Made) -> bool:
        sale = made.sale
        whole = SaleReturn(
            sale=sale,
            count=1,
            whole=True,
            bill=sale.bill,
            discount=sale.discount,
            paid=sale.paid,
            taken_back=made.earned,
            restored=made.used,
            at=sale.at,
            effects=made.effects,
        )
        return any(effect.kind is EffectKind.REFUND for effect in self._backend.plan_refund(whole))

    def told_of(
        self,
        found: Returnable,
        plan: RefundPlan,
        staff_id: str,
        reason: ReturnReason = ReturnReason.RETURN,
        back: Returned | Money | None = None,
    ) -> tuple[Effect, ...]:
        """Return all that one return leads to; where that is nothing, the one row it is kept by."""
        sale = found.sale
        bill, now = plan.money_back + plan.discount_back, self._clock.now()
        returned = SaleReturn(
            sale=sale,
            count=found.count,
            whole=bill == sale.bill,
            bill=bill,
            discount=plan.discount_back,
            paid=plan.money_back,
            taken_back=plan.taken_back,
            restored=plan.restored,
            at=now,
            effects=found.made,
            staff_id=staff_id,
            utc_offset=utc_offset_of(now, self._zone),
            reason=reason,
            lines=found.as_lines(back),
        )
        # A sale the backend was told nothing of is not undone there.
        told = self._backend.plan_refund(returned) if returned.effects else ()
        if found.reference:
            told = tuple(replace(effect, original_reference=found.reference) for effect in told)
        if told_to_nobody(found.made):
            # It is of whoever the backend gave the sale to; so it stays behind a link that is on its way.
            told = tuple(
                replace(effect, member_id="") if effect.kind is EffectKind.REFUND else effect
                for effect in told
            )
        # Money alone came back. It is kept all the same: the next return goes on from here.
        return told or (returned.effect(EffectKind.CLAW_BACK, NO_POINTS, EffectKind.SALE),)

    def _queue(self, found: Returnable, plan: RefundPlan, staff_id: str) -> bool:
        return self.queue(self.told_of(found, plan, staff_id), found.seen)

    def queue(self, told: tuple[Effect, ...], seen: Seen | None = None) -> bool:
        """Queue what `told_of` returned, or keep it where it moves nothing; see `Journal.queue_refund`.

        Raises:
            KnownError: The disk is full.
        """
        first = told[0]
        if len(told) == 1 and first.kind is EffectKind.CLAW_BACK and not first.points:
            return self._journal.note_return(first, seen)
        return self._journal.queue_refund(told, seen)
