"""What may be redeemed on this bill, and why not more: values, never sentences.

`quote` is total: every member, account and bill gets an answer. Points used are exactly what pays for the
discount; no point is burnt for nothing and no minor unit is invented by a division.
"""

from __future__ import annotations

from decimal import Decimal
from math import floor

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.member import Account, Member
from cashier_app.domain.money import Money, zero
from cashier_app.domain.points import NO_POINTS, from_units, to_units
from cashier_app.domain.program import Program, Reward, RewardKind
from cashier_app.domain.reasons import (
    BillCovered,
    CappedAmount,
    CappedPercent,
    ChosenReward,
    EarnsTowards,
    LeftToPay,
    Limit,
    MemberBlocked,
    MoreBill,
    MorePoints,
    NeedsBill,
    NeedsPoints,
    NextStep,
    NotOffline,
    Refusal,
    WholeBalance,
    WholeSteps,
)


# What the cashier chose.
class TakeMaximum(Struct, frozen=True):
    """Use as many points as allowed."""


class TakeAmount(Struct, frozen=True):
    """Take this much off, or the nearest step below it."""

    amount: Money


class TakeNothing(Struct, frozen=True):
    """Use no points on this sale."""


class TakeReward(Struct, frozen=True):
    """Use a catalogue reward instead."""

    reward_id: str


Choice = TakeMaximum | TakeAmount | TakeNothing | TakeReward


class RewardOption(Struct, frozen=True):
    """A catalogue reward with the discount it would give here, or the reason it cannot be used."""

    reward: Reward
    discount: Money
    refusal: Refusal | None = None


class Quote(Struct, frozen=True):
    """The answer for one bill.

    Args:
        maximum: The most that may be taken off, and `maximum_points` what it costs.
        minimum: The least that may be taken off (one step); zero where nothing may.
        step: Smallest difference between two discounts.
        discount: What the choice takes off; `points_used` pays for exactly that.
        reward: The catalogue reward chosen, if any.
        earns: Points this sale will earn.
        balance_after: Balance once the backend has booked everything.
        limit: What binds the maximum; None where a `refusal` says why it is zero, or before a bill is typed.
        next_step: What would raise the maximum.
        program_version: The rules this answer follows.
    """

    bill: Money
    maximum: Money
    maximum_points: Decimal
    minimum: Money
    step: Money
    discount: Money
    points_used: Decimal
    to_pay: Money
    earns: Decimal
    balance_after: Decimal
    program_version: str
    limit: Limit | None = None
    refusal: Refusal | None = None
    next_step: NextStep | None = None
    reward: Reward | None = None
    rewards: tuple[RewardOption, ...] = ()


