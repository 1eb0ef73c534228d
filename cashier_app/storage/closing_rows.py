"""What the database and its audit log say of closed days; numbers outlive the rows they were given to."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import apsw

from cashier_app.domain.day_close import ChainHead
from cashier_app.domain.day_close_check import KeptClosing, ToldClosing
from cashier_app.storage import audit
from cashier_app.storage.database import CLOSING_FLOOR
from cashier_app.storage.salvage import Salvaged

SUBJECT = "day close "
DAY_CLOSED = "day closed"
TOLD_AGAIN = "day closed, told again"
"""After the audit log was damaged: the close is there, and the log is told of it once more."""

LOST = "day close lost"
COPIED = "day close printed"

_TOLD = """
SELECT told.subject, told.event, told.detail, before.sequence, before.chain, told.sequence FROM audit AS told
LEFT JOIN audit AS before ON before.sequence = told.sequence - 1
WHERE substr(told.subject, 1, 10) = 'day close '
"""


def subject_of(number: int) -> str:
    """Return what the audit log calls a close."""
    return f"{SUBJECT}{number}"


def number_in(subject: str) -> int:
    """Return the close a row of the audit log is about; 0 for none."""
    text = subject.removeprefix(SUBJECT)
    return int(text) if text != subject and text.isascii() and text.isdigit() else 0


def highest_number(connection: apsw.Connection) -> int:
    """Return the highest number ever given out; none is given out twice."""
    row = connection.execute(
        "SELECT max(coalesce((SELECT max(number) FROM day_closing), 0), "
        "coalesce((SELECT CAST(text AS INTEGER) FROM kept WHERE name = ?), 0))",
        (CLOSING_FLOOR,),
    ).fetchone()
    return int(str(row[0])) if row else 0


def lost_after(last: int, number: int) -> tuple[int, ...]:
    """Return the numbers given out between the last close there is and this one."""
    return tuple(range(last + 1, number))


def kept_closings(connection: apsw.Connection) -> list[KeptClosing]:
    """Return all rows as they are."""
    rows = connection.execute("SELECT number, body, sha256 FROM day_closing ORDER BY number")
    return [KeptClosing(int(str(number)), str(body), str(sha256)) for number, body, sha256 in rows]


def told_closings(connection: apsw.Connection) -> tuple[dict[int, list[ToldClosing]], set[int]]:
    """Return what the audit log says of each close, and the numbers it says are lost."""
    told: dict[int, list[ToldClosing]] = {}
    lost: set[int] = set()
    for subject, event, detail, sequence, chain, own in connection.execute(_TOLD):
        number = number_in(str(subject))
        if event == LOST:
            lost.add(number)
        elif event in {DAY_CLOSED, TOLD_AGAIN}:
            head = ChainHead(int(str(own)) - 1, chain.hex() if isinstance(chain, bytes) else "")
            if sequence is None:
                head = ChainHead(0, "")
            told.setdefault(number, []).append(
                ToldClosing(str(detail), head if event == DAY_CLOSED else None)
            )
    return told, lost


def numbers_known(newest: Salvaged, older: Salvaged) -> int:
    """Return the highest number a damaged database and its backup know to have been given out."""
    highest = 0
    for source in (newest, older):
        row = source.kept.get(CLOSING_FLOOR)
        with suppress(ValueError):
            highest = max(highest, int(str(row["text"])) if row else 0)
        told = (number_in(str(row["subject"])) for row in source.audit.values())
        highest = max(highest, *(int(str(name)) for name in source.closings), *told, 0)
    return highest


def tell_again(connection: apsw.Connection, highest: int, at: datetime) -> None:
    """Bring the audit log of a rescued database in line with its closes, inside the caller's transaction.

    All numbers up to `highest` were given out, as far as anything that was read still knows.
    """
    told, lost = told_closings(connection)
    kept = {closing.number: closing.sha256 for closing in kept_closings(connection)}
    for number, sha256 in kept.items():
        if number not in told:
            audit.append(connection, at, subject_of(number), TOLD_AGAIN, sha256)
    for number in sorted(set(range(1, highest + 1)) - set(kept) - lost):
        audit.append(connection, at, subject_of(number), LOST, "its row was damaged")
