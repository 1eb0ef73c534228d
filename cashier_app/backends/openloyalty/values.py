"""Between Open Loyalty's messages and the till's values. Money in the main unit there, points fractional."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import ROUND_FLOOR, Decimal

import phonenumbers
from msgspec.structs import replace

from cashier_app.backends.amounts import main_units, of_main_units
from cashier_app.backends.contract_values import plain_name
from cashier_app.backends.openloyalty.messages import (
    ConditionAnswer,
    MemberAnswer,
    ProblemAnswer,
    ProgressAnswer,
    is_sane,
)
from cashier_app.domain.enrolment import NewMember
from cashier_app.domain.member import Account, Member, TierStanding
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import MemberFound, Refused, RefusedBecause
from cashier_app.domain.phone import mask_phone
from cashier_app.domain.program import Program
from cashier_app.domain.program.earning import Earning, PerAmount
from cashier_app.domain.program.figures import ExactPoints, Points, Rate
from cashier_app.domain.program.redemption import Conversion, RedemptionRule

MAX_TAGS = 100
_LONG_NUMBER = re.compile(r"[0-9]{6,}")
_SPENDING = "totalSpending"
_BY_UNITS = frozenset({"activeUnits", "totalEarnedUnits", "cumulatedEarnedUnits"})


class StrangeAnswerError(ValueError):
    """An answer that cannot be right; says what is wrong with it."""


def earning_of(earns: Decimal, bill: Money) -> Earning | None:
    """Return how a bill earns of which the whole would earn so much: what is left to pay, its share of it.

    None for a bill of nothing, and for what campaigns would take rather than give.
    """
    if bill.minor <= 0 or earns < 0:
        return None
    points = ExactPoints(earns.quantize(Decimal("1e-8"), ROUND_FLOOR))
    return Earning(rules=(PerAmount(points=points, per=Rate(main_units(bill))),))


def plain_units(units: Decimal) -> Decimal:
    """Return units without zeros nobody needs, as exactly as they came.

    Raises:
        StrangeAnswerError: It is no number that units can be.
    """
    if not is_sane(units):
        raise StrangeAnswerError("a number that cannot be right")
    short = units.normalize()
    exponent = short.as_tuple().exponent
    return short.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else short


def money_of(units: Decimal, currency: Currency, *, ceiling: bool = False) -> Money:
    """Return an amount of the main unit as money, what is finer than a minor unit rounded down, or up.

    Raises:
        StrangeAnswerError: It is no amount.
    """
    if not is_sane(units):
        raise StrangeAnswerError("a number that cannot be right")
    money = of_main_units(units, currency, floor=not ceiling, ceiling=ceiling)
    if money is None:
        raise StrangeAnswerError("an amount that cannot be right")
    return money


def phone_forms(e164: str) -> tuple[str, str, str, str]:
    """Return the forms in which a tenant may keep a number: E.164, its digits, national, as dialled."""
    number = phonenumbers.parse(e164)
    national = phonenumbers.national_significant_number(number)
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    dialled = "".join(sign for sign in shown if sign.isdigit())
    return e164, e164.removeprefix("+"), national, dialled


def found_of(
    answer: MemberAnswer,
    balance: Decimal,
    as_of: datetime,
    region: str,
    *,
    tier: TierStanding | None = None,
    store_credit: Money | None = None,
    program: Program | None = None,
) -> MemberFound:
    """Return a member with their account.

    Args:
        answer: The member's record.
        balance: Of the wallet that holds the program's points.
        as_of: When it was asked, UTC: Open Loyalty does not say.
        region: ISO 3166 letters of the shop, for a phone number kept in national form.
        tier: With progress, where that was asked for; else the tier's name alone is known.
        store_credit: Of the wallet that holds money.
        program: The shop's document: how many decimals points are shown with, and perhaps the tiers.

    Raises:
        StrangeAnswerError: The balance is no number that units can be.
    """
    member = Member(
        member_id=answer.customer_id,
        name=plain_name(" ".join(filter(None, (answer.first_name, answer.last_name)))),
        masked_phone=_masked(answer.phone or "", region),
        number=plain_name(answer.loyalty_card_number or "")[:64],
        # It does not say since when; today is the first day this till knows of.
        blocked_since=None if answer.active else as_of.date(),
    )
    name = plain_name(answer.current_level.name) if answer.current_level else ""
    levels = levels_of(program)
    units = plain_units(balance)
    if program is not None and units != units.to_integral_value():
        # So that 17.4 reads as 17.40 beside other figures of the program; nothing is rounded.
        units += Decimal(0).scaleb(-program.point_scale)
    account = Account(
        balance=units,
        as_of=as_of,
        tier=tier or (TierStanding(name, *_place(name, "", levels)) if name else None),
        store_credit=store_credit,
        tags=tuple(filter(None, (plain_name(label.value) for label in answer.labels[:MAX_TAGS]))),
    )
    return MemberFound(member, account)


def tier_of(answer: ProgressAnswer, currency: Currency, levels: Sequence[str] = ()) -> TierStanding | None:
    """Return where a member stands, or None where no tier is named.

    Open Loyalty tells this tier and the next alone: unless `levels` names them all, they are ranks 1 and 2
    of 2, or 1 of 1 at the top. What is missing is said where the next tier has one condition that can be
    counted.
    """
    name, following = plain_name(answer.current_tier_name or ""), plain_name(answer.next_tier_name or "")
    if not (name or following):
        return None
    if not following:
        return TierStanding(name, *_place(name, "", levels))
    percent = answer.current_progress
    progress = int(min(max(percent, Decimal(0)), Decimal(100)) * 10) if percent and is_sane(percent) else 0
    standing = TierStanding(name, *_place(name, following, levels), following, progress=progress)
    conditions = answer.next_tier_current_progress
    return _with_missing(standing, conditions[0], currency) if len(conditions) == 1 else standing


def earned_by_simulation(points: list[Decimal]) -> Decimal:
    """Return what campaigns would give altogether.

    Raises:
        StrangeAnswerError: They would give what cannot be right.
    """
    return plain_units(sum((plain_units(one) for one in points), Decimal(0)))


def valued_by(program: Program, ratio: Decimal) -> tuple[RedemptionRule, ...]:
    """Return the program's way to pay with points, its limits kept, at the worth Open Loyalty gives a point.

    Empty where the worth cannot be right.
    """
    if not is_sane(ratio) or not Decimal("1e-8") <= ratio < Decimal(10) ** 9:
        return ()
    kept = program.redemption[0] if program.redemption else RedemptionRule(conversion=Conversion())
    value = Rate(ratio.quantize(Decimal("1e-8"), ROUND_FLOOR))
    return (replace(kept, conversion=Conversion(points=Points(1), value=value)),)


def refusal_of(problem: ProblemAnswer | None) -> Refused:
    """Return why a write is refused for good, in Open Loyalty's own words."""
    if problem is None:
        return Refused(RefusedBecause.OTHER)
    words = problem.words
    because = RefusedBecause.INVALID
    if "not enough points" in words.casefold():
        because = RefusedBecause.BALANCE_TOO_LOW
    elif problem.names("linkedDocumentNumber"):
        because = RefusedBecause.UNKNOWN_SALE
    # It may quote what was sent, such as a phone number.
    return Refused(because, plain_name(_LONG_NUMBER.sub("…", words)))


