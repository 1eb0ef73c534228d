"""Square counts in ISO 4217 minor units; a shop may count in coarser ones, or be refused."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeNothing, TakeReward
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.offers import Offers
from cashier_app.domain.probe import Found
from cashier_app.domain.program.rewards import AmountOff, PercentOff
from cashier_app.errors import KnownError
from cashier_app.testing.pretend_till import PretendTill
from tests.contract.square_here import SquareHere

# openapi-core does not try bearer tokens given out by OAuth; the stand-in does.
pytestmark = pytest.mark.filterwarnings("ignore:Unsupported scheme type")
RUPEES = Currency("INR", 0)  # a shop without paise; Square's rewards are worth 500 and at most 2000 paise
DINARS = Currency("IQD", 0)  # a shop without fils, a thousand of which are a dinar


@pytest.fixture(scope="module")
def running() -> Iterator[SquareHere]:
    with SquareHere() as here:
        yield here


@pytest.fixture
def here(running: SquareHere) -> Iterator[SquareHere]:
    yield running
    running.close_all()
    assert running.stand_in.failures == []


@pytest.mark.parametrize("orders", [False, True], ids=["the till reckons", "Square reckons"])
@pytest.mark.parametrize(
    ("rupees", "reward", "off"),
    [(25, "tier-5off", 5), (3, "tier-5off", 3), (25, "tier-10pct", 2), (999, "tier-10pct", 20)],
)
def test_a_shop_without_the_small_coins_gives_what_square_means(
    here: SquareHere, rupees: int, reward: str, off: int, *, orders: bool
) -> None:
    here.begin("INR")
    backend = here.open(decimals=0, orders=orders)
    found, till = here.dana(1000, backend), PretendTill(backend)
    ticket = till.quoted(found, Money(rupees, RUPEES), TakeReward(reward))
    assert ticket.quote is not None
    assert (ticket.quote.discount, ticket.quote.earns) == (Money(off, RUPEES), rupees - off)
    assert backend.probe().works


def test_points_are_earned_by_steps_finer_than_the_shops_coins(here: SquareHere) -> None:
    here.begin("IQD")
    backend = here.open(decimals=0)
    found, till = here.dana(0, backend), PretendTill(backend)
    ticket, _ = till.sell(found, Money(25, DINARS), TakeNothing())
    assert ticket.quote is not None
    assert ticket.quote.earns == 250, "one for each 100 fils"
    assert here.stand_in.books(found.member.member_id).spendable == Decimal(250)


def test_what_square_takes_off_is_rounded_down_to_the_shops_coins(here: SquareHere) -> None:
    here.begin("IQD")
    backend = here.open(decimals=0, orders=True)
    off, percent = here.stand_in.shop.discount("tier-5off"), here.stand_in.shop.discount("tier-10pct")
    assert (off["amount_money"]["amount"], percent["maximum_amount_money"]["amount"]) == (500, 2000)
    (reward,) = backend.program().rewards
    assert isinstance(reward, PercentOff)
    assert reward.maximum == 2, "half a dinar off cannot be given, so that reward is not offered"
    found = here.dana(1000, backend)
    for dinars, taken_off in ((25, {"tier-10pct": 2}), (19, {"tier-10pct": 1}), (9, {})):
        offered = backend.options(found.member.member_id, bill_of(Money(dinars, DINARS)))
        assert isinstance(offered, Offers), offered
        worth = {one.reward_id: one.value for one in offered.rewards or () if isinstance(one, AmountOff)}
        assert worth == taken_off


def test_an_answer_about_another_bill_is_not_taken(here: SquareHere) -> None:
    here.begin("INR")
    backend = here.open(decimals=0, orders=True)
    found = here.dana(1000, backend)
    here.spelling(lambda text: text.replace('"amount":2250,', '"amount":2251,'))
    assert not isinstance(backend.options(found.member.member_id, bill_of(Money(25, RUPEES))), Offers)


@pytest.mark.parametrize(("code", "decimals"), [("JPY", 2), ("USD", 3), ("IQD", 4)])
def test_a_shop_with_finer_coins_than_square_is_not_opened(
    here: SquareHere, code: str, decimals: int
) -> None:
    here.begin(code)
    with pytest.raises(KnownError, match=f"Square counts {code} with . decimals, this till with {decimals}"):
        here.open(decimals=decimals)


@pytest.mark.parametrize(("code", "decimals"), [("INR", 0), ("IQD", 0), ("IQD", 3), ("KWD", 1)])
def test_a_shop_is_tried_out_by_its_own_smallest_coin(here: SquareHere, code: str, decimals: int) -> None:
    here.begin(code)
    probed = here.open(decimals=decimals, orders=True).probe()
    assert {one.found for one in probed.rights} == {Found.WORKS}
