"""A day's figures are the same brought forward as counted anew, and cost only what was sold since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cashier_app.storage.day_book import DayBook
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.clock import START
from tests.fakes.effects import sale

ZONE = ZoneInfo("Asia/Kolkata")
DAY = START.astimezone(ZONE).date()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    opened = SqliteJournal(tmp_path / "till.sqlite", "2")
    yield opened
    opened.close()


def sell(journal: SqliteJournal, count: int, at: datetime = START, member_id: str = "m-1") -> None:
    journal.commit_sale(sale(count, at=at, member_id=member_id), [])


def test_a_clock_set_back_and_forth_changes_no_figure(journal: SqliteJournal) -> None:
    days = iter(range(1000))

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.tuples(st.integers(-40, 40), st.booleans(), st.booleans()), max_size=6))
    def brought_forward(sold: list[tuple[int, bool, bool]]) -> None:
        for ago, member, asked in sold:
            sell(journal, next(days), START + timedelta(days=ago), "m-1" if member else "")
            if asked:
                journal.day_figures(DAY, ZONE)
        anew = DayBook().figures(journal.database.connection(), DAY, ZONE)
        assert journal.day_figures(DAY, ZONE) == anew

    brought_forward()


def test_another_day_or_zone_is_counted_for_itself(journal: SqliteJournal) -> None:
    sell(journal, 1)
    sell(journal, 2, START - timedelta(days=1))
    assert journal.day_figures(DAY, ZONE).sales == 1
    assert journal.day_figures(DAY - timedelta(days=1), ZONE).sales == 1
    assert journal.day_figures(DAY, ZoneInfo("Pacific/Kiritimati")).sales <= 1
    assert journal.day_figures(date(2020, 1, 1), ZONE).sales == 0
    assert journal.day_figures(DAY, ZONE).sales == 1


def test_what_was_counted_is_not_read_again(journal: SqliteJournal) -> None:
    def steps() -> int:
        taken = [0]

        def one_more() -> bool:
            taken[0] += 1
            return False

        connection = journal.database.connection()
        connection.set_progress_handler(one_more, 1)
        journal.day_figures(DAY, ZONE)
        connection.set_progress_handler(None)
        return taken[0]

    for count in range(200):
        sell(journal, count)
    first = steps()
    again = steps()
    sell(journal, 200)
    after_one = steps()
    assert again * 20 < first
    assert after_one * 10 < first
