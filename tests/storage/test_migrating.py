"""A database of every earlier version becomes one of this version, whole, or stays what it was."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from cashier_app import data_folder
from cashier_app.command_line.parser import main
from cashier_app.demo.server import DemoServer
from cashier_app.errors import KnownError
from cashier_app.services import delivery, moves
from cashier_app.storage import backups, checks, database, good_backups
from cashier_app.storage.database import SCHEMA_VERSION, Database
from cashier_app.storage.figures_source import SqliteFigures
from cashier_app.storage.folder_lock import FolderLock
from cashier_app.storage.housekeeping import Housekeeping
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.opening import open_journal
from tests.fakes.clock import START, FakeClock
from tests.faults import old_schema
from tests.faults.ledger_check import Findings, compare, movements
from tests.faults.till_process import Orders, open_till, send_all

FILE = data_folder.JOURNAL_FILE
EARLIER = range(1, SCHEMA_VERSION)
QUEUE = 40


def version_of(file: Path) -> object:
    with closing(apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)) as connection:
        return connection.pragma("user_version")


def old_folder(tmp_path: Path, version: int = 1) -> Path:
    folder = tmp_path / "till"
    old_schema.write_for(["m-1", "m-2"], folder, version)
    return folder


@pytest.fixture(autouse=True)
def _usual_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take back afterwards that tills of the fault suites are quick to try again."""
    for module, name in (
        (moves, "FIRST_WAIT_SECONDS"),
        (moves, "LONGEST_WAIT_SECONDS"),
        (delivery, "PROBE_SECONDS"),
    ):
        monkeypatch.setattr(module, name, getattr(module, name))


@pytest.mark.parametrize("version", EARLIER)
def test_every_row_of_every_earlier_version_is_there_afterwards(tmp_path: Path, version: int) -> None:
    folder = old_folder(tmp_path, version)
    with closing(apsw.Connection(str(folder / FILE))) as connection:
        columns = old_schema.columns_of(connection)
    before = old_schema.rows_of(folder / FILE)
    counted = {"day_figure", "day_time", "member_first"}
    assert all(before[table] for table in before if table not in counted)
    Database(folder / FILE).close()
    assert old_schema.rows_of(folder / FILE, columns) == before
    with closing(open_journal(folder / FILE, "2", START)) as journal:
        assert journal.recovery is None
        assert journal.first_broken_audit_row() is None
        assert checks.first_damage(journal.database.connection()) is None
        assert journal.figures_apart() == []
        assert journal.recall("program") == "the rules"
    (backup,) = backups.all_of(folder / FILE)
    assert version_of(backup) == version
    assert old_schema.rows_of(backup) == before


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.mark.parametrize("version", EARLIER)
def test_a_full_queue_of_an_earlier_version_is_delivered_once(
    tmp_path: Path, server: DemoServer, version: int
) -> None:
    before = {sale for _, sale in movements(server)}
    said = old_schema.write(tmp_path / "till", server, version, QUEUE)
    orders = Orders(tmp_path / "till", server.base_url, server.token.reveal(), 1, ())
    findings = Findings(said_done=said)
    findings.unsettled = send_all(open_till(orders))
    compare(server, orders.folder, before, findings)
    assert findings.clean, findings
    assert findings.committed == said


@pytest.mark.parametrize("where", [1, 5, SCHEMA_VERSION])
def test_a_step_that_fails_leaves_the_database_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: int
) -> None:
    folder = old_folder(tmp_path)
    before = old_schema.rows_of(folder / FILE)
    steps = list(database.migrations())
    spoilt = [
        (number, script + "; INSERT INTO sale (sale_id) VALUES (NULL)" * (number == max(where, 2)))
        for number, script in steps
    ]
    monkeypatch.setattr(database, "migrations", lambda: iter(spoilt))
    for _ in range(3):
        with pytest.raises(KnownError) as caught:
            open_journal(folder / FILE, "2", START)
        assert caught.value.sentence == database.NOT_MIGRATED
    assert version_of(folder / FILE) == 1
    assert old_schema.rows_of(folder / FILE) == before
    assert len(backups.all_of(folder / FILE)) == 1, "the same backup is not written again and again"
    monkeypatch.undo()
    open_journal(folder / FILE, "2", START).close()
    assert version_of(folder / FILE) == SCHEMA_VERSION


@pytest.mark.parametrize(
    "loss",
    ["DELETE FROM effect WHERE sequence = 2", "DELETE FROM audit WHERE sequence = 3", "DELETE FROM sale"],
)
def test_a_step_that_loses_rows_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loss: str
) -> None:
    folder = old_folder(tmp_path)
    before = old_schema.rows_of(folder / FILE)
    steps = [
        (number, f"{script};{loss}" if number == 4 else script) for number, script in database.migrations()
    ]
    monkeypatch.setattr(database, "migrations", lambda: iter(steps))
    with pytest.raises(KnownError, match="could not be brought up to this version"):
        open_journal(folder / FILE, "2", START)
    assert old_schema.rows_of(folder / FILE) == before


