"""Which effects may be sent now: oldest first, one for each account, none behind an unfinished one."""

from __future__ import annotations

from datetime import datetime, timedelta

import apsw

from cashier_app.ports.journal import EffectRow
from cashier_app.storage.rows import EFFECT_COLUMNS, effect_row, moment, time_or_now
from cashier_app.storage.seals import EFFECT_HOLDS

# The index holds the unfinished effects account by account: it is entered once for each account, not for each
# effect, so that a look at ten thousand sales of a few hundred members takes a few hundred steps.
_UNFINISHED = "FROM effect WHERE state IN ('waiting', 'sending', 'unknown')"
_HEADS = f"""
WITH RECURSIVE account (account_key) AS (
  SELECT (SELECT min(account_key) {_UNFINISHED})
  UNION ALL
  SELECT (SELECT min(account_key) {_UNFINISHED} AND account_key > account.account_key) FROM account
  WHERE account_key IS NOT NULL
), head (sequence) AS (
  SELECT (SELECT min(sequence) {_UNFINISHED} AND account_key = account.account_key) FROM account
  WHERE account_key IS NOT NULL
)
"""  # noqa: S608 - constants
_WAITING_HEADS = "FROM head CROSS JOIN effect USING (sequence) WHERE effect.state IN ('waiting', 'unknown')"
# What waits longer than anything may wait was put off by a clock that has been set back since.
_DUE = f"""
SELECT {EFFECT_COLUMNS} FROM effect WHERE sequence IN (
  {_HEADS} SELECT sequence {_WAITING_HEADS} AND (next_attempt_at <= ? OR next_attempt_at > ?)
  ORDER BY sequence LIMIT ?
) AND {EFFECT_HOLDS} ORDER BY sequence
"""  # noqa: S608 - constants
_NEXT_DUE = f"{_HEADS} SELECT CAST(min(next_attempt_at) AS BLOB) {_WAITING_HEADS}"
LONGEST_WAIT = timedelta(days=1)


def due(connection: apsw.Connection, now: datetime, limit: int) -> list[EffectRow]:
    """Return effects to send now; those whose rows are damaged are left out."""
    wanted = (moment(now), moment(now + LONGEST_WAIT), limit)
    return [effect_row(row) for row in connection.execute(_DUE, wanted)]


def next_due_at(connection: apsw.Connection) -> datetime | None:
    """Return when the earliest unsent effect may be tried, UTC, or None when nothing waits."""
    row = connection.execute(_NEXT_DUE).fetchone()
    return None if row is None or row[0] is None else time_or_now(row[0])
