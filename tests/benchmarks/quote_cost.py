"""What a quote with 20 rules and 200 lines costs, against the same numbers worked out by hand."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from decimal import Decimal
from statistics import median

import msgspec

from cashier_app.domain.bill import Bill, Line
from cashier_app.domain.choice import TakeMaximum
from cashier_app.domain.member import Account, Member
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.program import Program
from cashier_app.domain.program.figures import read_figure
from cashier_app.domain.quote import quote
from tests.benchmarks.goal import Goal, p95

ROUNDS = 400
LINES = 200
CATEGORIES = tuple(f"category {number}" for number in range(10))
EURO = Currency("EUR", 2)
BALANCE = 48_000
ALLOWED_MS = 2.0
ALLOWED_RATIO = 10.0

_DOCUMENT = {
    "currency": {"code": "EUR", "decimals": 2},
    "earning": {
        "rules": [
            {
                "kind": "per_amount",
                "points": 1 + number,
                "per": "1.00",
                "lines": {"only_categories": [category]},
            }
            for number, category in enumerate(CATEGORIES)
        ]
    },
    "redemption": [
        {
            "rule_id": f"rule-{number}",
            "conversion": {"points": 100, "value": f"0.{90 + number}"},
            "lines": {"except_categories": [category]},
            "minimum_bill": "10.00",
            "start_points": 500,
            "maximum_percent": 20 + number,
            "maximum_discount": "400.00",
        }
        for number, category in enumerate(CATEGORIES)
    ],
}
PROGRAM = msgspec.convert(_DOCUMENT, Program, dec_hook=lambda kind, value: read_figure(kind, value, 2, 0))
_LINES = tuple(
    Line(199 + 37 * number, quantity=Decimal(1 + number % 3), categories=(CATEGORIES[number % 10],))
    for number in range(LINES)
)
BILL = Bill(Money(sum(line.amount for line in _LINES), EURO), lines=_LINES)
ACCOUNT = Account(Decimal(BALANCE), as_of=datetime(2026, 11, 21, tzinfo=UTC))
MEMBER = Member("member", "")
OCCASION = Occasion(datetime(2026, 11, 21, 10, tzinfo=UTC))


def by_hand() -> tuple[int, int, int, int, int]:  # noqa: C901 - by hand means in one piece
    """Return discount, points used, amount to pay, points earned and balance after: minor units, points."""
    total = 0
    for line in _LINES:
        total += line.amount
    best = (0, 0, 0)
    for number in range(10):
        payable = 0
        for line in _LINES:
            if CATEGORIES[number] not in line.categories:
                payable += line.amount
        value = 90 + number
        if total < 1000 or BALANCE < 500:
            continue
        limit = min(40_000, total * (20 + number) // 100, payable, BALANCE * value // 100)
        discount = ((limit + 1) * 100 - 1) // value * value // 100
        points = -(-discount * 100 // value)
        if (discount, -points) > (best[0], -best[1]):
            best = (discount, points, number)
    discount, used, chosen = best
    open_lines = [place for place, line in enumerate(_LINES) if CATEGORIES[chosen] not in line.categories]
    payable = sum(_LINES[place].amount for place in open_lines)
    parts = [discount * _LINES[place].amount // payable for place in open_lines]
    losses = sorted(
        range(len(parts)),
        key=lambda place: (-(discount * _LINES[open_lines[place]].amount % payable), place),
    )
    for place in losses[: discount - sum(parts)]:
        parts[place] += 1
    left = [line.amount for line in _LINES]
    for place, part in zip(open_lines, parts, strict=True):
        left[place] -= part
    exact = 0
    for number in range(10):
        earning = 0
        for place, line in enumerate(_LINES):
            if CATEGORIES[number] in line.categories:
                earning += left[place]
        exact += earning * (1 + number)
    earned = exact // 100
    return discount, used, total - discount, earned, BALANCE - used + earned


def measure(rounds: int = ROUNDS) -> list[Goal]:
    """Return the median cost of a quote in ms, and as a multiple of the same by hand, interleaved."""
    answer = quote(PROGRAM, MEMBER, ACCOUNT, BILL, TakeMaximum(), OCCASION)
    figures = (
        answer.discount.minor,
        int(answer.points_used),
        answer.to_pay.minor,
        int(answer.earns),
        int(answer.balance_after),
    )
    if figures != by_hand():
        raise AssertionError(f"the quote says {figures}, by hand it is {by_hand()}")
    quoted, bare = [], []
    for _ in range(rounds):
        started = time.perf_counter()
        by_hand()
        between = time.perf_counter()
        quote(PROGRAM, MEMBER, ACCOUNT, BILL, TakeMaximum(), OCCASION)
        quoted.append((time.perf_counter() - between) * 1000)
        bare.append((between - started) * 1000)
    detail = (
        f"median of {rounds}: quote {median(quoted):.3f} ms (p95 {p95(quoted):.3f}), "
        f"by hand {median(bare):.3f} ms, 20 rules, {LINES} lines"
    )
    return [
        Goal("quote in ms", median(quoted), ALLOWED_MS, detail),
        Goal("quote / the same by hand", median(quoted) / median(bare), ALLOWED_RATIO, detail),
    ]
