"""A proxy of our own between a till and the reference server: every bad thing a network does, on demand.

One asyncio loop in a thread of its own, loopback only. A plan looks at each request and says what happens;
see `tests/faults/misbehaviour.py`. It ends with its context.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, Self

from msgspec import Struct

HOST = "127.0.0.1"
WAIT_SECONDS = 20.0


class Request(Struct, frozen=True):
    """A request as it arrived.

    Args:
        at: When, on the monotonic clock.
        raw: Every byte of it.
    """

    at: float
    method: str
    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def key(self) -> str:
        """Return the effect it is about: a write's idempotency key, or the one looked up; else empty."""
        if self.path.startswith("/v1/effects/"):
            return self.path.rpartition("/")[2]
        return self.headers.get("idempotency-key", "")

    @property
    def is_write(self) -> bool:
        """Say whether it changes something."""
        return self.method == "POST" and bool(self.key)

    @property
    def is_about_an_effect(self) -> bool:
        """Say whether it writes or looks up an effect: what the sender sends."""
        return bool(self.key)


class Exchange:
    """One request, and what may be done to it. For behaviours, in the proxy's loop.

    Args:
        ended: Set when the proxy closes or the client has gone away.
    """

    def __init__(
        self, request: Request, upstream: _Upstream, writer: asyncio.StreamWriter, ended: asyncio.Event
    ) -> None:
        self.request = request
        self.keep = False
        self.ended = ended
        self._upstream = upstream
        self._writer = writer

    async def forward(self, instead: bytes = b"") -> bytes:
        """Let the server answer this request, or another instead of it; return every byte of its answer."""
        return await self._upstream.ask(instead or self.request.raw)

    async def send(self, data: bytes) -> None:
        """Send bytes to the client."""
        self._writer.write(data)
        await self._writer.drain()

    def reset(self) -> None:
        """End the connection with a reset instead of a farewell."""
        connection = self._writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self._writer.transport.abort()


Behaviour = Callable[[Exchange], Awaitable[None]]
Plan = Callable[[Request], Behaviour]


async def honest(exchange: Exchange) -> None:
    """Pass request and answer on as they are."""
    exchange.keep = True
    await exchange.send(await exchange.forward())


class FaultProxy:
    """Listens on loopback and does to each request what the plan says.

    Args:
        upstream: Port of the real server on this computer; 0 for none.
        plan: What happens to each request; may be replaced at any time.
        tls: Speak TLS with this context.
    """

    def __init__(
        self, upstream: int = 0, plan: Plan | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.plan: Plan = plan or (lambda _: honest)
        self.requests: list[Request] = []
        self.connections = 0
        self.failures: list[BaseException] = []
        self._upstream_port = upstream
        self._tls = tls
        self._port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault proxy", daemon=True)
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._ended = asyncio.Event()

    @property
    def base_url(self) -> str:
        """Return the address to give to an adapter."""
        return f"{'https' if self._tls else 'http'}://{HOST}:{self._port}"

    @property
    def port(self) -> int:
        """Return the port, kept while the line goes down and comes back."""
        return self._port

    def __enter__(self) -> Self:
        self._thread.start()
        self.come_back()
        return self

    def __exit__(self, *_: object) -> None:
        self.go_down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(WAIT_SECONDS)
        self._loop.close()
        if self.failures:
            raise AssertionError("the proxy itself failed") from self.failures[0]

    def go_down(self) -> None:
        """Refuse connections, and end those there are."""
        self._run(self._go_down())

    def come_back(self) -> None:
        """Listen again, on the same port."""
        self._run(self._come_back())

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(WAIT_SECONDS)

    async def _come_back(self) -> None:
        # Without an explicit protocol asyncio leaves Nagle's algorithm on: 44 ms a call instead of 0.5 ms.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, self._port))
        self._port = listener.getsockname()[1]
        self._ended = asyncio.Event()
        self._server = await asyncio.start_server(self._serve, sock=listener, ssl=self._tls)

    async def _go_down(self) -> None:
        self._ended.set()
        if self._server is not None:
            self._server.close()
        for writer in list(self._open.values()):
            writer.transport.abort()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = writer
        self.connections += 1
        upstream = _Upstream(self._upstream_port)
        try:
            while await self._one_request(reader, writer, upstream):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client has left, as it may, or the line went down
        except Exception as error:  # noqa: BLE001 - a mistake in a suite; told when the proxy is left
            self.failures.append(error)
        finally:
            upstream.close()
            writer.transport.abort() if writer.transport.is_closing() else writer.close()
            del self._open[task]

    async def _one_request(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, upstream: _Upstream
    ) -> bool:
        raw = await _message(reader)
        method, path, _ = raw.split(b"\r\n", 1)[0].decode().split(" ")
        request = Request(time.monotonic(), method, path, _headers(raw), raw)
        self.requests.append(request)
        exchange = Exchange(request, upstream, writer, self._ended)
        await self.plan(request)(exchange)
        return exchange.keep


class _Upstream:
    """One connection to the real server, opened when first needed."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, raw: bytes) -> bytes:
        """Send a request and return the whole answer."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(HOST, self._port)
        reader, writer = self._streams
        writer.write(raw)
        await writer.drain()
        return await _message(reader)

    def close(self) -> None:
        """End the connection."""
        if self._streams is not None:
            self._streams[1].close()


async def _message(reader: asyncio.StreamReader) -> bytes:
    """Read a whole request or answer; both sides here always say how long their bodies are."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(_headers(head).get("content-length", "0"))
    return head + await reader.readexactly(length)


def _headers(raw: bytes) -> dict[str, str]:
    lines = raw.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def refused_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


class BlackHole:
    """A port that answers nothing, not even a connection: its queue of connections is full for good."""

    def __init__(self) -> None:
        self._listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._listener.bind((HOST, 0))
        self._listener.listen(0)
        self.port = int(self._listener.getsockname()[1])
        self._fillers: list[socket.socket] = []

    def __enter__(self) -> Self:
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            with suppress(BlockingIOError):
                filler.connect((HOST, self.port))
            self._fillers.append(filler)
        return self

    def __exit__(self, *_: object) -> None:
        for filler in (*self._fillers, self._listener):
            filler.close()
