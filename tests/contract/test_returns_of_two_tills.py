"""Two tills of a shop, goods of one sale, one demo server: money and points are given back once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from cashier_app.backends.plain_backend import PointsRules
from cashier_app.demo.faults import FaultPlan
from cashier_app.demo.server import DemoServer
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.money import Money
from cashier_app.domain.refund import RefundPlan, Returned, ReturnedLine
from cashier_app.domain.sale import OF_RETURNS, EffectKind, EffectState, Sale
from cashier_app.domain.voiding import WhyNotVoid
from cashier_app.errors import KnownError
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.claim_terms import claim_for
from cashier_app.services.claims import Claimable, Claimed, NotClaimable, WhyNotClaimed
from cashier_app.services.other_tills import NotFromHere, WhyNotFromHere
from cashier_app.services.pasted_bill import PastedBill, read_pasted_bill
from cashier_app.services.returnable import Returnable
from cashier_app.services.searched_sales import NoMember
from cashier_app.services.undoable import NotUndoable, Undoable
from tests.contract.support import TurnedClock
from tests.fakes.returning_till import ReturningTill
from tests.fakes.shop import RUPEE

PRIYA, RAVI = "mem-priya", "mem-ravi"
POSTED, ATTENTION = EffectState.POSTED, EffectState.NEEDS_ATTENTION


class Shop:
    """Two tills and their server."""

    def __init__(self, one: ReturningTill, two: ReturningTill, server: DemoServer) -> None:
        self.one, self.two, self.server = one, two, server

    def sold(self, rupees: int = 1000) -> Sale:
        sale = self.one.sell_to(PRIYA, rupees)
        self.one.drain()
        return sale

    def moved(self, sale: Sale) -> list[tuple[str, str, int]]:
        """Return what the server's books hold for a sale: who, what, and how many units."""
        rows = self.server.ledger.movements(sale_id=sale.sale_id)
        return [(row.member_id, row.kind, row.units) for row in rows]

    def go_offline(self) -> None:
        self.server.faults.stage(FaultPlan(down=True))
        for till in (self.one, self.two):
            for _ in range(3):
                till.connection.silent()

    def come_back(self) -> None:
        self.server.faults.clear()
        for till in (self.one, self.two):
            till.delivery.probe()


@pytest.fixture
def shop(
    tmp_path: Path, server: DemoServer, connect: Callable[..., LoyaltyBackend], clock: TurnedClock
) -> Iterator[Shop]:
    def till(number: str) -> ReturningTill:
        made = ReturningTill(tmp_path / number, number, connect(server.base_url, server.token), clock)
        made.lookup.program()
        for member_id in (PRIYA, RAVI):
            made.lookup.refresh(member_id)
        return made

    made = Shop(till("2"), till("3"), server)
    yield made
    made.one.close()
    made.two.close()


@pytest.mark.parametrize("rupees", [None, 300])
def test_what_came_back_at_another_till_comes_back_nowhere_else(shop: Shop, rupees: int | None) -> None:
    sale = shop.sold()
    shop.two.take_back(shop.one.receipt(sale), rupees)
    shop.two.drain()
    booked = shop.moved(sale)
    there = NotFromHere(WhyNotFromHere.RETURNED_ELSEWHERE, sale.number)
    assert shop.one.returning.find(sale.number) == there
    assert shop.one.returning.open(sale) == there
    assert shop.one.undoing.look_at(sale.sale_id) == NotUndoable(sale, WhyNotVoid.RETURNED)
    assert (shop.one.returns(sale), shop.moved(sale)) == ([], booked)


def test_what_comes_back_there_between_looking_and_enter_is_not_given_twice(shop: Shop) -> None:
    sale = shop.sold()
    found, asked = shop.one.found(sale.number), shop.one.undoing.look_at(sale.sale_id)
    assert isinstance(asked, Undoable)
    shop.two.take_back(shop.one.receipt(sale), 300)
    shop.two.drain()
    with pytest.raises(KnownError, match="at another till"):
        shop.one.returning.take_back(found, None)
    assert isinstance(shop.one.undoing.void(asked), NotUndoable)
    assert shop.one.returns(sale) == []


def test_own_returns_are_no_returns_of_another_till(shop: Shop) -> None:
    sale = shop.sold()
    shop.one.take_back(sale.number, 300)
    shop.one.drain()
    shop.one.take_back(sale.number, 300)
    shop.one.drain()
    shop.one.take_back(sale.number)
    shop.one.drain()
    assert shop.one.returns(sale) == [POSTED] * 3
    assert sum(units for _, _, units in shop.moved(sale)) == 0


def test_goods_nobody_claimed_yet_earn_nobody_anything_once_they_are_back(shop: Shop) -> None:
    sale = shop.one.sell(1000)
    shop.one.drain()
    receipt = shop.one.receipt(sale)
    shop.one.take_back(sale.number)
    here = shop.one.claim(receipt, PRIYA)
    assert isinstance(here, NotClaimable)
    assert here.why is WhyNotClaimed.RETURNED
    shop.one.drain()
    assert shop.one.returns(sale) == [POSTED]
    assert isinstance(shop.two.claim(receipt, RAVI), Claimed), "it cannot know yet"
    shop.two.drain()
    assert shop.two.states(sale) == [ATTENTION]
    assert shop.moved(sale) == []


