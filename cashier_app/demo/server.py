"""The reference loyalty server: real HTTP on loopback, in a thread of its own."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from cashier_app.demo.api import LoyaltyApi
from cashier_app.demo.booking import Bookings
from cashier_app.demo.faults import CONNECTION, Faults, FaultyApp
from cashier_app.demo.ledger import Ledger
from cashier_app.demo.members import seed
from cashier_app.demo.shop import Shop, load_shop
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock, SystemClock
from cashier_app.ports.credentials import Secret

HOST = "127.0.0.1"
START_SECONDS = 10.0
TICK_SECONDS = 0.1


class DemoServer:
    """The demo shop's loyalty backend on a loopback port, in a thread of its own.

    Usable as a context manager. `ledger`, `bookings` and `faults` may be used from any thread while it runs.

    Args:
        port: 0 for any free one.
        database: The ledger's file; None keeps it in memory. An empty ledger is seeded.
        token: The bearer token asked for; None makes a random one.
        clock: Judges codes and holds.
        shop: None for the demo shop.
        staged_faults: Let faults be staged over HTTP as well (`POST /admin/faults`).
    """

    def __init__(
        self,
        *,
        port: int = 0,
        database: Path | None = None,
        token: Secret | None = None,
        clock: Clock | None = None,
        shop: Shop | None = None,
        staged_faults: bool = False,
    ) -> None:
        self.token = token or Secret(secrets.token_urlsafe(32))
        self.clock = clock or SystemClock()
        self.shop = shop or load_shop()
        self.faults = Faults()
        self.ledger = Ledger(self.clock, database)
        self.bookings = Bookings(self.ledger, self.shop)
        seed(self.ledger, self.shop)
        self._api = LoyaltyApi(self.ledger, self.bookings, self.token, self.faults, staged=staged_faults)
        self._port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """Return the port listened on, kept over a stop and a start."""
        return self._port

    @property
    def base_url(self) -> str:
        """Return the address to give to an adapter, such as ``http://127.0.0.1:8124``."""
        return f"http://{HOST}:{self._port}"

    def start(self) -> None:
        """Listen, and return once requests are answered.

        Raises:
            KnownError: The port is taken.
        """
        listener = _listen(self._port)
        self._port = listener.getsockname()[1]
        self._server = _Server(FaultyApp(self._api, self.faults))
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="demo server", daemon=True
        )
        self._thread.start()
        if not self._server.ready.wait(START_SECONDS):
            raise KnownError("The practice server did not start.")

    def stop(self) -> None:
        """Stop listening and end all connections; the ledger stays, `start` may follow."""
        if self._server is not None and self._thread is not None:
            self._server.end()
            self._thread.join()
        self._server = self._thread = None

    def close(self) -> None:
        """Stop and close the ledger."""
        self.stop()
        self.ledger.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Server(uvicorn.Server):
    """A quiet server that says when it is ready."""

    def __init__(self, app: FaultyApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=_Protocol,
                loop="asyncio",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="warning",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=75,
            )
        )
        self.ready = threading.Event()
        self._ended = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def end(self) -> None:
        """End at once. From any thread, once ready."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._ended.set)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self.ready.set()

    async def main_loop(self) -> None:
        ticks = 0
        while not await self.on_tick(ticks):
            ticks += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), TICK_SECONDS)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Go away as a backend does that loses its power; uvicorn's own way takes 0.3 s of polite waiting."""
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for connection in list(self.server_state.connections):
            connection.transport.abort()


class _Protocol(H11Protocol):
    """HTTP/1.1 that lets a staged fault reach the connection itself."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.app_state: dict[str, Any] = {**self.app_state, CONNECTION: transport}
        super().connection_made(transport)


def _listen(port: int) -> socket.socket:
    # Without an explicit protocol asyncio leaves Nagle's algorithm on: 44 ms a call instead of 0.5 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        # A port just left may be taken again; on Windows the same option would let two programs share it.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise KnownError(f"Port {port} is in use by another program.") from error
    listener.listen(128)
    return listener
