"""From a snapshot and its words to the reward rows of the member card."""

from __future__ import annotations

from cashier_app.services.till_steps import usable_rewards
from cashier_app.services.till_view import TillView
from cashier_app.services.voucher_view import in_order
from cashier_app.wording.people import MemberCardWords
from ui.widgets.reward_rows import RewardRowContent


def reward_contents(view: TillView, words: MemberCardWords) -> tuple[RewardRowContent, ...]:
    """Return the reward rows: pressable where the till would take them, the arrow on the first of those."""
    several = usable_rewards(view)
    usable = in_order(view, (one.key for one in several))
    taken = next((one.key for one in several if one.is_taken(view.choice)), "")
    rows = []
    for reward in words.rewards:
        can = reward.reward_id in usable
        key = ""
        if can and reward.marked and reward.reward_id != taken:
            key = "Space"
        elif can and not view.marked_reward and reward.reward_id == usable[0]:
            key = "↓"
        rows.append(
            RewardRowContent(
                reward_id=reward.reward_id,
                name=reward.name,
                detail=reward.takes.full,
                icon=reward.icon,
                spoken=reward.spoken,
                key=key,
                usable=can,
                taken=can and reward.reward_id == taken,
                marked=can and reward.marked,
            )
        )
    return tuple(rows)
