"""The demo shop: its till and its loyalty server in one process, and the reference server alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cashier_app import staff_opening
from cashier_app.bootstrap import Till, contract_backend
from cashier_app.code_sections import CodesSection
from cashier_app.config import BackendSection, StoreSection, TillConfig, till_settings
from cashier_app.device_sections import DeviceSettings
from cashier_app.till_section import TillSection

if TYPE_CHECKING:
    from cashier_app.demo.server import DemoServer
    from cashier_app.ports.credentials import Secret
    from cashier_app.ports.loyalty import LoyaltyBackend

DEMO_CONFIG = TillConfig(
    store=StoreSection(
        name="Marigold Stores",
        till="2",
        region="IN",
        currency="INR",
        decimals=2,
        locale="en_IN",
        time_zone="Asia/Kolkata",
        hours=24,
    ),
    backend=BackendSection(address="http://127.0.0.1"),
    codes=CodesSection(),
    # Who practises serves the same few people again and again.
    till=TillSection(same_member_minutes=0),
)
"""The demo shop. Its address is known only once its server has started."""


class DemoShop:
    """The demo shop's till with its loyalty server, both in this process, over real HTTP on loopback.

    Args:
        folder: Its data folder; marked as one in which nothing is real.
        config: Its settings; nothing of them is asked of any backend but its own.
    """

    def __init__(self, folder: Path, config: TillConfig = DEMO_CONFIG) -> None:
        self._folder = folder
        self._config = config
        self._server: DemoServer | None = None
        self.till = Till(
            till_settings(config, training=True),
            folder,
            self._make_backend,
            close_backend=self._close_server,
            devices=DeviceSettings(config.scanner, config.camera, config.serial, config.sound),
            staff=staff_opening.DEMO_DESK,
            door=staff_opening.open_demo_door,
        )

    @property
    def server(self) -> DemoServer:
        """Return the server, for staging faults and reading its ledger; it runs once the workshop is open."""
        if self._server is None:
            raise ValueError("the demo server starts with the workshop")
        return self._server

    def stop_answering(self) -> None:
        """Let the shop's network go down: every connection is closed at once."""
        from cashier_app.demo.faults import FaultPlan

        self.server.faults.stage(FaultPlan(down=True))

    def answer_again(self) -> None:
        """Let the network come back."""
        self.server.faults.clear()

    def booked(self, sale_id: str) -> list[str]:
        """Return what the server's ledger holds for a sale, such as ``reserve``, ``capture``, ``sale``."""
        return [movement.kind for movement in self.server.ledger.movements(sale_id=sale_id)]

    def _new_server(self) -> DemoServer:
        """Return the server, not yet listening. Blocking."""
        from cashier_app.demo.server import DemoServer  # after the first frame

        return DemoServer(database=self._folder / "demo-server.sqlite")

    def _make_backend(self) -> LoyaltyBackend:
        if self._server is not None:
            return contract_backend(self._server.base_url, self._server.token)
        server = self._new_server()
        try:
            server.start()
        except BaseException:
            # The backend is asked for again after a while; the ledger must be free then.
            server.close()
            raise
        self._server = server
        return contract_backend(server.base_url, server.token)

    def _close_server(self) -> None:
        if self._server is not None:
            self._server.close()


def reference_server(
    port: int,
    token: Secret | None,
    database: Path | None,
    staged_faults: bool,  # noqa: FBT001 - one caller
    program: Path | None = None,
) -> DemoServer:
    """Return the reference loyalty server, not yet listening; `program` is a document instead of the demo's.

    Raises:
        KnownError: The program or the database cannot be used.
    """
    from cashier_app.demo.server import DemoServer
    from cashier_app.demo.shop import load_shop

    shop = load_shop()
    if program is not None:
        from cashier_app.documents.program_document import load_program

        shop = shop.with_program(load_program(program))
    return DemoServer(port=port, token=token, database=database, shop=shop, staged_faults=staged_faults)


@contextmanager
def demo_backend() -> Iterator[LoyaltyBackend]:
    """Run the demo shop's server with its ledger in memory, and yield its backend."""
    with reference_server(0, None, None, False) as server:
        backend = contract_backend(server.base_url, server.token)
        try:
            yield backend
        finally:
            backend.close()
