"""What is forgotten is old and posted; nothing else is touched, whatever the mixture."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.storage import checks, retention
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.clock import START
from tests.fakes.effects import effect, sale, sale_id

ZONE = ZoneInfo("Asia/Kolkata")
NOW = START + timedelta(days=1000)
WAYS: dict[EffectState, tuple[EffectState, ...]] = {
    EffectState.WAITING: (),
    EffectState.SENDING: (EffectState.SENDING,),
    EffectState.UNKNOWN: (EffectState.SENDING, EffectState.UNKNOWN),
    EffectState.NEEDS_ATTENTION: (EffectState.SENDING, EffectState.NEEDS_ATTENTION),
    EffectState.POSTED: (EffectState.SENDING, EffectState.POSTED),
}
DONE = {EffectState.POSTED}


class OneSale(Struct, frozen=True):
    """A sale some days ago, and where its effects stand; none without a member."""

    days_ago: int
    states: tuple[EffectState, ...]


one_sale = st.builds(
    OneSale,
    days_ago=st.sampled_from([0, 1, 29, 30, 31, 399, 400, 401, 900]),
    states=st.lists(st.sampled_from(sorted(WAYS)), max_size=2).map(tuple),
)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    with closing(SqliteJournal(tmp_path / "till.sqlite", "2", zone=ZONE)) as opened:
        yield opened


def ring_up(journal: SqliteJournal, count: int, one: OneSale) -> None:
    at = NOW - timedelta(days=one.days_ago)
    kinds = [EffectKind.SALE, EffectKind.CAPTURE][: len(one.states)]
    effects = [effect(kind, count, member_id=f"m-{count}", at=at) for kind in kinds]
    journal.commit_sale(sale(count, member_id=f"m-{count}" if effects else "", at=at), effects)
    for row, state in zip(effects, one.states, strict=True):
        for step in WAYS[state]:
            journal.move(row.key, step, answer=step.value, at=at)


@settings(max_examples=40, deadline=None)
@given(sales=st.lists(one_sale, min_size=1, max_size=8))
def test_only_what_is_old_and_posted_changes(sales: list[OneSale]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(SqliteJournal(Path(folder) / "till.sqlite", "2", zone=ZONE)) as journal,
    ):
        for count, one in enumerate(sales, start=1):
            ring_up(journal, count, one)
        counts, unsent = journal.counts(), journal.unsent()
        due = journal.due(NOW, 100)
        days = {(NOW - timedelta(days=one.days_ago)).astimezone(ZONE).date() for one in sales}
        figures = {day: journal.day_figures(day) for day in days}
        before = {count: _state_of(journal, count) for count in range(1, len(sales) + 1)}

        retention.forget_names(journal.database, NOW)
        retention.compact(journal.database, journal.rollups, NOW)

        assert (journal.counts(), journal.unsent(), journal.due(NOW, 100)) == (counts, unsent, due)
        assert {day: journal.day_figures(day) for day in days} == figures
        for count, one in enumerate(sales, start=1):
            after, settled = _state_of(journal, count), set(one.states) <= DONE
            if not settled or one.days_ago <= 30:
                assert after == before[count]
                continue
            found = journal.sale(sale_id(count))
            assert found is not None
            assert found[0].display_name == ""
            assert found[0].number == f"2-{count:04d}"
            assert bool(journal.effects_of(sale_id(count))) is (bool(one.states) and one.days_ago <= 400)
            assert bool(found[0].member_id) is (bool(one.states) and one.days_ago <= 400)
        assert checks.first_damage(journal.database.connection()) is None
        again = retention.compact(journal.database, journal.rollups, NOW)
        assert again == 0, "done once, nothing is left to do"
        assert journal.figures_apart() == [], "what was forgotten is still counted"


def _state_of(journal: SqliteJournal, count: int) -> object:
    return journal.sale(sale_id(count)), journal.effects_of(sale_id(count))


def test_many_are_compacted_in_small_transactions(journal: SqliteJournal) -> None:
    for count in range(1, 121):
        ring_up(journal, count, OneSale(500, (EffectState.POSTED,)))
    commits = 0

    def count_commit(_: object) -> None:
        nonlocal commits
        commits += 1

    journal.database.committed = count_commit
    assert retention.compact(journal.database, journal.rollups, NOW) == 120
    assert commits == 3
    assert journal.day_figures(_day(500)).points_earned == Decimal(21 * 120)


def test_a_damaged_row_is_left_as_it_is(journal: SqliteJournal) -> None:
    ring_up(journal, 1, OneSale(500, (EffectState.WAITING,)))
    with journal.database.writing() as connection:
        connection.execute("UPDATE effect SET state = 'posted'")
    assert retention.compact(journal.database, journal.rollups, NOW) == 0


def test_wiped_names_do_not_linger_in_the_file(journal: SqliteJournal) -> None:
    ring_up(journal, 1, OneSale(31, (EffectState.POSTED,)))
    retention.forget_names(journal.database, NOW)
    journal.close()
    content = b"".join(path.read_bytes() for path in journal.database.path.parent.glob("till.sqlite*"))
    assert b"Priya" not in content


# The clock.
def believed(journal: SqliteJournal, *days: float) -> list[bool]:
    return [retention.clock_is_believed(journal.database, START + timedelta(days=day)) for day in days]


def test_a_clock_is_believed_after_three_even_days(journal: SqliteJournal) -> None:
    assert believed(journal, 0, 1, 2, 3, 4) == [False, False, False, True, True]


@pytest.mark.parametrize("jump", [400, -400])
def test_a_clock_that_was_set_is_not_believed(journal: SqliteJournal, jump: int) -> None:
    believed(journal, 0, 1, 2, 3)
    assert believed(journal, 4 + jump, 5 + jump, 6 + jump) == [False] * 3
    assert believed(journal, 7, 8, 9, 10) == [False, False, False, True], "set right, it must go evenly again"


def test_what_cannot_be_read_begins_anew(journal: SqliteJournal) -> None:
    believed(journal, 0, 1, 2, 3)
    journal.remember(retention.CLOCK_NAME, "nonsense")
    assert believed(journal, 4) == [False]


def _day(days_ago: int) -> date:
    moment: datetime = NOW - timedelta(days=days_ago)
    return moment.astimezone(UTC).astimezone(ZONE).date()
