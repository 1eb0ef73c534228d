"""What may be redeemed on this bill, and why not more: values, never sentences.

`quote` is total: every program, member, account and bill gets an answer, also where nothing may be used.
Points used are exactly what pays for the discount; no point is burnt for nothing, no minor unit invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.basket import Basket
from cashier_app.domain.bill import Bill, bill_of
from cashier_app.domain.bill_facts import room_of
from cashier_app.domain.choice import (
    Choice,
    PointsChoice,
    TakeMaximum,
    TakeNothing,
    TakeReward,
    TakeTogether,
    asks_for_something,
)
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.conversion import blocks_of, depends_on_bill
from cashier_app.domain.earning import EarningSale, points_earned
from cashier_app.domain.lots import earned_lot, soonest_lapse, spendable, spent_oldest_first
from cashier_app.domain.member import Account, Lapse, Lot, Member, TierStanding
from cashier_app.domain.money import Money, zero
from cashier_app.domain.next_step import next_step
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.paying import Payer, RuleCase, RuleOption, cases_of, the_case
from cashier_app.domain.points import NO_POINTS, from_units, to_units
from cashier_app.domain.program import Program
from cashier_app.domain.program.redemption import Step
from cashier_app.domain.program.rewards import Reward
from cashier_app.domain.program.tiers import TiersBy
from cashier_app.domain.reasons import (
    ChosenReward,
    Limit,
    MemberBlocked,
    NeedsPoints,
    NextStep,
    NotOffline,
    NotTogether,
    NoWayToPay,
    Refusal,
    UnknownChoice,
    UsedUpOnBill,
)
from cashier_app.domain.rewards import Catalogue, RewardOption
from cashier_app.domain.standing import BillCounts, standing
from cashier_app.domain.tender import Tendered, tendered


class NextReward(Struct, frozen=True):
    """The nearest reward the balance does not reach.

    Args:
        missing: Points still needed now.
        missing_after: Points still needed after this sale; zero where it is within reach then.
    """

    reward: Reward
    missing: Decimal
    missing_after: Decimal


class Quote(Struct, frozen=True):
    """The answer for one bill.

    Args:
        bill: Its total.
        maximum: The most that points may take off, and `maximum_points` what it costs.
        minimum: The least that points may take off; zero where nothing may.
        step: The difference between one discount and the next.
        discount: What the choice takes off, rewards and points together; `points_used` pays for exactly that.
        to_pay: What the customer pays in money: less the discount and what was redeemed before, and less
            what `tendered` pays.
        earns: Points this sale will earn.
        balance_after: Balance once the backend has booked everything.
        program_version: The rules this answer follows.
        taken: What was taken off each line of the bill, minor units, what was redeemed before included.
        rule_id: The redemption rule looked at; empty where there is none.
        limit: What binds the maximum; None where a `refusal` says why it is zero, or before a bill is typed.
        refusal: Why points may not be used at all.
        choice_refusal: Why what was chosen is not given; what can be given of it is.
        next_step: What would raise the maximum.
        rewards_taken: Catalogue rewards chosen and given.
        rewards: Every reward of the catalogue as it stands on this bill.
        rules: Every redemption rule as it stands on this bill.
        tendered: Paid from money held for the member.
        tier: Where the member stands, and `tier_after` once this sale counts.
        next_reward: The nearest reward out of reach.
        lots_used: Which points pay, the soonest to lapse first, where the backend tells lots apart.
        lapses: Points lost next if nothing more is used.
        earned_lot: The points earned, with their first and last day.
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
    taken: tuple[int, ...]
    tendered: Tendered
    earned_lot: Lot
    rule_id: str = ""
    limit: Limit | None = None
    refusal: Refusal | None = None
    choice_refusal: Refusal | None = None
    next_step: NextStep | None = None
    rewards_taken: tuple[Reward, ...] = ()
    rewards: tuple[RewardOption, ...] = ()
    rules: tuple[RuleOption, ...] = ()
    tier: TierStanding | None = None
    tier_after: TierStanding | None = None
    next_reward: NextReward | None = None
    lots_used: tuple[Lot, ...] = ()
    lapses: Lapse | None = None

    @property
    def reward(self) -> Reward | None:
        """Return the first catalogue reward taken, if any."""
        return self.rewards_taken[0] if self.rewards_taken else None

    @property
    def is_all_or_nothing(self) -> bool:
        """Say whether points may pay for one discount only, so that there is no other amount to choose."""
        return bool(self.maximum) and self.minimum == self.maximum


def quote(
    program: Program, member: Member, account: Account, bill: Bill, choice: Choice, occasion: Occasion
) -> Quote:
    """Say what may be redeemed on this bill, what binds it, and what the sale earns.

    Amounts are minor units of the program's currency, points of its scale. A choice above what is allowed is
    lowered to it; one between two steps to the step below.
    """
    work = _Work(program, member, account, bill, occasion)
    together = _together(choice)
    for step in program.combining.order:
        if step is Step.REWARDS:
            work.take_rewards(together.rewards)
        else:
            work.take_points(together)
    return work.answer(together)


