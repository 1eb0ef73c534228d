"""Every figure of a period by its key, exact, and as it is shown: a dash where there is none."""

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

NONE = "\N{EN DASH}"
"""Stands where there is no figure: no average without sales, no time that was not measured."""
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
    """Return a value of `values_of` as people read it."""
    if value is None:
        return NONE
    match unit:
        case Unit.MONEY:
            return wording.figures.money(Money(nearest(Fraction(value)), currency))
        case Unit.POINTS:
            return wording.figures.points(Decimal(cast("Decimal", value)))
        case Unit.SHARE:
            return share_text(Fraction(value), wording)
        case Unit.TENTHS:
            return tenths_text(int(value), wording)
        case Unit.SECONDS:
            return minutes_text(int(value), wording)
        case Unit.COUNT:
            return wording.figures.count(int(value))


def share_text(share: Fraction | None, wording: Wording) -> str:
    """Return a share in percent, such as ``65%``."""
    return NONE if share is None else wording.figures.percent(percent_of(share))


def tenths_text(tenths: int | None, wording: Wording) -> str:
    """Return a time given in tenths of a second, such as ``11.4 s``; always with its decimal."""
    if tenths is None:
        return NONE
    seconds, rest = divmod(tenths, 10)
    point = wording.figures.points(Decimal("0.5"))[1]
    return wording.text("{n} s", n=f"{wording.figures.count(seconds)}{point}{rest}")


def minutes_text(seconds: int | None, wording: Wording) -> str:
    """Return a time given in seconds, in minutes, such as ``18 min``; an hour and more as ``2 h 05 min``."""
    if seconds is None:
        return NONE
    hours, minutes = divmod(minutes_of(seconds), 60)
    if not hours:
        return wording.text("{n} min", n=wording.figures.count(minutes))
    return wording.text(
        "{hours} h {minutes} min", hours=wording.figures.count(hours), minutes=f"{minutes:02}"
    )
