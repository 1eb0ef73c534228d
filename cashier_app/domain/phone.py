"""Phone numbers by the numbering plans of their regions, as the library phonenumbers knows them."""

from __future__ import annotations

import phonenumbers

DEFAULT_LENGTH = 10
DIGITS = range(7, 16)
"""Of an E.164 number, its country code included: 15 at most (ITU-T E.164, 6.1), 7 at least in our contract.

Some numbering plans list shorter and longer ones.
"""


def is_region(code: str) -> bool:
    """Say whether these letters name a region with a numbering plan, such as ``IN``."""
    return code in phonenumbers.SUPPORTED_REGIONS


def to_e164(text: str, region: str) -> str | None:
    """Return a whole, valid number of this region (or any, after ``+``) in E.164, or None."""
    if not is_complete_phone(text, region):
        return None
    number = phonenumbers.parse(text, region)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national_digits(e164: str) -> str:
    """Return a valid number in E.164 as it is typed in its own region, without the country code."""
    return phonenumbers.national_significant_number(phonenumbers.parse(e164))


def usual_length(region: str) -> int:
    """Return how many digits a mobile number of this region has, without the country code."""
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    return len(phonenumbers.national_significant_number(example)) if example else DEFAULT_LENGTH


def mask_phone(e164: str) -> str:
    """Return a phone number with all but the country code and the last three digits hidden."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return ""
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    country, _, rest = shown.partition(" ")
    kept = 3
    masked: list[str] = []
    for character in reversed(rest):
        if character.isdigit() and kept > 0:
            kept -= 1
            masked.append(character)
        else:
            masked.append("•" if character.isdigit() else character)
    return f"{country} {''.join(reversed(masked))}"


def mask_typed_phone(e164: str) -> str:
    """Return a phone number with two digits before the last three hidden, enough to read back."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return ""
    shown = list(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
    places = [index for index, character in enumerate(shown) if character.isdigit()]
    for index in places[-5:-3]:
        shown[index] = "•"
    return "".join(shown)


def group_typed_digits(text: str, region: str) -> str:
    """Return digits as typed so far, grouped as phone numbers are in this region."""
    formatter = phonenumbers.AsYouTypeFormatter(region)
    shown = ""
    for character in text:
        if character.isdigit() or character == "+":
            shown = formatter.input_digit(character)
    return shown or text


def is_complete_phone(text: str, region: str) -> bool:
    """Say whether the digits typed so far are a whole, valid phone number of this region."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return False
    digits = len(str(number.country_code)) + len(phonenumbers.national_significant_number(number))
    return digits in DIGITS and phonenumbers.is_valid_number(number)


def ends_a_phone(text: str, region: str) -> bool:
    """Say whether these digits are a whole phone number and no longer one of this region begins with them."""
    longer = (f"{text}{digit}" for digit in "0123456789")
    return is_complete_phone(text, region) and not any(is_complete_phone(more, region) for more in longer)
