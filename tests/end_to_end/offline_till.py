"""The demo shop's till in a process of its own, offline, until somebody kills it."""

from __future__ import annotations

import sys
import threading
from contextlib import suppress
from pathlib import Path

from cashier_app.demo_shop import DemoShop
from cashier_app.errors import KnownError
from cashier_app.services.health import Action


def main(folder: Path) -> None:
    """Go offline, say so once it is written down, and wait."""
    shop = DemoShop(folder)
    health = shop.till.workshop().health
    shop.till.workshop().lookup.program()
    shop.stop_answering()
    with suppress(KnownError):
        health.do(Action.LOOK_NOW)
    while not _is_written(shop):
        threading.Event().wait(0.01)
    sys.stdout.write("offline\n")
    sys.stdout.flush()
    threading.Event().wait()


def _is_written(shop: DemoShop) -> bool:
    opened = shop.till._opened
    assert opened is not None
    with opened.journal.database.reading() as connection:
        return connection.execute("SELECT 1 FROM offline_spell WHERE state = 'open'").fetchone() is not None


if __name__ == "__main__":
    main(Path(sys.argv[1]))
