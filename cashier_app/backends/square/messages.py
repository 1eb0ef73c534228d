"""Answers of Square, checked before anything is made of them. Lists that are missing are empty."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from cashier_app.domain.money import MAX_MINOR

MOST_POINTS = 10**12
Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]
ObjectId = Annotated[str, Meta(min_length=1, max_length=192)]
Text = Annotated[str, Meta(max_length=4000)]
Word = Annotated[str, Meta(max_length=64)]
Points = Annotated[int, Meta(ge=-MOST_POINTS, le=MOST_POINTS)]
SomePoints = Annotated[int, Meta(ge=1, le=MOST_POINTS)]
Minor = Annotated[int, Meta(ge=0, le=MAX_MINOR)]
Moment = Annotated[datetime, Meta(tz=True)]


class Answer(msgspec.Struct, frozen=True):
    """What every answer may hold; `errors` in a success means that it is none."""

    errors: tuple[ErrorAnswer, ...] = ()


class ErrorAnswer(msgspec.Struct, frozen=True):
    """One error; `code` decides, `detail` is for people."""

    category: Word
    code: Word
    detail: Text = ""
    field: Text = ""


class MoneyAnswer(msgspec.Struct, frozen=True):
    """An amount in the minor unit ISO 4217 gives the currency; a shop may count in another."""

    amount: Minor
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z")]


class ReferenceAnswer(msgspec.Struct, frozen=True):
    """A pricing rule; one published sample has the version as text."""

    object_id: ObjectId
    catalog_version: int | Annotated[str, Meta(pattern=r"^[0-9]{1,19}\Z")] | None = None


class TierAnswer(msgspec.Struct, frozen=True):
    """What a reward costs."""

    id: Id
    points: SomePoints
    pricing_rule_reference: ReferenceAnswer
    name: Text = ""


class SpendAnswer(msgspec.Struct, frozen=True):
    """Money that earns."""

    amount_money: MoneyAnswer
    tax_mode: Word
    excluded_category_ids: tuple[Text, ...] | None = None
    excluded_item_variation_ids: tuple[Text, ...] | None = None


class VisitAnswer(msgspec.Struct, frozen=True):
    """A sale that earns."""

    tax_mode: Word
    minimum_amount_money: MoneyAnswer | None = None


class RuleAnswer(msgspec.Struct, frozen=True):
    """How points are earned."""

    accrual_type: Word
    points: SomePoints | None = None
    spend_data: SpendAnswer | None = None
    visit_data: VisitAnswer | None = None


class TerminologyAnswer(msgspec.Struct, frozen=True):
    """What a point is called."""

    one: Text
    other: Text


class ExpirationAnswer(msgspec.Struct, frozen=True):
    """When points lapse."""

    expiration_duration: Annotated[str, Meta(max_length=16)]


class ProgramAnswer(msgspec.Struct, frozen=True):
    """The seller's one program."""

    id: Id
    status: Word
    reward_tiers: Annotated[tuple[TierAnswer, ...], Meta(max_length=100)] | None = None
    accrual_rules: Annotated[tuple[RuleAnswer, ...], Meta(max_length=100)] | None = None
    terminology: TerminologyAnswer | None = None
    expiration_policy: ExpirationAnswer | None = None
    location_ids: tuple[Text, ...] | None = None


class ProgramRead(Answer, frozen=True):
    """The answer that holds it."""

    program: ProgramAnswer | None = None


class PricingRuleAnswer(msgspec.Struct, frozen=True):
    """What a reward takes off which goods."""

    discount_id: ObjectId | None = None
    match_products_id: ObjectId | None = None
    exclude_products_id: ObjectId | None = None
    minimum_order_subtotal_money: MoneyAnswer | None = None


class DiscountAnswer(msgspec.Struct, frozen=True):
    """An amount, or a share with a most."""

    discount_type: Word | None = None
    percentage: Annotated[str, Meta(pattern=r"^[0-9]{1,3}(\.[0-9]{1,6})?\Z")] | None = None
    amount_money: MoneyAnswer | None = None
    maximum_amount_money: MoneyAnswer | None = None


class ProductSetAnswer(msgspec.Struct, frozen=True):
    """Which goods."""

    all_products: bool | None = None
    quantity_min: int | None = None
    quantity_exact: int | None = None


class ObjectAnswer(msgspec.Struct, frozen=True):
    """Something of the catalogue."""

    type: Word
    id: ObjectId
    pricing_rule_data: PricingRuleAnswer | None = None
    discount_data: DiscountAnswer | None = None
    product_set_data: ProductSetAnswer | None = None


