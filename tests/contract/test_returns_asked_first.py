"""Two tills hold one receipt at the same moment: who is second hears it before any money is given."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cashier_app.demo.faults import FaultPlan
from cashier_app.demo.server import DemoServer
from cashier_app.domain.money import Money
from cashier_app.domain.refund import RefundPlan
from cashier_app.domain.sale import EffectState, Sale
from cashier_app.errors import KnownError
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.asked_first import NOT_ASKED, NOT_SAID, REFUSED
from cashier_app.services.returnable import Returnable
from cashier_app.services.returning import NOT_NOW_ELSEWHERE, RETURNED_THERE, AlreadyReturned
from cashier_app.services.undoing import NotUndoable, Undoable
from tests.contract.support import TurnedClock
from tests.fakes.returning_till import ReturningTill
from tests.fakes.shop import RUPEE

PRIYA = "mem-priya"
SAID_NO = {REFUSED, NOT_NOW_ELSEWHERE, RETURNED_THERE}


class Shop:
    """Three tills, one of which sold something, and their server."""

    def __init__(self, tills: list[ReturningTill], server: DemoServer) -> None:
        self.tills, self.server = tills, server
        self.home = tills[0]
        self.before = self.points()
        self.sale = self.home.sell_to(PRIYA, 1000, off=100)
        self.home.drain()
        self.receipt = self.home.receipt(self.sale)

    def points(self) -> int:
        row = self.server.ledger.member(PRIYA)
        assert row is not None
        return row.balance

    def given_back(self) -> int:
        """Return the money given back by the figures of all tills, minor units."""
        return sum(till.returned_paid() for till in self.tills)

    def all_is_whole(self) -> None:
        """Say by `AssertionError` what is not as it must be once all of the sale came back."""
        for till in self.tills:
            till.drain()
            assert till.journal.figures_apart() == []
            assert till.journal.counts().needs_attention == 0
        assert self.points() == self.before
        assert self.given_back() == self.sale.paid.minor


@pytest.fixture
def shop(
    tmp_path: Path, server: DemoServer, connect: Callable[..., LoyaltyBackend], clock: TurnedClock
) -> Iterator[Shop]:
    def till(number: str) -> ReturningTill:
        # No two clocks agree to the microsecond: by that, requests of two tills differ.
        own = TurnedClock(clock.now() + timedelta(microseconds=int(number)))
        made = ReturningTill(tmp_path / number, number, connect(server.base_url, server.token), own)
        made.lookup.program()
        return made

    tills = [till(number) for number in "234"]
    yield Shop(tills, server)
    for one in tills:
        one.close()


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all of it in the same moment; return what came of each, a sentence where it did not come to it."""
    together = threading.Barrier(len(acts))
    came: dict[int, object] = {}

    def do(place: int, act: Callable[[], object]) -> None:
        together.wait()
        try:
            came[place] = act()
        except KnownError as error:
            came[place] = error.sentence
        except BaseException as error:  # noqa: BLE001 - told by whoever compares
            came[place] = error

    threads = [threading.Thread(target=do, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [came[place] for place in range(len(acts))]


def taking_back(till: ReturningTill, shop: Shop, rupees: int | None = None) -> Callable[[], object]:
    found = till.found(shop.receipt)
    assert found.asks_first
    back = None if rupees is None else Money(rupees * 100, RUPEE)
    return lambda: till.returning.take_back(found, back)


def won(came: list[object]) -> list[object]:
    """Return what came to money; all else must have been told so in one sentence, or be shown again."""
    lost = [one for one in came if not isinstance(one, RefundPlan | Sale)]
    assert all(one in SAID_NO or isinstance(one, Returnable | NotUndoable) for one in lost), lost
    return [one for one in came if isinstance(one, RefundPlan | Sale)]


@pytest.mark.parametrize("holders", [(1, 2), (0, 1), (0, 1, 2)])
def test_at_the_same_moment_one_gives_money(shop: Shop, holders: tuple[int, ...]) -> None:
    came = at_once(*(taking_back(shop.tills[one], shop) for one in holders))
    assert len(won(came)) == 1, came
    shop.all_is_whole()


def test_one_returns_and_one_undoes(shop: Shop) -> None:
    shown = shop.home.undoing.look_at(shop.sale.sale_id)
    assert isinstance(shown, Undoable)
    came = at_once(lambda: shop.home.undoing.void(shown), taking_back(shop.tills[1], shop))
    assert len(won(came)) == 1, came
    shop.all_is_whole()


def test_other_parts_of_it_at_two_tills(shop: Shop) -> None:
    """What a second till returns would bear the keys of the first: it is refused, also for another part."""
    came = at_once(taking_back(shop.tills[1], shop, 300), taking_back(shop.tills[2], shop, 400))
    assert len(won(came)) == 1, came
    first = shop.tills[1] if isinstance(came[0], RefundPlan) else shop.tills[2]
    assert isinstance(first.returning.take_back(first.found(shop.receipt), None), RefundPlan)
    shop.all_is_whole()


def test_the_answer_is_lost(shop: Shop) -> None:
    shop.server.faults.stage(FaultPlan(lose_answers=1))
    assert isinstance(taking_back(shop.tills[1], shop)(), RefundPlan)
    shop.all_is_whole()


def test_nobody_answers_and_enter_asks_again(shop: Shop) -> None:
    till = shop.tills[1]
    press_enter = taking_back(till, shop)
    with till.deaf(shop.server):
        with pytest.raises(KnownError, match=NOT_SAID):
            press_enter()
        assert shop.given_back() == 0
    till.delivery.probe()
    assert isinstance(press_enter(), RefundPlan)
    shop.all_is_whole()
    assert isinstance(till.returning.find(shop.receipt), AlreadyReturned)


def test_offline_before_it_was_asked_nothing_is_left_of_it(shop: Shop) -> None:
    till = shop.tills[1]
    press_enter = taking_back(till, shop)
    till.deaf_before_sending = True
    with pytest.raises(KnownError, match=NOT_ASKED):
        press_enter()
    till.deaf_before_sending = False
    assert [row.state for row in till.journal.effects_of(shop.sale.sale_id)] == [EffectState.DROPPED]
    till.delivery.probe()
    assert till.journal.counts().waiting == 0
    assert isinstance(shop.tills[2].returning.take_back(shop.tills[2].found(shop.receipt), None), RefundPlan)
    shop.all_is_whole()


def test_offline_before_it_was_asked_it_is_asked_anew_later(shop: Shop) -> None:
    till = shop.tills[1]
    press_enter = taking_back(till, shop)
    till.deaf_before_sending = True
    with pytest.raises(KnownError, match=NOT_ASKED):
        press_enter()
    till.deaf_before_sending = False
    till.delivery.probe()
    assert isinstance(taking_back(till, shop)(), RefundPlan)
    shop.all_is_whole()
    keys = [row.effect.key[-1] for row in till.journal.effects_of(shop.sale.sale_id)]
    assert keys == ["1", "2"], "a key is never remade"


def test_the_power_goes_while_it_is_asked(shop: Shop) -> None:
    till = shop.tills[1]
    with till.deaf(shop.server), pytest.raises(KnownError):
        taking_back(till, shop)()
    till.restart()
    till.delivery.probe()
    till.drain()
    shop.all_is_whole()


def test_a_till_that_asks_afterwards_gives_the_money_twice(shop: Shop) -> None:
    """The control: this is what asking first keeps from happening."""
    for till in shop.tills:
        till.returning._asked_first = None
    found = [till.found(shop.receipt) for till in shop.tills[1:]]
    for till, one in zip(shop.tills[1:], found, strict=True):
        assert isinstance(till.returning.take_back(one, None), RefundPlan)
    with pytest.raises(AssertionError):
        shop.all_is_whole()
