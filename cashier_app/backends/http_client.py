"""The HTTP client every backend adapter shares: one deadline a call, nothing trusted, answers as values.

Importing this module imports httpx, which takes 100 to 200 ms: nobody imports it before a backend is needed,
and the window's first frame never is.
"""

from __future__ import annotations

import logging
import math
import queue
import ssl
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

import httpx
import msgspec

from cashier_app.backends.authorization import Authorization
from cashier_app.backends.deadline import Deadline, DeadlineTransport
from cashier_app.backends.paths import path_of
from cashier_app.backends.replies import Answered, NoAnswer, NotSent, Reply, Strange
from cashier_app.backends.trust import tls_context
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock, SystemClock
from cashier_app.strict_json import MalformedJsonError, load_strictly

__all__ = ["CONNECTIONS", "MAX_ANSWER", "HttpClient", "Query", "path_of"]

MAX_ANSWER: Final = 1024 * 1024
MAX_RETRY_AFTER: Final = 900
CONNECTIONS: Final = 12
"""Opened as they are needed: eight for a sender at most, the rest so that no cashier waits behind a queue."""

_JSON = "application/json"
_PROBLEM = "application/problem+json"
Query = Mapping[str, str] | list[tuple[str, str | int | float | bool | None]]
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


_ENCODER = msgspec.json.Encoder(decimal_format="number")


