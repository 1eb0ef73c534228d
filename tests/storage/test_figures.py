"""Kept figures are what their rows come to, whatever happens at a till, in any zone and currency."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from cashier_app.domain import counting
from cashier_app.domain.counting import Movement, Place, Standing
from cashier_app.domain.figures import FIGURE_NAMES, NO_FIGURES, Figures, Split, Times
from cashier_app.domain.points import MAX_SCALE
from cashier_app.domain.sale import Effect, ReturnReason, Sale
from cashier_app.errors import KnownError
from cashier_app.ports.figures import Scope
from cashier_app.storage import recount, retention, rollups
from cashier_app.storage.figures_source import SqliteFigures
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.rollups import Rollups
from tests.fakes.clock import START
from tests.fakes.effects import sale
from tests.storage.figure_days import BUSY_DAY, MadeDays, made_days
from tests.storage.figure_playing import play
from tests.storage.figures_by_hand import ByHand, Sums, kept, kept_times

A_DAY_TOO_MANY = """
INSERT INTO day_figure (day, currency, split, part, sales) VALUES ('2020-02-02', 'INR', '', '', 4)
"""
FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)


@contextmanager
def opened(folder: Path, zone: str) -> Iterator[SqliteJournal]:
    """Open a journal that may lose power: these tests ask nothing of the disk."""
    with closing(SqliteJournal(folder / "till.sqlite", "2", zone=ZoneInfo(zone))) as journal:
        journal.database.connection().execute("PRAGMA synchronous=OFF")
        yield journal


def apart(journal: SqliteJournal, zone: str) -> list[str]:
    """Return how what is kept differs from what its rows come to by hand."""
    connection = journal.database.connection()
    by_hand, found = ByHand(connection, zone), kept(connection)
    wanted = by_hand.nonzero()
    said = [
        f"{key} {name}: {found.get(key, {}).get(name, 0)} is not {wanted.get(key, {}).get(name, 0)}"
        for key in found.keys() | wanted.keys()
        for name in FIGURE_NAMES
        if found.get(key, {}).get(name, 0) != wanted.get(key, {}).get(name, 0)
    ]
    if kept_times(connection) != by_hand.times:
        said.append("times")
    return said


def make_anew(journal: SqliteJournal) -> None:
    with journal.database.writing() as connection:
        recount.rebuild(connection, journal.rollups)


def source(folder: Path, zone: str = "Asia/Kolkata") -> SqliteFigures:
    return SqliteFigures(folder / "till.sqlite", "Marigold Stores", "2", "INR", ZoneInfo(zone))


# Every day.
@settings(max_examples=60, deadline=None)
@given(days=made_days)
def test_any_days_are_kept_as_their_rows_come_to(days: MadeDays) -> None:
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder), days.zone) as journal:
        play(journal, days)
        assert apart(journal, days.zone) == []
        assert journal.figures_apart() == []
        before, times = kept(journal.database.connection()), kept_times(journal.database.connection())
        with closing(source(Path(folder), days.zone)) as figures:
            for currency in ("JPY", "INR", "KWD"):
                hold_to(figures, before, times, currency)
        make_anew(journal)
        assert (kept(journal.database.connection()), kept_times(journal.database.connection())) == (
            before,
            times,
        )
        retention.compact(journal.database, journal.rollups, START + timedelta(days=1000))
        assert journal.figures_apart() == []
        make_anew(journal)
        assert (kept(journal.database.connection()), kept_times(journal.database.connection())) == (
            before,
            times,
        )


def hold_to(figures: SqliteFigures, sums: Sums, times: Counter[Any], currency: str) -> None:
    """Hold what the source answers for a while to sums of kept rows, made here."""
    days = sorted({key[0] for key in sums})
    first, last = (date.fromisoformat(days[0]), date.fromisoformat(days[-1])) if days else (FIRST, LAST)
    first += timedelta(days=1)  # so that a day is left out
    found = figures.figures(first, last, currency=currency)
    wanted = {
        key: row for key, row in sums.items() if key[1] == currency and str(first) <= key[0] <= str(last)
    }
    for split in Split:
        for name in FIGURE_NAMES:
            parts: Counter[str] = Counter()
            for (_, _, of, part), row in wanted.items():
                if of == split:
                    parts[part] += row.get(name, 0)  # type: ignore[assignment]
            assert {part: getattr(one, name) for part, one in found.by[split].items()} == {
                part: parts[part] for part in found.by[split]
            }
            assert (
                sum(parts.values())
                == getattr(found.total, name)
                == sum(getattr(one, name) for one in found.by_day.values())
            )
    taken = sorted(
        tenths
        for (day, of, _, tenths), sales in times.items()
        for _ in range(sales)
        if of == currency and str(first) <= day <= str(last)
    )
    expected = Times()
    if taken:
        expected = Times(taken[(len(taken) + 1) // 2 - 1], taken[-(-len(taken) * 95 // 100) - 1])
    assert found.times == expected


def test_a_day_in_which_everything_happens(tmp_path: Path) -> None:
    with opened(tmp_path, BUSY_DAY.zone) as journal:
        play(journal, BUSY_DAY)
        assert apart(journal, BUSY_DAY.zone) == []
        whole: Figures = sum(
            (source(tmp_path).figures(FIRST, LAST, currency=code).total for code in ("INR", "JPY", "KWD")),
            NO_FIGURES,
        )
    missing = [name for name in FIGURE_NAMES if not getattr(whole, name)]
    assert missing == [], "the controls below would find nothing there"


# Planted bugs.
def _hour_of_utc(at: datetime, _offset: int | None, _zone: tzinfo) -> tuple[date, int]:
    return at.date(), at.hour


def _by_the_zone_of_the_row_only(at: datetime, offset: int | None, _zone: tzinfo) -> tuple[date, int]:
    local = at + timedelta(minutes=offset or 0)
    return local.date(), local.hour


def _nothing(*_: object) -> None:
    return None


def _in_halves(_booked: object, expected: Decimal) -> Decimal:
    return expected


def _never_first(*_: object) -> bool:
    return False


def _for_each_effect(one_sale: Sale, effects: Sequence[Effect], standing: Standing, zone: tzinfo) -> Movement:
    one = _returned(one_sale, effects, standing, zone)
    return replace(one, figures=one.figures + Figures(returns=len(effects) - 1))


def _of_the_sale(effect: Effect, one_sale: Sale, zone: tzinfo) -> Place:
    return counting.place_of_sale(one_sale, zone)


def _as_sold(facts: Sale, _effect: Effect, _till: str) -> Sale:
    return facts


_returned = counting.returned
PLANTED = {
    "the hour is that of UTC": (counting, "business_hour", _hour_of_utc),
    "rows of before are of UTC": (counting, "business_hour", _by_the_zone_of_the_row_only),
    "moves are not counted": (Rollups, "moved", _nothing),
    "returns are not counted": (Rollups, "returned", _nothing),
    "settling is not counted": (Rollups, "corrected", _nothing),
    "what is claimed later is not counted": (Rollups, "queued_later", _nothing),
    "acts are of the till that sold": (rollups, "done_here", _as_sold),
    "any whole return is a void": (counting, "UNDOES_A_SALE", frozenset(ReturnReason)),
    "losses are not counted": (Rollups, "lost", _nothing),
    "acts are not counted": (Rollups, "done", _nothing),
    "what the backend booked is ignored": (counting, "_booked", _in_halves),
    "nobody is new": (Rollups, "_is_first", _never_first),
    "a return counts for each effect": (rollups, "returned", _for_each_effect),
    "returns are of the day of the sale": (counting, "place_of_return", _of_the_sale),
}


@pytest.mark.parametrize("plant", PLANTED)
def test_a_planted_bug_is_found(plant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where, name, wrong = PLANTED[plant]
    assert hasattr(where, name)
    monkeypatch.setattr(where, name, wrong)
    with opened(tmp_path, BUSY_DAY.zone) as journal:
        play(journal, BUSY_DAY)
        assert apart(journal, BUSY_DAY.zone) != []


def test_a_replay_counted_twice_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = SqliteJournal.commit_sale

    def and_count(journal: SqliteJournal, one: Sale, effects: Sequence[Effect]) -> Sale:
        before = journal.sale(one.sale_id)
        numbered = commit(journal, one, effects)
        if before is not None:
            with journal.database.writing() as connection:
                journal.rollups.finished(connection, numbered, effects)
        return numbered

    monkeypatch.setattr(SqliteJournal, "commit_sale", and_count)
    with opened(tmp_path, BUSY_DAY.zone) as journal:
        play(journal, BUSY_DAY)
        assert any(" sales: " in one for one in apart(journal, BUSY_DAY.zone))


def test_what_is_not_committed_is_not_counted(tmp_path: Path) -> None:
    def full(_connection: object, _movements: object) -> None:
        raise KnownError("The disk is full.")

    with opened(tmp_path, "Asia/Kolkata") as journal:
        journal.commit_sale(sale(1), [])
        journal.rollups.also = full
        with pytest.raises(KnownError, match="full"):
            journal.commit_sale(sale(2), [])
        assert journal.sale(sale(2).sale_id) is None
        assert apart(journal, "Asia/Kolkata") == []
        assert journal.day_figures(START.date()).sales == 1


# The check.
@pytest.mark.parametrize(
    ("change", "figure"),
    [
        ("UPDATE day_figure SET bill = bill + 1 WHERE split = ''", "bill"),
        ("UPDATE day_figure SET earned = earned + 1 WHERE split = 'staff'", "earned"),
        ("DELETE FROM day_figure WHERE split = 'hour'", "sales"),
        (A_DAY_TOO_MANY, "sales"),
        ("UPDATE day_time SET sales = sales + 1", "time"),
        ("DELETE FROM day_time", "time"),
        ("UPDATE day_figure SET day = 'no ' || day WHERE split = 'way'", "sales"),
        ("DELETE FROM day_figure", "bill"),
        ("INSERT INTO day_time VALUES ('2020-02-02', 'INR', '', 7, 3)", "time"),
        ("INSERT INTO member_first VALUES (x'00', 'nobody')", "member"),
        ("DELETE FROM member_first", "member"),
    ],
)
def test_the_check_finds_a_wrong_figure_and_counting_again_mends_it(
    tmp_path: Path, change: str, figure: str
) -> None:
    with opened(tmp_path, BUSY_DAY.zone) as journal, closing(source(tmp_path, BUSY_DAY.zone)) as figures:
        play(journal, BUSY_DAY)
        assert figures.differences() == []
        with journal.database.writing() as connection:
            connection.execute(change)
        found = figures.differences()
        assert figure in {one.figure for one in found}
        assert found == journal.figures_apart()
        days = [one.day for one in found if one.day and one.figure in FIGURE_NAMES]
        assert days == sorted(days)
        assert all(one.kept != one.counted for one in found)
        journal.count_again()
        assert figures.differences() == []


def test_the_check_tells_how_far_it_is_and_can_be_ended(tmp_path: Path) -> None:
    with opened(tmp_path, "Asia/Kolkata") as journal:
        for count in range(1, 2502):
            journal.commit_sale(sale(count, member_id=""), [])
        told: list[tuple[int, int]] = []
        assert journal.figures_apart(lambda done, of: told.append((done, of))) == []
        assert told == [(1000, 2501), (2000, 2501), (2501, 2501)]

        def enough(_done: int, _of: int) -> None:
            raise InterruptedError

        with pytest.raises(InterruptedError):
            journal.figures_apart(enough)
        with pytest.raises(InterruptedError):
            journal.count_again(enough)
        with pytest.raises(InterruptedError), journal.database.writing() as connection:
            recount.rebuild(connection, journal.rollups, enough)
        assert journal.figures_apart() == [], "what was begun left nothing behind"


def test_figures_kept_by_other_rules_are_counted_again_at_the_next_start(tmp_path: Path) -> None:
    with opened(tmp_path, "Asia/Kolkata") as journal:
        journal.commit_sale(sale(1), [])
        with journal.database.writing() as connection:
            connection.execute("UPDATE day_figure SET sales = 77")
            connection.execute("UPDATE kept SET text = '0' WHERE name = ?", (recount.RULES_NAME,))
    with closing(source(tmp_path)) as figures, pytest.raises(KnownError, match="Start the till once"):
        figures.figures(FIRST, LAST)
    with opened(tmp_path, "Asia/Kolkata"), closing(source(tmp_path)) as figures:
        assert figures.figures(FIRST, LAST).total.sales == 1


@pytest.mark.expects_log("whose rows are damaged was not counted")
def test_a_sale_whose_rows_are_damaged_holds_up_no_start(tmp_path: Path) -> None:
    with opened(tmp_path, "Asia/Kolkata") as journal:
        journal.commit_sale(sale(1), [])
        journal.commit_sale(sale(2), [])
        with journal.database.writing() as connection:
            connection.execute("UPDATE sale SET body = '{' WHERE counter = 1")
    with opened(tmp_path, "Asia/Kolkata") as journal:
        assert {one.figure for one in journal.figures_apart()} > {"sales", "bill"}
        journal.count_again()
        assert journal.day_figures(START.date()).sales == 1


# The source.
def test_a_reader_and_a_till_do_not_wait_for_each_other(tmp_path: Path) -> None:
    with opened(tmp_path, "Asia/Kolkata") as journal, closing(source(tmp_path)) as figures:
        journal.commit_sale(sale(1), [])
        assert figures.figures(FIRST, LAST).total.sales == 1
        with journal.database.writing() as connection:
            connection.execute("UPDATE day_figure SET sales = 9")
            # A sale is half written meanwhile: nothing of it is seen, and nobody waits.
            assert figures.figures(FIRST, LAST).total.sales == 1
        assert figures.figures(FIRST, LAST).total.sales == 9


def test_the_source_can_write_nothing(tmp_path: Path) -> None:
    with opened(tmp_path, "Asia/Kolkata"), closing(source(tmp_path)) as figures:
        figures.names()
        assert figures._connection is not None
        assert figures._connection.readonly("main")


def test_another_store_or_till_is_not_known_here(tmp_path: Path) -> None:
    with opened(tmp_path, "Asia/Kolkata") as journal, closing(source(tmp_path)) as figures:
        journal.commit_sale(sale(1), [])
        assert figures.stores() == ("Marigold Stores",)
        assert figures.figures(FIRST, LAST, Scope("Marigold Stores", "2")).total.sales == 1
        assert figures.figures(FIRST, LAST, Scope("Elsewhere")).total == NO_FIGURES
        assert figures.figures(FIRST, LAST, Scope(till="3")).total == NO_FIGURES


def test_other_currencies_are_told_and_asked_for_by_themselves(tmp_path: Path) -> None:
    with opened(tmp_path, BUSY_DAY.zone) as journal, closing(source(tmp_path)) as figures:
        play(journal, BUSY_DAY)
        own = figures.figures(FIRST, LAST)
        assert (own.currency, own.other_currencies) == ("INR", ("JPY", "KWD"))
        yen = figures.figures(FIRST, LAST, currency="JPY")
        assert (yen.currency, yen.other_currencies) == ("JPY", ("INR", "KWD"))
        assert own.total.bill != yen.total.bill != 0


def test_a_folder_without_sales_says_so(tmp_path: Path) -> None:
    with closing(source(tmp_path)) as figures, pytest.raises(KnownError, match="no sales yet"):
        figures.figures(FIRST, LAST)


def test_an_empty_till_has_no_figures(tmp_path: Path) -> None:
    with opened(tmp_path, "Asia/Kolkata"), closing(source(tmp_path)) as figures:
        found = figures.figures(FIRST, LAST)
        assert (found.total, found.by_day, found.times) == (NO_FIGURES, {}, Times())
        assert all(not parts for parts in found.by.values())


def test_every_figure_has_its_column_and_points_their_unit(tmp_path: Path) -> None:
    with opened(tmp_path, "Asia/Kolkata") as journal:
        rows = journal.database.connection().execute("SELECT name FROM pragma_table_info('day_figure')")
        assert [row[0] for row in rows] == [*rollups.KEYS, *FIGURE_NAMES]
    assert 10**MAX_SCALE == 10_000
