"""A report as a file: both kinds say the same, nothing in them runs, and marks come when asked for."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cashier_app.domain.figures import Figures
from cashier_app.domain.money import Currency
from cashier_app.domain.period import PeriodKind, period_of
from cashier_app.errors import KnownError
from cashier_app.ports.figures import Scope
from cashier_app.services.day_stats import DayReport, DayStats
from cashier_app.services.export_files import csv_table, harmless
from cashier_app.wording.figure_definitions import DEFINITIONS
from cashier_app.wording.figure_values import Unit
from cashier_app.wording.figures_file import HEADER, figures_csv, figures_json, write_figures
from tests.fakes.clock import FakeClock
from tests.fakes.counter import SETTINGS
from tests.fakes.figures import STORE, Event, FakeFigures

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, 2, tzinfo=UTC)
SALE = Figures(
    sales=3,
    member_sales=2,
    bill=100_001,
    paid=98_001,
    discount=2000,
    earned=Decimal("12.5"),
    redeemed_sales=1,
    redeemed_bill=50_000,
)
STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", '"=', "'=", " ="]
FORMULA_STARTS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")


def report(
    events: list[Event],
    kind: PeriodKind = PeriodKind.DAY,
    names: dict[str, str] | None = None,
    scope: Scope | None = None,
    **changes: Any,  # noqa: ANN401 - fields of the settings
) -> DayReport:
    source = FakeFigures(events, names, offline_seconds=1080)
    stats = DayStats(source, FakeClock(NOW), replace(SETTINGS, **changes))
    return stats.report(period_of(kind, TODAY), scope or Scope())


def some_events(**more: Any) -> list[Event]:  # noqa: ANN401 - fields of an event
    week = timedelta(days=7)
    return [
        Event(TODAY, 9, SALE, **{"staff": "asha", "tier": "Gold", "way": "phone", "tenths": 114, **more}),
        Event(TODAY, 14, SALE, **{"tenths": 240, **more}),
        Event(TODAY - week, 20, SALE, **more),
    ]


def table(content: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def only(rows: list[dict[str, str]], kind: str) -> list[dict[str, str]]:
    return [row for row in rows if row["rows"] == kind]


@pytest.mark.parametrize("kind", [PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH])
def test_both_kinds_of_file_say_the_same(kind: PeriodKind) -> None:
    found = report(some_events(), kind)
    rows = table(figures_csv(found, STORE))
    document = json.loads(figures_json(found, STORE))
    pairs = [
        (only(rows, "all"), [document["figures"]]),
        (only(rows, "compared"), [document["compared"]["now"]]),
        (only(rows, "earlier"), [document["compared"]["then"]]),
        (only(rows, "hour"), [one["figures"] for one in document["hours"]]),
        (only(rows, "day"), [one["figures"] for one in document["days"]]),
        (only(rows, "cashier"), [one["figures"] for one in document["staff"]]),
        (only(rows, "till"), [one["figures"] for one in document["tills"]]),
        (only(rows, "tier"), [one["figures"] for one in document["tiers"]]),
        (only(rows, "way"), [one["figures"] for one in document["ways"]]),
        (only(rows, "earlier hour"), [one["earlier"] for one in document["hours"]]),
        (only(rows, "earlier day"), [one["earlier"] for one in document["days"] if one["earlier"]]),
    ]
    assert sum(len(lines) for lines, _ in pairs) == len(rows)
    for lines, figures in pairs:
        assert len(lines) == len(figures)
        for line, one in zip(lines, figures, strict=True):
            for key, definition in DEFINITIONS.items():
                value = one[key]
                if value is not None and definition.unit is Unit.MONEY:
                    assert Decimal(line[key]) == Decimal(value).scaleb(-2)
                else:
                    assert line[key] == ("" if value is None else str(value))


def test_what_stands_in_a_file() -> None:
    found = report(some_events(), names={"asha": "Asha"})
    row = only(table(figures_csv(found, STORE)), "all")[0]
    assert (row["store"], row["currency"], row["sales"], row["member_sales"]) == (STORE, "INR", "6", "4")
    assert (row["bill"], row["average_bill"], row["attach_rate"]) == ("2000.02", "333.34", "0.666667")
    assert (row["earned"], row["scan_to_done_median"], row["offline_seconds"]) == ("25.0", "11.4", "1080")
    assert row["redemption_rate"] == "0.000000"
    assert row["repeat_rate"] == "", "nothing to divide by"
    document = json.loads(figures_json(found, STORE))
    assert document["figures"]["bill"] == 200_002
    assert document["figures"]["repeat_rate"] is None
    assert (document["unfinished"], document["decimals"], document["compared"]["until_hour"]) == (True, 2, 14)
    assert document["staff"][0] == {**document["staff"][0], "part": "asha", "name": "Asha"}


@pytest.mark.parametrize(("code", "decimals", "bill"), [("KWD", 3, "200.002"), ("JPY", 0, "200002")])
def test_amounts_have_the_decimals_of_their_currency(code: str, decimals: int, bill: str) -> None:
    events = some_events(currency=code)
    source = FakeFigures(events)
    settings = replace(SETTINGS, currency=Currency(code, decimals))
    found = DayStats(source, FakeClock(NOW), settings).report(period_of(PeriodKind.DAY, TODAY), currency=code)
    assert only(table(figures_csv(found, STORE)), "all")[0]["bill"] == bill


@pytest.mark.parametrize("start", STARTS)
def test_no_name_becomes_a_formula(start: str) -> None:
    evil = f"{start}HYPERLINK(1)"
    events = some_events(staff="asha", tier=evil, till=evil, way=evil)
    found = report(events, names={"asha": evil}, scope=Scope(till=evil))
    rows = table(figures_csv(found, evil))
    assert len(only(rows, "tier")) == len(only(rows, "cashier")) == 1
    for row in rows:
        assert len(row) == len(HEADER)
        assert None not in row
        for cell in row.values():
            assert not cell.lstrip().startswith(FORMULA_STARTS)
            assert not any(ord(character) < 32 for character in cell)


@given(st.text(alphabet=st.sampled_from("=+-@;,|\t\r\n \"'a1\uff1d\xa0")) | st.text())
def test_no_text_becomes_a_formula_wherever_a_spreadsheet_cuts_it(text: str) -> None:
    first, *others = re.split("[;,|\t\r\n]", harmless(text))
    assert not first.lstrip().startswith(FORMULA_STARTS)
    for piece in others:
        bare = piece.lstrip().lstrip('"').lstrip()
        assert not bare.startswith(FORMULA_STARTS)


def test_our_own_numbers_are_no_texts() -> None:
    content = csv_table(("name", "points", "sales"), [("-x", Decimal("-1.50"), None)], byte_order_mark=False)
    assert content == b"name,points,sales\r\n'-x,-1.50,\r\n"


def test_a_cell_inside_a_cell_is_marked_too() -> None:
    assert harmless("Asha;=1+1") == "Asha;'=1+1"
    assert harmless('Asha; "=1+1') == "Asha; \"'=1+1"
    assert harmless("Asha\t@SUM(1)") == "Asha\t'@SUM(1)"
    assert harmless("Asha, the first; 2-0418") == "Asha, the first; 2-0418"
    assert harmless("Jean-Luc") == "Jean-Luc"


def test_the_mark_is_an_option() -> None:
    found = report([])
    assert figures_csv(found, STORE, byte_order_mark=True).startswith(b"\xef\xbb\xbffirst,last,store")
    plain = figures_csv(found, STORE)
    assert plain.startswith(b"first,last,store")
    assert plain.endswith(b"\r\n")
    assert "₹".encode() not in plain


def test_files(tmp_path: Path) -> None:
    found = report(some_events())
    for name in ("day.csv", "day.JSON"):
        write_figures(tmp_path / name, found, STORE, byte_order_mark=True)
        assert (tmp_path / name).stat().st_mode & 0o077 == 0, "only for its owner"
    assert (tmp_path / "day.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert json.loads((tmp_path / "day.JSON").read_bytes())["figures"]["sales"] == 6
    with pytest.raises(KnownError, match="there already"):
        write_figures(tmp_path / "day.csv", found, STORE, replace=False)
    with pytest.raises(KnownError, match=r"\.csv or \.json"):
        write_figures(tmp_path / "day.xlsx", found, STORE)