class HttpClient:
    """Sends JSON, takes JSON. Safe from any thread.

    No redirect is followed, no proxy or certificate setting of the environment is used, no compressed answer
    and none over 1 MiB is read, and every call ends at its deadline.

    Args:
        base_url: ``https://…``, or ``http://`` to this very computer.
        authorization: Secret headers of every request, shown nowhere.
        headers: Other headers of every request, such as a version of the interface.
        clock: Understands a Retry-After that names a moment, where the answer has no date of its own.
        authorities: A file of certificate authorities to trust instead of the system's.

    Raises:
        KnownError: The address or the authorities cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        authorization: Authorization,
        *,
        headers: Mapping[str, str] | None = None,
        clock: Clock | None = None,
        authorities: Path | None = None,
    ) -> None:
        for name in ("httpx", "httpcore"):
            # Below a warning they write down every address, and with it member ids.
            logging.getLogger(name).setLevel(logging.WARNING)
        self._clock = clock or SystemClock()
        self._authorization = authorization
        self._headers = dict(headers or {})
        self._deadline = Deadline()
        self._clock_ahead: timedelta | None = None
        url = _checked_address(base_url)
        context = tls_context(authorities) if url.scheme == "https" else None
        self._idle: queue.LifoQueue[httpx.Client] = queue.LifoQueue()
        self._clients = [self._one_connection(url, context) for _ in range(CONNECTIONS)]
        for client in self._clients:
            self._idle.put(client)

    def _one_connection(self, url: httpx.URL, context: ssl.SSLContext | None) -> httpx.Client:
        """Return a client of one connection, for one thread at a time.

        The pool below httpx may close, as surplus, a connection it has just handed to another thread, whose
        request then hangs or breaks: a write in doubt for nothing. Nobody shares a pool here.
        """
        return httpx.Client(
            base_url=url,
            headers={
                "Accept": f"{_JSON}, {_PROBLEM}",
                "Accept-Encoding": "identity",
                "User-Agent": "cashier-app",
                **self._headers,
            },
            transport=DeadlineTransport(self._deadline, context),
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        """Close all connections."""
        for client in self._clients:
            client.close()

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Give all calls this thread makes here one deadline."""
        return self._deadline.within(seconds)

    @property
    def clock_ahead(self) -> timedelta | None:
        """Return how far the backend's clock is ahead of ours by its last answer; None before it said."""
        return self._clock_ahead

    def get(
        self,
        path: str,
        *,
        seconds: float,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Read something; see `call`."""
        return self.call("GET", path, seconds=seconds, query=query, headers=headers)

    def post(
        self, path: str, body: object, *, seconds: float, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Send a JSON value; see `call`."""
        return self.call("POST", path, body, seconds=seconds, headers=headers)

    def put(
        self, path: str, body: object, *, seconds: float, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Send a JSON value that replaces another; see `call`."""
        return self.call("PUT", path, body, seconds=seconds, headers=headers)

    def delete(self, path: str, *, seconds: float, headers: Mapping[str, str] | None = None) -> Reply:
        """Take something away; see `call`."""
        return self.call("DELETE", path, seconds=seconds, headers=headers)

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        seconds: float,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send one request, and once more with new credentials when the first are refused.

        Args:
            method: Such as ``GET``.
            path: Built with `path_of`, or a constant.
            body: A JSON value, `Decimal` as a number; bytes are JSON already. None for none.
            seconds: The whole call's, the repeat and the new credentials included.
            query: Names and values, encoded here.
            headers: Of this request alone.
        """
        content = body if body is None or isinstance(body, bytes) else _ENCODER.encode(body)
        with self._deadline.within(seconds):
            secret = self._authorization.headers()
            reply = self._call(method, path, seconds, query, {**(headers or {}), **secret}, content)
            refused = isinstance(reply, Answered | Strange) and reply.status == 401
            if refused and self._authorization.renew(secret, self._deadline.seconds_left()):
                secret = self._authorization.headers()
                if self._deadline.seconds_left() > 0:
                    reply = self._call(method, path, seconds, query, {**(headers or {}), **secret}, content)
            return reply

    def _call(
        self,
        method: str,
        path: str,
        seconds: float,
        query: Query | None,
        headers: Mapping[str, str],
        content: bytes | None,
    ) -> Reply:
        try:
            client = self._idle.get(timeout=self._deadline.left(seconds, queue.Empty))
        except queue.Empty:
            return NotSent("all connections are busy")
        try:
            typed = {"Content-Type": _JSON} if content is not None else {}
            request = client.build_request(
                method, path, params=query, headers={**typed, **headers}, content=content, timeout=seconds
            )
            response = client.send(request, stream=True)
            try:
                return self._read(response, conditional="If-None-Match" in headers)
            finally:
                response.close()
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            return NotSent(_kind(error))
        except httpx.TransportError as error:
            return NoAnswer(_kind(error))
        finally:
            self._idle.put(client)

    def _read(self, response: httpx.Response, *, conditional: bool) -> Reply:
        status = response.status_code
        retry_after = self._retry_after(response.headers)
        self._compare_clocks(response.headers)
        if status == httpx.codes.NO_CONTENT:
            return Answered(status, None)
        if status == httpx.codes.NOT_MODIFIED and conditional:
            return Answered(status, None, etag=response.headers.get("etag", ""))
        if 300 <= status < 400:
            return Strange(status, "a redirect")
        if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
            return Strange(status, "a compressed answer", retry_after)
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in {_JSON, _PROBLEM}:
            return Strange(status, "not JSON, perhaps a sign-in page of the network", retry_after)
        body = bytearray()
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > MAX_ANSWER:
                return Strange(status, "more than 1 MiB", retry_after)
        try:
            value = load_strictly(bytes(body))
        except MalformedJsonError as error:
            return Strange(status, str(error), retry_after)
        return Answered(
            status,
            value,
            retry_after=retry_after,
            replayed=response.headers.get("idempotency-replayed", "") == "true",
            is_problem=media_type == _PROBLEM,
            etag=response.headers.get("etag", "")[:200],
        )

    def _compare_clocks(self, headers: httpx.Headers) -> None:
        theirs = _moment(headers.get("date", ""))
        if theirs is not None:
            self._clock_ahead = theirs - self._clock.now()

    def _retry_after(self, headers: httpx.Headers) -> int | None:
        """Return the seconds asked for (RFC 9110 10.2.3), at most 900; None for what makes no sense.

        A moment is compared with the backend's own date: this computer's clock may be wrong.
        """
        values = headers.get_list("retry-after")
        if len(values) != 1:
            return None
        text = values[0].strip()
        if text.isascii() and text.isdigit():
            return min(int(text[:12]), MAX_RETRY_AFTER) if len(text) <= 12 else MAX_RETRY_AFTER
        until = _moment(text)
        if until is None:
            return None
        asked_at = _moment(headers.get("date", "")) or self._clock.now()
        seconds = math.ceil((until - asked_at).total_seconds())
        return min(max(seconds, 0), MAX_RETRY_AFTER)


def _moment(text: str) -> datetime | None:
    """Return a date of HTTP (RFC 9110 5.6.7), UTC; None for what is none."""
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def _checked_address(base_url: str) -> httpx.URL:
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        raise KnownError("The backend's address is not an address.") from None
    if url.userinfo or url.query or url.fragment or not url.host:
        raise KnownError("The backend's address may hold a host and a path, nothing else.")
    if url.scheme != "https" and not (url.scheme == "http" and url.host in _LOOPBACK):
        raise KnownError("The backend's address must begin with https://.")
    return url


def _kind(error: httpx.TransportError) -> str:
    """Return what happened, without addresses or texts of the other side."""
    names = {
        httpx.ConnectError: "no connection",
        httpx.ConnectTimeout: "no connection in time",
        httpx.ReadTimeout: "no answer in time",
        httpx.WriteTimeout: "not sent in time",
        httpx.ReadError: "the connection broke",
        httpx.WriteError: "the connection broke",
        httpx.RemoteProtocolError: "the connection ended without a whole answer",
    }
    return names.get(type(error), type(error).__name__)
