"""The settings file's section about codes: what a shop's wallet codes, cards and numbers look like."""

from __future__ import annotations

from typing import Literal

import msgspec

from cashier_app.domain.identifier import (
    CheckScheme,
    CodePattern,
    IdentifierRules,
    NumberRange,
    RulesError,
    check_rules,
)
from cashier_app.errors import KnownError

_MOST = 32


class PatternSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[codes.patterns]]`: the form of a vendor's codes.

    Args:
        name: What a person calls it.
        form: The code with its changing parts in braces, such as ``PK-{member:alphanumeric:22}``.
        send: Ask the backend with the whole ``code`` or with its ``member`` part.
        ask_as: The backend is asked for a ``wallet code`` or a ``member number``.
        period_seconds: How often a code with a one-time password changes; it then lives two periods.
        life_seconds: How long a code that changes may be used, where it has no period.
        mixed_case: It holds capitals and small letters, so that one of a single kind was changed on its way.
    """

    name: str
    form: str
    send: Literal["code", "member"] = "code"
    ask_as: Literal["wallet code", "member number"] = "wallet code"
    period_seconds: int = 0
    life_seconds: int = 300
    mixed_case: bool = False


class NumberSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[codes.numbers]]`: member numbers of this shop.

    Args:
        prefix: What each begins with; empty for anything.
        lengths: How many digits it has, prefix and check digits included.
        check: How it checks itself.
        check_digit_missing: Scanners may leave the check digit out.
    """

    lengths: tuple[int, ...]
    prefix: str = ""
    check: Literal["none", "luhn", "ean", "mod 97"] = "none"
    check_digit_missing: bool = False


class CodesSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[codes]`: what this shop's codes look like.

    Args:
        life_seconds: How long a rotating code of our own (``LR1:``) may be used.
        link_prefixes: https addresses whose last part is an id; never opened.
        link_fields: Fields of the query of such an address that hold the id instead.
        json_key: The member of a JSON object that holds the id; empty where no code is JSON.
        gs1: GS1 application identifiers that name a member.
        voucher_prefixes: What the codes of vouchers begin with, in capitals or not; where none is set, any
            code that is nobody's may be one.
    """

    wallet_prefixes: tuple[str, ...] = ("LC1:", "LR1:")
    life_seconds: int = 300
    link_prefixes: tuple[str, ...] = ()
    link_fields: tuple[str, ...] = ()
    json_key: str = ""
    gs1: tuple[Literal["8017", "8018"], ...] = ()
    patterns: tuple[PatternSection, ...] = ()
    numbers: tuple[NumberSection, ...] = ()
    voucher_prefixes: tuple[str, ...] = ()


def identifier_rules(region: str, codes: CodesSection) -> IdentifierRules:
    """Return the rules of the parser."""
    return IdentifierRules(
        region=region,
        wallet_prefixes=codes.wallet_prefixes,
        link_prefixes=codes.link_prefixes,
        link_fields=codes.link_fields,
        json_key=codes.json_key,
        gs1_keys=codes.gs1,
        life_seconds=codes.life_seconds,
        patterns=tuple(_pattern(section) for section in codes.patterns),
        numbers=tuple(
            NumberRange(
                section.prefix, section.lengths, CheckScheme(section.check), section.check_digit_missing
            )
            for section in codes.numbers
        ),
    )


def check_codes(codes: CodesSection) -> None:
    """Check what the types cannot.

    Raises:
        KnownError: A rule makes no sense; the sentence names it and says why.
    """
    if max(len(codes.patterns), len(codes.numbers)) > _MOST:
        raise KnownError(f"codes.patterns and codes.numbers: at most {_MOST} each are expected.")
    prefixes = codes.voucher_prefixes
    if len(prefixes) > _MOST or not all(0 < len(one) <= 32 and one.isprintable() for one in prefixes):
        raise KnownError(f"codes.voucher_prefixes: at most {_MOST} texts of 1 to 32 characters are expected.")
    try:
        check_rules(identifier_rules("", codes))
    except RulesError as error:
        raise KnownError(f"codes.{error}.") from error


def _pattern(section: PatternSection) -> CodePattern:
    return CodePattern(
        name=section.name,
        form=section.form,
        sends_member=section.send == "member",
        is_number=section.ask_as == "member number",
        life_seconds=2 * section.period_seconds or section.life_seconds,
        mixed_case=section.mixed_case,
    )
