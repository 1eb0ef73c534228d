"""Between Voucherify's messages and the till's values; nothing here speaks to anybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from cashier_app.backends.amounts import minor_units, of_minor_units
from cashier_app.backends.contract_values import plain_name
from cashier_app.backends.replies import Answered, answer_of
from cashier_app.backends.voucherify.messages import (
    MAX_POINTS,
    CampaignAnswer,
    CardAnswer,
    Coin,
    CustomerAnswer,
    EarningRuleAnswer,
    ErrorAnswer,
    OrderAnswer,
    RewardLine,
    TierAnswer,
    ValidationAnswer,
)
from cashier_app.domain.member import Account, Lapse, Member, TierStanding
from cashier_app.domain.money import MAX_MINOR, Currency, Money
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Booked,
    MemberFound,
    NotApplied,
    Outcome,
    Reconciled,
    Refused,
    RefusedBecause,
    RetryLater,
    Unknown,
)
from cashier_app.domain.phone import mask_phone
from cashier_app.domain.program import Program
from cashier_app.domain.program.earning import AnyEarningRule, Basis, Earning, PerAmount, PerSale, Redeemed
from cashier_app.domain.program.figures import ExactPoints, Points, Rate
from cashier_app.domain.program.redemption import Conversion, RedemptionRule
from cashier_app.domain.program.rewards import Gift
from cashier_app.domain.sale import Effect

PLAN_LIMIT_SECONDS = 900
PAID = frozenset({"PAID", "FULFILLED"})
CARD = "LOYALTY_CARD"

_BECAUSE = {
    RefusedBecause.BALANCE_TOO_LOW: {
        "loyalty_card_points_exceeded",
        "insufficient_card_balance",
        "zero_card_balance",
    },
    RefusedBecause.MEMBER_BLOCKED: {
        "voucher_disabled",
        "voucher_expired",
        "voucher_not_active",
        "non_active_member",
    },
    RefusedBecause.NOT_ALLOWED: {
        "customer_rules_violated",
        "order_rules_violated",
        "quantity_exceeded",
        "reward_out_of_stock",
        "non_active_program",
        "program_outside_validity_window",
        "pay_with_points_not_enabled",
    },
}
_REASONS = {key: reason for reason, keys in _BECAUSE.items() for key in keys}


class Units(Struct, frozen=True):
    """The smallest units a project counts money in; the till may use fewer decimals, not more.

    Args:
        currency: The till's.
        decimals: Of the project's units: ISO 4217's, unless the shop's settings say otherwise.
    """

    currency: Currency
    decimals: int

    def of(self, money: Money) -> int:
        """Return an amount in smallest units."""
        return minor_units(money, self.decimals)

    def main(self, units: int) -> Decimal:
        """Return smallest units in the main unit."""
        return Decimal(units).scaleb(-self.decimals)

    def are_whole(self, units: int) -> bool:
        """Say whether the till can count this amount."""
        return of_minor_units(units, self.decimals, self.currency) is not None


class Block(Struct, frozen=True):
    """The fewest points that pay for an amount both sides can count: `points` for `minor` smallest units."""

    points: int
    minor: int


def block_of(coin: Coin, units: Units) -> Block | None:
    """Return what a block of points is worth by the reward's own ratio; None for one beyond all measure."""
    if not 0 < coin.exchange_ratio <= MAX_MINOR:
        return None
    coarser = min(units.decimals, units.currency.decimals)
    worth = Fraction(coin.exchange_ratio) * 10**coarser
    points = coin.points_ratio * worth.denominator
    minor = worth.numerator * 10 ** (units.decimals - coarser)
    return Block(points, minor) if points <= MAX_POINTS and minor <= MAX_MINOR else None


def coin_rule(
    reward_id: str, name: str, block: Block, units: Units, most: int | None = None
) -> RedemptionRule:
    """Return paying with points as a rule of the program.

    Args:
        reward_id: The reward's id, by which it is redeemed.
        name: The reward's name.
        block: What points are worth.
        units: What it is counted in.
        most: Points Voucherify said yes to; None where nobody asked.
    """
    return RedemptionRule(
        conversion=Conversion(
            points=Points(block.points),
            value=Rate(units.main(block.minor)),
            whole_blocks=True,
        ),
        rule_id=reward_id,
        name=plain_name(name),
        maximum_points=None if most is None else Points(most),
    )


