"""`cashier-cli stats`: what it prints, and how it answers nonsense."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from cashier_app.command_line import stats
from cashier_app.command_line.parser import main, parser
from cashier_app.command_line.tables import table_lines
from cashier_app.config import TillConfig
from cashier_app.domain.figures import Figures, PeriodFigures
from cashier_app.keeping_secrets import Keeper
from cashier_app.ports.figures import EVERYTHING, Difference, FiguresAwayError, Scope
from cashier_app.wording.day_parts import TableWords
from cashier_app.wording.figure_definitions import DEFINITIONS, figure_words
from cashier_app.wording.sentences import Sentence
from tests.fakes.clock import FakeClock
from tests.fakes.figures import STORE, Event, FakeFigures
from tests.unit.wording_shown import WORDING

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, 2, tzinfo=UTC)
WEEK = timedelta(days=7)
SOLD = Figures(
    sales=4,
    member_sales=3,
    redeemed_sales=1,
    bill=400_000,
    redeemed_bill=100_000,
    discount=10_000,
    paid=390_000,
    earned=Decimal(39),
    used=Decimal(100),
)
EVENTS = (
    Event(TODAY, 9, SOLD, staff="asha", tier="Gold", way="phone", tenths=114),
    Event(TODAY, 14, SOLD, staff="ghost", till="3", tenths=240),
    Event(TODAY - WEEK, 9, SOLD, staff="asha"),
    Event(TODAY, 9, SOLD, currency="EUR"),
)


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeFigures]:
    """Let the command read made-up figures on a day of its own."""
    opened = FakeFigures(EVENTS, {"asha": "Asha"}, offline_seconds=1080, stores=(STORE, "Hill Road"))

    def figures_source(_config: TillConfig, _folder: Path, _keeper: Keeper) -> FakeFigures:
        return opened

    monkeypatch.setattr(stats.figures_opening, "figures_source", figures_source)
    monkeypatch.setattr(stats, "SystemClock", lambda: FakeClock(NOW))
    yield opened
    assert opened.closed or not opened.asked


def run(capfdbinary: pytest.CaptureFixture[bytes], *options: str) -> tuple[int, bytes, str]:
    code = main(["stats", "--demo", *options])
    printed = capfdbinary.readouterr()
    return code, printed.out, printed.err.decode()


def text_of(capfdbinary: pytest.CaptureFixture[bytes], *options: str) -> str:
    code, printed, _ = run(capfdbinary, *options)
    assert code == 0
    return printed.decode()


@pytest.mark.usefixtures("source")
def test_a_day_on_a_terminal(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    lines = text_of(capfdbinary).splitlines()
    assert lines[:3] == [
        "All stores",
        "Saturday 21 November",
        "Until 14:32, beside Sat 14 Nov, both up to 14:00",
    ]
    assert lines[3] == "In INR. Ask for EUR with --currency."
    row = next(line for line in lines if line.startswith("With a member"))
    assert row.split()[-3:] == ["75%", "75%", "75%"]
    sales = next(line for line in lines if line.startswith("Sales "))
    assert sales.split() == ["Sales", "8", "4", "4"]
    printed = "\n".join(lines)
    for key in DEFINITIONS:
        assert (
            figure_words(key, WORDING).name.replace("Coins", "Points").replace("coins", "points") in printed
        )
    for word in ("Asha", "ghost", "Gold", "Till 3", "Phone", "09:00", "18 min", "₹8,000.00", "11.4 s"):
        assert word in printed, word
    assert "\N{REPLACEMENT CHARACTER}" not in printed


@pytest.mark.usefixtures("source")
def test_nothing_stands_beside_where_nothing_was_sold_before(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    lines = text_of(capfdbinary, "--date", "2026-11-14").splitlines()
    assert lines[1:3] == ["Saturday 14 November", "Nothing to compare with"]
    assert next(line for line in lines if line.startswith("Sales ")).split() == ["Sales", "4"]


@pytest.mark.usefixtures("source")
def test_figures_stand_below_each_other(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    lines = text_of(capfdbinary).splitlines()
    begin = next(at for at, line in enumerate(lines) if line.startswith("Figure"))
    rows = [line for line in lines[begin + 1 : begin + 60] if line[:1].isalpha() and "  " in line]
    assert len(rows) > len(DEFINITIONS) - 3
    assert len({len(line) for line in rows if not line.endswith(" ")}) == 1


@pytest.mark.usefixtures("source")
def test_explain_says_what_each_figure_means(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    printed = text_of(capfdbinary, "--explain")
    for one in DEFINITIONS:
        sentence = figure_words(one, WORDING).full.replace("Coins", "Points").replace("coins", "points")
        assert sentence in printed
    document = json.loads(text_of(capfdbinary, "--explain", "--json"))
    assert set(document["definitions"]) == set(DEFINITIONS)
    assert "definitions" not in json.loads(text_of(capfdbinary, "--json"))


@pytest.mark.parametrize(
    ("options", "first", "last"),
    [
        ((), "2026-11-21", "2026-11-21"),
        (("--date", "2026-11-14"), "2026-11-14", "2026-11-14"),
        (("--week",), "2026-11-15", "2026-11-21"),
        (("--week", "--date", "2026-11-14"), "2026-11-08", "2026-11-14"),
        (("--month",), "2026-11-01", "2026-11-30"),
        (("--month", "--date", "2026-02-28"), "2026-02-01", "2026-02-28"),
        (("--from", "2026-11-01"), "2026-11-01", "2026-11-21"),
        (("--from", "2026-11-01", "--to", "2026-11-01"), "2026-11-01", "2026-11-01"),
    ],
)
@pytest.mark.usefixtures("source")
def test_which_days(
    capfdbinary: pytest.CaptureFixture[bytes], options: tuple[str, ...], first: str, last: str
) -> None:
    document = json.loads(text_of(capfdbinary, *options, "--json"))
    assert (document["first"], document["last"]) == (first, last)
    assert text_of(capfdbinary, *options)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--date", "2026-11-22"), "2026-11-22 has not come yet."),
        (("--from", "2026-11-20", "--to", "2027-01-01"), "2027-01-01 has not come yet."),
        (("--date", "2026-02-30"), "'2026-02-30' is not a day such as 2026-11-21."),
        (("--date", "yesterday"), "'yesterday' is not a day such as 2026-11-21."),
        (("--date", ""), "'' is not a day such as 2026-11-21."),
        (("--date", "1066-10-14"), "There are no figures from before the year 2000."),
        (("--from", "2026-11-10", "--to", "2026-11-01"), "--from is after --to."),
        (("--from", "2006-01-01"), "A range can be ten years at most."),
        (("--to", "2026-11-01"), "--to goes with --from, and neither with --date."),
        (("--date", "2026-11-01", "--from", "2026-11-01"), "--to goes with --from, and neither with --date."),
        (("--store", "Nowhere"), "There is no store 'Nowhere' here. Known: Marigold Stores, Hill Road."),
        (("--till", "9"), "This period has no figures of a till '9'. It has figures of 2, 3."),
        (
            ("--till", "9", "--date", "2026-01-01"),
            "This period has no figures of a till '9'. It has none of any till.",
        ),
        (("--currency", "rupees"), "'rupees' is not a currency such as EUR."),
        (("--bom",), "--bom goes with --csv or --file."),
        (("--csv", "--json"), "Choose --csv or --json."),
        (("--file", "figures.exe"), "The file's name must end in .csv or .json."),
    ],
)
@pytest.mark.usefixtures("source")
def test_nonsense_is_answered_by_one_sentence(
    capfdbinary: pytest.CaptureFixture[bytes], options: tuple[str, ...], sentence: str | None
) -> None:
    code, printed, said = run(capfdbinary, *options)
    assert (code, printed) == (2, b"")
    assert said.count("\n") == 1
    assert sentence is None or said == f"{sentence}\n"


def test_lengths_exclude_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    for options in (["--week", "--month"], ["--week", "--from", "2026-11-01"]):
        with pytest.raises(SystemExit):
            parser().parse_args(["stats", *options])
        assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.usefixtures("source")
def test_one_till_or_store_or_currency(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert "All stores, till 3" in text_of(capfdbinary, "--till", "3")
    one = json.loads(text_of(capfdbinary, "--till", "3", "--json"))
    assert (one["till"], one["figures"]["sales"]) == ("3", 4)
    assert "Hill Road" in text_of(capfdbinary, "--store", "Hill Road")
    euros = text_of(capfdbinary, "--currency", "eur")
    assert "€4,000.00" in euros
    assert "In EUR. Ask for INR with --currency." in euros


@pytest.mark.usefixtures("source")
def test_a_table_for_spreadsheets(capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    _, table, _ = run(capfdbinary, "--csv")
    assert table.startswith(b"TRAINING,first,last,store,till,currency,rows,part,name,sales,"), "the demo shop"
    assert table.count(b"\r\n") == table.count(b"\n") > 10
    _, marked, _ = run(capfdbinary, "--csv", "--bom")
    assert marked == b"\xef\xbb\xbf" + table
    file = tmp_path / "day.csv"
    assert text_of(capfdbinary, "--file", str(file), "--bom") == f"Written to {file}.\n"
    assert file.read_bytes() == marked
    code, _, said = run(capfdbinary, "--file", str(file))
    assert (code, said) == (2, "This file is there already. It was left as it is.\n")
    assert run(capfdbinary, "--file", str(file), "--replace")[0] == 0
    assert file.read_bytes() == table


DIFFERENCES = [
    Difference(TODAY, "INR", "hour", "9", "sales", 3, 4),
    Difference(TODAY, "INR", "", "", "earned", 125_000, 130_000),
    Difference(None, "", "", "", "member", 0, 1),
]


@pytest.mark.parametrize(("found", "code"), [([], 0), (DIFFERENCES, 1), (DIFFERENCES[:1] * 50, 1)])
def test_the_check(
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
    found: list[Difference],
    code: int,
) -> None:
    monkeypatch.setattr(stats.figures_opening, "verify_figures", lambda _config, _folder: found)
    exit_code, printed, _ = run(capfdbinary, "--check")
    assert exit_code == code
    lines = printed.decode().splitlines()
    if not found:
        assert lines == ["Every kept figure is what the sales come to."]
    elif len(found) == 3:
        assert lines == [
            "3 kept figures are not what the sales come to. The sales are right.",
            "  2026-11-21 INR hour 9 sales: kept 3, counted 4",
            "  2026-11-21 INR earned: kept 12.5000, counted 13.0000",
            "  all days member: kept 0, counted 1",
        ]
    else:
        assert len(lines) == 22
        assert lines[-1] == "and 30 more"
    assert len(json.loads(run(capfdbinary, "--check", "--json")[1])["differences"]) == len(found)


def test_names_that_steer_a_terminal_do_not(
    capfdbinary: pytest.CaptureFixture[bytes], source: FakeFigures
) -> None:
    source.events.append(Event(TODAY, 10, SOLD, staff="\x1b[2Jevil", tier="\u202eevil\r"))
    for options in ((), ("--csv",), ("--json",)):
        printed = text_of(capfdbinary, *options)
        assert "\x1b" not in printed
        assert "\u202e" not in printed
        assert "evil" in printed


def test_wide_letters_take_two_columns() -> None:
    table = TableWords(
        title="",
        corner=Sentence.of("Name"),
        heads=(Sentence.of("Sales"),),
        names=("東京", "Asha", "\u0939\u093f\u0928\u094d\u0926\u0940", "x" * 60),
        rows=(("1",), ("20",), ("3",), ("4",)),
        total=("28",),
        total_name="All",
    )
    lines = table_lines(table)
    assert lines[0] == f"{'Name':40}  Sales"
    assert lines[1] == f"東京{'':36}      1"
    assert lines[4].startswith(f"{'x' * 39}…")
    assert set(lines[5]) == {"-"}
    assert lines[6].split() == ["All", "28"]


class LedgerAway(FakeFigures):
    """Only this till's own figures can be read."""

    def figures(
        self, first: date, last: date, scope: Scope = EVERYTHING, currency: str = ""
    ) -> PeriodFigures:
        """Answer for this till."""
        own = Scope(STORE, "2")
        if scope != own:
            raise FiguresAwayError("The store's ledger cannot be reached.", own)
        return super().figures(first, last, scope, currency)


@pytest.mark.parametrize("events", [EVENTS, ()])
def test_while_the_ledger_is_away_this_tills_figures_are_had_as_it_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], events: tuple[Event, ...]
) -> None:
    monkeypatch.setattr(stats.figures_opening, "figures_source", lambda *_: LedgerAway(events))
    monkeypatch.setattr(stats, "SystemClock", lambda: FakeClock(NOW))
    assert main(["stats", "--demo"]) == 2
    said = capsys.readouterr().err.strip()
    assert said.removeprefix("The store's ledger cannot be reached. ") == (
        f"For this till's own figures add --store '{STORE}' --till 2."
    )
    assert main(["stats", "--demo", "--json", "--store", STORE, "--till", "2"]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    assert figures["sales"] == (4 if events else 0)
    assert main(["stats", "--demo", "--store", STORE, "--till", "7"]) == 2
