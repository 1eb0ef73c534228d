"""What the rules of the demo shop let a member use on a bill."""

from __future__ import annotations

from cashier_app.demo.ledger import Declined, Ledger
from cashier_app.demo.messages import QuoteBody, ReserveBody
from cashier_app.demo.records import Records
from cashier_app.demo.shop import MemberRow, Shop, member_of
from cashier_app.demo.vouchers import Vouchers
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import (
    Choice,
    TakeAmount,
    TakeMaximum,
    TakeNothing,
    TakePoints,
    TakeReward,
    TakeTogether,
)
from cashier_app.domain.money import Money
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.points import from_units, to_units
from cashier_app.domain.program import Program
from cashier_app.domain.quote import Quote, quote
from cashier_app.domain.reasons import MemberBlocked, NeedsPoints, WholeBalance, WholeSteps


class Offering:
    """Quotes with the ledger's accounts, and says why something asked for is not allowed."""

    def __init__(self, ledger: Ledger, shop: Shop, records: Records, vouchers: Vouchers) -> None:
        self._ledger = ledger
        self._shop = shop
        self._records = records
        self._vouchers = vouchers

    def quote(self, row: MemberRow, bill: int, choice: Choice, program: Program | None = None) -> Quote:
        """Return the till's own answer with the ledger's account; by other rules where they are given."""
        now, program = self._ledger.clock.now(), program or self._shop.program
        local = self._shop.local(now)
        occasion = Occasion(local, self._shop.store, rewards_given=self._records.rewards_given(local.date()))
        account, total = self._records.account(row, now), bill_of(Money(bill, program.currency))
        return quote(program, member_of(row), account, total, choice, occasion)

    def choice(self, body: QuoteBody) -> Choice | None:
        """Return what a request chose, or None where it does not say enough."""
        match body.choice.kind:
            case "maximum":
                return TakeMaximum()
            case "nothing":
                return TakeNothing()
            case "amount" if body.choice.amount is not None:
                return TakeAmount(Money(body.choice.amount.minor, self._shop.program.currency))
            case "reward" if body.choice.reward_id is not None:
                return TakeReward(body.choice.reward_id)
            case _:
                return None

    def refusal_of(self, row: MemberRow, body: ReserveBody, units: int | None) -> Declined | None:
        """Return why the rules do not let this member use these points on this bill, or None."""
        program = self._shop.program
        if body.voucher:
            program = self._vouchers.over(program, body.voucher)
        discount = Money(body.discount.minor, program.currency)
        # A request does not say by which rule: any that gives just this will do.
        choices: list[Choice] = [TakeReward(body.reward_id)] if body.reward_id else [TakeAmount(discount)]
        if not body.reward_id and len(program.redemption) > 1:
            choices += [TakeAmount(discount, rule.rule_id) for rule in program.redemption]
        if body.voucher and body.reward_id:
            # The voucher takes its part off, points the rest.
            points = TakePoints(from_units(units or 0, program.point_scale))
            choices = [TakeTogether(points=points, rewards=(body.reward_id,))]
        offers = [self.quote(row, body.bill.minor, choice, program) for choice in choices]
        if any(
            (offer.discount, to_units(offer.points_used, program.point_scale)) == (discount, units)
            for offer in offers
        ):
            return None
        refusal = offers[0].choice_refusal if body.reward_id else offers[0].refusal
        match refusal:
            case MemberBlocked():
                return Declined("member_blocked", "the member is blocked", member_id=row.member_id)
            case NeedsPoints():
                return Declined("balance_too_low", "the balance does not cover it", member_id=row.member_id)
        limit = offers[0].limit
        if isinstance(limit, WholeBalance | WholeSteps) and offers[0].maximum < discount:
            return Declined("balance_too_low", "the balance does not cover it", member_id=row.member_id)
        return Declined("not_allowed", "the program does not allow this", member_id=row.member_id)
