"""Money and points as loyalty systems write them: in minor units, in main units, as text."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from cashier_app.domain.money import MAX_MINOR, Currency, Money

MAX_POINTS: Final = Decimal(10**12)
_PLAIN = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
_MAX_DIGITS: Final = 24
"""More than any amount has, and few enough for arithmetic to stay exact."""

_ISO_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
"""ISO 4217, list one; all others have two."""


def iso_decimals(code: str) -> int:
    """Return the decimals ISO 4217 gives a currency: what "minor units" mean to most vendors.

    A shop may use others: `Currency.decimals` is what the till uses.
    """
    return next((decimals for decimals, codes in _ISO_DECIMALS.items() if code in codes.split()), 2)


def main_units(money: Money) -> Decimal:
    """Return an amount in the currency's main unit, exact, with all decimals in use: ``23.60``, ``1200``."""
    return Decimal(money.minor).scaleb(-money.currency.decimals)


def main_text(money: Money) -> str:
    """Return an amount in the main unit as plain text, never with an exponent."""
    return f"{main_units(money):f}"


def of_main_units(
    amount: Decimal, currency: Currency, *, floor: bool = False, ceiling: bool = False
) -> Money | None:
    """Return an amount told in the main unit; None for what is no amount of this currency.

    Args:
        amount: As the vendor's JSON said it; never a float.
        currency: The till's.
        floor: Round down what is finer than the till uses, as every discount is.
        ceiling: Round it up, as what must be reached. With neither, what is finer is None.
    """
    if (
        not amount.is_finite()
        or amount.adjusted() > _MAX_DIGITS
        or len(amount.as_tuple().digits) > _MAX_DIGITS
    ):
        return None
    scaled = amount.scaleb(currency.decimals)
    whole = scaled.to_integral_value(rounding=ROUND_CEILING if ceiling else ROUND_FLOOR)
    if (whole != scaled and not (floor or ceiling)) or abs(whole) > MAX_MINOR:
        return None
    return Money(int(whole), currency)


def of_main_text(text: str, currency: Currency, *, floor: bool = False) -> Money | None:
    """Return an amount told as text in the main unit, such as ``"23.60"``; None for anything else."""
    return of_main_units(Decimal(text), currency, floor=floor) if _PLAIN.fullmatch(text) else None


def minor_units(money: Money, decimals: int) -> int:
    """Return an amount in a vendor's minor units, of which one main unit has ``10 ** decimals``.

    Raises:
        ValueError: The till uses more decimals than the vendor has, and this amount needs them.
    """
    more = decimals - money.currency.decimals
    if more >= 0:
        return money.minor * int(10**more)
    coarser = int(10**-more)
    if money.minor % coarser:
        raise ValueError("an amount finer than the backend can be told")
    return money.minor // coarser


def of_minor_units(
    minor: int, decimals: int, currency: Currency, *, floor: bool = False, ceiling: bool = False
) -> Money | None:
    """Return an amount told in a vendor's minor units; None for one that the till's currency cannot hold.

    Rounded as `of_main_units` does.
    """
    return of_main_units(Decimal(minor).scaleb(-decimals), currency, floor=floor, ceiling=ceiling)


def points_of(told: Decimal | int | str, scale: int) -> Decimal | None:
    """Return points told as a number or as text; None for what is finer than the program's, or absurd.

    Args:
        told: Never a float.
        scale: Decimals the program's points have, 0 to 4.
    """
    if isinstance(told, str) and not _PLAIN.fullmatch(told):
        return None
    points = Decimal(told)
    if not points.is_finite() or abs(points) > MAX_POINTS:
        return None
    fixed = points.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_FLOOR)
    return fixed if fixed == points else None


def whole_points(points: Decimal) -> int:
    """Return points for a vendor that knows whole ones only.

    Raises:
        ValueError: They are not whole: the program of such a vendor has no fractions.
    """
    if points != points.to_integral_value():
        raise ValueError("the backend knows whole points only")
    return int(points)
