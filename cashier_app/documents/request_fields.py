"""The fields of a quote request: exact figures, days and names, each refused with its path."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import TypeVar

from msgspec import Struct

from cashier_app.domain.money import MAX_MINOR, Currency, Money
from cashier_app.domain.program.figures import Amount, Percent, Points, read_figure

MAX_SHOWN = 80
MAX_NAME = 200
MAX_COUNT = 10**6
FIRST_YEAR, LAST_YEAR = 1900, 2999
_QUANTITY = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?\Z")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})?)?\Z", re.ASCII)
_Item = TypeVar("_Item")

Fields = dict[str, object]


class RequestError(ValueError):
    """A quote request that cannot be answered.

    Args:
        path: Where, such as ``bill.lines[2].price``; empty for the request itself.
        value: What stands there, short; a container is only named.
        expected: What was expected, for the middle of a sentence.
    """

    def __init__(self, path: str, value: object, expected: str) -> None:
        super().__init__(f"{path or 'the request'}: expected {expected}")
        self.path = path
        self.value = shown(value)
        self.expected = expected


def shown(value: object) -> str | int | None:
    """Return a value from outside as it may stand in an answer: short, and never a container."""
    match value:
        case None | bool():
            return value
        case int():
            return value if abs(value) < 10**MAX_SHOWN else "a very large number"
        case dict():
            return "an object"
        case list():
            return "a list"
        case _:
            text = str(value)
            return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def fields_of(value: object, path: str, known: Collection[str]) -> Fields:
    """Return an object's fields; one that is null counts as left out.

    Raises:
        RequestError: It is no object, or it holds a key that is not known.
    """
    if not isinstance(value, dict):
        raise RequestError(path, value, "an object")
    for key in value:
        if key not in known:
            name = str(shown(key))
            nearest = get_close_matches(name, known, n=1)
            expected = f"the key {nearest[0]!r}" if nearest else f"one of the keys {', '.join(known)}"
            raise RequestError(within(path, name), value[key], expected)
    return {key: item for key, item in value.items() if item is not None}


def within(path: str, name: str) -> str:
    """Return the path of a field."""
    return f"{path}.{name}" if path else name


def list_of(
    value: object, path: str, most: int, read: Callable[[object, str], _Item], least: int = 0
) -> tuple[_Item, ...]:
    """Return the items of a list.

    Raises:
        RequestError: It is no list, too long, or an item is wrong.
    """
    if not isinstance(value, list) or not least <= len(value) <= most:
        raise RequestError(path, value, f"a list of {least} to {most} entries")
    return tuple(read(item, f"{path}[{place}]") for place, item in enumerate(value))


def entries_of(value: object, path: str, most: int, read: Callable[[object, str], _Item]) -> dict[str, _Item]:
    """Return the entries of an object whose keys are names.

    Raises:
        RequestError: It is no object, too large, or an entry is wrong.
    """
    if not isinstance(value, dict) or len(value) > most:
        raise RequestError(path, value, f"an object of at most {most} entries")
    return {
        text_of(key, path): read(item, within(path, str(shown(key))))
        for key, item in value.items()
        if item is not None
    }


def text_of(value: object, path: str) -> str:
    """Return a name; `RequestError` where it is none."""
    if isinstance(value, str) and len(value) <= MAX_NAME:
        return value
    raise RequestError(path, value, f"text of at most {MAX_NAME} characters")


def yes_or_no(value: object, path: str) -> bool:
    """Return true or false; `RequestError` where it is neither."""
    if isinstance(value, bool):
        return value
    raise RequestError(path, value, "true or false")


def count_of(value: object, path: str) -> int:
    """Return a number of times; `RequestError` where it is none."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_COUNT:
        return value
    raise RequestError(path, value, f"a whole number from 0 to {MAX_COUNT}")