def test_a_part_that_came_back_earns_nothing_when_the_rest_is_claimed(shop: Shop) -> None:
    sale = shop.one.sell(1000)
    shop.one.drain()
    shop.one.take_back(sale.number, 400)
    shop.one.drain()
    assert isinstance(shop.two.claim(shop.one.receipt(sale), RAVI), Claimed)
    shop.two.drain()
    assert shop.moved(sale) == [(RAVI, "link", 6)]


@pytest.mark.parametrize("where", ["one", "two"])
def test_what_another_till_credited_is_taken_back_wherever_the_goods_come_back(
    shop: Shop, where: str
) -> None:
    sale = shop.one.sell(1000)
    shop.one.drain()
    receipt = shop.one.receipt(sale)
    assert isinstance(shop.two.claim(receipt, RAVI), Claimed)
    shop.two.drain()
    till = shop.one if where == "one" else shop.two
    till.take_back(receipt)
    till.drain()
    assert till.returns(sale) == [POSTED]
    assert shop.moved(sale) == [(RAVI, "link", 10), (RAVI, "refund", -10)]


def test_a_sale_nobody_claimed_goes_back_to_its_own_till(shop: Shop) -> None:
    sale = shop.one.sell(1000)
    shop.one.drain()
    found = shop.two.returning.find(shop.one.receipt(sale))
    assert found == NotFromHere(WhyNotFromHere.NOBODYS, sale.number)


@pytest.mark.parametrize("undone", [False, True])
def test_what_undoes_a_claim_does_not_overtake_it(shop: Shop, *, undone: bool) -> None:
    shop.go_offline()
    sale = shop.one.sell(1000)
    assert isinstance(shop.one.claim(shop.one.receipt(sale), PRIYA), Claimed)
    if undone:
        asked = shop.one.undoing.look_at(sale.sale_id)
        assert isinstance(asked, Undoable)
        shop.one.undoing.void(asked)
    else:
        shop.one.take_back(sale.number)
    shop.come_back()
    shop.one.drain()
    assert shop.one.returns(sale) == [POSTED]
    assert shop.moved(sale) == [(PRIYA, "link", 10), (PRIYA, "refund", -10)]


def test_whoever_got_the_sale_loses_its_points_and_not_who_was_too_late(shop: Shop) -> None:
    sale = shop.one.sell(1000)
    shop.one.drain()
    shop.go_offline()
    for till, member_id in ((shop.one, PRIYA), (shop.two, RAVI)):
        assert isinstance(till.claim(shop.one.receipt(sale), member_id), Claimed)
    shop.come_back()
    shop.two.drain()
    shop.one.drain()
    assert shop.one.states(sale) == [ATTENTION]
    shop.one.take_back(sale.number)
    shop.one.drain()
    assert shop.one.returns(sale) == [POSTED]
    assert shop.moved(sale) == [(RAVI, "link", 10), (RAVI, "refund", -10)]


def test_while_nobody_can_be_asked_the_own_till_goes_by_what_it_knows(shop: Shop) -> None:
    sale = shop.sold()
    shop.go_offline()
    assert isinstance(shop.one.returning.find(sale.number), Returnable)


LINES = '{"lines": [{"name": "Kurta", "price": 319.99, "quantity": 2}, {"name": "Bottle", "price": 60}]}'


@pytest.mark.parametrize("off", [22, 26, 29])
def test_lines_that_points_had_paid_for_come_back_one_by_one(shop: Shop, off: int) -> None:
    """The server knows the sum of a bill only: which part of it points had paid, the till says."""
    program = shop.one.lookup.program()
    pasted = read_pasted_bill(LINES, program.currency, program.point_scale)
    assert isinstance(pasted, PastedBill)
    before = shop.server.ledger.member(PRIYA)
    sale = shop.one.sell_to(PRIYA, off=off, pasted=pasted)
    assert sale.discount == Money(off * 100, RUPEE)
    shop.one.drain()
    given_back = 0
    for line in (1, 0, 0):
        one = Returned(lines=(ReturnedLine(line, Decimal(1)),))
        plan = shop.one.returning.take_back(shop.one.found(sale.number), one)
        assert isinstance(plan, RefundPlan)
        given_back += plan.money_back.minor
        shop.one.drain()
    assert shop.one.returns(sale) == [POSTED] * 3
    assert given_back == sale.paid.minor
    after = shop.server.ledger.member(PRIYA)
    assert before is not None
    assert after is not None
    assert after.balance == before.balance


def test_what_only_points_undo_names_whoever_claimed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backend that is told points, and not goods, cannot find out by itself whose they are."""
    rules = PointsRules()
    monkeypatch.setattr(shop.one.backend, "plan_refund", rules.plan_refund)
    sale = shop.one.sell(1000)
    shop.one.drain()
    assert isinstance(shop.one.claim(shop.one.receipt(sale), PRIYA), Claimed)
    shop.one.drain()
    shop.one.take_back(sale.number)
    back = [row.effect for row in shop.one.journal.effects_of(sale.sale_id) if row.effect.kind in OF_RETURNS]
    assert [(one.kind, one.member_id) for one in back] == [(EffectKind.CLAW_BACK, PRIYA)]


def test_who_claimed_and_was_never_met_is_waited_for_where_only_points_undo(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shop.one.backend, "plan_refund", PointsRules().plan_refund)
    sale = shop.one.sell(1000)
    shop.go_offline()
    unseen = claim_for(PhoneNumber("+919800000001"), None)
    assert isinstance(shop.one.claims.credit(Claimable(sale), unseen), Claimed)
    assert shop.one.returning.find(sale.number) == NoMember(sale, later=True)
