"""What a till counted reaches the ledger once and in order, whatever was put back or lost meanwhile."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cashier_app.domain.figures import NO_FIGURES
from cashier_app.ports.ledger import LineBrokenError, LineEnd
from cashier_app.storage import recount, retention
from cashier_app.storage.opening import open_journal
from tests.fakes.chain_till import DIRHAM, INDIA, ChainTill
from tests.fakes.ledger_truth import wrongs
from tests.fakes.ledgers import FIRST, LAST, Ledger

START = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
LATER = START + timedelta(days=3)


@pytest.fixture
def till(tmp_path: Path) -> Iterator[ChainTill]:
    opened = ChainTill(tmp_path / "till", "Jayanagar", "2", random.Random(1))
    yield opened
    opened.journal.close()


def configured(till: ChainTill, ledger: Ledger) -> None:
    """Give a till its ledger before anything is sold."""
    till.delivery(ledger.line()).prepare()


def test_what_a_till_counted_stands_in_the_ledger(till: ChainTill, ledger: Ledger) -> None:
    configured(till, ledger)
    till.live(START, 60)
    till.sell(LATER, currency=DIRHAM)
    till.deliver(ledger.line())
    assert wrongs(ledger, [till]) == []
    assert wrongs(ledger, [till], "AED") == []
    assert till.journal.ledger_queue().waiting == 0
    assert ledger.run("SELECT count(*) AS n FROM ledger.movement WHERE restated")[0]["n"] == 0


def test_a_week_offline_is_told_in_the_order_it_happened(till: ChainTill, ledger: Ledger) -> None:
    configured(till, ledger)
    at = till.live(START, 5)
    till.deliver(ledger.line())
    for day in range(7):
        till.live(at + timedelta(days=day), 8)
    waiting = till.journal.ledger_queue()
    assert waiting.waiting > 30
    assert waiting.oldest_at is not None
    till.deliver(ledger.line())
    rows = ledger.run("SELECT sequence FROM ledger.movement ORDER BY booked_at, sequence")
    assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
    assert wrongs(ledger, [till]) == []


def test_a_till_without_a_ledger_keeps_nothing_for_one(till: ChainTill) -> None:
    till.live(START, 10)
    assert till.journal.feed_state() is None
    assert till.journal.ledger_queue().waiting == 0


def test_what_was_sold_before_there_was_a_ledger_is_told_too(till: ChainTill, ledger: Ledger) -> None:
    at = till.live(START, 80)
    delivery = till.delivery(ledger.line())
    delivery.prepare()
    assert till.journal.ledger_queue().filling
    at = till.live(at, 10)
    while delivery.step():
        at = till.live(at, 2)  # sales go on, also of what is being told
        if len(till.sold) > 120:
            break
    delivery.close()
    till.deliver(ledger.line())
    assert not till.journal.ledger_queue().filling
    assert wrongs(ledger, [till]) == []


def test_telling_of_before_goes_on_where_it_was_interrupted(till: ChainTill, ledger: Ledger) -> None:
    till.live(START, 120)
    configured(till, ledger)
    for _ in range(3):
        till.journal.fill_feed(20)
        till.reopen()
    told = till.journal.ledger_queue()
    assert told.filling
    till.deliver(ledger.line())
    assert wrongs(ledger, [till]) == []
    assert len(ledger.run("SELECT DISTINCT line FROM ledger.feed, unnest(ARRAY[installation]) AS line")) == 1


def test_sales_whose_details_are_forgotten_are_told_as_they_were_counted(
    till: ChainTill, ledger: Ledger
) -> None:
    till.live(START, 60)
    for day in range(90):
        till.answer(START + timedelta(days=day))
    retention.compact(till.journal.database, till.journal.rollups, START + timedelta(days=500))
    till.deliver(ledger.line())
    assert wrongs(ledger, [till]) == []
    till.journal.begin_feed("00000000-0000-4000-8000-000000000001", till.store, till.number)
    till.deliver(ledger.line())
    assert wrongs(ledger, [till]) == []


def test_a_till_put_back_from_a_backup_doubles_and_loses_nothing(
    till: ChainTill, ledger: Ledger, tmp_path: Path
) -> None:
    configured(till, ledger)
    at = till.live(START, 30)
    till.deliver(ledger.line())
    kept = tmp_path / "kept.sqlite"
    till.reopen(lambda: shutil.copy(till.folder / "till.sqlite", kept))
    sold, returned = list(till.sold), dict(till.returned)
    till.live(at, 20)
    till.deliver(ledger.line())
    before = ledger.recomputed().total
    till.reopen(lambda: shutil.copy(kept, till.folder / "till.sqlite"))
    till.sold, till.returned = sold, returned
    after = till.live(at + timedelta(days=2), 40)
    with pytest.raises(LineBrokenError):
        till.deliver(ledger.line())
    till.deliver(ledger.line())
    till.live(after, 5)
    till.deliver(ledger.line())
    found = ledger.recomputed().total
    lost = before.sales - sum(sale.at <= at for sale, _ in sold)
    assert lost > 0, "sales were made after the backup"
    # The ledger still has what the till forgot, and what was sold since.
    assert found.sales == len(till.sold) + lost
    assert [word for word in wrongs(ledger, [till]) if "own" not in word] == []
    assert len(ledger.run("SELECT 1 FROM ledger.feed")) == 2


def test_a_till_put_back_and_sold_past_the_ledger_is_found_out(
    till: ChainTill, ledger: Ledger, tmp_path: Path
) -> None:
    """The counts alone would fit together: it is the mark that does not."""
    configured(till, ledger)
    at = till.live(START, 20)
    kept = tmp_path / "kept.sqlite"
    till.reopen(lambda: shutil.copy(till.folder / "till.sqlite", kept))
    till.sell(at)
    till.deliver(ledger.line())
    end = ledger.run("SELECT last_sequence FROM ledger.feed")[0]["last_sequence"]
    till.reopen(lambda: shutil.copy(kept, till.folder / "till.sqlite"))
    del till.sold[-1]
    for number in range(5):
        till.sell(at + timedelta(hours=number + 1))
    state = till.journal.feed_state()
    assert state is not None
    assert state.confirmed.sequence < end < state.made.sequence
    with pytest.raises(LineBrokenError):
        till.deliver(ledger.line())
    till.deliver(ledger.line())
    assert ledger.recomputed().total.sales == len(till.sold) + 1


@pytest.mark.expects_log("the sales database was damaged")
def test_a_till_rescued_from_its_backup_begins_anew_and_doubles_nothing(
    till: ChainTill, ledger: Ledger
) -> None:
    configured(till, ledger)
    at = till.live(START, 40)
    till.journal.back_up(at)
    at = till.live(at, 12)
    till.deliver(ledger.line())
    before = ledger.recomputed().total
    till.journal.close()
    for file in till.folder.glob("till.sqlite*"):
        file.unlink()
    till.journal = open_journal(till.folder / "till.sqlite", till.number, at, INDIA)
    assert till.journal.recovery is not None
    till.deliver(ledger.line())
    assert ledger.recomputed().total.sales == before.sales, "what the till lost stays counted"
    till.live(at, 6)
    till.deliver(ledger.line())
    assert [word for word in wrongs(ledger, [till]) if "own" not in word] == []
    assert len(ledger.run("SELECT 1 FROM ledger.feed")) == 2


def test_figures_counted_by_other_rules_are_told_again(till: ChainTill, ledger: Ledger) -> None:
    configured(till, ledger)
    till.live(START, 20)
    till.deliver(ledger.line())
    ledger.run("UPDATE ledger.movement SET bill = bill + 1 WHERE sequence = 1 AND bill IS NOT NULL")
    with till.journal.database.writing() as connection:
        recount.rebuild(connection, till.journal.rollups)
    till.deliver(ledger.line())
    assert len(ledger.run("SELECT 1 FROM ledger.feed")) == 2
    assert ledger.recomputed().total.bill == sum(sale.bill.minor for sale, _ in till.sold)


def test_a_ledger_put_back_from_a_backup_is_filled_again(till: ChainTill, ledger: Ledger) -> None:
    configured(till, ledger)
    at = till.live(START, 30)
    till.deliver(ledger.line())
    copy = f"{ledger.name}_copy"
    ledger.server.new_database(copy, ledger.name)
    till.live(at, 30)
    till.deliver(ledger.line())
    older = Ledger(ledger.server, copy)
    try:
        with pytest.raises(LineBrokenError):
            till.deliver(older.line())
        till.deliver(older.line())
        assert wrongs(older, [till]) == []
    finally:
        ledger.server.drop_database(copy)


def test_a_till_that_moves_to_another_store_leaves_its_past_there(till: ChainTill, ledger: Ledger) -> None:
    configured(till, ledger)
    at = till.live(START, 30)
    till.deliver(ledger.line())
    there = ledger.recomputed("Jayanagar")
    till.store = "Malleswaram"
    configured(till, ledger)
    till.sell(at)
    till.deliver(ledger.line())
    assert ledger.recomputed("Jayanagar") == there
    assert ledger.recomputed("Malleswaram").total.sales == 1
    manager = ledger.figures()
    assert manager.stores() == ("Jayanagar", "Malleswaram")
    manager.close()


def test_a_damaged_row_breaks_the_line_and_all_is_told_again(till: ChainTill, ledger: Ledger) -> None:
    configured(till, ledger)
    till.live(START, 20)

    def damage() -> None:
        with closing(sqlite3.connect(till.folder / "till.sqlite")) as connection:
            connection.execute("UPDATE ledger_feed SET body = replace(body, '\"hour\":', '\"hour\": ')")
            connection.commit()

    till.reopen(damage)
    with pytest.raises(LineBrokenError):
        till.deliver(ledger.line())
    till.deliver(ledger.line())
    assert wrongs(ledger, [till]) == []


def test_a_ledger_taken_out_of_the_settings_leaves_nothing_behind(till: ChainTill, ledger: Ledger) -> None:
    configured(till, ledger)
    till.live(START, 5)
    till.journal.end_feed()
    assert till.journal.feed_state() is None
    assert till.journal.ledger_queue().waiting == 0
    till.live(LATER, 5)
    till.deliver(ledger.line())
    assert wrongs(ledger, [till]) == []


def test_names_numbers_and_ids_of_members_stay_at_the_till(till: ChainTill, ledger: Ledger) -> None:
    till.members = ("+919900812345", "priya@example.test")
    till.live(START, 30)
    till.deliver(ledger.line())
    rows = ledger.movements()
    assert any(row["member"] for row in rows)
    text = str(rows)
    assert not any(private in text for private in (*till.members, "Priya", "9900812345"))


def test_the_till_waits_for_nothing_it_has_not_to_tell(till: ChainTill, ledger: Ledger) -> None:
    line = ledger.line()
    delivery = till.delivery(line)
    while delivery.step():
        pass
    assert not delivery.step()
    assert till.journal.feed_state().confirmed == LineEnd()  # type: ignore[union-attr]
    shown = ledger.figures()
    assert shown.figures(FIRST, LAST).total == NO_FIGURES
    shown.close()
    delivery.close()
