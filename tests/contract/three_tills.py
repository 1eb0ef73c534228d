"""Three tills of a shop that share a claim key, one demo server, one sale whose receipt all of them hold."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cashier_app.demo.server import DemoServer
from cashier_app.domain.identifier import WalletToken
from cashier_app.domain.money import Money
from cashier_app.domain.refund import RefundPlan
from cashier_app.domain.sale import Sale
from cashier_app.errors import KnownError
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.asked_first import REFUSED
from cashier_app.services.exchanging import Exchanged
from cashier_app.services.returnable import EVERYTHING, Returnable
from cashier_app.services.returning import NOT_NOW_ELSEWHERE, RETURNED_THERE
from cashier_app.services.undoable import Movable, NotUndoable, Undoable
from tests.contract.support import TurnedClock
from tests.fakes.returning_till import ReturningTill
from tests.fakes.shop import RUPEE

PRIYA = "mem-priya"
RAVI = "mem-ravi"
RAVIS_CODE = WalletToken("LC1:RAVI5N8C2H6ZD4KP")
NEW_BILL = Money(50_000, RUPEE)
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

    def points(self, member_id: str = PRIYA) -> int:
        row = self.server.ledger.member(member_id)
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


class UnattendedTill(ReturningTill):
    """Nobody sees a return to its end, but the test."""

    attended = False


@pytest.fixture
def shop(
    tmp_path: Path, server: DemoServer, connect: Callable[..., LoyaltyBackend], clock: TurnedClock
) -> Iterator[Shop]:
    """Give the shop; nothing of it comes back yet."""

    def till(number: str) -> ReturningTill:
        # No two clocks agree to the microsecond: by that, requests of two tills differ.
        own = TurnedClock(clock.now() + timedelta(microseconds=int(number)))
        made = UnattendedTill(tmp_path / number, number, connect(server.base_url, server.token), own)
        made.lookup.program()
        return made

    tills = [till(number) for number in "234"]
    try:
        yield Shop(tills, server)
    finally:
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
    """Return what Enter does in a return of the sale, or of so many rupees of it."""
    found = till.found(shop.receipt)
    assert found.asks_first
    back = None if rupees is None else Money(rupees * 100, RUPEE)
    return lambda: till.returning.take_back(found, back)


def won(came: list[object]) -> list[object]:
    """Return what came to money; all else must have been told so in one sentence, or be shown again."""
    lost = [one for one in came if not isinstance(one, RefundPlan | Exchanged | Sale)]
    assert all(one in SAID_NO or isinstance(one, Returnable | NotUndoable) for one in lost), lost
    return [one for one in came if isinstance(one, RefundPlan | Exchanged | Sale)]


def exchanging(till: ReturningTill, shop: Shop) -> Callable[[], Exchanged | Returnable]:
    """Return what Enter does in an exchange: the same one, however often it is pressed."""
    found = till.found(shop.receipt)
    terms = till.exchanges.terms(found)
    return lambda: till.exchanges.commit(found, EVERYTHING, None, terms, NEW_BILL)


def moving(till: ReturningTill, shop: Shop) -> Callable[[], Sale | Undoable | NotUndoable]:
    """Return what Enter does once the sale is to go to Ravi."""
    shown = till.undoing.look_at(shop.sale.sale_id)
    assert isinstance(shown, Undoable)
    move = till.undoing.look_for_member(shown, RAVIS_CODE)
    assert isinstance(move, Movable)
    return lambda: till.undoing.move(move)


def sold_by(shop: Shop) -> list[Sale]:
    """Return what was sold besides the first sale, over all tills."""
    lines = [line.sale for till in shop.tills for line in till.journal.recent(10)]
    return [sale for sale in lines if sale.sale_id != shop.sale.sale_id]
