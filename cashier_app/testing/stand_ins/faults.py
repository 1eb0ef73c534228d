"""Bad days of a network and a backend, staged in front of a stand-in, request by request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import cast

from msgspec import Struct
from msgspec.structs import replace
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cashier_app.demo.faults import CONNECTION, Connection

HUGE_BYTES = 3 * 1024 * 1024
_JSON = b"application/json"


class Trouble(StrEnum):
    """What goes wrong with a request.

    `LOST_ANSWER` closes the connection instead of answering. `SLOW` waits before it answers. `DRIP` sends the
    head at once and then a byte now and then for as long as anybody listens. `STATUS` answers this status.
    `MALFORMED` answers 200 and half a JSON text, `WRONG_TYPE` 200 and a web page, `REDIRECT` 302 to another
    place, `HUGE` 200 and 3 MiB of JSON, `TRUNCATED` less than it announces.
    """

    LOST_ANSWER = "lost answer"
    SLOW = "slow"
    DRIP = "drip"
    STATUS = "status"
    MALFORMED = "malformed"
    WRONG_TYPE = "wrong type"
    REDIRECT = "redirect"
    HUGE = "huge"
    TRUNCATED = "truncated"


class StagedFault(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fault for the next requests.

    Args:
        takes_hold: The request is carried out first; what goes wrong is only the answer.
        times: How many requests it befalls.
        skip: How many requests pass unharmed before.
        writes_only: Whether it befalls only requests that change something.
        path: A part of the path it befalls only; empty for any.
        status: For `STATUS`.
        retry_after: Header of the same name; empty for none.
        seconds: For `SLOW`.
    """

    trouble: Trouble
    takes_hold: bool = False
    times: int = 1
    skip: int = 0
    writes_only: bool = True
    path: str = ""
    status: int = 500
    retry_after: str = ""
    seconds: float = 30.0


@dataclass
class FaultyFront:
    """Stands before a stand-in's application and spoils what is staged.

    Args:
        is_write: Says of method and path whether such a request changes something.
        error_body: JSON with which this vendor would answer a status, `error_type` its media type.
    """

    app: ASGIApp
    is_write: Callable[[str, str], bool]
    error_body: Callable[[int], bytes]
    error_type: str = "application/json"
    staged: list[StagedFault] = field(default_factory=list)
    befallen: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or spoil it."""
        fault = self._next(scope) if scope["type"] == "http" else None
        if fault is None:
            await self.app(scope, receive, send)
            return
        self.befallen += 1
        kept = _Kept()
        if fault.takes_hold:
            await self.app(scope, receive, kept)
        await self._spoil(fault, scope, receive, send)

    def _next(self, scope: Scope) -> StagedFault | None:
        for index, fault in enumerate(self.staged):
            if fault.writes_only and not self.is_write(scope["method"], scope["path"]):
                continue
            if fault.path not in scope["path"]:
                continue
            if fault.skip > 0:
                self.staged[index] = replace(fault, skip=fault.skip - 1)
                return None
            self.staged[index] = replace(fault, times=fault.times - 1)
            if fault.times <= 1:
                del self.staged[index]
            return fault
        return None

    async def _spoil(self, fault: StagedFault, scope: Scope, receive: Receive, send: Send) -> None:
        match fault.trouble:
            case Trouble.LOST_ANSWER:
                await _hang_up(scope, receive)
            case Trouble.SLOW:
                await _unless_they_leave(receive, fault.seconds)
                await _hang_up(scope, receive)
            case Trouble.DRIP:
                await _drip(receive, send)
            case Trouble.STATUS:
                extra = [(b"retry-after", fault.retry_after.encode())] if fault.retry_after else []
                await _answer(
                    send, fault.status, self.error_body(fault.status), self.error_type.encode(), extra
                )
            case Trouble.MALFORMED:
                await _answer(send, 200, b'{"data": [1, 2', _JSON)
            case Trouble.WRONG_TYPE:
                await _answer(send, 200, b"<!doctype html><title>Sign in</title>", b"text/html")
            case Trouble.REDIRECT:
                await _answer(send, 302, b"{}", _JSON, [(b"location", b"http://127.0.0.1:9/elsewhere")])
            case Trouble.HUGE:
                await _answer(send, 200, b'"' + b"x" * HUGE_BYTES + b'"', _JSON)
            case Trouble.TRUNCATED:
                head = [(b"content-type", _JSON), (b"content-length", b"5000")]
                await send({"type": "http.response.start", "status": 200, "headers": head})
                await send({"type": "http.response.body", "body": b'{"data": ', "more_body": True})
                await _hang_up(scope, receive)


class _Kept:
    """Takes an answer that nobody will see."""

    async def __call__(self, message: Message) -> None:
        pass


async def _answer(
    send: Send, status: int, body: bytes, kind: bytes, more: list[tuple[bytes, bytes]] | None = None
) -> None:
    head = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *(more or [])]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})


async def _drip(receive: Receive, send: Send) -> None:
    head = [(b"content-type", _JSON), (b"content-length", b"1000000")]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": b"[", "more_body": True})
    while not await _unless_they_leave(receive, 0.05):
        await send({"type": "http.response.body", "body": b" ", "more_body": True})


async def _unless_they_leave(receive: Receive, seconds: float) -> bool:
    """Wait; return at once, and True, when the client goes away."""

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    try:
        await asyncio.wait_for(gone(), seconds)
    except TimeoutError:
        return False
    return True


async def _hang_up(scope: Scope, receive: Receive) -> None:
    cast("Connection", scope["state"][CONNECTION]).abort()
    while (await receive())["type"] != "http.disconnect":
        pass
