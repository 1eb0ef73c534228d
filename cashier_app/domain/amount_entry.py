"""An amount being typed: digits fill the units, a point starts the decimals."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.money import Currency, Money

MAX_UNIT_DIGITS = 10


class AmountEntry(Struct, frozen=True):
    """What has been typed so far.

    Args:
        currency: Gives the number of decimals that can be typed.
        units: Digits before the point, without leading zeros; empty means nothing typed.
        decimals: Digits after the point; None until the point is typed.
    """

    currency: Currency
    units: str = ""
    decimals: str | None = None

    @property
    def is_empty(self) -> bool:
        """Say whether nothing was typed."""
        return not self.units and self.decimals is None

    @property
    def money(self) -> Money:
        """Return the amount typed; untyped decimals are zero."""
        decimals = (self.decimals or "").ljust(self.currency.decimals, "0")
        return Money(int((self.units or "0") + decimals), self.currency)

    def with_digit(self, digit: str) -> AmountEntry:
        """Return the entry after one more digit; digits that do not fit are ignored."""
        if len(digit) != 1 or digit not in "0123456789":
            raise ValueError("one ASCII digit")
        if self.decimals is not None:
            fits = len(self.decimals) < self.currency.decimals
            return replace(self, decimals=self.decimals + digit) if fits else self
        units = (self.units + digit).lstrip("0")
        return replace(self, units=units) if len(units) <= MAX_UNIT_DIGITS else self

    def with_point(self) -> AmountEntry:
        """Return the entry after the decimal point; currencies without decimals ignore it."""
        if self.currency.decimals == 0 or self.decimals is not None:
            return self
        return replace(self, decimals="")

    def without_last(self) -> AmountEntry:
        """Return the entry after Backspace."""
        if self.decimals:
            return replace(self, decimals=self.decimals[:-1])
        if self.decimals is not None:
            return replace(self, decimals=None)
        return replace(self, units=self.units[:-1])
