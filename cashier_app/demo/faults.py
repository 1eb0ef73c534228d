"""Staged faults: a bad day of network and backend on demand, for tests, training and the tour."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from typing import Protocol, cast

import msgspec
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONNECTION = "connection"
"""Name under which the server leaves the connection in the state of each request."""

ADMIN_PATH = "/admin/faults"
HEALTH_PATH = "/v1/health"
_HARMLESS_POSTS = ("/v1/members/find", "/v1/quotes")
_PORTAL = "<!doctype html><title>Sign in</title><h1>Welcome to Free Wi-Fi</h1><p>Please sign in to go on.</p>"


class Connection(Protocol):
    """The part of a transport needed here."""

    def abort(self) -> None:
        """Close at once, without another byte."""


class FaultPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which faults are staged; the plan as a whole replaces the one before.

    Args:
        down: Close every connection as soon as a request arrives.
        delay_ms: Wait before each answer, milliseconds.
        lose_answers: Apply this many of the next writes, then close without an answer.
        unavailable: Answer this many of the next requests with 503, a health check excepted.
        unavailable_every: Answer each n-th request with 503, a health check excepted; 0 for none.
        too_many: Answer this many of the next requests with 429, a health check excepted.
        retry_after: The header's value for both, as it is sent; empty for none.
        captive_portal: Answer everything with the sign-in page of a guest network.
    """

    down: bool = False
    delay_ms: int = 0
    lose_answers: int = 0
    unavailable: int = 0
    unavailable_every: int = 0
    too_many: int = 0
    retry_after: str = ""
    captive_portal: bool = False


@dataclass
class Faults:
    """The faults staged now. Safe from any thread."""

    _plan: FaultPlan = field(default_factory=FaultPlan)
    _requests: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def plan(self) -> FaultPlan:
        """Return what is still staged."""
        return self._plan

    def stage(self, plan: FaultPlan) -> None:
        """Stage these faults instead of any before."""
        with self._lock:
            self._plan = plan

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
        try:
            await asyncio.sleep(plan.delay_ms / 1000)
        except asyncio.CancelledError:
            # The server stops: whoever waits for this answer gets none.
            await _hang_up(scope, receive)
            return
        if plan.down:
            await _hang_up(scope, receive)
        elif plan.captive_portal:
            await HTMLResponse(_PORTAL)(scope, receive, send)
        elif scope["path"] != HEALTH_PATH and (refusal := self._refusal(plan)):
            await refusal(scope, receive, send)
        elif _is_write(scope) and self._faults.take("lose_answers"):
            await self._app(scope, receive, _swallow)
            await _hang_up(scope, receive)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, plan: FaultPlan) -> Response | None:
        status, code = 503, "unavailable"
        if not (self._faults.take("unavailable") or self._faults.is_nth(plan.unavailable_every)):
            status, code = 429, "too_many_requests"
            if not self._faults.take("too_many"):
                return None
        body = msgspec.json.encode({"title": "Not now", "status": status, "code": code, "detail": "staged"})
        headers = {"Retry-After": plan.retry_after} if plan.retry_after else None
        return Response(body, status, headers, media_type="application/problem+json")


def _is_write(scope: Scope) -> bool:
    return scope["method"] == "POST" and scope["path"] not in _HARMLESS_POSTS


async def _hang_up(scope: Scope, receive: Receive) -> None:
    cast("Connection", scope["state"][CONNECTION]).abort()
    while (await receive())["type"] != "http.disconnect":
        pass


async def _swallow(_: Message) -> None:
    """Throw the answer away."""
