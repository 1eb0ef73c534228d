"""A database as the first version wrote it, to try the way from there to here."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import apsw

from cashier_app.storage.database import APPLICATION_ID, migrations


def write_oldest(path: Path) -> None:
    """Write an empty database of schema version 1 into a new file."""
    number, script = next(migrations())
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute(script)
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={number}")
