"""A bill that came with its lines: pasted, dropped as a file, or scanned as a code of another till."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.amount_entry import MAX_UNIT_DIGITS, AmountEntry
from cashier_app.domain.bill import NOTHING_YET, Bill, Line, bill_of
from cashier_app.domain.money import Currency
from cashier_app.domain.sale import SoldLine

if TYPE_CHECKING:
    from cashier_app.domain.quote import Quote
    from cashier_app.services.till_view import TillView

MAX_CHARACTERS = 4296
"""What a QR code holds at most, in characters (ISO/IEC 18004, version 40, level L)."""

LONGEST_LABEL = 80


class PastedBill(Struct, frozen=True):
    """A bill with lines.

    Args:
        labels: What each line is called, plain text in one row; empty where it is not said.
    """

    bill: Bill
    labels: tuple[str, ...]


class BillNotRead(Struct, frozen=True):
    """Why a text is no bill: where, such as ``lines[2].price``, or nothing; and what is expected there."""

    path: str
    expected: str


def looks_like_bill(text: str) -> bool:
    """Say whether a text is meant to be a bill; no loyalty code and no receipt begins so."""
    return text.lstrip().startswith("{")


def read_pasted_bill(text: str, currency: Currency, point_scale: int) -> PastedBill | BillNotRead:
    """Return the bill a text states, which is one JSON object as `docs/programs.md` describes under ``bill``.

    Total: never raises. Nothing is guessed: what is not right as a whole is not used in part.
    """
    from cashier_app.documents.bill_request import read_bill
    from cashier_app.documents.request_fields import Reader, RequestError
    from cashier_app.strict_json import MalformedJsonError, load_strictly

    if len(text) > MAX_CHARACTERS:
        return BillNotRead("", f"at most {MAX_CHARACTERS} characters")
    try:
        value = load_strictly(text.strip().encode("utf-8", "surrogatepass"))
        stated = read_bill(value, "", Reader(currency, point_scale))
    except MalformedJsonError:
        return BillNotRead("", "one JSON object")
    except RequestError as error:
        return BillNotRead(error.path, error.expected)
    if not isinstance(value, dict):
        return BillNotRead("", "one JSON object")
    if stated.bill.already != NOTHING_YET:
        # What was redeemed elsewhere could not be given back here.
        return BillNotRead("already", "nothing redeemed before")
    entry = as_typed(stated.bill)
    if len(entry.units) > MAX_UNIT_DIGITS or not stated.bill.total.minor:
        return BillNotRead("", "an amount above zero that can be typed")
    names = stated.names or ("",) * len(stated.bill.lines)
    return PastedBill(stated.bill, tuple(_label(name, line) for name, line in _each(stated.bill, names)))


def with_pasted_bill(view: TillView, pasted: PastedBill) -> TillView:
    """Return the screen with this bill in place of what was typed; not quoted yet."""
    return replace(
        view, bill=as_typed(pasted.bill), pasted=pasted, confirm_bill=False, discount_entry=None, trouble=""
    )


def bill_on_show(view: TillView) -> Bill:
    """Return the bill as far as it is known: with its lines, unless another amount was typed since."""
    return _pasted_bill(view) or bill_of(view.bill.money)


def pasted_on_show(view: TillView) -> PastedBill | None:
    """Return the bill that came with lines while it is the one on show."""
    return view.pasted if _pasted_bill(view) is not None else None


def sold_lines(pasted: PastedBill | None, quote: Quote | None) -> tuple[SoldLine, ...]:
    """Return the lines a sale keeps, with what the quote took off each; none where they are not known."""
    if pasted is None:
        return ()
    lines = pasted.bill.each_line()
    labels = pasted.labels or ("",)
    taken = quote.taken if quote is not None else (0,) * len(lines)
    return tuple(SoldLine(label, line, off) for label, line, off in zip(labels, lines, taken, strict=True))


def _pasted_bill(view: TillView) -> Bill | None:
    pasted = view.pasted
    return pasted.bill if pasted is not None and pasted.bill.total == view.bill.money else None


def as_typed(bill: Bill) -> AmountEntry:
    """Return the total of a bill as if it had been typed."""
    units, decimals = divmod(bill.total.minor, bill.currency.minor_per_unit)
    typed = f"{decimals:0{bill.currency.decimals}d}" if decimals else None
    return AmountEntry(bill.currency, str(units) if units else "", typed)


def _each(bill: Bill, names: tuple[str, ...]) -> zip[tuple[str, Line]]:
    return zip(names, bill.lines, strict=True)


def _label(name: str, line: Line) -> str:
    """Return what a line is called in one row of text that can be shown."""
    told = name or line.item or (line.categories[0] if line.categories else "")
    shown = "".join(" " if unicodedata.category(sign).startswith(("C", "Z")) else sign for sign in told)
    return " ".join(shown.split())[:LONGEST_LABEL].rstrip()
