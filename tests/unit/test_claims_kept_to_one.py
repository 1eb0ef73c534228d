"""Which till may give a sale of nobody's to a member, where the loyalty system cannot keep two apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.domain.money import Money
from cashier_app.domain.program import Program
from cashier_app.domain.program.tiers import Refunds as RefundRules
from cashier_app.domain.program.tiers import TakenBack
from cashier_app.domain.refund import RefundPlan
from cashier_app.services.claims import Claimed, NotClaimable, WhyNotClaimed
from cashier_app.services.returnable import Returnable
from cashier_app.services.undoable import Undoable
from tests.fakes.backend_around import AROUND, AroundBackend
from tests.fakes.clock import FakeClock
from tests.fakes.returning_till import ReturningTill
from tests.fakes.shop import COINS, PRIYA, RUPEE

TOLD_LATE = replace(AROUND, tells_anonymous=False, links_sales=False)


def tills_of(folder: Path, program: Program = COINS) -> list[ReturningTill]:
    clock = FakeClock()
    backend = AroundBackend(clock, replace(program, claim_days=14))
    backend.can = replace(TOLD_LATE, knows_claims=False)
    backend.add(PRIYA, 100)
    made = [ReturningTill(folder / no, no, backend, clock) for no in ("2", "3")]
    for till in made:
        till.lookup.program()
    return made


@pytest.fixture
def tills(tmp_path: Path) -> Iterator[list[ReturningTill]]:
    made = tills_of(tmp_path)
    yield made
    for till in made:
        till.close()


def test_only_the_till_that_sold_gives_it_away(tills: list[ReturningTill]) -> None:
    here, there = tills
    sale = here.sell()
    receipt = here.receipt(sale)
    answer = there.claim(receipt, PRIYA.member_id)
    assert isinstance(answer, NotClaimable)
    assert answer.why is WhyNotClaimed.OWN_TILL
    assert there.journal.effects_of(sale.sale_id) == []
    assert isinstance(here.claim(receipt, PRIYA.member_id), Claimed)


def test_nobody_need_be_asked_before_it_is_undone(tills: list[ReturningTill]) -> None:
    here, _ = tills
    sale = here.sell()
    for _ in range(3):
        here.connection.silent()
    found = here.undoing.look_at(sale.sale_id)
    assert isinstance(found, Undoable)
    assert not found.moves


@pytest.mark.parametrize(("how", "minor"), [(TakenBack.PROPORTIONAL, 50_00), (TakenBack.NEVER, 333_33)])
def test_what_a_backend_could_not_follow_is_not_told(tmp_path: Path, how: TakenBack, minor: int) -> None:
    """Points left out otherwise than the rest would earn: no sale of the rest explains them."""
    here, there = tills_of(tmp_path, replace(COINS, refunds=RefundRules(earned=how)))
    try:
        sale = here.sell(1000)
        found = here.returning.open(sale)
        assert isinstance(found, Returnable)
        assert isinstance(here.returning.take_back(found, Money(minor, RUPEE)), RefundPlan)
        answer = here.claim(here.receipt(sale), PRIYA.member_id)
        assert isinstance(answer, NotClaimable)
        assert answer.why is WhyNotClaimed.PART
        assert here.rows(sale) == []
    finally:
        here.close()
        there.close()
