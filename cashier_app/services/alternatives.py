"""What the member could take instead of what is on offer: rewards of the catalogue, and other rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.choice import Choice, TakeAmount, TakeMaximum, TakePoints, TakeReward, TakeTogether
from cashier_app.services.bill_offers import account_for, program_for
from cashier_app.services.pasted_bill import bill_on_show
from cashier_app.services.till_view import Serving, TillView

if TYPE_CHECKING:
    from cashier_app.domain.paying import RuleOption
    from cashier_app.domain.quote import Quote
    from cashier_app.domain.reasons import Refusal
    from cashier_app.domain.rewards import RewardOption

_RULE = "rule:"
"""Before the id of a rule; no id holds a colon, so it is never that of a reward."""


class Alternative(Struct, frozen=True):
    """A reward or a redemption rule that could be taken instead.

    Args:
        key: How the till names it: the id of a reward, or that of a rule after ``rule:``.
        option: How it stands on this bill.
        choice: What takes it.
    """

    key: str
    option: RewardOption | RuleOption
    choice: TakeReward | TakeMaximum

    @property
    def refusal(self) -> Refusal | None:
        """Return why it cannot be taken, or None."""
        return self.option.refusal

    def is_taken(self, choice: Choice) -> bool:
        """Say whether this is what is chosen, be it a smaller amount by the same rule."""
        if isinstance(self.choice, TakeReward):
            return choice == self.choice
        return rule_chosen(choice) == self.choice.rule_id


def alternatives(view: TillView) -> tuple[Alternative, ...]:
    """Return the rules beside the one that is used unless another is chosen, then the rewards."""
    answer = view.quote
    if answer is None:
        return ()
    usual = answer.rule_id if not rule_chosen(view.choice) else _usual_rule(view, answer)
    rules = (option for option in answer.rules if option.rule.rule_id != usual)
    return (*map(_of_rule, rules), *map(of_reward, answer.rewards))


def of_reward(option: RewardOption) -> Alternative:
    """Return a reward as an alternative."""
    reward_id = option.reward.reward_id
    return Alternative(reward_id, option, TakeReward(reward_id))


def rule_chosen(choice: Choice) -> str:
    """Return the id of the redemption rule a choice names, or nothing."""
    match choice:
        case TakeMaximum(rule_id) | TakeAmount(_, rule_id) | TakePoints(_, rule_id):
            return rule_id
        case TakeTogether(points):
            return rule_chosen(points)
        case _:
            return ""


def _of_rule(option: RuleOption) -> Alternative:
    rule_id = option.rule.rule_id
    return Alternative(_RULE + rule_id, option, TakeMaximum(rule_id))


def _usual_rule(view: TillView, answer: Quote) -> str:
    """Return the rule the program picks by itself, which the rule chosen hides."""
    program, person = program_for(view), view.person
    if program is None or not isinstance(person, Serving):
        return answer.rule_id
    from cashier_app.domain.quote import quote  # loaded behind the first frame

    occasion = replace(view.occasion, online=person.fresh)
    bill = bill_on_show(view)
    return quote(program, person.member, account_for(view, person), bill, TakeMaximum(), occasion).rule_id
