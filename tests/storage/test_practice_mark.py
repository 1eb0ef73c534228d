"""Folders of practice and of work are told apart by either of two marks, and looking changes no byte."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import apsw
import pytest

from cashier_app.data_folder import JOURNAL_FILE
from cashier_app.errors import KnownError
from cashier_app.ports.local_state import Damage
from cashier_app.storage import backups, practice_mark, salvage
from cashier_app.storage.database import Database
from cashier_app.storage.folder_lock import FolderLock
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.opening import open_journal
from cashier_app.storage.practice_mark import IS_PRACTICE, IS_WORK, MARK_FILE, PRACTICE_EVENT
from cashier_app.storage.seals import Seals
from tests.fakes.clock import START
from tests.fakes.effects import sale

rescues = pytest.mark.expects_log("the sales database was damaged")


def made(folder: Path, *, training: bool, sold: int = 1) -> Path:
    """Return the database of a till with some sales in a folder."""
    folder.mkdir(exist_ok=True)
    path = folder / JOURNAL_FILE
    with closing(open_journal(path, "TRAIN2" if training else "2", START, training=training)) as journal:
        for count in range(1, sold + 1):
            journal.commit_sale(sale(count), [])
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder with its bytes."""
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def marks(path: Path) -> bool:
    """Say whether the database itself says that it is practice."""
    with closing(apsw.Connection(str(path))) as connection:
        return practice_mark.holds_mark(connection)


@pytest.mark.parametrize("without", ["nothing", "file", "database"])
def test_practice_never_opens_as_work_by_either_mark(tmp_path: Path, without: str) -> None:
    path = made(tmp_path / "practice", training=True)
    if without == "file":
        (path.parent / MARK_FILE).unlink()
    elif without == "database":
        with closing(apsw.Connection(str(path))) as connection:
            connection.execute("DROP TRIGGER practice_stays; DELETE FROM kept WHERE name = 'practice'")
    before = contents(path.parent)
    with pytest.raises(KnownError, match="TRAINING") as refused:
        open_journal(path, "2", START)
    assert refused.value.sentence == IS_PRACTICE
    assert contents(path.parent) == before


def test_work_never_opens_as_practice_and_not_a_byte_of_it_changes(tmp_path: Path) -> None:
    path = made(tmp_path / "work", training=False)
    before = contents(path.parent)
    with pytest.raises(KnownError, match="real work") as refused:
        open_journal(path, "TRAIN2", START, training=True)
    assert refused.value.sentence == IS_WORK
    assert contents(path.parent) == before
    with closing(open_journal(path, "2", START)) as journal:
        assert journal.sale(sale(1).sale_id) is not None


@pytest.mark.parametrize("left", ["till.lock", "till.key", "till.count", "till-damaged-x.sqlite", "backups"])
def test_what_a_till_left_behind_is_work_also_without_its_database(tmp_path: Path, left: str) -> None:
    (tmp_path / left).mkdir() if left == "backups" else (tmp_path / left).touch()
    with pytest.raises(KnownError, match="real work"):
        practice_mark.mark_folder(tmp_path)
    assert not (tmp_path / MARK_FILE).exists()


def test_a_database_put_into_a_folder_of_practice_is_refused_as_both(tmp_path: Path) -> None:
    path = made(tmp_path / "work", training=False)
    (path.parent / MARK_FILE).touch()
    with pytest.raises(KnownError, match="real work"):
        open_journal(path, "TRAIN2", START, training=True)
    with pytest.raises(KnownError, match="TRAINING"):
        open_journal(path, "2", START)


