"""The answers of the parser: whom a text identifies, or why nobody."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cashier_app.domain.member import Way

MAX_LENGTH = 256
"""The longest code, in bytes of UTF-8."""


class Origin(StrEnum):
    """How a text reached us: a device or picture, or fingers."""

    SCANNED = "scanned"
    TYPED = "typed"


class ChangingCode(Struct, frozen=True):
    """The parts of a code that is another one at each showing.

    Args:
        member: The part that names the member and stays.
        proof: The part that changes and cannot be made up: a check value or one-time password.
        made_at: When the code was made, UTC; None where it does not say.
        life_seconds: How long such a code may be used.
        pattern: The name of the form it has; two forms may use the same member part for different people.
    """

    member: str
    proof: str
    made_at: datetime | None
    life_seconds: int
    pattern: str


class WalletToken(Struct, frozen=True):
    """What the backend is asked with: the text of a wallet pass, or the part that names the member.

    Args:
        changing: Set where the till understands a code that changes.
    """

    token: str
    changing: ChangingCode | None = None

    @property
    def is_rotating(self) -> bool:
        """Say whether the code changes, so that it is seen once and cannot be copied for long."""
        return self.changing is not None or self.token.count(":") > 1


class PhoneNumber(Struct, frozen=True):
    """A phone number in E.164, such as ``+919845012210``."""

    e164: str


class MemberNumber(Struct, frozen=True):
    """The number printed on a card or read out, capital letters and digits."""

    number: str


class NotRecognised(StrEnum):
    """Why a text identifies nobody."""

    EMPTY = "empty"
    TOO_LONG = "too long"
    CONTROL_CHARACTERS = "control characters"
    INVISIBLE_CHARACTERS = "invisible characters"
    FOREIGN_DIGITS = "foreign digits"
    UNREADABLE_CHARACTERS = "unreadable characters"
    STRANGE_CHARACTERS = "strange characters"
    PAYMENT_CARD = "payment card"
    PRODUCT_CODE = "product code"
    COUPON = "coupon"
    FOREIGN_LINK = "foreign link"
    CHECK_DIGIT = "check digit"
    CHANGED_CASE = "changed case"
    PHONE_EXTENSION = "phone extension"
    BAD_PHONE = "bad phone"
    NOT_OURS = "not ours"


class Unrecognised(Struct, frozen=True):
    """Nobody can be looked up by this.

    Args:
        digits: How many digits a would-be phone number has; `expected` how many one has here.
    """

    reason: NotRecognised
    digits: int = 0
    expected: int = 0


Identifier = WalletToken | PhoneNumber | MemberNumber
Parsed = Identifier | Unrecognised


def identified_by(identifier: Identifier) -> str:
    """Return an identifier as text with its kind, the form kept in an unsent effect."""
    match identifier:
        case WalletToken(token):
            return f"wallet:{token}"
        case PhoneNumber(e164):
            return f"phone:{e164}"
        case _:
            return f"number:{identifier.number}"


def lasting_key(identifier: Identifier) -> str:
    """Return what stays the same each time this customer shows this; empty where that is not known.

    A rotating code is another text at each showing: its member part stays.
    """
    if not (isinstance(identifier, WalletToken) and identifier.is_rotating):
        return identified_by(identifier)
    code = identifier.changing
    return "" if code is None else f"member part:{code.pattern}:{code.member}"


def names_same(one: Parsed | None, other: Parsed | None) -> bool:
    """Say whether two readings name the same customer, although a rotating code changed in between."""
    if isinstance(one, WalletToken) and isinstance(other, WalletToken):
        key = lasting_key(one)
        return one.token == other.token or (key != "" and key == lasting_key(other))
    return one == other


def way_of(identifier: Identifier) -> Way:
    """Return how the customer was identified."""
    match identifier:
        case WalletToken():
            return Way.WALLET_CODE
        case PhoneNumber():
            return Way.PHONE
        case _:
            return Way.MEMBER_NUMBER
