"""Answers of Open Loyalty, checked before anything is made of them. Fields nobody needs are not read."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

Text = Annotated[str, Meta(max_length=2000)]
Short = Annotated[str, Meta(max_length=500)]
Uuid = Annotated[str, Meta(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")]

MAX_UNITS = Decimal(10) ** 12
MAX_DIGITS = 28


class AccountAnswer(Struct, frozen=True, rename="camel"):
    """A wallet as the member's own record states it; units are fractional."""

    active_points: Decimal
    blocked_points: Decimal = Decimal(0)


class LevelAnswer(Struct, frozen=True, rename="camel"):
    """The tier held."""

    name: Short = ""


class LabelAnswer(Struct, frozen=True, rename="camel"):
    """A mark the shop put on a member."""

    key: Short
    value: Short = ""


class MemberAnswer(Struct, frozen=True, rename="camel"):
    """A member. The phone number is compared, masked, and goes no further."""

    customer_id: Uuid
    active: bool
    default_account: AccountAnswer
    first_name: Text | None = None
    last_name: Text | None = None
    email: Short | None = None
    phone: Short | None = None
    loyalty_card_number: Short | None = None
    currency: Short | None = None
    store_code: Short | None = None
    current_level: LevelAnswer | None = None
    labels: Annotated[tuple[LabelAnswer, ...], Meta(max_length=200)] = ()
    anonymized: bool = False


class UnitsAnswer(Struct, frozen=True, rename="camel"):
    """What is in one wallet."""

    active_units: Decimal
    blocked_units: Decimal = Decimal(0)


class WalletTypeAnswer(Struct, frozen=True, rename="camel"):
    """Which wallet."""

    code: Short


class WalletAnswer(Struct, frozen=True, rename="camel"):
    """One wallet of a member."""

    wallet_type: WalletTypeAnswer
    account: UnitsAnswer


class WalletsAnswer(Struct, frozen=True, rename="camel"):
    """All wallets of a member."""

    items: Annotated[tuple[WalletAnswer, ...], Meta(max_length=100)]


class ConditionAnswer(Struct, frozen=True, rename="camel"):
    """How far one condition of the next tier is met."""

    attribute: Short
    current_value: Decimal
    value_goal: Decimal


class ProgressAnswer(Struct, frozen=True, rename="camel"):
    """Where a member stands in a tier set; `current_progress` is a percentage."""

    current_tier_name: Short | None = None
    next_tier_name: Short | None = None
    current_progress: Decimal | None = None
    next_tier_current_progress: Annotated[tuple[ConditionAnswer, ...], Meta(max_length=50)] = ()


class ConversionAnswer(Struct, frozen=True, rename="camel"):
    """What a unit is worth, in the main unit of the currency."""

    ratio: Decimal


class RewardAnswer(Struct, frozen=True, rename="camel"):
    """A reward of the catalogue, as far as it says what points are worth."""

    reward_id: Short
    reward: Short
    units_conversion: ConversionAnswer | None = None


class RewardsAnswer(Struct, frozen=True, rename="camel"):
    """What a member may have."""

    items: Annotated[tuple[RewardAnswer, ...], Meta(max_length=50)]


class SimulatedEffect(Struct, frozen=True, rename="camel"):
    """One thing a campaign would do."""

    type: Short
    points: Decimal | None = None
    wallet: object = None


class SimulatedAnswer(Struct, frozen=True, rename="camel"):
    """What the campaigns would do."""

    effects: Annotated[tuple[SimulatedEffect, ...], Meta(max_length=500)]


class TransferMade(Struct, frozen=True, rename="camel"):
    """Points were moved or blocked."""

    transfer_id: Uuid


class TransferAnswer(Struct, frozen=True, rename="camel"):
    """One movement of points; in lists with its id.

    Whether an answer says at all under which name somebody else asked for it makes a difference: where none
    says so, nothing can be looked for.
    """

    value: Decimal
    cancelled: bool = False
    external_transfer_id: Text | UnsetType | None = UNSET
    transfer_id: Uuid | None = None
    created_at: datetime | None = None


class TransfersAnswer(Struct, frozen=True, rename="camel"):
    """A page of movements."""

    items: Annotated[tuple[TransferAnswer, ...], Meta(max_length=50)]


class SaleMade(Struct, frozen=True, rename="camel"):
    """A document was registered."""

    transaction_id: Uuid


class HeaderAnswer(Struct, frozen=True, rename="camel"):
    """The head of a document."""

    document_number: Text


class SaleAnswer(Struct, frozen=True, rename="camel"):
    """A registered document: sale or return."""

    gross_value: Decimal
    matched: bool = False
    points_earned: Decimal | None = None
    units_deducted: Decimal | None = None
    currency: Short | None = None
    transaction_id: Uuid | None = None
    customer_id: Short | None = None
    document_number: Text | None = None
    header: HeaderAnswer | None = None

    @property
    def number(self) -> str:
        """Return the document's number, wherever it stands; empty where the answer does not say."""
        return self.document_number or (self.header.document_number if self.header else "")


class SalesAnswer(Struct, frozen=True, rename="camel"):
    """A page of documents."""

    items: Annotated[tuple[SaleAnswer, ...], Meta(max_length=50)]


class MemberMade(Struct, frozen=True, rename="camel"):
    """A member was made."""

    customer_id: Uuid


class StoreAnswer(Struct, frozen=True, rename="camel"):
    """A program the credentials may see."""

    code: Short
    name: Short = ""
    currency: Short = ""


class StoresAnswer(Struct, frozen=True, rename="camel"):
    """The programs the credentials may see."""

    items: Annotated[tuple[StoreAnswer, ...], Meta(max_length=500)]


class ChannelAnswer(Struct, frozen=True, rename="camel"):
    """A sales channel."""

    channel_id: Uuid


class ChannelsAnswer(Struct, frozen=True, rename="camel"):
    """The sales channels."""

    items: Annotated[tuple[ChannelAnswer, ...], Meta(max_length=50)]


class FaultAnswer(Struct, frozen=True, rename="camel"):
    """One thing that is wrong with a request."""

    message: Text = ""
    path: Short = ""


class ProblemAnswer(Struct, frozen=True, rename="camel"):
    """A refusal; `code` varies in type and is not read."""

    message: Text = ""
    errors: Annotated[tuple[FaultAnswer, ...], Meta(max_length=200)] = ()

    @property
    def words(self) -> str:
        """Return everything it says."""
        return "; ".join(filter(None, (self.message, *(one.message for one in self.errors))))

    def names(self, field: str) -> bool:
        """Say whether a fault lies in this field, such as ``documentNumber``."""
        return any(one.path.rpartition(".")[2] == field or field in one.message for one in self.errors)


class TokenAnswer(Struct, frozen=True):
    """A session; `refresh_token` gets the next one."""

    token: Annotated[str, Meta(min_length=1, max_length=8000)]
    refresh_token: Annotated[str, Meta(max_length=8000)] = ""


def is_sane(units: Decimal) -> bool:
    """Say whether a number can be units or money: finite, below 10 to the 12th, and not endless."""
    return units.is_finite() and abs(units) < MAX_UNITS and len(units.as_tuple().digits) <= MAX_DIGITS
