"""One row of an effect: added, found whole, moved forward with its seal and its audit row."""

from __future__ import annotations

from datetime import datetime

import apsw
from msgspec.structs import replace

from cashier_app.domain.outcome import Booked
from cashier_app.domain.sale import FORWARD, Effect, EffectKind, EffectState
from cashier_app.ports.journal import EffectRow
from cashier_app.storage import audit
from cashier_app.storage.database import DamagedError
from cashier_app.storage.persons import person_of, without_person
from cashier_app.storage.rollups import Rollups
from cashier_app.storage.rows import AT_ONCE, EFFECT_COLUMNS, effect_row, moment, to_json
from cashier_app.storage.seals import EFFECT_HOLDS, SEAL_EFFECT

_NEVER_SENT_BEHIND = f"""
SELECT {EFFECT_COLUMNS} FROM effect
WHERE account_key = (SELECT account_key FROM effect WHERE key = ?) AND sequence > ? AND state = 'waiting'
  AND attempts = 0 AND in_doubt_since IS NULL AND private IS NOT NULL AND kind <> 'enrol' AND {EFFECT_HOLDS}
ORDER BY sequence
"""  # noqa: S608 - constants
DAMAGED = "A row of the sales database is damaged. Restart the till; it sets this right."


def by_key(connection: apsw.Connection, key: str) -> EffectRow:
    """Return the effect with this key.

    Raises:
        KnownError: Its row is damaged.
        ValueError: There is none: a bug.
    """
    return _found(connection, "key = ?", (key,), "no such effect")


def hold_of(connection: apsw.Connection, sale_id: str) -> EffectRow:
    """Return the hold of a draft.

    Raises:
        KnownError: Its row is damaged.
        ValueError: There is none: a bug.
    """
    wanted = (sale_id, EffectKind.RESERVE.value)
    return _found(connection, "sale_id = ? AND kind = ?", wanted, "a reservation needs its draft")


def _found(connection: apsw.Connection, condition: str, values: tuple[str, ...], otherwise: str) -> EffectRow:
    row = connection.execute(
        f"SELECT {EFFECT_COLUMNS} FROM effect WHERE {condition} AND {EFFECT_HOLDS}",  # noqa: S608 - ours
        values,
    ).fetchone()
    if row is not None:
        return effect_row(row)
    if connection.execute(f"SELECT 1 FROM effect WHERE {condition}", values).fetchone():  # noqa: S608
        raise DamagedError(DAMAGED)
    raise ValueError(otherwise)


def is_there(connection: apsw.Connection, key: str) -> bool:
    """Say whether there is an effect with this key.

    Raises:
        KnownError: Its row is damaged: nothing is queued twice for it.
    """
    if connection.execute("SELECT 1 FROM effect WHERE key = ?", (key,)).fetchone() is None:
        return False
    by_key(connection, key)
    return True


def insert(connection: apsw.Connection, effect: Effect, state: EffectState) -> None:
    """Add an effect inside the caller's transaction."""
    connection.execute(
        "INSERT INTO effect (key, sale_id, kind, account_key, body, state, next_attempt_at, private) "
        "VALUES (?1, ?2, ?3, account_name(?4, ?5), ?6, ?7, ?8, hidden_person(?9, ?2))",
        (
            effect.key,
            effect.sale_id,
            effect.kind.value,
            effect.account_key,
            effect.identified_by,
            to_json(without_person(effect)),
            state.value,
            moment(AT_ONCE),
            person_of(effect),
        ),
    )
    connection.execute(SEAL_EFFECT, (effect.key,))


def move(
    connection: apsw.Connection,
    rollups: Rollups,
    row: EffectRow,
    state: EffectState,
    *,
    answer: str,
    at: datetime,
    next_attempt_at: datetime | None = None,
    booked: Booked | None = None,
) -> None:
    """Move an effect forward, with what it counts and its audit row, inside the caller's transaction.

    A move that is not forward is a bug.
    """
    if state not in FORWARD[row.state]:
        raise ValueError(f"an effect cannot go from {row.state} to {state}")
    sending = state is EffectState.SENDING
    connection.execute(
        "UPDATE effect SET state = ?, attempts = attempts + ?, next_attempt_at = ?, "
        "last_attempt_at = coalesce(?, last_attempt_at), last_answer = ?, booked = coalesce(?, booked), "
        "in_doubt_since = coalesce(in_doubt_since, ?) WHERE key = ?",
        (
            state.value,
            int(sending),
            moment(next_attempt_at or row.next_attempt_at),
            moment(at) if sending else None,
            answer,
            None if booked is None else to_json(booked),
            moment(row.last_attempt_at or row.effect.at) if state is EffectState.UNKNOWN else None,
            row.effect.key,
        ),
    )
    if state is EffectState.POSTED and row.effect.kind is EffectKind.ENROL and booked is not None:
        _name_those_behind(connection, row, booked.reference, at)
    if state in {EffectState.POSTED, EffectState.DROPPED}:
        # It is never sent again: the phone number, the code or the new member was kept only for that.
        connection.execute(
            "UPDATE effect SET private = NULL, account_key = iif(json_extract(body, '$.member_id') = '', '', "
            "account_key) WHERE key = ? AND private IS NOT NULL",
            (row.effect.key,),
        )
    connection.execute(SEAL_EFFECT, (row.effect.key,))
    rollups.moved(connection, row, state, booked)
    audit.append(connection, at, row.effect.key, state.value, answer)


def _name_those_behind(connection: apsw.Connection, made: EffectRow, member_id: str, at: datetime) -> None:
    """Give what waits behind an enrolment the new member's id, unless it may have been sent before.

    A search may not find them by their phone yet; by their id they are found at once.
    """
    if not member_id or not made.effect.identified_by:
        return
    waiting = connection.execute(_NEVER_SENT_BEHIND, (made.effect.key, made.sequence)).fetchall()
    for columns in waiting:
        row = effect_row(columns)
        named = replace(row.effect, member_id=member_id, identified_by="")
        connection.execute(
            "UPDATE effect SET body = ?, account_key = ?, private = NULL WHERE key = ?",
            (to_json(named), named.account_key, named.key),
        )
        connection.execute(SEAL_EFFECT, (named.key,))
        audit.append(connection, at, named.key, "member known", member_id)
