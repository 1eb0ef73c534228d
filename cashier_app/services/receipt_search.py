"""What was typed or scanned to find a sale again: its number, or an amount and a time of day."""

from __future__ import annotations

import re
from datetime import time

from msgspec import Struct

from cashier_app.domain.amount_entry import MAX_UNIT_DIGITS, AmountEntry
from cashier_app.domain.money import Currency, Money, zero

_NUMBER = re.compile(r"([A-Za-z0-9]{1,8})-([0-9]{1,12})")
_CLAIM_DIGITS = re.compile(r"-[0-9]{6}$")
_SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9A-Za-z]")  # what a scanner may say of the code: ISO/IEC 15424
_AMOUNT_AT = re.compile(r"([0-9]+(?:[.,][0-9]*)?)(?: +([0-9]{1,2})[:.]?([0-9]{2}))?")


class ReceiptNumber(Struct, frozen=True):
    """The number on a receipt, such as ``2-0418``: the till's, and the till's count of sales."""

    till: str
    count: int

    @property
    def text(self) -> str:
        """Return it as receipts print it."""
        return f"{self.till}-{self.count:04d}"


class AmountAt(Struct, frozen=True):
    """What a sale came to, and about when it was.

    Args:
        amount: Before or after points were taken off.
        at: Time of day at the shop; None for any time today.
        count: What the same digits are as a count of sales at this till; None where they are none.
    """

    amount: Money
    at: time | None
    count: int | None = None


def receipt_number(text: str) -> ReceiptNumber | None:
    """Return the receipt number a code or a line of text is, or None. Total: never raises."""
    found = _NUMBER.fullmatch(_SYMBOLOGY.sub("", text.strip(), count=1))
    return ReceiptNumber(found[1], int(found[2])) if found else None


def number_on_receipt(text: str) -> ReceiptNumber | None:
    """Return the receipt number this is, or a claim code begins with, or None. Total: never raises."""
    return receipt_number(text) or receipt_number(_CLAIM_DIGITS.sub("", text.strip()))


def asked_for(text: str, currency: Currency) -> ReceiptNumber | AmountAt | None:
    """Return what somebody typed to find a sale, or None where it means nothing. Total: never raises."""
    number = number_on_receipt(text)
    if number is not None:
        return number
    found = _AMOUNT_AT.fullmatch(text.strip())
    if found is None:
        return None
    digits, hour, minute = found[1], found[2], found[3]
    amount = _amount(digits, currency)
    if amount is None or (hour is not None and not (int(hour) < 24 and int(minute) < 60)):
        return None
    at = None if hour is None else time(int(hour), int(minute))
    return AmountAt(amount, at, int(digits) if at is None and digits.isdigit() else None)


def _amount(digits: str, currency: Currency) -> Money | None:
    """Return the amount these digits are, as if typed into the bill; None where they are no such amount."""
    units, point, decimals = digits.replace(",", ".").partition(".")
    if len(units.lstrip("0")) > MAX_UNIT_DIGITS or len(decimals) > currency.decimals:
        return None
    if point and not currency.decimals:
        return None
    entry = AmountEntry(currency, units.lstrip("0"), decimals if point else None)
    return entry.money if entry.money > zero(currency) else None
