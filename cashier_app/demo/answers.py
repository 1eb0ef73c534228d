"""Answers of the loyalty contract, built from rows and domain values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from cashier_app.demo.ledger import Document, Lapsed, Movement, OpenReservation, stamp
from cashier_app.demo.shop import MemberRow
from cashier_app.domain.member import NEVER_USED, Account, TierStanding, Used
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.personal_offer import PersonalOffer
from cashier_app.domain.points import from_units
from cashier_app.domain.program import Program
from cashier_app.domain.quote import Quote
from cashier_app.domain.reasons import Limit, Period, Refusal
from cashier_app.domain.standing import standing


def member_and_account(row: MemberRow, known: Account, program: Program, today: date) -> Document:
    """Return one entry of ``found``."""
    member: Document = {"member_id": row.member_id, "name": row.name}
    optional = {
        "phone": row.phone,
        "number": row.number,
        "blocked_since": row.blocked_since and row.blocked_since.isoformat(),
        "last_visit": row.last_visit and row.last_visit.isoformat(),
    }
    member.update({name: value for name, value in optional.items() if value})
    return {"member": member, "account": account(known, program, today)}


def account(known: Account, program: Program, today: date) -> Document:
    """Return an account as it stands, with the tier it holds on a day."""
    answer: Document = {
        "balance": points(known.balance),
        "as_of": stamp(known.as_of),
        "version": known.version,
    }
    held = standing(program, known, today)
    if held is not None:
        answer["tier"] = _tier(held)
    if known.lapses is not None:
        answer["lapses"] = {"points": points(known.lapses.points), "on": known.lapses.on.isoformat()}
    if known.store_credit is not None:
        answer["store_credit"] = money(known.store_credit)
    if known.usage != NEVER_USED:
        answer["usage"] = {
            period.value: _used(getattr(known.usage, period.value), program.currency) for period in Period
        }
    if known.offers:
        answer["offers"] = [_offer(one) for one in known.offers]
    for name, uses in (("reward_uses", known.reward_uses), ("rule_uses", known.rule_uses)):
        if uses:
            answer[name] = {one: {"day": use.day, "ever": use.ever} for one, use in uses.items()}
    return answer


def _offer(offer: PersonalOffer) -> Document:
    document: Document = {"kind": offer.kind.value.replace(" ", "_"), "title": offer.title}
    if offer.until is not None:
        document["until"] = offer.until.isoformat()
    return document | ({"voucher": offer.voucher} if offer.voucher else {})


def _tier(held: TierStanding) -> Document:
    tier: Document = {"name": held.name, "rank": held.rank, "of": held.of, "progress": held.progress}
    if held.next_name:
        tier["next_name"] = held.next_name
    if held.missing is not None:
        tier["missing"] = money(held.missing)
    if held.missing_points is not None:
        tier["missing_points"] = points(held.missing_points)
    if held.missing_visits is not None:
        tier["missing_visits"] = held.missing_visits
    return tier


def _used(used: Used, currency: Currency) -> Document:
    return {
        "points": points(used.points),
        "discount": money(Money(used.discount, currency)),
        "uses": used.uses,
        "earned": points(used.earned),
    }


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
        document["limit"] = _code(answer.limit)
    if answer.refusal is not None:
        document["refusal"] = _code(answer.refusal)
    return document


def movement(row: Movement, scale: int, currency: Currency) -> Document:
    """Return one row of the ledger; what was paid belongs to sales."""
    paid = {"paid": money(Money(row.spend, currency))} if row.kind == "sale" else {}
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
        **paid,
    }


def held(row: OpenReservation, scale: int) -> Document:
    """Return one hold that is open."""
    return {
        "key": row.key,
        "sale_id": row.sale_id,
        "member_id": row.member_id,
        "reference": row.reservation_id,
        "points": points(from_units(row.units, scale)),
        "since": row.since,
        "expires_at": row.expires_at,
    }


def lapsed(row: Lapsed, scale: int) -> Document:
    """Return points that expired; not whose they were."""
    expired = points(from_units(row.units, scale))
    return {"reference": f"lapse-{row.sequence}", "points": expired, "at": row.at}


def _code(reason: Limit | Refusal) -> str:
    """Return the stable word for a reason."""
    return str(reason.__struct_config__.tag)


def money(amount: Money) -> Document:
    """Return an amount in minor units with its currency."""
    return {"minor": amount.minor, "currency": amount.currency.code}


def points(amount: Decimal) -> str:
    """Return points as a plain decimal text."""
    return format(amount, "f")
