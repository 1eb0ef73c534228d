"""What is done beside the sales of this till, or later about one of them, and what it hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import apsw
from msgspec.structs import asdict

from cashier_app.domain.acts import Act
from cashier_app.domain.sale import OF_SALES, UNDOES_A_SALE, Effect, EffectState, Sale, SaleState
from cashier_app.ports.journal import EffectRow, Seen
from cashier_app.storage import audit, effect_rows, figure_rows, return_rows
from cashier_app.storage.database import DamagedError, Database
from cashier_app.storage.kept_acts import QUEUED, KeptAct, nothing_sold
from cashier_app.storage.reserve import Reserve, with_reserve
from cashier_app.storage.rollups import Rollups
from cashier_app.storage.rows import EFFECT_COLUMNS, effect_row, moment, sale_of, to_json
from cashier_app.storage.seals import EFFECT_HOLDS, SALE_HOLDS, SEAL_SALE

KEPT = "sale kept"

_REVERSES = " OR ".join(f'instr(body, \'"reason":"{reason.value}"\')' for reason in sorted(UNDOES_A_SALE))
# The index of what is unfinished is walked, and the text searched before anything is read as JSON.
_REVERSALS = f"""
SELECT {EFFECT_COLUMNS} FROM effect INDEXED BY effect_unfinished
WHERE state IN ('waiting', 'sending', 'unknown') AND ({_REVERSES}) AND {EFFECT_HOLDS} ORDER BY sequence
"""  # noqa: S608 - constants


class ActRows:
    """Methods of the journal; see the port for what each promises."""

    _database: Database
    _till: str
    rollups: Rollups
    reserve: Reserve

    @with_reserve
    def queue_act(
        self,
        act_id: str,
        effects: Sequence[Effect],
        note: str,
        *,
        of_sale: Sale | None = None,
        counted: Act | None = None,
        seen: Seen | None = None,
    ) -> bool:
        """Queue what is done beside the sales, or later about one, in one transaction."""
        with self._database.writing() as connection:
            if any(effect_rows.is_there(connection, effect.key) for effect in effects):
                return False
            if not return_rows.as_seen(connection, act_id, seen):
                return False
            first = effects[0]
            about = of_sale or nothing_sold(act_id, first)
            state = hang_on(connection, about, note, self._till)
            for effect in effects:
                if effect.sale_id != act_id:
                    raise ValueError("what is queued together hangs on one act")
                effect_rows.insert(connection, effect, EffectState.WAITING)
                audit.append(connection, effect.at, effect.key, QUEUED, note)
                self.rollups.queued_later(connection, effect)
            # So many must there be: a lost row is noticed.
            more = [one for one in effects if state is SaleState.ACT or one.kind in OF_SALES]
            connection.execute("UPDATE sale SET effects = effects + ? WHERE sale_id = ?", (len(more), act_id))
            connection.execute(SEAL_SALE, (act_id,))
            if counted is not None:
                figure_rows.count(connection, self.rollups, counted)
            return True

    @with_reserve
    def keep_sale(self, sale: Sale, note: str) -> bool:
        """Keep the facts of another till's sale."""
        with self._database.writing() as connection:
            before = _body_of(connection, sale.sale_id)
            hang_on(connection, sale, note, self._till)
            if _body_of(connection, sale.sale_id) == before:
                return False
            audit.append(connection, sale.at, sale.sale_id, KEPT, note)
            return True

    def oldest_reversal(self) -> datetime | None:
        """Return when the oldest void or move was made that still waits to be posted by itself, UTC."""
        with self._database.reading() as connection:
            return min((row.effect.at for row in _reversals(connection)), default=None)

    def late_reversals(self, made_before: datetime) -> list[EffectRow]:
        """Return what undoes a sale, was made before then and still waits to be posted by itself."""
        with self._database.reading() as connection:
            rows = _reversals(connection)
        return [row for row in rows if row.effect.at < made_before and row.state is not EffectState.SENDING]


def hang_on(connection: apsw.Connection, about: Sale, note: str, till: str) -> SaleState:
    """Make the row of an act, or find what is there, inside the caller's transaction.

    Facts of a sale fill in what was kept without. Returns whether it is an act or a sale of this till.

    Raises:
        DamagedError: Its row is damaged.
        ValueError: It is a draft or an abandoned sale: a bug.
    """
    row = connection.execute(
        f"SELECT state, body, {SALE_HOLDS} FROM sale WHERE sale_id = ?",  # noqa: S608 - a constant
        (about.sale_id,),
    ).fetchone()
    if row is not None and not row[2]:
        raise DamagedError(effect_rows.DAMAGED)
    state = SaleState.ACT if row is None else SaleState(str(row[0]))
    if state not in {SaleState.ACT, SaleState.COMMITTED}:
        raise ValueError("nothing more is done about a draft or an abandoned sale")
    if state is SaleState.ACT and (row is None or (about.number and not sale_of(row[1]).number)):
        kept = to_json(KeptAct(**asdict(about), note=note, till=till))
        connection.execute(
            "INSERT INTO sale (sale_id, state, opened_at, has_member, body) VALUES (?, 'act', ?, ?, ?) "
            "ON CONFLICT (sale_id) DO UPDATE SET body = excluded.body, has_member = excluded.has_member",
            (about.sale_id, moment(about.at), int(about.way is not None), kept),
        )
        connection.execute(SEAL_SALE, (about.sale_id,))
    return state


def _body_of(connection: apsw.Connection, sale_id: str) -> str | None:
    row = connection.execute("SELECT body FROM sale WHERE sale_id = ?", (sale_id,)).fetchone()
    return None if row is None else str(row[0])


def _reversals(connection: apsw.Connection) -> list[EffectRow]:
    return [effect_row(row) for row in connection.execute(_REVERSALS)]
