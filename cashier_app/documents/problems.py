"""What is wrong with a document: the part, what stands there, and what was expected."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from cashier_app.domain.money import Currency

DOCUMENT = "document"
"""The path of the whole."""

SHOWN = 60
"""Most characters shown of a value."""


class Words(str):
    """Said of a value in our own words, not quoted from the document."""

    __slots__ = ()


MISSING = Words("missing")


class ProgramError(ValueError):
    """A program document that cannot be applied.

    Args:
        path: The part, such as ``earning.rules[0].per``, or ``document``.
        value: What stands there; shown shortened and without control characters.
        expected: What should.
    """

    def __init__(self, path: str, value: object, expected: str) -> None:
        super().__init__(f"{path} is {shown(value)}: expected {expected}")
        self.path = path
        self.value = value
        self.expected = expected


def amount_text(minor: int, currency: Currency) -> str:
    """Return minor units as text in the main unit, with exactly the currency's decimals."""
    return format(Decimal(minor).scaleb(-currency.decimals), "f")


def shown(value: object) -> str:
    """Return a value as text of at most `SHOWN` characters, whatever it is."""
    text = _text(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."


def _text(value: object) -> str:
    match value:
        case Words():
            return value
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
        case str():
            return repr(value if len(value) <= SHOWN // 2 else value[: SHOWN // 2] + "...")
        case int():
            # Python refuses to write out a number of thousands of digits.
            return str(value) if value.bit_length() < 256 else "a number of very many digits"
        case Decimal():
            return _decimal(value)
        case date() | time():
            return value.isoformat()
        case dict():
            return "a table"
        case list() | tuple():
            return f"a list of {len(value)}"
        case _:
            return type(value).__name__


def _decimal(value: Decimal) -> str:
    if value.is_finite() and -SHOWN < value.adjusted() < SHOWN and len(value.as_tuple().digits) < SHOWN:
        return format(value, "f")
    return str(value)
