"""What a till tells a ledger comes to what it kept, whatever happened, and however late it began to tell."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, settings
from msgspec.structs import asdict

from cashier_app.ports.ledger import LineBrokenError, LineEnd, ToldMovement
from cashier_app.storage import retention
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.rollups import split_keys, time_key
from tests.fakes.clock import START
from tests.storage.figure_days import BUSY_DAY, MadeDays, made_days
from tests.storage.figure_playing import play
from tests.storage.figures_by_hand import kept, kept_times

LINE = "00000000-0000-4000-8000-000000000001"
ALL = 100_000

Sums = dict[tuple[str, str, str, str], dict[str, Any]]


def told_by(journal: SqliteJournal) -> list[ToldMovement]:
    """Return all that waits, with all of before written down."""
    while journal.fill_feed(3):
        pass
    return journal.next_movements(ALL)


def sums_of(told: list[ToldMovement]) -> tuple[Sums, Counter[Any]]:
    """Return what movements come to, as the roll-ups keep it."""
    sums: dict[tuple[str, str, str, str], Counter[str]] = {}
    times: Counter[Any] = Counter()
    for one in told:
        movement = one.movement
        figures = asdict(movement.figures)
        figures["first_sales"] += int(bool(movement.member_id))
        for key in split_keys(movement.place):
            sums.setdefault(key, Counter()).update(figures)
        if movement.took_tenths is not None:
            times[time_key(movement.place, movement.took_tenths)] += 1
    return {key: _nonzero(row) for key, row in sums.items() if _nonzero(row)}, times


def _nonzero(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value}


def kept_sums(journal: SqliteJournal) -> tuple[Sums, Counter[Any]]:
    connection = journal.database.connection()
    rows = {key: _nonzero(row) for key, row in kept(connection).items()}
    return {key: row for key, row in rows.items() if row}, kept_times(connection)


@settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(days=made_days)
def test_any_days_are_told_as_they_were_kept(days: MadeDays) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(SqliteJournal(Path(folder) / "till.sqlite", "2", zone=ZoneInfo(days.zone))) as journal,
    ):
        journal.database.connection().execute("PRAGMA synchronous=OFF")
        journal.begin_feed(LINE, "Jayanagar", "2")
        play(journal, days)
        as_it_happened = told_by(journal)
        assert not any(one.restated for one in as_it_happened)
        assert sums_of(as_it_happened) == kept_sums(journal)
        journal.begin_feed(LINE, "Jayanagar", "2")
        as_it_stands = told_by(journal)
        assert all(one.restated and one.whole for one in as_it_stands)
        assert sums_of(as_it_stands) == kept_sums(journal)
        acts = [one.act for one in as_it_stands]
        assert len(acts) == len(set(acts)), "each act is told once"
        retention.compact(journal.database, journal.rollups, START + timedelta(days=1000))
        journal.begin_feed(LINE, "Jayanagar", "2")
        assert _without_firsts(sums_of(told_by(journal))) == _without_firsts(kept_sums(journal))


def _without_firsts(found: tuple[Sums, Counter[Any]]) -> tuple[Sums, Counter[Any]]:
    sums, times = found
    rows = {key: {name: row[name] for name in row if name != "first_sales"} for key, row in sums.items()}
    return {key: row for key, row in rows.items() if row}, times


def test_a_line_is_numbered_and_marked_and_let_go_of_from_its_beginning(tmp_path: Path) -> None:
    with closing(SqliteJournal(tmp_path / "till.sqlite", "2", zone=ZoneInfo(BUSY_DAY.zone))) as journal:
        journal.begin_feed(LINE, "Jayanagar", "2")
        play(journal, BUSY_DAY)
        told = journal.next_movements(ALL)
        assert [one.sequence for one in told] == list(range(1, len(told) + 1))
        assert len({one.mark for one in told}) == len(told)
        assert journal.ledger_queue().waiting == len(told)
        third = told[2]
        assert journal.mark_at(3) == third.mark
        journal.confirm_feed(LineEnd(3, third.mark))
        assert journal.mark_at(3) is None
        assert journal.next_movements(2) == told[3:5]
        state = journal.feed_state()
        assert state is not None
        assert (state.confirmed, state.made) == (
            LineEnd(3, third.mark),
            LineEnd(len(told), told[-1].mark),
        )


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE ledger_feed SET body = replace(body, '\"currency\"', '\"currencx\"') WHERE sequence = 2",
        "UPDATE ledger_feed SET mark = 'x' WHERE sequence = 2",
        "DELETE FROM ledger_feed WHERE sequence = 1",
        "UPDATE ledger_line SET confirmed_mark = 'x'",
    ],
)
def test_a_damaged_line_is_broken_not_told(tmp_path: Path, damage: str) -> None:
    with closing(SqliteJournal(tmp_path / "till.sqlite", "2", zone=ZoneInfo(BUSY_DAY.zone))) as journal:
        journal.begin_feed(LINE, "Jayanagar", "2")
        play(journal, BUSY_DAY)
        journal.database.connection().execute(damage)
        with pytest.raises(LineBrokenError):
            journal.next_movements(ALL)


@pytest.mark.expects_log("was not told to the ledger")
def test_a_sale_that_cannot_be_read_holds_up_no_other(tmp_path: Path) -> None:
    with closing(SqliteJournal(tmp_path / "till.sqlite", "2", zone=ZoneInfo(BUSY_DAY.zone))) as journal:
        play(journal, BUSY_DAY)
        journal.begin_feed(LINE, "Jayanagar", "2")
        acts = {one.act for one in told_by(journal)}
        row = (
            journal.database.connection()
            .execute("SELECT min(sale_id) FROM sale WHERE counter = 2")
            .fetchone()
        )
        journal.database.connection().execute("UPDATE sale SET body = '{' WHERE counter = 2")
        journal.begin_feed(LINE, "Jayanagar", "2")
        left = {one.act for one in told_by(journal)}
        assert row is not None
        assert left == {act for act in acts if not act.startswith(str(row[0]))}