class ObjectRead(Answer, frozen=True):
    """A pricing rule and what it points to."""

    object: ObjectAnswer | None = None
    related_objects: Annotated[tuple[ObjectAnswer, ...], Meta(max_length=1000)] = ()


class MappingAnswer(msgspec.Struct, frozen=True):
    """The phone number, which is masked at once and goes no further."""

    phone_number: Annotated[str, Meta(pattern=r"^\+[1-9][0-9]{6,14}\Z")] | None = None


class DeadlineAnswer(msgspec.Struct, frozen=True):
    """Points about to lapse."""

    points: Points
    expires_at: Moment


class AccountAnswer(msgspec.Struct, frozen=True):
    """A loyalty account; the balance may be below zero."""

    id: Id
    balance: Points
    customer_id: Id | None = None
    mapping: MappingAnswer | None = None
    enrolled_at: Moment | None = None
    expiring_point_deadlines: Annotated[tuple[DeadlineAnswer, ...], Meta(max_length=1000)] | None = None


class AccountRead(Answer, frozen=True):
    """One account."""

    loyalty_account: AccountAnswer | None = None


class AccountsRead(Answer, frozen=True):
    """Accounts found."""

    loyalty_accounts: Annotated[tuple[AccountAnswer, ...], Meta(max_length=200)] = ()


class CustomerAnswer(msgspec.Struct, frozen=True):
    """A customer profile."""

    id: Id
    given_name: Text | None = None
    family_name: Text | None = None
    reference_id: Text | None = None


class CustomerRead(Answer, frozen=True):
    """One profile."""

    customer: CustomerAnswer | None = None


class CustomersRead(Answer, frozen=True):
    """Profiles found."""

    customers: Annotated[tuple[CustomerAnswer, ...], Meta(max_length=100)] = ()


class RewardAnswer(msgspec.Struct, frozen=True):
    """A reward taken out: ``ISSUED``, ``REDEEMED`` or ``DELETED``."""

    id: Id
    status: Word
    loyalty_account_id: Id
    reward_tier_id: Id
    points: Points | None = None
    created_at: Moment | None = None
    redeemed_at: Moment | None = None


class RewardRead(Answer, frozen=True):
    """One reward."""

    reward: RewardAnswer | None = None


class RewardsRead(Answer, frozen=True):
    """Rewards found, the one changed last first."""

    rewards: Annotated[tuple[RewardAnswer, ...], Meta(max_length=100)] = ()
    cursor: Text = ""


class MovedAnswer(msgspec.Struct, frozen=True):
    """Points moved; `reason` of corrections only."""

    points: Points | None = None
    reason: Text | None = None


class RedeemedAnswer(msgspec.Struct, frozen=True):
    """A reward redeemed."""

    reward_id: Id | None = None


class EventAnswer(msgspec.Struct, frozen=True):
    """One row of Square's books."""

    id: Id
    type: Word
    created_at: Moment
    loyalty_account_id: Id
    source: Word = ""
    location_id: Text = ""
    accumulate_points: MovedAnswer | None = None
    adjust_points: MovedAnswer | None = None
    redeem_reward: RedeemedAnswer | None = None


class EventRead(Answer, frozen=True):
    """What a redemption or a correction wrote."""

    event: EventAnswer | None = None


class EventsRead(Answer, frozen=True):
    """What earning wrote, or what was found, newest first."""

    events: Annotated[tuple[EventAnswer, ...], Meta(max_length=100)] = ()
    cursor: Text = ""


class OrderAnswer(msgspec.Struct, frozen=True):
    """A bill as Square reckons it."""

    location_id: Word
    total_money: MoneyAnswer
    total_discount_money: MoneyAnswer


class OrderRead(Answer, frozen=True):
    """It, in an answer."""

    order: OrderAnswer | None = None


class LocationAnswer(msgspec.Struct, frozen=True):
    """One of the seller's places."""

    id: Text
    name: Text | None = None
    currency: Word | None = None
    timezone: Word | None = None


class LocationsRead(Answer, frozen=True):
    """All of them."""

    locations: Annotated[tuple[LocationAnswer, ...], Meta(max_length=1000)] = ()


class PromotionsRead(Answer, frozen=True):
    """Promotions that run."""

    loyalty_promotions: tuple[dict[str, object], ...] = ()
