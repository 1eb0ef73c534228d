"""Which backup was read back whole after it was written, and how far it goes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import apsw
import msgspec
from msgspec import Struct

NAME = "backup read back"


class BackupMark(Struct, frozen=True):
    """The newest backup that was read back.

    Args:
        moves: Rows of the audit log it has.
    """

    file: str
    size: int
    moves: int


def mark_of(backup: Path, moves: int) -> str:
    """Return the mark of a backup as it is kept."""
    return msgspec.json.encode(BackupMark(backup.name, backup.stat().st_size, moves)).decode()


def mark_in(text: str | None) -> BackupMark | None:
    """Return the mark kept as this text; what an older version wrote is as good as none."""
    try:
        return None if text is None else msgspec.json.decode(text, type=BackupMark)
    except msgspec.DecodeError:
        return None


def is_of(mark: BackupMark | None, backup: Path) -> bool:
    """Say whether a mark is this file's, as it is now."""
    try:
        return mark is not None and (mark.file, mark.size) == (backup.name, backup.stat().st_size)
    except OSError:
        return False


def moves_of(connection: apsw.Connection) -> int:
    """Return how many rows the audit log has."""
    row = connection.execute("SELECT coalesce(max(sequence), 0) FROM audit").fetchone()
    return int(str(row[0])) if row else 0


def first_act_after(connection: apsw.Connection, mark: BackupMark | None) -> datetime | None:
    """Return when the first act was written down that a backup does not have, UTC."""
    moves = 0 if mark is None else mark.moves
    row = connection.execute(
        "SELECT at FROM audit WHERE sequence > ? ORDER BY sequence LIMIT 1", (moves,)
    ).fetchone()
    return None if row is None else datetime.fromisoformat(str(row[0]))
