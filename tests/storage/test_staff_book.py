"""Staff and their tries in the database: what is kept, what the audit log says, and what damage leaves."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from msgspec.structs import replace

from cashier_app.domain.money import Currency, Money
from cashier_app.domain.staff import Right, Role, StaffMember
from cashier_app.domain.tries import LockedOut
from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret
from cashier_app.services.approval import ApprovalAsked, Matter, Reason
from cashier_app.services.sign_in import Allowed, MayNot, NotRight, TooOften, TooSoon
from cashier_app.storage import staff_rescue
from cashier_app.storage.database import DamagedError
from cashier_app.storage.opening import open_journal
from tests.fakes.clock import FakeClock
from tests.fakes.staff_book import ASHA, FILE, MEERA, PINS, VIKRAM, WRONG, Shop, open_shop, staffed

rescues = pytest.mark.expects_log("the sales database was damaged")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = staffed(tmp_path, FakeClock())
    yield opened
    opened.journal.close()


def events(shop: Shop) -> list[tuple[str, str, str]]:
    with shop.journal.database.reading() as connection:
        rows = connection.execute("SELECT subject, event, detail FROM audit ORDER BY sequence")
        return [(str(subject), str(event), str(detail)) for subject, event, detail in rows]


def lock_out(shop: Shop, staff_id: str = "asha") -> None:
    """Try until only a manager helps."""
    for _ in range(30):
        answer = shop.enter(staff_id, WRONG)
        if isinstance(answer, TooOften):
            return
        if isinstance(answer, TooSoon):
            assert isinstance(shop.clock, FakeClock)
            shop.clock.advance(answer.seconds)
    raise AssertionError("never locked")


def rescued(shop: Shop) -> Shop:
    """Return the shop as the next start of the till finds it."""
    shop.journal.close()
    open_journal(shop.folder / FILE, "2", shop.clock.now()).close()
    return open_shop(shop.folder, shop.clock)


def test_people_come_back_in_order_with_what_they_are(shop: Shop) -> None:
    again = shop.reopen()
    assert [record.member for record in again.book.records()] == [MEERA, ASHA, VIKRAM]
    assert again.door.people() == (MEERA, ASHA, VIKRAM)
    again.journal.close()


def test_every_try_is_in_the_audit_log_before_its_answer(shop: Shop) -> None:
    before = len(events(shop))
    assert shop.enter("asha", WRONG) == NotRight()
    assert shop.enter("asha", PINS["asha"]) == Allowed(ASHA)
    assert events(shop)[before:] == [
        ("staff:asha", "pin tried", "1"),
        ("staff:asha", "pin tried", "2"),
        ("staff:asha", "pin right", "signed in"),
    ]
    assert shop.journal.first_broken_audit_row() is None


def test_a_changed_row_is_not_believed(shop: Shop) -> None:
    with shop.journal.database.writing() as connection:
        connection.execute("UPDATE staff SET role = 'manager' WHERE staff_id = 'asha'")
        connection.execute("UPDATE pin_try SET failures = 0 WHERE subject = 'staff:vikram'")
        connection.execute("UPDATE pin_try SET failures = 2 WHERE subject = 'staff:meera'")
    with pytest.raises(DamagedError):
        shop.enter("asha", PINS["asha"])
    assert shop.enter("vikram", PINS["vikram"]) == Allowed(VIKRAM)  # it was 0
    with pytest.raises(DamagedError):
        shop.enter("meera", PINS["meera"])
    assert shop.journal.look_for_damage() == 2


@rescues
def test_a_role_somebody_wrote_into_the_file_does_not_outlive_the_next_start(shop: Shop) -> None:
    shop.journal.close()
    with closing(apsw.Connection(str(shop.folder / FILE))) as connection:
        connection.execute("UPDATE staff SET role = 'manager' WHERE staff_id = 'asha'")
    again = rescued(shop)
    record = again.book.record("asha")
    assert record is not None
    assert record.member == ASHA
    assert record.pin is None  # her row was lost; a manager gives her another PIN
    assert not record.locked
    assert again.enter("vikram", PINS["vikram"]) == Allowed(VIKRAM)
    again.journal.close()


@rescues
def test_a_count_somebody_wrote_into_the_file_is_made_again_from_the_log(shop: Shop) -> None:
    lock_out(shop)
    shop.journal.close()
    with closing(apsw.Connection(str(shop.folder / FILE))) as connection:
        connection.execute("UPDATE pin_try SET failures = 0 WHERE subject = 'staff:asha'")
    again = rescued(shop)
    assert again.enter("asha", PINS["asha"]) == TooOften()
    again.office.reset("asha", "meera")
    assert again.enter("asha", PINS["asha"]) == Allowed(ASHA)
    again.journal.close()


@rescues
@pytest.mark.parametrize("sql", ["DELETE FROM pin_try", "DELETE FROM staff", "DELETE FROM pin_try WHERE 0"])
def test_rows_that_were_taken_out_are_missed(shop: Shop, sql: str) -> None:
    lock_out(shop)
    for _ in range(6):
        shop.enter("vikram", WRONG)
    shop.journal.close()
    with closing(apsw.Connection(str(shop.folder / FILE))) as connection:
        connection.execute(sql)
        if sql.endswith("WHERE 0"):
            connection.execute("DELETE FROM pin_try WHERE subject = 'staff:asha'")
    again = rescued(shop)
    assert again.enter("asha", PINS["asha"]) == TooOften()
    assert isinstance(again.enter("vikram", PINS["vikram"]), TooSoon)
    assert [record.member for record in again.book.records()] == [MEERA, ASHA, VIKRAM]
    again.journal.close()


@rescues
def test_a_wait_whose_clock_is_lost_begins_anew(shop: Shop) -> None:
    for _ in range(5):
        shop.enter("asha", WRONG)
    assert isinstance(shop.clock, FakeClock)
    shop.clock.advance(29)
    shop.journal.close()
    with closing(apsw.Connection(str(shop.folder / FILE))) as connection:
        connection.execute("DELETE FROM pin_try")
    again = rescued(shop)
    assert again.enter("asha", PINS["asha"]) == TooSoon(30)
    shop.clock.advance(29)
    assert isinstance(again.enter("asha", PINS["asha"]), TooSoon)
    shop.clock.advance(1)
    assert again.enter("asha", PINS["asha"]) == Allowed(ASHA)
    again.journal.close()


@rescues
@pytest.mark.parametrize("copied", ["before anything", "before the lock-out"])
def test_an_older_copy_put_back_lets_nobody_in(shop: Shop, tmp_path: Path, copied: str) -> None:
    if copied == "before the lock-out":
        for _ in range(3):
            shop.enter("asha", WRONG)
    with shop.journal.database.reading() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    shutil.copyfile(tmp_path / FILE, tmp_path / "kept.sqlite")
    lock_out(shop)
    shop.journal.close()
    for suffix in ("-wal", "-shm"):
        (tmp_path / f"{FILE}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(tmp_path / "kept.sqlite", tmp_path / FILE)
    again = rescued(shop)
    assert again.enter("asha", PINS["asha"]) == TooOften()
    again.journal.close()


@rescues
def test_a_database_that_is_gone_lets_nobody_in_without_its_log(shop: Shop, tmp_path: Path) -> None:
    shop.journal.back_up(shop.clock.now())
    lock_out(shop)
    shop.journal.close()
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f"{FILE}{suffix}").unlink(missing_ok=True)
    again = rescued(shop)
    assert all(record.locked for record in again.book.records())
    assert not again.office.has_manager()
    again.journal.close()


@rescues
def test_a_pin_that_was_changed_since_the_backup_does_not_come_back(shop: Shop) -> None:
    shop.journal.back_up(shop.clock.now())
    shop.office.set_pin("asha", Secret("648293"), "meera")
    shop.office.change("vikram", "meera", active=False)
    shop.journal.close()
    with closing(apsw.Connection(str(shop.folder / FILE))) as connection:
        connection.execute("UPDATE staff SET name = 'x' WHERE staff_id IN ('asha', 'vikram')")
    again = rescued(shop)
    asha, vikram = again.book.record("asha"), again.book.record("vikram")
    assert asha is not None
    assert vikram is not None
    assert asha.pin is None
    assert vikram.member == replace(VIKRAM, active=False)
    assert vikram.pin is not None  # that was not changed
    again.journal.close()


@rescues
def test_damage_anywhere_never_frees_anybody(tmp_path: Path) -> None:
    shop = staffed(tmp_path, FakeClock())
    shop.journal.back_up(shop.clock.now())
    lock_out(shop)
    with shop.journal.database.reading() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    shop.journal.close()
    whole = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    chance = random.Random(11)
    for _ in range(40):
        for path in tmp_path.iterdir():
            if path.is_file():
                path.unlink()
        for name, content in whole.items():
            (tmp_path / name).write_bytes(content)
        database = bytearray(whole[FILE])
        start = chance.randrange(len(database))
        length = chance.choice((1, 16, 4096))
        database[start : start + length] = chance.randbytes(len(database[start : start + length]))
        (tmp_path / FILE).write_bytes(database)
        open_journal(tmp_path / FILE, "2", shop.clock.now()).close()
        again = open_shop(tmp_path, shop.clock)
        assert {record.member.staff_id for record in again.book.records()} == {"meera", "asha", "vikram"}
        assert not isinstance(again.enter("asha", PINS["asha"]), Allowed), (start, length)
        again.journal.close()


@rescues
def test_without_the_counts_being_made_again_damage_would_free_them(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock_out(shop)
    shop.journal.close()
    with closing(apsw.Connection(str(shop.folder / FILE))) as connection:
        connection.execute("UPDATE pin_try SET failures = 0 WHERE subject = 'staff:asha'")
    monkeypatch.setattr(staff_rescue, "_told_tries", lambda _: {})
    again = rescued(shop)
    assert again.enter("asha", PINS["asha"]) == Allowed(ASHA)
    again.journal.close()


def test_people_without_a_sale_keep_the_key_of_their_rows(tmp_path: Path) -> None:
    shop = staffed(tmp_path, FakeClock())
    shop.journal.close()
    for name in ("till.key", "till.key.copy"):
        (tmp_path / name).unlink()
    again = rescued(shop)  # the log holds together: the rows are sealed anew
    assert again.enter("asha", PINS["asha"]) == Allowed(ASHA)
    again.journal.close()


def test_a_badge_is_one_persons(shop: Shop) -> None:
    shop.office.set_badge("asha", "BADGE-0001", "meera")
    with pytest.raises(KnownError, match="asha's badge"):
        shop.office.set_badge("vikram", "BADGE-0001", "meera")
    owner = shop.book.owner_of(shop.pins.badge("BADGE-0001"))
    assert owner is not None
    assert owner.member == ASHA
    assert shop.book.owner_of(shop.pins.badge("BADGE-0002")) is None


def test_a_new_person_is_not_confused_with_tries_of_nobody(shop: Shop) -> None:
    for _ in range(10):
        shop.enter("nila", WRONG)
        assert isinstance(shop.clock, FakeClock)
        shop.clock.advance(4000)
    assert shop.enter("nila", WRONG) == TooOften()
    shop.office.add(StaffMember("nila", "Nila", Role.TRAINER), Secret("603871"), "meera")
    assert isinstance(shop.enter("nila", "603871"), Allowed)
    assert shop.book.begin_try("staff:nila", shop.clock.now(), shop.clock.monotonic()) != LockedOut()


def test_an_approval_is_a_row_that_names_who_the_limit_and_the_reason(shop: Shop) -> None:
    rupee = Currency("INR", 2)
    asked = ApprovalAsked(
        Right.APPROVE, Matter.OFFLINE_POINTS, "sale-1", Money(15000, rupee), Money(10000, rupee)
    )
    before = len(events(shop))
    refused = shop.door.approve(asked, "asha", Secret(PINS["asha"]), "asha", Reason.GOODWILL)
    assert refused == MayNot(ASHA)
    given = shop.door.approve(asked, "vikram", Secret(PINS["vikram"]), "asha", Reason.GOODWILL)
    assert given == Allowed(VIKRAM)
    rows = events(shop)[before:]
    assert [row[:2] for row in rows] == [
        ("staff:asha", "pin tried"),
        ("staff:asha", "pin right"),
        ("staff:asha", "not theirs to do"),
        ("staff:vikram", "pin tried"),
        ("staff:vikram", "pin right"),
        ("staff:vikram", "approved"),
    ]
    told = json.loads(rows[-1][2])
    assert (told["matter"], told["subject"], told["on_duty"]) == ("points used offline", "sale-1", "asha")
    assert (told["amount"]["minor"], told["limit"]["minor"], told["reason"]) == (15000, 10000, "goodwill")


def test_tries_at_the_same_moment_are_counted_one_by_one(shop: Shop) -> None:
    doors = [open_shop(shop.folder, shop.clock) for _ in range(4)]  # a till and three terminals
    with ThreadPoolExecutor(len(doors)) as hands:
        answers = list(hands.map(lambda door: [door.enter("asha", WRONG) for _ in range(4)], doors))
    for door in doors:
        door.journal.close()
    assert sum(door.pins.checked for door in doors) == 5
    given = [answer for row in answers for answer in row]
    assert given.count(NotRight()) == 5
    assert all(isinstance(answer, TooSoon) for answer in given if answer != NotRight())
