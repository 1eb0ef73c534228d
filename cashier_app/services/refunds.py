"""Goods that come back: what it does to points, queued behind the sale: nothing is undone before it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo
from decimal import Decimal
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.basket import Basket
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.counting import utc_offset_of
from cashier_app.domain.earning import EarningSale, points_earned
from cashier_app.domain.money import Money
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.program import Program
from cashier_app.domain.program.tiers import TakenBack
from cashier_app.domain.refund import RefundPlan, Returned, Sold
from cashier_app.domain.sale import (
    OF_RETURNS,
    OF_SALES,
    TAKES_POINTS,
    Effect,
    EffectKind,
    EffectState,
    ReturnReason,
    Sale,
    SaleReturn,
    SaleState,
    effect_key,
)
from cashier_app.errors import KnownError
from cashier_app.ports.capabilities import Capabilities
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import ChangedSinceError, EffectRow, Journal, Seen, seen_of
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.claimed_elsewhere import ClaimedElsewhere
from cashier_app.services.returnable import Returnable

NOT_HERE = "There is no such sale at this till."
NO_MEMBER = "This sale has no member the till knows of. Nothing was refunded."
WHOLE_ONLY = "The loyalty system takes back whole sales only. Nothing was refunded."
TOO_MUCH = "That is more than is left of this sale. Nothing was refunded."
LOOKS = 5
"""So often a sale is looked at anew that changed while its return was reckoned: it is just being posted."""
_EARNING = frozenset({EffectKind.SALE, EffectKind.LINK})
_ENDED = frozenset({EffectState.POSTED, EffectState.DROPPED})


class Programs(Protocol):
    """Where the rules come from; see `MemberLookup`."""

    def program(self) -> Program:
        """Return the program in force, or the one kept from last time."""

    def program_of(self, version: str) -> Program | None:
        """Return the program of this version, where it is kept."""


class Made(Struct, frozen=True):
    """A sale as it was made: what the backend was told of it, and what it earned and used by the book."""

    sale: Sale
    effects: tuple[Effect, ...]
    earned: Decimal
    used: Decimal


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

    def returnable(self, sale_id: str, *, of_nobody: bool = False) -> Returnable:
        """Return a sale with all that decides what a return of it does; `of_nobody` also without a member.

        Raises:
            KnownError: There is no such sale, it has no member, or no program is known.
        """
        sale, state, rows = self._sale(sale_id)
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
        made = Made(sale, _of_sale(rows), _earned(rows), _used(rows))
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
        claimed = any(row.effect.kind in _EARNING for row in rows)
        earned = _earned(rows) if claimed else sale.points_expected
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
            now=Circumstances(sale.at.astimezone(self._zone), tier=sale.tier or _claimed_as(made.effects)),
            taken=tuple(line.taken for line in sale.lines) or (sale.discount.minor,),
            discount=sale.discount.minor,
            points_used=used,
            earned=made.earned,
            redeemed=used > 0,
        )
        known = _reckons(program, sold)
        returns = [row.effect.at for row in rows if row.effect.kind in OF_RETURNS]
        can = self._backend.capabilities
        return Returnable(
            sale=sale,
            sold=sold,
            program=program if known else _by_share(program),
            about=not known and self._tells_goods(made),
            rules_kept=program.version == sale.program_version,
            before=came_back(rows),
            last_return=max(returns, default=None),
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
    ) -> RefundPlan | Returnable:
        """Queue a return that was shown before; `back` and `balance` as for `Returnable.plan`.

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
            if self.queue(self.told_of(now, plan, staff_id, back=back), now.seen):
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
        return self._tells_goods(Made(sale, _of_sale(rows), _earned(rows), _used(rows)))

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
            count=len(found.before) + 1,
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
            told = tuple(replace(effect, member_id="") for effect in told)
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


