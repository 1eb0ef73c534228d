"""Three tills of a shop that share a claim key, one demo server, one sale whose receipt all of them hold."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from cashier_app.demo.server import DemoServer
from cashier_app.domain.money import Money
from cashier_app.domain.refund import RefundPlan
from cashier_app.domain.sale import Sale
from cashier_app.errors import KnownError
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.asked_first import REFUSED
from cashier_app.services.exchanging import Exchanged
from cashier_app.services.returnable import Returnable
from cashier_app.services.returning import NOT_NOW_ELSEWHERE, RETURNED_THERE
from cashier_app.services.undoable import NotUndoable
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


@contextmanager
def three_tills(
    folder: Path, server: DemoServer, connect: Callable[..., LoyaltyBackend], clock: TurnedClock
) -> Iterator[Shop]:
    """Yield the shop; nothing of it comes back yet."""

    def till(number: str) -> ReturningTill:
        # No two clocks agree to the microsecond: by that, requests of two tills differ.
        own = TurnedClock(clock.now() + timedelta(microseconds=int(number)))
        made = UnattendedTill(folder / number, number, connect(server.base_url, server.token), own)
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
    found = till.found(shop.receipt)
    assert found.asks_first
    back = None if rupees is None else Money(rupees * 100, RUPEE)
    return lambda: till.returning.take_back(found, back)


def won(came: list[object]) -> list[object]:
    """Return what came to money; all else must have been told so in one sentence, or be shown again."""
    lost = [one for one in came if not isinstance(one, RefundPlan | Exchanged | Sale)]
    assert all(one in SAID_NO or isinstance(one, Returnable | NotUndoable) for one in lost), lost
    return [one for one in came if isinstance(one, RefundPlan | Exchanged | Sale)]
