"""A sale of nobody's that another till gave to a member: undone, or returned, at the till that made it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cashier_app.demo.faults import FaultPlan
from cashier_app.demo.server import DemoServer
from cashier_app.domain.money import Money
from cashier_app.domain.refund import RefundPlan
from cashier_app.domain.sale import EffectState, Sale
from cashier_app.errors import KnownError
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.claimed_elsewhere import ASK_LATER
from cashier_app.services.claims import Claimed, NotClaimable, WhyNotClaimed
from cashier_app.services.returnable import Returnable
from cashier_app.services.undoable import Undoable
from tests.contract.support import TurnedClock
from tests.fakes.claiming_till import SaysNothing
from tests.fakes.returning_till import ReturningTill
from tests.fakes.shop import RUPEE

PRIYA, RAVI = "mem-priya", "mem-ravi"


class Shop:
    """Two tills and their server."""

    def __init__(self, one: ReturningTill, two: ReturningTill, server: DemoServer) -> None:
        self.one, self.two, self.server = one, two, server
        self.before = {member: self.points(member) for member in (PRIYA, RAVI)}

    def points(self, member_id: str) -> int:
        row = self.server.ledger.member(member_id)
        assert row is not None
        return row.balance

    def won(self) -> dict[str, int]:
        """Return by how many units each member's balance changed."""
        return {one: self.points(one) - before for one, before in self.before.items()}

    def sold(self, rupees: int = 1025) -> tuple[Sale, str]:
        sale = self.one.sell(rupees)
        self.one.drain()
        return sale, self.one.claims.codes(sale).receipt

    def claimed_at_two(self, receipt: str, member_id: str = PRIYA) -> None:
        assert isinstance(self.two.claim(receipt, member_id), Claimed)
        self.two.drain()

    def go_offline(self) -> None:
        self.server.faults.stage(FaultPlan(down=True))
        for _ in range(3):
            self.one.connection.silent()

    def come_back(self) -> None:
        self.server.faults.clear()
        self.one.delivery.probe()


@pytest.fixture(params=["linked", "told late"])
def shop(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    server: DemoServer,
    connect: Callable[..., LoyaltyBackend],
    clock: TurnedClock,
) -> Iterator[Shop]:
    def till(number: str) -> ReturningTill:
        backend = connect(server.base_url, server.token)
        if request.param == "told late":
            backend = SaysNothing(backend)  # type: ignore[assignment]
        made = ReturningTill(tmp_path / number, number, backend, clock)
        made.lookup.program()
        return made

    made = Shop(till("2"), till("3"), server)
    yield made
    made.one.close()
    made.two.close()


def undo(shop: Shop, sale: Sale) -> None:
    found = shop.one.undoing.look_at(sale.sale_id)
    assert isinstance(found, Undoable)
    assert shop.one.undoing.void(found) == sale
    shop.one.drain()
    states = {row.state for row in shop.one.journal.effects_of(sale.sale_id)}
    assert states == {EffectState.POSTED}


def test_undone_at_home_the_points_go_with_it(shop: Shop) -> None:
    sale, receipt = shop.sold()
    shop.claimed_at_two(receipt)
    assert shop.won() == {PRIYA: 10, RAVI: 0}
    undo(shop, sale)
    assert shop.won() == {PRIYA: 0, RAVI: 0}


def test_one_nobody_claimed_is_undone_without_points(shop: Shop) -> None:
    sale, receipt = shop.sold()
    undo(shop, sale)
    assert shop.won() == {PRIYA: 0, RAVI: 0}
    again = shop.one.claim(receipt, PRIYA)
    assert isinstance(again, NotClaimable)
    assert again.why is WhyNotClaimed.RETURNED


