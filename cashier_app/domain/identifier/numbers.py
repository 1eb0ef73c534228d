"""Numbers: those a shop gives its members, phones, and those of products."""

from __future__ import annotations

import re
from collections.abc import Callable

from cashier_app.domain.identifier.check_digits import passes_gs1, passes_luhn, passes_mod97
from cashier_app.domain.identifier.gs1 import CASE_AIM, CASE_LENGTH, PRODUCT_AIM
from cashier_app.domain.identifier.rules import CheckScheme, IdentifierRules, NumberRange
from cashier_app.domain.identifier.values import (
    MemberNumber,
    NotRecognised,
    Parsed,
    PhoneNumber,
    Unrecognised,
)

_MEMBER_NUMBER = re.compile(r"[A-Z]{0,3}-?[0-9]{4,12}")
_PHONE_SIGNS = re.compile(r"[0-9+() ./-]+")
_TEL = re.compile(
    r"tel:(?P<number>[0-9+() ./-]+)(?:;phone-context=(?P<context>\+[0-9]{1,4}))?", re.IGNORECASE
)
_EXTENSION = re.compile(r"(?:;ext=|extn|ext|x|#|,|;)[. ]{0,2}[0-9]{1,7}", re.IGNORECASE)
_PRODUCT_LENGTHS = (8, 12, 13, 14)
_PASSES: dict[CheckScheme, Callable[[str], bool]] = {
    CheckScheme.LUHN: passes_luhn,
    CheckScheme.EAN: passes_gs1,
    CheckScheme.MOD_97: passes_mod97,
    CheckScheme.NONE: lambda _: True,
}


def read_ranges(text: str, rules: IdentifierRules) -> Parsed | None:
    """Return the number of the shop's own ranges this is, or that it was mistyped; None outside them."""
    mistyped = False
    for numbers in rules.numbers:
        for number in _spellings(text.upper(), numbers):
            if number.startswith(numbers.prefix) and _fits(number, numbers):
                if _PASSES[numbers.check](_digits(number)):
                    return MemberNumber(number)
                mistyped = True
    return Unrecognised(NotRecognised.CHECK_DIGIT) if mistyped else None


def begins_a_range(digits: str, rules: IdentifierRules) -> bool:
    """Say whether more digits could make this a number of the shop's ranges."""
    return any(
        digits.startswith(numbers.prefix[: len(digits)]) and len(digits) < max(numbers.lengths)
        for numbers in rules.numbers
        if numbers.prefix.isdigit()
    )


def is_product(text: str, aim: str) -> bool:
    """Say whether a scanned text is the number of a product: EAN, UPC or ITF-14.

    A scanner that names another symbology than those has read a card.
    """
    if not text.isdigit():
        return False
    if aim in CASE_AIM:
        return len(text) == CASE_LENGTH and passes_gs1(text)
    return aim in PRODUCT_AIM or (not aim and len(text) in _PRODUCT_LENGTHS and passes_gs1(text))


def without_frame(text: str) -> str:
    """Return a number without the start and stop signs some scanners send: Codabar letters, Code 39 stars."""
    if re.fullmatch(r"\*[^*]+\*", text):
        return text[1:-1]
    return text[1:-1] if re.fullmatch(r"[A-Da-d][0-9$:/.+-]{4,}[A-Da-d]", text) else text


def read_tel_link(text: str, region: str) -> Parsed | None:
    """Return the phone number in a ``tel:`` link (RFC 3966), why there is none, or None for other texts."""
    if text[:4].lower() != "tel:":
        return None
    parts = _TEL.fullmatch(text)
    if parts is None:
        extended = ";ext=" in text.lower()
        return Unrecognised(NotRecognised.PHONE_EXTENSION if extended else NotRecognised.NOT_OURS)
    number = parts["number"]
    if parts["context"] and not number.startswith("+"):
        number = parts["context"] + number
    return valid_phone(number, region) or _bad_phone(number, region)


def read_phone_or_number(text: str, region: str) -> Parsed:
    """Return the member number or phone this is, or why it is neither."""
    if _MEMBER_NUMBER.fullmatch(text.upper()) and not text.isdigit():
        return MemberNumber(text.upper())
    if not _PHONE_SIGNS.fullmatch(text):
        return Unrecognised(NotRecognised.PHONE_EXTENSION if _is_extended(text) else NotRecognised.NOT_OURS)
    return _phone(text, region)


def valid_phone(text: str, region: str) -> PhoneNumber | None:
    """Return the phone number a text is, whole and valid; ``00`` stands for ``+`` everywhere."""
    if not _PHONE_SIGNS.fullmatch(text):
        return None
    # The library of numbering plans is large: it is loaded with the first number, not with the window.
    from cashier_app.domain import phone

    e164 = phone.to_e164(text, region)
    if e164 is None and (abroad := re.match(r"\(?00\)?", text)):
        e164 = phone.to_e164("+" + text[abroad.end() :], region)
    return PhoneNumber(e164) if e164 else None


def _phone(text: str, region: str) -> Parsed:
    if found := valid_phone(text, region):
        return found
    bad = _bad_phone(text, region)
    # Shorter runs of digits are member numbers; longer or nearly as long ones are mistyped phones.
    if text.isdigit() and _MEMBER_NUMBER.fullmatch(text) and len(text) <= bad.expected - 2:
        return MemberNumber(text)
    return bad


def _bad_phone(text: str, region: str) -> Unrecognised:
    from cashier_app.domain import phone

    return Unrecognised(
        NotRecognised.BAD_PHONE, digits=len(_digits(text)), expected=phone.usual_length(region)
    )


def _is_extended(text: str) -> bool:
    """Say whether this is a phone number with the number of a desk behind it."""
    number = _PHONE_SIGNS.match(text)
    if number is None or len(_digits(number[0])) < 6:
        return False
    return _EXTENSION.fullmatch(text, number.end()) is not None


def _spellings(text: str, numbers: NumberRange) -> list[str]:
    """Return the numbers a text may stand for: UPC-A is 12 digits, or 13 with a leading 0."""
    # People group what they type; a dash belongs to a number only after its letters.
    plain = re.sub(r"[ -]", "", text) if text[:1].isdigit() else text
    spellings = [plain]
    if plain.isdigit() and len(plain) == 13 and plain[0] == "0":
        spellings.append(plain[1:])
    if plain.isdigit() and len(plain) == 12:
        spellings.append("0" + plain)
    if numbers.check_digit_missing:
        passes = _PASSES[numbers.check]
        spellings += [f"{plain}{digit}" for digit in "0123456789" if passes(_digits(plain) + digit)]
    return [spelling for spelling in spellings if re.fullmatch(r"[A-Z]{0,3}-?[0-9]{4,20}", spelling)]


def _fits(number: str, numbers: NumberRange) -> bool:
    rest = number[len(numbers.prefix) :]
    return rest.isdigit() and len(_digits(number)) in numbers.lengths


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)
