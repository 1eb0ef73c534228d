"""The answer to a quote request, as plain values: money and points as text, reasons with their numbers.

Money has exactly the decimals of the currency; points, percents and quantities have no more than they need.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import cast

from msgspec import Struct
from msgspec.structs import fields, replace

from cashier_app.documents.quote_request import Booked, Id, QuoteRequest
from cashier_app.documents.request_fields import RequestError
from cashier_app.domain.choice import Choice, asks_for_points
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.member import Lot, TierStanding
from cashier_app.domain.money import Money
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.quote import Quote, quote
from cashier_app.domain.reasons import NoWayToPay, Refusal
from cashier_app.domain.refund import MoreThanSold, RefundPlan, RefundRefusal, Sold, next_return, no_returns
from cashier_app.domain.rounding import shared_out

Plain = str | int | Decimal | bool | None | list["Plain"] | dict[str, "Plain"]
Answer = dict[str, Plain]


def answered(request: QuoteRequest) -> Quote:
    """Return the quote a request asks for."""
    occasion = Occasion(
        at=request.at,
        store=request.store,
        online=request.online,
        rewards_given=request.rewards_given_today,
        paid_with=request.paid_with,
    )
    return quote(request.program, request.member, request.account, request.bill, request.choice, occasion)


def answer_to(request: QuoteRequest) -> Answer:
    """Return the whole answer: the quote, and the returns where some were asked for."""
    found = answered(request)
    answer = {"id": request.request_id, **quote_fields(found, request)}
    plans = () if request.refunds is None else tuple(_plans(request, found))
    places = request.bill_places
    answer["refunds"] = None if request.refunds is None else [_refund_fields(*each, places) for each in plans]
    for name, total in _totals([plan for plan, _ in plans]).items():
        answer[name] = None if request.refunds is None else plain(total)
    return answer


def quote_fields(found: Quote, request: QuoteRequest) -> Answer:
    """Return what the quote of a request says, every key present."""
    return {
        "allowed_points": plain(found.maximum_points),
        "allowed_discount": plain(found.maximum),
        "points_used": plain(found.points_used),
        "discount": plain(found.discount),
        "payable": plain(found.to_pay),
        "points_earned": plain(found.earns),
        "balance_after": plain(found.balance_after),
        "tier": _tier_name(found.tier),
        "tier_after": _tier_name(found.tier_after),
        "binding": plain(found.limit or found.refusal),
        "refusal": plain(_refusal(found, request.choice)),
        "next_step": plain(found.next_step),
        "rule": found.rule_id or None,
        "rewards": [reward.reward_id for reward in found.rewards_taken],
        "step": plain(found.step),
        "minimum_discount": plain(found.minimum),
        "store_credit_used": plain(found.tendered.store_credit),
        "gift_balance_used": plain(found.tendered.gift_balance),
        "options": _options(found),
        "next_reward": _next_reward(found),
        "next_tier": _next_tier(found.tier_after),
        "lots_used": [_lot(lot) for lot in found.lots_used],
        "lapses": plain(found.lapses),
        "earned_usable_from": plain(found.earned_lot.first_day),
        "earned_lapse_on": plain(found.earned_lot.last_day),
        "line_discounts": _line_discounts(found, request),
        "program_version": found.program_version,
    }


def _refusal(found: Quote, choice: Choice) -> Refusal | None:
    """Return why what was chosen was not given, or why points that were asked for may not be used.

    A reward that was given needs no excuse for points that may not be used. Where points pay for nothing in
    the whole program, asking for as many as allowed asks for none.
    """
    if found.choice_refusal is not None or found.rewards_taken or not asks_for_points(choice):
        return found.choice_refusal
    return None if isinstance(found.refusal, NoWayToPay) else found.refusal


def _line_discounts(found: Quote, request: QuoteRequest) -> list[Plain]:
    """Return what was taken off each line that was stated; off one below zero nothing is."""
    taken = dict(zip(request.bill_places or (0,), found.taken, strict=True))
    return [
        plain(Money(taken.get(place, 0), found.bill.currency)) for place in range(request.bill_lines or 1)
    ]


def plain(value: object) -> Plain:
    """Return a value of the domain as it is written; a reason carries its tag and all its numbers."""
    match value:
        case None | bool() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return plain(value.value)
        case Money(minor, currency):
            return f"{Decimal(minor).scaleb(-currency.decimals):f}"
        case Decimal():
            return _trimmed(value)
        case int():
            return value
        case date() | time():
            return value.isoformat()
        case tuple() | list():
            return [plain(item) for item in cast("Sequence[object]", value)]
        case Struct():
            config = value.__struct_config__
            named: Answer = {} if config.tag_field is None else {config.tag_field: cast("str", config.tag)}
            return named | {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            raise TypeError(f"{value.__class__.__name__} has no plain form")


def _trimmed(exact: Decimal) -> str:
    text = f"{exact:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _tier_name(tier: TierStanding | None) -> Plain:
    return tier.name or None if tier is not None else None


def _next_tier(tier: TierStanding | None) -> Plain:
    if tier is None or not tier.next_name:
        return None
    told = (tier.missing, tier.missing_points, tier.missing_visits)
    missing = next((one for one in told if one is not None), None)
    return {"name": tier.next_name, "missing": str(missing) if isinstance(missing, int) else plain(missing)}


def _next_reward(found: Quote) -> Plain:
    nearest = found.next_reward
    if nearest is None:
        return None
    return {
        "reward": nearest.reward.reward_id,
        "name": nearest.reward.name,
        "cost": plain(Decimal(nearest.reward.cost)),
        "missing": plain(nearest.missing),
        "missing_after": plain(nearest.missing_after),
    }


def _options(found: Quote) -> list[Plain]:
    rules: list[Plain] = [
        {
            "rule": option.rule.rule_id,
            "name": option.rule.name,
            "allowed_discount": plain(option.maximum),
            "points": plain(option.points),
            "binding": plain(option.limit),
            "refusal": plain(option.refusal),
        }
        for option in found.rules
    ]
    rewards: list[Plain] = [
        {
            "reward": option.reward.reward_id,
            "name": option.reward.name,
            "allowed_discount": plain(option.discount),
            "points": plain(Decimal(option.reward.cost)),
            "refusal": plain(option.refusal),
        }
        for option in found.rewards
    ]
    return rules + rewards


def _lot(lot: Lot) -> Plain:
    return {
        "points": plain(lot.points),
        "first_day": plain(lot.first_day),
        "last_day": plain(lot.last_day),
    }


def _plans(request: QuoteRequest, found: Quote) -> list[tuple[RefundPlan, Decimal]]:
    """Return each return with the balance after it; one that is refused counts as not made."""
    sale = sold(request, found)
    balance = found.balance_after
    if request.booked.points_earned is not None or request.booked.points_used is not None:
        balance += found.points_used - found.earns + sale.earned - sale.points_used
    plans: list[tuple[RefundPlan, Decimal]] = []
    so_far = no_returns(sale)
    for back in request.refunds or ():
        balance = balance if back.balance is None else back.balance
        plan, so_far = next_return(request.program, sale, so_far, back.returned, balance)
        balance += plan.balance_change
        plans.append((plan, balance))
    return plans


def sold(request: QuoteRequest, found: Quote) -> Sold:
    """Return the sale that goods come back from: as quoted, or as the request says it was booked."""
    booked = request.booked
    taken = _taken(request, found, booked)
    points_used = found.points_used if booked.points_used is None else booked.points_used
    tier = found.tier_after if request.program.tiers.counts_this_bill else found.tier
    stored = found.tendered.minor
    return Sold(
        bill=request.bill,
        now=Circumstances(
            at=request.at,
            store=request.store,
            tier=tier.name if tier is not None else "",
            tags=request.account.tags,
            paid_with=request.paid_with,
        ),
        taken=taken,
        discount=sum(taken),
        points_used=points_used,
        earned=found.earns if booked.points_earned is None else booked.points_earned,
        stored_value=min(stored, request.bill.total.minor - sum(taken)),
        before=request.account.usage,
        uses=request.account.rule_uses,
        redeemed=bool(points_used or sum(taken) or found.rewards_taken or request.bill.already.points),
    )


def _taken(request: QuoteRequest, found: Quote, booked: Booked) -> tuple[int, ...]:
    if booked.discount is None or booked.discount == sum(found.taken):
        return found.taken
    return tuple(shared_out(booked.discount, [line.amount for line in request.bill.each_line()]))


def _refund_fields(plan: RefundPlan, balance: Decimal, places: Sequence[int]) -> Plain:
    return {
        "points_taken_back": plain(plan.taken_back),
        "points_restored": plain(plan.restored),
        "money_back": plain(plan.money_back),
        "discount_taken_back": plain(plan.discount_back),
        "points_short": plain(plan.shortfall),
        "balance_after": plain(balance),
        "refusal": plain(_by_stated_line(plan.refused, places)),
    }


def _by_stated_line(refused: RefundRefusal | None, places: Sequence[int]) -> RefundRefusal | None:
    """Return a refusal that counts lines as the request does, those below zero included."""
    if isinstance(refused, MoreThanSold) and refused.line is not None:
        return replace(refused, line=places[refused.line])
    return refused


def _totals(plans: Sequence[RefundPlan]) -> dict[str, object]:
    money = sum((plan.money_back.minor for plan in plans), 0)
    return {
        "points_taken_back": sum((plan.taken_back for plan in plans), NO_POINTS),
        "points_restored": sum((plan.restored for plan in plans), NO_POINTS),
        "money_back": Money(money, plans[0].money_back.currency) if plans else None,
    }


def error_answer(error: RequestError, request_id: Id, line: int) -> Answer:
    """Return the answer to a line that cannot be answered; lines are counted from 1."""
    told: Plain = {
        "path": error.path,
        "value": error.value,
        "expected": error.expected,
        "message": str(error),
    }
    return {"id": request_id, "line": line, "error": told}
