"""What the member could take instead, as rows of the member card: rewards, and other redemption rules."""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec import Struct

from cashier_app.domain.money import zero
from cashier_app.domain.paying import RuleOption
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import Weekday
from cashier_app.domain.program.rewards import PercentOff, Reward
from cashier_app.domain.reasons import NeedsBill, NeedsPoints, NotOffline, Refusal
from cashier_app.domain.rewards import RewardOption
from cashier_app.services.alternatives import Alternative, alternatives, of_reward
from cashier_app.services.till_view import Serving, Step, TillView
from cashier_app.services.voucher_view import KEY, VoucherGood, pickable
from cashier_app.wording.before_bill import point_value, short_value
from cashier_app.wording.refusals import lock_words
from cashier_app.wording.sentences import Sentence, name_in_sentence, plain
from cashier_app.wording.speech import Wording

_WEEK = tuple(Weekday)
_PERCENT = re.compile(r"([0-9]+) ?%")


class RewardWords(Struct, frozen=True):
    """A reward or a rule as one row: its name at the left, what it takes or gives at the right."""

    reward_id: str
    name: str
    takes: Sentence
    icon: str
    usable: bool
    marked: bool
    spoken: str


def other_rewards(view: TillView, balance: Decimal, wording: Wording) -> tuple[RewardWords, ...]:
    """Return what else could be taken, with what each needs where it cannot."""
    if view.program is None:
        return ()
    if view.quote is not None and view.step is not Step.DONE:
        several = alternatives(view)
    else:
        several = _unquoted(view.program, balance, online=view.connection.online)
    rows = tuple(_words(one, view, view.program, wording) for one in several)
    extra = pickable(view)
    return (*_offers(view, wording), *rows, *_code(view, wording)) if extra else rows


def _offers(view: TillView, wording: Wording) -> tuple[RewardWords, ...]:
    """Return the member's own offers that are had by a voucher, to be looked up when pressed."""
    if not isinstance(view.person, Serving):
        return ()
    from cashier_app.wording.vouchers import offer_in_row, offer_name, offer_until, offers_to_press

    return tuple(
        _pressed(
            KEY + one.voucher,
            offer_in_row(one, wording),
            (offer_name(one, wording), offer_until(one, wording)),
            view,
            wording,
        )
        for one in offers_to_press(view, view.person)
    )


def _code(view: TillView, wording: Wording) -> tuple[RewardWords, ...]:
    from cashier_app.wording.vouchers import code_row

    words = code_row(wording)
    return (_pressed(KEY, words, words, view, wording),)


def _pressed(
    key: str, shown: tuple[str, str], spoken: tuple[str, str], view: TillView, wording: Wording
) -> RewardWords:
    name, takes = shown
    return RewardWords(
        reward_id=key,
        name=name,
        takes=Sentence.of(takes),
        icon="gift",
        usable=True,
        marked=view.marked_reward == key,
        spoken=wording.joined(tuple(filter(None, (name_in_sentence(spoken[0]), spoken[1])))),
    )


def _unquoted(program: Program, balance: Decimal, *, online: bool) -> tuple[Alternative, ...]:
    nothing = zero(program.currency)

    def refusal(reward: Reward) -> Refusal | None:
        if balance < reward.cost:
            return NeedsPoints(reward.cost, max(balance, NO_POINTS))
        return None if online else NotOffline()

    return tuple(of_reward(RewardOption(reward, nothing, refusal(reward))) for reward in program.rewards)


def _words(one: Alternative, view: TillView, program: Program, wording: Wording) -> RewardWords:
    can_choose = view.step in {Step.BILL, Step.REWARD}
    locked = one.refusal is not None and not _waits_for_a_bill(one.refusal)
    if isinstance(one.option, RewardOption):
        reward = one.option.reward
        name, icon = plain(reward.name), "gift"
        shown = spoken = wording.text("voucher") if _of_voucher(reward, view) else wording.points(reward.cost)
        spoken_name = _spoken_reward(name, reward, wording)
    else:
        rule, icon = one.option.rule, "star"
        shown, spoken = _gives(one.option, program, wording)
        name = spoken_name = plain(rule.name) or short_value(program, rule, wording)
    if locked and one.refusal is not None:
        icon = "lock"
        shown, spoken = lock_words(one.refusal, wording, today=_WEEK[view.occasion.at.weekday()])
    return RewardWords(
        reward_id=one.key,
        name=name,
        takes=Sentence.of(shown),
        icon=icon,
        usable=can_choose and not locked,
        marked=can_choose and view.marked_reward == one.key,
        spoken=wording.joined((name_in_sentence(spoken_name), spoken)),
    )


def _of_voucher(reward: Reward, view: TillView) -> bool:
    voucher = view.voucher
    return isinstance(voucher, VoucherGood) and voucher.offer.reward.reward_id == reward.reward_id


def _gives(option: RuleOption, program: Program, wording: Wording) -> tuple[str, str]:
    """Return what a rule gives on this bill, or what points are worth by it, as shown and as spoken."""
    if not option.maximum:
        worth = point_value(program, option.rule, wording)
        return worth, worth
    figures = wording.figures
    shown = wording.text("{money} off", money=figures.money_short(option.maximum))
    return shown, wording.text("{money} off", money=figures.spoken_money(option.maximum))


def _waits_for_a_bill(refusal: Refusal) -> bool:
    """Say whether any bill at all would do."""
    return isinstance(refusal, NeedsBill) and refusal.minimum.minor <= 1


def _spoken_reward(name: str, reward: Reward, wording: Wording) -> str:
    """Return the name as it is read aloud: some readers skip the sign for percent."""
    if isinstance(reward, PercentOff):
        return _PERCENT.sub(lambda found: wording.text("{n} percent", n=found[1]), name)
    return name
