"""Every figure of a period by its key, exact, and as it is written for people."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import cast

from msgspec.structs import asdict

from cashier_app.domain.figures import Figures, Times
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.rates import minutes_of, nearest, percent_of, rates_of
from cashier_app.wording.speech import Wording

Value = int | Decimal | Fraction | None
"""As counted or worked out, exact: see `Unit`."""


class Unit(Enum):
    """What a figure is shown in. Its value is kept exact in the unit named behind it."""

    COUNT = "number"
    MONEY = "money"
    """Minor units; an average of them is a fraction."""
    POINTS = "points"
    SHARE = "percent"
    """A fraction of one."""
    TENTHS = "seconds"
    """Tenths of a second."""
    SECONDS = "minutes"
    """Seconds."""


def values_of(
    figures: Figures, times: Times | None = None, offline_seconds: int | None = None
) -> dict[str, Value]:
    """Return the value of every figure by its key; None where there is none."""
    times = times or Times()
    return {
        **asdict(figures),
        **asdict(rates_of(figures)),
        "scan_to_done_median": times.median,
        "scan_to_done_95": times.ninety_fifth,
        "offline_seconds": offline_seconds,
    }


def value_text(value: Value, unit: Unit, currency: Currency, wording: Wording) -> str:
    """Return a value as people read it, such as ``65%``; a dash where there is none."""
    if value is None:
        return "–"  # noqa: RUF001 - a dash is meant
    figures = wording.figures
    match unit:
        case Unit.MONEY:
            return figures.money(Money(nearest(Fraction(value)), currency))
        case Unit.POINTS:
            return figures.points(Decimal(cast("Decimal", value)))
        case Unit.SHARE:
            return figures.percent(percent_of(Fraction(value)))
        case Unit.TENTHS:
            return wording.text("{n} s", n=figures.points(Decimal(int(value)).scaleb(-1)))
        case Unit.SECONDS:
            return wording.text("{n} min", n=figures.count(minutes_of(int(value))))
        case Unit.COUNT:
            return figures.count(int(value))
