"""A closed day as a file for spreadsheets and programs: every figure, gross, marked where it must be."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec
from msgspec import Struct

from cashier_app.domain.day_close import CurrencySpan, DayClose
from cashier_app.domain.figures import FIGURE_NAMES, MONEY_FIGURES, NO_FIGURES, Figures
from cashier_app.domain.money import Money
from cashier_app.services.day_closing import PaperCopy
from cashier_app.services.export_files import TRAINING, Cell, csv_table, json_document

_WHOLE = ""


class ClosingRow(Struct, frozen=True):
    """One line of the table.

    Args:
        section: ``report``, ``figures``, ``figures by staff``, ``waiting``, ``settled by hand`` and so on.
        part: Of a split, or the sale's number.
        name: Which figure or fact.
        value: Money in units of the currency, it and points with a point; times in UTC.
        total: The grand total at this close, where there is one.
    """

    section: str
    currency: str
    part: str
    name: str
    value: Cell
    total: Cell = None


def closing_rows(copy: PaperCopy) -> Iterator[ClosingRow]:
    """Yield every line of a close."""
    report = copy.closed.report
    yield from _facts(copy)
    for span in report.currencies:
        yield from _figures(span)
    yield from _lists(report)


def as_csv(copy: PaperCopy, *, byte_order_mark: bool = False) -> bytes:
    """Return a close as a table in UTF-8."""
    names = ClosingRow.__struct_fields__
    rows = ([getattr(row, name) for name in names] for row in closing_rows(copy))
    training = copy.closed.report.training
    return csv_table(names, rows, byte_order_mark=byte_order_mark, training=training)


def as_json(copy: PaperCopy) -> bytes:
    """Return a close as one document; `canonical` is the very text whose SHA-256 it names."""
    return json_document(
        {
            "marks": _marks(copy),
            "sha256": copy.closed.sha256,
            "canonical": copy.closed.text,
            "report": msgspec.Raw(copy.closed.text.encode()),
        }
    )


def _marks(copy: PaperCopy) -> list[str]:
    marks = [TRAINING] if copy.closed.report.training else []
    return [*marks, f"COPY {copy.count}, {copy.at.isoformat()}"] if copy.count else marks


def _facts(copy: PaperCopy) -> Iterator[ClosingRow]:
    report = copy.closed.report
    facts: list[tuple[str, Cell]] = [("mark", mark) for mark in _marks(copy)]
    facts += [
        ("number", report.number),
        ("store", report.store),
        ("till", report.till),
        ("since", report.since.isoformat() if report.since else ""),
        ("until", report.until.isoformat()),
        ("first_day", report.first_day.isoformat() if report.first_day else ""),
        ("last_day", report.last_day.isoformat() if report.last_day else ""),
        ("first_sale", report.first_sale),
        ("last_sale", report.last_sale),
        ("closed_by", report.closed_by),
        ("made_with", report.made_with),
        ("sha256", copy.closed.sha256),
        ("before", report.before),
        ("audit_row", report.chain.sequence),
        ("audit_link", report.chain.link),
    ]
    for name, value in facts:
        yield ClosingRow("report", "", "", name, value)


def _figures(span: CurrencySpan) -> Iterator[ClosingRow]:
    yield from _figure_rows("figures", span, _WHOLE, span.figures, span.totals.total)
    for split in sorted({*span.by, *span.totals.by}):
        parts, totals = span.by.get(split, {}), span.totals.by.get(split, {})
        for part in sorted({*parts, *totals}):
            section = f"figures by {split.value}"
            figures, total = parts.get(part, NO_FIGURES), totals.get(part, NO_FIGURES)
            yield from _figure_rows(section, span, part, figures, total)


def _figure_rows(
    section: str, span: CurrencySpan, part: str, figures: Figures, totals: Figures
) -> Iterator[ClosingRow]:
    for name in FIGURE_NAMES:
        value, total = getattr(figures, name), getattr(totals, name)
        if name in MONEY_FIGURES:
            value, total = _units(value, span.decimals), _units(total, span.decimals)
        yield ClosingRow(section, span.currency, part, name, value, total)


def _lists(report: DayClose) -> Iterator[ClosingRow]:
    stock = report.stock
    for name, count in (
        ("sales waiting", stock.waiting),
        ("sales that need attention", stock.needs_person),
        ("holds", stock.holds),
    ):
        yield ClosingRow("open at the close", "", "", name, count)
    for sale in stock.sales:
        state = "needs attention" if sale.needs_person else "waiting"
        yield ClosingRow("not posted", "", sale.number, state, sale.at.isoformat())
    for correction in report.corrections:
        said = f"{correction.truth}; {correction.by}; {correction.reason}"
        yield ClosingRow("settled by hand", "", correction.number, correction.at.isoformat(), said)
    for loss in report.losses:
        code = loss.loss.currency.code
        yield ClosingRow("not covered", code, loss.number, loss.because, _amount(loss.loss))
    for lifted in report.overrides:
        code = lifted.amount.currency.code if lifted.amount else ""
        said = f"{lifted.matter}; {lifted.by}; {lifted.reason}"
        yield ClosingRow("limit lifted", code, lifted.number, lifted.at.isoformat(), said)
        for name, amount in (("asked for", lifted.amount), ("limit", lifted.limit)):
            if amount is not None:
                code = amount.currency.code
                yield ClosingRow("limit lifted", code, lifted.number, name, _amount(amount))
    for spell in report.offline:
        until = spell.until.isoformat() if spell.until else ""
        yield ClosingRow("offline", "", spell.since.isoformat(), until, spell.seconds)
    for rescue in report.rescues:
        yield ClosingRow("rescue", "", "", rescue.at.isoformat(), rescue.detail)


def _amount(money: Money) -> Decimal:
    return _units(money.minor, money.currency.decimals)


def _units(minor: int, decimals: int) -> Decimal:
    return Decimal(minor).scaleb(-decimals)
