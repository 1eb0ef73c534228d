"""Staged faults: a bad day of network and backend on demand, for tests, training and the tour."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Annotated, Protocol, cast

import msgspec
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONNECTION = "connection"
"""Name under which the server leaves the connection in the state of each request."""

ADMIN_PATH = "/admin/faults"
HEALTH_PATH = "/v1/health"
_HARMLESS_POSTS = ("/v1/members/find", "/v1/quotes")
_LOOK_SECONDS = 0.05  # between two looks at whether an answer still has to wait
_PORTAL = "<!doctype html><title>Sign in</title><h1>Welcome to Free Wi-Fi</h1><p>Please sign in to go on.</p>"


class Connection(Protocol):
    """The part of a transport needed here."""

    def abort(self) -> None:
        """Close at once, without another byte."""


Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]


class FaultPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which faults are staged; the plan as a whole replaces the one before.

    Args:
        down: Close every connection as soon as a request arrives.
        delay_ms: Wait before each answer, milliseconds.
        jitter_ms: Wait up to so much longer or shorter, milliseconds; each length is as likely.
        lose_answers: Apply this many of the next writes, then close without an answer.
        lose_percent: Do so with this share of the writes.
        repeat_writes: Take this many of the next writes twice, as a network does that repeats a request.
        unavailable: Answer this many of the next requests with 503, a health check excepted.
        unavailable_every: Answer each n-th request with 503, a health check excepted; 0 for none.
        unavailable_percent: Do so with this share of the requests.
        too_many: Answer this many of the next requests with 429, a health check excepted.
        too_many_percent: Do so with this share of the requests.
        retry_after: The header's value for both, as it is sent; empty for none.
        captive_portal: Answer everything with the sign-in page of a guest network.
        code_clock_seconds: Judge the age of wallet codes by a clock that is so much fast, or slow below zero.
        seed: Begin the dice of shares and jitter here, so that the same requests fail again; None goes on.
    """

    down: bool = False
    delay_ms: int = 0
    jitter_ms: int = 0
    lose_answers: int = 0
    lose_percent: Percent = 0
    repeat_writes: int = 0
    unavailable: int = 0
    unavailable_every: int = 0
    unavailable_percent: Percent = 0
    too_many: int = 0
    too_many_percent: Percent = 0
    retry_after: str = ""
    captive_portal: bool = False
    code_clock_seconds: int = 0
    seed: int | None = None


class Tally(msgspec.Struct, frozen=True):
    """What was asked since the server began, and how many of that a staged fault got in the way of."""

    asked: int = 0
    failed: int = 0


@dataclass
class Faults:
    """The faults staged now. Safe from any thread."""

    _plan: FaultPlan = field(default_factory=FaultPlan)
    _requests: int = 0
    _tally: Tally = field(default_factory=Tally)
    _dice: Random = field(default_factory=Random)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def plan(self) -> FaultPlan:
        """Return what is still staged."""
        return self._plan

    def stage(self, plan: FaultPlan) -> None:
        """Stage these faults instead of any before."""
        with self._lock:
            self._plan = plan
            if plan.seed is not None:
                self._dice.seed(plan.seed)

    @property
    def tally(self) -> Tally:
        """Return what was asked, and what of it failed."""
        return self._tally

    def count(self, *, failed: bool = False) -> None:
        """Count a request that came, or one that was failed."""
        with self._lock:
            asked, fails = self._tally.asked, self._tally.failed
            self._tally = Tally(asked, fails + 1) if failed else Tally(asked + 1, fails)

    def falls(self, percent: int) -> bool:
        """Say whether the dice fall on this share; they are thrown only where there is one."""
        with self._lock:
            return percent > 0 and self._dice.randrange(100) < percent

    def lean(self) -> float:
        """Return how far an answer leans from the usual delay: from 1 before, -1.0, to 1 behind, 1.0."""
        with self._lock:
            return self._dice.uniform(-1, 1) if self._plan.jitter_ms else 0.0

    def clear(self) -> None:
        """Behave again."""
        self.stage(FaultPlan())

    def is_nth(self, every: int) -> bool:
        """Count a request; say whether it is the n-th, the 2n-th and so on. Never for 0."""
        with self._lock:
            self._requests += 1
            return every > 0 and self._requests % every == 0

    def take(self, name: str) -> bool:
        """Use up one of a counted fault; say whether there was one left."""
        with self._lock:
            left = int(getattr(self._plan, name))
            if left > 0:
                self._plan = msgspec.structs.replace(self._plan, **{name: left - 1})
            return left > 0


