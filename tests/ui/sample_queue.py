"""Sales not posted yet, one for each state a row of the queue can show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from cashier_app.domain.sale import Effect, EffectKind, EffectState, Sale, effect_key
from cashier_app.ports.journal import EffectRow, UnsentSale
from tests.ui.sample_shop import NOW, at, sold


def _row(
    sale: Sale,
    kind: EffectKind,
    state: EffectState,
    *,
    attempts: int = 0,
    next_in: int = 0,
    last: datetime | None = None,
) -> EffectRow:
    points = sale.points_used if kind is EffectKind.CAPTURE else sale.points_expected
    effect = Effect(
        key=effect_key(sale.sale_id, kind),
        kind=kind,
        sale_id=sale.sale_id,
        member_id=sale.member_id,
        points=points,
        bill=sale.bill,
        discount=sale.discount,
        paid=sale.paid,
        at=sale.at,
        program_version=sale.program_version,
    )
    return EffectRow(
        sequence=1,
        effect=effect,
        state=state,
        attempts=attempts,
        next_attempt_at=NOW + timedelta(seconds=next_in),
        last_attempt_at=last,
        last_answer="",
        booked=None,
    )


def _unsent(sale: Sale, rows: Sequence[EffectRow]) -> UnsentSale:
    return UnsentSale(sale, tuple(rows))


def stuck() -> UnsentSale:
    """Sent five times, and nobody knows whether the points were used."""
    sale = sold("2-0398", "Meera K.", 186000, at(13, 47), used=120)
    tried = at(14, 31, 8)
    capture = _row(sale, EffectKind.CAPTURE, EffectState.NEEDS_ATTENTION, attempts=5, last=tried)
    return _unsent(sale, (capture, _row(sale, EffectKind.SALE, EffectState.WAITING)))


def queue() -> list[UnsentSale]:
    """One that needs a person, two that wait, one on its way."""
    arjun = sold("2-0405", "Arjun P.", 64000, at(14, 11))
    nobody = sold("2-0416", "", 91000, at(14, 29))
    priya = sold("2-0418", "Priya R.", 216000, at(14, 32, 10), used=200)
    return [
        stuck(),
        _unsent(arjun, [_row(arjun, EffectKind.SALE, EffectState.WAITING, attempts=3, next_in=40)]),
        _unsent(nobody, [_row(nobody, EffectKind.SALE, EffectState.WAITING, attempts=1, next_in=12)]),
        _unsent(
            priya,
            [
                _row(priya, EffectKind.RESERVE, EffectState.POSTED, attempts=1),
                _row(priya, EffectKind.CAPTURE, EffectState.POSTED, attempts=1),
                _row(priya, EffectKind.SALE, EffectState.SENDING, attempts=1),
            ],
        ),
    ]
