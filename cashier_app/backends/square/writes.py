"""Writes to Square, one request each, and what a refusal means."""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec.structs import replace

from cashier_app.backends.replies import Answered, Reply
from cashier_app.backends.square.client import (
    NOT_OURS,
    SquareClient,
    account_in,
    read,
    reward_status,
    written,
)
from cashier_app.backends.square.messages import EventAnswer, EventRead, EventsRead, RewardRead
from cashier_app.backends.square.values import account_of, square_key
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    Booked,
    Outcome,
    Refused,
    RefusedBecause,
    Unknown,
)
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.sale import Effect
from cashier_app.ports.backend_kind import Surroundings

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_GONE = Refused(RefusedBecause.RESERVATION_GONE, "the reward is gone")


class SquareWrites:
    """Rewards taken out, redeemed and deleted; points earned and corrected."""

    def __init__(self, client: SquareClient, around: Surroundings, *, negative: bool) -> None:
        self._client = client
        self._around = around
        self._negative = negative

    def reserve(self, effect: Effect) -> Outcome:
        """Take a reward out: its points leave the balance."""
        if not _ID.fullmatch(effect.reward_id):
            return Refused(RefusedBecause.INVALID, "Square redeems whole rewards only")
        reward = {"loyalty_account_id": effect.member_id, "reward_tier_id": effect.reward_id}
        reply = self._client.post(
            "loyalty", "rewards", body={"reward": reward, "idempotency_key": square_key(effect.key)}
        )

        def done(_: Answered) -> Outcome:
            answer = read(reply, RewardRead)
            made = answer.reward if answer else None
            if made is None or (made.loyalty_account_id, made.reward_tier_id) != tuple(reward.values()):
                return NOT_OURS
            if made.status == "DELETED":
                return _GONE
            points = None if made.points is None else Decimal(made.points)
            return Applied(Booked(made.id, points=points))

        return written(reply, done, lambda no: self._too_few(no, effect.member_id, effect.points))

    def redeem(self, effect: Effect) -> Outcome:
        """Redeem the reward that was taken out."""
        if not _ID.fullmatch(effect.reservation):
            return Refused(RefusedBecause.RESERVATION_GONE, "there is no reward")
        reply = self._client.post(
            "loyalty",
            "rewards",
            effect.reservation,
            "redeem",
            body={"location_id": self._client.location, "idempotency_key": square_key(effect.key)},
        )

        def done(_: Answered) -> Outcome:
            event = _event(reply)
            redeemed = event.redeem_reward if event else None
            if event is None or redeemed is None or event.loyalty_account_id != effect.member_id:
                return NOT_OURS
            if redeemed.reward_id not in {None, effect.reservation}:
                return NOT_OURS
            return Applied(Booked(event.id))

        def declined(refused: Refused) -> Outcome:
            match reward_status(self._client.reward(effect.reservation), effect.reservation):
                case "REDEEMED" if effect.points > 0:
                    # A reward this till took out, nobody else redeems: its key was forgotten.
                    return AlreadyApplied(Booked(effect.reservation))
                case "REDEEMED" | "DELETED":
                    return _GONE
                case "ISSUED":
                    return refused
            return Unknown("refused, and the reward could not be read")

        return written(reply, done, declined)

    def give_up(self, effect: Effect) -> Outcome:
        """Delete the reward; there is no key for this, and nothing to delete means that it is done."""
        if not _ID.fullmatch(effect.reservation):
            return Refused(RefusedBecause.RESERVATION_GONE, "there is no reward")
        reply = self._client.delete("loyalty", "rewards", effect.reservation)

        def declined(refused: Refused) -> Outcome:
            if isinstance(reply, Answered) and reply.status == 404:
                return AlreadyApplied(Booked(effect.reservation))
            match reward_status(self._client.reward(effect.reservation), effect.reservation):
                case "DELETED":
                    return AlreadyApplied(Booked(effect.reservation))
                case "REDEEMED":
                    return _GONE
                case "ISSUED":
                    return refused
            return Unknown("refused, and the reward could not be read")

        return written(reply, lambda _: Applied(Booked(effect.reservation)), declined)

    def earn(self, effect: Effect) -> Outcome:
        """Book the points a sale earns; nothing is asked for none."""
        if effect.points <= 0:
            return Applied(Booked("", points=NO_POINTS))
        body = {
            "accumulate_points": {"points": int(effect.points)},
            "location_id": self._client.location,
            "idempotency_key": square_key(effect.key),
        }
        reply = self._client.post("loyalty", "accounts", effect.member_id, "accumulate", body=body)

        def done(_: Answered) -> Outcome:
            answer = read(reply, EventsRead)
            told = [event for event in answer.events if event.type == "ACCUMULATE_POINTS"] if answer else []
            moved = told[0].accumulate_points if len(told) == 1 else None
            if moved is None or told[0].loyalty_account_id != effect.member_id:
                return NOT_OURS
            if moved.points is None or moved.points != effect.points:
                return NOT_OURS
            return Applied(Booked(told[0].id, points=Decimal(moved.points)))

        return written(reply, done)

    def correct(self, account_id: str, points: Decimal, reason: str, key: str) -> Outcome:
        """Move points by hand, with a reason."""
        if not _ID.fullmatch(account_id):
            raise ValueError("not an account id of Square")
        if points != int(points):
            return Refused(RefusedBecause.INVALID, "Square counts whole points")
        body: dict[str, object] = {
            "adjust_points": {"points": int(points), "reason": reason},
            "idempotency_key": square_key(key),
        }
        if points < 0:
            body["allow_negative_balance"] = self._negative
        reply = self._client.post("loyalty", "accounts", account_id, "adjust", body=body)

        def done(_: Answered) -> Outcome:
            event = _event(reply)
            moved = event.adjust_points if event else None
            if event is None or moved is None or moved.points != points:
                return NOT_OURS
            if event.loyalty_account_id != account_id:
                return NOT_OURS
            return Applied(Booked(event.id, points=points))

        return written(reply, done, lambda no: self._too_few(no, account_id, -points))

    def _too_few(self, refused: Refused, account_id: str, needed: Decimal) -> Refused:
        """Say whether it was refused for want of points: Square has one code for that and much else."""
        if refused.because is not RefusedBecause.NOT_ALLOWED:
            return refused
        account = account_in(self._client.account(account_id), account_id)
        if account is None or account.balance >= needed:
            return refused
        stands = account_of(account, self._around.clock.now(), self._around.zone)
        return replace(refused, because=RefusedBecause.BALANCE_TOO_LOW, account=stands)


def _event(reply: Reply) -> EventAnswer | None:
    answer = read(reply, EventRead)
    return answer.event if answer else None