class FaultyApp:
    """The server's application with the staged faults in front of it."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or fail it as staged."""
        if scope["type"] != "http" or scope["path"] == ADMIN_PATH:
            await self._app(scope, receive, send)
            return
        plan = self._faults.plan
        self._faults.count()
        try:
            await self._wait()
        except asyncio.CancelledError:
            # The server stops: whoever waits for this answer gets none.
            await _hang_up(scope, receive)
            return
        if plan.down:
            self._faults.count(failed=True)
            await _hang_up(scope, receive)
        elif plan.captive_portal:
            self._faults.count(failed=True)
            await HTMLResponse(_PORTAL)(scope, receive, send)
        elif scope["path"] != HEALTH_PATH and (refusal := self._refusal(plan)):
            self._faults.count(failed=True)
            await refusal(scope, receive, send)
        elif _is_write(scope) and self._loses(plan):
            await self._app(scope, receive, _swallow)
            self._faults.count(failed=True)
            await _hang_up(scope, receive)
        elif _is_write(scope) and self._faults.take("repeat_writes"):
            again = await _kept(receive)
            await self._app(scope, again(), _swallow)
            await self._app(scope, again(), send)
        else:
            await self._app(scope, receive, send)

    async def _wait(self) -> None:
        """Wait as long as is staged: also shorter than when it began, once something else is."""
        lean, clock = self._faults.lean(), asyncio.get_running_loop().time
        came = clock()
        rest = float("inf")
        while rest > _LOOK_SECONDS:
            plan = self._faults.plan
            rest = (plan.delay_ms + lean * plan.jitter_ms) / 1000 - (clock() - came)
            await asyncio.sleep(min(max(rest, 0.0), _LOOK_SECONDS))

    def _loses(self, plan: FaultPlan) -> bool:
        return self._faults.take("lose_answers") or self._faults.falls(plan.lose_percent)

    def _refusal(self, plan: FaultPlan) -> Response | None:
        status, code = 503, "unavailable"
        faults = self._faults
        away = faults.take("unavailable") or faults.is_nth(plan.unavailable_every)
        if not (away or faults.falls(plan.unavailable_percent)):
            status, code = 429, "too_many_requests"
            if not (faults.take("too_many") or faults.falls(plan.too_many_percent)):
                return None
        body = msgspec.json.encode({"title": "Not now", "status": status, "code": code, "detail": "staged"})
        headers = {"Retry-After": plan.retry_after} if plan.retry_after else None
        return Response(body, status, headers, media_type="application/problem+json")


def _is_write(scope: Scope) -> bool:
    return scope["method"] == "POST" and scope["path"] not in _HARMLESS_POSTS


async def _kept(receive: Receive) -> Callable[[], Receive]:
    """Take a request's whole body, and return what gives it out once more."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    whole: Message = {"type": "http.request", "body": body, "more_body": False}

    def again() -> Receive:
        given = [whole]

        async def once() -> Message:
            return given.pop() if given else await receive()

        return once

    return again


async def _hang_up(scope: Scope, receive: Receive) -> None:
    cast("Connection", scope["state"][CONNECTION]).abort()
    while (await receive())["type"] != "http.disconnect":
        pass


async def _swallow(_: Message) -> None:
    """Throw the answer away."""
