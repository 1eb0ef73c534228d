"""What every backend adapter must do for the till, against a real backend over real sockets."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, timedelta
from decimal import Decimal

import pytest

from cashier_app.demo.codes import rotating_code
from cashier_app.demo.faults import FaultPlan
from cashier_app.demo.members import coming_friday
from cashier_app.demo.server import DemoServer
from cashier_app.domain.identifier import Identifier, MemberNumber, PhoneNumber, WalletToken
from cashier_app.domain.member import Lapse, TierStanding
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    Booked,
    CodeTooOld,
    MemberFound,
    NoSuchMember,
    NotApplied,
    Refused,
    RefusedBecause,
    RetryLater,
    SeveralMembers,
    SignInNeeded,
    Unknown,
    Unreachable,
)
from cashier_app.domain.sale import EffectKind, effect_key
from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend
from tests.contract.support import RUPEE, SaleMaker, TurnedClock, rupees

PRIYA_TOKEN = "PRYA7K2M4Q9XW3TB"
PRIYA_PHONE = "+919845012210"
PRIYA: list[Identifier] = [
    WalletToken(f"LC1:{PRIYA_TOKEN}"),
    PhoneNumber(PRIYA_PHONE),
    MemberNumber("MG-104210"),
]
NOBODY: list[Identifier] = [
    WalletToken("LC1:NOBODY2222222222"),
    PhoneNumber("+919845099999"),
    MemberNumber("MG-000000"),
    WalletToken("LR1:PRYA7K2M4Q9XW3TB:tp2y2o:00000000"),
]


def booked(outcome: object) -> Booked:
    assert isinstance(outcome, Applied | AlreadyApplied), outcome
    return outcome.booked


def movements(server: DemoServer, sale: SaleMaker) -> list[tuple[str, int, int]]:
    rows = server.ledger.movements(sale_id=sale.sale_id)
    return [(row.kind, row.units, row.balance_after) for row in rows]


def sell(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    reservation = booked(backend.apply(sale.reserve())).reference
    booked(backend.apply(sale.capture(reservation)))
    booked(backend.apply(sale.sale()))


# Finding.
@pytest.mark.parametrize("identifier", PRIYA, ids=lambda value: type(value).__name__)
def test_a_member_is_found_by_each_key(
    backend: LoyaltyBackend, clock: TurnedClock, identifier: Identifier
) -> None:
    found = backend.find(identifier)
    assert isinstance(found, MemberFound)
    assert found.member.member_id == "mem-priya"
    assert found.member.name == "Priya Raghunathan"
    assert found.member.blocked_since is None
    assert found.member.last_visit == clock.now().date() - timedelta(days=3)
    account = found.account
    assert account.balance == Decimal(1240)
    assert account.tier == TierStanding("Gold", 3, 4, "Platinum", rupees(4760), 720)
    assert account.lapses == Lapse(Decimal(80), coming_friday(clock.now().date()))
    assert account.store_credit == rupees(150)
    assert account.as_of == clock.now()


def test_a_full_phone_number_never_leaves_the_adapter(backend: LoyaltyBackend) -> None:
    found = backend.find(PhoneNumber(PRIYA_PHONE))
    assert isinstance(found, MemberFound)
    assert found.member.masked_phone == "+91 ••••• ••210"
    assert PRIYA_PHONE not in repr(found)


@pytest.mark.parametrize("identifier", NOBODY, ids=["wallet", "phone", "number", "forged"])
def test_nobody_is_found(backend: LoyaltyBackend, identifier: Identifier) -> None:
    assert backend.find(identifier) == NoSuchMember()


def test_two_members_share_a_phone(backend: LoyaltyBackend) -> None:
    found = backend.find(PhoneNumber("+919845060214"))
    assert isinstance(found, SeveralMembers)
    known = [
        (one.member.first_name, one.account.tier and one.account.tier.name, one.account.balance)
        for one in found.found
    ]
    assert known == [("Anil", "Silver", Decimal(320)), ("Meera", "Gold", Decimal(2115))]


def test_a_rotating_code_finds_its_member_for_its_life(
    backend: LoyaltyBackend, server: DemoServer, clock: TurnedClock
) -> None:
    code = WalletToken(rotating_code(PRIYA_TOKEN, clock.now(), server.shop.code_key))
    made_at = clock.now().replace(microsecond=0)
    clock.turn(seconds=299)
    assert isinstance(backend.find(code), MemberFound)
    clock.turn(seconds=2)
    assert backend.find(code) == CodeTooOld(made_at, 300)


def test_a_forged_rotating_code_is_nobodys(
    backend: LoyaltyBackend, server: DemoServer, clock: TurnedClock
) -> None:
    true = rotating_code(PRIYA_TOKEN, clock.now(), server.shop.code_key)
    later = rotating_code(PRIYA_TOKEN, clock.now() + timedelta(seconds=36), server.shop.code_key)
    proof, moment = true[-8:], later.split(":")[2]
    forged = [
        true[:-1] + ("0" if true[-1] != "0" else "1"),
        f"LR1:{PRIYA_TOKEN}:{moment}:{proof}",
        true.replace(PRIYA_TOKEN, "RAVI5N8C2H6ZD4KP"),
        rotating_code(PRIYA_TOKEN, clock.now(), "another key"),
    ]
    assert [backend.find(WalletToken(code)) for code in forged] == [NoSuchMember()] * 4


def test_a_code_from_the_future_is_nobodys(
    backend: LoyaltyBackend, server: DemoServer, clock: TurnedClock
) -> None:
    made_at = clock.now() + timedelta(minutes=5)
    assert (
        backend.find(WalletToken(rotating_code(PRIYA_TOKEN, made_at, server.shop.code_key))) == NoSuchMember()
    )


def test_an_account_is_read_again(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    before = backend.refresh("mem-priya")
    booked(backend.apply(sale.reserve()))
    after = backend.refresh("mem-priya")
    assert isinstance(before, MemberFound)
    assert isinstance(after, MemberFound)
    assert (before.account.balance, after.account.balance) == (Decimal(1240), Decimal(1040))
    assert before.account.version != after.account.version
    assert backend.refresh("mem-nobody") == NoSuchMember()


def test_a_blocked_member_is_found_with_the_day(backend: LoyaltyBackend, clock: TurnedClock) -> None:
    found = backend.refresh("mem-devika")
    assert isinstance(found, MemberFound)
    assert found.member.blocked_since == clock.now().date() - timedelta(days=9)


def test_the_program_is_the_shops(backend: LoyaltyBackend, server: DemoServer) -> None:
    assert backend.program() == server.shop.program
    assert backend.program() == server.shop.program


# Using points.
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
    first = booked(backend.apply(sale.refund(1000, 85)))
    # 1,245 remain paid: 12 points of 21 stay earned; 85 of 200 points used come back.
    assert first.points == Decimal(85 - 9)
    second = booked(backend.apply(sale.refund(1360, 115, 2)))
    assert first.points is not None
    assert second.points == Decimal(179) - first.points
    assert second.balance == Decimal(1240)


def test_no_more_is_undone_than_was_sold(
    backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker
) -> None:
    sell(backend, sale)
    booked(backend.apply(sale.refund(2000, 200)))
    before = movements(server, sale)
    for effect in (sale.refund(361, 0, 2), sale.refund(10, 10, 3)):
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


# Once, and only once.
def test_a_repeat_changes_nothing(backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker) -> None:
    reserve = sale.reserve()
    held = booked(backend.apply(reserve))
    capture, earn, undo = sale.capture(held.reference), sale.sale(), sale.refund(2360, 200)
    for effect in (capture, earn, undo):
        assert isinstance(backend.apply(effect), Applied)
    before = movements(server, sale)
    for effect in (reserve, capture, earn, undo):
        assert isinstance(backend.apply(effect), AlreadyApplied)
    assert movements(server, sale) == before
    assert len(before) == 4


def test_a_repeat_answers_what_was_answered_first(
    backend: LoyaltyBackend, clock: TurnedClock, sale: SaleMaker
) -> None:
    first = booked(backend.apply(sale.plain_sale()))
    booked(backend.apply(SaleMaker(clock.now()).plain_sale()))
    assert backend.apply(sale.plain_sale()) == AlreadyApplied(first)


def test_a_key_is_not_used_for_something_else(
    backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker
) -> None:
    booked(backend.apply(sale.plain_sale()))
    refused = backend.apply(replace(sale.plain_sale(22), bill=rupees(2260), paid=rupees(2260)))
    assert isinstance(refused, Refused)
    assert refused.because is RefusedBecause.INVALID
    assert movements(server, sale) == [("sale", 23, 1263)]


def test_a_sale_is_not_booked_under_a_second_key(
    backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker
) -> None:
    booked(backend.apply(sale.plain_sale()))
    again = replace(sale.plain_sale(), key=effect_key(sale.sale_id, EffectKind.SALE, 2))
    assert isinstance(backend.apply(again), Refused)
    assert len(movements(server, sale)) == 1


def test_a_refused_write_leaves_its_key_free(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    assert isinstance(backend.apply(sale.reserve(201)), Refused)
    assert backend.reconcile(sale.reserve(201)) == NotApplied()
    assert isinstance(backend.apply(sale.reserve()), Applied)


def test_a_lost_answer_is_looked_up(backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker) -> None:
    server.faults.stage(FaultPlan(lose_answers=1))
    effect = sale.plain_sale()
    assert isinstance(backend.apply(effect), Unknown)
    found = backend.reconcile(effect)
    assert isinstance(found, AlreadyApplied)
    assert found.booked.balance == Decimal(1263)
    assert backend.apply(effect) == found
    assert movements(server, sale) == [("sale", 23, 1263)]


def test_what_was_never_sent_is_not_there(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    assert backend.reconcile(sale.plain_sale()) == NotApplied()


def test_many_threads_share_one_adapter(backend: LoyaltyBackend, clock: TurnedClock) -> None:
    effects = [SaleMaker(clock.now(), "mem-zero").plain_sale() for _ in range(40)]
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(backend.apply, effects + effects))
    assert sum(isinstance(outcome, Applied) for outcome in outcomes) == 40
    assert sum(isinstance(outcome, AlreadyApplied) for outcome in outcomes) == 40
    found = backend.refresh("mem-zero")
    assert isinstance(found, MemberFound)
    assert found.account.balance == 40 * 23


# Bad days.
def test_a_refused_token_asks_for_a_sign_in(
    server: DemoServer, connect: Callable[..., LoyaltyBackend], sale: SaleMaker
) -> None:
    stranger = connect(server.base_url, Secret("not-the-token"))
    assert stranger.apply(sale.plain_sale()) == SignInNeeded()
    assert stranger.reconcile(sale.plain_sale()) == SignInNeeded()
    assert isinstance(stranger.find(PRIYA[0]), Unreachable)
    assert stranger.is_reachable()
    with pytest.raises(KnownError):
        stranger.program()
    assert movements(server, sale) == []


@pytest.mark.parametrize(
    ("plan", "seconds"),
    [
        (FaultPlan(unavailable=2), 0),
        (FaultPlan(unavailable=2, retry_after="7"), 7),
        (FaultPlan(too_many=2, retry_after="120"), 120),
        (FaultPlan(too_many=2, retry_after="99999999999"), 900),
        (FaultPlan(too_many=2, retry_after="soon"), 0),
    ],
    ids=["503", "503 after 7", "429 after 120", "429 after ages", "429 soon"],
)
def test_a_busy_backend_is_asked_again_later(
    backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker, plan: FaultPlan, seconds: int
) -> None:
    server.faults.stage(plan)
    outcome = backend.apply(sale.plain_sale())
    assert isinstance(outcome, RetryLater)
    assert (outcome.seconds, outcome.reached) == (seconds, True)
    assert isinstance(backend.find(PRIYA[0]), Unreachable)
    assert movements(server, sale) == []
    assert isinstance(backend.apply(sale.plain_sale()), Applied)


def test_a_retry_after_a_moment_is_understood(
    backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker
) -> None:
    moment = (server.clock.now() + timedelta(seconds=60)).astimezone(UTC)
    server.faults.stage(FaultPlan(too_many=1, retry_after=moment.strftime("%a, %d %b %Y %H:%M:%S GMT")))
    outcome = backend.apply(sale.plain_sale())
    assert isinstance(outcome, RetryLater)
    assert 50 <= outcome.seconds <= 60


def test_a_sign_in_page_is_no_answer(backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker) -> None:
    server.faults.stage(FaultPlan(captive_portal=True))
    assert isinstance(backend.apply(sale.plain_sale()), Unknown)
    assert isinstance(backend.reconcile(sale.plain_sale()), Unknown)
    assert isinstance(backend.find(PRIYA[0]), Unreachable)
    assert isinstance(backend.refresh("mem-priya"), Unreachable)
    assert not backend.is_reachable()
    with pytest.raises(KnownError):
        backend.program()


def test_a_closed_connection_leaves_a_write_in_doubt(
    backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker
) -> None:
    server.faults.stage(FaultPlan(down=True))
    assert isinstance(backend.apply(sale.plain_sale()), Unknown)
    assert isinstance(backend.reconcile(sale.plain_sale()), Unknown)
    assert isinstance(backend.find(PRIYA[0]), Unreachable)
    assert not backend.is_reachable()
    server.faults.clear()
    assert isinstance(backend.apply(sale.plain_sale()), Applied)


def test_a_backend_that_is_not_there_was_certainly_not_told(
    backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker
) -> None:
    assert backend.is_reachable()
    server.stop()
    outcome = backend.apply(sale.plain_sale())
    assert isinstance(outcome, RetryLater)
    assert not outcome.reached
    assert isinstance(backend.find(PRIYA[0]), Unreachable)
    assert not backend.is_reachable()
    server.start()
    assert isinstance(backend.apply(sale.plain_sale()), Applied)


def test_a_slow_answer_leaves_a_write_in_doubt(
    server: DemoServer, connect: Callable[..., LoyaltyBackend], sale: SaleMaker
) -> None:
    backend = connect(server.base_url, server.token, seconds=0.2)
    server.faults.stage(FaultPlan(delay_ms=2000))
    assert isinstance(backend.apply(sale.plain_sale()), Unknown)
    assert isinstance(backend.find(PRIYA[0]), Unreachable)
    server.faults.clear()
    assert isinstance(backend.find(PRIYA[0]), MemberFound)


def test_the_currency_is_the_programs(backend: LoyaltyBackend) -> None:
    found = backend.find(PRIYA[0])
    assert isinstance(found, MemberFound)
    assert found.account.store_credit is not None
    assert found.account.store_credit.currency == RUPEE
