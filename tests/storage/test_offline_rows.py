"""Uses of points offline in the journal: counted, written off once, and refunds queued once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.domain.offline_policy import OfflineRecord
from cashier_app.domain.sale import EffectKind, EffectState, effect_key
from cashier_app.storage import discrepancies
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.clock import START
from tests.fakes.effects import DISCOUNT, effect, sale, sale_id

LATER = START + timedelta(hours=2)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    opened = SqliteJournal(tmp_path / "till.sqlite", "2")
    yield opened
    opened.close()


def sold_offline(journal: SqliteJournal, count: int = 1, member_id: str = "m-1", by: str = "") -> None:
    used = [
        replace(effect(kind, count, member_id=member_id), offline=True, approved_by=by)
        for kind in (EffectKind.RESERVE, EffectKind.CAPTURE)
    ]
    journal.commit_sale(
        sale(count, member_id=member_id), [*used, effect(EffectKind.SALE, count, member_id=member_id)]
    )


def refuse(journal: SqliteJournal, count: int = 1) -> None:
    key = effect_key(sale_id(count), EffectKind.RESERVE)
    journal.move(key, EffectState.SENDING, answer="", at=LATER)
    journal.write_off(key, "balance_too_low", LATER)


def events(journal: SqliteJournal) -> list[str]:
    with journal.database.reading() as connection:
        return [str(row[0]) for row in connection.execute("SELECT event FROM audit ORDER BY sequence")]


def test_only_open_uses_offline_count(journal: SqliteJournal) -> None:
    sold_offline(journal, 1)
    sold_offline(journal, 2, "m-2")
    journal.commit_sale(sale(3), [effect(EffectKind.CAPTURE, 3), effect(EffectKind.SALE, 3)])
    assert journal.offline_record("m-1") == OfflineRecord(2 * DISCOUNT.minor, 1)
    assert journal.offline_record("m-9") == OfflineRecord(2 * DISCOUNT.minor, 0)
    refuse(journal)
    assert journal.offline_record("m-2") == OfflineRecord(DISCOUNT.minor, 1)
    assert journal.offline_record("m-1") == OfflineRecord(DISCOUNT.minor, 0, LATER)


def test_a_text_that_looks_like_the_mark_does_not_count(journal: SqliteJournal) -> None:
    tricky = replace(effect(EffectKind.CAPTURE), approved_by='","offline":true,"x":"')
    journal.commit_sale(sale(), [tricky])
    assert journal.offline_record("m-1").open_at_till == 0


def test_writing_off_is_one_move_with_its_loss(journal: SqliteJournal) -> None:
    sold_offline(journal, by="Asha")
    refuse(journal)
    assert [row.state for row in journal.effects_of(sale_id(1))] == [
        EffectState.DROPPED,
        EffectState.DROPPED,
        EffectState.WAITING,
    ]
    (loss,) = journal.discrepancies()
    assert (loss.loss, loss.number, loss.sale_id, loss.at) == (DISCOUNT, "2-0001", sale_id(1), LATER)
    assert events(journal)[-1] == "discrepancy"
    assert journal.first_broken_audit_row() is None


def test_losses_are_told_newest_first(journal: SqliteJournal) -> None:
    for count in (1, 2):
        sold_offline(journal, count)
    key = effect_key(sale_id(2), EffectKind.RESERVE)
    refuse(journal, 1)
    journal.move(key, EffectState.SENDING, answer="", at=LATER)
    journal.write_off(key, "not_allowed", LATER + timedelta(days=1))
    assert [loss.number for loss in journal.discrepancies()] == ["2-0002", "2-0001"]
    assert len(journal.discrepancies(1)) == 1


def test_a_lost_table_is_written_anew_from_the_audit_log(journal: SqliteJournal) -> None:
    sold_offline(journal)
    refuse(journal)
    before = journal.discrepancies()
    with journal.database.writing() as connection:
        connection.execute("DELETE FROM discrepancy")
    with journal.database.writing() as connection:
        assert discrepancies.restore(connection) == 1
        assert discrepancies.restore(connection) == 0
    assert journal.discrepancies() == before


def test_a_loss_of_a_lost_sale_stays_in_the_log(journal: SqliteJournal) -> None:
    sold_offline(journal)
    refuse(journal)
    with journal.database.writing() as connection:
        for table in ("discrepancy", "effect", "sale"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - a test
        assert discrepancies.restore(connection) == 0
    assert "discrepancy" in events(journal)


def test_a_refund_is_queued_once_and_behind_its_sale(journal: SqliteJournal) -> None:
    journal.commit_sale(sale(), [effect(EffectKind.SALE)])
    refund = replace(effect(EffectKind.REFUND), original_key=effect_key(sale_id(1), EffectKind.SALE))
    assert journal.queue_refund([refund])
    assert not journal.queue_refund([refund])
    (first,) = journal.due(LATER, 10)
    assert first.effect.kind is EffectKind.SALE
    assert events(journal).count("refund queued") == 1


def test_what_is_no_refund_of_a_sale_here_is_a_bug(journal: SqliteJournal) -> None:
    with pytest.raises(ValueError, match="committed"):
        journal.queue_refund([effect(EffectKind.REFUND)])
    journal.commit_sale(sale(), [])
    with pytest.raises(ValueError, match="committed"):
        journal.queue_refund([effect(EffectKind.SALE)])
