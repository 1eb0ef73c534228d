"""Whom a stage puts into a vendor's books, and what those books say."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from cashier_app.demo.members import load_seed


class Person(Struct, frozen=True, forbid_unknown_fields=True):
    """A made-up member, put into a vendor's books by the back door.

    Args:
        phone: E.164, or empty.
        number: Printed on the card, or empty.
        wallet_code: Text of the wallet pass, or empty.
        points: Spendable at the start.
    """

    name: str
    phone: str = ""
    number: str = ""
    wallet_code: str = ""
    email: str = ""
    points: Decimal = Decimal(0)
    blocked: bool = False


class Books(Struct, frozen=True, forbid_unknown_fields=True):
    """What the vendor's books say of one member.

    Args:
        spendable: Points that may be used now: held ones are not.
        held: Points held.
        moves: How often anything was booked, holds included: what a repeat must not raise.
        sales: How many sales are told, where the vendor has such a thing; else sales that earned.
    """

    spendable: Decimal
    held: Decimal
    moves: int
    sales: int


class StagedVoucher(Struct, frozen=True, forbid_unknown_fields=True):
    """A voucher for an amount off, put into a vendor's books by the back door.

    Args:
        minor: What it takes off, in minor units of the bill's currency; `least` the smallest bill for it.
        expired: Whether its last day was a month ago.
    """

    code: str
    minor: int
    least: int = 0
    expired: bool = False


class Noted(Struct, frozen=True, forbid_unknown_fields=True):
    """What a vendor's books note of a member beside points.

    Args:
        consents: Versions of the texts they agreed to, in the order it came.
        referred_with: The referral code they came with, or empty.
        merges: Other records that are said to be theirs.
        offers: Titles of what there is for them in particular.
    """

    consents: tuple[str, ...] = ()
    referred_with: str = ""
    merges: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()


def demo_people() -> tuple[Person, ...]:
    """Return the demo shop's members, all of them made up."""
    return tuple(
        Person(
            one.name,
            one.phone,
            one.number,
            f"LC1:{one.token}",
            points=Decimal(one.coins),
            blocked=one.blocked is not None,
        )
        for one in load_seed()
    )
