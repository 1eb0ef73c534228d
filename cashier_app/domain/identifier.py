"""What was scanned or typed: parsed once, into a value that says what it is or why it is nothing."""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

from cashier_app.domain.member import Way

MAX_LENGTH = 256
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.~-]{3,127}")
_MEMBER_NUMBER = re.compile(r"[A-Z]{0,3}-?[0-9]{4,12}")
_PHONE_SIGNS = re.compile(r"[0-9+() ./-]+")
_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")
# No card begins with 0, but numbers dialled abroad do.
_CARD_RUN = re.compile(r"(?<![0-9])[1-9](?:[ -]?[0-9])+")
_CARD_LENGTHS = range(13, 20)
_PRODUCT_LENGTHS = (8, 12, 13, 14)


class Origin(StrEnum):
    """How a text reached us: a device or picture, or fingers."""

    SCANNED = "scanned"
    TYPED = "typed"


class WalletToken(Struct, frozen=True):
    """The text of a wallet pass; opaque to the till, sent to the backend as it is."""

    token: str

    @property
    def is_rotating(self) -> bool:
        """Say whether the code changes, so that it is seen once and cannot be copied for long."""
        return self.token.count(":") > 1


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
    STRANGE_CHARACTERS = "strange characters"
    PAYMENT_CARD = "payment card"
    PRODUCT_CODE = "product code"
    FOREIGN_LINK = "foreign link"
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


class IdentifierRules(Struct, frozen=True):
    """What this shop's codes look like.

    Args:
        region: ISO 3166 letters for phone numbers without a country code.
        wallet_prefixes: Texts a wallet code may start with; kept as part of the token.
        link_prefixes: https addresses whose last part is a token; stripped, never opened.
    """

    region: str
    wallet_prefixes: tuple[str, ...] = ("LC1:", "LR1:")
    link_prefixes: tuple[str, ...] = ()


def parse_identifier(text: str, rules: IdentifierRules, origin: Origin = Origin.TYPED) -> Parsed:
    """Return what a scanned or typed text is. Total: any text gets an answer, none is sent anywhere."""
    if len(text) > MAX_LENGTH:
        return Unrecognised(NotRecognised.TOO_LONG)
    text = _AIM.sub("", text.strip(), count=1) if text.lstrip().startswith("]") else text.strip()
    if not text:
        return Unrecognised(NotRecognised.EMPTY)
    if not (text.isascii() and text.isprintable()):
        return Unrecognised(NotRecognised.STRANGE_CHARACTERS)
    if any(text.startswith(prefix) for prefix in rules.wallet_prefixes):
        return _wallet_token(text, rules.wallet_prefixes)
    if "://" in text:
        return _link(text, rules)
    digits = re.sub(r"[^0-9]", "", text)
    if _looks_like_card(text):
        return Unrecognised(NotRecognised.PAYMENT_CARD)
    if origin is Origin.SCANNED and _looks_like_product(text):
        return Unrecognised(NotRecognised.PRODUCT_CODE)
    return _number(text, digits, rules)


def identified_by(identifier: Identifier) -> str:
    """Return an identifier as text with its kind, the form kept in an unsent effect."""
    match identifier:
        case WalletToken(token):
            return f"wallet:{token}"
        case PhoneNumber(e164):
            return f"phone:{e164}"
        case _:
            return f"number:{identifier.number}"


def way_of(identifier: Identifier) -> Way:
    """Return how the customer was identified."""
    match identifier:
        case WalletToken():
            return Way.WALLET_CODE
        case PhoneNumber():
            return Way.PHONE
        case _:
            return Way.MEMBER_NUMBER


def _wallet_token(text: str, prefixes: tuple[str, ...]) -> Parsed:
    prefix = max((prefix for prefix in prefixes if text.startswith(prefix)), key=len)
    body = text[len(prefix) :]
    if all(_TOKEN.fullmatch(part) for part in body.split(":")):
        return WalletToken(text)
    return Unrecognised(NotRecognised.STRANGE_CHARACTERS)


def _link(text: str, rules: IdentifierRules) -> Parsed:
    for prefix in rules.link_prefixes:
        rest = text.removeprefix(prefix)
        if rest != text and prefix.startswith("https://") and _TOKEN.fullmatch(rest):
            return WalletToken(rest)
    return Unrecognised(NotRecognised.FOREIGN_LINK)


def _number(text: str, digits: str, rules: IdentifierRules) -> Parsed:
    if _MEMBER_NUMBER.fullmatch(text.upper()) and not text.isdigit():
        return MemberNumber(text.upper())
    if not _PHONE_SIGNS.fullmatch(text):
        return Unrecognised(NotRecognised.NOT_OURS)
    # The library of numbering plans is large: it is loaded with the first number, not with the window.
    from cashier_app.domain import phone

    if e164 := phone.to_e164(text, rules.region):
        return PhoneNumber(e164)
    expected = phone.usual_length(rules.region)
    # Shorter runs of digits are member numbers; longer or nearly as long ones are mistyped phones.
    if text.isdigit() and _MEMBER_NUMBER.fullmatch(text) and len(text) <= expected - 2:
        return MemberNumber(text)
    return Unrecognised(NotRecognised.BAD_PHONE, digits=len(digits), expected=expected)


def _looks_like_card(text: str) -> bool:
    """Say whether this may hold a payment card number: it is then neither looked up, shown nor kept."""
    if text.startswith("+"):
        return False
    return any(_passes_luhn(re.sub(r"[ -]", "", run)) for run in _CARD_RUN.findall(text))


def _passes_luhn(digits: str) -> bool:
    """Say whether these digits end in their check digit (ISO/IEC 7812-1), as every card number does."""
    if len(digits) not in _CARD_LENGTHS:
        return False
    total = 0
    for place, character in enumerate(reversed(digits)):
        value = int(character) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _looks_like_product(text: str) -> bool:
    """Say whether this is an EAN or UPC code with a right check digit (GS1 General Specifications 7.9)."""
    if not text.isdigit() or len(text) not in _PRODUCT_LENGTHS:
        return False
    weighted = sum(int(c) * (3 if place % 2 == 0 else 1) for place, c in enumerate(reversed(text[:-1])))
    return (10 - weighted % 10) % 10 == int(text[-1])
