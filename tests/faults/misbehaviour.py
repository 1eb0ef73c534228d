"""What the fault proxy can do to a request: behaviours in tables by kind, or made by a function."""

from __future__ import annotations

import asyncio
import gzip
import json
from contextlib import suppress

from tests.faults.proxy import Behaviour, Exchange, Plan, honest

JSON = "application/json"
PROBLEM = "application/problem+json"
HTML = "text/html"
PORTAL = b"<!doctype html><title>Sign in</title><h1>Welcome to Free Wi-Fi</h1>"
MEBIBYTE = 1024 * 1024
HUGE = 100 * MEBIBYTE
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def answer(status: int, body: bytes, *headers: str, kind: str = JSON) -> Behaviour:
    """Return a behaviour that answers with this and closes."""
    head = [f"HTTP/1.1 {status} Something", f"Content-Length: {len(body)}", f"Content-Type: {kind}", *headers]
    return raw("\r\n".join([*head, "Connection: close"]).encode() + b"\r\n\r\n" + body)


def raw(data: bytes) -> Behaviour:
    """Return a behaviour that answers with exactly these bytes and closes."""

    async def behave(exchange: Exchange) -> None:
        await exchange.send(data)

    return behave


def for_effects(behaviour: Behaviour) -> Plan:
    """Return a plan that does this to what writes or looks up an effect, and is honest to the rest."""
    return lambda request: behaviour if request.is_about_an_effect else honest


def after_applying(behaviour: Behaviour) -> Behaviour:
    """Return a behaviour that lets the server do as asked, throws its answer away and then misbehaves."""

    async def behave(exchange: Exchange) -> None:
        await exchange.forward()
        await behaviour(exchange)

    return behave


def problem(status: int, code: str, *headers: str) -> Behaviour:
    """Return a behaviour that refuses, naming the request's own key, as the contract asks."""

    async def behave(exchange: Exchange) -> None:
        document = {"title": "No", "status": status, "code": code, "key": exchange.request.key}
        await answer(status, json.dumps(document).encode(), *headers, kind=PROBLEM)(exchange)

    return behave


def drip(start: bytes, drop: bytes, every: float = 0.02) -> Behaviour:
    """Return a behaviour that starts at once and goes on drop by drop for as long as anybody listens."""

    async def behave(exchange: Exchange) -> None:
        await exchange.send(start)
        while not exchange.ended.is_set():
            await asyncio.sleep(every)
            await exchange.send(drop)

    return behave


def delayed(seconds: float) -> Behaviour:
    """Return a behaviour that applies at once and answers honestly, but only after this time."""

    async def behave(exchange: Exchange) -> None:
        answered = await exchange.forward()
        with suppress(TimeoutError):
            await asyncio.wait_for(exchange.ended.wait(), seconds)
        await exchange.send(answered)

    return behave


async def silence(exchange: Exchange) -> None:
    """Answer nothing for as long as the proxy runs."""
    await exchange.ended.wait()


async def hang_up(exchange: Exchange) -> None:
    """Close without a word."""


async def reset(exchange: Exchange) -> None:
    """Reset the connection."""
    exchange.reset()


async def reset_mid_body(exchange: Exchange) -> None:
    """Send half of what was promised, then reset the connection."""
    await exchange.send(HEAD + b'Content-Length: 99\r\n\r\n{"key": ')
    exchange.reset()


async def cut_short(exchange: Exchange) -> None:
    """Send the server's true answer but for its last three bytes."""
    await exchange.send((await exchange.forward())[:-3])


async def huge_body(exchange: Exchange) -> None:
    """Send a JSON text of 100 MB."""
    await exchange.send(HEAD + b"Content-Length: %d\r\n\r\n" % (HUGE + 4))
    await exchange.send(b'["')
    for _ in range(HUGE // 65536):
        await exchange.send(b"x" * 65536)
    await exchange.send(b'"]')


BOMB = gzip.compress(b'["' + b"x" * HUGE + b'"]', 9)


async def redirect_loop(exchange: Exchange) -> None:
    """Point back to what was asked."""
    await answer(307, b"{}", f"Location: {exchange.request.path}")(exchange)


def changed(**changes: object) -> Behaviour:
    """Return a behaviour that applies, and answers honestly but for these members of the document."""

    async def behave(exchange: Exchange) -> None:
        document = json.loads((await exchange.forward()).partition(b"\r\n\r\n")[2])
        await answer(200, json.dumps(document | changes).encode())(exchange)

    return behave


def spliced(member: bytes) -> Behaviour:
    """Return a behaviour that applies, and puts this text into the honest answer as its first member."""

    async def behave(exchange: Exchange) -> None:
        body = (await exchange.forward()).partition(b"\r\n\r\n")[2]
        await answer(200, b"{" + member + b", " + body[1:])(exchange)

    return behave


ANOTHER_SALE = "01934f5c-9a7e-7c11-8f3a-2f5d0c9a4e21"
BROKEN: dict[str, Behaviour] = {
    "reset": reset,
    "reset in mid-body": reset_mid_body,
    "short body": cut_short,
    "nothing at all": hang_up,
    "garbage status line": raw(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"),
    "flood of headers": raw(b"HTTP/1.1 200 OK\r\n" + b"X-Flood: 1\r\n" * 50_000),
    "two lengths": raw(HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
}
PORTALS: dict[str, Behaviour] = {
    "captive portal, 200": answer(200, PORTAL, kind=HTML),
    "captive portal, 200 as JSON": answer(200, PORTAL),
    "captive portal, 302": answer(302, b"", "Location: http://portal.example/login", kind=HTML),
}
JSON_TRAPS: dict[str, Behaviour] = {
    "NaN": spliced(b'"points": NaN'),
    "Infinity": spliced(b'"balance": -Infinity'),
    "double keys": spliced(b'"reference": "first"'),
    "1e999": spliced(b'"balance": 1e999999999999999'),
    "5,000-digit number": spliced(b'"balance": ' + b"9" * 5000),
    "100,000 deep": spliced(b'"more": ' + b"[" * 100_000 + b"]" * 100_000),
    "lone surrogate": spliced(rb'"note": "\ud800"'),
    "wrong type": changed(reference=["a", "list"]),
    "a list": answer(200, b"[]"),
}
SWAPPED: dict[str, Behaviour] = {
    "another key": changed(key=f"{ANOTHER_SALE}-sale-1"),
    "another sale": changed(sale_id=ANOTHER_SALE),
    "both": changed(key=f"{ANOTHER_SALE}-sale-1", sale_id=ANOTHER_SALE),
}
SERVER_ERRORS: dict[str, Behaviour] = {
    "500": answer(500, b"<html>oops</html>", kind=HTML),
    "502": answer(502, b"bad gateway", kind="text/plain"),
    "503 with a reason": problem(503, "unavailable"),
    "504": answer(504, b"", kind=HTML),
}
