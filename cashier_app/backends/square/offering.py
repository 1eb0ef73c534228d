"""What a member may redeem on one bill: rewards to be had, and rewards taken out already."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from msgspec.structs import replace

from cashier_app.backends.contract_values import plain_name
from cashier_app.backends.replies import reason_of
from cashier_app.backends.square.books import SquareBooks
from cashier_app.backends.square.client import SquareClient, read
from cashier_app.backends.square.kind import ISSUED, SquareSettings
from cashier_app.backends.square.messages import AccountAnswer, OrderRead, RewardAnswer, TierAnswer
from cashier_app.backends.square.programs import SquarePrograms
from cashier_app.backends.square.values import iso_minor_of, minor_of, told_amount
from cashier_app.domain.bill import Bill
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import Unreachable
from cashier_app.domain.program.figures import Amount, Points
from cashier_app.domain.program.rewards import AmountOff, Reward
from cashier_app.errors import KnownError

_MOST_ISSUED = 20
STILL_PAYING = timedelta(minutes=15)
"""A reward taken out so lately may be another till's, whose customer is just paying with it."""


class Offering:
    """Puts together what may be redeemed; asks Square for each reward's worth where the token may."""

    def __init__(
        self, client: SquareClient, books: SquareBooks, programs: SquarePrograms, settings: SquareSettings
    ) -> None:
        self._client = client
        self._books = books
        self._programs = programs
        self._settings = settings

    def on(self, account: AccountAnswer, bill: Bill, now: datetime) -> Offers | Unreachable:
        """Return what this account may redeem on this bill, changing nothing."""
        try:
            in_force = self._programs.known()
        except KnownError as error:
            return Unreachable(error.sentence)
        issued = self._books.rewards({"loyalty_account_id": account.id, "status": "ISSUED"})
        if not isinstance(issued, tuple):
            return Unreachable("the rewards of this member could not be read")
        before = now + (self._client.clock_ahead or timedelta(0)) - STILL_PAYING
        ours = [
            one
            for one in issued
            if (one.loyalty_account_id, one.status) == (account.id, "ISSUED")
            and (one.created_at is None or one.created_at < before)
        ]
        local = {reward.reward_id: reward for reward in in_force.program.rewards}
        wanted = Counter(one.reward_tier_id for one in ours)
        rewards: list[Reward] = []
        by_tier: dict[str, Reward] = {}
        for tier in in_force.answer.reward_tiers or ():
            reward = local.get(tier.id)
            affordable = account.balance >= tier.points or wanted[tier.id]
            if self._settings.orders and affordable and bill.total.minor > 0:
                reckoned = self._reckoned(tier, bill)
                if isinstance(reckoned, Unreachable):
                    return reckoned
                reward = reckoned or reward
            if reward is not None:
                by_tier[tier.id] = reward
                rewards.append(reward)
        return Offers(rewards=(*_taken_out(ours, by_tier), *rewards))

    def _reckoned(self, tier: TierAnswer, bill: Bill) -> Reward | Unreachable | None:
        """Return a reward worth what Square reckons on this bill; None where that is nothing."""
        currency = bill.total.currency
        total = told_amount(bill.total)
        body = {
            "order": {
                "location_id": self._client.location,
                "line_items": [{"name": "Bill", "quantity": "1", "base_price_money": total}],
            },
            "proposed_rewards": [{"id": "quote-1", "reward_tier_id": tier.id}],
        }
        reply = self._client.post("orders", "calculate", body=body)
        answer = read(reply, OrderRead)
        order = answer.order if answer else None
        if order is None:
            return Unreachable(reason_of(reply))
        try:
            off = minor_of(order.total_discount_money, currency)
            whole = sum(
                iso_minor_of(part, currency) for part in (order.total_discount_money, order.total_money)
            )
        except KnownError as error:
            return Unreachable(error.sentence)
        if order.location_id != self._client.location or whole != total["amount"]:
            return Unreachable("an answer about another bill")
        if not off:
            return None
        name = plain_name(tier.name) or tier.id
        return AmountOff(reward_id=tier.id, name=name, cost=Points(tier.points), value=Amount(off))


def _taken_out(issued: list[RewardAnswer], by_tier: dict[str, Reward]) -> list[Reward]:
    """Return rewards whose points have left the balance already: they cost nothing more."""
    return [
        replace(by_tier[one.reward_tier_id], reward_id=f"{ISSUED}{one.id}"[:64], cost=Points(0))
        for one in issued[:_MOST_ISSUED]
        if one.reward_tier_id in by_tier and len(ISSUED + one.id) <= 64
    ]
