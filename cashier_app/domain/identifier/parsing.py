"""The order in which a text is read. The first reading that fits counts; cards are refused before numbers."""

from __future__ import annotations

import re

import msgspec

from cashier_app.domain.identifier import characters, gs1, links
from cashier_app.domain.identifier.check_digits import passes_gs1
from cashier_app.domain.identifier.numbers import (
    begins_a_range,
    is_product,
    read_phone_or_number,
    read_ranges,
    read_tel_link,
    valid_phone,
    without_frame,
)
from cashier_app.domain.identifier.patterns import is_token, read_patterns, read_wallet_prefix
from cashier_app.domain.identifier.rules import IdentifierRules
from cashier_app.domain.identifier.values import (
    MAX_LENGTH,
    MemberNumber,
    NotRecognised,
    Origin,
    Parsed,
    PhoneNumber,
    Unrecognised,
    WalletToken,
)

_BLANKS = " \t\r\n"
_AIM = re.compile(r"[ \t\r\n]{0,8}(?P<aim>\][A-Za-z][0-9A-Za-z])")
_TRACK_2 = re.compile(r";(?P<number>[0-9]+)(?:=[0-9=]*)?\?.?")
_STRIPE = re.compile(r"[;%+][ -~]*\?.?")
# Application identifiers that begin an element, so that a phone number in brackets is none.
_ELEMENT = re.compile(r"\x1d|\((?:0[0-4]|1[0-9]|2[0-2]|3[0-7][0-9]{0,2}|4[0-2][0-9]|[78][0-9]{3})\)")
_UNDECIDED = re.compile(r"[ -~\x1d]+")


def parse_identifier(text: str, rules: IdentifierRules, origin: Origin = Origin.TYPED) -> Parsed:
    """Return what a scanned or typed text is. Total: any text gets an answer, none is sent anywhere."""
    aim, text = _without_aim(text)
    if len(text) > MAX_LENGTH or len(text.encode("utf-8", "surrogatepass")) > MAX_LENGTH:
        return Unrecognised(NotRecognised.TOO_LONG)
    text = gs1.spelt_out(text.strip(_BLANKS))
    if not text:
        return Unrecognised(NotRecognised.EMPTY)
    return _read(text, rules, origin, aim)


def without_aim(text: str) -> str:
    """Return a text without the AIM identifier that says what kind of code it was in."""
    return _without_aim(text)[1]


def may_grow_into_number(digits: str, rules: IdentifierRules) -> bool:
    """Say whether typed digits may become a number of the shop's own, so that nothing is decided yet."""
    return begins_a_range(digits, rules)


def _without_aim(text: str) -> tuple[str, str]:
    """Return the AIM identifier, empty where there is none, and the text behind it."""
    mark = _AIM.match(text)
    return (mark["aim"], text[mark.end() :]) if mark else ("", text)


def _read(text: str, rules: IdentifierRules, origin: Origin, aim: str) -> Parsed:
    known = read_patterns(text, rules) if text.isprintable() else None
    if known is None and not text.isascii():
        known = read_patterns(characters.repaired(text), rules)
    if known is not None:
        return known
    if not text.isascii():
        plain = characters.plain_typography(text)
        phone = read_tel_link(plain, rules.region) or valid_phone(plain, rules.region)
        if isinstance(phone, PhoneNumber):
            return phone
    if not _UNDECIDED.fullmatch(text):
        return Unrecognised(characters.strange_part(text))
    if gs1.is_element_string(text, aim):
        found = _read_elements(text, rules, aim)
        if found is not None:
            return found
    if characters.GROUP_SEPARATOR in text:
        return Unrecognised(NotRecognised.CONTROL_CHARACTERS)
    return _read_plain(text, rules, origin, aim)


