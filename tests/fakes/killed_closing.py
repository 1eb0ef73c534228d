"""A till killed while it closes the day: `python -m tests.fakes.killed_closing FOLDER before|after`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from cashier_app.storage import database
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.clock import START
from tests.storage.closing_till import closings_of, letterhead


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _main(folder: Path, step: str) -> None:
    journal = SqliteJournal(folder / "till.sqlite", "2")
    if step == "before":
        database._commit = _die  # type: ignore[assignment]
    else:
        journal.database.committed = _die
    closings_of(journal).close_day(1, letterhead(), START, by="Meera")


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2])
