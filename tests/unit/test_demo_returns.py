"""What the reference server makes of returns whose split between money and points the till says."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.demo.booking import Bookings
from cashier_app.demo.ledger import Declined, Done, Ledger, Write
from cashier_app.demo.linking import Linking
from cashier_app.demo.messages import LinkBody, MoneyBody, RefundBody, SaleBody
from cashier_app.demo.returns import Came, Undone, undone
from cashier_app.demo.shop import load_shop
from cashier_app.domain.bill import bill_of
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.money import Money
from cashier_app.domain.program.tiers import Below, GivenBack
from cashier_app.domain.refund import Sold
from tests.fakes.clock import START, FakeClock

SHOP = load_shop()
PROGRAM = SHOP.program
KEY = "sale-0001-sale-1"


def sold(**other: object) -> Sold:
    """Return a sale of 1,000.00 of which 100 points paid 100.00."""
    made = Sold(
        bill=bill_of(Money(100_000, PROGRAM.currency)),
        now=Circumstances(START),
        taken=(10_000,),
        discount=10_000,
        points_used=Decimal(100),
        earned=Decimal(9),
        redeemed=True,
    )
    return replace(made, **other)


def test_the_line_points_paid_for_brings_them_back() -> None:
    """A reward pays for one line: the other comes back for its whole price, and no used points with it."""
    other = undone(PROGRAM, sold(), (), Came(90_000, 0), Decimal(1000))
    assert (other.restored, other.refused) == (0, "")
    last = undone(PROGRAM, sold(), (Came(90_000, 0),), Came(10_000, 10_000), Decimal(1000))
    assert last.restored == 100
    assert other.taken_back + last.taken_back == 9


@pytest.mark.parametrize(
    ("came", "why"),
    [
        (Came(100_001, 10_000), "more would be returned than was sold"),
        (Came(50_000, 10_001), "more discount or more money would be returned than is left of it"),
        (Came(95_000, 4_999), "more discount or more money would be returned than is left of it"),
        (Came(0, 0), "nothing would be returned"),
    ],
)
def test_no_more_of_either_than_there_was(came: Came, why: str) -> None:
    assert undone(PROGRAM, sold(), (), came, Decimal(1000)) == Undone(refused=why)


@pytest.mark.parametrize(
    ("used", "by_points"), [(GivenBack.POINTS_FIRST, 10_000), (GivenBack.MONEY_FIRST, 0)]
)
def test_what_no_line_decides_is_as_the_rules_have_it(used: GivenBack, by_points: int) -> None:
    program = replace(PROGRAM, refunds=replace(PROGRAM.refunds, used=used))
    assert undone(program, sold(), (), Came(50_000, by_points), Decimal(1000)).refused == ""
    assert undone(program, sold(), (), Came(50_000, 5_000), Decimal(1000)).refused.startswith(
        "of all returns"
    )


def test_points_spent_already_are_asked_for_once() -> None:
    program = replace(PROGRAM, refunds=replace(PROGRAM.refunds, below=Below.FLOOR))
    sale = sold(taken=(0,), discount=0, points_used=Decimal(0), earned=Decimal(10), redeemed=False)
    first = undone(program, sale, (), Came(50_000, 0), Decimal(2))
    assert first.taken_back == 2, "three were spent: the shop bears them"
    second = undone(program, sale, (Came(50_000, 0),), Came(50_000, 0), Decimal(50))
    assert second.taken_back == 5, "and not asked for again"


@pytest.fixture
def floored() -> Iterator[tuple[Ledger, Bookings]]:
    clock = FakeClock()
    ledger = Ledger(clock)
    ledger.execute("INSERT INTO members (member_id, name) VALUES ('mem-new', 'A')", ())
    below = replace(PROGRAM, version="", refunds=replace(PROGRAM.refunds, below=Below.FLOOR))
    yield ledger, Bookings(ledger, SHOP.with_program(below))
    ledger.close()


def test_whoever_claims_a_sale_earns_nothing_on_what_came_back(floored: tuple[Ledger, Bookings]) -> None:
    """Nothing of what it earns is spent yet: a balance of nothing must not let them keep it all."""
    ledger, bookings = floored
    version, at = bookings.shop.program.version, ledger.clock.now()
    bill, part, none = (MoneyBody(minor=minor, currency="INR") for minor in (100_000, 40_000, 0))
    sale = SaleBody(sale_id="sale-0001", bill=bill, discount=none, paid=bill, program_version=version, at=at)
    assert isinstance(bookings.sale(Write(KEY, "sale", "sale-0001", b""), sale), Done)
    back = RefundBody(
        sale_id="sale-0001", original_key=KEY, bill=part, discount=none, paid=part, at=at, reason="return"
    )
    refund = Write("sale-0001-refund-1", "refund", "sale-0001", b"")
    assert not isinstance(bookings.refund(refund, back), Declined)
    link = LinkBody(sale_id="sale-0001", member_id="mem-new", at=at)
    linked = Linking(ledger, bookings).link(Write("sale-0001-link-1", "link", "sale-0001", b""), link)
    assert isinstance(linked, Done), linked
    row = ledger.member("mem-new")
    assert row is not None
    assert row.balance == 6