def test_a_mark_only_in_the_log_is_seen_once_the_database_is_open(tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    folder.mkdir()
    path = folder / JOURNAL_FILE
    practice_mark.mark_folder(folder)
    held = Database(path)  # while this is open the mark is in the log alone
    try:
        (folder / MARK_FILE).unlink()
        assert not practice_mark.is_practice(folder), "the control: from outside nothing says so"
        with pytest.raises(KnownError, match="TRAINING"):
            open_journal(path, "2", START)
    finally:
        held.close()


def test_a_new_folder_is_marked_before_anything_else_is_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "practice"
    practice_mark.mark_folder(folder)
    assert [one.name for one in folder.iterdir()] == [MARK_FILE]
    assert "TRAINING" in (folder / MARK_FILE).read_text()
    path = made(folder, training=True, sold=0)
    with closing(apsw.Connection(str(path))) as connection:
        first = connection.execute("SELECT event, detail FROM audit ORDER BY sequence LIMIT 1").fetchone()
    assert first == (PRACTICE_EVENT, "TRAINING: nothing here is real")


def test_the_database_lets_nobody_turn_one_into_the_other(tmp_path: Path) -> None:
    practice, work = (made(tmp_path / name, training=name == "practice") for name in ("practice", "work"))
    with closing(apsw.Connection(str(practice))) as connection:
        for statement in (
            "DELETE FROM kept WHERE name = 'practice'",
            "UPDATE kept SET name = 'x' WHERE name = 'practice'",
        ):
            with pytest.raises(apsw.ConstraintError):
                connection.execute(statement)
    with closing(apsw.Connection(str(work))) as connection, pytest.raises(apsw.ConstraintError):
        connection.execute("INSERT INTO kept (name, text) VALUES ('practice', 'TRAINING')")


@rescues
@pytest.mark.parametrize("mark_file", [True, False])
@pytest.mark.parametrize("how", ["pages", "missing"])
def test_a_rescue_keeps_the_mark(tmp_path: Path, how: str, mark_file: bool) -> None:  # noqa: FBT001 - a case
    path = made(tmp_path / "practice", training=True, sold=3)
    with closing(SqliteJournal(path, "TRAIN2")) as journal:
        backup = journal.back_up(START)
    assert marks(backup)
    if not mark_file:
        (path.parent / MARK_FILE).unlink()
    if how == "missing":
        path.unlink()
    else:
        bytes_of = bytearray(path.read_bytes())
        bytes_of[100:4096] = bytes(3996)
        path.write_bytes(bytes(bytes_of))
    training = mark_file
    if training:
        with closing(open_journal(path, "TRAIN2", START, training=True)) as journal:
            assert journal.recovery is not None
            assert journal.recovery.damage in {Damage.MISSING, Damage.UNREADABLE, Damage.INCONSISTENT}
            assert journal.sale(sale(3).sale_id) is not None
    else:
        with pytest.raises(KnownError, match="TRAINING"):
            open_journal(path, "2", START)
    assert marks(path)


def test_what_is_salvaged_from_practice_is_marked(tmp_path: Path) -> None:
    path = made(tmp_path / "practice", training=True)
    with closing(SqliteJournal(path, "TRAIN2")) as journal:
        row_seals: Seals = journal.database.seals
    assert practice_mark.PRACTICE_NAME in salvage.salvage(path, row_seals).kept


@rescues
def test_a_lost_key_does_not_lose_the_mark(tmp_path: Path) -> None:
    path = made(tmp_path / "practice", training=True, sold=0)
    for name in ("till.key", "till.key.copy"):
        (path.parent / name).unlink()
    with closing(open_journal(path, "TRAIN2", START, training=True)):
        assert marks(path)
    assert backups.all_of(path) == []


def test_a_folder_nobody_can_look_into_is_named(tmp_path: Path) -> None:
    out_of_reach = tmp_path / ("x" * 300)  # refused by the file system as a forbidden one is, also for root
    with pytest.raises(KnownError, match=f"{out_of_reach}.*--data"):
        practice_mark.check_kind(out_of_reach, training=False)
    with pytest.raises(KnownError, match=f"{out_of_reach}.*--data"):
        FolderLock(out_of_reach)
