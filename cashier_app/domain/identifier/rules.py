"""What a shop's codes and numbers look like, as its settings say, and whether that makes sense."""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

LEAST_PREFIX = 2
_MEMBER_PREFIX = r"(?:[A-Z]{1,3}-?)?[0-9]*"
_LENGTHS = range(4, 21)
_HOST = r"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?/[A-Za-z0-9._~/-]*"
# First digits of the card networks (ISO/IEC 7812-1 and the networks' own tables).
_NETWORKS = (
    *("3", "4", "50", "51", "52", "53", "54", "55", "56", "57", "58"),
    *(
        "2221",
        "2222",
        "2223",
        "2224",
        "2225",
        "2226",
        "2227",
        "2228",
        "2229",
        "223",
        "224",
        "225",
        "226",
        "227",
    ),
    *("228", "229", "23", "24", "25", "26", "270", "271", "2720", "60", "62", "64", "65", "67", "81"),
)


class CheckScheme(StrEnum):
    """How a number checks itself."""

    NONE = "none"
    LUHN = "luhn"
    EAN = "ean"
    MOD_97 = "mod 97"


class NumberRange(Struct, frozen=True):
    """The member numbers of a shop, or some of them.

    Args:
        prefix: What each begins with, letters in capitals; empty for anything.
        lengths: How many digits it has, the prefix's own and check digits included.
        check: How the number checks itself.
        check_digit_missing: Some scanners leave the last digit out; it is worked out then. EAN and Luhn only.
    """

    prefix: str
    lengths: tuple[int, ...]
    check: CheckScheme = CheckScheme.NONE
    check_digit_missing: bool = False


class CodePattern(Struct, frozen=True):
    """The form of a vendor's codes; see `forms`.

    Args:
        name: What a person calls it.
        form: Such as ``PK-{member:alphanumeric:22}``.
        sends_member: Ask the backend with the member part alone, not with the whole code.
        is_number: The member part is a member number, not a wallet code.
        life_seconds: How long a code that changes may be used.
        mixed_case: It holds capitals and small letters: one that has only one kind was changed by a scanner.
    """

    name: str
    form: str
    sends_member: bool = False
    is_number: bool = False
    life_seconds: int = 300
    mixed_case: bool = False


class IdentifierRules(Struct, frozen=True):
    """What this shop's codes look like.

    Args:
        region: ISO 3166 letters for phone numbers without a country code.
        wallet_prefixes: Texts a wallet code may start with; kept as part of the token.
        link_prefixes: https addresses whose last part is an id; stripped, never opened.
        link_fields: Fields of such an address's query that hold the id instead.
        json_key: The member of a JSON object that holds the id; empty where no code is JSON.
        gs1_keys: GS1 application identifiers that name a member: 8018 for who is served, 8017 for staff.
        life_seconds: How long a rotating code of our own may be used.
    """

    region: str
    wallet_prefixes: tuple[str, ...] = ("LC1:", "LR1:")
    link_prefixes: tuple[str, ...] = ()
    link_fields: tuple[str, ...] = ()
    json_key: str = ""
    gs1_keys: tuple[str, ...] = ()
    life_seconds: int = 300
    patterns: tuple[CodePattern, ...] = ()
    numbers: tuple[NumberRange, ...] = ()


class RulesError(ValueError):
    """Rules that make no sense; the text names the part, then says why."""


def check_rules(rules: IdentifierRules) -> None:
    """Check what the types cannot.

    Raises:
        RulesError: A rule makes no sense, or would take payment cards for members.
    """
    # An empty prefix would make a wallet code of everything, payment cards included.
    if not all(
        prefix.isascii() and prefix.isprintable() and len(prefix) >= LEAST_PREFIX
        for prefix in rules.wallet_prefixes
    ):
        raise RulesError("wallet_prefixes: at least two printable characters each are expected")
    if not all(re.fullmatch(_HOST, prefix, re.ASCII) for prefix in rules.link_prefixes):
        raise RulesError("link_prefixes: https addresses with a path, in small letters, are expected")
    if not all(re.fullmatch(r"[A-Za-z0-9_.-]{1,32}", field, re.ASCII) for field in rules.link_fields):
        raise RulesError("link_fields: names of a link's query such as id are expected")
    if not 30 <= rules.life_seconds <= 86_400:
        raise RulesError("life_seconds: seconds from 30 to 86400 are expected")
    for number, pattern in enumerate(rules.patterns, start=1):
        _check_pattern(pattern, f"patterns: {pattern.name or number}")
    for position, numbers in enumerate(rules.numbers, start=1):
        _check_numbers(numbers, f"numbers: {numbers.prefix or position}")


def _check_pattern(pattern: CodePattern, place: str) -> None:
    from cashier_app.domain.identifier.forms import FormError, compile_form  # few shops have patterns

    try:
        compiled = compile_form(pattern.form)
    except FormError as error:
        raise RulesError(f"{place}: {error}") from error
    if not 30 <= pattern.life_seconds <= 172_800:
        raise RulesError(f"{place}: a life or twice a period from 30 to 172800 seconds is expected")
    sends_whole = not (pattern.sends_member or pattern.is_number) and "member" in compiled.names
    if sends_whole and not re.fullmatch(r"[A-Za-z0-9_.~:-]*", compiled.fixed, re.ASCII):
        raise RulesError(
            f"{place}: a code sent whole holds letters, digits and _ . ~ : - only; let it send the member"
        )


def _check_numbers(numbers: NumberRange, place: str) -> None:
    own = sum(character.isdigit() for character in numbers.prefix)
    if not re.fullmatch(_MEMBER_PREFIX, numbers.prefix, re.ASCII):
        raise RulesError(f"{place}: a prefix is up to 3 capital letters, a dash, and digits")
    if not numbers.lengths or not all(length in _LENGTHS and length > own for length in numbers.lengths):
        raise RulesError(f"{place}: lengths from 4 to 20 digits, longer than the prefix, are expected")
    if numbers.check_digit_missing and numbers.check not in {CheckScheme.EAN, CheckScheme.LUHN}:
        raise RulesError(f"{place}: a check digit can be missing only with ean or luhn")
    if numbers.check is CheckScheme.NONE and not numbers.prefix and max(numbers.lengths) > 12:
        raise RulesError(f"{place}: numbers of more than 12 digits need a prefix or a check digit")
    if any(length in range(13, 20) for length in numbers.lengths) and not _apart_from_cards(numbers):
        raise RulesError(f"{place}: payment cards begin like this; a longer prefix is expected")


def _apart_from_cards(numbers: NumberRange) -> bool:
    """Say whether no payment card can be of this range."""
    if not numbers.prefix.isdigit():
        return numbers.prefix != ""
    # 13 digits are an EAN today; the only cards that had as many began with 4.
    networks = ("4",) if all(length <= 13 for length in numbers.lengths) else _NETWORKS
    return not any(
        numbers.prefix.startswith(network) or network.startswith(numbers.prefix) for network in networks
    )
