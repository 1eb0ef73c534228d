"""Answers of Nector, checked before anything is made of them.

The vendor's document describes no answers; these follow what live integrations saw. Properties not named here
come and go.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct, field

Text = Annotated[str, Meta(max_length=2000)]
Mark = Annotated[str, Meta(max_length=256)]
MOST_COINS = Decimal(10) ** 12
_DECIMALS = 4


class Wallet(Struct, frozen=True):
    """Coins or credits; a number, or one as text."""

    available: Decimal | None = None


class Lead(Struct, frozen=True):
    """A customer. Some keys are told neither `lead_id` nor `customer_id`; `mobile` is masked."""

    lead_id: Annotated[str, Meta(pattern=r"^[0-9a-fA-F-]{36}\Z")] | None = field(default=None, name="_id")
    customer_id: Mark | None = None
    name: Text | None = None
    mobile: Mark | None = None
    tier: Text | None = None
    available: Decimal | None = None
    wallet: Wallet | None = None
    creditwallet: Wallet | None = None

    @property
    def coins(self) -> Decimal | None:
        """Return the balance; None where it is missing or no figure anybody could have."""
        wallet = self.wallet.available if self.wallet else None
        return sensible(self.available if wallet is None else wallet)

    @property
    def credits(self) -> Decimal | None:
        """Return the store credit, main unit."""
        return sensible(self.creditwallet.available if self.creditwallet else None)


class LeadItem(Struct, frozen=True):
    """What holds a customer."""

    item: Lead


class LeadAnswer(Struct, frozen=True):
    """Answer to a search."""

    data: LeadItem


class Movement(Struct, frozen=True):
    """One row of the ledger."""

    movement_id: Mark | None = field(default=None, name="_id")
    operation: Mark | None = None
    amount: Decimal | None = None
    title: Text | None = None
    description: Text | None = None
    hash: Mark | None = None
    created_at: Mark | None = None

    @property
    def coins(self) -> Decimal | None:
        """Return how many coins moved, without a sign; None for what makes no sense."""
        amount = sensible(self.amount)
        return None if amount is None else abs(amount)

    @property
    def at(self) -> datetime | None:
        """Return when, UTC; None where that cannot be read."""
        try:
            moment = datetime.fromisoformat(self.created_at or "")
        except ValueError:
            return None
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

    def names(self, reference: str) -> bool:
        """Say whether any of its texts holds this reference."""
        return any(reference in (text or "") for text in (self.hash, self.title, self.description))


class Cursor(Struct, frozen=True):
    """Whether there are more rows."""

    has_next: bool = False


class Movements(Struct, frozen=True):
    """Rows of the ledger."""

    items: Annotated[tuple[Movement, ...], Meta(max_length=100)]
    cursor: Cursor = Cursor()


class MovementsAnswer(Struct, frozen=True):
    """Answer to a look at the ledger."""

    data: Movements


class Written(Struct, frozen=True):
    """What a write made: here, or one level down."""

    movement_id: Mark | None = field(default=None, name="_id")
    amount: Decimal | None = None
    hash: Mark | None = None
    operation: Mark | None = None
    item: Movement | None = None

    @property
    def movement(self) -> Movement:
        """Return the row of the ledger."""
        if self.item is not None:
            return self.item
        return Movement(self.movement_id, self.operation, self.amount, hash=self.hash)


class WrittenAnswer(Struct, frozen=True):
    """Answer to a write."""

    data: Written


class Promotion(Struct, frozen=True):
    """What may be redeemed: so many coins for so much, main unit."""

    coin_value: Decimal
    fiat_value: Decimal
    title: Text | None = None


class Listed(Struct, frozen=True):
    """What may be redeemed on a bill, and the balance."""

    points_balance: Decimal | None = None
    promotions: Annotated[tuple[Promotion, ...], Meta(max_length=50)] = ()


class ListAnswer(Struct, frozen=True):
    """Answer of the checkout webhook to `list`."""

    data: Listed


class Complaint(Struct, frozen=True):
    """An error: its text, and with `list` the balance sometimes."""

    message: Text = ""
    points_balance: Decimal | None = None


class ErrorAnswer(Struct, frozen=True):
    """An error."""

    data: Complaint = Complaint()


class Meta200(Struct, frozen=True):
    """The status once more."""

    code: int | None = None


class Envelope(Struct, frozen=True):
    """What every answer has."""

    meta: Meta200 = Meta200()


def sensible(figure: Decimal | None) -> Decimal | None:
    """Return a figure that somebody may have: finite, below 10^12, at most four decimals; else None."""
    if figure is None or not figure.is_finite() or abs(figure) > MOST_COINS:
        return None
    exponent = figure.normalize().as_tuple().exponent
    return figure if isinstance(exponent, int) and exponent >= -_DECIMALS else None
