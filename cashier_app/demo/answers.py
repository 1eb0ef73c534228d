"""Answers of the loyalty contract, built from rows and domain values."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from cashier_app.demo.ledger import Document, Movement, stamp
from cashier_app.demo.shop import MemberRow, Shop, account_of
from cashier_app.domain.money import Money
from cashier_app.domain.points import from_units
from cashier_app.domain.quote import Quote
from cashier_app.domain.reasons import (
    BillCovered,
    CappedAmount,
    CappedPercent,
    ChosenReward,
    LeftToPay,
    Limit,
    MemberBlocked,
    NeedsBill,
    NeedsPoints,
    NotOffline,
    Refusal,
    WholeBalance,
    WholeSteps,
)

_CODES: dict[type[Limit | Refusal], str] = {
    CappedAmount: "capped_amount",
    CappedPercent: "capped_percent",
    WholeBalance: "whole_balance",
    WholeSteps: "whole_steps",
    LeftToPay: "left_to_pay",
    BillCovered: "bill_covered",
    ChosenReward: "chosen_reward",
    NeedsBill: "needs_bill",
    NeedsPoints: "needs_points",
    MemberBlocked: "member_blocked",
    NotOffline: "not_offline",
}


def member_and_account(row: MemberRow, shop: Shop, as_of: datetime) -> Document:
    """Return one entry of ``found``."""
    member: Document = {"member_id": row.member_id, "name": row.name}
    optional = {
        "phone": row.phone,
        "number": row.number,
        "blocked_since": row.blocked_since and row.blocked_since.isoformat(),
        "last_visit": row.last_visit and row.last_visit.isoformat(),
    }
    member.update({name: value for name, value in optional.items() if value})
    return {"member": member, "account": account(row, shop, as_of)}


def account(row: MemberRow, shop: Shop, as_of: datetime) -> Document:
    """Return an account as it stands."""
    known = account_of(row, shop, as_of)
    answer: Document = {"balance": points(known.balance), "as_of": stamp(as_of), "version": known.version}
    if known.tier is not None:
        tier: Document = {
            "name": known.tier.name,
            "rank": known.tier.rank,
            "of": known.tier.of,
            "progress": known.tier.progress,
        }
        if known.tier.missing is not None:
            tier |= {"next_name": known.tier.next_name, "missing": money(known.tier.missing)}
        answer["tier"] = tier
    if known.lapses is not None:
        answer["lapses"] = {"points": points(known.lapses.points), "on": known.lapses.on.isoformat()}
    if known.store_credit is not None:
        answer["store_credit"] = money(known.store_credit)
    return answer


def quoted(answer: Quote) -> Document:
    """Return a quote."""
    document: Document = {
        "bill": money(answer.bill),
        "maximum": money(answer.maximum),
        "discount": money(answer.discount),
        "points": points(answer.points_used),
        "to_pay": money(answer.to_pay),
        "earns": points(answer.earns),
        "balance_after": points(answer.balance_after),
        "program_version": answer.program_version,
    }
    if answer.limit is not None:
        document["limit"] = _CODES[type(answer.limit)]
    if answer.refusal is not None:
        document["refusal"] = _CODES[type(answer.refusal)]
    return document


def movement(row: Movement, scale: int) -> Document:
    """Return one row of the ledger."""
    return {
        "sequence": row.sequence,
        "key": row.key,
        "kind": row.kind,
        "member_id": row.member_id,
        "sale_id": row.sale_id,
        "points": points(from_units(row.units, scale)),
        "balance_after": points(from_units(row.balance_after, scale)),
        "at": row.at,
        "booked_at": row.booked_at,
    }


def money(amount: Money) -> Document:
    """Return an amount in minor units with its currency."""
    return {"minor": amount.minor, "currency": amount.currency.code}


def points(amount: Decimal) -> str:
    """Return points as a plain decimal text."""
    return format(amount, "f")
