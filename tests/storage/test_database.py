"""What the database does with files that are not its own, and with a disk that fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from cashier_app.domain.sale import EffectKind
from cashier_app.errors import KnownError
from cashier_app.storage import database
from cashier_app.storage.database import APPLICATION_ID, SCHEMA_VERSION, Database, migrations
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.effects import effect, sale, sale_id


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file but SQLite's shared memory, which belongs to nobody."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith("-shm")}


def pragma(path: Path, name: str) -> object:
    with closing(apsw.Connection(str(path))) as connection:
        row = connection.execute(f"PRAGMA {name}").fetchone()
        return row[0] if row else None


def test_a_new_file_becomes_ours(tmp_path: Path) -> None:
    path = tmp_path / "till.sqlite"
    with closing(Database(path)) as opened:
        connection = opened.connection()
        settings = {
            name: connection.execute(f"PRAGMA {name}").fetchone()
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "fullfsync")
        }
    assert settings == {
        "journal_mode": ("wal",),
        "synchronous": (2,),
        "foreign_keys": (1,),
        "trusted_schema": (0,),
        "fullfsync": (1,),
    }
    assert pragma(path, "application_id") == APPLICATION_ID
    assert pragma(path, "user_version") == SCHEMA_VERSION


def test_the_schema_is_made_once(tmp_path: Path) -> None:
    Database(tmp_path / "till.sqlite").close()
    before = contents(tmp_path)
    Database(tmp_path / "till.sqlite").close()
    assert contents(tmp_path) == before


def test_migrations_are_numbered_up_to_the_version() -> None:
    assert [number for number, _ in migrations()] == list(range(1, SCHEMA_VERSION + 1))


@pytest.mark.parametrize("mode", ["delete", "wal"])
@pytest.mark.parametrize("application", [0, 0x0F055112])
def test_another_programs_database_is_refused_and_left_alone(
    tmp_path: Path, mode: str, application: int
) -> None:
    path = tmp_path / "till.sqlite"
    foreign = apsw.Connection(str(path))
    foreign.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    foreign.execute(f"PRAGMA journal_mode={mode}; PRAGMA application_id={application}").fetchall()
    foreign.execute("CREATE TABLE customers (name TEXT); INSERT INTO customers VALUES ('kept')")
    foreign.close()
    before = contents(tmp_path)
    with pytest.raises(KnownError, match=r"till\.sqlite belongs to another program"):
        Database(path)
    assert contents(tmp_path) == before
    with closing(apsw.Connection(str(path))) as again:
        assert again.execute("SELECT name FROM customers").fetchall() == [("kept",)]


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_newer_versions_database_is_refused_and_left_alone(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "till.sqlite"
    newer = apsw.Connection(str(path))
    newer.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    newer.execute(f"PRAGMA journal_mode={mode}; PRAGMA application_id={APPLICATION_ID}").fetchall()
    newer.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}; CREATE TABLE sale (it TEXT)")
    newer.close()
    before = contents(tmp_path)
    with pytest.raises(KnownError, match="newer version"):
        Database(path)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("text", [b"Dear diary, today I sold nothing.\n" * 100, b"\0" * 8192])
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "till.sqlite"
    path.write_bytes(text)
    with pytest.raises(KnownError, match="damaged"):
        Database(path)
    assert path.read_bytes() == text


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="cannot be written"):
        Database(tmp_path / "missing" / "till.sqlite")


def test_a_library_too_old_to_trust_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(KnownError, match="too old"):
        Database(tmp_path / "till.sqlite")


def test_a_place_that_cannot_keep_a_log_is_refused() -> None:
    with pytest.raises(KnownError, match="local drive"):
        Database(Path(":memory:"))


def test_a_failed_block_leaves_nothing_behind(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "till.sqlite")) as opened:
        with pytest.raises(apsw.ConstraintError), opened.writing() as connection:
            connection.execute(
                "INSERT INTO kept VALUES ('a', 'b', NULL); INSERT INTO kept VALUES ('a', 'b', NULL)"
            )
        with opened.writing() as connection:
            assert connection.execute("SELECT * FROM kept WHERE name = 'a'").fetchall() == []


def test_another_program_that_holds_the_database_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MILLISECONDS", 1)
    path = tmp_path / "till.sqlite"
    with closing(Database(path)) as opened, closing(apsw.Connection(str(path))) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(KnownError, match="Another program"), opened.writing():
            pass
        other.execute("ROLLBACK")
        with opened.writing() as connection:
            connection.execute("INSERT INTO kept VALUES ('a', 'b', NULL)")


# A full disk.
def commit_until_full(journal: SqliteJournal) -> int:
    """Commit sales from the second on until the disk is full; return how many there are."""
    for count in range(2, 500):
        try:
            journal.commit_sale(sale(count), [effect(EffectKind.SALE, count)])
        except KnownError as error:
            assert "The disk is full" in error.sentence  # noqa: PT017 - the last of many calls fails
            return count - 1
    raise AssertionError("the disk never filled")


def test_a_full_disk_loses_nothing_and_the_next_start_is_clean(tmp_path: Path) -> None:
    path = tmp_path / "till.sqlite"
    journal = SqliteJournal(path, "2")
    journal.commit_sale(sale(1), [effect(EffectKind.SALE, 1)])
    connection = journal._database.connection()
    (pages,) = connection.execute("PRAGMA page_count").fetchone() or (0,)
    connection.execute(f"PRAGMA max_page_count={pages}")
    saved = commit_until_full(journal)
    assert len(journal.recent(1000)) == saved, "what was said to be saved is"
    assert journal.effects_of(sale_id(saved + 1)) == [], "what was not leaves no half"
    connection.execute("PRAGMA max_page_count=1000000")
    again = journal.commit_sale(sale(saved + 1), [effect(EffectKind.SALE, saved + 1)])
    assert again.number == f"2-{saved + 1:04d}", "the count has no gap"
    journal.close()

    with closing(SqliteJournal(path, "2")) as restarted:
        assert len(restarted.recent(1000)) == saved + 1
        assert restarted.first_broken_audit_row() is None
    assert pragma(path, "integrity_check") == "ok"


# A disk that reports errors.
REAL_DISK = apsw.vfs_names()[0]


class FailingFile(apsw.VFSFile):
    failing = False

    def __init__(self, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        super().__init__(REAL_DISK, name, flags)

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name
        if FailingFile.failing:
            raise apsw.IOError("the disk reports an error")
        super().xSync(flags)


class FailingDisk(apsw.VFS):
    def __init__(self) -> None:
        super().__init__("failing-disk", REAL_DISK, makedefault=True)

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        return FailingFile(name, flags)


@pytest.fixture
def failing_disk() -> Iterator[type[FailingFile]]:
    disk = FailingDisk()
    FailingFile.failing = False
    yield FailingFile
    disk.unregister()


def test_a_disk_error_is_no_sale_and_a_retry_is_one(tmp_path: Path, failing_disk: type[FailingFile]) -> None:
    with closing(SqliteJournal(tmp_path / "till.sqlite", "2")) as journal:
        failing_disk.failing = True
        with pytest.raises(KnownError, match="disk reports an error"):
            journal.commit_sale(sale(1), [effect(EffectKind.SALE, 1)])
        assert journal.recent(5) == []
        failing_disk.failing = False
        assert journal.commit_sale(sale(1), [effect(EffectKind.SALE, 1)]).number == "2-0001"
        assert len(journal.recent(5)) == 1
    with closing(SqliteJournal(tmp_path / "till.sqlite", "2")) as restarted:
        assert len(restarted.recent(5)) == 1


def test_a_sale_given_up_after_a_disk_error_does_not_come_back(
    tmp_path: Path, failing_disk: type[FailingFile]
) -> None:
    held, release = effect(EffectKind.RESERVE, 1), effect(EffectKind.RELEASE, 1)
    with closing(SqliteJournal(tmp_path / "till.sqlite", "2")) as journal:
        journal.open_draft(sale_id(1), held)
        failing_disk.failing = True
        with pytest.raises(KnownError):
            journal.commit_sale(sale(1), [effect(EffectKind.SALE, 1)])
        failing_disk.failing = False
        journal.abandon_draft(sale_id(1), release, "the cashier went back")
    with closing(SqliteJournal(tmp_path / "till.sqlite", "2")) as restarted:
        assert restarted.recent(5) == []
        assert [row.effect.kind for row in restarted.effects_of(sale_id(1))] == [
            EffectKind.RESERVE,
            EffectKind.RELEASE,
        ]


def test_a_connection_that_cannot_roll_back_is_given_up(tmp_path: Path) -> None:
    class Stuck:
        in_transaction = True

        def __init__(self, real: apsw.Connection) -> None:
            self._real = real

        def execute(self, statement: str) -> apsw.Cursor:
            if statement == "BEGIN IMMEDIATE":
                return self._real.execute(statement)
            raise apsw.IOError

        def close(self, *, force: bool) -> None:
            self._real.close(force)

    with closing(Database(tmp_path / "till.sqlite")) as opened:
        stuck = Stuck(opened.connection())
        opened._local.connection = stuck
        opened._all[:] = [stuck]  # type: ignore[list-item]
        with pytest.raises(KnownError, match="disk reports an error"), opened.writing():
            pass
        with opened.writing() as connection:
            connection.execute("INSERT INTO kept VALUES ('a', 'b', NULL)")


def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "till.sqlite"
    with closing(SqliteJournal(path, "2")) as journal:
        for count in range(1, 60):
            journal.commit_sale(sale(count), [effect(EffectKind.SALE, count)])
    damaged = bytearray(path.read_bytes())
    damaged[4096:] = b"\xff" * (len(damaged) - 4096)
    path.write_bytes(damaged)
    with pytest.raises(KnownError, match="damaged"):
        SqliteJournal(path, "2")
    assert path.read_bytes() == bytes(damaged)


def test_a_row_that_does_not_fit_is_said_to_be_damaged(tmp_path: Path) -> None:
    with closing(SqliteJournal(tmp_path / "till.sqlite", "2")) as journal:
        journal.commit_sale(sale(1), [])
        with journal._database.writing() as connection:
            connection.execute("""UPDATE sale SET body = '{"sale_id": 5}'""")
        with pytest.raises(KnownError, match="damaged"):
            journal.sale(sale_id(1))
        assert journal.recent(5) == [], "a list leaves out what cannot be trusted"
