"""Staff and tries after damage: nobody who was locked out is let in by it, and nobody is forgotten.

Tries are counted in rows of their own and in the audit log. Where the log is whole up to what was last noted
beside the database, it knows them; where it is not, a row read from the newest file does; where neither is to
be had, nobody can say how often somebody tried, and a manager must allow it (or the owner of the computer).
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import msgspec

from cashier_app.domain.tries import LOCKED_AT
from cashier_app.ports.local_state import Damage
from cashier_app.storage.installation import Noted
from cashier_app.storage.rows import moment
from cashier_app.storage.salvage import Name, Row, Salvaged
from cashier_app.storage.staff_book import PASSED, RESET, STAFF_EVENTS, SUBJECT, TRIED, StaffTold

NEVER_REACHED_MS = 2**52
"""A mark no clock reaches: the wait begins anew at the first look."""


def staff_rows(newest: Salvaged, older: Salvaged, log: list[Row]) -> list[Row]:
    """Return the people as the newest row of each says, and the audit log where it knows more.

    What was made again from the log has no PIN and no badge where the log tells of a newer one.
    """
    rows = _newest_of(newest.staff, older.staff)
    for row in log:
        subject, event = str(row["subject"]), str(row["event"])
        if event in STAFF_EVENTS:
            with suppress(msgspec.DecodeError, ValueError):
                told = msgspec.json.decode(str(row["detail"]), type=StaffTold)
                staff_id = subject.removeprefix(SUBJECT)
                before = rows.get(staff_id)
                if before is None or int(str(before["version"])) < told.version:
                    rows[staff_id] = _told(staff_id, told, before)
    return list(rows.values())


def try_rows(
    newest: Salvaged, older: Salvaged, log: list[Row], noted: Noted, damage: Damage, at: datetime
) -> list[Row]:
    """Return the counts of tries: never less than there were.

    Args:
        newest: Read from the damaged database.
        older: Read from the last good backup, or empty.
        damage: What was wrong.
        log: The audit log as far as it holds together.
        noted: How far the database was, as noted beside it.
        at: When the rescue takes place: waits that cannot be measured any more begin anew.
    """
    last = max((int(str(name)) for name in newest.audit), default=0)
    far = last >= noted.moves if noted.moves else damage not in {Damage.MISSING, Damage.BEHIND}
    log_whole = far and len(log) >= max(last, noted.moves)
    told = _told_tries(log)
    rows = _newest_of(newest.tries, older.tries)
    people = {f"{SUBJECT}{row['staff_id']!s}" for row in staff_rows(newest, older, log)}
    for subject in {*rows, *told, *people}:
        row = rows.get(subject)
        newest_known = far and subject in newest.tries and subject not in newest.stale
        if newest_known and row is not None:
            continue
        known = max(int(str(row["failures"])) if row else 0, told.get(subject, 0))
        rows[subject] = {
            "subject": subject,
            "version": int(str(row["version"])) + 1 if row else 1,
            "failures": known if log_whole else max(known, LOCKED_AT),
            "at": moment(at),
            "monotonic_ms": NEVER_REACHED_MS,
        }
    return list(rows.values())


def _newest_of(newest: dict[Name, Row], older: dict[Name, Row]) -> dict[str, Row]:
    """Return of each row the copy with the higher version."""
    rows = {str(name): row for name, row in newest.items()}
    for name, row in older.items():
        there = rows.get(str(name))
        if there is None or int(str(row["version"])) > int(str(there["version"])):
            rows[str(name)] = row
    return rows


def _told(staff_id: str, told: StaffTold, before: Row | None) -> Row:
    return {
        "staff_id": staff_id,
        "version": told.version,
        "name": told.name,
        "role": told.role.value,
        "active": int(told.active),
        "pin": before["pin"] if before and "pin" not in told.what else None,
        "badge": before["badge"] if before and "badge" not in told.what else None,
        "seal": None,
    }


def _told_tries(log: list[Row]) -> dict[str, int]:
    """Return how often was tried since the last right PIN, as the audit log tells it."""
    tried: dict[str, int] = {}
    for row in log:
        subject, event = str(row["subject"]), str(row["event"])
        if event == TRIED:
            tried[subject] = tried.get(subject, 0) + 1
        elif event in {PASSED, RESET}:
            tried[subject] = 0
    return tried
