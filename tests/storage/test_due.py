"""What is due: the head of each account, found in few steps however long the queue is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.storage import due_effects as statements
from cashier_app.storage import reading, settling
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.rows import moment
from tests.fakes.clock import START
from tests.fakes.effects import effect, sale

LATER = START + timedelta(hours=1)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    opened = SqliteJournal(tmp_path / "till.sqlite", "2")
    yield opened
    opened.close()


def commit(journal: SqliteJournal, count: int, member_id: str) -> str:
    one = effect(EffectKind.SALE, count, member_id=member_id)
    journal.commit_sale(sale(count, member_id=member_id), [one])
    return one.key


def due(journal: SqliteJournal, limit: int = 50) -> list[str]:
    return [row.effect.key for row in journal.due(LATER, limit)]


def test_the_oldest_of_each_account_is_due_and_the_oldest_first(journal: SqliteJournal) -> None:
    keys = [commit(journal, count, f"m-{count % 3}") for count in range(9)]
    assert due(journal) == keys[:3]
    assert due(journal, 2) == keys[:2]


@pytest.mark.parametrize("state", [EffectState.SENDING, EffectState.UNKNOWN, EffectState.POSTED])
def test_nothing_overtakes_what_is_not_finished(journal: SqliteJournal, state: EffectState) -> None:
    first, second, other = (commit(journal, count, member) for count, member in enumerate(["a", "a", "b"]))
    journal.move(first, EffectState.SENDING, answer="", at=START)
    if state is not EffectState.SENDING:
        journal.move(first, state, answer="", at=START, next_attempt_at=LATER + timedelta(seconds=1))
    expected = {EffectState.POSTED: [second, other]}.get(state, [other])
    assert due(journal) == expected


def test_what_needs_a_person_holds_nobody_up(journal: SqliteJournal) -> None:
    first, second = (commit(journal, count, "a") for count in range(2))
    journal.move(first, EffectState.SENDING, answer="", at=START)
    journal.move(first, EffectState.NEEDS_ATTENTION, answer="refused", at=START)
    assert due(journal) == [second]


def test_the_next_time_is_that_of_a_head(journal: SqliteJournal) -> None:
    first, _ = (commit(journal, count, "a") for count in range(2))
    journal.move(first, EffectState.SENDING, answer="", at=START)
    assert journal.next_due_at() is None
    journal.move(first, EffectState.UNKNOWN, answer="", at=START, next_attempt_at=LATER)
    assert journal.next_due_at() == LATER


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        (statements._DUE, (moment(START), moment(LATER), 50)),
        (statements._NEXT_DUE, ()),
        (reading._COUNTS, ()),
        (settling._OLDEST_UNSENT, ()),
    ],
    ids=["due", "next due", "how many", "the oldest"],
)
def test_no_look_at_the_queue_walks_through_all_effects(
    journal: SqliteJournal, statement: str, values: tuple[object, ...]
) -> None:
    with journal.database.reading() as connection:
        rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
    plan = [str(row[3]) for row in rows]
    scans = [step for step in plan if step.startswith(("SCAN effect", "SCAN sale"))]
    assert not [step for step in scans if "effect_unfinished" not in step and "effect_attention" not in step]


@pytest.mark.parametrize(
    ("statement", "values"),
    [(statements._DUE, (moment(START), moment(LATER), 50)), (statements._NEXT_DUE, ())],
    ids=["due", "next due"],
)
def test_the_index_is_entered_once_for_each_account(
    journal: SqliteJournal, statement: str, values: tuple[object, ...]
) -> None:
    with journal.database.reading() as connection:
        rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
    plan = [str(row[3]) for row in rows]
    assert any("effect_unfinished (account_key>?)" in step for step in plan), plan
    assert any("effect_unfinished (account_key=?)" in step for step in plan), plan


def test_a_look_costs_as_many_steps_as_there_are_accounts_not_effects(journal: SqliteJournal) -> None:
    def steps(sales: int) -> int:
        for count in range(before[0], sales):
            commit(journal, count, f"m-{count % 5}")
        before[0] = sales
        connection = journal.database.connection()
        taken = [0]

        def one_more() -> bool:
            taken[0] += 1
            return False

        connection.set_progress_handler(one_more, 1)
        due(journal)
        connection.set_progress_handler(None)
        return taken[0]

    before = [0]
    assert steps(500) < steps(50) * 1.5
