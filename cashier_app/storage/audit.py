"""The chained audit log: each row carries the hash of itself and of the row before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime

import apsw

GENESIS = b"\0" * 32


def append(connection: apsw.Connection, at: datetime, subject: str, event: str, detail: str = "") -> None:
    """Add one row inside the caller's transaction; `subject` is a sale id or an effect key."""
    last = connection.execute("SELECT sequence, chain FROM audit ORDER BY sequence DESC LIMIT 1").fetchone()
    sequence, before = (int(last[0]) + 1, bytes(last[1])) if last else (1, GENESIS)
    moment = at.isoformat()
    chain = _link(before, sequence, moment, subject, event, detail)
    connection.execute(
        "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", (sequence, moment, subject, event, detail, chain)
    )


def first_break(connection: apsw.Connection) -> int | None:
    """Return the sequence of the first row that is missing or does not follow the one before, or None."""
    before, expected = GENESIS, 1
    for row in connection.execute(
        "SELECT sequence, at, subject, event, detail, chain FROM audit ORDER BY sequence"
    ):
        sequence, at, subject, event, detail, chain = row
        if sequence != expected or chain != _link(
            before, expected, str(at), str(subject), str(event), str(detail)
        ):
            return expected
        before, expected = bytes(chain), expected + 1
    # SQLite remembers the highest sequence it ever gave out: rows cut off at the end are missed, too.
    last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").fetchone()
    return expected if last is not None and int(str(last[0])) >= expected else None


def all_rows(connection: apsw.Connection) -> Iterator[tuple[int, str, str, str, str, str]]:
    """Yield sequence, time in UTC, subject, event, detail and link, as hex digits, of each row in order."""
    for row in connection.execute(
        "SELECT sequence, at, subject, event, detail, chain FROM audit ORDER BY sequence"
    ):
        sequence, at, subject, event, detail, chain = row
        link = chain.hex() if isinstance(chain, bytes) else ""
        yield int(str(sequence)), str(at), str(subject), str(event), str(detail), link


def follows(row: Mapping[str, object], before: bytes) -> bool:
    """Return whether a row, its columns by name, follows from the link of the row before."""
    sequence = int(str(row["sequence"]))
    at, subject, event, detail = (str(row[name]) for name in ("at", "subject", "event", "detail"))
    return row["chain"] == _link(before, sequence, at, subject, event, detail)


def _link(before: bytes, sequence: int, at: str, subject: str, event: str, detail: str) -> bytes:
    # Lengths before texts: no two different rows share an encoding.
    digest = hashlib.sha256(before)
    for part in (str(sequence), at, subject, event, detail):
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(4, "big"))
        digest.update(encoded)
    return digest.digest()
