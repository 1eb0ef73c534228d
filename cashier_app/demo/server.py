"""The reference loyalty server: real HTTP on loopback, in a thread of its own."""

from __future__ import annotations

import secrets
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from cashier_app.demo.api import LoyaltyApi
from cashier_app.demo.booking import Bookings
from cashier_app.demo.faults import Faults, FaultyApp
from cashier_app.demo.ledger import Ledger
from cashier_app.demo.members import seed
from cashier_app.demo.serving import HOST, QuietServer, listen
from cashier_app.demo.shop import Shop, load_shop
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock, SystemClock
from cashier_app.ports.credentials import Secret

START_SECONDS = 10.0


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
        self._server: QuietServer | None = None
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
        listener = listen(self._port)
        self._port = listener.getsockname()[1]
        self._server = QuietServer(FaultyApp(self._api, self.faults))
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
