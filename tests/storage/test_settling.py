"""Settled by hand: one transaction with who and why, forward only, never sent again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.domain.settlement import Settlement, Truth
from cashier_app.ports.journal import QueueCounts
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.clock import START
from tests.fakes.effects import effect, sale

KEY = effect(EffectKind.SALE, 1).key
LATER = START + timedelta(hours=2)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    opened = SqliteJournal(tmp_path / "till.sqlite", "2")
    yield opened
    opened.close()


def commit(journal: SqliteJournal, count: int = 1, state: EffectState | None = None, **more: object) -> str:
    made = replace(effect(EffectKind.SALE, count), **more)
    at = START + timedelta(minutes=count)
    journal.commit_sale(replace(sale(count), at=at), [made])
    if state is not None:
        journal.move(made.key, EffectState.SENDING, answer="", at=at)
        if state is not EffectState.SENDING:
            journal.move(made.key, state, answer="not_allowed", at=at)
    return made.key


def word(truth: Truth, key: str = KEY) -> Settlement:
    return Settlement(key, truth, "Asha", "seen in the back office", LATER)


def audit_rows(journal: SqliteJournal) -> list[tuple[str, str, str]]:
    with journal._database.reading() as connection:
        rows = connection.execute("SELECT subject, event, detail FROM audit ORDER BY sequence").fetchall()
    return [(str(a), str(b), str(c)) for a, b, c in rows]


@pytest.mark.parametrize(
    ("truth", "state"), [(Truth.TOOK_HOLD, EffectState.POSTED), (Truth.NOT_BOOKED, EffectState.DROPPED)]
)
def test_a_settled_effect_ends_with_its_audit_rows(
    journal: SqliteJournal, truth: Truth, state: EffectState
) -> None:
    commit(journal, 1, EffectState.NEEDS_ATTENTION)
    before = len(audit_rows(journal))
    assert journal.settle_by_hand(word(truth))
    (row,) = journal.effects_of(sale(1).sale_id)
    assert (row.state, row.last_answer) == (state, f"settled by hand: {truth.value}")
    moved, settled = audit_rows(journal)[before:]
    assert moved == (KEY, state.value, f"settled by hand: {truth.value}")
    assert settled[:2] == (KEY, "settled by hand")
    assert json.loads(settled[2]) == {
        "truth": truth.value,
        "by": "Asha",
        "reason": "seen in the back office",
    }
    assert journal.first_broken_audit_row() is None
    assert journal.counts() == QueueCounts(0, 0)
    (found,) = journal.settled()
    assert (found.settlement, found.sale.number, found.row) == (word(truth), "2-0001", row)


@pytest.mark.parametrize(
    "state",
    [None, EffectState.SENDING, EffectState.UNKNOWN, EffectState.POSTED],
    ids=lambda state: "waiting" if state is None else state.value,
)
def test_only_what_needs_attention_can_be_settled(journal: SqliteJournal, state: EffectState | None) -> None:
    commit(journal, 1, state)
    before = audit_rows(journal), journal.effects_of(sale(1).sale_id)
    assert not journal.settle_by_hand(word(Truth.NOT_BOOKED))
    assert (audit_rows(journal), journal.effects_of(sale(1).sale_id)) == before
    assert journal.settled() == []


def test_nothing_is_settled_twice_or_under_an_unknown_key(journal: SqliteJournal) -> None:
    commit(journal, 1, EffectState.NEEDS_ATTENTION)
    assert not journal.settle_by_hand(word(Truth.NOT_BOOKED, "no-such-key"))
    assert journal.settle_by_hand(word(Truth.NOT_BOOKED))
    before = audit_rows(journal)
    assert not journal.settle_by_hand(word(Truth.TOOK_HOLD))
    assert audit_rows(journal) == before


@pytest.mark.parametrize(("truth", "state"), list(product(Truth, EffectState)))
def test_a_settled_effect_never_moves_again(journal: SqliteJournal, truth: Truth, state: EffectState) -> None:
    commit(journal, 1, EffectState.NEEDS_ATTENTION)
    journal.settle_by_hand(word(truth))
    with pytest.raises(ValueError, match="cannot go"):
        journal.move(KEY, state, answer="", at=LATER)
    journal.make_due()
    assert journal.due(LATER + timedelta(days=9), 10) == []
    assert journal.interrupted() == []


@pytest.mark.parametrize("truth", Truth)
def test_a_settled_effect_keeps_no_phone_number(journal: SqliteJournal, truth: Truth) -> None:
    commit(journal, 1, EffectState.NEEDS_ATTENTION, member_id="", identified_by="phone:+919845012210")
    journal.settle_by_hand(word(truth))
    (row,) = journal.effects_of(sale(1).sale_id)
    assert row.effect.identified_by == ""
    with journal._database.reading() as connection:
        (key,) = connection.execute("SELECT account_key FROM effect").fetchone() or ("?",)
    assert key == ""


def test_what_waits_behind_a_settled_effect_goes_on(journal: SqliteJournal) -> None:
    first = commit(journal, 1, EffectState.NEEDS_ATTENTION)
    second = commit(journal, 2)
    journal.settle_by_hand(word(Truth.NOT_BOOKED, first))
    assert [row.effect.key for row in journal.due(LATER, 10)] == [second]


def test_the_last_sales_do_not_call_it_posted(journal: SqliteJournal) -> None:
    commit(journal, 1, EffectState.NEEDS_ATTENTION)
    commit(journal, 2, EffectState.NEEDS_ATTENTION)
    journal.settle_by_hand(word(Truth.NOT_BOOKED))
    journal.settle_by_hand(word(Truth.TOOK_HOLD, effect(EffectKind.SALE, 2).key))
    assert [line.state for line in journal.recent(2)] == [EffectState.POSTED, EffectState.DROPPED]


def test_the_age_of_the_queue(journal: SqliteJournal) -> None:
    assert journal.oldest_unsent() is None
    commit(journal, 1, EffectState.POSTED)
    assert journal.oldest_unsent() is None
    commit(journal, 2, EffectState.NEEDS_ATTENTION)
    commit(journal, 3)
    assert journal.oldest_unsent() == START + timedelta(minutes=2)
    journal.settle_by_hand(word(Truth.NOT_BOOKED, effect(EffectKind.SALE, 2).key))
    assert journal.oldest_unsent() == START + timedelta(minutes=3)


def test_sales_are_read_in_pages(journal: SqliteJournal) -> None:
    for count in range(1, 6):
        commit(journal, count)
    journal.commit_sale(replace(sale(6, member_id=""), at=START + timedelta(minutes=6)), [])
    since = START + timedelta(minutes=2)
    assert journal.count_recorded(since) == 4
    first = journal.recorded(since, 0, 3)
    assert [one.sale.number for one in first] == ["2-0002", "2-0003", "2-0004"]
    rest = journal.recorded(since, first[-1].counter, 3)
    assert [one.sale.number for one in rest] == ["2-0005"]
    assert [row.effect.key for row in rest[0].effects] == [effect(EffectKind.SALE, 5).key]


def test_a_note_is_a_row_of_the_chain(journal: SqliteJournal) -> None:
    key = commit(journal, 1, EffectState.POSTED)
    journal.note(key, "sent again", "applied", LATER)
    assert audit_rows(journal)[-1] == (key, "sent again", "applied")
    assert journal.first_broken_audit_row() is None
