"""What a region writes in figures, ready to read: importing Babel and merging its data takes 12 ms.

`resources/regions.json` holds for every region of Babel what `from_babel` says of it; the script
`scripts/regions.py` writes it, a test compares the two. A region that is not there is asked of Babel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from cashier_app import paths

if TYPE_CHECKING:
    from babel import Locale

FILE = "regions.json"


class Region(msgspec.Struct, frozen=True):
    """The facts behind the figures of one region.

    Args:
        language: Its code, such as ``en``.
        grouping: Digits of the last group and of those before it; 0 for none.
        currency_first: Whether the currency stands before the number.
        percent: What stands before and after whole percents.
        short_time: The pattern of the time of day, in the letters of CLDR.
        day_halves: The words for before and after noon.
        currency: The ISO code of the region's own currency; empty for none.
        symbol: Its sign.
        no_money: Its name after the number nothing.
    """

    language: str
    point: str
    comma: str
    grouping: tuple[int, int]
    currency_first: bool
    right_to_left: bool
    percent: tuple[str, str]
    short_time: str
    day_halves: tuple[str, str]
    currency: str
    symbol: str
    no_money: str


def region_of(locale: str) -> Region:
    """Return the facts of a locale such as ``en_IN``; what is not known falls back as `babel_locale` does."""
    table = msgspec.json.decode((paths.resources() / FILE).read_bytes(), type=dict[str, msgspec.Raw])
    entry = table.get(locale.replace("-", "_"))
    return from_babel(babel_locale(locale)) if entry is None else msgspec.json.decode(entry, type=Region)


def from_babel(locale: Locale) -> Region:
    """Return the facts of a locale, from Babel."""
    from datetime import time

    from babel.dates import format_time
    from babel.numbers import (
        get_currency_name,
        get_currency_symbol,
        get_decimal_symbol,
        get_group_symbol,
        get_territory_currencies,
    )

    latin = "latn"
    money = locale.currency_formats["standard"]
    percent = locale.percent_formats[None]
    own = get_territory_currencies(locale.territory)[:1] if locale.territory else []
    return Region(
        language=locale.language,
        point=get_decimal_symbol(locale, numbering_system=latin),
        comma=get_group_symbol(locale, numbering_system=latin),
        grouping=money.grouping,
        currency_first="¤" in money.prefix[0],
        right_to_left=locale.text_direction == "rtl",
        percent=(percent.prefix[0], percent.suffix[0]),
        short_time=str(locale.time_formats["short"].pattern),
        day_halves=(format_time(time(9), "a", locale=locale), format_time(time(15), "a", locale=locale)),
        currency=own[0] if own else "",
        symbol=get_currency_symbol(own[0], locale) if own else "",
        no_money=get_currency_name(own[0], 0, locale=locale) if own else "",
    )


def babel_locale(name: str) -> Locale:
    """Return Babel's locale of a name such as ``en_IN``, or of its language, or English."""
    from babel import Locale
    from babel.core import UnknownLocaleError

    wanted = name.replace("-", "_")
    language = wanted.split("_", maxsplit=1)[0]
    # Babel's plain "en" is the United States; the rest of the world writes the day before the month.
    world = ("en_001",) if language == "en" and wanted != "en" else ()
    for candidate in (wanted, *world, language, "en"):
        try:
            return Locale.parse(candidate)
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError("English is always known")