def quote(
    program: Program,
    member: Member,
    account: Account,
    bill: Money,
    choice: Choice,
    *,
    online: bool = True,
) -> Quote:
    """Say what may be redeemed on this bill, what binds it, and what the sale earns.

    Amounts are minor units of the program's currency, points of its scale. A choice above what is allowed is
    lowered to it; one between two steps to the step below.
    """
    allowed = _allowed(program, account.balance, bill.minor)
    refusal = _refusal(program, member, account, bill, online=online)
    if refusal is not None:
        allowed = _Allowed(0, None)
    step = program.redemption.conversion.step(program.point_scale)
    options = tuple(
        _reward_option(program, reward, member, account, bill, online=online) for reward in program.rewards
    )
    chosen = _chosen_reward(choice, options)
    if chosen is not None:
        discount, points = chosen.discount, chosen.reward.cost
    else:
        discount = Money(_wanted(choice, allowed.minor, step.minor), bill.currency)
        points = from_units(discount.minor // step.minor * step.units, program.point_scale)
    earns = NO_POINTS if member.blocked_since else points_earned(program, account, bill, bill - discount)
    answer = Quote(
        bill=bill,
        maximum=Money(allowed.minor, bill.currency),
        maximum_points=from_units(allowed.minor // step.minor * step.units, program.point_scale),
        minimum=Money(step.minor if allowed.minor else 0, bill.currency),
        step=Money(step.minor, bill.currency),
        discount=discount,
        points_used=points,
        to_pay=bill - discount,
        earns=earns,
        balance_after=account.balance - points + earns,
        program_version=program.version,
        limit=ChosenReward(chosen.reward.name) if chosen else allowed.limit,
        refusal=refusal,
        reward=chosen.reward if chosen else None,
        rewards=options,
    )
    return replace(answer, next_step=_next_step(program, account, answer))


def worth(program: Program, points: Decimal) -> Money:
    """Return what this many points would pay for, if nothing but whole steps limited them."""
    step = program.redemption.conversion.step(program.point_scale)
    units = max(to_units(points, program.point_scale), 0)
    return Money(units // step.units * step.minor, program.currency)


def best_possible(program: Program, account: Account) -> tuple[Money, Money]:
    """Return, before a bill is typed, the most the first band of bills takes off and where it begins."""
    redemption = program.redemption
    threshold = redemption.minimum_bill
    most = worth(program, account.balance)
    if redemption.caps:
        first = redemption.caps[0]
        threshold = max(threshold, first.from_bill)
        step = redemption.conversion.step(program.point_scale)
        most = min(most, Money(first.maximum // step.minor * step.minor, program.currency))
    return most, Money(threshold, program.currency)


def points_earned(program: Program, account: Account, bill: Money, paid: Money) -> Decimal:
    """Return what a bill earns when this much of it is paid with money; points of the program's scale."""
    earning = program.earning
    if bill.minor < earning.minimum_bill or paid.minor <= 0:
        return NO_POINTS
    tier = account.tier.name if account.tier else ""
    factor = earning.tier_multipliers.get(tier, Decimal(1))
    from fractions import Fraction  # not before the first quote

    exact = Fraction(earning.points) * Fraction(factor) * paid.minor / earning.per
    return from_units(floor(exact * 10**program.point_scale), program.point_scale)


class _Allowed(Struct, frozen=True):
    minor: int
    limit: Limit | None


def _allowed(program: Program, balance: Decimal, bill: int) -> _Allowed:
    """Return the largest discount for this balance and bill, and which limit binds it."""
    redemption, currency = program.redemption, program.currency
    step = redemption.conversion.step(program.point_scale)
    if balance < redemption.start_points or bill < 1:
        return _Allowed(0, None)
    if bill < redemption.minimum_bill:
        return _Allowed(0, CappedAmount(zero(currency)))
    limits: list[tuple[int, Limit]] = [(worth(program, balance).minor, _balance_limit(program, balance))]
    band = [cap for cap in redemption.caps if cap.from_bill <= bill]
    if redemption.caps:
        maximum = band[-1].maximum if band else 0
        above = next((cap.from_bill for cap in redemption.caps if cap.from_bill > bill), None)
        under = None if above is None else Money(above, currency)
        limits.append((maximum, CappedAmount(Money(maximum, currency), under)))
    if redemption.maximum_percent is not None and redemption.maximum_percent < 100:
        share = bill * redemption.maximum_percent // 100
        limits.append((share, CappedPercent(redemption.maximum_percent)))
    if redemption.minimum_to_pay:
        rest = max(bill - redemption.minimum_to_pay, 0)
        limits.append((rest, LeftToPay(Money(redemption.minimum_to_pay, currency))))
    limits.append((bill, BillCovered()))
    # The first of equal limits is named: balance before program before bill.
    tightest, limit = min(limits, key=lambda entry: entry[0])
    return _Allowed(tightest // step.minor * step.minor, limit)


def _balance_limit(program: Program, balance: Decimal) -> Limit:
    step = program.redemption.conversion.step(program.point_scale)
    left = to_units(balance, program.point_scale) % step.units
    if left and program.redemption.conversion.whole_blocks:
        return WholeSteps(Money(step.minor, program.currency), from_units(left, program.point_scale))
    return WholeBalance(balance)


def _refusal(
    program: Program, member: Member, account: Account, bill: Money, *, online: bool
) -> Refusal | None:
    redemption = program.redemption
    if member.blocked_since is not None:
        return MemberBlocked(member.blocked_since)
    if not online:
        return NotOffline()
    step = program.redemption.conversion.step(program.point_scale)
    needed = max(redemption.start_points, from_units(step.units, program.point_scale))
    if account.balance < needed:
        return NeedsPoints(needed, account.balance)
    if bill.minor > 0:
        smallest = _smallest_bill(program, bill.minor)
        if smallest is not None and bill.minor < smallest:
            return NeedsBill(Money(smallest, bill.currency), Money(smallest - bill.minor, bill.currency))
    return None


def _smallest_bill(program: Program, bill: int) -> int | None:
    """Return the smallest bill from this one up on which one step may be taken off, or None; minor units."""
    redemption = program.redemption
    step = redemption.conversion.step(program.point_scale)
    smallest = max(bill, redemption.minimum_bill, step.minor + redemption.minimum_to_pay)
    if redemption.maximum_percent is not None:
        smallest = max(smallest, -(-step.minor * 100 // redemption.maximum_percent))
    if not redemption.caps:
        return smallest
    # A larger bill may fall into a band that allows less: each band counts only as far as the next.
    ends: list[int | None] = [cap.from_bill for cap in redemption.caps[1:]]
    for cap, end in zip(redemption.caps, [*ends, None], strict=True):
        first = max(smallest, cap.from_bill)
        if cap.maximum >= step.minor and (end is None or first < end):
            return first
    return None


def _wanted(choice: Choice, maximum: int, step: int) -> int:
    match choice:
        case TakeMaximum():
            return maximum
        case TakeAmount(amount):
            return min(max(amount.minor, 0), maximum) // step * step
        case _:
            return 0


def _reward_option(
    program: Program, reward: Reward, member: Member, account: Account, bill: Money, *, online: bool
) -> RewardOption:
    discount = Money(min(_reward_value(reward, bill), bill.minor), bill.currency)
    refusal: Refusal | None = None
    if member.blocked_since is not None:
        refusal = MemberBlocked(member.blocked_since)
    elif account.balance < reward.cost:
        refusal = NeedsPoints(reward.cost, account.balance)
    elif not online:
        refusal = NotOffline()
    elif bill.minor < max(reward.minimum_bill, 1):
        minimum = Money(max(reward.minimum_bill, 1), bill.currency)
        refusal = NeedsBill(minimum, minimum - bill)
    if refusal is not None:
        discount = zero(program.currency)
    return RewardOption(reward, discount, refusal)


def _reward_value(reward: Reward, bill: Money) -> int:
    match reward.kind:
        case RewardKind.AMOUNT_OFF:
            return reward.value
        case RewardKind.PERCENT_OFF:
            share = bill.minor * reward.value // 100
            return share if reward.maximum is None else min(share, reward.maximum)
        case _:
            return 0


def _chosen_reward(choice: Choice, options: tuple[RewardOption, ...]) -> RewardOption | None:
    if not isinstance(choice, TakeReward):
        return None
    usable = (option for option in options if option.refusal is None)
    return next((option for option in usable if option.reward.reward_id == choice.reward_id), None)


def _next_step(program: Program, account: Account, answer: Quote) -> NextStep | None:
    match answer.refusal:
        case NeedsPoints(needed, has):
            missing = needed - has
            if answer.earns > 0:
                return EarnsTowards(answer.earns, max(missing - answer.earns, NO_POINTS))
            unlocked = worth(program, needed)
            if answer.bill.minor > 0:
                unlocked = Money(_allowed(program, needed, answer.bill.minor).minor, answer.bill.currency)
            return MorePoints(missing, unlocked) if unlocked else None
        case NeedsBill(_, missing_money):
            reached = _allowed(program, account.balance, (answer.bill + missing_money).minor)
            return MoreBill(missing_money, Money(reached.minor, answer.bill.currency))
        case None if answer.bill.minor > 0:
            return _more_bill(program, account, answer)
        case _:
            return None


def _more_bill(program: Program, account: Account, answer: Quote) -> MoreBill | None:
    """Return the nearest larger bill that allows a larger discount."""
    bill, currency = answer.bill.minor, answer.bill.currency
    candidates = [cap.from_bill for cap in program.redemption.caps if cap.from_bill > bill]
    wanted = answer.maximum.minor + answer.step.minor
    match answer.limit:
        case CappedPercent(percent):
            candidates.append(_round_up(-(-wanted * 100 // percent)))
        case BillCovered():
            candidates.append(_round_up(wanted))
        case LeftToPay(minimum):
            candidates.append(_round_up(wanted + minimum.minor))
    for target in sorted(candidates):
        gains = _allowed(program, account.balance, target).minor - answer.maximum.minor
        if gains > 0:
            return MoreBill(Money(target - bill, currency), Money(gains, currency))
    return None


def _round_up(bill: int) -> int:
    """Return this or the next round amount: a sum a cashier can say, such as 25.000 for 23.751."""
    grain = max(5 * 10 ** (len(str(bill)) - 2), 1) if bill >= 10 else 10
    return -(-bill // grain) * grain
