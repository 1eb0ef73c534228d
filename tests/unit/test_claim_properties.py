"""One sale claimed by many at two tills, in any order, offline, restarted, sent again: given at most once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cashier_app.domain.member import Member
from cashier_app.domain.sale import Effect, EffectKind, EffectState
from cashier_app.services.claim_terms import claim_for
from cashier_app.services.claims import Claimable, Claimed, Claims
from tests.fakes.backend import Fault
from tests.fakes.backend_around import AROUND, AroundBackend
from tests.fakes.claiming_till import ClaimingTill
from tests.fakes.clock import FakeClock
from tests.fakes.shop import COINS, PRIYA, RAHUL

MEMBERS = (PRIYA.member_id, RAHUL.member_id)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("claim"), st.integers(0, 1), st.integers(0, 1)),
        st.tuples(st.just("late"), st.integers(0, 1), st.integers(0, 1)),
        st.tuples(st.just("drain"), st.integers(0, 1), st.just(0)),
        st.tuples(st.just("restart"), st.integers(0, 1), st.just(0)),
        st.tuples(st.just("offline"), st.just(0), st.just(0)),
        st.tuples(st.just("online"), st.just(0), st.just(0)),
        st.tuples(st.just("lose"), st.just(0), st.just(0)),
        st.tuples(st.just("day"), st.just(0), st.just(0)),
    ),
    max_size=12,
)


class World:
    """Two tills and one backend. `let_in` is a claim that was read before others claimed it."""

    def __init__(self, folder: Path, *, tells: bool) -> None:
        self.clock = FakeClock()
        self.backend = AroundBackend(self.clock, replace(COINS, claim_days=14))
        self.backend.can = replace(AROUND, tells_anonymous=tells, links_sales=tells)
        for member in (PRIYA, RAHUL):
            self.backend.add(replace(member, blocked_since=None), 100)
        self.tills = [ClaimingTill(folder / no, no, self.backend, self.clock) for no in ("2", "3")]
        for till in self.tills:
            till.lookup.program()
            for member_id in MEMBERS:
                till.lookup.refresh(member_id)
        self.sale = self.tills[0].sell()
        self.receipt = self.tills[0].claims.codes(self.sale).receipt
        self.let_in = [till.claims.read(self.receipt) for till in self.tills]

    def do(self, what: str, till: int, member: int) -> None:
        one = self.tills[till]
        match what:
            case "claim":
                one.claim(self.receipt, MEMBERS[member])
            case "late":
                found = self.let_in[till]
                assert isinstance(found, Claimable)
                one.credit(found, MEMBERS[member])
            case "drain":
                one.drain()
            case "restart":
                one.restart()
            case "offline":
                self.backend.silent = True
            case "online":
                self.backend.silent = False
            case "lose":
                self.backend.faults.append(Fault.ANSWER_LOST)
            case _:
                self.clock.advance(86_400)

    def finish(self) -> None:
        self.backend.silent = False
        self.backend.faults.clear()
        for _ in range(3):
            for till in self.tills:
                self.clock.advance(60)
                till.drain()

    def given(self) -> int:
        """Return how many points the two members have more than before."""
        return int(sum(row.balance for row in self.backend.members.values())) - 200

    def posted(self) -> int:
        return sum(state is EffectState.POSTED for till in self.tills for state in till.states(self.sale))

    def asked(self) -> int:
        return sum(len(till.rows(self.sale)) for till in self.tills)

    def close(self) -> None:
        for till in self.tills:
            till.close()


@pytest.mark.parametrize("tells", [True, False])
@settings(max_examples=25, deadline=None)
@given(steps)
def test_one_sale_is_given_once_whatever_happens(
    tells: bool,  # noqa: FBT001 - a parameter of the test
    todo: list[tuple[str, int, int]],
) -> None:
    with TemporaryDirectory() as folder:
        world = World(Path(folder), tells=tells)
        try:
            for what, till, member in todo:
                world.do(what, till, member)
            world.finish()
            once = 10 if world.asked() else 0
            assert world.given() == once
            assert world.backend.took_hold[world.sale.sale_id, EffectKind.LINK] <= 1
            if tells:
                assert world.posted() == (1 if world.asked() else 0)
        finally:
            world.close()


def test_a_claim_without_a_key_of_its_own_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with a new key for each claim, two tills give the sale twice."""
    made = 0
    late: Callable[..., tuple[Effect, ...]] = Claims._late_sale

    def with_new_key(self: Claims, sale: object, ticket: object) -> tuple[Effect, ...]:
        nonlocal made
        made += 1
        return tuple(replace(one, key=f"{one.key}{made}") for one in late(self, sale, ticket))

    monkeypatch.setattr(Claims, "_late_sale", with_new_key)
    with TemporaryDirectory() as folder:
        world = World(Path(folder), tells=False)
        try:
            world.do("late", 0, 0)
            world.do("late", 1, 1)
            world.finish()
            assert world.given() == 20
        finally:
            world.close()


def test_somebody_met_only_by_phone_while_offline(tmp_path: Path) -> None:
    world = World(tmp_path, tells=True)
    try:
        world.backend.add(Member("m-9", "Kavya Rao"), 0, "phone:+919845012399")
        world.backend.silent = True
        found = world.let_in[1]
        assert isinstance(found, Claimable)
        from cashier_app.domain.identifier import PhoneNumber

        answer = world.tills[1].claims.credit(found, claim_for(PhoneNumber("+919845012399"), None))
        assert isinstance(answer, Claimed)
        assert answer.offer.about
        world.finish()
        assert world.backend.members["m-9"].balance == 10
    finally:
        world.close()
