"""Amounts out of pasted text and command lines. Never guesses: what could mean two amounts is doubtful.

Keys pressed at the till never come here; they go through `AmountEntry`. Babel is not used to parse: it reads
``1200.50`` as 120050 in German.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from babel import Locale
from babel.core import UnknownLocaleError, get_global
from babel.languages import get_official_languages
from babel.numbers import get_currency_symbol, get_territory_currencies
from msgspec import Struct

from cashier_app.domain.money import MAX_MINOR, Currency, Money

MAX_TEXT = 64
_ALIKE = str.maketrans(
    {
        "\N{NO-BREAK SPACE}": " ",
        "\N{NARROW NO-BREAK SPACE}": " ",
        "\N{THIN SPACE}": " ",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    }
)
_MINUS_SIGNS = ("-", "\N{MINUS SIGN}", "\N{EN DASH}")
_PARTS = re.compile(r"([^0-9 ,'+()-]*) ?([0-9](?:[0-9 ,.']*[0-9])?) ?([^0-9 ,'+()-]*)")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}([ ,.'])[0-9]{3}(?:\1[0-9]{3})*")
_INDIAN = re.compile(r"[1-9][0-9]?([ ,.'])(?:[0-9]{2}\1)+[0-9]{3}")


class Doubt(StrEnum):
    """Why a text is not taken for an amount."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not a number"
    FOREIGN_DIGITS = "foreign digits"
    NEGATIVE = "negative"
    OTHER_CURRENCY = "other currency"
    DECIMALS = "decimals"
    GROUPING = "grouping"
    TOO_LARGE = "too large"


class DoubtfulAmount(Struct, frozen=True):
    """A text that is no amount, or might be two."""

    reason: Doubt


def parse_amount(text: str, currency: Currency, *, locale: str = "en") -> Money | DoubtfulAmount:
    """Return the amount a text says, or why that is in doubt. Total: never raises.

    The last ``.`` or ``,`` followed by exactly the currency's decimals is the point. What stands before it
    must be grouped by another sign, in threes or as in India, or not at all. `locale` is only
    asked how it writes the currency, never how it writes numbers.
    """
    if len(text) > MAX_TEXT:
        return DoubtfulAmount(Doubt.TOO_LARGE)
    cleaned = text.translate(_ALIKE).strip()
    if not cleaned:
        return DoubtfulAmount(Doubt.EMPTY)
    if any(character.isdigit() and not character.isascii() for character in cleaned):
        return DoubtfulAmount(Doubt.FOREIGN_DIGITS)
    if cleaned[0] in _MINUS_SIGNS or cleaned[-1] in _MINUS_SIGNS or cleaned[0] + cleaned[-1] == "()":
        return DoubtfulAmount(Doubt.NEGATIVE)
    parts = _PARTS.fullmatch(cleaned)
    if parts is None:
        return DoubtfulAmount(Doubt.NOT_A_NUMBER)
    before, number, after = parts.groups()
    if before and after:
        return DoubtfulAmount(Doubt.NOT_A_NUMBER)
    if (before or after) and not _names(before or after, currency.code, locale):
        return DoubtfulAmount(Doubt.OTHER_CURRENCY)
    return _number(number, currency)


def _names(text: str, code: str, locale: str) -> bool:
    if text.upper() == code or text in _symbols(code):
        return True
    try:
        return text == get_currency_symbol(code, locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return False


@lru_cache(maxsize=16)
def _symbols(code: str) -> frozenset[str]:
    """Return the signs of a currency in the languages of the places that use it."""
    symbols = {get_currency_symbol(code, "en")}
    for territory in get_global("territory_currencies"):
        if code not in get_territory_currencies(territory):
            continue
        for language in get_official_languages(territory):
            try:
                locale = Locale.parse(f"{language}_{territory}")
            except (UnknownLocaleError, ValueError):
                continue
            symbols.add(get_currency_symbol(code, locale))
    return frozenset(symbols)


def _number(number: str, currency: Currency) -> Money | DoubtfulAmount:
    units, decimals = number, ""
    at = max(number.rfind("."), number.rfind(","))
    if currency.decimals and at > 0 and len(number) - at - 1 == currency.decimals:
        units, decimals = number[:at], number[at + 1 :]
        if number[at] in units:
            return DoubtfulAmount(Doubt.GROUPING)
    elif at > 0 and not _is_grouped(number):
        few = len(number) - at - 1 != 3
        return DoubtfulAmount(Doubt.DECIMALS if few else Doubt.GROUPING)
    if not (units.isdigit() or _is_grouped(units)):
        return DoubtfulAmount(Doubt.GROUPING)
    if not (decimals.isdigit() or not decimals):
        return DoubtfulAmount(Doubt.GROUPING)
    digits = "".join(character for character in units if character.isdigit())
    minor = int(digits + decimals.ljust(currency.decimals, "0"))
    return Money(minor, currency) if minor <= MAX_MINOR else DoubtfulAmount(Doubt.TOO_LARGE)


def _is_grouped(units: str) -> bool:
    return (_THOUSANDS.fullmatch(units) or _INDIAN.fullmatch(units)) is not None
