"""The demo server with other programs: till and backend follow one document by one implementation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from cashier_app.backends.contract import ContractBackend
from cashier_app.demo.server import DemoServer
from cashier_app.demo.shop import Shop, load_shop
from cashier_app.documents.program_document import load_program, read_program_value
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import Choice, TakeMaximum, TakeNothing, TakeReward
from cashier_app.domain.member import RewardUse, TierStanding, Used
from cashier_app.domain.money import Money
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.outcome import MemberFound, Refused, RefusedBecause
from cashier_app.domain.points import to_units
from cashier_app.domain.program import Program
from cashier_app.domain.quote import Quote, quote
from cashier_app.domain.sale import Effect, EffectKind
from cashier_app.paths import resources
from tests.contract.support import SaleMaker, TurnedClock, booked

FRIDAY = datetime(2026, 11, 20, 9, 2, tzinfo=UTC)
GUEST = {"name": "Guest", "threshold": 2}
EXAMPLES = sorted(path.name for path in (resources() / "programs").iterdir())


@contextmanager
def serving(program: Program, clock: TurnedClock) -> Iterator[tuple[DemoServer, ContractBackend]]:
    with DemoServer(clock=clock, shop=load_shop().with_program(program)) as server:
        backend = ContractBackend(server.base_url, server.token)
        try:
            yield server, backend
        finally:
            backend.close()


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock(FRIDAY)


def told(document: dict[str, object]) -> Program:
    return read_program_value({"currency": "INR", "version": "t", **document})


def occasion_of(shop: Shop, clock: TurnedClock) -> Occasion:
    return Occasion(shop.local(clock.now()), shop.store)


def offer(
    server: DemoServer, backend: ContractBackend, clock: TurnedClock, minor: int, choice: Choice
) -> tuple[MemberFound, Quote]:
    """Return Priya, and what the till quotes her."""
    program, found = backend.program(), backend.refresh("mem-priya")
    assert isinstance(found, MemberFound)
    bill = bill_of(Money(minor, program.currency))
    answer = quote(program, found.member, found.account, bill, choice, occasion_of(server.shop, clock))
    return found, answer


def sell(
    server: DemoServer, backend: ContractBackend, clock: TurnedClock, minor: int, choice: Choice
) -> tuple[Quote, SaleMaker]:
    """Sell as the till does: quote, hold, take, book."""
    found, answer = offer(server, backend, clock, minor, choice)
    sale = SaleMaker(clock.now(), found.member.member_id, bill=answer.bill, discount=answer.discount)
    reward = answer.reward.reward_id if answer.reward else ""

    def effect(kind: EffectKind, points: Decimal, reservation: str = "") -> Effect:
        made = sale.effect(kind, program_version=answer.program_version, reservation=reservation)
        return replace(made, points=points, reward_id=reward)

    if answer.points_used:
        held = booked(backend.apply(effect(EffectKind.RESERVE, answer.points_used))).reference
        booked(backend.apply(effect(EffectKind.CAPTURE, answer.points_used, held)))
    done = booked(backend.apply(effect(EffectKind.SALE, answer.earns)))
    assert done.balance == answer.balance_after
    return answer, sale


@pytest.mark.parametrize("file", EXAMPLES)
@pytest.mark.parametrize("bill", [1, 999, 4_250, 236_000])
def test_every_example_is_served_quoted_sold_and_returned(file: str, bill: int, clock: TurnedClock) -> None:
    program = load_program(resources() / "programs" / file)
    with serving(program, clock) as (server, backend):
        assert backend.program() == program
        before, ours = offer(server, backend, clock, bill, TakeMaximum())
        asked = {
            "member_id": "mem-priya",
            "bill": {"minor": bill, "currency": program.currency.code},
            "choice": {"kind": "maximum"},
        }
        headers = {"Authorization": f"Bearer {server.token.reveal()}"}
        answered = httpx.post(f"{server.base_url}/v1/quotes", json=asked, headers=headers, trust_env=False)
        theirs = answered.json()
        assert theirs["discount"]["minor"] == ours.discount.minor
        assert Decimal(theirs["points"]) == ours.points_used
        assert Decimal(theirs["earns"]) == ours.earns
        answer, sale = sell(server, backend, clock, bill, TakeMaximum())
        refund = sale.effect(EffectKind.REFUND, 0, original_key=f"{sale.sale_id}-sale-1")
        undone = booked(backend.apply(refund))
        assert undone.balance == before.account.balance
        assert undone.points == answer.points_used - answer.earns


def test_what_was_used_today_limits_the_next_sale(clock: TurnedClock) -> None:
    rule = {"conversion": {"points": 1, "value": 1}, "quotas": {"day": {"points": 300}}}
    program = told({"redemption": [rule], "earning": {"rules": [{"kind": "per_sale", "points": 4}]}})
    with serving(program, clock) as (server, backend):
        first, _ = sell(server, backend, clock, 18_000, TakeMaximum())
        second, _ = sell(server, backend, clock, 50_000, TakeMaximum())
        assert (first.points_used, second.points_used) == (Decimal(180), Decimal(120))
        found, _ = offer(server, backend, clock, 50_000, TakeNothing())
        # The first bill was paid with points alone, and nothing is left of it to earn.
        used = Used(Decimal(300), 30_000, 2, Decimal(4))
        assert (found.account.usage.day, found.account.usage.ever) == (used, used)
        clock.turn(hours=10)
        found, tomorrow = offer(server, backend, clock, 50_000, TakeMaximum())
        assert found.account.usage.day == Used(), "the shop's day ends at its own midnight"
        assert found.account.usage.week == used
        assert tomorrow.points_used == Decimal(300)


def test_what_was_returned_may_be_used_again(clock: TurnedClock) -> None:
    rule = {"conversion": {"points": 1, "value": 1}, "quotas": {"day": {"points": 300}}}
    with serving(told({"redemption": [rule]}), clock) as (server, backend):
        _, sale = sell(server, backend, clock, 18_000, TakeMaximum())
        booked(backend.apply(sale.effect(EffectKind.REFUND, 0, original_key=f"{sale.sale_id}-sale-1")))
        found, again = offer(server, backend, clock, 50_000, TakeMaximum())
        assert found.account.usage.day == Used()
        assert again.points_used == Decimal(300)


def test_a_promotion_for_the_first_visit_of_a_day_is_had_once(clock: TurnedClock) -> None:
    visit = {"kind": "per_sale", "points": 5, "name": "Visit", "per_day": 1}
    money = {"kind": "per_amount", "points": 1, "per": 100}
    with serving(told({"earning": {"rules": [visit, money]}}), clock) as (server, backend):
        first, _ = sell(server, backend, clock, 20_000, TakeNothing())
        second, _ = sell(server, backend, clock, 20_000, TakeNothing())
        assert (first.earns, second.earns) == (Decimal(7), Decimal(2))
        clock.turn(hours=10)
        tomorrow, _ = sell(server, backend, clock, 20_000, TakeNothing())
        assert tomorrow.earns == Decimal(7)
        found, _ = offer(server, backend, clock, 20_000, TakeNothing())
        assert found.account.rule_uses == {"Visit": RewardUse(1, 2)}


def test_a_reward_had_today_is_not_had_twice_and_stock_runs_out(clock: TurnedClock) -> None:
    rewards = [
        {"kind": "gift", "reward_id": "coffee", "name": "Coffee", "cost": 10, "per_day": 1},
        {"kind": "gift", "reward_id": "bag", "name": "Bag", "cost": 10, "stock_per_day": 1},
    ]
    with serving(told({"rewards": rewards}), clock) as (server, backend):
        sell(server, backend, clock, 5000, TakeReward("coffee"))
        found, answer = offer(server, backend, clock, 5000, TakeReward("coffee"))
        assert found.account.reward_uses == {"coffee": RewardUse(1, 1)}
        assert (answer.points_used, answer.reward) == (Decimal(0), None)
        sell(server, backend, clock, 5000, TakeReward("bag"))
        # The till does not know the shop's stock: the backend does, and holds nothing.
        _, answer = offer(server, backend, clock, 5000, TakeReward("bag"))
        sale = SaleMaker(clock.now(), bill=answer.bill, discount=answer.discount)
        refused = backend.apply(sale.reserve(10, reward_id="bag"))
        assert isinstance(refused, Refused)
        assert refused.because is RefusedBecause.NOT_ALLOWED


@pytest.mark.parametrize(
    ("tiers", "standing"),
    [
        (
            {
                "by": "visits",
                "levels": [{"name": "Guest", "threshold": 2}, {"name": "Regular", "threshold": 4}],
            },
            TierStanding("Guest", 1, 2, "Regular", progress=0, missing_visits=2),
        ),
        (
            {
                "by": "points",
                "levels": [{"name": "Guest", "threshold": 2}, {"name": "Star", "threshold": 2240}],
            },
            TierStanding("Guest", 1, 2, "Star", progress=555, missing_points=Decimal(995)),
        ),
        (
            {
                "by": "spend",
                "window": "rolling_days",
                "days": 2,
                "levels": [{"name": "New", "threshold": 60}],
            },
            TierStanding("", 0, 1, "New", Money(1000, load_shop().program.currency), progress=833),
        ),
    ],
    ids=["visits", "points", "spend in two days"],
)
def test_tiers_go_by_what_the_program_says(
    tiers: dict[str, object], standing: TierStanding, clock: TurnedClock
) -> None:
    program = told({"tiers": tiers, "earning": {"rules": [{"kind": "per_sale", "points": 5}]}})
    with serving(program, clock) as (server, backend):
        sell(server, backend, clock, 5000, TakeNothing())
        found, _ = offer(server, backend, clock, 5000, TakeNothing())
        assert found.account.tier == standing


def test_a_sale_earns_by_the_hour_it_was_quoted_in(clock: TurnedClock) -> None:
    """The customer counted out coins while the happy hour ended."""
    document: dict[str, object] = {
        "earning": {
            "rules": [{"kind": "per_amount", "points": 1}],
            "multipliers": [{"factor": 2, "when": {"until_time": "14:40"}}],
        }
    }
    with serving(told(document), clock) as (server, backend):
        found, answer = offer(server, backend, clock, 10_000, TakeNothing())
        assert answer.earns == Decimal(200)
        clock.turn(minutes=12)
        sale = SaleMaker(clock.now(), bill=answer.bill, discount=answer.discount)
        done = booked(backend.apply(replace(sale.sale(200), program_version="t")))
        assert done.balance == found.account.balance + 200
        clock.turn(minutes=12)
        late = SaleMaker(clock.now(), bill=answer.bill, discount=answer.discount)
        assert isinstance(backend.apply(replace(late.sale(200), program_version="t")), Refused)


def test_a_reservation_may_use_any_rule_that_gives_just_this(clock: TurnedClock) -> None:
    rules = [
        {"conversion": {"points": 1, "value": 1}, "maximum_discount": 200},
        {"conversion": {"points": 1, "value": 2}, "maximum_discount": 150, "rule_id": "double"},
    ]
    with serving(told({"redemption": rules}), clock) as (server, backend):
        answer, _ = sell(server, backend, clock, 50_000, TakeMaximum("double"))
        assert (answer.points_used, answer.discount.minor) == (Decimal(75), 15_000)
        sale = SaleMaker(clock.now(), bill=answer.bill, discount=answer.discount)
        assert isinstance(backend.apply(sale.reserve(74)), Refused)


def test_a_program_without_a_version_is_named_by_its_content(tmp_path: Path) -> None:
    nameless = read_program_value({"currency": "INR"})
    shop = load_shop().with_program(nameless)
    other = load_shop().with_program(replace(nameless, point_scale=1))
    assert shop.program.version
    assert shop.program.version != other.program.version
    assert load_shop().with_program(nameless) == shop
    assert to_units(Decimal(1), other.program.point_scale) == 10
