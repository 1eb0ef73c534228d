"""The bill of a quote request: what prices, quantities, taxes and discounts of another till come to."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.documents.request_fields import (
    Fields,
    Reader,
    RequestError,
    fields_of,
    list_of,
    quantity_of,
    text_of,
    within,
    yes_or_no,
)
from cashier_app.domain.bill import MAX_LINES, NOTHING_YET, Already, Bill, Line
from cashier_app.domain.money import Money
from cashier_app.domain.program.conditions import MAX_NAMES
from cashier_app.domain.rounding import Rounding, ratio_of, rounded, shared_out

BILL_KEYS = ("amount", "lines", "tax", "tax_percent", "prices_include_tax", "discount", "already")
LINE_KEYS = (
    "price",
    "quantity",
    "amount",
    "tax",
    "tax_percent",
    "item",
    "category",
    "categories",
    "discount",
    "discounted",
    "name",
)


class StatedBill(Struct, frozen=True):
    """A bill as it is reckoned with, and where its lines stand among those stated.

    Args:
        places: The place of each line of the bill; a line below zero is none of them.
        stated: Number of lines stated.
        names: What each line of the bill is called; empty where that is not said.
    """

    bill: Bill
    places: tuple[int, ...] = ()
    stated: int = 0
    names: tuple[str, ...] = ()


class _Draft(Struct, frozen=True):
    """A line before the bill's own discount and its tax are worked out.

    Args:
        written: Minor units as the price is written: with or without tax, after the line's own discount.
        full: The same before that discount.
        tax: Minor units told for the whole line, or None.
        tax_percent: Instead of `tax`.
        line: What else is known of it.
        path: Where it stands.
    """

    written: int
    full: int
    tax: int | None
    tax_percent: Decimal | None
    line: Line
    path: str
    name: str = ""


def read_bill(value: object, path: str, reader: Reader) -> StatedBill:
    """Return the bill a request states: an amount, or an object with an amount or lines.

    Lines below zero are discounts on all others.

    Raises:
        RequestError: A figure is wrong, or figures contradict each other.
    """
    if not isinstance(value, dict):
        return StatedBill(Bill(reader.money(value, path)))
    fields = fields_of(value, path, BILL_KEYS)
    if "lines" in fields:
        drafts = list_of(
            fields["lines"],
            within(path, "lines"),
            MAX_LINES,
            lambda line, place: _draft_line(line, place, reader),
            least=1,
        )
        _check_told_twice(fields, path, drafts, reader)
    elif "amount" in fields:
        drafts = (_draft_amount(fields, path, reader),)
    else:
        raise RequestError(path, value, "an amount or lines")
    including = yes_or_no(fields.get("prices_include_tax", True), within(path, "prices_include_tax"))
    off = reader.amount(fields.get("discount", 0), within(path, "discount"))
    written = sum(draft.written for draft in drafts)
    if written < 0:
        raise RequestError(within(path, "lines"), _written(written, reader), "lines of zero or more together")
    if off > written:
        raise RequestError(within(path, "discount"), fields["discount"], "no more than the bill")
    places = tuple(place for place, draft in enumerate(drafts) if draft.written >= 0)
    kept = [drafts[place] for place in places]
    goods = [draft.written for draft in kept]
    shares = shared_out(sum(goods) - written + off, goods)
    lines = tuple(
        _finished(draft, share, including=including, reader=reader)
        for draft, share in zip(kept, shares, strict=True)
    )
    total = reader.total(sum(line.amount for line in lines), path)
    already = _already(fields.get("already"), within(path, "already"), total, reader)
    # An amount alone stays a bill without lines, unless only a line can tell what it was reduced from.
    known = lines if "lines" in fields or lines[0].before_discount is not None else ()
    bill = Bill(Money(total, reader.currency), sum(line.tax for line in lines), known, already)
    if "lines" not in fields:
        return StatedBill(bill)
    return StatedBill(bill, places, len(drafts), tuple(draft.name for draft in kept))


def _check_told_twice(fields: Fields, path: str, drafts: tuple[_Draft, ...], reader: Reader) -> None:
    for key in ("tax", "tax_percent"):
        if key in fields:
            raise RequestError(within(path, key), fields[key], "no tax beside lines: each line tells its own")
    written = sum(draft.written for draft in drafts)
    if (
        "amount" in fields
        and reader.amount_below_zero_too(fields["amount"], within(path, "amount")) != written
    ):
        decimals = reader.currency.decimals
        expected = f"{Decimal(written).scaleb(-decimals):f}, which the lines add up to"
        raise RequestError(within(path, "amount"), fields["amount"], expected)


def _draft_amount(fields: Fields, path: str, reader: Reader) -> _Draft:
    tax, tax_percent = _tax_of(fields, path, reader)
    written = reader.amount(fields["amount"], within(path, "amount"))
    return _Draft(written, written, tax, tax_percent, Line(0), path)


def _draft_line(value: object, path: str, reader: Reader) -> _Draft:
    fields = fields_of(value, path, LINE_KEYS)
    quantity = quantity_of(fields.get("quantity", 1), within(path, "quantity"))
    written = _priced(fields, path, quantity, reader)
    off = reader.amount(fields.get("discount", 0), within(path, "discount"))
    if off > max(written, 0):
        raise RequestError(within(path, "discount"), fields["discount"], "no more than the line")
    # Of a line below zero they are read and no more: the tax of the others falls by as much.
    tax, tax_percent = _tax_of(fields, path, reader, below_zero=written < 0)
    line = Line(
        amount=0,
        quantity=quantity,
        item=text_of(fields.get("item", ""), within(path, "item")),
        categories=_categories(fields, path),
        discounted=yes_or_no(fields.get("discounted", off > 0), within(path, "discounted")),
    )
    name = text_of(fields.get("name", ""), within(path, "name"))
    return _Draft(written - off, written, tax, tax_percent, line, path, name)


def _priced(fields: Fields, path: str, quantity: Decimal, reader: Reader) -> int:
    if ("price" in fields) is ("amount" in fields):
        told = fields.get("price")
        raise RequestError(path, told, "either a price for each, or an amount for the whole line")
    if "amount" in fields:
        return reader.amount_below_zero_too(fields["amount"], within(path, "amount"))
    times, parts = ratio_of(quantity)
    price = reader.amount_below_zero_too(fields["price"], within(path, "price"))
    amount = reader.total(rounded(abs(price) * times, parts, Rounding.HALF_UP), path)
    return amount if price >= 0 else -amount


def _tax_of(
    fields: Fields, path: str, reader: Reader, *, below_zero: bool = False
) -> tuple[int | None, Decimal | None]:
    if "tax" in fields and "tax_percent" in fields:
        raise RequestError(within(path, "tax"), fields["tax"], "either tax or tax_percent")
    if "tax_percent" in fields:
        return None, reader.percent(fields["tax_percent"], within(path, "tax_percent"))
    read = reader.amount_below_zero_too if below_zero else reader.amount
    return read(fields.get("tax", 0), within(path, "tax")), None


def _categories(fields: Fields, path: str) -> tuple[str, ...]:
    if "category" in fields and "categories" in fields:
        raise RequestError(within(path, "category"), fields["category"], "either category or categories")
    if "category" in fields:
        return (text_of(fields["category"], within(path, "category")),)
    return list_of(fields.get("categories", []), within(path, "categories"), MAX_NAMES, text_of)


def _finished(draft: _Draft, share: int, *, including: bool, reader: Reader) -> Line:
    """Return the line with what it costs and the tax in it, after its share of the bill's own discount."""
    left = draft.written - share
    tax = _tax_on(draft, left, including=including)
    if including and tax > left:
        raise RequestError(
            within(draft.path, "tax"), _written(tax, reader), "no more than what it is part of"
        )
    amount = left if including else reader.total(left + tax, draft.path)
    before = None
    if left < draft.full:
        before = draft.full if including else draft.full + _tax_on(draft, draft.full, including=False)
        before = reader.total(before, draft.path)
    return replace(draft.line, amount=amount, tax=tax, before_discount=before)


def _tax_on(draft: _Draft, amount: int, *, including: bool) -> int:
    """Return the tax on the line if this were its price, rounded half up; minor units."""
    if draft.tax_percent is not None:
        percent, parts = ratio_of(draft.tax_percent)
        return rounded(amount * percent, 100 * parts + (percent if including else 0), Rounding.HALF_UP)
    # Tax told as an amount goes with the price it was told for.
    return (
        rounded((draft.tax or 0) * amount, draft.written, Rounding.HALF_UP)
        if draft.written
        else draft.tax or 0
    )


def _written(minor: int, reader: Reader) -> str:
    return f"{Decimal(minor).scaleb(-reader.currency.decimals):f}"


def _already(value: object, path: str, total: int, reader: Reader) -> Already:
    if value is None:
        return NOTHING_YET
    fields = fields_of(value, path, ("discount", "points"))
    discount = reader.amount(fields.get("discount", 0), within(path, "discount"))
    if discount > total:
        raise RequestError(within(path, "discount"), fields["discount"], "no more than the bill")
    return Already(discount, reader.points(fields.get("points", 0), within(path, "points")))
