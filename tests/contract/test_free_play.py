"""Free play against the demo server over HTTP: what is set acts at once, and ends at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from decimal import Decimal

import pytest
from msgspec.structs import fields, replace

from cashier_app.backends.contract import ContractBackend
from cashier_app.demo.codes import rotating_code
from cashier_app.demo.free_play import ServerPlay, plan_of, trouble_of
from cashier_app.demo.members import load_seed
from cashier_app.demo.server import DemoServer
from cashier_app.domain.free_play import ALL_WELL, PRESETS, Preset, Trouble
from cashier_app.domain.identifier import WalletToken
from cashier_app.domain.outcome import CodeTooOld, Lookup, MemberFound, Unreachable
from cashier_app.errors import KnownError
from cashier_app.ports.free_play import Asked, FreePlay

PRIYA = "mem-priya"


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.fixture
def play(server: DemoServer) -> FreePlay:
    return ServerPlay(lambda: server)


def find(server: DemoServer, member_id: str = PRIYA) -> Lookup:
    token = next(one.token for one in load_seed() if one.member_id == member_id)
    backend = ContractBackend(server.base_url, server.token)
    try:
        return backend.find(WalletToken(rotating_code(token, server.clock.now(), server.shop.code_key)))
    finally:
        backend.close()


def balance(server: DemoServer) -> Decimal:
    found = find(server)
    assert isinstance(found, MemberFound)
    return found.account.balance


@pytest.mark.parametrize("preset", Preset)
def test_a_preset_is_what_the_server_then_does(preset: Preset, play: FreePlay, server: DemoServer) -> None:
    play.stage(PRESETS[preset])
    assert play.trouble == PRESETS[preset]
    assert server.faults.plan == plan_of(PRESETS[preset])


@pytest.mark.parametrize("name", [one.name for one in fields(Trouble) if one.name != "blocked"])
def test_every_slider_reaches_the_server(name: str) -> None:
    trouble = replace(ALL_WELL, **{name: 1})
    assert plan_of(trouble) != plan_of(ALL_WELL)
    assert trouble_of(plan_of(trouble)) == trouble


def test_a_broken_network_is_felt_at_once_counted_and_over_at_once(
    play: FreePlay, server: DemoServer
) -> None:
    assert isinstance(find(server), MemberFound)
    for trouble in (Trouble(down=True), Trouble(portal=True), Trouble(away_percent=100)):
        play.stage(trouble)
        assert isinstance(find(server), Unreachable)
    play.end()
    assert play.trouble.is_none
    assert isinstance(find(server), MemberFound)
    asked = play.asked()
    assert asked.failed == 3
    assert asked.asked >= 3 + 2


def test_slow_answers_are_slow_and_quick_again(play: FreePlay, server: DemoServer) -> None:
    play.stage(Trouble(delay_ms=150))
    started = time.perf_counter()
    assert isinstance(find(server), MemberFound)
    assert time.perf_counter() - started >= 0.15


def test_the_clock_of_codes_turns_a_fresh_code_into_an_old_one(play: FreePlay, server: DemoServer) -> None:
    play.stage(Trouble(clock_minutes=10))
    assert isinstance(find(server), CodeTooOld)
    play.end()
    assert isinstance(find(server), MemberFound)


def test_points_are_spent_elsewhere_half_of_them_each_time(play: FreePlay, server: DemoServer) -> None:
    before = balance(server)
    spent = play.spend_elsewhere(PRIYA)
    assert 0 < spent <= (before + 1) / 2
    assert balance(server) == before - spent
    for _ in range(40):
        if not balance(server):
            break
        play.spend_elsewhere(PRIYA)
    assert balance(server) == 0
    with pytest.raises(KnownError, match="no points"):
        play.spend_elsewhere(PRIYA)


def test_a_member_blocked_for_practice_is_free_again_and_one_blocked_before_is_not(
    play: FreePlay, server: DemoServer
) -> None:
    blocked_before = next(one.member_id for one in load_seed() if one.blocked is not None)
    for member_id in (PRIYA, blocked_before):
        play.block(member_id, blocked=True)
        play.block(member_id, blocked=True)
    assert play.trouble == Trouble(blocked=2)
    found = find(server)
    assert isinstance(found, MemberFound)
    assert found.member.blocked_since is not None
    play.end()
    assert play.trouble.is_none
    free = find(server)
    assert isinstance(free, MemberFound)
    assert free.member.blocked_since is None
    row = server.ledger.member(blocked_before)
    assert row is not None
    assert row.blocked_since is not None


def test_nothing_is_staged_before_the_server_runs() -> None:
    play = ServerPlay(lambda: None)
    assert play.trouble is ALL_WELL
    assert play.asked() == Asked()
    play.end()
    with pytest.raises(KnownError, match="still starting"):
        play.stage(Trouble(down=True))
    with pytest.raises(KnownError, match="still starting"):
        play.spend_elsewhere(PRIYA)


def test_whom_nobody_knows_is_neither_blocked_nor_spends(play: FreePlay) -> None:
    with pytest.raises(KnownError, match="does not know"):
        play.block("mem-nobody", blocked=True)
    with pytest.raises(KnownError, match="does not know"):
        play.spend_elsewhere("mem-nobody")
    assert play.trouble.is_none
