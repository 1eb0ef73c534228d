"""However people write a phone number, it is the same one."""

# ruff: noqa: RUF001 - digits of other scripts are part of the matter

from __future__ import annotations

from collections.abc import Iterator

import phonenumbers
import pytest

from cashier_app.domain.identifier import (
    IdentifierRules,
    NotRecognised,
    PhoneNumber,
    Unrecognised,
    parse_identifier,
)

FORMATS = (
    phonenumbers.PhoneNumberFormat.E164,
    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    phonenumbers.PhoneNumberFormat.NATIONAL,
    phonenumbers.PhoneNumberFormat.RFC3966,
)
KINDS = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


def written(number: phonenumbers.PhoneNumber) -> Iterator[str]:
    """Yield the ways a number is written: each format, with other signs between its groups."""
    for form in FORMATS:
        text = phonenumbers.format_number(number, form)
        yield text
        for sign in (" ", "-", ".", "/", "", "\u2013", "\xa0", "  "):
            yield text.replace("-", " ").replace(" ", sign)
    international = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    yield f"00{international[1:]}"
    yield f"(+{international[1:].replace(' ', ') ', 1)}"
    yield f"  {international}\r\n"
    yield phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.RFC3966).replace("tel:", "TEL:")


@pytest.mark.parametrize("region", REGIONS)
def test_every_way_of_writing_is_the_same_number(region: str) -> None:
    rules = IdentifierRules(region)
    missed = []
    for kind in KINDS:
        number = phonenumbers.example_number_for_type(region, kind)
        if number is None:
            continue
        e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        missed += [
            (text, parsed)
            for text in written(number)
            if (parsed := parse_identifier(text, rules)) != PhoneNumber(e164)
        ]
    assert missed == []


@pytest.mark.parametrize("region", ["IN", "US", "JP", "AU", "BR", "KW"])
def test_a_number_from_abroad_is_read_in_every_shop(region: str) -> None:
    rules = IdentifierRules(region)
    for text in ("+44 (0)20 7946 0958", "0044 20 7946 0958", "+44-20-7946-0958", "tel:+44-20-7946-0958"):
        assert parse_identifier(text, rules) == PhoneNumber("+442079460958")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("9845012210 ext. 12", NotRecognised.PHONE_EXTENSION),
        ("9845012210x12", NotRecognised.PHONE_EXTENSION),
        ("+91 98450 12210 #12", NotRecognised.PHONE_EXTENSION),
        ("9845012210,12", NotRecognised.PHONE_EXTENSION),
        ("tel:+919845012210;ext=12", NotRecognised.PHONE_EXTENSION),
        ("tel:+91%2098450", NotRecognised.NOT_OURS),
        ("９８４５０１２２１０", NotRecognised.FOREIGN_DIGITS),
        ("٩٨٤٥٠١٢٢١٠", NotRecognised.FOREIGN_DIGITS),
        ("९८४५०१२२१०", NotRecognised.FOREIGN_DIGITS),
        ("98450\u200b12210", NotRecognised.INVISIBLE_CHARACTERS),
        ("\u202a+919845012210\u202c", NotRecognised.INVISIBLE_CHARACTERS),
        ("+4111111111111111", NotRecognised.PAYMENT_CARD),
        ("tel:+4111111111111111", NotRecognised.PAYMENT_CARD),
        ("tel:12345", NotRecognised.BAD_PHONE),
    ],
)
def test_what_is_no_phone_says_why(text: str, reason: NotRecognised) -> None:
    parsed = parse_identifier(text, IdentifierRules("IN"))
    assert isinstance(parsed, Unrecognised)
    assert parsed.reason is reason


def test_a_tel_link_may_name_its_country_apart() -> None:
    parsed = parse_identifier("tel:2079460958;phone-context=+44", IdentifierRules("IN"))
    assert parsed == PhoneNumber("+442079460958")


def test_no_longer_and_no_shorter_number_than_e164_allows_is_a_phone() -> None:
    assert isinstance(parse_identifier("98261234123412", IdentifierRules("DE")), Unrecognised)
