"""Money: whole minor units of a currency whose used decimals are the shop's choice."""

from __future__ import annotations

from msgspec import Struct

MAX_DECIMALS = 4
MAX_MINOR = 10**15
"""Largest amount handled, in minor units: far above any bill, far below what would slow arithmetic."""


class Currency(Struct, frozen=True):
    """A currency as the shop uses it.

    Args:
        code: ISO 4217 letters, such as ``INR``.
        decimals: Decimals in use at the till, 0 to 4; may differ from ISO (IQD: 0 in shops, 3 on paper).
    """

    code: str
    decimals: int

    def __post_init__(self) -> None:
        if not (len(self.code) == 3 and self.code.isascii() and self.code.isupper() and self.code.isalpha()):
            raise ValueError("a currency code is three capital letters")
        if not 0 <= self.decimals <= MAX_DECIMALS:
            raise ValueError("a currency uses 0 to 4 decimals")

    @property
    def minor_per_unit(self) -> int:
        """Return how many minor units make one unit, such as 100 paise."""
        return int(10**self.decimals)


class Money(Struct, frozen=True):
    """An amount in minor units; adding two currencies is a bug and raises `ValueError`."""

    minor: int
    currency: Currency

    def __post_init__(self) -> None:
        if self.minor.__class__ is not int:
            raise TypeError("money is a whole number of minor units")

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError("amounts of two currencies cannot be combined")
        return other.minor


def zero(currency: Currency) -> Money:
    """Return no money of this currency."""
    return Money(0, currency)
