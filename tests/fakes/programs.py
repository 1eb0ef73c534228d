"""Programs, accounts and bills written the way documents write them: main units, as text or whole numbers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from cashier_app.documents.program_document import read_program_value
from cashier_app.domain.bill import NOTHING_YET, Already, Bill, Line
from cashier_app.domain.choice import Choice, TakeAmount, TakeMaximum
from cashier_app.domain.member import Account, Member, TierStanding
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.program import Program
from cashier_app.domain.quote import Quote, quote

SATURDAY_TEN = datetime(2026, 11, 21, 10)  # noqa: DTZ001 - the shop's own time
OPEN = Occasion(SATURDAY_TEN)
MEMBER = Member("m-1", "Priya")
ONE_EACH: dict[str, object] = {"points": 1, "value": 1}
"""One point pays one main unit."""


def program_of(currency: str = "INR", **document: object) -> Program:
    """Return the program a document of these tables describes, checked as every document is."""
    return read_program_value({"currency": currency, **document})


def paying_with_points(currency: str = "INR", **rule: object) -> Program:
    """Return a program of one redemption rule; one point pays one main unit unless it says otherwise."""
    return program_of(currency, redemption=[{"conversion": ONE_EACH, **rule}])


def rewarding(kind: str, *, cost: object = 500, currency: str = "INR", **reward: object) -> Program:
    """Return a program of one catalogue reward of the id ``r``."""
    return program_of(
        currency, rewards=[{"reward_id": "r", "name": "Reward", "kind": kind, "cost": cost, **reward}]
    )


COIN_FOR_100 = {"rules": [{"kind": "per_amount", "points": 1, "per": 100}]}
COIN_RULE: dict[str, object] = {
    "conversion": {"points": 1, "value": 1},
    "start_points": 100,
    "minimum_bill": 500,
    "maximum_by_bill": [{"from_bill": 500, "maximum": 200}, {"from_bill": 2500, "maximum": 250}],
}
CATALOGUE: list[dict[str, object]] = [
    {"reward_id": "coffee", "name": "Free coffee", "kind": "gift", "cost": 120},
    {"reward_id": "tenth", "name": "10% off", "kind": "percent_off", "cost": 500, "percent": 10},
]


def coins(rule: dict[str, object] | None = None, **document: object) -> Program:
    """Return the program of the pictures with some tables changed."""
    whole = {"version": "7", "earning": COIN_FOR_100, "rewards": CATALOGUE, **document}
    return program_of("INR", redemption=[{**COIN_RULE, **(rule or {})}], **whole)


def money_of(amount: object, currency: Currency) -> Money:
    """Return an amount written in the main unit, such as ``12.50``."""
    minor = Decimal(str(amount)).scaleb(currency.decimals)
    assert minor == int(minor)
    return Money(int(minor), currency)


def line_of(
    program: Program,
    amount: object,
    *categories: str,
    quantity: object = 1,
    tax: object = 0,
    item: str = "",
    discounted: bool = False,
) -> Line:
    """Return a line; amount and tax in the main unit for the whole of it."""
    return Line(
        amount=money_of(amount, program.currency).minor,
        tax=money_of(tax, program.currency).minor,
        quantity=Decimal(str(quantity)),
        item=item,
        categories=categories,
        discounted=discounted,
    )


def bill_for(program: Program, *lines: Line, already: Already = NOTHING_YET) -> Bill:
    """Return a bill of these lines."""
    total = Money(sum(line.amount for line in lines), program.currency)
    return Bill(total, sum(line.tax for line in lines), lines, already)


def account_of(balance: object, tier: str = "", **more: object) -> Account:
    """Return an account; its tier is the one the backend named."""
    standing = TierStanding(tier, 1, 2) if tier else None
    return Account(Decimal(str(balance)), SATURDAY_TEN, tier=standing, **more)  # type: ignore[arg-type]


def quoted(
    program: Program,
    bill: object,
    balance: object = 1240,
    choice: Choice | None = None,
    *,
    occasion: Occasion = OPEN,
    member: Member = MEMBER,
) -> Quote:
    """Return the quote for a bill, or an amount in the main unit, and an account, or a balance."""
    whole = bill if isinstance(bill, Bill) else Bill(money_of(bill, program.currency))
    account = balance if isinstance(balance, Account) else account_of(balance)
    return quote(program, member, account, whole, choice or TakeMaximum(), occasion)


def taking(program: Program, amount: object, rule_id: str = "") -> TakeAmount:
    """Return the wish to take an amount in the main unit off."""
    return TakeAmount(money_of(amount, program.currency), rule_id)
