"""Holding, taking, earning and undoing: what every backend adapter must do, against a real backend."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.demo.codes import rotating_code
from cashier_app.demo.server import DemoServer
from cashier_app.domain.member import TierStanding
from cashier_app.domain.outcome import (
    MemberFound,
    Refused,
    RefusedBecause,
)
from cashier_app.domain.sale import EffectKind, effect_key
from cashier_app.ports.loyalty import LoyaltyBackend
from tests.contract.support import (
    PRIYA_PHONE,
    PRIYA_TOKEN,
    SaleMaker,
    TurnedClock,
    booked,
    movements,
    rupees,
    sell,
)


def test_points_are_held_taken_and_earned(
    backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker
) -> None:
    held = booked(backend.apply(sale.reserve()))
    assert held.balance == Decimal(1040)
    assert held.expires_at == server.clock.now() + timedelta(minutes=15)
    taken = booked(backend.apply(sale.capture(held.reference)))
    earned = booked(backend.apply(sale.sale()))
    assert (taken.balance, earned.balance, earned.points) == (Decimal(1040), Decimal(1061), Decimal(21))
    assert movements(server, sale) == [("reserve", -200, 1040), ("capture", 0, 1040), ("sale", 21, 1061)]


def test_held_points_are_given_back(backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker) -> None:
    held = booked(backend.apply(sale.reserve()))
    assert booked(backend.apply(sale.release(held.reference))).balance == Decimal(1240)
    assert movements(server, sale) == [("reserve", -200, 1040), ("release", 200, 1240)]
    gone = backend.apply(sale.capture(held.reference))
    assert isinstance(gone, Refused)
    assert gone.because is RefusedBecause.RESERVATION_GONE


def test_points_about_to_lapse_are_used_first_and_come_back(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    held = booked(backend.apply(sale.reserve()))
    during = backend.refresh("mem-priya")
    booked(backend.apply(sale.release(held.reference)))
    after = backend.refresh("mem-priya")
    assert isinstance(during, MemberFound)
    assert isinstance(after, MemberFound)
    assert during.account.lapses is None
    assert after.account.lapses is not None
    assert after.account.lapses.points == Decimal(80)


def test_points_lapse_when_their_day_has_passed(backend: LoyaltyBackend, clock: TurnedClock) -> None:
    clock.turn(days=8)
    found = backend.refresh("mem-priya")
    assert isinstance(found, MemberFound)
    assert (found.account.balance, found.account.lapses) == (Decimal(1160), None)


def test_a_hold_that_ran_out_is_taken_if_the_balance_covers_it(
    backend: LoyaltyBackend, server: DemoServer, clock: TurnedClock, sale: SaleMaker
) -> None:
    held = booked(backend.apply(sale.reserve()))
    clock.turn(minutes=16)
    found = backend.refresh("mem-priya")
    assert isinstance(found, MemberFound)
    assert found.account.balance == Decimal(1240)
    assert booked(backend.apply(sale.capture(held.reference))).balance == Decimal(1040)
    kinds = [kind for kind, _, _ in movements(server, sale)]
    assert kinds == ["reserve", "expire", "capture"]


def test_a_hold_that_ran_out_is_gone_when_the_points_are_spent(
    backend: LoyaltyBackend, server: DemoServer, clock: TurnedClock
) -> None:
    first = SaleMaker(clock.now(), "mem-friday", bill=rupees(600), discount=rupees(150))
    second = SaleMaker(clock.now(), "mem-friday", bill=rupees(600), discount=rupees(150))
    held = booked(backend.apply(first.reserve(150)))
    clock.turn(minutes=16)
    booked(backend.apply(second.capture(booked(backend.apply(second.reserve(150))).reference, 150)))
    gone = backend.apply(first.capture(held.reference, 150))
    assert isinstance(gone, Refused)
    assert gone.because is RefusedBecause.RESERVATION_GONE
    assert gone.account is not None
    assert gone.account.balance == 0


def test_a_hold_of_another_sale_is_not_taken(
    backend: LoyaltyBackend, clock: TurnedClock, sale: SaleMaker
) -> None:
    held = booked(backend.apply(sale.reserve()))
    refused = backend.apply(SaleMaker(clock.now()).capture(held.reference))
    assert isinstance(refused, Refused)
    assert refused.because is RefusedBecause.NOT_ALLOWED


def test_an_unknown_reservation_is_gone(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    for effect in (sale.capture("res-none"), sale.release("res-none"), sale.capture("")):
        refused = backend.apply(effect)
        assert isinstance(refused, Refused)
        assert refused.because is RefusedBecause.RESERVATION_GONE


def test_a_reward_is_held_and_taken(backend: LoyaltyBackend, clock: TurnedClock) -> None:
    sale = SaleMaker(clock.now(), bill=rupees(480), discount=rupees(0))
    held = booked(backend.apply(sale.reserve(120, reward_id="free-coffee")))
    assert held.balance == Decimal(1120)
    assert booked(backend.apply(sale.capture(held.reference, 120))).balance == Decimal(1120)


@pytest.mark.parametrize("kind", ["amount", "reward"])
def test_a_balance_too_low_carries_the_account(
    backend: LoyaltyBackend, clock: TurnedClock, kind: str
) -> None:
    sale = SaleMaker(clock.now(), "mem-rahul")
    effect = sale.reserve(200)
    if kind == "reward":
        effect = sale.reserve(120, reward_id="free-coffee", discount=rupees(0), paid=sale.bill)
    refused = backend.apply(effect)
    assert isinstance(refused, Refused)
    assert refused.because is RefusedBecause.BALANCE_TOO_LOW
    assert refused.account is not None
    assert refused.account.balance == Decimal(80)


def test_a_balance_that_fell_under_the_quote_is_too_low(backend: LoyaltyBackend, clock: TurnedClock) -> None:
    booked(backend.apply(SaleMaker(clock.now(), "mem-anil").reserve(200)))
    refused = backend.apply(SaleMaker(clock.now(), "mem-anil").reserve(200))
    assert isinstance(refused, Refused)
    assert refused.because is RefusedBecause.BALANCE_TOO_LOW
    assert refused.account is not None
    assert refused.account.balance == Decimal(120)


def test_more_than_the_program_allows_is_refused(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    refused = backend.apply(replace(sale.reserve(201), discount=rupees(201), paid=rupees(2159)))
    assert isinstance(refused, Refused)
    assert refused.because is RefusedBecause.NOT_ALLOWED


def test_a_blocked_member_uses_and_earns_nothing(backend: LoyaltyBackend, clock: TurnedClock) -> None:
    sale = SaleMaker(clock.now(), "mem-devika")
    for effect in (sale.reserve(), sale.plain_sale()):
        refused = backend.apply(effect)
        assert isinstance(refused, Refused)
        assert refused.because is RefusedBecause.MEMBER_BLOCKED


def test_a_sale_made_before_the_block_is_booked(backend: LoyaltyBackend, clock: TurnedClock) -> None:
    sale = SaleMaker(clock.now() - timedelta(days=10), "mem-devika")
    assert booked(backend.apply(sale.plain_sale())).points == Decimal(23)


# Earning.
def test_a_late_sale_is_booked_with_its_frozen_figures(
    backend: LoyaltyBackend, server: DemoServer, clock: TurnedClock, sale: SaleMaker
) -> None:
    clock.turn(days=5)
    assert booked(backend.apply(sale.plain_sale())).points == Decimal(23)
    assert server.ledger.movements(sale_id=sale.sale_id)[0].at.startswith(sale.at.date().isoformat())


@pytest.mark.parametrize(
    ("identified_by", "member_id"),
    [
        (f"phone:{PRIYA_PHONE}", "mem-priya"),
        ("number:MG-104210", "mem-priya"),
        (f"wallet:LC1:{PRIYA_TOKEN}", "mem-priya"),
    ],
    ids=["phone", "number", "wallet"],
)
def test_an_offline_sale_names_its_member_by_what_was_scanned(
    backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker, identified_by: str, member_id: str
) -> None:
    sale.member_id = ""
    effect = sale.plain_sale(0, identified_by=identified_by, program_version="")
    assert booked(backend.apply(effect)).points == Decimal(23)
    assert [row.member_id for row in server.ledger.movements(sale_id=sale.sale_id)] == [member_id]


def test_an_offline_rotating_code_is_judged_by_the_moment_of_the_sale(
    backend: LoyaltyBackend, server: DemoServer, clock: TurnedClock
) -> None:
    code = rotating_code(PRIYA_TOKEN, clock.now(), server.shop.code_key)
    soon = SaleMaker(clock.now() + timedelta(seconds=100), "")
    late = SaleMaker(clock.now() + timedelta(seconds=400), "")
    clock.turn(hours=9)
    taken = backend.apply(soon.plain_sale(0, identified_by=f"wallet:{code}"))
    refused = backend.apply(late.plain_sale(0, identified_by=f"wallet:{code}"))
    assert booked(taken).points == Decimal(23)
    assert isinstance(refused, Refused)


@pytest.mark.parametrize(
    "identified_by", ["phone:+919845060214", "phone:+919845099999"], ids=["two", "nobody"]
)
def test_an_offline_sale_of_nobody_certain_is_refused(
    backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker, identified_by: str
) -> None:
    sale.member_id = ""
    assert isinstance(backend.apply(sale.plain_sale(0, identified_by=identified_by)), Refused)
    assert movements(server, sale) == []


def test_the_members_tier_counts_where_the_till_did_not_know_it(
    backend: LoyaltyBackend, clock: TurnedClock
) -> None:
    known, unknown = SaleMaker(clock.now(), "mem-platinum"), SaleMaker(clock.now(), "")
    platinum = backend.refresh("mem-platinum")
    assert isinstance(platinum, MemberFound)
    assert booked(backend.apply(known.plain_sale(47))).points == Decimal(47)
    number = f"number:{platinum.member.number}"
    assert booked(backend.apply(unknown.plain_sale(0, identified_by=number))).points == Decimal(47)


def test_points_that_no_tier_earns_are_refused(
    backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker
) -> None:
    refused = backend.apply(sale.plain_sale(24))
    assert isinstance(refused, Refused)
    assert refused.because is RefusedBecause.NOT_ALLOWED
    assert movements(server, sale) == []


def test_spend_moves_the_tier(backend: LoyaltyBackend, clock: TurnedClock) -> None:
    sale = SaleMaker(clock.now(), "mem-edge-gold", bill=rupees(1), discount=rupees(0))
    booked(backend.apply(sale.sale(0)))
    found = backend.refresh("mem-edge-gold")
    assert isinstance(found, MemberFound)
    assert found.account.tier == TierStanding("Gold", 3, 4, "Platinum", rupees(17000), 0)


# Undoing.
def test_a_whole_sale_is_undone(backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker) -> None:
    sell(backend, sale)
    undone = booked(backend.apply(sale.refund(2360, 200)))
    assert (undone.points, undone.balance) == (Decimal(179), Decimal(1240))
    found = backend.refresh("mem-priya")
    assert isinstance(found, MemberFound)
    assert found.account.tier == TierStanding("Gold", 3, 4, "Platinum", rupees(4760), 720)


def test_parts_undo_exactly_the_whole(backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker) -> None:
    sell(backend, sale)
    first = booked(backend.apply(sale.refund(1180, 100)))
    # 1,080 remain paid: 10 points of 21 stay earned; 100 of 200 points used come back.
    assert first.points == Decimal(100 - 11)
    second = booked(backend.apply(sale.refund(1180, 100, 2)))
    assert first.points is not None
    assert second.points == Decimal(179) - first.points
    assert second.balance == Decimal(1240)


def test_no_more_is_undone_than_was_sold(
    backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker
) -> None:
    sell(backend, sale)
    booked(backend.apply(sale.refund(1180, 100)))
    before = movements(server, sale)
    for effect in (sale.refund(2360, 200, 2), sale.refund(1180, 101, 3), sale.refund(1180, 99, 4)):
        refused = backend.apply(effect)
        assert isinstance(refused, Refused)
        assert refused.because is RefusedBecause.NOT_ALLOWED
    assert movements(server, sale) == before


def test_only_an_undone_sale_takes_a_balance_below_zero(backend: LoyaltyBackend, clock: TurnedClock) -> None:
    earning = SaleMaker(clock.now(), "mem-zero", bill=rupees(20000), discount=rupees(0))
    using = SaleMaker(clock.now(), "mem-zero")
    booked(backend.apply(earning.sale(200)))
    booked(backend.apply(using.capture(booked(backend.apply(using.reserve())).reference)))
    assert booked(backend.apply(earning.refund(20000, 0))).balance == Decimal(-200)
    third = SaleMaker(clock.now(), "mem-zero", bill=rupees(100), discount=rupees(0))
    assert booked(backend.apply(third.sale(1))).balance == Decimal(-199)


@pytest.mark.parametrize("original", ["another sale", "another member"])
def test_an_unknown_sale_is_not_undone(
    backend: LoyaltyBackend, clock: TurnedClock, sale: SaleMaker, original: str
) -> None:
    sell(backend, sale)
    effect = sale.refund(2360, 200)
    if original == "another sale":
        effect = replace(effect, original_key=effect_key(SaleMaker(clock.now()).sale_id, EffectKind.SALE))
    else:
        effect = replace(effect, member_id="mem-ravi")
    refused = backend.apply(effect)
    assert isinstance(refused, Refused)
    assert refused.because is RefusedBecause.UNKNOWN_SALE