def gift_of(line: RewardLine) -> Gift | None:
    """Return a reward that is handed over; None for one that is not to be had, or not at a till."""
    reward = line.reward
    parameters = line.assignment.parameters if line.assignment else None
    price = parameters.loyalty.points if parameters and parameters.loyalty else None
    sold_out = reward.stock is not None and reward.stock <= 0
    if reward.type != "MATERIAL" or sold_out or price is None or price <= 0:
        return None
    return Gift(reward_id=reward.id, name=plain_name(reward.name or "") or reward.id, cost=Points(price))


def program_of(
    campaign: CampaignAnswer,
    rules: Sequence[EarningRuleAnswer],
    units: Units,
    estimate: RedemptionRule | None,
) -> Program:
    """Return the program as far as Voucherify tells it: what is redeemed is asked for each bill.

    Args:
        campaign: Its name and version.
        rules: How sales earn.
        units: What amounts are counted in.
        estimate: What points are worth before Voucherify was asked, where the shop's settings say.
    """
    earning = tuple(rule for told in rules if (rule := _earning_rule(told, units)) is not None)
    mark = campaign.updated_at or campaign.created_at or ""
    return Program(
        currency=units.currency,
        name=plain_name(campaign.name),
        version=f"{campaign.id}:{mark}"[:64],
        earning=Earning(rules=earning),
        redemption=() if estimate is None else (estimate,),
    )


def _earning_rule(told: EarningRuleAnswer, units: Units) -> AnyEarningRule | None:
    """Return a rule the till can reckon with; None for one that hangs on what only Voucherify knows."""
    hangs_on = (
        told.validation_rule_id,
        told.segment,
        told.start_date,
        told.expiration_date,
        told.validity_timeframe,
        told.validity_day_of_week,
        told.validity_hours,
    )
    earned = told.loyalty
    if told.event != "order.paid" or told.active is False or any(hangs_on) or earned is None:
        return None
    if earned.type == "FIXED" and earned.points and earned.points > 0:
        return PerSale(points=ExactPoints(earned.points), basis=Basis(redemption=Redeemed.BEFORE))
    before = earned.calculation_type == "ORDER_AMOUNT"
    if earned.type != "PROPORTIONAL" or not (before or earned.calculation_type == "ORDER_TOTAL_AMOUNT"):
        return None
    order = earned.order
    per = (order.amount if before else order.total_amount) if order else None
    if per is None:
        return None
    return PerAmount(
        points=ExactPoints(per.points),
        per=Rate(units.main(per.every)),
        whole_steps=True,
        basis=Basis(redemption=Redeemed.BEFORE if before else Redeemed.AFTER),
    )


def found_of(
    card: CardAnswer,
    customer: CustomerAnswer | None,
    tier: TierStanding | None,
    now: datetime,
    *,
    customer_id_is: str,
) -> MemberFound:
    """Return a member with their account."""
    held = card.loyalty_card
    balance = held.balance if held else 0
    source = customer.source_id or "" if customer else ""
    phone = (customer.phone or "" if customer else "") or (source if customer_id_is == "phone" else "")
    lapses = None
    if held and held.next_expiration_date and (held.next_expiration_points or 0) > 0:
        lapses = Lapse(Decimal(held.next_expiration_points or 0), held.next_expiration_date)
    until = card.expiration_date
    over = until is not None and (until if until.tzinfo else until.replace(tzinfo=UTC)) <= now
    return MemberFound(
        Member(
            member_id=card.id,
            name=plain_name(customer.name or "" if customer else ""),
            masked_phone=mask_phone(phone) if phone else "",
            number=plain_name(source) if customer_id_is == "number" else "",
            blocked_since=now.date() if card.active is False or over else None,
        ),
        Account(balance=Decimal(balance), as_of=now, tier=tier, lapses=lapses),
    )


