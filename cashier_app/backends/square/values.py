"""Between Square's messages and the till's values."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal

import msgspec

from cashier_app.backends.amounts import iso_decimals, minor_units, of_minor_units
from cashier_app.backends.contract_values import plain_name
from cashier_app.backends.square.messages import (
    AccountAnswer,
    CustomerAnswer,
    MoneyAnswer,
    ObjectRead,
    ProductSetAnswer,
    ProgramAnswer,
    RuleAnswer,
    TierAnswer,
)
from cashier_app.domain.member import Account, Lapse, Member
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import MemberFound
from cashier_app.domain.phone import mask_phone
from cashier_app.domain.points import PointName
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import Part
from cashier_app.domain.program.earning import AnyEarningRule, Basis, Earning, PerAmount, PerSale
from cashier_app.domain.program.figures import Amount, ExactPoints, Percent, Points, Rate
from cashier_app.domain.program.rewards import AmountOff, PercentOff, Reward
from cashier_app.domain.program.tiers import Below, Expiry, ExpiryEnd, Refunds, TakenBack
from cashier_app.domain.rounding import Rounding
from cashier_app.errors import KnownError

MOST_KEY = 45
_MONTHS = re.compile(r"P([1-9][0-9]{0,2})M\Z")
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{2,31}\Z")
_MOST_MONTHS = 1200


def square_key(key: str) -> str:
    """Return a key of at most 45 characters for one of ours: the uuid in front without its hyphens.

    Two of our keys never make the same: a uuid has its hyphens always in the same places. What would still be
    too long, the thousandth return of one sale, becomes a digest.
    """
    short = key[:36].replace("-", "") + key[36:]
    return short if len(short) <= MOST_KEY else hashlib.sha256(key.encode()).hexdigest()[:MOST_KEY]


def program_of(
    answer: ProgramAnswer, pricing: Mapping[str, ObjectRead], currency: Currency, *, negative: bool
) -> Program:
    """Return the program: how points are earned, and the rewards a till can reckon by itself.

    Args:
        answer: As Square says it.
        pricing: What each reward takes off, by the id of its tier.
        currency: The till's.
        negative: Whether a balance may fall below zero.

    Raises:
        KnownError: It counts in another currency.
    """
    # Names are cosmetic, and what was read decides: whoever changes a discount changes the version.
    version = hashlib.sha256(msgspec.json.encode([answer, sorted(pricing.items())])).hexdigest()[:24]
    called = answer.terminology
    rewards = (reward_of(tier, pricing.get(tier.id), currency) for tier in answer.reward_tiers or ())
    return Program(
        currency=currency,
        version=f"square-{version}",
        point_name=PointName(
            (plain_name(called.one) if called else "") or "point",
            (plain_name(called.other) if called else "") or "points",
        ),
        earning=_earning_of(answer.accrual_rules or (), currency),
        rewards=tuple(reward for reward in rewards if reward is not None),
        expiry=_expiry_of(answer),
        refunds=Refunds(
            earned=TakenBack.PROPORTIONAL,
            rounding=Rounding.FLOOR,
            below=Below.NEGATIVE if negative else Below.FLOOR,
        ),
    )


def reward_of(tier: TierAnswer, read: ObjectRead | None, currency: Currency) -> Reward | None:
    """Return a reward on the whole bill; None for one that a till cannot give.

    Those are rewards on certain goods, and those that take off less than the till's smallest coin.

    Raises:
        KnownError: It counts in another currency.
    """
    parts = {} if read is None else {one.id: one for one in read.related_objects}
    rule = read.object.pricing_rule_data if read is not None and read.object is not None else None
    if rule is None or rule.exclude_products_id is not None:
        return None
    goods = parts.get(rule.match_products_id or "")
    discount = parts.get(rule.discount_id or "")
    if discount is None or discount.discount_data is None or goods is None:
        return None
    if not _is_everything(goods.product_set_data):
        return None
    off, name = discount.discount_data, plain_name(tier.name) or tier.id
    minimum = Amount(0)
    if rule.minimum_order_subtotal_money is not None:
        minimum = Amount(minor_of(rule.minimum_order_subtotal_money, currency, ceiling=True))
    cost = Points(tier.points)
    if off.discount_type == "FIXED_AMOUNT" and off.amount_money is not None:
        value = Amount(minor_of(off.amount_money, currency))
        if not value:
            return None
        return AmountOff(reward_id=tier.id, name=name, cost=cost, minimum_bill=minimum, value=value)
    if off.discount_type == "FIXED_PERCENTAGE" and off.percentage is not None:
        most = None
        if off.maximum_amount_money is not None:
            most = Amount(minor_of(off.maximum_amount_money, currency))
            if not most:
                return None
        return PercentOff(
            reward_id=tier.id,
            name=name,
            cost=cost,
            minimum_bill=minimum,
            percent=Percent(min(Decimal(off.percentage), Decimal(100))),
            maximum=most,
            rounding=Rounding.HALF_EVEN,
        )
    return None


def found_of(
    account: AccountAnswer, customer: CustomerAnswer | None, now: datetime, zone: tzinfo
) -> MemberFound:
    """Return a member with the account as of now, UTC; days are counted in this zone."""
    phone = account.mapping.phone_number if account.mapping else None
    reference = (customer.reference_id if customer else None) or ""
    names = (customer.given_name, customer.family_name) if customer else ()
    return MemberFound(
        Member(
            member_id=account.id,
            name=plain_name(" ".join(name for name in names if name)),
            masked_phone=mask_phone(phone) if phone else "",
            number=reference if _NUMBER.match(reference) else "",
        ),
        account_of(account, now, zone),
    )


def account_of(account: AccountAnswer, now: datetime, zone: tzinfo) -> Account:
    """Return the balance, which holds no locked points, and what lapses next."""
    soonest = min(
        (one for one in account.expiring_point_deadlines or () if one.points > 0),
        key=lambda one: one.expires_at,
        default=None,
    )
    lapses = None
    if soonest is not None:
        lapses = Lapse(Decimal(soonest.points), soonest.expires_at.astimezone(zone).date())
    return Account(balance=Decimal(account.balance), as_of=now, lapses=lapses)


def check_decimals(currency: Currency) -> None:
    """Refuse a till whose amounts are finer than what Square can be told.

    Raises:
        KnownError: It uses more decimals than ISO 4217 gives its currency, and Square counts by ISO.
    """
    if currency.decimals > iso_decimals(currency.code):
        raise KnownError(
            f"Square counts {currency.code} with {iso_decimals(currency.code)} decimals, this till with "
            f"{currency.decimals}: amounts would not be exact."
        )


def told_amount(money: Money) -> dict[str, object]:
    """Return an amount as Square is told it: in ISO 4217 minor units, whatever the till counts in."""
    code = money.currency.code
    return {"amount": minor_units(money, iso_decimals(code)), "currency": code}


def iso_minor_of(money: MoneyAnswer, currency: Currency) -> int:
    """Return an amount in ISO 4217 minor units, which are not always the till's.

    Raises:
        KnownError: It is of another currency than the till's.
    """
    if money.currency != currency.code:
        raise KnownError(f"Square counts in {money.currency}, this till in {currency.code}.")
    return money.amount


def minor_of(money: MoneyAnswer, currency: Currency, *, ceiling: bool = False) -> int:
    """Return an amount in the till's minor units, what is finer rounded down; up where it must be reached.

    Raises:
        KnownError: It is of another currency than the till's, or beyond all measure.
    """
    told, decimals = iso_minor_of(money, currency), iso_decimals(currency.code)
    read = of_minor_units(told, decimals, currency, floor=not ceiling, ceiling=ceiling)
    if read is None:
        raise KnownError("Square told an amount that cannot be right.")
    return read.minor


def _is_everything(goods: ProductSetAnswer | None) -> bool:
    if goods is None or goods.all_products is not True:
        return False
    return max(goods.quantity_min or 0, goods.quantity_exact or 0) <= 1


def _earning_of(rules: Sequence[RuleAnswer], currency: Currency) -> Earning:
    """Return how a sale earns; rules for certain goods are left out, since a till cannot tell them."""
    found: list[AnyEarningRule] = []
    least = Amount(0)
    basis = Basis()
    for rule in rules:
        if rule.points is None:
            continue
        if rule.accrual_type == "SPEND" and rule.spend_data is not None:
            spend = rule.spend_data
            step = iso_minor_of(spend.amount_money, currency)
            if step > 0:
                per = Rate(Decimal(step).scaleb(-iso_decimals(currency.code)))
                basis = _basis(spend.tax_mode)
                found.append(
                    PerAmount(points=ExactPoints(rule.points), per=per, whole_steps=True, basis=basis)
                )
        elif rule.accrual_type == "VISIT":
            visit = rule.visit_data
            if visit is not None and visit.minimum_amount_money is not None:
                basis = _basis(visit.tax_mode)
                least = Amount(minor_of(visit.minimum_amount_money, currency, ceiling=True))
            found.append(PerSale(points=ExactPoints(rule.points)))
    return Earning(rules=tuple(found), basis=basis, minimum_basis=least)


def _basis(tax_mode: str) -> Basis:
    return Basis(tax=Part.EXCLUDED if tax_mode == "BEFORE_TAX" else Part.INCLUDED)


def _expiry_of(answer: ProgramAnswer) -> Expiry:
    told = _MONTHS.match(answer.expiration_policy.expiration_duration) if answer.expiration_policy else None
    if told is None or int(told[1]) > _MOST_MONTHS:
        return Expiry()
    return Expiry(months=int(told[1]), until_end_of=ExpiryEnd.MONTH)
