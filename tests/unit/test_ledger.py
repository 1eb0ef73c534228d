"""The demo ledger: what the database itself forbids, and what the demo shop starts with."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import apsw
import phonenumbers
import pytest
from msgspec.structs import replace

from cashier_app.demo.booking import Bookings
from cashier_app.demo.ledger import Declined, Done, Ledger, Replayed, Write, fingerprint
from cashier_app.demo.members import coming_friday, load_seed, seed
from cashier_app.demo.messages import MoneyBody, SaleBody
from cashier_app.demo.records import Records
from cashier_app.demo.shop import load_shop
from cashier_app.domain.identifier import (
    IdentifierRules,
    MemberNumber,
    PhoneNumber,
    WalletToken,
    parse_identifier,
)
from cashier_app.domain.standing import standing
from cashier_app.errors import KnownError
from tests.fakes.clock import FakeClock

SALE_ID = "01934f5c-9a7e-7c11-8f3a-2f5d0c9a4e21"
BOOKED = Write(f"{SALE_ID}-sale-1", "sale", SALE_ID, fingerprint(b"one"))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def ledger(clock: FakeClock) -> Iterator[Ledger]:
    ledger = Ledger(clock)
    seed(ledger, load_shop())
    yield ledger
    ledger.close()


def a_sale(clock: FakeClock) -> SaleBody:
    nothing, paid = MoneyBody(minor=0, currency="INR"), MoneyBody(minor=64000, currency="INR")
    return SaleBody(
        sale_id=SALE_ID, member_id="mem-ravi", bill=paid, discount=nothing, paid=paid,
        points="6", program_version="marigold-1", at=clock.now(),
    )  # fmt: skip


# What the database forbids, whatever the code does.
@pytest.mark.parametrize("kind", ["reserve", "capture", "lapse", "sale", "opening"])
def test_no_movement_but_a_refund_takes_a_balance_below_zero(
    ledger: Ledger, clock: FakeClock, kind: str
) -> None:
    values = (f"k-{kind}", kind, "mem-ravi", -461, -1, 0, "now", "now")
    with pytest.raises(apsw.ConstraintError, match="never_below_zero"):
        insert_movement(ledger, values)
    insert_movement(ledger, ("k-refund", "refund", "mem-ravi", -461, -1, 0, "now", "now"))
    insert_movement(ledger, ("k-gain", "sale", "mem-ravi", 1, 0, 0, "now", "now"))


def test_a_movement_whose_balance_does_not_add_up_is_refused(ledger: Ledger) -> None:
    with pytest.raises(apsw.ConstraintError, match="the balance before and the movement"):
        insert_movement(ledger, ("k", "sale", "mem-ravi", 10, 471, 0, "now", "now"))


def test_a_movement_is_neither_changed_nor_deleted(ledger: Ledger) -> None:
    with pytest.raises(apsw.ConstraintError, match="never changed"):
        ledger.execute("UPDATE movements SET units = 0")
    with pytest.raises(apsw.ConstraintError, match="never deleted"):
        ledger.execute("DELETE FROM movements")


def test_a_key_moves_points_once(ledger: Ledger) -> None:
    insert_movement(ledger, ("k", "sale", "mem-ravi", 1, 461, 0, "now", "now"))
    with pytest.raises(apsw.ConstraintError, match=r"movements\.key"):
        insert_movement(ledger, ("k", "sale", "mem-ravi", 1, 462, 0, "now", "now"))


def test_a_member_nobody_knows_moves_nothing(ledger: Ledger) -> None:
    with pytest.raises(apsw.ConstraintError):
        insert_movement(ledger, ("k", "sale", "mem-nobody", 1, 1, 0, "now", "now"))


def test_an_undone_transaction_leaves_nothing(ledger: Ledger, clock: FakeClock) -> None:
    def fail_half_way() -> None:
        with ledger.transaction():
            ledger.move("k", "sale", "mem-ravi", 5, at=clock.now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    ravi = ledger.member("mem-ravi")
    assert ravi is not None
    assert ravi.balance == 460
    assert len(ledger.movements(member_id="mem-ravi")) == 1


# Once, from however many sides at once.
def test_eight_threads_book_one_sale_once(ledger: Ledger, clock: FakeClock) -> None:
    bookings = Bookings(ledger, load_shop())
    together = threading.Barrier(8)
    written: list[object] = []

    def book() -> None:
        together.wait(5)
        written.append(bookings.sale(BOOKED, a_sale(clock)))

    threads = [threading.Thread(target=book) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(one).__name__ for one in written) == ["Done"] + ["Replayed"] * 7
    assert [row.units for row in ledger.movements(sale_id=SALE_ID)] == [6]


def test_two_programs_on_one_file_book_one_sale_once(clock: FakeClock, tmp_path: Path) -> None:
    shop = load_shop()
    ledgers = [Ledger(clock, tmp_path / "ledger.db") for _ in range(2)]
    seed(ledgers[0], shop)
    written = [Bookings(ledger, shop).sale(BOOKED, a_sale(clock)) for ledger in ledgers]
    assert isinstance(written[0], Done)
    assert written[1] == Replayed(written[0].answer)
    for ledger in ledgers:
        ledger.close()


def test_a_ledger_is_still_there_after_a_restart(clock: FakeClock, tmp_path: Path) -> None:
    shop = load_shop()
    first = Ledger(clock, tmp_path / "ledger.db")
    seed(first, shop)
    written = Bookings(first, shop).sale(BOOKED, a_sale(clock))
    first.close()
    again = Ledger(clock, tmp_path / "ledger.db")
    seed(again, shop)
    assert isinstance(written, Done)
    assert again.find_effect(BOOKED.key) == written.answer
    assert len(again.rows("SELECT 1 FROM members")) == 60
    again.close()


def test_a_file_that_is_no_ledger_is_said_so(clock: FakeClock, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database, but long enough to be looked at " * 50)
    for path in (tmp_path / "notes.txt", tmp_path / "nowhere" / "ledger.db"):
        with pytest.raises(KnownError, match="cannot be opened"):
            Ledger(clock, path)


def test_another_request_under_a_key_is_declined(ledger: Ledger, clock: FakeClock) -> None:
    bookings = Bookings(ledger, load_shop())
    bookings.sale(BOOKED, a_sale(clock))
    other = Write(BOOKED.key, BOOKED.kind, BOOKED.sale_id, fingerprint(b"other"))
    declined = bookings.sale(other, a_sale(clock))
    assert isinstance(declined, Declined)
    assert declined.code == "key_reused"


def test_rules_never_change_under_their_version(ledger: Ledger) -> None:
    program = load_shop().program
    ledger.publish(program)
    ledger.publish(program)
    assert ledger.published(program.version) == program
    with pytest.raises(KnownError, match="marigold-1"):
        ledger.publish(replace(program, point_scale=1))
    assert ledger.published(program.version) == program
    assert ledger.published("never heard of") is None


def test_rules_that_cannot_be_read_any_more_are_not_guessed(ledger: Ledger) -> None:
    ledger.execute("INSERT INTO programs (version, document) VALUES ('old', '{\"currency\": 7}')")
    assert ledger.published("old") is None


def test_a_practice_ledger_of_an_earlier_version_is_begun_anew(clock: FakeClock, tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with contextlib.closing(apsw.Connection(str(path))) as earlier:
        for table in ("movements", "reservations", "programs", "sales"):
            earlier.execute(f"CREATE TABLE {table} (key TEXT)")
    ledger = Ledger(clock, path)
    seed(ledger, load_shop())
    assert isinstance(Bookings(ledger, load_shop()).sale(BOOKED, a_sale(clock)), Done)
    ledger.close()


def test_another_programs_database_is_left_as_it_is(clock: FakeClock, tmp_path: Path) -> None:
    path = tmp_path / "till.sqlite"
    with contextlib.closing(apsw.Connection(str(path))) as other:
        other.execute("CREATE TABLE sale (sale_id TEXT); INSERT INTO sale VALUES ('kept')")
    with pytest.raises(KnownError, match="another program"):
        Ledger(clock, path)
    with contextlib.closing(apsw.Connection(str(path))) as other:
        assert list(other.execute("SELECT sale_id FROM sale")) == [("kept",)]


# The demo shop.
def tier_of(ledger: Ledger, clock: FakeClock, member_id: str) -> str:
    """Return the name of the tier a member holds."""
    row, shop = ledger.member(member_id), load_shop()
    assert row is not None
    held = standing(shop.program, Records(ledger, shop).account(row, clock.now()), clock.now().date())
    assert held is not None
    return held.name


def test_every_member_can_be_found_at_the_till(ledger: Ledger) -> None:
    rules = IdentifierRules("IN")
    for member in load_seed():
        assert parse_identifier(f"LC1:{member.token}", rules) == WalletToken(f"LC1:{member.token}")
        assert parse_identifier(member.number, rules) == MemberNumber(member.number)
        assert parse_identifier(member.phone, rules) == PhoneNumber(member.phone)
        assert phonenumbers.is_valid_number(phonenumbers.parse(member.phone))


def test_every_balance_is_the_sum_of_its_movements(ledger: Ledger) -> None:
    for member in load_seed():
        row = ledger.member(member.member_id)
        assert row is not None
        assert row.balance == member.coins
        assert row.balance == sum(one.units for one in ledger.movements(member_id=member.member_id))


def test_the_seed_has_its_hard_cases(ledger: Ledger, clock: FakeClock) -> None:
    members = load_seed()
    by_id = {member.member_id: member for member in members}
    names = " ".join(member.name for member in members)
    tiers = {tier_of(ledger, clock, member.member_id) for member in members}
    assert len(by_id) == len(members) == 60
    assert tiers == {"Bronze", "Silver", "Gold", "Platinum"}
    assert by_id["mem-zero"].coins == 0
    assert by_id["mem-lapsed"].lapsed == 600
    assert by_id["mem-devika"].blocked == 9
    assert by_id["mem-anil"].phone == by_id["mem-meera"].phone
    assert max(len(member.name) for member in members) > 120
    for sign in ("<b>", "عبد", "अनु", "திரு", "🎉", "&&"):
        assert sign in names
    assert by_id["mem-rahul"].phone.endswith("548")
    assert by_id["mem-devika"].phone.endswith("877")


@pytest.mark.parametrize("day", range(20, 27))
def test_the_coming_friday_is_ahead(day: int) -> None:
    today = date(2026, 11, day)
    friday = coming_friday(today)
    assert friday.weekday() == 4
    assert timedelta(0) < friday - today <= timedelta(days=7)


def test_lapsed_points_are_not_in_the_balance(ledger: Ledger) -> None:
    assert [row.units for row in ledger.movements(member_id="mem-lapsed")] == [635, -600]


def insert_movement(ledger: Ledger, values: tuple[object, ...]) -> None:
    ledger.execute(
        "INSERT INTO movements (key, kind, member_id, units, balance_after, spend, at, booked_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    )
