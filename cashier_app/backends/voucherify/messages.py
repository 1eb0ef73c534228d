"""Answers of Voucherify's interface v1, as far as the till reads them, checked before they are used.

Nearly every field of Voucherify's own schemas may be null or missing; what the till cannot do without is
asked for here.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct, field

from cashier_app.domain.money import MAX_MINOR

MAX_POINTS = 10**12
VoucherId = Annotated[str, Meta(pattern=r"^v_[A-Za-z0-9]{1,60}\Z")]
CustomerId = Annotated[str, Meta(pattern=r"^cust_[A-Za-z0-9]{1,60}\Z")]
OrderId = Annotated[str, Meta(pattern=r"^ord_[A-Za-z0-9]{1,60}\Z")]
RedemptionId = Annotated[str, Meta(pattern=r"^r_[A-Za-z0-9]{1,60}\Z")]
RollbackId = Annotated[str, Meta(pattern=r"^rr_[A-Za-z0-9]{1,60}\Z")]
RewardId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]
Code = Annotated[str, Meta(min_length=1, max_length=128)]
Text = Annotated[str, Meta(max_length=2000)]
Mark = Annotated[str, Meta(max_length=128)]
Points = Annotated[int, Meta(ge=-MAX_POINTS, le=MAX_POINTS)]
Count = Annotated[int, Meta(ge=1, le=MAX_POINTS)]
Minor = Annotated[int, Meta(ge=0, le=MAX_MINOR)]


class LoyaltyCard(Struct, frozen=True):
    """What is on a card; `points` is the total ever, `balance` what may be spent."""

    balance: Points
    next_expiration_date: date | None = None
    next_expiration_points: Points | None = None


class CardAnswer(Struct, frozen=True):
    """A voucher; of a loyalty card everything here is there but the holder, where nobody holds it yet."""

    id: VoucherId
    code: Code
    type: Mark | None = None
    campaign_id: Mark | None = None
    loyalty_card: LoyaltyCard | None = None
    active: bool | None = None
    expiration_date: datetime | None = None
    holder_id: CustomerId | None = None


class CustomerAnswer(Struct, frozen=True):
    """A customer; `source_id` is the shop's own name for them."""

    id: CustomerId
    source_id: Text | None = None
    name: Text | None = None
    phone: Text | None = None


class Redeemable(Struct, frozen=True):
    """What a customer holds; other vouchers than cards may lack anything."""

    voucher: object = None


class Held(Struct, frozen=True):
    """One line of what a customer holds."""

    redeemable: Redeemable | None = None


class HeldAnswer(Struct, frozen=True):
    """A page of what a customer holds."""

    data: Annotated[list[Held], Meta(max_length=100)]
    has_more: bool | None = None
    more_starting_after: Mark | None = None


class Range(Struct, frozen=True):
    """Points between which a tier is held."""

    lowest: Points | None = field(default=None, name="from")


class TierAnswer(Struct, frozen=True):
    """A tier."""

    name: Annotated[str, Meta(max_length=200)]
    id: Mark | None = None
    points: Range | None = None


class TiersAnswer(Struct, frozen=True):
    """Tiers of a program or of one member."""

    data: Annotated[list[TierAnswer], Meta(max_length=100)]


class Coin(Struct, frozen=True):
    """`points_ratio` points are worth `exchange_ratio` of the main unit."""

    exchange_ratio: Decimal
    points_ratio: Count


class RewardParameters(Struct, frozen=True):
    """What a reward is; only paying with points says more than the till needs not know."""

    coin: Coin | None = None


class RewardAnswer(Struct, frozen=True):
    """A reward; `stock` is null where there is no limit."""

    id: RewardId
    name: Text | None = None
    type: Mark | None = None
    parameters: RewardParameters | None = None
    stock: int | None = None


class Price(Struct, frozen=True):
    """Points a reward costs."""

    points: Points | None = None


class PriceParameters(Struct, frozen=True):
    """The price, where there is one: paying with points has none."""

    loyalty: Price | None = None


class Assignment(Struct, frozen=True):
    """A reward's place in the program."""

    parameters: PriceParameters | None = None


class RewardLine(Struct, frozen=True):
    """A reward with its price for this member."""

    reward: RewardAnswer
    assignment: Assignment | None = None


class RewardsAnswer(Struct, frozen=True):
    """What a member may have."""

    data: Annotated[list[RewardLine], Meta(max_length=1000)]


class CampaignAnswer(Struct, frozen=True):
    """A loyalty program."""

    id: Mark
    name: Annotated[str, Meta(max_length=200)]
    updated_at: Mark | None = None
    created_at: Mark | None = None


class PerAmount(Struct, frozen=True):
    """`points` for each `every` smallest units."""

    every: Count
    points: Count


class PerOrder(Struct, frozen=True):
    """Which amount of an order earns."""

    amount: PerAmount | None = None
    total_amount: PerAmount | None = None


