"""The practice shop: the till as it is, on a folder of its own, with a loyalty server of its own."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cashier_app.config import PRACTICE_TILL, StoreSection, TillConfig
from cashier_app.demo_shop import DEMO_CONFIG, DemoShop
from cashier_app.storage.folder_lock import InUseError

if TYPE_CHECKING:
    from cashier_app.demo.server import DemoServer

PRACTICE_STORE = "Practice shop"
_MOST_SIGNS = 8  # of a till's number, the mark included
_BOOKS = "practice-books-"


def training_config(own: TillConfig | None = None) -> TillConfig:
    """Return the settings of the practice shop, for a shop's own till or for none.

    The shop's own are its name, language, time zone, hours and devices: so the screen reads as at work, and
    the real scanner and camera are used. Members, program, currency and the region of phone numbers are the
    demo shop's, as its members' phones and its program's amounts are. The till's number carries the mark.
    """
    demo = DEMO_CONFIG.store
    if own is None:
        store = replace(demo, name=PRACTICE_STORE, till=practice_till(demo.till))
        return replace(DEMO_CONFIG, store=store)
    store = StoreSection(
        name=own.store.name,
        till=practice_till(own.store.till),
        region=demo.region,
        currency=demo.currency,
        decimals=demo.decimals,
        locale=own.store.locale,
        time_zone=own.store.time_zone,
        hours=own.store.hours,
    )
    return replace(
        DEMO_CONFIG,
        store=store,
        scanner=own.scanner,
        camera=own.camera,
        serial=own.serial,
        sound=own.sound,
        folder=own.folder,
    )


def practice_till(till: str) -> str:
    """Return the number a till has in practice, such as ``TRAIN2``; every receipt of it begins so."""
    return (PRACTICE_TILL + till)[:_MOST_SIGNS]


class TrainingShop(DemoShop):
    """The practice shop's till with its loyalty server, both in this process; it reaches nothing else.

    The server's books begin anew each day, so that what lapses soon still does. What the till did stays in
    its folder: it is a record.

    Args:
        folder: Its own; marked as one of practice.
        own: The settings of the till that works here, where there is one.
        trainee: Who is learning, as the work till's sign-in knows them; empty where that is not known.

    Raises:
        KnownError: The folder holds real work, cannot be used, or is in use.
    """

    def __init__(self, folder: Path, own: TillConfig | None = None, trainee: str = "") -> None:
        try:
            super().__init__(folder, training_config(own))
        except InUseError as error:
            raise InUseError("Training") from error
        self.trainee = trainee

    def _new_server(self) -> DemoServer:
        from cashier_app.demo.server import DemoServer  # after the first frame
        from cashier_app.demo.shop import load_shop

        today = datetime.now(self.till.settings.zone).date()
        books = self._folder / f"{_BOOKS}{today.isoformat()}.sqlite"
        for old in self._folder.glob(f"{_BOOKS}*"):
            if not old.name.startswith(books.name):
                with suppress(OSError):
                    old.unlink()
        store = self._config.store
        shop = replace(load_shop(), store=store.name, time_zone=store.time_zone)
        return DemoServer(database=books, shop=shop)
