"""Figures of a program document: exact, bounded, never negative.

Each is its own type, so that a document is read straight into the rules: `msgspec` hands every figure to
`read_figure`, which knows the currency's decimals and the scale of the points.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from cashier_app.domain.money import MAX_MINOR

MAX_FACTOR = 1000
_DIGITS = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,12})?\Z")
_RATE_DECIMALS = 8
_FACTOR_DECIMALS = 6
_MOST_DIGITS = 28


class Amount(int):
    """Money in minor units; a document writes it in the currency's main unit, such as ``"500.00"``."""

    __slots__ = ()


class ExactPoints(Decimal):
    """Points before they are rounded, zero or more, at most eight decimals: 1.5 for each 1.00 spent."""

    __slots__ = ()


class Points(ExactPoints):
    """Points, zero or more, of the program's scale."""

    __slots__ = ()


class Rate(Decimal):
    """An amount in the main unit that is multiplied or divided by, above zero, at most eight decimals."""

    __slots__ = ()


class Percent(Decimal):
    """Hundredths, 0 to 1000, at most six decimals."""

    __slots__ = ()


class Factor(Decimal):
    """What points are multiplied by, 0 to 1000, at most six decimals."""

    __slots__ = ()


class Threshold(Decimal):
    """Where a tier begins: points, visits, or an amount in the main unit; at most eight decimals."""

    __slots__ = ()


def read_figure(kind: type[Any], value: object, decimals: int, scale: int) -> Amount | Decimal:
    """Return a figure read from a document: a whole number, an exact decimal, or one as text.

    Args:
        kind: One of the types of this module.
        value: What the document holds; an `int`, a `Decimal` or ASCII text such as ``12.50``.
        decimals: Decimals of the currency.
        scale: Decimals of the points.

    Raises:
        ValueError: What was expected, as a sentence without the value.
    """
    exact = _exact(value)
    if issubclass(kind, Amount):
        minor = None if exact is None else _whole(exact, decimals, MAX_MINOR)
        if minor is None:
            raise ValueError(f"Expected an amount of zero or more {_fineness(decimals)}")
        return Amount(minor)
    most, places, expected = _bounds(kind, scale)
    units = None if exact is None else _whole(exact, places, most * 10**places)
    if units is None or (kind is Rate and units == 0):
        raise ValueError(expected)
    figure: Decimal = kind(_plain(units, places))
    return figure


def _bounds(kind: type[Any], scale: int) -> tuple[int, int, str]:
    if kind is Points:
        return 10**12, scale, f"Expected points of zero or more {_fineness(scale)}"
    if kind is ExactPoints:
        return (
            10**12,
            _RATE_DECIMALS,
            f"Expected points of zero or more with at most {_RATE_DECIMALS} decimals",
        )
    if kind is Rate:
        return 10**13, _RATE_DECIMALS, f"Expected a number above zero with at most {_RATE_DECIMALS} decimals"
    if kind is Threshold:
        return 10**13, _RATE_DECIMALS, f"Expected zero or more with at most {_RATE_DECIMALS} decimals"
    what = "percent" if kind is Percent else "a factor"
    return MAX_FACTOR, _FACTOR_DECIMALS, f"Expected {what} from 0 to {MAX_FACTOR}"


def _fineness(decimals: int) -> str:
    return f"with at most {decimals} decimals" if decimals else "without decimals"


def _exact(value: object) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value) if -(10**16) < value < 10**16 else None
    if isinstance(value, Decimal):
        # More digits than this would be rounded by the arithmetic below, silently.
        return value if value.is_finite() and len(value.as_tuple().digits) <= _MOST_DIGITS else None
    return Decimal(value) if isinstance(value, str) and _DIGITS.match(value) else None


def _whole(exact: Decimal, places: int, most: int) -> int | None:
    """Return the number of smallest units, or None where it is negative, too fine or too large."""
    if not exact:
        return 0
    if exact < 0 or exact.adjusted() > _MOST_DIGITS - places or exact.adjusted() < -places:
        return None
    units = exact.scaleb(places)
    whole = int(units)
    return whole if whole == units and whole <= most else None


def _plain(units: int, places: int) -> Decimal:
    """Return smallest units as a decimal without a sign, an exponent or zeros nobody needs."""
    whole, part = divmod(units, 10**places)
    return Decimal(units).scaleb(-places).normalize() if part else Decimal(whole)