CONSENT_LABEL = "cashier_app_consent"
"""Label of a member: version and language of the text agreed to, and when."""


def member_request(new: NewMember, label: dict[str, str], channel: str) -> dict[str, object]:
    """Return the body that makes a member: exactly what the customer told, agreements as they were given."""
    first, _, last = new.name.strip().rpartition(" ")
    told = {
        "firstName": first or last,
        "lastName": last if first else "",
        "phone": new.phone,
        "email": new.email,
        "loyaltyCardNumber": new.number,
        "channelId": channel,
    }
    return {
        "customer": {name: value for name, value in told.items() if value}
        | {
            "agreement1": new.agrees_to_terms,
            "agreement2": new.agrees_to_marketing,
            "agreement3": False,
            "labels": [label, *_consent(new)],
        }
    }


def _consent(new: NewMember) -> list[dict[str, str]]:
    """Return what was agreed to as a label: the agreements themselves only say yes or no."""
    agreed = new.consent
    if agreed is None:
        return []
    at = agreed.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return [{"key": CONSENT_LABEL, "value": f"{agreed.version} {agreed.language} {at}"}]


def levels_of(program: Program | None) -> tuple[str, ...]:
    """Return the names of the tiers, the lowest first, where the program document lists them."""
    return tuple(level.name for level in program.tiers.levels) if program else ()


def _place(name: str, following: str, levels: Sequence[str]) -> tuple[int, int]:
    """Return the rank of a tier and the number of tiers."""
    if name in levels:
        return levels.index(name) + 1, len(levels)
    return (1 if name else 0), max(bool(name) + bool(following), 1)


def _with_missing(standing: TierStanding, condition: ConditionAnswer, currency: Currency) -> TierStanding:
    if not (is_sane(condition.value_goal) and is_sane(condition.current_value)):
        return standing
    missing = max(condition.value_goal - condition.current_value, Decimal(0))
    if condition.attribute == _SPENDING:
        return replace(standing, missing=money_of(missing, currency, ceiling=True))
    if condition.attribute in _BY_UNITS:
        return replace(standing, missing_points=plain_units(missing))
    return standing


def _masked(phone: str, region: str) -> str:
    if phone.startswith("+"):
        return mask_phone(phone)
    try:
        number = phonenumbers.parse(phone, region)
    except phonenumbers.NumberParseException:
        return ""
    return mask_phone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
