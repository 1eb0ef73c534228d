"""Whose quote it is: balance, lots, tier, rewards had before, rules used; read, or refused with a path."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cashier_app.domain.member import RewardUse
from cashier_app.domain.money import Money
from tests.unit.quote_requests import INR, PROGRAM, error, read


def test_a_balance_may_be_below_zero() -> None:
    assert read(account={"balance": "-3.5"}).account.balance == Decimal("-3.5")
    assert read(account={"balance": -3}).account.balance == -3
    assert error(account={"balance": "-3.55"}).value == "-3.55"
    assert error(account={"balance": "--3"}).path == "account.balance"


def test_a_balance_left_out_is_what_the_lots_hold_today() -> None:
    lots = [
        {"points": 10},
        {"points": 5, "last_day": "2026-11-21"},
        {"points": 7, "last_day": "2026-11-20"},
        {"points": 1, "first_day": "2026-11-22"},
    ]
    assert read(account={"lots": lots}).account.balance == 16
    assert read(account={"lots": lots, "balance": 16}).account.balance == 16
    # Told, it stands: some systems count lapsed points in it until the night.
    assert read(account={"lots": lots, "balance": 23}).account.balance == 23


def test_a_tier_is_named_in_any_case_and_must_be_one_of_the_program() -> None:
    tier = read(account={"tier": "gold"}).account.tier
    assert tier is not None
    assert (tier.name, tier.rank, tier.of) == ("Gold", 2, 2)
    assert "Silver, Gold" in error(account={"tier": "Bronze"}).expected


def test_a_tier_told_is_held_whatever_counts() -> None:
    found = read(account={"tier": "Gold", "qualifying": "999.99"}).account
    assert found.qualifying == Decimal("999.99")
    assert found.tier is not None
    assert found.tier.name == "Gold"


@pytest.mark.parametrize(
    ("by", "written", "counted"),
    [
        ("points", "2.5", Decimal("2.5")),
        ("visits", "3", 3),
        ("visits", 3, 3),
        ("spend", "9.99", Decimal("9.99")),
    ],
)
def test_what_counts_towards_tiers_is_read_by_what_they_go_by(
    by: str, written: object, counted: Decimal
) -> None:
    program = {**PROGRAM, "tiers": {"by": by, "levels": [{"name": "Gold", "threshold": 1000}]}}
    assert read(program=program, account={"qualifying": written}).account.qualifying == counted


def test_where_tiers_go_by_the_balance_nothing_else_counts() -> None:
    program = {**PROGRAM, "tiers": {"by": "balance", "levels": [{"name": "Gold", "threshold": 10}]}}
    assert error(program=program, account={"qualifying": 10}).path == "account.qualifying"


def test_visits_are_whole() -> None:
    program = {**PROGRAM, "tiers": {"by": "visits", "levels": [{"name": "Gold", "threshold": 10}]}}
    assert error(program=program, account={"qualifying": "2.5"}).path == "account.qualifying"
    assert error(program=program, account={"qualifying": "٣"}).path == "account.qualifying"


def test_a_program_without_tiers_takes_any_tier() -> None:
    program = {key: value for key, value in PROGRAM.items() if key != "tiers"}
    tier = read(program=program, account={"tier": "Black"}).account.tier
    assert tier is not None
    assert tier.name == "Black"
    assert read(program=program, account={"tier": ""}).account.tier is None


def test_what_is_needed_may_not_be_left_out() -> None:
    assert error(account={"lots": [{}]}).path == "account.lots[0].points"
    assert error(account={"history": [{}]}).path == "account.history[0].on"


def test_a_longer_while_holds_no_less_than_a_shorter_one() -> None:
    usage = read(account={"used": {"day": {"points": 5}, "month": {"uses": 2}}}).account.usage
    assert [each.points for each in (usage.day, usage.week, usage.month, usage.year, usage.ever)] == [5] * 5
    assert [each.uses for each in (usage.day, usage.week, usage.month, usage.year, usage.ever)] == [
        0,
        0,
        2,
        2,
        2,
    ]


def test_rewards_had_before_are_counted() -> None:
    account = read(account={"rewards_used": {"mug": {"day": 2}}}, rewards_given_today={"mug": 3}).account
    assert account.reward_uses == {"mug": RewardUse(2, 2)}
    assert "'mug'" in error(account={"rewards_used": {"mugg": {}}}).expected
    assert error(rewards_given_today={"cup": 1}).path == "rewards_given_today.cup"


def test_the_rest_of_an_account() -> None:
    account = read(
        account={
            "history": [{"on": "2026-01-01", "spend": "12.50", "points": 3}],
            "tags": ["staff"],
            "store_credit": 5,
            "gift_balance": "6.00",
            "blocked_since": "2026-01-01",
        }
    )
    assert account.member.blocked_since == date(2026, 1, 1)
    assert account.account.history[0].spend == 1250
    assert account.account.tags == ("staff",)
    assert account.account.store_credit == Money(500, INR)
    assert account.account.gift_balance == Money(600, INR)


def test_a_member_who_will_be_blocked_is_not_blocked_yet() -> None:
    assert read(account={"blocked_since": "2026-11-21"}).member.blocked_since == date(2026, 11, 21)
    assert read(account={"blocked_since": "2026-11-22"}).member.blocked_since is None


def test_uses_of_rules_are_counted_by_name() -> None:
    program = {
        **PROGRAM,
        "earning": {"rules": [{"kind": "per_sale", "name": "Once", "points": 1, "per_day": 1}]},
    }
    account = read(program=program, account={"rules_used": {"Once": {"day": 1}}}).account
    assert account.rule_uses == {"Once": RewardUse(1, 1)}
    assert error(account={"rules_used": {"Twice": {}}}).path == "account.rules_used.Twice"
