"""Whatever is done to the audit log by hand is found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cashier_app.domain.outcome import Booked
from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.clock import START
from tests.fakes.effects import effect, sale, sale_id

ROWS = 8


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    opened = SqliteJournal(tmp_path / "till.sqlite", "2")
    for count in (1, 2):
        earned = effect(EffectKind.SALE, count)
        opened.commit_sale(sale(count), [earned])
        later = START + timedelta(seconds=count)
        opened.move(earned.key, EffectState.SENDING, answer="", at=later)
        opened.move(earned.key, EffectState.POSTED, answer="posted", at=later, booked=Booked("r"))
    opened.open_draft(sale_id(3), effect(EffectKind.RESERVE, 3))
    opened.abandon_draft(sale_id(3), None, "changed their mind")
    yield opened
    opened.close()


def tamper(journal: SqliteJournal, *statements: str, **values: int) -> None:
    with journal._database.writing() as connection:
        for statement in statements:
            connection.execute(statement, values)


def test_an_untouched_log_is_whole(journal: SqliteJournal) -> None:
    with journal._database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM audit").fetchone() == (ROWS,)
    assert journal.first_broken_audit_row() is None


@pytest.mark.parametrize("row", range(1, ROWS + 1))
@pytest.mark.parametrize(
    "change",
    ["at = '1970'", "subject = 'x'", "event = 'x'", "detail = detail || ' '", "chain = zeroblob(32)"],
)
def test_an_edited_row_is_found(journal: SqliteJournal, row: int, change: str) -> None:
    tamper(journal, f"UPDATE audit SET {change} WHERE sequence = :row", row=row)  # noqa: S608 - ours
    assert journal.first_broken_audit_row() == row


@pytest.mark.parametrize("row", range(1, ROWS + 1))
def test_a_deleted_row_is_found_also_the_last(journal: SqliteJournal, row: int) -> None:
    tamper(journal, "DELETE FROM audit WHERE sequence = :row", row=row)
    assert journal.first_broken_audit_row() == row


def test_an_emptied_log_is_found(journal: SqliteJournal) -> None:
    tamper(journal, "DELETE FROM audit")
    assert journal.first_broken_audit_row() == 1


@pytest.mark.parametrize("row", range(1, ROWS))
def test_two_rows_changed_round_are_found(journal: SqliteJournal, row: int) -> None:
    tamper(
        journal,
        "UPDATE audit SET sequence = -1 WHERE sequence = :row",
        "UPDATE audit SET sequence = :row WHERE sequence = :row + 1",
        "UPDATE audit SET sequence = :row + 1 WHERE sequence = -1",
        row=row,
    )
    assert journal.first_broken_audit_row() == row


def test_rows_closed_up_over_a_gap_are_found(journal: SqliteJournal) -> None:
    tamper(journal, "DELETE FROM audit WHERE sequence = 3")
    for row in range(4, ROWS + 1):
        tamper(journal, "UPDATE audit SET sequence = :row - 1 WHERE sequence = :row", row=row)
    assert journal.first_broken_audit_row() == 3


def test_text_moved_from_one_column_to_the_next_is_found(journal: SqliteJournal) -> None:
    tamper(
        journal,
        "UPDATE audit SET event = event || substr(detail, 1, 1), detail = substr(detail, 2) "
        "WHERE sequence = 1",
    )
    assert journal.first_broken_audit_row() == 1


def test_a_row_added_by_hand_is_found(journal: SqliteJournal) -> None:
    tamper(journal, "INSERT INTO audit VALUES (:row, 'now', 's', 'e', 'd', zeroblob(32))", row=ROWS + 1)
    assert journal.first_broken_audit_row() == ROWS + 1
