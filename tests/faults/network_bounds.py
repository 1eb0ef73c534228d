"""Answers that drip, or never end: one deadline ends each call, and memory does not follow the answer."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Self

import httpx
import psutil  # type: ignore[import-untyped]

from cashier_app.domain.outcome import Outcome, Reconciled, Unknown
from cashier_app.domain.sale import Effect
from cashier_app.ports.backend_kind import Deadlines
from cashier_app.ports.loyalty import LoyaltyBackend
from tests.fakes.delivering import deliver_due
from tests.faults import misbehaviour as bad
from tests.faults.network_till import NetworkTill, WrappedBackend, row_of
from tests.faults.proxy import Behaviour, Exchange, FaultProxy, honest
from tests.faults.table import Budget, Row

DEADLINES = Deadlines(find=0.15, post=0.15)
MOST_OVER_SECONDS = 0.5
MOST_GROWTH = 20_000_000
CONTROL_TIMEOUT_SECONDS = 0.3
CONTROL_DRIP_SECONDS = 1.2
DRIPS: dict[str, Behaviour] = {
    "status line": bad.drip(b"", b"H"),
    "headers": bad.drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
    "body": bad.drip(bad.HEAD + b"Content-Length: 9999\r\n\r\n", b" "),
    "chunks": bad.drip(bad.HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "100 Continue": bad.drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "silence": bad.silence,
}
FLOODS: dict[str, Behaviour] = {
    "100 MB body": bad.huge_body,
    "gzip bomb": bad.answer(200, bad.BOMB, "Content-Encoding: gzip"),
    "gzip bomb, unnamed": bad.answer(200, bad.BOMB),
}


def run(budget: Budget) -> list[Row]:
    """Let answers drip and flood, and show that a plain client would have been held and filled."""
    rounds = {Budget.SHORT: 1, Budget.FULL: 3}[budget]
    return [
        _slow_loris(rounds),
        *(_flood(name, behaviour, rounds) for name, behaviour in FLOODS.items()),
        _held_client(),
        _filled_client(),
    ]


class _Timed(WrappedBackend):
    """Notes the longest call, and that each was left in doubt."""

    def __init__(self, inner: LoyaltyBackend) -> None:
        super().__init__(inner)
        self.longest = 0.0
        self.calls = 0
        self.believed = 0

    def apply(self, effect: Effect) -> Outcome:
        return self._timed(lambda: self.inner.apply(effect))

    def reconcile(self, effect: Effect) -> Reconciled:
        started = time.monotonic()
        found = self.inner.reconcile(effect)
        self._note(started, isinstance(found, Unknown))
        return found

    def _timed(self, call: Callable[[], Outcome]) -> Outcome:
        started = time.monotonic()
        outcome = call()
        self._note(started, isinstance(outcome, Unknown))
        return outcome

    def _note(self, started: float, in_doubt: bool) -> None:  # noqa: FBT001
        self.longest = max(self.longest, time.monotonic() - started)
        self.calls += 1
        self.believed += not in_doubt


def _timed_till(seed: int) -> tuple[NetworkTill, _Timed]:
    opened: list[_Timed] = []

    def wrap(inner: LoyaltyBackend) -> LoyaltyBackend:
        opened.append(_Timed(inner))
        return opened[-1]

    till = NetworkTill(seed=seed, wrap=wrap, deadlines=DEADLINES)
    return till, opened[0]


def _attempts(till: NetworkTill, behaviours: Mapping[str, Behaviour], rounds: int) -> None:
    """Send a sale into each behaviour, then look it up into the same."""
    for behaviour in behaviours.values():
        till.sell(rounds, points=0)
        till.proxy.plan = bad.for_effects(behaviour)
        till.journal.make_due()
        deliver_due(till.delivery)
        till.connection.answered()
        till.journal.make_due()
        deliver_due(till.delivery)
        till.connection.answered()
        till.proxy.plan = lambda _: honest


def _slow_loris(rounds: int) -> Row:
    started = time.monotonic()
    till, timed = _timed_till(11)
    with till:
        _attempts(till, DRIPS, rounds)
        calls, over = timed.calls, timed.longest - DEADLINES.post
        broken = f"{over:.2f} s over the deadline" if over > MOST_OVER_SECONDS else ""
        if timed.believed:
            broken = "a dripping answer was believed"
        till.drain()
        detail = f"each call ends at most {max(over, 0) * 1000:.0f} ms after its deadline"
        return row_of("slow loris, headers and body", calls, till.findings(), started, detail, broken)


def _flood(name: str, behaviour: Behaviour, rounds: int) -> Row:
    started = time.monotonic()
    till, timed = _timed_till(12)
    with till, Memory() as memory:
        _attempts(till, {name: behaviour}, rounds)
        calls = timed.calls
        growth = memory.growth()
        broken = f"{growth / 1e6:.1f} MB growth" if growth >= MOST_GROWTH else ""
        if timed.believed:
            broken = "it was believed"
        till.drain()
        detail = f"memory grew by {growth / 1e6:.1f} MB"
        return row_of(name, calls, till.findings(), started, detail, broken)


class Memory:
    """How much this process grows at most, looked at each 2 ms."""

    def __enter__(self) -> Self:
        gc.collect()
        self._process = psutil.Process()
        self._before = self._most = self._process.memory_info().rss
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def growth(self) -> int:
        """Return bytes of growth so far, at its largest."""
        return int(self._most - self._before)

    def _watch(self) -> None:
        while not self._ended.wait(0.002):
            self._most = max(self._most, self._process.memory_info().rss)


def _held_client() -> Row:
    """Planted: a client whose timeout starts anew with each read is held by a drip."""
    started = time.monotonic()

    async def some_drips(exchange: Exchange) -> None:
        await exchange.send(bad.HEAD + b"Content-Length: 9999\r\n\r\n")
        for _ in range(int(CONTROL_DRIP_SECONDS / 0.05)):
            await asyncio.sleep(0.05)
            await exchange.send(b" ")

    with FaultProxy(plan=lambda _: some_drips) as proxy, suppress(httpx.TransportError):
        httpx.get(proxy.base_url, timeout=CONTROL_TIMEOUT_SECONDS, trust_env=False)
    held = time.monotonic() - started
    caught = held > CONTROL_TIMEOUT_SECONDS + MOST_OVER_SECONDS
    detail = f"held for {held:.1f} s by a timeout of {CONTROL_TIMEOUT_SECONDS} s"
    return Row(
        fault="a timeout for each read",
        runs=1,
        seconds=round(held),
        detail=detail,
        control=True,
        caught=caught,
    )


def _filled_client() -> Row:
    """Planted: a client that reads what it is sent, and unpacks it, is filled by a gzip bomb."""
    started = time.monotonic()
    with FaultProxy(plan=lambda _: FLOODS["gzip bomb"]) as proxy, Memory() as memory:
        httpx.get(proxy.base_url, trust_env=False)
        growth = memory.growth()
    return Row(
        fault="a client that unpacks",
        runs=1,
        seconds=round(time.monotonic() - started),
        detail=f"memory grew by {growth / 1e6:.0f} MB",
        control=True,
        caught=growth >= MOST_GROWTH,
    )
