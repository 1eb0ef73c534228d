"""Two tills of a shop, one receipt, one demo server: the points are given once, whoever comes first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cashier_app.demo.faults import FaultPlan
from cashier_app.demo.server import DemoServer
from cashier_app.domain.outcome import MemberFound
from cashier_app.domain.sale import EffectState, Sale
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.claims import Claimable, Claimed, NotClaimable, WhyNotClaimed
from tests.contract.support import TurnedClock
from tests.fakes.claiming_till import ClaimingTill, SaysNothing

Connect = Callable[..., LoyaltyBackend]
PRIYA, RAVI = "mem-priya", "mem-ravi"


class Shop:
    """Two tills and their server."""

    def __init__(self, one: ClaimingTill, two: ClaimingTill, server: DemoServer) -> None:
        self.one, self.two, self.server = one, two, server

    @property
    def tills(self) -> tuple[ClaimingTill, ClaimingTill]:
        return self.one, self.two

    def sold(self) -> tuple[Sale, str]:
        sale = self.one.sell()
        self.one.drain()
        return sale, self.one.claims.codes(sale).receipt

    def credited(self, sale: Sale) -> list[tuple[str, int]]:
        """Return who got how many units for a sale."""
        moved = self.server.ledger.movements(sale_id=sale.sale_id)
        return [(row.member_id, row.units) for row in moved if row.units]

    def go_offline(self) -> None:
        self.server.faults.stage(FaultPlan(down=True))
        for till in self.tills:
            for _ in range(3):
                till.connection.silent()

    def come_back(self) -> None:
        self.server.faults.clear()
        for till in self.tills:
            till.delivery.probe()


@pytest.fixture(params=["linked", "told late"])
def shop(
    request: pytest.FixtureRequest, tmp_path: Path, server: DemoServer, connect: Connect, clock: TurnedClock
) -> Iterator[Shop]:
    def till(number: str) -> ClaimingTill:
        backend = connect(server.base_url, server.token)
        if request.param == "told late":
            backend = SaysNothing(backend)  # type: ignore[assignment]
        made = ClaimingTill(tmp_path / number, number, backend, clock)
        made.lookup.program()  # as a till does when it starts
        return made

    made = Shop(till("2"), till("3"), server)
    yield made
    for one in made.tills:
        one.close()


def test_the_till_that_never_saw_the_sale_claims_it(shop: Shop) -> None:
    sale, receipt = shop.sold()
    assert isinstance(shop.two.claim(receipt, PRIYA), Claimed)
    shop.two.drain()
    assert shop.two.states(sale) == [EffectState.POSTED]
    assert shop.credited(sale) == [(PRIYA, 10)]


def test_it_says_at_once_that_the_other_till_was_first(shop: Shop) -> None:
    sale, receipt = shop.sold()
    shop.two.claim(receipt, PRIYA)
    shop.two.drain()
    answer = shop.one.claim(receipt, RAVI)
    assert isinstance(answer, NotClaimable)
    assert answer.why is WhyNotClaimed.CLAIMED
    assert shop.one.states(sale) == []


def test_two_tills_at_the_same_moment(shop: Shop) -> None:
    sale, receipt = shop.sold()
    # Both are let in before either has told anybody.
    found = [till.claims.read(receipt) for till in shop.tills]
    together = threading.Barrier(2)
    errors: list[BaseException] = []

    def claim(till: ClaimingTill, claim: Claimable, member_id: str) -> None:
        try:
            together.wait()
            till.credit(claim, member_id)
            till.drain()
        except BaseException as error:  # noqa: BLE001 - told below
            errors.append(error)

    threads = [
        threading.Thread(target=claim, args=(till, one, member_id))
        for till, one, member_id in zip(shop.tills, found, (PRIYA, RAVI), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(shop.credited(sale)) == 1
    states = sorted(state for till in shop.tills for state in till.states(sale))
    assert states == [EffectState.NEEDS_ATTENTION, EffectState.POSTED]


@pytest.mark.parametrize("first", [0, 1])
def test_both_offline(shop: Shop, first: int) -> None:
    sale, receipt = shop.sold()
    for till in shop.tills:
        for member_id in (PRIYA, RAVI):
            assert isinstance(till.lookup.refresh(member_id), MemberFound)  # met before
    shop.go_offline()
    assert isinstance(shop.one.claim(receipt, PRIYA), Claimed)
    assert isinstance(shop.two.claim(receipt, RAVI), Claimed)
    shop.come_back()
    order = shop.tills if first == 0 else shop.tills[::-1]
    for till in order:
        till.drain()
    assert shop.credited(sale) == [((PRIYA, RAVI)[first], 10)]
    assert order[0].states(sale) == [EffectState.POSTED]
    assert order[1].states(sale) == [EffectState.NEEDS_ATTENTION]


def test_a_lost_answer_and_a_restart_credit_it_once(shop: Shop) -> None:
    sale, receipt = shop.sold()
    shop.server.faults.stage(FaultPlan(lose_answers=1))
    assert isinstance(shop.two.claim(receipt, PRIYA), Claimed)
    shop.two.drain()
    shop.two.restart()
    shop.two.drain()
    assert shop.credited(sale) == [(PRIYA, 10)]
    assert shop.two.states(sale) == [EffectState.POSTED]


def test_killed_before_it_could_write_what_came_of_it(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    sale, receipt = shop.sold()
    assert isinstance(shop.two.claim(receipt, PRIYA), Claimed)

    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(shop.two.delivery, "_record", die)
        with pytest.raises(Killed):
            shop.two.drain()
    assert shop.credited(sale) == [(PRIYA, 10)]
    shop.two.restart()
    shop.two.drain()
    assert shop.credited(sale) == [(PRIYA, 10)]
    assert shop.two.states(sale) == [EffectState.POSTED]
    again = shop.two.claim(receipt, RAVI)
    assert isinstance(again, NotClaimable)
