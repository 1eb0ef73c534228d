"""The figures of a period as a file: a table for spreadsheets, a document for programs.

Both hold every figure of the screen by the keys of `docs/figures.md`. In the table amounts are in units of
the currency; in the document they are whole minor units, and points and shares are text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import cast

from msgspec import Struct

from cashier_app.domain.figures import Figures, Times
from cashier_app.domain.rates import decimals_of, nearest
from cashier_app.services.day_stats import Comparison, DayReport, Part
from cashier_app.services.export_files import Cell, csv_table, json_document, marked, write_file
from cashier_app.wording.figure_definitions import DEFINITIONS
from cashier_app.wording.figure_values import Unit, Value, values_of
from cashier_app.wording.sentences import plain

Plain = str | int | bool | None | list["Plain"] | dict[str, "Plain"]

PLACES = 6
"""Decimals of a share."""
HEADER = ("first", "last", "store", "till", "currency", "rows", "part", "name", *DEFINITIONS)


class _Row(Struct, frozen=True):
    """One line of the table. `rows` says what the line is about, `part` which one of them."""

    first: date
    last: date
    rows: str
    part: str
    name: str
    values: Mapping[str, Value]


def figures_csv(report: DayReport, store: str, *, byte_order_mark: bool = False) -> bytes:
    """Return the report as a table: the whole period, what it is compared with, then each split.

    `store` is the shop's name where none was asked for; empty where there are several.
    """
    till, code = plain(report.scope.till), report.currency.code
    where = (plain(report.scope.store or store), till, code)
    rows = (
        [
            row.first.isoformat(),
            row.last.isoformat(),
            *where,
            row.rows,
            row.part,
            row.name,
            *_cells(report, row),
        ]
        for row in _rows(report)
    )
    return csv_table(HEADER, rows, byte_order_mark=byte_order_mark, training=report.training)


def figures_json(report: DayReport, store: str) -> bytes:
    """Return the report as one JSON document."""
    return json_document(figures_data(report, store))


def write_figures(
    path: Path, report: DayReport, store: str, *, byte_order_mark: bool = False, replace: bool = True
) -> None:
    """Write the report to a file that ends in ``.csv`` or ``.json``, whole or not at all.

    Raises:
        KnownError: The name ends otherwise, the file is there and may not be replaced, or the disk refuses.
    """
    contents = {
        ".csv": lambda: figures_csv(report, store, byte_order_mark=byte_order_mark),
        ".json": lambda: figures_json(report, store),
    }
    write_file(path, contents, replace=replace)


def figures_data(report: DayReport, store: str) -> dict[str, Plain]:
    """Return the report as plain data; `store` is the shop's name where none was asked for."""
    whole = values_of(report.figures, report.times, report.facts.offline_seconds)
    others: list[Plain] = [plain(code) for code in report.facts.other_currencies]
    found: dict[str, Plain] = {
        "period": report.period.kind.value,
        "first": report.period.first.isoformat(),
        "last": report.period.last.isoformat(),
        "asked_at": report.asked_at.isoformat(),
        "unfinished": report.is_unfinished,
        "store": plain(report.scope.store or store),
        "till": plain(report.scope.till),
        "currency": report.currency.code,
        "decimals": report.currency.decimals,
        "other_currencies": others,
        "figures": _plain_values(whole),
        "compared": _compared(report.comparison),
        "hours": [
            {"hour": one.hour, "figures": _plain_figures(one.figures), "earlier": _plain_earlier(one.earlier)}
            for one in report.hours
        ],
        "days": [
            {
                "day": one.day.isoformat(),
                "figures": _plain_figures(one.figures),
                "earlier_day": None if one.earlier_day is None else one.earlier_day.isoformat(),
                "earlier": _plain_earlier(one.earlier),
            }
            for one in report.days
        ],
        "staff": _plain_parts(report.staff),
        "tills": _plain_parts(report.tills),
        "tiers": _plain_parts(report.tiers),
        "ways": _plain_parts(report.ways),
    }
    return marked(found, training=report.training)


def _rows(report: DayReport) -> Iterator[_Row]:
    period, found = report.period, report.comparison
    first, last = period.first, period.last
    whole = values_of(report.figures, report.times, report.facts.offline_seconds)
    yield _Row(first, last, "all", "", "", whole)
    if found is not None:
        until = "" if found.until_hour is None else f"{found.until_hour:02}:00"
        yield _Row(first, last, "compared", until, "", values_of(found.now))
        yield _Row(
            found.period.first, found.last, "earlier", until, "", values_of(found.then, found.then_times)
        )
    for day in report.days:
        yield _Row(day.day, day.day, "day", day.day.isoformat(), "", values_of(day.figures))
    for hour in report.hours:
        yield _Row(first, last, "hour", f"{hour.hour:02}:00", "", values_of(hour.figures))
    for rows, parts in (
        ("cashier", report.staff),
        ("till", report.tills),
        ("tier", report.tiers),
        ("way", report.ways),
    ):
        for part in parts:
            values = values_of(part.figures, part.times)
            yield _Row(first, last, rows, plain(part.key), plain(part.name), values)
    if found is not None:
        yield from _earlier_rows(report, found)


def _earlier_rows(report: DayReport, found: Comparison) -> Iterator[_Row]:
    first, last = found.period.first, found.period.last
    for hour in report.hours:
        if hour.earlier is not None:
            yield _Row(first, last, "earlier hour", f"{hour.hour:02}:00", "", values_of(hour.earlier))
    for day in report.days:
        if day.earlier is not None and day.earlier_day is not None:
            on = day.earlier_day
            yield _Row(on, on, "earlier day", on.isoformat(), "", values_of(day.earlier))


def _cells(report: DayReport, row: _Row) -> Iterator[Cell]:
    decimals = report.currency.decimals
    for key, one in DEFINITIONS.items():
        value = row.values[key]
        if value is None:
            yield None
        elif one.unit is Unit.MONEY:
            yield Decimal(nearest(Fraction(value))).scaleb(-decimals)
        else:
            yield _exact(value, one.unit)


def _exact(value: Value, unit: Unit) -> int | Decimal | None:
    match unit:
        case Unit.SHARE:
            return None if value is None else decimals_of(Fraction(value), PLACES)
        case Unit.TENTHS:
            return None if value is None else Decimal(int(value)).scaleb(-1)
        case Unit.MONEY:
            return None if value is None else nearest(Fraction(value))
        case _:
            return cast("int | Decimal | None", value)


def _plain_values(values: Mapping[str, Value]) -> dict[str, Plain]:
    found: dict[str, Plain] = {}
    for key, one in DEFINITIONS.items():
        value = _exact(values[key], one.unit)
        found[key] = format(value, "f") if isinstance(value, Decimal) else value
    return found


def _plain_figures(figures: Figures, times: Times | None = None) -> dict[str, Plain]:
    return _plain_values(values_of(figures, times))


def _plain_earlier(figures: Figures | None) -> dict[str, Plain] | None:
    return None if figures is None else _plain_figures(figures)


def _plain_parts(parts: tuple[Part, ...]) -> list[Plain]:
    return [
        {
            "part": plain(part.key),
            "name": plain(part.name),
            "figures": _plain_figures(part.figures, part.times),
        }
        for part in parts
    ]


def _compared(found: Comparison | None) -> dict[str, Plain] | None:
    if found is None:
        return None
    return {
        "first": found.period.first.isoformat(),
        "last": found.last.isoformat(),
        "until_hour": found.until_hour,
        "now": _plain_figures(found.now),
        "then": _plain_figures(found.then, found.then_times),
    }
