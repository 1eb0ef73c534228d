"""Any program a document can state, and any account, bill, choice and occasion: strategies for properties."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from msgspec import Struct

from cashier_app.documents.program_document import read_program_value
from cashier_app.domain.bill import Already, Bill, Line
from cashier_app.domain.choice import (
    All,
    Choice,
    PointsChoice,
    TakeAmount,
    TakeMaximum,
    TakeNothing,
    TakePoints,
    TakeReward,
    TakeTogether,
)
from cashier_app.domain.member import Account, Lot, Member, RewardUse, TierStanding, Usage, Used
from cashier_app.domain.money import Money
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.points import from_units
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import Weekday

TIERS = ("Silver", "Gold")
STORES = ("North", "South")
TAGS = ("staff", "student")
PAYMENTS = ("card", "cash")
CATEGORIES = ("bread", "books")
ITEMS = ("1", "2")
NOW = datetime(2026, 11, 21, 10)  # noqa: DTZ001 - the shop's own time

Table = dict[str, Any]

# Small figures meet each other at the edges of the rules; large ones show what overflows.
minors = st.one_of(
    st.integers(0, 300),
    st.integers(0, 3000),
    st.integers(0, 3000),
    st.integers(0, 20000),
    st.integers(0, 10**15),
)
counts = st.integers(1, 3)

# What is drawn first is drawn most: a bill and a balance that something can be done with.
totals = st.one_of(st.sampled_from([2360, 10000, 999, 123456]), minors)


class Case(Struct, frozen=True):
    """Everything a quote is asked about."""

    program: Program
    member: Member
    account: Account
    bill: Bill
    choice: Choice
    occasion: Occasion


@st.composite
def some_of(draw: st.DrawFn, optional: Mapping[str, st.SearchStrategy[Any]], most: int) -> Table:
    """Return a table with a few of these fields: with all of them nothing would ever be allowed."""
    names = draw(st.lists(st.sampled_from(sorted(optional)), unique=True, max_size=most))
    return {name: draw(optional[name]) for name in names}


def amounts(decimals: int) -> st.SearchStrategy[Decimal]:
    """Return amounts in the main unit."""
    return minors.map(lambda minor: Decimal(minor).scaleb(-decimals))


def points(scale: int, least: int = 0) -> st.SearchStrategy[Decimal]:
    """Return points as a document states them."""
    few = st.integers(least, 200)
    units = st.one_of(few, few, few, st.integers(least, 3000), st.integers(least, 10**12))
    return units.map(lambda count: from_units(count, scale))


def percents(most: int = 100) -> st.SearchStrategy[Decimal]:
    """Return hundredths above zero, mostly whole."""
    whole = st.integers(1, most).map(Decimal)
    return st.one_of(whole, st.integers(1, most * 10**6).map(lambda count: Decimal(count).scaleb(-6)))


def names_of(names: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    """Return one or more of these names."""
    return st.lists(st.sampled_from(names), unique=True, min_size=1)


def whens() -> st.SearchStrategy[Table]:
    """Return conditions, mostly none."""
    clocks = st.sampled_from(["00:00:00", "08:00:00", "10:00:00", "10:00:01", "22:00:00"])
    conditions = some_of(
        {
            "tiers": names_of(TIERS),
            "starts": st.sampled_from(["2026-11-20", "2026-11-21", "2026-11-22"]),
            "weekdays": st.lists(st.sampled_from([day.value for day in Weekday]), unique=True),
            "from_time": clocks,
            "until_time": clocks,
            "stores": names_of(STORES),
            "paid_with": names_of(PAYMENTS),
            "member_tags": names_of(TAGS),
            "except_member_tags": names_of(TAGS),
        },
        2,
    )
    return st.one_of(st.just({}), st.just({}), st.just({}), conditions)


def line_choices() -> st.SearchStrategy[Table]:
    """Return which lines count, mostly all."""
    chosen = some_of(
        {
            "only_categories": names_of(CATEGORIES),
            "only_items": names_of(ITEMS),
            "except_categories": names_of(CATEGORIES),
            "except_items": names_of(ITEMS),
            "discounted": st.sampled_from(["included", "excluded", "only"]),
        },
        2,
    )
    return st.one_of(st.just({}), chosen)


needs = st.builds(lambda lines, count: {"lines": lines, "quantity": count}, line_choices(), counts)


@st.composite
def conversions(draw: st.DrawFn, scale: int) -> Table:
    """Return what points are worth; small values are fractions of a minor unit."""
    table: Table = {"points": draw(st.one_of(st.integers(1, 10).map(Decimal), points(scale, 1)))}
    kind = draw(st.sampled_from(["value", "value", "value", "value", "percent", "each_item"]))
    if kind == "percent":
        return {**table, "percent": draw(percents()), "whole_blocks": True}
    units = draw(st.one_of(st.integers(1, 200), st.integers(1, 200), st.integers(1, 10**9)))
    places = draw(st.sampled_from([0, 0, 1, 2, 3, 8]))
    table["value"] = Decimal(units).scaleb(-places)
    if kind == "each_item":
        table |= draw(some_of({"maximum_quantity": st.integers(1, 3)}, 1))
        return {**table, "each_item": True, "whole_blocks": True}
    return {**table, "whole_blocks": draw(st.booleans())}


@st.composite
def rules(draw: st.DrawFn, decimals: int, scale: int, place: int) -> Table:
    """Return a redemption rule with a few of all the limits there are."""
    amount, part = amounts(decimals), st.sampled_from(["included", "excluded"])
    share_of = st.sampled_from(["bill", "lines"])
    counted = {"points": points(scale), "discount": amount, "uses": counts}
    bands = st.lists(st.tuples(minors, amount), max_size=3, unique_by=lambda band: band[0]).map(
        lambda found: [
            {"from_bill": Decimal(at).scaleb(-decimals), "maximum": most} for at, most in sorted(found)
        ]
    )
    cap = some_of({"maximum": amount, "percent": percents(), "lines": line_choices()}, 3)
    optional = {
        "when": whens(),
        "lines": line_choices(),
        "needs": needs,
        "start_points": points(scale),
        "keep_points": points(scale),
        "minimum_points": points(scale),
        "maximum_points": points(scale),
        "maximum_percent_of_balance": percents(),
        "starting_discount": amount,
        "maximum_discount": amount,
        "maximum_by_bill": bands,
        "maximum_percent": percents(),
        "percent_of": share_of,
        "percent_tax": part,
        "minimum_bill": amount,
        "maximum_bill": amount,
        "minimum_of": share_of,
        "minimum_tax": part,
        "covers_tax": st.booleans(),
        "minimum_to_pay": amount,
        "discount_step": amount,
        "per_item": st.lists(cap, max_size=2),
        "quotas": some_of(
            {name: some_of(counted, 2) for name in ("day", "week", "month", "year", "ever")}, 2
        ),
    }
    table: Table = {"rule_id": f"rule-{place}", "conversion": draw(conversions(scale))}
    table |= draw(some_of(optional, 4))
    if table["conversion"]["whole_blocks"]:
        table.pop("discount_step", None)
    for least, most in (
        ("minimum_points", "maximum_points"),
        ("starting_discount", "maximum_discount"),
        ("minimum_bill", "maximum_bill"),
    ):
        if least in table and most in table:
            table[least], table[most] = sorted([table[least], table[most]])
    return table


@st.composite
def rewards(draw: st.DrawFn, decimals: int, scale: int, place: int) -> Table:
    """Return a reward of any kind."""
    amount = amounts(decimals)
    rounding = st.sampled_from(["floor", "half_up", "half_even", "up"])
    kinds: dict[str, Mapping[str, st.SearchStrategy[Any]]] = {
        "amount_off": {"whole_value_only": st.booleans()},
        "percent_off": {"maximum": amount, "tax": st.sampled_from(["included", "excluded"])},
        "item_off": {
            "pick": st.sampled_from(["cheapest", "dearest"]),
            "quantity": counts,
            "percent": percents(),
            "maximum": amount,
        },
        "gift": {},
    }
    kind = draw(st.sampled_from(sorted(kinds)))
    optional = {
        **kinds[kind],
        "when": whens(),
        "lines": line_choices(),
        "needs": needs,
        "minimum_bill": amount,
        "minimum_tax": st.sampled_from(["included", "excluded"]),
        "minimum_quantity": counts,
        "per_bill": counts,
        "per_day": counts,
        "per_member": counts,
        "stock_per_day": counts,
    }
    table: Table = {"kind": kind, "reward_id": f"reward-{place}", "name": "Reward"}
    table["cost"] = draw(st.one_of(st.sampled_from([Decimal(10), Decimal(0)]), points(scale)))
    if kind == "amount_off":
        table["value"] = draw(minors.map(lambda minor: Decimal(minor + 1).scaleb(-decimals)))
        table["value"] = min(table["value"], Decimal(10**15).scaleb(-decimals))
    if kind in {"percent_off", "item_off"}:
        table["rounding"] = draw(rounding)
    if kind == "percent_off":
        table["percent"] = draw(percents())
    return table | draw(some_of(optional, 4))


@st.composite
def tiers(draw: st.DrawFn, decimals: int, scale: int) -> Table:
    """Return two tiers with limits of their own."""
    amount = amounts(decimals)
    optional = {
        "start_points": points(scale),
        "maximum_points": points(scale),
        "maximum_discount": amount,
        "maximum_percent": percents(),
        "minimum_bill": amount,
    }
    levels = [
        {"name": name, "threshold": rank * 100, "limits": draw(some_of(optional, 2)), "multiplier": 1 + rank}
        for rank, name in enumerate(TIERS)
    ]
    return {"levels": levels, "by": draw(st.sampled_from(["points", "spend", "visits"]))}


@st.composite
def earnings(draw: st.DrawFn, decimals: int, scale: int) -> Table:
    """Return how a sale earns: not much, other properties are about that."""
    one = {"kind": "per_amount", "points": draw(points(scale)), "per": 1}
    kinds: list[Table] = [one, {"kind": "percent", "percent": 5}, {"kind": "per_sale", "points": 3}]
    table: Table = {"rules": draw(st.lists(st.sampled_from(kinds), max_size=2))}
    if draw(st.integers(0, 5)) == 5:
        table |= {"spendable_at_once": True, "basis": {"redemption": "before"}}
    return table


rules_in_all = st.sampled_from([1, 1, 2, 2, 2, 3, 3, 0])


@st.composite
def programs(draw: st.DrawFn, *, paying: bool = True) -> Program:
    """Return a program, read and checked as a document; with ways to pay with points, or none."""
    decimals, scale = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    stored = some_of({"maximum_percent": percents(), "minimum_bill": amounts(decimals), "when": whens()}, 2)
    document: Table = {
        "currency": {"code": "KWD", "decimals": decimals},
        "point_scale": scale,
        "redemption": [
            draw(rules(decimals, scale, place)) for place in range(draw(rules_in_all) if paying else 0)
        ],
        "rewards": [
            draw(rewards(decimals, scale, place)) for place in range(draw(st.sampled_from([1, 2, 0])))
        ],
        "earning": draw(earnings(decimals, scale)),
        "combining": draw(combinings()),
        "tender": draw(some_of({"store_credit": stored, "gift_balance": stored}, 2)),
    }
    if draw(st.integers(0, 2)) == 2:
        document["tiers"] = draw(tiers(decimals, scale))
    return read_program_value(document)


def combinings() -> st.SearchStrategy[Table]:
    """Return what may be used together."""
    return some_of(
        {
            "order": st.permutations(["rewards", "points"]),
            "rewards_per_bill": st.integers(0, 3),
            "points_with_rewards": st.booleans(),
            "points_with_stored_value": st.booleans(),
            "rule_pick": st.sampled_from(["best", "first"]),
            "redeeming_stops_earning": st.booleans(),
        },
        4,
    )


@st.composite
def lines(draw: st.DrawFn) -> Line:
    """Return a line of a bill."""
    amount = draw(st.one_of(st.integers(0, 3000), st.integers(0, 10**12)))
    quantity = st.one_of(st.integers(1, 4).map(Decimal), st.sampled_from([Decimal("0.355"), Decimal("2.5")]))
    return Line(
        amount=amount,
        tax=amount * draw(st.sampled_from([0, 0, 5, 17, 100])) // 117,
        quantity=draw(quantity),
        item=draw(st.sampled_from(["", *ITEMS])),
        categories=tuple(draw(st.lists(st.sampled_from(CATEGORIES), unique=True))),
        discounted=draw(st.booleans()),
    )


@st.composite
def bills(draw: st.DrawFn, program: Program) -> Bill:
    """Return a bill, with lines or without, on which something may be redeemed already."""
    found = tuple(draw(st.lists(lines(), max_size=5)))
    detailed: bool = draw(st.booleans())
    if found and detailed:
        total, tax = sum(line.amount for line in found), sum(line.tax for line in found)
    else:
        total, found = draw(totals), ()
        tax = total * draw(st.sampled_from([0, 0, 18])) // 118
    already = Already()
    if draw(st.integers(0, 3)) == 3:
        already = Already(
            draw(st.integers(0, total)), from_units(draw(st.integers(0, 500)), program.point_scale)
        )
    return Bill(Money(total, program.currency), tax, found, already)


@st.composite
def accounts(draw: st.DrawFn, program: Program) -> Account:
    """Return an account: balances below zero or finer than the scale, lots, and what was used before."""
    scale = draw(st.sampled_from([program.point_scale, program.point_scale, 4]))
    units = st.one_of(st.integers(-50, 3000), st.integers(-(10**6), 10**14))
    usual = st.sampled_from([Decimal(60), Decimal(500), Decimal(1234), Decimal(20000), Decimal(10**6)])
    balance = draw(st.one_of(usual, usual, usual, units.map(lambda count: from_units(count, scale))))
    lots: tuple[Lot, ...] = ()
    if draw(st.integers(0, 3)) == 3:
        days = st.sampled_from([None, -1, 0, 5])
        lots = tuple(
            Lot(from_units(draw(st.integers(0, 5000)), scale), _day(draw(days)), _day(draw(days)))
            for _ in range(draw(st.integers(1, 3)))
        )
    tier = draw(st.one_of(st.none(), st.sampled_from(TIERS)))
    held = st.one_of(st.none(), st.integers(-10, 3000).map(lambda minor: Money(minor, program.currency)))
    had = st.builds(RewardUse, counts, counts)
    return Account(
        balance=balance,
        as_of=NOW,
        tier=None if tier is None else TierStanding(tier, TIERS.index(tier) + 1, len(TIERS)),
        lots=lots,
        usage=draw(usages(program.point_scale)),
        reward_uses=draw(st.dictionaries(st.sampled_from(["reward-0", "reward-1"]), had, max_size=1)),
        tags=draw(st.sampled_from([(), (), TAGS[:1], TAGS])),
        store_credit=draw(held),
        gift_balance=draw(held),
    )


def _day(after: int | None) -> date | None:
    return None if after is None else NOW.date() + timedelta(days=after)


@st.composite
def usages(draw: st.DrawFn, scale: int) -> Usage:
    """Return what was used before, mostly nothing."""
    if draw(st.integers(0, 2)) < 2:
        return Usage()
    one = st.builds(Used, points(scale), minors, st.integers(0, 3))
    return Usage(draw(one), draw(one), draw(one), draw(one), draw(one))


def points_choices(program: Program) -> st.SearchStrategy[PointsChoice]:
    """Return a choice of points."""
    ids = ["", "", "", "", *(rule.rule_id for rule in program.redemption), "unheard-of"]
    named = st.sampled_from(ids)
    wish = st.one_of(st.integers(-10, 5000), st.integers(-10, 10**15))
    wishes = wish.map(lambda minor: Money(minor, program.currency))
    units = wish.map(lambda count: from_units(count, program.point_scale))
    return st.one_of(
        st.builds(TakeMaximum, named),
        st.builds(TakeAmount, wishes, named),
        st.builds(TakePoints, units, named),
        st.just(TakeNothing()),
    )


def choices(program: Program) -> st.SearchStrategy[Choice]:
    """Return any choice."""
    ids = st.sampled_from([*(reward.reward_id for reward in program.rewards), "unheard-of"])
    held = st.one_of(
        st.none(), st.just(All()), st.integers(-5, 3000).map(lambda minor: Money(minor, program.currency))
    )
    known = st.sampled_from([reward.reward_id for reward in program.rewards] or ["unheard-of"])
    together = st.builds(
        TakeTogether, points_choices(program), st.lists(known, max_size=3).map(tuple), held, held
    )
    return st.one_of(points_choices(program), ids.map(TakeReward), together, together)


members = st.sampled_from(
    [Member("m", "Priya")] * 7 + [Member("m", "Devika", blocked_since=date(2026, 1, 1))]
)
occasions = st.builds(
    Occasion,
    st.just(NOW),
    st.sampled_from(["", *STORES]),
    st.sampled_from([True] * 7 + [False]),
    st.dictionaries(st.sampled_from(["reward-0", "reward-1"]), counts, max_size=1),
    st.sampled_from(["", *PAYMENTS]),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Return anything at all that may be asked."""
    program = draw(programs())
    return Case(
        program,
        draw(members),
        draw(accounts(program)),
        draw(bills(program)),
        draw(choices(program)),
        draw(occasions),
    )
