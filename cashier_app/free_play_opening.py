"""Free play put together: sliders and switches over the practice shop's own server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cashier_app.demo.free_play import ServerPlay
from cashier_app.demo_shop import DemoShop
from cashier_app.ports.free_play import FreePlay

if TYPE_CHECKING:
    from cashier_app.demo.server import DemoServer


def open_free_play(shop: DemoShop) -> FreePlay:
    """Return what troubles the server of a practice shop, from its start on."""

    def server() -> DemoServer | None:
        try:
            return shop.server
        except ValueError:
            return None

    return ServerPlay(server)
