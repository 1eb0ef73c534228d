"""What is read from the journal for screens and reports; nothing here writes."""

from __future__ import annotations

from datetime import datetime

import apsw

from cashier_app.domain.sale import EffectKind, EffectState, Sale, SaleState
from cashier_app.ports.journal import EffectRow, QueueCounts, SaleLine, UnsentSale
from cashier_app.storage.database import DamagedError
from cashier_app.storage.kept_acts import KeptAct
from cashier_app.storage.rows import EFFECT_COLUMNS, effect_row, from_json, moment, sale_of
from cashier_app.storage.seals import EFFECT_HOLDS, SALE_HOLDS

LATEST_EFFECTS = 20_000

# Two parts, each with an index of its own that holds what is not finished and nothing else: the history of a
# season is not walked through at each look.
UNFINISHED_SALES = """
SELECT sale_id FROM effect INDEXED BY effect_unfinished WHERE state IN ('waiting', 'sending', 'unknown')
UNION ALL
SELECT sale_id FROM effect INDEXED BY effect_attention WHERE state = 'needs attention'
"""

_UNSENT_SALES = f"""
SELECT sale_id, EXISTS (
    SELECT 1 FROM effect
    WHERE effect.sale_id = sale.sale_id AND effect.state = 'needs attention'
  ) AS attention
FROM sale
WHERE state IN ('committed', 'act') AND sale_id IN ({UNFINISHED_SALES})
"""  # noqa: S608 - constants
_IN_ORDER = "coalesce(sale.committed_at, sale.opened_at), sale.counter"
_COUNTS = f"SELECT attention, count(*) FROM ({_UNSENT_SALES}) GROUP BY attention"  # noqa: S608 - constants


def unsent(connection: apsw.Connection, limit: int) -> list[UnsentSale]:
    """Return sales and acts not wholly posted; those that need attention first, then oldest first."""
    # The limit first: only what is shown need be checked.
    rows = connection.execute(
        "SELECT sale.body, sale.sale_id, sale.state FROM sale JOIN ("  # noqa: S608 - a constant
        f"{_UNSENT_SALES} ORDER BY attention DESC, {_IN_ORDER} LIMIT ?"
        f") AS found USING (sale_id) WHERE {SALE_HOLDS} ORDER BY found.attention DESC, {_IN_ORDER}",
        (limit,),
    ).fetchall()
    return [_unsent(connection, body, str(sale_id), SaleState(str(state))) for body, sale_id, state in rows]


def _unsent(
    connection: apsw.Connection, body: apsw.SQLiteValue, sale_id: str, state: SaleState
) -> UnsentSale:
    effects = tuple(whole_effects_of(connection, sale_id))
    if state is SaleState.COMMITTED:
        return UnsentSale(sale_of(body), effects)
    return UnsentSale(sale_of(body), effects, from_json(body, KeptAct).note)


def counts(connection: apsw.Connection) -> QueueCounts:
    """Return how many sales and acts wait, and how many need a person."""
    rows = connection.execute(_COUNTS).fetchall()
    by_attention = {int(str(attention)): int(str(number)) for attention, number in rows}
    return QueueCounts(by_attention.get(0, 0), by_attention.get(1, 0))


def effects_of(connection: apsw.Connection, sale_id: str) -> list[EffectRow]:
    """Return a sale's effects in order of birth.

    Raises:
        KnownError: One of them is damaged.
    """
    broken = connection.execute(
        f"SELECT 1 FROM effect WHERE sale_id = ? AND NOT ({EFFECT_HOLDS})",  # noqa: S608 - a constant
        (sale_id,),
    ).fetchone()
    if broken is not None:
        raise DamagedError("A row of the sales database is damaged. Restart the till; it sets this right.")
    return whole_effects_of(connection, sale_id)


def whole_effects_of(connection: apsw.Connection, sale_id: str) -> list[EffectRow]:
    """Return those of a sale's effects that are not damaged, in order of birth: for lists."""
    rows = connection.execute(
        f"SELECT {EFFECT_COLUMNS} FROM effect "  # noqa: S608 - a constant
        f"WHERE sale_id = ? AND {EFFECT_HOLDS} ORDER BY sequence",
        (sale_id,),
    )
    return [effect_row(row) for row in rows]


def recent(connection: apsw.Connection, limit: int) -> list[SaleLine]:
    """Return the newest sales with the state of the least finished of their effects."""
    rows = connection.execute(
        "SELECT body, sale_id FROM sale WHERE sale_id IN ("  # noqa: S608 - a constant
        "  SELECT sale_id FROM sale WHERE state = 'committed' ORDER BY counter DESC LIMIT ?"
        f") AND {SALE_HOLDS} ORDER BY counter DESC",
        (limit,),
    ).fetchall()
    return [sale_line(connection, sale_of(body), str(sale_id)) for body, sale_id in rows]


def sale_line(connection: apsw.Connection, sale: Sale, sale_id: str) -> SaleLine:
    """Return a sale with the state of the least finished of its effects."""
    return SaleLine(sale, _worst(whole_effects_of(connection, sale_id)))


_HOLDS = frozenset({EffectKind.RESERVE, EffectKind.RELEASE})
_ORDER = (
    EffectState.NEEDS_ATTENTION,
    EffectState.UNKNOWN,
    EffectState.SENDING,
    EffectState.WAITING,
)


def _worst(effects: list[EffectRow]) -> EffectState:
    states = {row.state for row in effects}
    ended = EffectState.POSTED
    if any(row.state is EffectState.DROPPED and row.effect.kind not in _HOLDS for row in effects):
        ended = EffectState.DROPPED  # by hand: this is not what a posted sale looks like
    return next((state for state in _ORDER if state in states), ended)


def references_since(connection: apsw.Connection, since: datetime) -> tuple[str, ...]:
    """Return the backend's references of what was booked by attempts since then; of the latest effects only.

    Nothing is sent again that lies further back than those.
    """
    rows = connection.execute(
        "SELECT json_extract(booked, '$.reference') FROM effect WHERE json_valid(booked) "
        "AND last_attempt_at >= ? AND sequence > (SELECT max(sequence) FROM effect) - ?",
        (moment(since), LATEST_EFFECTS),
    )
    return tuple(str(reference) for (reference,) in rows if reference)
