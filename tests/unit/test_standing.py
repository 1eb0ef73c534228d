"""Where a member stands among the tiers."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.member import Account, TierStanding, Visit
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.program import Program
from cashier_app.domain.program.figures import Threshold
from cashier_app.domain.program.tiers import Spend, Tier, Tiers, TiersBy, Window
from cashier_app.domain.standing import BillCounts, standing

INR, KWD = Currency("INR", 2), Currency("KWD", 3)
TODAY = date(2026, 11, 21)
BRONZE, SILVER, GOLD = (
    Tier(name="Bronze", threshold=Threshold(100)),
    Tier(name="Silver", threshold=Threshold(500)),
    Tier(name="Gold", threshold=Threshold(1000)),
)


def program(
    by: TiersBy = TiersBy.SPEND,
    *,
    currency: Currency = INR,
    window: Window = Window.LIFETIME,
    days: int = 365,
    spend: Spend = Spend.PAID,
    scale: int = 0,
) -> Program:
    tiers = Tiers(levels=(BRONZE, SILVER, GOLD), by=by, window=window, days=days, spend=spend)
    return Program(currency=currency, point_scale=scale, tiers=tiers)


def account(
    *history: Visit,
    qualifying: Decimal | int | None = None,
    tier: TierStanding | None = None,
    balance: int = 0,
) -> Account:
    counted = None if qualifying is None else Decimal(qualifying)
    as_of = datetime(2026, 11, 21, tzinfo=UTC)
    return Account(Decimal(balance), as_of, tier=tier, qualifying=counted, history=history)


def rupees(amount: int) -> Money:
    return Money(amount * 100, INR)


@pytest.mark.parametrize(
    ("spent", "expected"),
    [
        (0, TierStanding("", 0, 3, "Bronze", rupees(100), 0)),
        (99, TierStanding("", 0, 3, "Bronze", rupees(1), 990)),
        (100, TierStanding("Bronze", 1, 3, "Silver", rupees(400), 0)),
        (300, TierStanding("Bronze", 1, 3, "Silver", rupees(200), 500)),
        (999, TierStanding("Silver", 2, 3, "Gold", rupees(1), 998)),
        (1000, TierStanding("Gold", 3, 3)),
        (-50, TierStanding("", 0, 3, "Bronze", rupees(150), 0)),
    ],
)
def test_spend_reaches_a_tier_and_has_some_way_to_go(spent: int, expected: TierStanding) -> None:
    assert standing(program(), account(qualifying=spent), TODAY) == expected
    if spent >= 0:
        assert standing(program(), account(Visit(TODAY, spent * 100)), TODAY) == expected


def test_points_and_visits_have_their_own_way_to_go() -> None:
    by_points = standing(program(TiersBy.POINTS, scale=1), account(qualifying=Decimal("99.96")), TODAY)
    assert by_points == TierStanding("", 0, 3, "Bronze", progress=999, missing_points=Decimal("0.1"))
    by_visits = standing(program(TiersBy.VISITS), account(qualifying=120), TODAY)
    assert by_visits == TierStanding("Bronze", 1, 3, "Silver", progress=50, missing_visits=380)


def test_what_is_missing_is_rounded_up_so_that_it_is_enough() -> None:
    fine = Tiers(levels=(Tier(name="Gold", threshold=Threshold("10.0005")),))
    found = standing(Program(currency=INR, tiers=fine), account(), TODAY)
    assert found == TierStanding("", 0, 1, "Gold", Money(1001, INR), 0)


def test_dinars_have_three_decimals() -> None:
    found = standing(program(currency=KWD), account(Visit(TODAY, 99_999)), TODAY)
    assert found == TierStanding("", 0, 3, "Bronze", Money(1, KWD), 999)


HISTORY = (
    Visit(date(2025, 11, 21), 1000_00, Decimal(100)),
    Visit(date(2025, 11, 22), 500_00, Decimal(50)),
    Visit(date(2026, 1, 1), 60_00, Decimal(6)),
    Visit(TODAY, 40_00, Decimal(4)),
    Visit(date(2026, 11, 22), 9999_00, Decimal(999)),
)


@pytest.mark.parametrize(
    ("window", "name"),
    [(Window.LIFETIME, "Gold"), (Window.ROLLING_DAYS, "Silver"), (Window.CALENDAR_YEAR, "Bronze")],
)
def test_only_visits_in_the_window_count(window: Window, name: str) -> None:
    found = standing(program(window=window, days=365), account(*HISTORY), TODAY)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (TiersBy.POINTS, TierStanding("Bronze", 1, 3, "Silver", progress=150, missing_points=Decimal(340))),
        (TiersBy.VISITS, TierStanding("", 0, 3, "Bronze", progress=40, missing_visits=96)),
    ],
)
def test_points_and_visits_are_counted_over_the_history(by: TiersBy, expected: TierStanding) -> None:
    assert standing(program(by), account(*HISTORY), TODAY) == expected


def test_a_rolling_day_is_today() -> None:
    today_only = program(TiersBy.VISITS, window=Window.ROLLING_DAYS, days=1)
    found = standing(today_only, account(Visit(TODAY), Visit(date(2026, 11, 20))), TODAY)
    assert found is not None
    assert found.missing_visits == 99


@pytest.mark.parametrize(
    ("by", "spend", "missing"),
    [
        (TiersBy.SPEND, Spend.PAID, rupees(20)),
        (TiersBy.SPEND, Spend.BILL, rupees(10)),
        (TiersBy.SPEND, Spend.NET, rupees(30)),
    ],
)
def test_this_bill_counts_by_what_is_spent(by: TiersBy, spend: Spend, missing: Money) -> None:
    adds = BillCounts(paid=30_00, bill=40_00, net=20_00, points_units=15)
    found = standing(program(by, spend=spend), account(qualifying=50), TODAY, adds)
    assert found is not None
    assert found.missing == missing


def test_this_bill_counts_by_points_and_as_a_visit() -> None:
    adds = BillCounts(points_units=15)
    by_points = standing(program(TiersBy.POINTS, scale=1), account(qualifying=50), TODAY, adds)
    by_visits = standing(program(TiersBy.VISITS), account(qualifying=99), TODAY, adds)
    assert by_points is not None
    assert by_points.missing_points == Decimal("48.5")
    assert by_visits is not None
    assert by_visits.name == "Bronze"


@pytest.mark.parametrize(
    ("earned", "used", "name", "missing"),
    [(0, 0, "Bronze", 200), (250, 0, "Silver", 450), (0, 250, "", 50), (30, 230, "Bronze", 400)],
)
def test_a_balance_falls_when_points_are_used(earned: int, used: int, name: str, missing: int) -> None:
    adds = BillCounts(points_units=earned, used_units=used)
    has = account(Visit(TODAY, 0, Decimal(9999)), balance=300)
    after = standing(program(TiersBy.BALANCE), has, TODAY, adds)
    assert after is not None
    assert after.name == name
    assert after.missing_points == missing


def test_a_tier_by_balance_that_the_backend_named_stays() -> None:
    named = TierStanding("Gold", 3, 3)
    assert standing(program(TiersBy.BALANCE), account(tier=named, qualifying=5), TODAY) is named


@pytest.mark.parametrize(
    ("on", "today", "counts"),
    [
        (date(2024, 2, 29), date(2025, 2, 27), True),
        (date(2024, 2, 29), date(2025, 2, 28), False),
        (date(2025, 11, 22), TODAY, True),
        (date(2025, 11, 21), TODAY, False),
        (date(2026, 11, 22), TODAY, False),
    ],
)
def test_rolling_months_end_on_the_same_day_of_the_month(on: date, today: date, counts: bool) -> None:  # noqa: FBT001
    held = standing(program(window=Window.ROLLING_MONTHS), account(Visit(on, 100_00)), today)
    assert held is not None
    assert (held.name == "Bronze") is counts


def test_a_history_counts_before_a_figure() -> None:
    found = standing(program(), account(Visit(TODAY, 100_00), qualifying=500), TODAY)
    assert found is not None
    assert found.name == "Bronze"


def test_a_tier_named_is_held_and_only_raised_by_what_counts() -> None:
    silver = TierStanding("Silver", 2, 3)
    kept = standing(program(), account(qualifying=20, tier=silver), TODAY)
    raised = standing(program(), account(qualifying=10**6, tier=silver), TODAY)
    assert kept is not None
    assert (kept.name, kept.rank, kept.next_name, kept.progress) == ("Silver", 2, "Gold", 0)
    assert raised is not None
    assert raised.name == "Gold"


def test_a_tier_the_backend_named_stays_as_it_is() -> None:
    named = TierStanding("Gold", 0, 0, missing=rupees(7))
    adds = BillCounts(paid=10**9)
    assert standing(program(), account(tier=named), TODAY, adds) is named
    assert standing(Program(currency=INR), account(tier=named, qualifying=5), TODAY) is named
    assert standing(Program(currency=INR), account(qualifying=5), TODAY) is None


def test_a_tier_that_begins_at_zero_is_held_by_all_but_those_below_zero() -> None:
    tiers = Tiers(levels=(Tier(name="Member"), GOLD))
    shop = Program(currency=INR, tiers=tiers)
    assert standing(shop, account(), TODAY) == TierStanding("Member", 1, 2, "Gold", rupees(1000), 0)
    below = standing(shop, account(qualifying=-1), TODAY)
    assert below == TierStanding("", 0, 2, "Member", rupees(1), 0)


@given(
    spent=st.integers(-(10**6), 10**6),
    more=st.integers(0, 10**6),
    thresholds=st.lists(st.decimals(0, 9999, places=4), min_size=1, max_size=5, unique=True),
)
def test_more_spend_never_lowers_and_what_is_missing_is_enough(
    spent: int, more: int, thresholds: list[Decimal]
) -> None:
    levels = tuple(Tier(name=str(each), threshold=Threshold(each)) for each in sorted(thresholds))
    shop = Program(currency=INR, tiers=Tiers(levels=levels))
    served = account(qualifying=Decimal(spent).scaleb(-2))
    now, then = standing(shop, served, TODAY), standing(shop, served, TODAY, BillCounts(paid=more))
    assert now is not None
    assert then is not None
    assert then.rank >= now.rank
    assert 0 <= now.progress <= 1000
    if now.missing is not None:
        reached = standing(shop, served, TODAY, BillCounts(paid=now.missing.minor))
        just_short = standing(shop, served, TODAY, BillCounts(paid=now.missing.minor - 1))
        assert reached is not None
        assert just_short is not None
        assert just_short.rank == now.rank < reached.rank
