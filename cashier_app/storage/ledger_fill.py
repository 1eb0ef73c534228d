"""What was counted before a line to the ledger was begun, read again sale by sale, as it stands."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from itertools import groupby
from operator import itemgetter

import apsw
from msgspec import Struct

from cashier_app.domain.acts import Act, ActKind
from cashier_app.domain.counting import Movement, Recorded, Standing, done, each_as_it_stands
from cashier_app.domain.discrepancy import Discrepancy
from cashier_app.domain.ledger_line import by_act
from cashier_app.domain.outcome import Booked
from cashier_app.domain.sale import Effect, EffectState
from cashier_app.errors import KnownError
from cashier_app.storage import act_figures
from cashier_app.storage.compacted import CompactedSale, movements_of
from cashier_app.storage.rows import from_json
from cashier_app.storage.settling import SETTLED

logger = logging.getLogger(__name__)

_SOLD = f"""
SELECT sale.counter, sale.body, effect.body, effect.state, effect.booked,
  EXISTS (SELECT 1 FROM audit WHERE audit.event = '{SETTLED}' AND audit.subject = effect.key)
FROM sale
LEFT JOIN effect ON effect.sale_id = sale.sale_id
WHERE sale.state = 'committed' AND sale.counter > ? AND sale.counter <= ?
ORDER BY sale.counter, effect.sequence
"""  # noqa: S608 - a constant
# The kinds stand in the text one by one: only so does SQLite take the index that holds little else.
_EACH = " UNION ALL ".join(
    f"SELECT sequence, detail FROM audit WHERE event = '{kind.value}' AND sequence > ?1 AND sequence <= ?2"  # noqa: S608
    for kind in ActKind
)
_ACTS = f"{_EACH} ORDER BY sequence LIMIT ?3"


class Stood(Struct, frozen=True):
    """All that one act counts by now; not `whole` where its details are forgotten here."""

    act: str
    movement: Movement
    whole: bool = True


def sold(connection: apsw.Connection, after: int, upto: int, zone: tzinfo) -> Iterator[Stood]:
    """Yield what sales with these counts stand for, in order; what is damaged is left out."""
    rows = connection.execute(_SOLD, (after, upto)).fetchall()
    for _, of_one in groupby(rows, key=itemgetter(0)):
        try:
            yield from _of_sale(connection, list(of_one), zone)
        except KnownError:
            logger.warning("a sale whose rows are damaged was not told to the ledger")


def beside(connection: apsw.Connection, zone: tzinfo) -> Iterator[Stood]:
    """Yield what all acts beside the sales stand for."""
    for act, movement in by_act(act_figures.beside_the_sales(connection, zone)).items():
        yield Stood(act, movement)


def acted(connection: apsw.Connection, after: int, upto: int, limit: int) -> tuple[int, list[Stood]]:
    """Return the last row of the audit log looked at, and what the acts up to there stand for."""
    rows = connection.execute(_ACTS, (after, upto, limit)).fetchall()
    last = upto if len(rows) < limit else int(str(rows[-1][0]))
    acts = [from_json(detail, Act) for _, detail in rows]
    return last, [Stood(act.key, done(act)) for act in acts]


def _of_sale(
    connection: apsw.Connection, rows: Sequence[tuple[apsw.SQLiteValue, ...]], zone: tzinfo
) -> list[Stood]:
    sale = from_json(rows[0][1], CompactedSale)
    if sale.counted is not None:
        # Which return is which is forgotten: the ledger takes all of this, or knows the sale already.
        return [
            Stood(sale.sale_id if number == 0 else f"{sale.sale_id}-{number}", movement, whole=False)
            for number, movement in enumerate(movements_of(sale))
        ]
    effects = [
        Recorded(
            from_json(body, Effect),
            Standing(EffectState(str(state)), None if booked is None else from_json(booked, Booked)),
            settled=bool(settled),
        )
        for _, _, body, state, booked, settled in rows
        if body is not None
    ]
    found = connection.execute("SELECT body FROM discrepancy WHERE sale_id = ?", (sale.sale_id,)).fetchall()
    losses = [from_json(body, Discrepancy) for (body,) in found]
    movements = each_as_it_stands(sale, effects, losses, zone)
    return [Stood(act, movement) for act, movement in by_act(movements).items()]
