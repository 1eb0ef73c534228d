"""A network layer under httpx on which one deadline ends a whole call, however slowly the other side drips.

httpx's own timeouts start anew with every read: a server that sends a byte each second holds a call with
"timeout 1 s" for as long as it likes. Here each socket operation gets only what is left of the call's time.
"""

from __future__ import annotations

import ipaddress
import math
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import httpcore
import httpx

CONNECT_SECONDS = 2.5
"""A connection that takes longer is none: the till must know within 3 s that nobody is there."""

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


class Deadline(threading.local):
    """When the call of the current thread must be over."""

    def __init__(self) -> None:
        self._ends_at: float | None = None

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Give the calls made here this many seconds in all; an earlier end set outside still holds."""
        before = self._ends_at
        ends_at = time.monotonic() + seconds
        self._ends_at = ends_at if before is None else min(before, ends_at)
        try:
            yield
        finally:
            self._ends_at = before

    def seconds_left(self) -> float:
        """Return the seconds left, 0 when there are none; for ever outside of a call."""
        return math.inf if self._ends_at is None else max(self._ends_at - time.monotonic(), 0.0)

    def left(self, timeout: float | None, error: type[Exception]) -> float | None:
        """Return the seconds an operation may take; raise the error when none are left."""
        if self._ends_at is None:
            return timeout
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise error("the time for this call is up")
        return left


class DeadlineTransport(httpx.HTTPTransport):
    """httpx's transport over one connection whose sockets obey the deadline."""

    def __init__(self, deadline: Deadline, context: ssl.SSLContext | None) -> None:
        super().__init__(verify=context or False, trust_env=False)
        # httpx offers no way to hand its pool a network backend; httpcore, which owns the pool, does.
        self._pool.close()
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=1,
            max_keepalive_connections=1,
            keepalive_expiry=30.0,
            network_backend=_Network(deadline),
        )


class _Network(httpcore.NetworkBackend):
    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception | None = None
        with self._deadline.within(CONNECT_SECONDS):
            for address in self._addresses(host, port):
                left = self._deadline.left(timeout, httpcore.ConnectTimeout)
                try:
                    stream = self._inner.connect_tcp(address, port, left, local_address, socket_options)
                except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                    failure = error
                else:
                    return _Stream(stream, self._deadline)
        raise failure or httpcore.ConnectError("the name has no address")

    def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002 - refused
        timeout: float | None = None,  # noqa: ARG002 - refused
        socket_options: Iterable[SocketOption] | None = None,  # noqa: ARG002 - refused
    ) -> httpcore.NetworkStream:
        raise httpcore.UnsupportedProtocol("a backend is reached over TCP")

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)

    def _addresses(self, host: str, port: int) -> list[str]:
        """Resolve a name; in a thread, since the system's resolver knows no time limit."""
        try:
            return [str(ipaddress.ip_address(host))]
        except ValueError:
            pass
        answer: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()
        threading.Thread(target=_resolve, args=(host, port, answer), daemon=True).start()
        try:
            found = answer.get(timeout=self._deadline.left(None, httpcore.ConnectTimeout))
        except queue.Empty:
            raise httpcore.ConnectTimeout("the name was not resolved in time") from None
        if isinstance(found, OSError):
            raise httpcore.ConnectError(str(found)) from found
        return found


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        with self._deadline.within(CONNECT_SECONDS):
            left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


def _resolve(host: str, port: int, answer: queue.SimpleQueue[list[str] | OSError]) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        answer.put(error)
    else:
        answer.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
