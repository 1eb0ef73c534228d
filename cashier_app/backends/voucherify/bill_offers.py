"""What a member may redeem on one bill, as Voucherify says when asked without a session: nothing is held."""

from __future__ import annotations

from decimal import Decimal

from cashier_app.backends.http_client import HttpClient
from cashier_app.backends.paths import path_of
from cashier_app.backends.replies import Answered, answer_of, reason_of, unusable
from cashier_app.backends.voucherify.cards import REFUSED
from cashier_app.backends.voucherify.holds import VALIDATIONS
from cashier_app.backends.voucherify.messages import CardAnswer, RewardLine, RewardsAnswer, ValidationAnswer
from cashier_app.backends.voucherify.values import Block, Units, block_of, coin_rule, discount_of, gift_of
from cashier_app.domain.member import Account
from cashier_app.domain.money import Money
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import SignInNeeded, Unreachable
from cashier_app.domain.program import MAX_RULES
from cashier_app.domain.program.redemption import RedemptionRule
from cashier_app.ports.clock import Clock


class BillOffers:
    """Asks what may be redeemed. Safe from any thread.

    The reward's ratio says what points are worth in the main unit; whether a project without minor units
    counts so, nobody publishes. So the most that would be used is validated, and where the amount is not
    the ratio's, one block is, and its worth is believed instead.
    """

    def __init__(self, http: HttpClient, clock: Clock, units: Units) -> None:
        self._http = http
        self._clock = clock
        self._units = units

    def of(self, card: CardAnswer, bill: Money, seconds: float) -> Offers | Unreachable:
        """Return what may be redeemed on this bill."""
        path = path_of("v1", "loyalties", "members", card.code, "rewards")
        reply = self._http.get(path, seconds=seconds)
        if isinstance(other := unusable(reply), SignInNeeded):
            return Unreachable(REFUSED)
        answer = answer_of(reply, RewardsAnswer) if isinstance(reply, Answered) and reply.is_success else None
        if other is not None or answer is None:
            return Unreachable(reason_of(reply))
        rules = []
        for line in answer.data:
            rule = self._paying(card, line, bill, seconds)
            if isinstance(rule, Unreachable):
                return rule
            if rule is not None:
                rules.append(rule)
        gifts = [gift for line in answer.data if (gift := gift_of(line)) is not None]
        balance = card.loyalty_card.balance if card.loyalty_card else 0
        return Offers(
            redemption=tuple(rules[:MAX_RULES]),
            rewards=tuple(gifts[:MAX_RULES]),
            account=Account(Decimal(balance), self._clock.now()),
        )

    def _paying(
        self, card: CardAnswer, line: RewardLine, bill: Money, seconds: float
    ) -> RedemptionRule | Unreachable | None:
        """Return paying with points as it holds for this bill; None where Voucherify says no."""
        reward = line.reward
        coin = reward.parameters.coin if reward.parameters and reward.type == "COIN" else None
        block = block_of(coin, self._units) if coin else None
        if block is None:
            return None
        balance = card.loyalty_card.balance if card.loyalty_card else 0
        for believed in (False, True):
            blocks = min(balance // block.points, self._units.of(bill) // block.minor)
            if blocks <= 0:
                # Nobody need be asked: the till says which of the two falls short.
                return coin_rule(reward.id, reward.name or "", block, self._units)
            discount = self._discount(card, reward.id, blocks * block.points, bill, seconds)
            if discount is None or isinstance(discount, Unreachable):
                return discount
            if discount == blocks * block.minor:
                return coin_rule(reward.id, reward.name or "", block, self._units, blocks * block.points)
            if believed:
                return None
            worth = self._discount(card, reward.id, block.points, bill, seconds)
            if not worth or isinstance(worth, Unreachable):
                return worth or None
            if not self._units.are_whole(worth):
                return None
            block = Block(block.points, worth)
        return None

    def _discount(
        self, card: CardAnswer, reward_id: str, points: int, bill: Money, seconds: float
    ) -> int | Unreachable | None:
        """Return what so many points take off this bill; None where they may not be used."""
        reward = {"id": reward_id, "points": points}
        asked: dict[str, object] = {
            "redeemables": [{"object": "voucher", "id": card.code, "reward": reward}],
            "order": {"amount": self._units.of(bill)},
        }
        if card.holder_id:
            asked["customer"] = {"id": card.holder_id}
        reply = self._http.post(VALIDATIONS, asked, seconds=seconds)
        if unusable(reply) is None and isinstance(reply, Answered) and not reply.is_success:
            return None
        answer = (
            answer_of(reply, ValidationAnswer) if isinstance(reply, Answered) and reply.is_success else None
        )
        if answer is None:
            return Unreachable(reason_of(reply))
        return discount_of(answer.order) if answer.valid else None
