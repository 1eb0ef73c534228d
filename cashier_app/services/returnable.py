"""A sale whose goods come back: what is left of it, and what a return of some or all would do."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.money import Money
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.program import Program
from cashier_app.domain.program.tiers import Below
from cashier_app.domain.refund import (
    RefundPlan,
    RefundRefusal,
    Returned,
    ReturnedLine,
    ReturnsSoFar,
    Sold,
    next_return,
    no_returns,
)
from cashier_app.domain.returned import Rests, all_back, exact_quantity, left_after
from cashier_app.domain.sale import Effect, Sale
from cashier_app.ports.journal import Seen

EVERYTHING = Returned(everything=True)


class AskedReturn(Struct, frozen=True):
    """A return the backend was asked for before any money was given, and that nobody saw to its end.

    Args:
        effect: What was asked for.
        shown: Whether the screen was about to say that money is to be given.
    """

    effect: Effect
    shown: bool


class Returnable(Struct, frozen=True, dict=True):
    """One sale with everything that decides a return of it; asks nobody, so that each digit is answered.

    Args:
        sold: What was sold, used and earned.
        program: The rules returns of it follow.
        rules_kept: Whether these are the rules it was made by; False where only those of now are known.
        before: What came back before, oldest first.
        last_return: When something last came back, UTC.
        about: Whether the backend works the points out by what only it knows, so that ours are near them.
        posted: Whether the backend has all of the sale.
        parts: Whether the backend takes back a part of a sale.
        restores: Whether it gives used points back.
        below_zero: Whether taking points back may leave the member less than none at this backend.
        made: What the backend was told of the sale.
        elsewhere: Whether another till sold it; `sale` is what its receipt and the backend's books say.
        count: The how-many-th return of it the next one is, from 1.
        asks_first: Whether the backend books it before any money is given: another till could return it, too.
        seen: What its effects were when it was read.
        untold: The return asked for last, to be gone on with before any other; it is not in `before`.
        reference: The backend's own of the sale, where this till did not tell it and so does not keep it.
    """

    sale: Sale
    sold: Sold
    program: Program
    rules_kept: bool
    before: tuple[Returned, ...]
    last_return: datetime | None
    about: bool
    posted: bool
    parts: bool
    restores: bool
    below_zero: bool = True
    made: tuple[Effect, ...] = ()
    elsewhere: bool = False
    seen: Seen | None = None
    reference: str = ""
    count: int = 1
    asks_first: bool = False
    untold: AskedReturn | None = None

    @property
    def untold_plan(self) -> RefundPlan:
        """Return what was asked for does; the money is what was asked for, whatever the rules say by now."""
        if self.untold is None:
            raise ValueError("nothing was asked for")
        effect = self.untold.effect
        back = Returned(lines=effect.lines) if effect.lines else Returned(amount=effect.bill)
        return replace(
            self.plan(back), money_back=effect.paid, discount_back=effect.bill - effect.paid, refused=None
        )

    @property
    def returned(self) -> Money:
        """Return what came back before, by what it cost on the bill."""
        return self.sale.bill - self.left

    @property
    def left(self) -> Money:
        """Return what can still come back, by what it cost on the bill."""
        return Money(sum(rest.worth for rest in self.rests), self.sale.bill.currency)

    @cached_property
    def rests(self) -> Rests:
        """Return what is left of each line; of a bill without lines, of the one that stands for it."""
        return self._so_far[0].rests

    @property
    def has_lines(self) -> bool:
        """Say whether there are lines to pick from, rather than one amount."""
        lines = self.sale.lines
        return len(lines) > 1 or any(sold.label or sold.line.quantity != 1 for sold in lines)

    @property
    def nobodys(self) -> bool:
        """Say whether nobody here knows of a member it belongs to."""
        return not self.sale.member_id

    @property
    def moves_points(self) -> bool:
        """Say whether anybody's points are known to hang on it."""
        return not self.nobodys or bool(self.sold.earned)

    @property
    def floors(self) -> bool:
        """Say whether points that were spent already are not asked for again."""
        return self.program.refunds.below is Below.FLOOR or not self.below_zero

    def plan(self, back: Returned | Money | None = None, balance: Decimal | None = None) -> RefundPlan:
        """Return what a return would do.

        Args:
            back: What comes back; money for goods that cost this much; None for all that is left.
            balance: What the member has now; None where that is not known, and nothing is kept from them.
        """
        so_far, misfit = self._so_far
        plan = next_return(self._rules, self.sold, so_far, returned_as(back), balance)[0]
        if misfit is not None:
            return replace(plan, refused=misfit)
        if self.restores or not plan.restored:
            return plan
        if balance is not None:
            # What is not given back is not there to be taken either.
            less = balance - plan.restored
            plan = next_return(self._rules, self.sold, so_far, returned_as(back), less)[0]
        return replace(plan, restored=NO_POINTS, balance_change=-plan.taken_back)

    def still(self, shown: Returnable, back: Returned | Money | None, balance: Decimal | None) -> bool:
        """Say whether a return that was shown would come to the same by now, with nothing in between."""
        same = (self.before, self.sale.member_id) == (shown.before, shown.sale.member_id)
        return same and self.plan(back, balance) == shown.plan(back, balance)

    def takes(self, back: Returned | Money | None) -> bool:
        """Say whether the backend can be told of this much."""
        if self.parts:
            return True
        rests = left_after(self.rests, returned_as(back), self.sale.bill.currency)
        return not self.before and isinstance(rests, tuple) and all_back(rests)

    def as_lines(self, back: Returned | Money | None) -> tuple[ReturnedLine, ...]:
        """Return which lines come back, for the record; none where an amount does, or no lines are known."""
        wanted = returned_as(back)
        if not wanted.everything or not self.sale.lines:
            return wanted.lines
        return tuple(
            ReturnedLine(place, exact_quantity(rest.items))
            for place, rest in enumerate(self.rests)
            if rest.items
        )

    @cached_property
    def _rules(self) -> Program:
        if not self.floors or self.program.refunds.below is Below.FLOOR:
            return self.program
        return replace(self.program, refunds=replace(self.program.refunds, below=Below.FLOOR))

    @cached_property
    def _so_far(self) -> tuple[ReturnsSoFar, RefundRefusal | None]:
        """Return what came back before, and why nothing more can where that does not fit the sale."""
        so_far = no_returns(self.sold)
        for each in self.before:
            plan, so_far = next_return(self._rules, self.sold, so_far, each)
            if plan.refused is not None:
                return so_far, plan.refused
        return so_far, None


def returned_as(back: Returned | Money | None) -> Returned:
    """Return what comes back; see `Returnable.plan`."""
    if back is None:
        return EVERYTHING
    return back if isinstance(back, Returned) else Returned(amount=back)