def _read_plain(text: str, rules: IdentifierRules, origin: Origin, aim: str) -> Parsed:
    """Read printable ASCII."""
    for reading in (
        read_wallet_prefix(text, rules),
        _read_stripe(text, rules),
        read_ranges(text, rules),
        read_ranges(without_frame(text), rules),
        read_tel_link(text, rules.region),
    ):
        if reading is not None:
            return _no_card(reading, text)
    if links.is_link(text):
        return _read_link(text, rules)
    if text.startswith("{"):
        return _read_json(text, rules)
    if gs1.number_in(text, rules.gs1_keys) and text.isdigit():
        # A scanner that drops separators and names no symbology.
        return _service_relation(gs1.number_in(text, rules.gs1_keys))
    if text.startswith(("+", "00", "(+", "(00")):
        phone = valid_phone(text, rules.region)
        if phone is not None:
            return phone
    if characters.holds_card(text):
        return Unrecognised(NotRecognised.PAYMENT_CARD)
    text = without_frame(text)
    if origin is Origin.SCANNED and is_product(text, aim):
        return Unrecognised(NotRecognised.PRODUCT_CODE)
    return read_phone_or_number(text, rules.region)


def _no_card(reading: Parsed, text: str) -> Parsed:
    """Return a reading, but a card number for what it is: a mistyped phone would stay in the field."""
    bad = isinstance(reading, Unrecognised) and reading.reason is NotRecognised.BAD_PHONE
    return Unrecognised(NotRecognised.PAYMENT_CARD) if bad and characters.holds_card(text) else reading


def _read_elements(text: str, rules: IdentifierRules, aim: str) -> Parsed | None:
    """Read GS1 elements; None where brackets alone made it look like some."""
    number = gs1.number_in(text, rules.gs1_keys)
    if number:
        return _service_relation(number)
    if not aim and valid_phone(text, rules.region):
        # An area code in brackets, such as (01), looks like an application identifier.
        return None
    if characters.holds_card(text):
        return Unrecognised(NotRecognised.PAYMENT_CARD)
    if aim in gs1.GS1_AIM or _ELEMENT.match(text):
        return Unrecognised(NotRecognised.PRODUCT_CODE)
    return None


def _service_relation(number: str) -> Parsed:
    return MemberNumber(number) if passes_gs1(number) else Unrecognised(NotRecognised.CHECK_DIGIT)


def _read_stripe(text: str, rules: IdentifierRules) -> Parsed | None:
    """Read the magnetic stripe of a card: a member's number, never a payment card's."""
    if not _STRIPE.fullmatch(text):
        return None
    track = _TRACK_2.search(text)
    number = track["number"] if track else ""
    known = read_ranges(number, rules) if number else None
    if isinstance(known, MemberNumber):
        return known
    if characters.holds_card(text) or len(number) in range(13, 20):
        return Unrecognised(NotRecognised.PAYMENT_CARD)
    if known is not None:
        return known
    return MemberNumber(number) if 4 <= len(number) <= 12 else Unrecognised(NotRecognised.NOT_OURS)


def _read_link(text: str, rules: IdentifierRules) -> Parsed:
    """Read an address of ours: what is left of it is looked at again like any code."""
    found = links.id_in(text, rules.link_prefixes, rules.link_fields)
    if found:
        return _read_inner(found, rules, NotRecognised.FOREIGN_LINK)
    reason = NotRecognised.PAYMENT_CARD if characters.holds_card(text) else NotRecognised.FOREIGN_LINK
    return Unrecognised(reason)


def _read_json(text: str, rules: IdentifierRules) -> Parsed:
    value: object = None
    if rules.json_key:
        try:
            value = msgspec.json.decode(text, type=dict[str, object]).get(rules.json_key)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            value = None
    if isinstance(value, str | int) and not isinstance(value, bool):
        return _read_inner(str(value), rules, NotRecognised.NOT_OURS)
    reason = NotRecognised.PAYMENT_CARD if characters.holds_card(text) else NotRecognised.NOT_OURS
    return Unrecognised(reason)


def _read_inner(text: str, rules: IdentifierRules, otherwise: NotRecognised) -> Parsed:
    """Read the id inside a link or an object: it must stand by itself, and be no card."""
    if not (text.isascii() and text.isprintable()):
        return Unrecognised(characters.strange_part(text))
    known = read_patterns(text, rules) or read_wallet_prefix(text, rules) or read_ranges(text, rules)
    if known is not None:
        return known
    if characters.holds_card(text):
        return Unrecognised(NotRecognised.PAYMENT_CARD)
    return WalletToken(text) if is_token(text) else Unrecognised(otherwise)