def _reckons(program: Program, sold: Sold) -> bool:
    """Say whether the rules, told what the journal keeps of a sale, give what was really booked for it.

    It does not keep all that rules may look at: where more mattered, parts cannot be reckoned by them.
    """
    basket = Basket(sold.bill)
    basket.take(sold.taken)
    alone = EarningSale(basket=basket, now=sold.now, redeemed=sold.redeemed)
    return points_earned(program, alone).points == sold.earned


def _by_share(program: Program) -> Program:
    """Return the program with earned points taken back by share."""
    if program.refunds.earned in {TakenBack.NEVER, TakenBack.ALL}:
        return program
    return replace(program, refunds=replace(program.refunds, earned=TakenBack.PROPORTIONAL))


def claimed_by(rows: Sequence[EffectRow]) -> str:
    """Return whose a sale made without a member has become since; empty where it is still nobody's."""
    told = (
        row.effect for row in rows if row.effect.kind in _EARNING and row.state is not EffectState.DROPPED
    )
    return next((effect.member_id for effect in told if effect.member_id), "")


def told_to_nobody(made: Sequence[Effect]) -> bool:
    """Say whether the backend was told of the sale without being told whose it is."""
    return any(
        one.kind is EffectKind.SALE and not (one.member_id or one.identified_by) for one in made
    ) and not any(one.kind in TAKES_POINTS for one in made)


def told_elsewhere(sale: Sale, can: Capabilities) -> tuple[Effect, ...]:
    """Return what another till had the backend do for a sale, as far as it decides how that is undone."""
    kinds = [(EffectKind.SALE, sale.points_expected)]
    if sale.points_used:
        takes = EffectKind.CAPTURE if can.holds_points else EffectKind.REDEEM
        kinds.insert(0, (takes, sale.points_used))
    return tuple(
        Effect(
            key=effect_key(sale.sale_id, kind),
            kind=kind,
            sale_id=sale.sale_id,
            member_id=sale.member_id,
            points=points,
            bill=sale.bill,
            discount=sale.discount,
            paid=sale.paid,
            at=sale.at,
            program_version=sale.program_version,
            utc_offset=sale.utc_offset,
        )
        for kind, points in kinds
    )


def came_back(rows: Sequence[EffectRow]) -> tuple[Returned, ...]:
    """Return what came back before, oldest first; a return may have led to several effects."""
    told = {row.effect.key.rpartition("-")[2]: row.effect for row in rows if row.effect.kind in OF_RETURNS}
    return tuple(_came_back(told[count]) for count in sorted(told, key=int))


def _came_back(effect: Effect) -> Returned:
    return Returned(lines=effect.lines) if effect.lines else Returned(amount=effect.bill)


def _of_sale(rows: Sequence[EffectRow]) -> tuple[Effect, ...]:
    return tuple(row.effect for row in rows if row.effect.kind in OF_SALES)


def _claimed_as(made: Sequence[Effect]) -> str:
    """Return the tier of whoever claimed a sale late."""
    return next((one.tier for one in made if one.claimed), "")


def _earned(rows: Sequence[EffectRow]) -> Decimal:
    """Return what the sale earned by the book, or is expected to, as if nothing had come back before."""
    told = [row for row in rows if row.effect.kind in _EARNING and row.state is not EffectState.DROPPED]
    if not told:
        return NO_POINTS
    # A sale told without a member earns once it is given to one.
    told.sort(key=lambda row: row.effect.kind is not EffectKind.LINK)
    booked, effect = told[0].booked, told[0].effect
    earned = abs(booked.points) if booked and booked.points is not None else effect.points
    return earned + effect.left_out


def _used(rows: Sequence[EffectRow]) -> Decimal:
    """Return the points the sale took; those given offline and never booked are not given back."""
    took = [row for row in rows if row.effect.kind in TAKES_POINTS and row.state is not EffectState.DROPPED]
    return sum((row.effect.points for row in took), NO_POINTS)
