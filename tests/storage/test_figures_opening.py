"""Figures read beside a running till, and the idle screen's figures of today."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app import demo_shop, figures_opening
from cashier_app.config import till_settings
from cashier_app.data_folder import JOURNAL_FILE
from cashier_app.domain.money import zero
from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.errors import KnownError
from cashier_app.ports.journal import DayFigures
from cashier_app.storage.folder_lock import FolderLock
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.clock import START
from tests.fakes.effects import effect, sale
from tests.fakes.shop import RUPEE

CONFIG = demo_shop.DEMO_CONFIG
SETTINGS = till_settings(CONFIG)
DAY = START.astimezone(SETTINGS.zone).date()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    with closing(SqliteJournal(tmp_path / JOURNAL_FILE, SETTINGS.till, zone=SETTINGS.zone)) as opened:
        yield opened


# Beside a running till.
def test_figures_are_read_while_a_till_sells(tmp_path: Path, journal: SqliteJournal) -> None:
    with closing(_Held(tmp_path)):
        journal.commit_sale(sale(1), [])
        with closing(figures_opening.figures_source(CONFIG, tmp_path)) as figures:
            assert figures.figures(DAY, DAY).total.sales == 1
            journal.commit_sale(sale(2), [])
            assert figures.figures(DAY, DAY).total.sales == 2
            assert figures.stores() == (CONFIG.store.name,)


def test_figures_are_checked_and_put_right_while_a_till_sells(tmp_path: Path, journal: SqliteJournal) -> None:
    journal.commit_sale(sale(1), [])
    with closing(_Held(tmp_path)):
        assert figures_opening.verify_figures(CONFIG, tmp_path) == []
        with journal.database.writing() as connection:
            connection.execute("UPDATE day_figure SET paid = paid - 1 WHERE split = 'till'")
        (found,) = figures_opening.verify_figures(CONFIG, tmp_path)
        assert (found.day, found.split, found.part, found.figure) == (DAY, "till", "2", "paid")
        assert found.kept == found.counted - 1
        told: list[tuple[int, int]] = []

        def sell(done: int, of: int) -> None:
            told.append((done, of))
            journal.commit_sale(sale(2), [])

        figures_opening.count_again(CONFIG, tmp_path, sell)
        assert told == [(1, 1)]
        assert journal.day_figures(DAY).sales == 2
        assert figures_opening.verify_figures(CONFIG, tmp_path) == []


def test_without_sales_there_is_nothing_to_count(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="no sales yet"):
        figures_opening.verify_figures(CONFIG, tmp_path)
    with pytest.raises(KnownError, match="no sales yet"):
        figures_opening.count_again(CONFIG, tmp_path)
    assert not (tmp_path / JOURNAL_FILE).exists()


class _Held:
    """The folder of a running till."""

    def __init__(self, folder: Path) -> None:
        self._lock = FolderLock(folder)

    def close(self) -> None:
        self._lock.release()


# The idle screen.
def test_the_best_share_is_that_of_the_month_so_far(journal: SqliteJournal) -> None:
    for count, (days_ago, member_id) in enumerate([(1, "m-1"), (1, ""), (0, ""), (40, "m-1"), (-1, "m-1")]):
        journal.commit_sale(sale(count, member_id=member_id, at=START - timedelta(days=days_ago)), [])
    assert journal.day_figures(DAY).best_share == 50, "neither last month nor tomorrow counts"
    assert journal.day_figures(DAY - timedelta(days=2)) == DayFigures(0, 0, 0, Decimal(0), None, None)


def test_points_are_those_booked_or_still_to_be(journal: SqliteJournal) -> None:
    for count in (1, 2, 3):
        journal.commit_sale(replace(sale(count), discount=zero(RUPEE)), [effect(EffectKind.SALE, count)])
        key = effect(EffectKind.SALE, count).key
        journal.move(key, EffectState.SENDING, answer="", at=START)
        end = (EffectState.POSTED, EffectState.WAITING, EffectState.NEEDS_ATTENTION)[count - 1]
        journal.move(key, end, answer="", at=START)
    assert journal.day_figures(DAY).points_earned == Decimal(42)


def test_a_clock_set_back_does_not_move_the_first_sale_of_a_day(journal: SqliteJournal) -> None:
    journal.commit_sale(sale(1), [])
    journal.commit_sale(sale(2, at=START - timedelta(hours=2)), [])
    assert journal.day_figures(DAY).since == START - timedelta(hours=2)


def test_a_day_of_many_sales_costs_what_one_of_few_does(journal: SqliteJournal) -> None:
    def steps() -> int:
        taken = [0]

        def one_more() -> bool:
            taken[0] += 1
            return False

        connection = journal.database.connection()
        connection.set_progress_handler(one_more, 1)
        journal.day_figures(DAY)
        connection.set_progress_handler(None)
        return taken[0]

    journal.database.connection().execute("PRAGMA synchronous=OFF")
    for count in range(10):
        journal.commit_sale(sale(count), [])
    few = steps()
    for count in range(10, 300):
        journal.commit_sale(sale(count), [])
    assert steps() == few


def test_the_day_begins_at_the_shops_midnight(journal: SqliteJournal) -> None:
    midnight = datetime(2026, 11, 20, tzinfo=SETTINGS.zone).astimezone(UTC)
    journal.commit_sale(sale(1, at=midnight - timedelta(microseconds=1)), [])
    journal.commit_sale(sale(2, at=midnight), [])
    assert journal.day_figures(date(2026, 11, 20)).since == midnight
    assert journal.day_figures(date(2026, 11, 19)).sales == 1