class Earned(Struct, frozen=True):
    """How points are reckoned."""

    type: Mark | None = None
    points: Points | None = None
    calculation_type: Mark | None = None
    order: PerOrder | None = None


class EarningRuleAnswer(Struct, frozen=True):
    """One earning rule; what it depends on is told by ids only."""

    event: Mark | None = None
    loyalty: Earned | None = None
    validation_rule_id: Mark | None = None
    segment: object = None
    active: bool | None = None
    start_date: object = None
    expiration_date: object = None
    validity_timeframe: object = None
    validity_day_of_week: object = None
    validity_hours: object = None


class EarningRulesAnswer(Struct, frozen=True):
    """The program's earning rules."""

    data: Annotated[list[EarningRuleAnswer], Meta(max_length=100)]


class ErrorAnswer(Struct, frozen=True):
    """A refusal; the details may be text, a list or an object and are not read."""

    key: Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,80}\Z")]
    message: Text | None = None


class CardResult(Struct, frozen=True):
    """Points a validation would take."""

    points: Points | None = None


class ValidationResult(Struct, frozen=True):
    """What a validation says of one redeemable."""

    loyalty_card: CardResult | None = None
    error: ErrorAnswer | None = None


class Validated(Struct, frozen=True):
    """One redeemable of a validation."""

    status: Mark
    id: Code
    result: ValidationResult | None = None


class Redemption(Struct, frozen=True):
    """What an order says of a redemption on it."""

    related_object_id: Mark | None = None
    rollback_id: RollbackId | None = None


class CustomerMark(Struct, frozen=True):
    """Whose order it is."""

    id: CustomerId | None = None


class OrderAnswer(Struct, frozen=True):
    """An order; one of a mere validation has neither an id nor a status."""

    id: OrderId | None = None
    source_id: Mark | None = None
    status: Mark | None = None
    amount: Minor | None = None
    total_discount_amount: Minor | None = None
    customer_id: CustomerId | None = None
    customer: CustomerMark | None = None
    redemptions: Annotated[dict[RedemptionId, Redemption], Meta(max_length=100)] | None = None

    @property
    def whose(self) -> str:
        """Return the customer's id, or nothing."""
        return self.customer_id or (self.customer.id if self.customer else None) or ""


class SessionAnswer(Struct, frozen=True):
    """A hold."""

    key: Mark | None = None


class ValidationAnswer(Struct, frozen=True):
    """What may be redeemed; a no is an answer with status 200 too."""

    valid: bool
    redeemables: Annotated[list[Validated], Meta(max_length=10)] = []
    inapplicable_redeemables: Annotated[list[Validated], Meta(max_length=10)] | None = None
    order: OrderAnswer | None = None
    session: SessionAnswer | None = None


class RedeemedCard(Struct, frozen=True):
    """The card after a redemption."""

    id: VoucherId
    loyalty_card: LoyaltyCard | None = None


class RedemptionAnswer(Struct, frozen=True):
    """One redemption; `amount` in points."""

    id: RedemptionId
    result: Mark
    amount: Points
    voucher: RedeemedCard
    order: OrderAnswer


class RedemptionsAnswer(Struct, frozen=True):
    """What came of a request for one redemption."""

    redemptions: Annotated[list[RedemptionAnswer], Meta(min_length=1, max_length=1)]


class RollbackAnswer(Struct, frozen=True):
    """A redemption undone."""

    id: RollbackId
    redemption: RedemptionId
    result: Mark
    amount: Points | None = None


class RelatedCard(Struct, frozen=True):
    """The card a change was made on."""

    id: Mark


class BalanceAnswer(Struct, frozen=True):
    """A balance after a change, expected: the change is made in the background."""

    points: Points
    balance: Points | None = None
    related_object: RelatedCard | None = None


class OrderMark(Struct, frozen=True):
    """The order a movement belongs to."""

    id: Mark | None = None
    source_id: Mark | None = None


class Moved(Struct, frozen=True):
    """By how much a balance changed."""

    points: Points | None = None


class MovementDetails(Struct, frozen=True):
    """What a movement was."""

    balance: Moved | None = None
    order: OrderMark | None = None


class Movement(Struct, frozen=True):
    """One movement of a card's points."""

    id: Mark
    type: Mark
    source_id: Text | None = None
    details: MovementDetails | None = None

    @property
    def points(self) -> int:
        """Return by how much the balance changed."""
        moved = self.details.balance if self.details else None
        return moved.points or 0 if moved else 0

    def is_of(self, sale_id: str, order_id: str) -> bool:
        """Say whether Voucherify booked this for the sale's order, by its `source_id` or its own id."""
        order = self.details.order if self.details else None
        return order is not None and (order.source_id == sale_id or (order.id or "-") == order_id)


class MovementsAnswer(Struct, frozen=True):
    """A page of a card's movements, newest first."""

    data: Annotated[list[Movement], Meta(max_length=100)]
    has_more: bool | None = None
    more_starting_after: Mark | None = None