def test_nothing_is_changed_without_a_backup_that_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = old_folder(tmp_path)
    before = old_schema.rows_of(folder / FILE)
    written = backups._write

    def short(connection: apsw.Connection, path: Path) -> Path:
        part = written(connection, path)
        with closing(apsw.Connection(str(part))) as copy:
            copy.execute("DELETE FROM effect WHERE sequence = 1")
        return part

    monkeypatch.setattr(backups, "_write", short)
    with pytest.raises(KnownError, match="backup of the sales could not be written"):
        open_journal(folder / FILE, "2", START)
    assert version_of(folder / FILE) == 1
    assert old_schema.rows_of(folder / FILE) == before


def test_a_folder_where_no_backup_can_be_written_is_left_alone(tmp_path: Path) -> None:
    folder = old_folder(tmp_path)
    (folder / backups.FOLDER).write_text("in the way", encoding="utf-8")
    with pytest.raises(KnownError, match="backup of the sales could not be written"):
        open_journal(folder / FILE, "2", START)
    assert version_of(folder / FILE) == 1


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "The disk is full: the backup"),
        (errno.EACCES, r"to .*backups\. Check its permissions"),
        (errno.EIO, "The disk reports an error: the backup"),
    ],
)
def test_why_there_is_no_backup_is_said_and_nothing_unfinished_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    folder = old_folder(tmp_path)

    def refuse(*_: object) -> None:
        raise OSError(number, "what the system says")

    monkeypatch.setattr(Path, "chmod", refuse)
    with pytest.raises(KnownError, match=words) as caught:
        open_journal(folder / FILE, "2", START)
    assert "what the system says" not in caught.value.sentence
    assert version_of(folder / FILE) == 1
    assert list((folder / backups.FOLDER).iterdir()) == [], "on a full disk it would take the room of sales"