def quantity_of(value: object, path: str) -> Decimal:
    """Return items, kilograms and the like; `RequestError` where it is nothing above zero."""
    exact = value if isinstance(value, str) else format(value, "f") if _is_figure(value) else ""
    if not _QUANTITY.match(exact) or not Decimal(exact):
        raise RequestError(path, value, "a quantity above zero with at most 6 decimals")
    return Decimal(exact)


def day_of(value: object, path: str) -> date:
    """Return a day; `RequestError` where it is none."""
    if isinstance(value, str) and "T" not in value and " " not in value:
        return moment_of(value, path, "a day such as 2026-11-21").date()
    raise RequestError(path, value, "a day such as 2026-11-21")


def moment_of(
    value: object, path: str, expected: str = "the shop's own time without a zone, such as 2026-11-21T10:00"
) -> datetime:
    """Return a moment in the shop's own time; a day alone begins at midnight.

    Raises:
        RequestError: It is none, names a zone, or lies outside the years that can be reckoned with.
    """
    found = _MOMENT.match(value) if isinstance(value, str) else None
    if found is None:
        raise RequestError(path, value, expected)
    try:
        moment = datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00'}")
    except ValueError:
        raise RequestError(path, value, expected) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise RequestError(path, value, f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    return moment


class Reader(Struct, frozen=True):
    """Reads figures of one currency and one scale of points."""

    currency: Currency
    scale: int

    def amount(self, value: object, path: str) -> int:
        """Return minor units, zero or more; `RequestError` where there are none."""
        return int(self._figure(Amount, value, path))

    def amount_below_zero_too(self, value: object, path: str) -> int:
        """Return minor units, which may be below zero; `RequestError` where there are none."""
        turned = _turned(value)
        if turned is None:
            return int(self._figure(Amount, value, path, either_sign=True))
        return -int(self._figure(Amount, turned, path, told=value, either_sign=True))

    def money(self, value: object, path: str) -> Money:
        """Return an amount of zero or more; `RequestError` where there is none."""
        return Money(self.amount(value, path), self.currency)

    def points(self, value: object, path: str) -> Decimal:
        """Return points, zero or more; `RequestError` where there are none."""
        return Decimal(self._figure(Points, value, path))

    def balance(self, value: object, path: str) -> Decimal:
        """Return points that may be below zero; `RequestError` where there are none."""
        turned = _turned(value)
        if turned is None:
            return Decimal(self._figure(Points, value, path, either_sign=True))
        return -Decimal(self._figure(Points, turned, path, told=value, either_sign=True))

    def percent(self, value: object, path: str) -> Decimal:
        """Return percent, 0 to 1000; `RequestError` where there are none."""
        return Decimal(self._figure(Percent, value, path))

    def total(self, minor: int, path: str) -> int:
        """Return an amount that was worked out; `RequestError` where it is too large to handle."""
        if minor > MAX_MINOR:
            raise RequestError(path, minor, "a smaller amount")
        return minor

    def _figure(
        self,
        kind: type[Amount | Points | Percent],
        value: object,
        path: str,
        told: object = None,
        *,
        either_sign: bool = False,
    ) -> int | Decimal:
        try:
            return read_figure(kind, value, self.currency.decimals, self.scale)
        except ValueError as error:
            expected = str(error).removeprefix("Expected ")
            if either_sign:
                expected = expected.replace(" of zero or more", "")
            if kind is Amount:
                expected += f", at most {Decimal(MAX_MINOR).scaleb(-self.currency.decimals):f}"
            raise RequestError(path, value if told is None else told, expected) from None


def _turned(value: object) -> object:
    """Return a figure below zero without its sign, or None where it is none."""
    if isinstance(value, str):
        return value[1:] if value.startswith("-") else None
    if isinstance(value, Decimal):
        # Unlike the minus sign, this does not round.
        return value.copy_negate() if value < 0 else None
    return -value if isinstance(value, int) and value < 0 else None


def _is_figure(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
