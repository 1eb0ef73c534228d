"""Whatever is written in whatever order and however often: balances are sums, and nothing happens twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from cashier_app.demo import booking, schema
from cashier_app.demo.booking import Bookings
from cashier_app.demo.ledger import Declined, Done, Ledger, Replayed, Write, Written, fingerprint
from cashier_app.demo.messages import MoneyBody, RefundBody, Request, ReserveBody, SaleBody, SettleBody
from cashier_app.demo.shop import load_shop
from cashier_app.domain.basket import Basket
from cashier_app.domain.bill import bill_of
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.earning import EarningSale, points_earned
from cashier_app.domain.money import Money
from tests.fakes.clock import START, FakeClock

MEMBERS = {"mem-poor": 90, "mem-some": 250, "mem-rich": 5000}
SHOP = load_shop()


def rupees(amount: int) -> MoneyBody:
    return MoneyBody(minor=amount * 100, currency="INR")


def new_ledger(clock: FakeClock) -> Ledger:
    ledger = Ledger(clock)
    for member_id, units in MEMBERS.items():
        ledger.execute("INSERT INTO members (member_id, name) VALUES (?, 'A')", (member_id,))
        ledger.move(f"{member_id}-opening", "opening", member_id, units, at=START)
    return ledger


@dataclass
class Attempt:
    """A write that was asked for, to be asked for again."""

    write: Write
    body: Request
    reservation_id: str = ""
    first: Written | None = field(default=None, repr=False)


class LedgerMachine(RuleBasedStateMachine):
    """Tills that sell, hold, take, give back and undo, repeating themselves at random."""

    attempts = Bundle("attempts")
    reservations = Bundle("reservations")
    sales = Bundle("sales")

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.ledger = new_ledger(self.clock)
        self.bookings = Bookings(self.ledger, SHOP)
        self.applied: set[str] = set()
        self.count = 0

    def teardown(self) -> None:
        self.ledger.close()

    @rule(
        target=reservations, member=st.sampled_from(sorted(MEMBERS)), points=st.sampled_from([120, 200, 250])
    )
    def reserve(self, member: str, points: int) -> Attempt:
        return self.hold(member, points)

    @rule(
        target=attempts,
        reservation=reservations,
        end=st.sampled_from(["capture", "release"]),
        count=st.integers(1, 2),
    )
    def end(self, reservation: Attempt, end: str, count: int) -> Attempt:
        return self.finish(reservation, end, count)

    @rule(target=attempts, reservation=reservations)
    def come_late_behind_another_sale(self, reservation: Attempt) -> Attempt:
        reserve = reservation.body
        assert isinstance(reserve, ReserveBody)
        self.clock.advance(16 * 60)
        self.hold(reserve.member_id, int(reserve.points))
        return self.finish(reservation, "capture", 1)

    @rule(
        target=sales,
        member=st.sampled_from(sorted(MEMBERS)),
        bill=st.integers(1, 30000),
        count=st.integers(1, 2),
    )
    def sell(self, member: str, bill: int, count: int) -> Attempt:
        sale_id = self.next_id()
        return self.ask(self.a_sale(sale_id, member, bill, count))

    @rule(target=attempts, sale=sales)
    def sell_again_under_another_key(self, sale: Attempt) -> Attempt:
        body = sale.body
        assert isinstance(body, SaleBody)
        return self.ask(Attempt(self.write(body.sale_id, "sale", body, 9), body))

    @rule(target=attempts, sale=sales, part=st.integers(1, 30000), count=st.integers(1, 3))
    def undo(self, sale: Attempt, part: int, count: int) -> Attempt:
        body = sale.body
        assert isinstance(body, SaleBody)
        refund = RefundBody(
            sale_id=body.sale_id, member_id=body.member_id or "", original_key=sale.write.key,
            bill=rupees(part), discount=rupees(0), paid=rupees(part), at=body.at,
        )  # fmt: skip
        return self.ask(Attempt(self.write(body.sale_id, "refund", refund, count), refund))

    @rule(again=st.one_of(attempts, reservations, sales))
    def repeat(self, again: Attempt) -> None:
        before = self.ledger.rows("SELECT count(*) FROM movements WHERE kind NOT IN ('expire', 'lapse')")
        written = self.carry_out(again)
        if again.write.key in self.applied and isinstance(again.first, Done):
            assert written == Replayed(again.first.answer)
            assert before == self.ledger.rows(
                "SELECT count(*) FROM movements WHERE kind NOT IN ('expire', 'lapse')"
            )
        self.note(again, written)

    @rule(minutes=st.sampled_from([1, 16]))
    def wait(self, minutes: int) -> None:
        self.clock.advance(minutes * 60)

    @invariant()
    def balances_are_sums(self) -> None:
        for member_id in MEMBERS:
            row = self.ledger.member(member_id)
            rows = self.ledger.movements(member_id=member_id)
            assert row is not None
            running = 0
            for one in rows:
                running += one.units
                assert one.balance_after == running
                assert running >= 0 or one.units >= 0 or one.kind == "refund"
            assert row.balance == running
            assert row.spend == sum(one.spend for one in rows)

    @invariant()
    def nothing_happened_twice(self) -> None:
        keys = [key for (key,) in self.ledger.rows("SELECT key FROM movements")]
        assert len(keys) == len(set(keys))
        assert self.applied <= set(keys)
        sold = [
            sale_id for (sale_id,) in self.ledger.rows("SELECT sale_id FROM movements WHERE kind = 'sale'")
        ]
        assert len(sold) == len(set(sold))
        ended = self.ledger.rows("SELECT reservation_id FROM movements WHERE kind IN ('capture', 'release')")
        assert len(ended) == len(set(ended))

    @invariant()
    def no_sale_is_undone_by_more_than_it_was(self) -> None:
        for sale_id, earned, spend in self.ledger.rows(
            "SELECT sale_id, units, spend FROM movements WHERE kind = 'sale'"
        ):
            undone = [row for row in self.ledger.movements(sale_id=sale_id) if row.kind == "refund"]
            assert sum(-row.units for row in undone) <= earned
            assert sum(-row.spend for row in undone) <= spend

    def hold(self, member: str, points: int) -> Attempt:
        sale_id = self.next_id()
        body = ReserveBody(
            sale_id=sale_id, member_id=member, points=str(points), bill=rupees(2600), discount=rupees(points),
            program_version="marigold-1", at=self.clock.now(),
        )  # fmt: skip
        return self.ask(Attempt(self.write(sale_id, "reserve", body), body))

    def finish(self, reservation: Attempt, end: str, count: int) -> Attempt:
        reserve = reservation.body
        assert isinstance(reserve, ReserveBody)
        reference = "res-none"
        if isinstance(reservation.first, Done):
            reference = str(reservation.first.answer["reference"])
        body = SettleBody(
            sale_id=reserve.sale_id, member_id=reserve.member_id, points=reserve.points, at=reserve.at
        )
        return self.ask(Attempt(self.write(reserve.sale_id, end, body, count), body, reference))

    def ask(self, attempt: Attempt) -> Attempt:
        attempt.first = self.carry_out(attempt)
        self.note(attempt, attempt.first)
        return attempt

    def note(self, attempt: Attempt, written: Written) -> None:
        if isinstance(written, Done):
            assert attempt.write.key not in self.applied, "the same write took hold twice"
            self.applied.add(attempt.write.key)
            attempt.first = written

    def carry_out(self, attempt: Attempt) -> Written:
        write, body = attempt.write, attempt.body
        match body:
            case ReserveBody():
                return self.bookings.reserve(write, body)
            case SettleBody() if write.kind == "capture":
                return self.bookings.capture(write, attempt.reservation_id, body)
            case SettleBody():
                return self.bookings.release(write, attempt.reservation_id, body)
            case SaleBody():
                return self.bookings.sale(write, body)
            case RefundBody():
                return self.bookings.refund(write, body)
            case _:
                raise AssertionError(type(body))

    def a_sale(self, sale_id: str, member: str, bill: int, count: int) -> Attempt:
        body = SaleBody(
            sale_id=sale_id, member_id=member, bill=rupees(bill), discount=rupees(0), paid=rupees(bill),
            program_version="marigold-1", at=self.clock.now(),
        )  # fmt: skip
        return Attempt(self.write(sale_id, "sale", body, count), body)

    def write(self, sale_id: str, kind: str, body: Request, count: int = 1) -> Write:
        return Write(f"{sale_id}-{kind}-{count}", kind, sale_id, fingerprint(repr(body).encode()))

    def next_id(self) -> str:
        self.count += 1
        return f"sale-{self.count:04}"


EFFORT = settings(max_examples=60, stateful_step_count=30)
SEARCH = settings(EFFORT, phases=[Phase.generate], report_multiple_bugs=False)

PLANTED = {
    "a key that is not unique": [
        ("CONSTRAINT one_effect_per_key PRIMARY KEY", ""),
        # What stands behind it goes too, else a repeat fails instead of moving points again.
        ("CONSTRAINT one_movement_per_key UNIQUE", ""),
        ("CONSTRAINT one_reservation_per_key UNIQUE", ""),
        ("sales (\n  key TEXT NOT NULL PRIMARY KEY", "sales (\n  key TEXT NOT NULL"),
        ("CONSTRAINT one_booking_per_sale UNIQUE", ""),
        ("CREATE UNIQUE INDEX", "CREATE INDEX"),
    ],
    "a sale booked under two keys": [("CONSTRAINT one_booking_per_sale UNIQUE", "")],
    "a hold ended twice": [("CREATE UNIQUE INDEX one_end", "CREATE INDEX one_end")],
    "more undone than was sold": [
        ("refunded_bill BETWEEN 0 AND bill", "refunded_bill >= 0"),
        ("refunded_bill - refunded_discount BETWEEN 0 AND paid", "refunded_bill >= 0"),
    ],
    "a balance below zero": [("balance_after >= 0 OR", "balance_after >= -9999999 OR")],
    "movements that do not add up": [("balance_after, spend = spend", "balance_after + 1, spend = spend")],
}


def test_any_interleaving_keeps_the_books() -> None:
    run_state_machine_as_test(LedgerMachine, settings=EFFORT)


@pytest.mark.parametrize("changes", PLANTED.values(), ids=PLANTED.keys())
def test_control_a_planted_bug_is_caught(
    monkeypatch: pytest.MonkeyPatch, changes: list[tuple[str, str]]
) -> None:
    """The test above is worth something only if a ledger without one of its guards fails it."""
    broken = schema.SCHEMA
    for planted, replacement in changes:
        assert planted in broken
        broken = broken.replace(planted, replacement)
    monkeypatch.setattr(schema, "SCHEMA", broken)
    if any("refunded_bill" in planted for planted, _ in changes):
        # The rules of returns refuse it before the database has to.
        monkeypatch.setattr(booking, "differs", lambda *_: None)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(LedgerMachine, settings=SEARCH)


@given(
    bill=st.integers(50_000, 5_000_000),
    discount=st.integers(0, 200),
    cuts=st.lists(st.integers(0, 1000), max_size=4),
    data=st.data(),
)
@settings(max_examples=150)
def test_parts_of_a_refund_add_up_to_the_whole(
    bill: int, discount: int, cuts: list[int], data: st.DataObject
) -> None:
    """However a sale comes back, whatever of it points had paid, all ends as the whole would."""
    clock = FakeClock()
    ledger = new_ledger(clock)
    bookings = Bookings(ledger, SHOP)
    sale_id, off = "sale-0001", discount * 100
    if discount:
        reserve = ReserveBody(
            sale_id=sale_id, member_id="mem-rich", points=str(discount), bill=paise(bill),
            discount=paise(off), program_version="marigold-1", at=clock.now(),
        )  # fmt: skip
        held = bookings.reserve(Write(f"{sale_id}-reserve-1", "reserve", sale_id, b""), reserve)
        assert isinstance(held, Done)
        settle = SettleBody(sale_id=sale_id, member_id="mem-rich", points=str(discount), at=clock.now())
        capture = Write(f"{sale_id}-capture-1", "capture", sale_id, b"")
        assert isinstance(bookings.capture(capture, str(held.answer["reference"]), settle), Done)
    sale = SaleBody(
        sale_id=sale_id, member_id="mem-rich", bill=paise(bill), discount=paise(off), paid=paise(bill - off),
        program_version="marigold-1", at=clock.now(),
    )  # fmt: skip
    assert isinstance(bookings.sale(Write(f"{sale_id}-sale-1", "sale", sale_id, b""), sale), Done)
    points_left, money_left = off, bill - off
    for index, part in enumerate(parts(bill, cuts)):
        by_points = data.draw(st.integers(max(0, part - money_left), min(part, points_left)))
        points_left, money_left = points_left - by_points, money_left - (part - by_points)
        body = RefundBody(
            sale_id=sale_id, member_id="mem-rich", original_key=f"{sale_id}-sale-1",
            bill=paise(part), discount=paise(by_points), paid=paise(part - by_points),
            at=clock.now(),
        )  # fmt: skip
        written = bookings.refund(Write(f"{sale_id}-refund-{index}", "refund", sale_id, b""), body)
        assert isinstance(written, Done), written
        assert not str(written.answer["taken_back"]).startswith("-")
        assert not str(written.answer["given_back"]).startswith("-")
    row = ledger.member("mem-rich")
    assert row is not None
    assert (row.balance, row.spend) == (MEMBERS["mem-rich"], 0)
    ledger.close()


@given(bill=st.integers(1, 10_000_000), back=st.integers(1, 10_000_000))
@settings(max_examples=150)
def test_what_stays_sold_stays_earned_by_the_same_rule(bill: int, back: int) -> None:
    back = min(back, bill)
    clock = FakeClock()
    ledger = new_ledger(clock)
    bookings = Bookings(ledger, SHOP)
    machine_sale = SaleBody(
        sale_id="sale-0001", member_id="mem-poor", bill=paise(bill), discount=paise(0), paid=paise(bill),
        program_version="marigold-1", at=clock.now() - timedelta(days=1),
    )  # fmt: skip
    bookings.sale(Write("sale-0001-sale-1", "sale", "sale-0001", b""), machine_sale)
    refund = RefundBody(
        sale_id="sale-0001", member_id="mem-poor", original_key="sale-0001-sale-1",
        bill=paise(back), discount=paise(0), paid=paise(back), at=clock.now(),
    )  # fmt: skip
    written = bookings.refund(Write("sale-0001-refund-1", "refund", "sale-0001", b""), refund)
    rest = Money(bill - back, SHOP.program.currency)
    kept = int(
        points_earned(SHOP.program, EarningSale(Basket(bill_of(rest)), Circumstances(clock.now()))).points
    )
    row = ledger.member("mem-poor")
    assert isinstance(written, Done)
    assert row is not None
    assert row.balance == MEMBERS["mem-poor"] + kept
    ledger.close()


def test_a_return_split_otherwise_than_the_rules_have_it_is_declined() -> None:
    clock = FakeClock()
    ledger = new_ledger(clock)
    bookings = Bookings(ledger, SHOP)
    sale = SaleBody(
        sale_id="sale-0001", member_id="mem-rich", bill=paise(90_000), discount=paise(0), paid=paise(90_000),
        program_version="marigold-1", at=clock.now(),
    )  # fmt: skip
    bookings.sale(Write("sale-0001-sale-1", "sale", "sale-0001", b""), sale)
    for bill, discount in ((50_000, 1), (90_001, 0), (0, 0)):
        body = RefundBody(
            sale_id="sale-0001", member_id="mem-rich", original_key="sale-0001-sale-1",
            bill=paise(bill), discount=paise(discount), paid=paise(bill - discount), at=clock.now(),
        )  # fmt: skip
        declined = bookings.refund(Write("sale-0001-refund-1", "refund", "sale-0001", b""), body)
        assert isinstance(declined, Declined)
        assert declined.code == "not_allowed"
    assert [row.kind for row in ledger.movements(sale_id="sale-0001")] == ["sale"]
    ledger.close()


def test_a_declined_write_moves_nothing() -> None:
    clock = FakeClock()
    ledger = new_ledger(clock)
    body = SettleBody(sale_id="sale-0001", member_id="mem-some", points="1", at=clock.now())
    write = Write("sale-0001-capture-1", "capture", "sale-0001", b"")
    assert isinstance(Bookings(ledger, SHOP).capture(write, "res-none", body), Declined)
    assert ledger.find_effect(write.key) is None
    ledger.close()


def paise(minor: int) -> MoneyBody:
    return MoneyBody(minor=minor, currency="INR")


def parts(bill: int, cuts: list[int]) -> list[int]:
    """Cut a bill into parts of at least one minor unit, the last taking what is left."""
    made: list[int] = []
    for share in cuts:
        part = bill * share // 1000
        if 0 < part < bill:
            made.append(part)
            bill -= part
    return [*made, bill]