def tier_of(held: Sequence[TierAnswer], all_tiers: Sequence[TierAnswer]) -> TierStanding | None:
    """Return the tier a member holds, without progress: what counts towards the next is not told."""
    if not held:
        return None
    name, ordered = plain_name(held[0].name), sorted(all_tiers, key=_lowest)
    rank = next((at for at, tier in enumerate(ordered, start=1) if tier.id == held[0].id), 0)
    if not rank:
        return TierStanding(name, 1, 1)
    following = plain_name(ordered[rank].name) if rank < len(ordered) else ""
    return TierStanding(name, rank, len(ordered), following, progress=0 if following else 1000)


def _lowest(tier: TierAnswer) -> int:
    return (tier.points.lowest or 0) if tier.points else 0


# Refusals.
def declined(reply: Answered, missing: RefusedBecause = RefusedBecause.OTHER) -> Outcome:
    """Return what an answer of 4xx to a write means.

    A conflict, or another rollback under way, says that something happened: it is looked up first. A plan
    that is used up never lets anything through, and loses nothing.
    """
    if reply.status == 402:
        return RetryLater(PLAN_LIMIT_SECONDS, "the plan's limit is reached (402)")
    error = answer_of(reply, ErrorAnswer)
    if error is None or reply.status == 409 or error.key == "multiple_requests":
        return Unknown(f"a refusal that may hide something done ({reply.status})")
    if reply.status == 404:
        return Refused(missing, plain_name(error.message or ""))
    return refused_by(error, RefusedBecause.NOT_ALLOWED if reply.status == 423 else RefusedBecause.OTHER)


def refused_by(error: ErrorAnswer | None, otherwise: RefusedBecause = RefusedBecause.OTHER) -> Refused:
    """Return a refusal in the till's terms."""
    if error is None:
        return Refused(otherwise)
    invalid = error.key.startswith(("missing_", "invalid_"))
    because = RefusedBecause.INVALID if invalid else _REASONS.get(error.key, otherwise)
    return Refused(because, plain_name(error.message or error.key))


def said_no(answer: ValidationAnswer) -> ErrorAnswer | None:
    """Return why a validation said no."""
    told = [*answer.redeemables, *(answer.inapplicable_redeemables or [])]
    return next((one.result.error for one in told if one.result and one.result.error), None)


def discount_of(order: OrderAnswer | None) -> int:
    """Return what an order's redemptions take off, in smallest units."""
    return (order.total_discount_amount or 0) if order else 0


# What an order says of effects.
def redeemed(order: OrderAnswer, effect: Effect) -> Reconciled:
    """Return what an order says of points taken for it."""
    if order.source_id != effect.sale_id:
        return Unknown("an answer about another order")
    there = order.redemptions or {}
    if not there:
        return NotApplied()
    if len(there) > 1:
        return Unknown("points were taken more than once for this order")
    [(reference, one)] = there.items()
    if effect.member_id and one.related_object_id != effect.member_id:
        return Unknown("points of another card were taken for this order")
    return AlreadyApplied(Booked(reference, points=effect.points))


def told(order: OrderAnswer, effect: Effect, bill: int, holder: str = "") -> Reconciled:
    """Return what an order says of the sale having been told; `bill` in smallest units."""
    if order.source_id != effect.sale_id or order.id is None:
        return Unknown("an answer about another order")
    if order.status == "CREATED":
        return NotApplied()
    if order.amount != bill:
        return Unknown("an order over another amount")
    if holder and order.whose and order.whose != holder:
        return Unknown("an order of another customer")
    if order.status not in PAID | {"CANCELED"}:
        return Unknown("an order in a state that is not known")
    return AlreadyApplied(Booked(order.id))


def undone(order: OrderAnswer, effect: Effect, *, rolled_back: bool) -> Reconciled:
    """Return what an order says of a whole sale having been undone."""
    if order.source_id != effect.sale_id or order.id is None:
        return Unknown("an answer about another order")
    if not rolled_back:
        return AlreadyApplied(Booked(order.id)) if order.status == "CANCELED" else NotApplied()
    there = order.redemptions or {}
    one = there.get(effect.original_reference)
    if one is None:
        return Unknown("the order does not know this redemption")
    if one.rollback_id is None:
        return NotApplied()
    return AlreadyApplied(Booked(one.rollback_id, points=effect.points))
