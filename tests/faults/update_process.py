"""A till of this version opening a database of an earlier one, in a process that ends at one disk step."""

from __future__ import annotations

import logging
import os
import re
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from cashier_app import data_folder, demo_shop
from cashier_app.config import till_settings
from cashier_app.errors import KnownError
from cashier_app.storage import database
from cashier_app.storage.opening import open_journal
from tests.faults.failing_disk import FailingDisk

TILL = "2"
HALF_WAY = "commits half way"
"""Planted bug: a migration whose second half is a transaction of its own."""


class DeadlyDisk(FailingDisk):
    """Counts the same steps, and ends the process as it comes to one of them."""

    deadly: int | None = None

    def step(self, what: int) -> None:
        """Count one step, or die."""
        super().step(what)
        if self.counted == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)


def open_once(folder: Path, deadly: int | None, bug: str, parent: Connection) -> None:
    """Open the journal of a folder and close it again; say how many disk steps that took."""
    if bug:
        plant(bug)
    disk = DeadlyDisk()
    disk.deadly = deadly
    logging.getLogger("cashier_app.storage.rescue").setLevel(logging.ERROR)
    try:
        zone = till_settings(demo_shop.DEMO_CONFIG).zone
        open_journal(folder / data_folder.JOURNAL_FILE, TILL, datetime.now(UTC), zone).close()
    except KnownError as error:
        parent.send(("refused", f"{error.sentence} {error.detail}"))
    finally:
        disk.unregister()
    parent.send(("steps", str(disk.counted)))


def plant(bug: str) -> None:
    """Let migrations commit half way, whatever comes after."""
    if bug != HALF_WAY:
        raise ValueError(bug)
    sound = database.migrations

    def migrations() -> Iterator[tuple[int, str]]:
        for number, script in sound():
            # After its first statement, as a script would that was written with transactions of its own.
            yield number, re.sub(r";\n", ";\nCOMMIT; BEGIN IMMEDIATE;\n", script, count=1)

    database.migrations = migrations
