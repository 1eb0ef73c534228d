"""The database lost around an update: the backup an earlier version wrote is then all there is."""

from __future__ import annotations

import logging
import math
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from unittest.mock import patch

import apsw

from cashier_app import data_folder
from cashier_app.storage import backups, good_backups
from cashier_app.storage.opening import open_journal
from tests.faults import old_schema
from tests.faults.table import Row

FILE = data_folder.JOURNAL_FILE
TILL = "2"
SALES = 6
OWN_ONLY = "backups of this version only"
"""Planted bug: a rescue looks at no backup of an earlier version."""


def row(versions: Sequence[int], bug: str = "") -> Row:
    """Lose the database of each earlier version before and after its update; count the sales gone."""
    started, lost, runs = time.monotonic(), 0, 0
    rescues = logging.getLogger("cashier_app.storage")
    before, kept = rescues.level, good_backups._of_this_version
    rescues.setLevel(logging.ERROR)
    try:
        with patch.object(good_backups, "_of_this_version", (lambda backup, *_: backup) if bug else kept):
            for version, updated in product(versions, (False, True)):
                lost += _lose_once(version, updated=updated)
                runs += 1
    finally:
        rescues.setLevel(before)
    fault = "database lost around an update"
    return Row(
        fault=f"{bug}, {fault}" if bug else fault,
        runs=runs,
        lost=lost,
        seconds=math.ceil(time.monotonic() - started),
        detail=f"{runs * SALES} sales that nobody had sent, from backups of {len(versions)} versions",
        control=bool(bug),
        caught=lost > 0 if bug else None,
    )


def _lose_once(version: int, *, updated: bool) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "till"
        sold = old_schema.write_for(["m-1", "m-2"], folder, version, SALES)
        if updated:
            open_journal(folder / FILE, TILL, datetime.now(UTC)).close()
        else:
            with closing(apsw.Connection(str(folder / FILE))) as connection:
                backups.before_migration(connection, folder / FILE, version)
        for file in folder.glob(f"{FILE}*"):
            file.unlink()
        with closing(open_journal(folder / FILE, TILL, datetime.now(UTC))) as journal:
            return len(sold - {unsent.sale.sale_id for unsent in journal.unsent()})
