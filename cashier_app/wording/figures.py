"""Amounts, points, times and days as people of one region read them. Never parses anything.

Separators, grouping, the place of the currency and the order of dates are Babel's (Unicode CLDR); digits are
always Latin, as on every till and card terminal.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, tzinfo
from datetime import time as wall_time
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from cashier_app.domain.amount_entry import AmountEntry
from cashier_app.domain.money import Currency, Money
from cashier_app.wording.regions import babel_locale, region_of

if TYPE_CHECKING:
    from babel import Locale

MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"
_CLOCK = re.compile("HH|H|hh|h|mm|ss|a")
_WEEKDAY, _MONTH = re.compile("E+|ccc+"), re.compile("MMM+|LLL+")
_ANY_DAY = date(2026, 1, 5)
_BIDI_MARKS = dict.fromkeys((0x061C, 0x200E, 0x200F))


class CurrencyDisplay(StrEnum):
    """How the currency is named beside an amount."""

    SIGN = "sign"
    CODE = "code"


class Hours(Enum):
    """Whether the day has 24 hours or twice 12."""

    BY_REGION = "by region"
    TWELVE = "h:mm a"
    TWENTY_FOUR = "HH:mm"


class TypedAmount(NamedTuple):
    """An amount being typed: what was typed, and the rest that is shown dim."""

    typed: str
    dim: str


class _Style(Struct, frozen=True):
    before: str
    after: str
    is_sign: bool


class Figures:
    """Figures as one region writes them.

    Args:
        locale: Language and region, such as ``en_IN``; an unknown one falls back to
            its language, then English.
        zone: Where times of day are shown.
        currency_display: Sign where the region has one it can show, or always the code.
        hours: 24 or 12 hours; by default what the region uses.
    """

    def __init__(
        self,
        locale: str,
        zone: tzinfo,
        *,
        currency_display: CurrencyDisplay = CurrencyDisplay.SIGN,
        hours: Hours = Hours.BY_REGION,
    ) -> None:
        self.locale = locale
        self.zone = zone
        self._region = region_of(locale)
        self._display = currency_display
        self._hours = hours
        self._point, self._comma = self._region.point, self._region.comma
        self._grouping = self._region.grouping
        self._currency_first = self._region.currency_first or self.is_right_to_left
        self._styles: dict[Currency, _Style] = {}
        before, after = self._region.percent
        self._percent = (_unmarked(before), _unmarked(after))

    @cached_property
    def _babel(self) -> Locale:
        """Return what says the rest; slow, and not needed for the first frame."""
        return babel_locale(self.locale)

    @property
    def is_right_to_left(self) -> bool:
        """Say whether the language of the region is written from right to left."""
        return self._region.right_to_left

    def language_name(self, code: str) -> str:
        """Return what a language is called here, such as ``English`` for ``en``; an unknown code as it is."""
        return self._babel.languages.get(code) or code

    def money(self, amount: Money) -> str:
        """Return an amount with all used decimals, such as ``₹2,36,000.00`` or ``KWD 23.750``."""
        return self._dress(amount, self._number(abs(amount.minor), amount.currency.decimals))

    def money_short(self, amount: Money) -> str:
        """Return an amount without decimals where they are all zero, such as ``₹200``."""
        return self._dress(amount, self._short_number(amount))

    def money_tight(self, amount: Money) -> str:
        """Return a short amount without its currency where that is a letter code: ``₹200`` but ``4.750``."""
        if self._style(amount.currency).is_sign:
            return self.money_short(amount)
        return (MINUS if amount.minor < 0 else "") + self._short_number(amount)

    def signed_money(self, amount: Money) -> str:
        """Return an amount with its sign, such as ``+₹21.00``; nothing has none."""
        return ("+" if amount.minor > 0 else "") + self.money(amount)

    def points(self, points: Decimal) -> str:
        """Return points, grouped, with only the decimals that are needed, such as ``1,240`` or ``0.5``.

        Two decimals stay two, as with the money such points stand for: ``12.40``.
        """
        units, _, decimals = f"{abs(points):f}".partition(".")
        if len(decimals) != 2 or decimals == "00":
            decimals = decimals.rstrip("0")
        number = self._group(units) + (self._point + decimals if decimals else "")
        return (MINUS if points < 0 else "") + number

    def signed_points(self, points: Decimal) -> str:
        """Return points with their sign, such as ``+21``; nothing has none."""
        return ("+" if points > 0 else "") + self.points(points)

    def count(self, n: int) -> str:
        """Return a whole number, grouped."""
        return (MINUS if n < 0 else "") + self._group(str(abs(n)))

    def percent(self, n: int | Decimal) -> str:
        """Return percents with the decimals that are needed, such as ``65%`` or ``2.5%``."""
        before, after = self._percent
        return f"{before}{self.points(Decimal(n))}{after}"

    def time(self, at: datetime) -> str:
        """Return the time of day in the shop's zone, such as ``14:32`` or ``2:32 pm``."""
        return self._time(at, "short", seconds=False)

    def time_of_day(self, clock: wall_time) -> str:
        """Return a time of the shop's day that belongs to no date, such as ``16:00``."""
        return self.time(datetime.combine(_ANY_DAY, clock, self.zone))

    def time_with_seconds(self, at: datetime) -> str:
        """Return the time of day to the second in the shop's zone."""
        return self._time(at, "medium", seconds=True)

    def moment(self, at: datetime, now: datetime) -> str:
        """Return the time of day, with the day before it when that is not today's."""
        local, today = at.astimezone(self.zone).date(), now.astimezone(self.zone).date()
        time = self.time(at)
        return time if local == today else f"{self.short_day(local, today)} {time}"

    def day(self, on: date) -> str:
        """Return weekday, day and month, such as ``Fri 27 Nov``."""
        return self._date("MMMEd", on)

    def short_day(self, on: date, today: date | None = None) -> str:
        """Return day and month, such as ``19 Nov``; with the year when it is not that of `today`."""
        return self._date("MMMd" if today is None or today.year == on.year else "yMMMd", on)

    def full_day(self, on: date, today: date | None = None) -> str:
        """Return weekday, day and month in full, such as ``Saturday 21 November``; another year is named."""
        from babel.dates import format_date

        short = _date_pattern(self._babel, "MMMEd" if today is None or today.year == on.year else "yMMMEd")
        return format_date(on, _MONTH.sub("MMMM", _WEEKDAY.sub("EEEE", short)), locale=self._babel)

    def short_weekday(self, on: date) -> str:
        """Return weekday and day of the month, such as ``Fri 27``."""
        return self._date("Ed", on)

    def month(self, of: date) -> str:
        """Return month and year in full, such as ``November 2026``."""
        return self._date("yMMMM", of)

    def typed_amount(self, entry: AmountEntry, *, minus: bool = False) -> TypedAmount:
        """Return an amount being typed and the untyped rest, such as ``₹2,360`` and ``.00``."""
        style, places = self._style(entry.currency), entry.currency.decimals
        typed = (MINUS if minus else "") + style.before + self._group(entry.units or "0")
        if entry.decimals is None:
            dim = self._point + "0" * places if places else ""
        else:
            typed += self._point + entry.decimals
            dim = "0" * (places - len(entry.decimals))
        return TypedAmount(typed, dim + style.after)

    def spoken_money(self, amount: Money) -> str:
        """Return an amount for a screen reader, such as ``2,160 rupees``."""
        units, rest = divmod(abs(amount.minor), amount.currency.minor_per_unit)
        number = Decimal(units) if not rest else Decimal(abs(amount.minor)).scaleb(-amount.currency.decimals)
        name = self._currency_name(amount.currency.code, number)
        if self._region.language == "en":
            # The till knows one currency: "Indian" before each amount would only be noise.
            name = name.rsplit(" ", maxsplit=1)[-1]
        sign = MINUS if amount.minor < 0 else ""
        return f"{sign}{self._short_number(amount)} {name}"

    def _currency_name(self, code: str, number: Decimal) -> str:
        if not number and code == self._region.currency:
            return self._region.no_money
        from babel.numbers import get_currency_name

        return get_currency_name(code, number, locale=self._babel)

    def _number(self, minor: int, places: int) -> str:
        if not places:
            return self._group(str(minor))
        digits = str(minor).rjust(places + 1, "0")
        return f"{self._group(digits[:-places])}{self._point}{digits[-places:]}"

    def _short_number(self, amount: Money) -> str:
        units, rest = divmod(abs(amount.minor), amount.currency.minor_per_unit)
        if rest:
            return self._number(abs(amount.minor), amount.currency.decimals)
        return self._group(str(units))

    def _group(self, digits: str) -> str:
        first, others = self._grouping
        if len(digits) <= first or not first:
            return digits
        parts = [digits[-first:]]
        rest = digits[:-first]
        while rest:
            parts.append(rest[-others:])
            rest = rest[:-others]
        return self._comma.join(reversed(parts))

    def _dress(self, amount: Money, number: str) -> str:
        style = self._style(amount.currency)
        return f"{MINUS if amount.minor < 0 else ''}{style.before}{number}{style.after}"

    def _style(self, currency: Currency) -> _Style:
        style = self._styles.get(currency)
        if style is None:
            style = self._styles[currency] = self._new_style(currency)
        return style

    def _new_style(self, currency: Currency) -> _Style:
        symbol = currency.code
        if self._display is CurrencyDisplay.SIGN:
            symbol = self._currency_symbol(currency.code)
        # Letters written from right to left would turn the whole amount round: the code is read everywhere.
        if any(unicodedata.bidirectional(character) in {"R", "AL"} for character in symbol):
            symbol = currency.code
        is_sign = symbol != currency.code
        if not self._currency_first:
            return _Style("", NO_BREAK + symbol, is_sign)
        return _Style(symbol + (NO_BREAK if symbol[-1].isalpha() or symbol[-1] == "." else ""), "", is_sign)

    def _currency_symbol(self, code: str) -> str:
        if code == self._region.currency:
            return self._region.symbol
        from babel.numbers import get_currency_symbol

        return get_currency_symbol(code, self._babel)

    def _time(self, at: datetime, width: str, *, seconds: bool) -> str:
        local = at.astimezone(self.zone)
        pattern = width
        if self._hours is not Hours.BY_REGION:
            pattern = self._hours.value.replace("mm", "mm:ss") if seconds else self._hours.value
        simple = self._region.short_time if pattern == "short" else pattern
        if "'" not in simple and not any(letter.isalpha() for letter in _CLOCK.sub("", simple)):
            return _unmarked(self._clock(local, simple))
        from babel.dates import format_time

        return _unmarked(format_time(local.time(), pattern, locale=self._babel))

    def _clock(self, at: datetime, pattern: str) -> str:
        """Return the time of day in a pattern of hours, minutes, seconds and halves of the day."""
        hour = at.hour % 12 or 12
        values = {
            "HH": f"{at.hour:02}",
            "H": str(at.hour),
            "hh": f"{hour:02}",
            "h": str(hour),
            "mm": f"{at.minute:02}",
            "ss": f"{at.second:02}",
            "a": self._region.day_halves[at.hour >= 12],
        }
        return _CLOCK.sub(lambda found: values[found[0]], pattern)

    def _date(self, skeleton: str, on: date) -> str:
        from babel.dates import format_date

        return format_date(on, _date_pattern(self._babel, skeleton), locale=self._babel)


@lru_cache(maxsize=256)
def _date_pattern(locale: Locale, skeleton: str) -> str:
    """Return the region's order of day and month; a comma after the weekday only costs room."""
    pattern = str(locale.datetime_skeletons[skeleton].pattern)
    return pattern.replace("E, ", "E ").replace("E، ", "E ").replace("ccc, ", "ccc ")


def _unmarked(text: str) -> str:
    return text.translate(_BIDI_MARKS)
