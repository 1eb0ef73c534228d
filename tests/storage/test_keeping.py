"""Backups, the reserve, the key, the member cache and the thread that looks after them."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import apsw
import pytest

from cashier_app.domain.member import Account, Member
from cashier_app.domain.sale import EffectKind
from cashier_app.errors import KnownError
from cashier_app.ports.local_state import LEAST_FREE_BYTES
from cashier_app.storage import backups, checks, housekeeping
from cashier_app.storage import reserve as reserves
from cashier_app.storage.database import DiskFullError
from cashier_app.storage.housekeeping import Housekeeping
from cashier_app.storage.installation import KEY_COPY, KEY_FILE, Installation, Noted
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.opening import open_journal
from cashier_app.storage.reserve import Reserve
from tests.fakes.clock import START, FakeClock
from tests.fakes.effects import effect, sale, sale_id

MEMBER = Member("m-1", "Priya Raghunathan", "+91 ••••• ••210", "MB4471")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    with closing(SqliteJournal(tmp_path / "till.sqlite", "2")) as opened:
        for count in (1, 2, 3):
            opened.commit_sale(sale(count), [effect(EffectKind.SALE, count)])
        yield opened


# Backups.
def test_a_backup_opens_as_a_till_of_its_own(journal: SqliteJournal, tmp_path: Path) -> None:
    backup = journal.back_up(START)
    journal.commit_sale(sale(4), [])
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "till.sqlite").write_bytes(backup.read_bytes())
    (elsewhere / KEY_FILE).write_bytes((tmp_path / KEY_FILE).read_bytes())
    with closing(open_journal(elsewhere / "till.sqlite", "2", START)) as restored:
        assert restored.recovery is None
        assert [line.sale.number for line in restored.recent(5)] == ["2-0003", "2-0002", "2-0001"]
        assert restored.effects_of(sale_id(1)) == journal.effects_of(sale_id(1))
        assert restored.first_broken_audit_row() is None
        assert restored.commit_sale(sale(9), []).number == "2-0004"


def test_a_backup_is_open_to_its_owner_only_and_leaves_nothing_beside(
    journal: SqliteJournal, tmp_path: Path
) -> None:
    backup = journal.back_up(START)
    assert list(backup.parent.iterdir()) == [backup]
    if sys.platform != "win32":
        assert stat.S_IMODE(backup.stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


def test_twenty_four_are_kept_in_the_order_they_were_made(journal: SqliteJournal) -> None:
    clock = FakeClock()
    made = []
    for count in range(30):
        made.append(journal.back_up(clock.now()))
        clock.jump(-400 * 86400 if count % 2 else 400 * 86400)
    assert backups.all_of(journal.database.path) == made[:5:-1]
    assert len(backups.all_of(journal.database.path)) == backups.KEPT
    assert journal.local_state().last_backup_at == backups.made_at(made[-1])


def test_a_damaged_database_pushes_no_good_backup_out(journal: SqliteJournal) -> None:
    good = journal.back_up(START)
    with journal.database.writing() as connection:
        connection.execute("UPDATE sale SET body = replace(body, '216000', '1') WHERE counter = 2")
    with pytest.raises(KnownError, match="damaged"):
        journal.back_up(START)
    assert backups.all_of(journal.database.path) == [good]
    assert list(good.parent.iterdir()) == [good]
    assert journal.local_state().damaged_rows == 1


def test_what_cannot_be_written_is_said(journal: SqliteJournal, tmp_path: Path) -> None:
    (tmp_path / backups.FOLDER).write_text("in the way")
    with pytest.raises(KnownError, match="could not be written"):
        journal.back_up(START)


def test_a_name_that_says_no_time_is_no_time(tmp_path: Path) -> None:
    assert backups.made_at(tmp_path / "till-000001-yesterday.sqlite") is None


# Housekeeping.
def test_a_backup_is_made_each_hour_of_running(journal: SqliteJournal) -> None:
    clock = FakeClock()
    keeper = Housekeeping(journal, clock)
    counts = []
    for _ in range(150):
        keeper.look_after()
        clock.advance(60)
        counts.append(len(backups.all_of(journal.database.path)))
    assert (counts[0], counts[59], counts[60], counts[149]) == (1, 1, 2, 3)


def test_a_till_started_often_makes_no_backup_at_each_start(journal: SqliteJournal) -> None:
    clock = FakeClock()
    for _ in range(5):
        Housekeeping(journal, clock).look_after()
        clock.advance(600)
    assert len(backups.all_of(journal.database.path)) == 1
    clock.advance(1200)
    Housekeeping(journal, clock).look_after()
    assert len(backups.all_of(journal.database.path)) == 2


@pytest.mark.expects_log("met a bug")
def test_one_step_that_fails_holds_up_no_other(
    journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(Reserve, "keep", breaks)
    Housekeeping(journal, FakeClock()).look_after()
    assert len(backups.all_of(journal.database.path)) == 1


def test_the_thread_works_and_ends_when_asked(
    journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "ROUND_SECONDS", 0.001)
    keeper = Housekeeping(journal, FakeClock())
    keeper.start()
    while not backups.all_of(journal.database.path):
        keeper._thread.join(0.001)
    keeper.stop()
    assert not keeper._thread.is_alive()


# The reserve.
def test_the_reserve_takes_real_room_and_is_given_up_once(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path)
    reserve.keep()
    found = (tmp_path / reserves.RESERVE_FILE).stat()
    assert found.st_size == 32 * 1024 * 1024
    if hasattr(found, "st_blocks"):
        assert found.st_blocks * 512 >= found.st_size, "a hole is no reserve"
    assert reserve.kept
    assert reserve.give_up()
    assert not reserve.give_up()


def test_no_reserve_is_made_where_room_is_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reserve, "free_bytes", lambda _: LEAST_FREE_BYTES)
    reserve = Reserve(tmp_path)
    reserve.keep()
    assert not reserve.kept


def test_the_sale_under_way_is_finished_with_the_reserve(
    journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.reserve.keep()
    connection = journal.database.connection()
    real = journal.reserve.give_up
    (pages,) = connection.execute("PRAGMA page_count").fetchone() or (0,)
    connection.execute(f"PRAGMA max_page_count={pages}")

    def make_room() -> bool:
        connection.execute("PRAGMA max_page_count=100000")
        return real()

    monkeypatch.setattr(journal.reserve, "give_up", make_room)
    for count in range(10, 60):
        journal.commit_sale(sale(count), [effect(EffectKind.SALE, count)])
    assert not journal.reserve.kept, "the disk was full on the way"
    assert len(journal.recent(100)) == 53
    assert journal.look_for_damage() == 0


def test_without_a_reserve_a_full_disk_is_said(journal: SqliteJournal) -> None:
    connection = journal.database.connection()
    (pages,) = connection.execute("PRAGMA page_count").fetchone() or (0,)
    connection.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(DiskFullError, match="disk is full"):
        journal.remember("program", "x" * 100_000)


# The key and how far the database was.
def test_either_file_of_the_key_is_enough(tmp_path: Path) -> None:
    key = Installation(tmp_path).key()
    for name in (KEY_FILE, KEY_COPY):
        (tmp_path / name).write_text("nonsense")
        assert Installation(tmp_path).key() == key
        (tmp_path / name).unlink()
        assert Installation(tmp_path).key() == key


def test_how_far_the_database_was_never_goes_back(tmp_path: Path) -> None:
    with closing(Installation(tmp_path)) as first:
        assert not first.existed()
        first.note(7, 20)
        first.note(3, 25)
    assert Installation(tmp_path).noted() == Noted(7, 25)
    with closing(Installation(tmp_path)) as second:
        second.note(1, 1)
        assert second.noted() == Noted(7, 25)
    content = (tmp_path / "till.count").read_bytes().replace(b"7", b"8")
    (tmp_path / "till.count").write_bytes(content)
    assert Installation(tmp_path).noted() == Noted(0, 0), "a damaged note says nothing"


# The member cache.
def test_no_file_of_the_till_names_a_member(journal: SqliteJournal, tmp_path: Path) -> None:
    account = Account(Decimal("1240.5"), START)
    journal.remember_member(MEMBER, account, "hash-of-a-phone")
    journal.back_up(START)
    assert journal.remembered_member("hash-of-a-phone") == (MEMBER, account)
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        content = path.read_bytes()
        for text in ("Raghunathan", "MB4471", "••210", "hash-of-a-phone"):
            assert text.encode() not in content, (path.name, text)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE member_seen SET sealed = zeroblob(60)",
        "UPDATE member_seen SET sealed = x'00'",
        "UPDATE member_seen SET sealed = substr(sealed, 1, length(sealed) - 1)",
        "UPDATE member_seen SET lookup_key = x'00'",
    ],
)
def test_a_damaged_cache_is_as_good_as_none(journal: SqliteJournal, change: str) -> None:
    journal.remember_member(MEMBER, Account(Decimal(1), START), "m")
    with journal.database.writing() as connection:
        connection.execute(change)
    assert journal.remembered_member("m") is None


# Migrations.
def test_an_older_database_is_backed_up_sealed_and_read(tmp_path: Path) -> None:
    path = tmp_path / "till.sqlite"
    _of_version_one(path)
    with closing(SqliteJournal(path, "2")) as journal:
        assert [one.sale.number for one in journal.unsent()] == ["2-0001"]
        assert journal.commit_sale(sale(2), []).number == "2-0002"
        assert checks.first_damage(journal.database.connection()) is None
        assert journal.day_figures(START.date()).sales == 2, "what was sold before is counted, too"
        assert journal.day_figures(START.date()).points_earned == 21
        assert journal.figures_apart() == []
    (backup,) = backups.all_of(path)
    with closing(apsw.Connection(str(backup))) as old:
        assert old.execute("PRAGMA user_version").fetchone() == (1,)
        assert old.execute("SELECT counter FROM sale").fetchall() == [(1,)]


def _of_version_one(path: Path) -> None:
    from cashier_app.storage.database import APPLICATION_ID, migrations
    from cashier_app.storage.rows import moment, to_json

    first = next(script for number, script in migrations() if number == 1)
    one, told = sale(1), effect(EffectKind.SALE, 1)
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute(f"{first}; PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version=1")
        body = to_json(one).replace('"number":""', '"number":"2-0001"')
        at = moment(START)
        connection.execute(
            "INSERT INTO sale VALUES (?, 'committed', ?, 1, ?, 1, ?)", (one.sale_id, at, at, body)
        )
        connection.execute(
            "INSERT INTO effect (key, sale_id, kind, account_key, body, state, next_attempt_at) "
            "VALUES (?, ?, 'sale', 'm-1', ?, 'waiting', ?)",
            (told.key, one.sale_id, to_json(told), at),
        )


def test_room_left_is_told(journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch) -> None:
    assert journal.local_state().free_bytes > 0
    monkeypatch.setattr(Reserve, "free_bytes", lambda _: 499_999_999)
    assert journal.local_state().short_of_space


def test_names_of_days_that_are_gone_are_forgotten_by_housekeeping(journal: SqliteJournal) -> None:
    clock = FakeClock()
    journal.remember_member(MEMBER, Account(Decimal(1), START), "m")
    keeper = Housekeeping(journal, clock)
    for _ in range(40):
        keeper.look_after()
        clock.advance(timedelta(days=1).total_seconds())
    assert journal.remembered_member("m") is None
    assert len(journal.recent(9)) == 3
