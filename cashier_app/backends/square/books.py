"""Looks up in Square's books whether something took hold.

Corrections carry our key in their reason. Rewards and points earned carry nothing of ours: they are known by
account, kind and size, by a time not before the first doubtful attempt, and by not belonging to another
effect of this till. Where two would fit, nothing is said.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from cashier_app.backends.replies import Answered, Reply, unusable
from cashier_app.backends.square.client import SquareClient, read, reward_status
from cashier_app.backends.square.messages import EventAnswer, EventsRead, RewardAnswer, RewardsRead
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Booked,
    NotApplied,
    Reconciled,
    RetryLater,
    SignInNeeded,
    Unknown,
)
from cashier_app.domain.sale import Effect, EffectKind

PAGE = 30
MOST_PAGES = 10
_SPARE = timedelta(seconds=1)
_FILTER_SPARE = timedelta(minutes=15)
_MOST_REMEMBERED = 10_000
_WRONG_FORM = Unknown("an answer of the wrong form")

NotRead = RetryLater | SignInNeeded | Unknown
Row = TypeVar("Row")


class SquareBooks:
    """Reads the books; remembers which rows belong to which effect while the program runs."""

    def __init__(self, client: SquareClient) -> None:
        self._client = client
        self._owners: dict[str, str] = {}
        self._lock = threading.Lock()

    def belongs(self, reference: str, key: str) -> None:
        """Note that a reward or a row of the books came of an effect of ours."""
        with self._lock:
            self._owners[reference] = key
            while len(self._owners) > _MOST_REMEMBERED:
                del self._owners[next(iter(self._owners))]

    def hold(self, effect: Effect) -> Reconciled:
        """Look for the reward that holds the points of an effect."""
        rewards = self.rewards({"loyalty_account_id": effect.member_id, "status": "ISSUED"})
        if not isinstance(rewards, tuple):
            return rewards
        since = self._since(effect)
        fitting = [
            reward
            for reward in rewards
            if (reward.loyalty_account_id, reward.status, reward.reward_tier_id)
            == (effect.member_id, "ISSUED", effect.reward_id)
            and (reward.created_at is None or reward.created_at >= since)
        ]
        return self._the_one(effect, {one.id: one.points for one in fitting})

    def of_reward(self, effect: Effect) -> Reconciled:
        """Say whether the reward of a capture is redeemed, or that of a release given up."""
        reply = self._client.reward(effect.reservation)
        status = reward_status(reply, effect.reservation)
        wanted = "REDEEMED" if effect.kind is EffectKind.CAPTURE else "DELETED"
        if status == wanted:
            return AlreadyApplied(Booked(effect.reservation))
        if status in {"ISSUED", "REDEEMED", "DELETED"}:
            return NotApplied()
        return unread(reply)

    def earned(self, effect: Effect, points: Decimal) -> Reconciled:
        """Look for the points a sale earned."""
        events = self._events(effect.member_id, "ACCUMULATE_POINTS", effect.at)
        if not isinstance(events, tuple):
            return events
        since = self._since(effect)
        fitting = {
            event.id: event.accumulate_points.points
            for event in events
            if event.accumulate_points is not None
            and event.accumulate_points.points == points
            and event.created_at >= since
            and event.source in {"", "LOYALTY_API"}
            and event.location_id in {"", self._client.location}
        }
        return self._the_one(effect, fitting)

    def corrected(self, member_id: str, mark: str, at: datetime) -> Reconciled:
        """Look for a correction by the mark its reason ends with."""
        events = self._events(member_id, "ADJUST_POINTS", at)
        if not isinstance(events, tuple):
            return events
        for event in events:
            moved = event.adjust_points
            if moved is not None and (moved.reason or "").endswith(mark):
                return AlreadyApplied(Booked(event.id, points=_decimal(moved.points)))
        return NotApplied()

    def rewards(self, query: dict[str, str]) -> tuple[RewardAnswer, ...] | NotRead:
        """Return the rewards of a query, all of them."""

        def one_page(cursor: dict[str, str]) -> tuple[Reply, Iterable[RewardAnswer] | None, str]:
            body = {"query": query, "limit": PAGE, **cursor}
            reply = self._client.post("loyalty", "rewards", "search", body=body)
            answer = read(reply, RewardsRead)
            return reply, answer.rewards if answer else None, answer.cursor if answer else ""

        return _all_pages(one_page, MOST_PAGES)

    def _events(self, member_id: str, kind: str, at: datetime) -> tuple[EventAnswer, ...] | NotRead:
        wanted: dict[str, object] = {
            "loyalty_account_filter": {"loyalty_account_id": member_id},
            "type_filter": {"types": [kind]},
        }
        if (ahead := self._client.clock_ahead) is not None:
            # Whose clock is right is not known before Square answered once: until then everything is read.
            since = (at.astimezone(UTC) + ahead - _FILTER_SPARE).isoformat(timespec="milliseconds")
            wanted["date_time_filter"] = {"created_at": {"start_at": since.replace("+00:00", "Z")}}

        def one_page(cursor: dict[str, str]) -> tuple[Reply, Iterable[EventAnswer] | None, str]:
            body = {"query": {"filter": wanted}, "limit": PAGE, **cursor}
            reply = self._client.post("loyalty", "events", "search", body=body)
            answer = read(reply, EventsRead)
            return reply, answer.events if answer else None, answer.cursor if answer else ""

        events = _all_pages(one_page, MOST_PAGES)
        if not isinstance(events, tuple):
            return events
        if any((event.loyalty_account_id, event.type) != (member_id, kind) for event in events):
            return Unknown("an answer about another member")
        return events

    def _since(self, effect: Effect) -> datetime:
        """Return from when, by Square's clock, what an effect did may have been booked."""
        ahead = self._client.clock_ahead or timedelta(0)
        return (effect.in_doubt_since or effect.at) + ahead - _SPARE

    def _the_one(self, effect: Effect, fitting: dict[str, int | None]) -> Reconciled:
        ours = {
            reference: points
            for reference, points in fitting.items()
            if self._owners.get(reference, effect.key) == effect.key and reference not in effect.others
        }
        known = next((one for one in ours if self._owners.get(one) == effect.key), None)
        if known is None and len(ours) > 1:
            return Unknown("more than one row of the books may be this")
        reference = known or next(iter(ours), "")
        if not reference:
            return NotApplied()
        self.belongs(reference, effect.key)
        return AlreadyApplied(Booked(reference, points=_decimal(ours[reference])))


def unread(reply: Reply) -> NotRead:
    """Return what a read says that brought nothing."""
    other = unusable(reply)
    return _WRONG_FORM if other is None else other


def _all_pages(
    one_page: Callable[[dict[str, str]], tuple[Reply, Iterable[Row] | None, str]],
    most: int,
) -> tuple[Row, ...] | NotRead:
    found: list[Row] = []
    cursor: dict[str, str] = {}
    for _ in range(most):
        reply, rows, following = one_page(cursor)
        if rows is None or not isinstance(reply, Answered):
            return unread(reply)
        found += rows
        if not following:
            return tuple(found)
        cursor = {"cursor": following}
    return Unknown("more than can be read")


def _decimal(points: int | None) -> Decimal | None:
    return None if points is None else Decimal(points)
