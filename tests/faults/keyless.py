"""A backend that forgets idempotency keys and whose search lags, made of the honest server behind the proxy.

Each post it takes for new goes on under an id of its own, and the honest ledger books it each time.
Who looks an effect up sees what was booked only after the lag.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta

from msgspec import Struct
from uuid6 import uuid7

from tests.faults import misbehaviour as bad
from tests.faults.ledger_check import Findings
from tests.faults.network_till import NetworkTill
from tests.faults.proxy import Behaviour, Exchange, Request, honest


class Booking(Struct, frozen=True):
    """One post that took hold: when, by the till's clock, and the answer for it."""

    at: float
    answer: bytes


class KeylessBackend:
    """Plans for the proxy of a till: what becomes of its posts, and of what it looks up.

    Args:
        lag: How long a booking stays out of sight of a search.
        key_life: How long a key is known; nothing for a backend without any.
        lose: Says of each post whether its answer is lost after it was booked.
        searchable: Whether effects can be looked up at all.
    """

    def __init__(
        self,
        till: NetworkTill,
        *,
        lag: timedelta,
        lose: Callable[[], bool],
        key_life: timedelta = timedelta(0),
        searchable: bool = True,
    ) -> None:
        self._till = till
        self._lag = lag.total_seconds()
        self._key_life = key_life.total_seconds()
        self._lose = lose
        self._searchable = searchable
        self.bookings: dict[str, list[Booking]] = defaultdict(list)
        self.posts = 0
        self.lost = 0
        self.searches = 0

    def plan(self, request: Request) -> Behaviour:
        """Answer posts and searches; the rest is honest."""
        if request.is_write:
            return self._book
        return self._search if request.is_about_an_effect else honest

    def compare(self) -> Findings:
        """Compare what the till sold with what was booked; the ledger itself must hold as many bookings."""
        found = Findings(
            said_done=set(self._till.done), committed={one.sale_id for one in self._till.sales()}
        )
        times = Counter({key[:36]: len(bookings) for key, bookings in self.bookings.items()})
        parked = self._till.parked()
        found.lost = found.committed - set(times) - parked | found.said_done - found.committed
        found.doubled = {sale_id for sale_id, count in times.items() if count > 1}
        found.phantom = set(times) - found.committed
        unsent = {one.sale.sale_id for one in self._till.journal.unsent(1_000_000)}
        found.unsettled = len(unsent - parked)
        rows = self._till.server.ledger.rows("SELECT sale_id FROM movements WHERE kind = 'sale'")
        booked = [str(row[0]) for row in rows if str(row[0]) not in self._till.before]
        if len(booked) != sum(times.values()):
            found.broken.append("the ledger and its proxy disagree")
        return found

    async def _book(self, exchange: Exchange) -> None:
        self.posts += 1
        key, now = exchange.request.key, self._till.clock.monotonic()
        known = self.bookings[key]
        if known and now - known[0].at < self._key_life:
            answer = known[0].answer
        else:
            answer = await self._booked_anew(exchange, key, now)
        if self._lose():
            self.lost += 1
            return
        await bad.answer(200, answer)(exchange)

    async def _booked_anew(self, exchange: Exchange, key: str, now: float) -> bytes:
        sale_id, new_id = key[:36].encode(), str(uuid7()).encode()
        answered = await exchange.forward(exchange.request.raw.replace(sale_id, new_id))
        head, _, body = answered.replace(new_id, sale_id).partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise AssertionError(answered)
        self.bookings[key].append(Booking(now, body))
        return body

    async def _search(self, exchange: Exchange) -> None:
        self.searches += 1
        if not self._searchable:
            raise AssertionError("this backend cannot be searched")
        key, now = exchange.request.key, self._till.clock.monotonic()
        seen = [booking for booking in self.bookings[key] if now - booking.at >= self._lag]
        if seen:
            await bad.answer(200, json.dumps(json.loads(seen[0].answer)).encode())(exchange)
        else:
            await bad.problem(404, "no_such_effect")(exchange)
