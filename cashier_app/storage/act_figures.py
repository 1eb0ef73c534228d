"""What acts beside the sales count by now, read again from their rows."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from itertools import groupby
from operator import itemgetter

import apsw

from cashier_app.domain.counting import Movement, Recorded, Standing
from cashier_app.domain.counting_acts import acts_as_they_stand
from cashier_app.domain.outcome import Booked
from cashier_app.domain.sale import Effect, EffectState
from cashier_app.errors import KnownError
from cashier_app.storage.compacted import CompactedSale, movements_of
from cashier_app.storage.rows import from_json

logger = logging.getLogger(__name__)

_ACTED = """
SELECT sale.sale_id, sale.body, effect.body, effect.state, effect.booked, EXISTS (
    SELECT 1 FROM audit WHERE audit.event = 'settled by hand' AND audit.subject = effect.key)
FROM sale LEFT JOIN effect ON effect.sale_id = sale.sale_id
WHERE sale.state = 'act' AND (?1 IS NULL OR sale.sale_id = ?1) ORDER BY sale.sale_id, effect.sequence
"""


def beside_the_sales(
    connection: apsw.Connection, zone: tzinfo, act_id: str | None = None
) -> Iterator[Movement]:
    """Yield what every act, or one, counts by now. What is damaged beyond reading is left out."""
    for _, of_one in groupby(connection.execute(_ACTED, (act_id,)), key=itemgetter(0)):
        try:
            yield from _of_act(list(of_one), zone)
        except KnownError:
            logger.warning("an act whose rows are damaged was not counted")


def _of_act(rows: Sequence[tuple[apsw.SQLiteValue, ...]], zone: tzinfo) -> list[Movement]:
    kept = from_json(rows[0][1], CompactedSale)
    if kept.counted is not None:
        return movements_of(kept)
    effects = [
        Recorded(
            from_json(body, Effect),
            Standing(EffectState(str(state)), None if booked is None else from_json(booked, Booked)),
            settled=bool(settled),
        )
        for _, _, body, state, booked, settled in rows
        if body is not None
    ]
    return acts_as_they_stand(kept, kept.till, effects, zone)