def _together(choice: Choice) -> TakeTogether:
    match choice:
        case TakeTogether():
            return choice
        case TakeReward(reward_id):
            return TakeTogether(rewards=(reward_id,))
        case _:
            return TakeTogether(points=choice)


class _Work:
    """A quote being worked out: what was taken so far, and what is left of bill and balance."""

    def __init__(
        self, program: Program, member: Member, account: Account, bill: Bill, occasion: Occasion
    ) -> None:
        self.program, self.account, self.bill = program, account, bill
        self.basket = Basket(bill)
        self.today = occasion.at.date()
        self.tier = standing(program, account, self.today)
        tier = self.tier.name if self.tier else ""
        self.now = Circumstances(occasion.at, occasion.store, tier, account.tags, occasion.paid_with)
        self.blocked = None if member.blocked_since is None else MemberBlocked(member.blocked_since)
        self.offline = None if occasion.online else NotOffline()
        self.used = 0
        self.rewards_taken: list[Reward] = []
        # Below zero nothing can be spent, but what is missing is reckoned from there.
        held = spendable(account, self.today) if account.balance >= 0 else account.balance
        self.balance = to_units(held, program.point_scale)
        at_once = program.earning.spendable_at_once and not program.combining.redeeming_stops_earning
        if at_once and self.blocked is None:
            self.balance += to_units(self._earned_in(self.now, 0), program.point_scale)
        self.catalogue = Catalogue(
            program, self.now, account.reward_uses, occasion.rewards_given, self.blocked, self.offline
        )
        self.reward_options = tuple(
            self.catalogue.option(reward, self.basket, self.balance)[0] for reward in program.rewards
        )
        self.case: RuleCase | None = None
        self.cases: Sequence[RuleCase] = ()
        self.points_taken = False
        self.choice_refusal: Refusal | None = None

    @property
    def left(self) -> int:
        """Return the units of points that are not used yet."""
        return self.balance - self.used

    @property
    def redeemed(self) -> bool:
        """Return whether points or a reward are used on this bill, now or before; a reward may be free."""
        already = self.bill.already
        return bool(self.used or self.rewards_taken or already.discount or already.points)

    def take_rewards(self, wanted: Sequence[str]) -> None:
        """Take the rewards chosen off the basket, one after the other, as far as they are given."""
        for reward_id in wanted:
            reward = next((one for one in self.program.rewards if one.reward_id == reward_id), None)
            refusal: Refusal | None = None
            if reward is None:
                refusal = UnknownChoice(reward_id)
            elif self.points_taken and not self.program.combining.points_with_rewards:
                refusal = NotTogether()
            elif len(self.rewards_taken) >= self.program.combining.rewards_per_bill:
                refusal = NotTogether() if self.rewards_taken else UsedUpOnBill()
            else:
                had = [taken.reward_id for taken in self.rewards_taken]
                option, off = self.catalogue.option(reward, self.basket, self.left, had)
                refusal = option.refusal
                if refusal is None:
                    off.off(self.basket)
                    self.used += to_units(reward.cost, self.program.point_scale)
                    self.rewards_taken.append(reward)
            self.choice_refusal = self.choice_refusal or refusal

    def take_points(self, together: TakeTogether) -> None:
        """Take what is paid with points off the basket."""
        program, choice = self.program, together.points
        instead = bool(self.rewards_taken) and not program.combining.points_with_rewards
        # Where points cannot be used beside the reward, what they would pay in its place is shown.
        basket, balance = (Basket(self.bill), self.balance) if instead else (self.basket, self.left)
        barred = self.blocked or self.offline
        payer = Payer(program, self.now, balance, self.account.usage, self.bill.already, barred)
        self.cases = cases_of(payer, basket)
        rule_id = "" if isinstance(choice, TakeNothing) else choice.rule_id
        named = the_case(self.cases, rule_id, program.combining.rule_pick)
        self.case = case = named or the_case(self.cases, "", program.combining.rule_pick)
        if isinstance(choice, TakeNothing):
            return
        if named is None or case is None:
            self._refuse(choice, UnknownChoice(rule_id) if rule_id else NoWayToPay())
        elif instead:
            self._refuse(choice, NotTogether())
        elif case.refusal is not None:
            self._refuse(choice, case.refusal)
        else:
            minor, units = case.wanted(choice)
            rule = case.allowance.rule
            self.basket.take_off(minor, self.basket.matching(rule.lines), room_of(rule, self.basket))
            self.used += units
            self.points_taken = minor > 0
            if not minor and self.bill.total:
                self._refuse(choice, case.needs_discount())

    def answer(self, together: TakeTogether) -> Quote:
        """Return the quote once everything is taken."""
        program, scale = self.program, self.program.point_scale
        already = self.bill.already.discount
        total = self.bill.total.minor
        discount = sum(self.basket.taken) - min(already, total)
        left = total - sum(self.basket.taken)
        paid = tendered(program, self.account, together, total, left, self.now, redeemed=self.redeemed)
        earns, tier_after = self._earned(left, paid.minor)
        points = from_units(self.used, scale)
        held = _held(self.account, self.today)
        spent, remaining = spent_oldest_first(self.account, points, self.today)
        currency = program.currency
        case = self.case
        return Quote(
            bill=self.bill.total,
            maximum=Money(case.allowed[0] if case else 0, currency),
            maximum_points=from_units(case.allowed[1] if case else 0, scale),
            minimum=Money(case.allowance.least(case.facts)[0] if case and case.allowed[0] else 0, currency),
            step=Money(case.allowance.blocks(case.facts).step if case else 0, currency),
            discount=Money(discount, currency),
            points_used=points,
            to_pay=Money(left - paid.minor, currency),
            earns=earns,
            balance_after=held - points + earns,
            program_version=program.version,
            taken=tuple(self.basket.taken),
            tendered=paid,
            earned_lot=earned_lot(program, earns, self.today),
            rule_id=case.allowance.rule.rule_id if case else "",
            limit=self._limit(),
            refusal=case.refusal if case else self.blocked or NoWayToPay(),
            choice_refusal=self.choice_refusal or paid.refusal,
            next_step=next_step(program, case, earns) if case else None,
            rewards_taken=tuple(self.rewards_taken),
            rewards=self.reward_options,
            rules=tuple(one.option() for one in self.cases),
            tier=self.tier,
            tier_after=tier_after,
            next_reward=self._next_reward(held - points, earns),
            lots_used=spent,
            lapses=self._lapses(remaining),
        )

    def _refuse(self, choice: PointsChoice, refusal: Refusal) -> None:
        """Note why points are not used, where somebody asked for more than whatever is allowed."""
        if not asks_for_something(choice):
            return
        if not isinstance(choice, TakeMaximum) or choice.rule_id or self.rewards_taken:
            self.choice_refusal = self.choice_refusal or refusal

    def _lapses(self, remaining: tuple[Lot, ...]) -> Lapse | None:
        """Return what lapses next; once every lot told apart is used, nothing does."""
        if self.account.lots and not remaining:
            return None
        return soonest_lapse(replace(self.account, lots=remaining), self.today)

    def _limit(self) -> Limit | None:
        if self.rewards_taken and not self.points_taken:
            return ChosenReward(self.rewards_taken[0].name)
        return self.case.limit if self.case else None

    def _earned(self, left: int, stored_value: int) -> tuple[Decimal, TierStanding | None]:
        """Return what the sale earns and where it leads the member."""
        if self.blocked is not None:
            return NO_POINTS, self.tier
        earns = self._earned_in(self.now, stored_value)
        after = self._standing_after(left, earns)
        if self.program.tiers.counts_this_bill and after is not None and after.name != self.now.tier:
            earns = self._earned_in(replace(self.now, tier=after.name), stored_value)
            if self.program.tiers.by in {TiersBy.POINTS, TiersBy.BALANCE}:
                after = self._standing_after(left, earns)
        return earns, after

    def _earned_in(self, now: Circumstances, stored_value: int) -> Decimal:
        uses = self.account.rule_uses
        sale = EarningSale(self.basket, now, stored_value, self.redeemed, self.account.usage, uses)
        return points_earned(self.program, sale).points

    def _standing_after(self, left: int, earns: Decimal) -> TierStanding | None:
        total = self.bill.total.minor
        counts = BillCounts(
            paid=left,
            bill=total,
            net=sum(self.basket.net),
            points_units=to_units(earns, self.program.point_scale),
            visits=1 if total else 0,
            used_units=self.used,
        )
        return standing(self.program, self.account, self.today, counts)

    def _next_reward(self, balance: Decimal, earns: Decimal) -> NextReward | None:
        wanting = [
            (option.refusal.needed - option.refusal.has, option.reward)
            for option in self.reward_options
            if isinstance(option.refusal, NeedsPoints)
        ]
        if not wanting:
            return None
        missing, reward = min(wanting, key=lambda entry: entry[0])
        return NextReward(reward, missing, max(reward.cost - balance - earns, NO_POINTS))


def _held(account: Account, today: date) -> Decimal:
    """Return the points of an account that have not lapsed, usable yet or not."""
    if not account.lots:
        return account.balance
    kept = sum((lot.points for lot in account.lots if not lot.last_day or lot.last_day >= today), NO_POINTS)
    return min(account.balance, kept)


def worth(program: Program, points: Decimal) -> Money | None:
    """Return what this many points are worth by the first rule that gives them a fixed worth, or None."""
    for rule in program.redemption:
        if not depends_on_bill(rule.conversion):
            blocks = blocks_of(program, rule)
            return Money(blocks.worth(to_units(points, program.point_scale)), program.currency)
    return None


def best_possible(
    program: Program, member: Member, account: Account, occasion: Occasion
) -> tuple[Money, Money] | None:
    """Return, before a bill is typed, the most that may come off, and the bill from which anything does.

    The most is that of the first band of bills. None where no bill would allow anything.
    """
    work = _Work(program, member, account, bill_of(zero(program.currency)), occasion)
    work.take_points(TakeTogether())
    case = work.case
    if case is None or case.refusal is not None:
        return None
    return case.best_possible()