def test_returned_at_home_bit_by_bit(shop: Shop) -> None:
    sale, receipt = shop.sold()
    shop.claimed_at_two(receipt)
    for rupees, left in ((300, 7), (100, 6), (None, 0)):
        found = shop.one.returning.open(sale)
        assert isinstance(found, Returnable)
        back = None if rupees is None else Money(rupees * 100, RUPEE)
        assert isinstance(shop.one.returning.take_back(found, back), RefundPlan)
        shop.one.drain()
        assert shop.won() == {PRIYA: left, RAVI: 0}


def test_a_part_that_came_back_before_earns_nothing_when_it_is_claimed_at_home(shop: Shop) -> None:
    sale, receipt = shop.sold()
    found = shop.one.returning.open(sale)
    assert isinstance(found, Returnable)
    assert isinstance(shop.one.returning.take_back(found, Money(300_00, RUPEE)), RefundPlan)
    shop.one.drain()
    assert isinstance(shop.one.claim(receipt, PRIYA), Claimed)
    shop.one.drain()
    assert shop.won() == {PRIYA: 7, RAVI: 0}, "what was kept: 725.00"
    for rupees, left in ((100, 6), (None, 0)):
        again = shop.one.returning.open(sale)
        assert isinstance(again, Returnable)
        back = None if rupees is None else Money(rupees * 100, RUPEE)
        assert isinstance(shop.one.returning.take_back(again, back), RefundPlan)
        shop.one.drain()
        assert shop.won() == {PRIYA: left, RAVI: 0}
    assert not [row for row in shop.one.rows(sale) if row.state is not EffectState.POSTED]


def test_while_nobody_can_say_it_is_not_undone(shop: Shop) -> None:
    sale, receipt = shop.sold()
    shop.claimed_at_two(receipt)
    shop.go_offline()
    if shop.one.backend.capabilities.tells_anonymous:
        # It was told of: undoing is queued, whoever has it by then.
        found = shop.one.undoing.look_at(sale.sale_id)
        assert isinstance(found, Undoable)
        shop.one.undoing.void(found)
    else:
        with pytest.raises(KnownError, match=ASK_LATER):
            shop.one.undoing.look_at(sale.sale_id)
        with pytest.raises(KnownError, match=ASK_LATER):
            shop.one.returning.open(sale)
        assert shop.one.journal.effects_of(sale.sale_id) == []
    shop.come_back()
    if not shop.one.journal.effects_of(sale.sale_id):
        undo(shop, sale)
    shop.one.drain()
    assert shop.won() == {PRIYA: 0, RAVI: 0}


def test_claimed_between_looking_and_pressing_enter(shop: Shop) -> None:
    sale, receipt = shop.sold()
    shown = shop.one.undoing.look_at(sale.sale_id)
    assert isinstance(shown, Undoable)
    shop.claimed_at_two(receipt)
    answer = shop.one.undoing.void(shown)
    if isinstance(answer, Undoable):  # shown again: now it is somebody's
        assert answer.member_id == PRIYA
        assert shop.one.undoing.void(answer) == sale
    shop.one.drain()
    assert shop.won() == {PRIYA: 0, RAVI: 0}


def test_a_till_that_shares_no_key_asks_nobody(shop: Shop, tmp_path: Path) -> None:
    alone = ReturningTill(tmp_path / "4", "4", shop.one.backend, shop.one.clock, shared=False)
    try:
        sale = alone.sell()
        alone.drain()
        alone.connection.silent()
        for _ in range(3):
            alone.connection.silent()
        assert isinstance(alone.undoing.look_at(sale.sale_id), Undoable)
    finally:
        alone.close()


def test_a_till_that_asks_nobody_leaves_the_points_where_they_are(shop: Shop) -> None:
    """The control: this is what the look-up keeps from happening."""
    shop.one.refunds._claimed = None
    sale, receipt = shop.sold()
    shop.claimed_at_two(receipt)
    undo(shop, sale)
    late = not shop.one.backend.capabilities.tells_anonymous
    assert shop.won() == {PRIYA: 10 if late else 0, RAVI: 0}