def test_a_damaged_database_of_an_earlier_version_is_left_to_that_version(tmp_path: Path) -> None:
    folder = old_folder(tmp_path, 9)
    with closing(apsw.Connection(str(folder / FILE))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    content = bytearray((folder / FILE).read_bytes())
    content[4096 * 2 : 4096 * 4] = bytes(byte ^ 0x5A for byte in content[4096 * 2 : 4096 * 4])
    (folder / FILE).write_bytes(content)
    with pytest.raises(KnownError, match="install the earlier version again, which rescues"):
        open_journal(folder / FILE, "2", START)
    assert (folder / FILE).read_bytes() == content
    assert backups.all_of(folder / FILE) == []


def lose(folder: Path) -> None:
    """Take the database away, as a disk does that forgets a file."""
    for file in folder.glob(f"{FILE}*"):
        file.unlink()


def back_up_as_it_was(folder: Path, version: int) -> Path:
    with closing(apsw.Connection(str(folder / FILE))) as connection:
        return backups.before_migration(connection, folder / FILE, version)


@pytest.mark.expects_log("the sales database was damaged (missing)")
@pytest.mark.parametrize("version", EARLIER)
@pytest.mark.parametrize("updated", [True, False])
def test_a_database_lost_around_an_update_comes_back_from_the_earlier_versions_backup(
    tmp_path: Path,
    version: int,
    updated: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    folder = old_folder(tmp_path, version)
    kept = {"sale": ("sale_id", "state", "counter", "body"), "effect": ("key", "sale_id", "kind", "body")}
    before = old_schema.rows_of(folder / FILE, kept)
    if updated:
        open_journal(folder / FILE, "2", START).close()
        (backup,) = backups.all_of(folder / FILE)
    else:
        backup = back_up_as_it_was(folder, version)
    lose(folder)
    content = backup.read_bytes()
    with closing(open_journal(folder / FILE, "2", START)) as journal:
        assert journal.recovery is not None
        assert (journal.recovery.backup, journal.recovery.lost) == (backup.name, ())
        assert journal.recovery.rescued == old_schema.SALES
        assert len(journal.unsent()) == old_schema.SALES
        assert checks.first_damage(journal.database.connection()) is None
    after = old_schema.rows_of(folder / FILE, kept)
    assert (after["sale"], after["effect"]) == (before["sale"], before["effect"])
    assert backup.read_bytes() == content, "the backup itself is left as it is"
    assert [file.name for file in folder.glob("till-rescue-*")] == []


@pytest.mark.expects_log("the sales database was damaged (missing)")
@pytest.mark.expects_log("sqlite is damaged.")
def test_a_damaged_backup_of_an_earlier_version_is_passed_over(tmp_path: Path) -> None:
    folder = old_folder(tmp_path, 9)
    good = back_up_as_it_was(folder, 9)
    with closing(apsw.Connection(str(folder / FILE))) as connection:
        connection.execute("UPDATE sale SET body = body || ' ' WHERE counter = 1")
    newer = back_up_as_it_was(folder, 9)
    content = bytearray(newer.read_bytes())
    content[4096 * 2 : 4096 * 4] = bytes(4096 * 2)
    newer.write_bytes(content)
    lose(folder)
    (folder / "till-rescue-killed").mkdir()
    with closing(open_journal(folder / FILE, "2", START)) as journal:
        assert journal.recovery is not None
        assert journal.recovery.backup == good.name
    assert not (folder / "till-rescue-killed").exists(), "what a killed rescue left goes with the next"


def test_no_room_for_the_copy_is_no_reason_to_do_without_the_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = old_folder(tmp_path, 9)
    backup = back_up_as_it_was(folder, 9)
    lose(folder)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(good_backups.shutil, "copyfile", full)
    with pytest.raises(KnownError, match=r"disk is full\. Nothing was changed"):
        open_journal(folder / FILE, "2", START)
    assert not (folder / FILE).exists()
    assert backups.all_of(folder / FILE) == [backup]


def test_nobody_migrates_under_a_till_that_runs(tmp_path: Path) -> None:
    folder = old_folder(tmp_path)
    lock = FolderLock(folder)
    with pytest.raises(KnownError, match="open in an earlier version"):
        data_folder.existing_journal(folder, "2")
    assert version_of(folder / FILE) == 1
    assert backups.all_of(folder / FILE) == []
    lock.release()
    data_folder.existing_journal(folder, "2").close()
    assert version_of(folder / FILE) == SCHEMA_VERSION
    FolderLock(folder).release()


def test_the_first_backup_after_a_migration_does_not_wait_an_hour(tmp_path: Path) -> None:
    folder, clock = old_folder(tmp_path), FakeClock()
    with closing(SqliteJournal(folder / FILE, "2")) as journal:
        Housekeeping(journal, clock).look_after()
        assert [backups.schema_of(one) for one in backups.all_of(folder / FILE)] == [SCHEMA_VERSION, 1]
        Housekeeping(journal, clock).look_after()
        assert len(backups.all_of(folder / FILE)) == 2


def newer_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "till"
    folder.mkdir()
    with closing(SqliteJournal(folder / FILE, "2")) as journal, journal.database.writing() as connection:
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
        connection.execute("CREATE TABLE later (it TEXT)")
        connection.execute(
            "UPDATE kept SET text = ? WHERE name = 'schema version'", (str(SCHEMA_VERSION + 1),)
        )
    return folder


def test_an_older_version_refuses_and_changes_nothing(tmp_path: Path) -> None:
    folder = newer_folder(tmp_path)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for opened in (
        lambda: open_journal(folder / FILE, "2", START),
        lambda: data_folder.existing_journal(folder, "2"),
        lambda: data_folder.describe_audit_log(folder, "2"),
        lambda: data_folder.back_up(folder, "2"),
        lambda: Database(folder / FILE),
    ):
        with pytest.raises(KnownError) as caught:
            opened()
        assert caught.value.sentence == database.NEWER
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert {path.name: text for path, text in after.items() if not path.name.endswith(("-shm", "-wal"))} == {
        path.name: text for path, text in before.items()
    }


def test_the_command_line_says_so_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = newer_folder(tmp_path)
    assert main(["outbox", "list", "--demo", "--data", str(folder)]) != 0
    said = capsys.readouterr()
    assert (said.out, said.err.strip()) == ("", database.NEWER)


def test_a_window_is_told_the_same(tmp_path: Path) -> None:
    folder = newer_folder(tmp_path)
    till = open_till(Orders(folder, "http://127.0.0.1:9", "x", 1, ()))
    try:
        with pytest.raises(KnownError) as caught:
            till.workshop()
        assert caught.value.sentence == database.NEWER
    finally:
        till.close()


def test_figures_of_a_newer_version_are_not_guessed_at(tmp_path: Path) -> None:
    folder = newer_folder(tmp_path)
    zone = START.tzinfo
    assert zone is not None
    with (
        closing(SqliteFigures(folder / FILE, "Marigold", "2", "INR", zone)) as figures,
        pytest.raises(KnownError, match="newer version"),
    ):
        figures.figures(START.date(), START.date())


def test_the_version_of_a_backup_is_read_from_its_header(tmp_path: Path) -> None:
    folder = old_folder(tmp_path, 7)
    open_journal(folder / FILE, "2", START).close()
    (backup,) = backups.all_of(folder / FILE)
    assert backups.schema_of(backup) == 7
    assert backups.schema_of(tmp_path / "missing") == 0
