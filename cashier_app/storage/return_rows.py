"""What one return leaves in the journal, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence

import apsw
from msgspec.structs import replace

from cashier_app.domain.counting import return_count
from cashier_app.domain.sale import (
    OF_RETURNS,
    OF_SALES,
    UNDOES_A_SALE,
    Effect,
    EffectKind,
    EffectState,
    SaleState,
)
from cashier_app.ports.journal import Seen, seen_of
from cashier_app.storage import audit, effect_rows, reading
from cashier_app.storage.rollups import Rollups
from cashier_app.storage.seals import SALE_HOLDS

_RETURNABLE = f"SELECT state FROM sale WHERE sale_id = ? AND {SALE_HOLDS}"  # noqa: S608 - a constant
_STATES = ((SaleState.COMMITTED.value,), (SaleState.ACT.value,))


def queue(
    connection: apsw.Connection, rollups: Rollups, refund: Sequence[Effect], seen: Seen | None = None
) -> bool:
    """Queue what a return leads to behind everything else of its account; once, and as it was reckoned.

    Raises:
        ValueError: What it is of is neither a committed sale nor another till's that is kept: a bug.
    """
    if not _still_holds(connection, refund, seen):
        return False
    for effect in (_of_its_member(connection, one) for one in refund):
        sale = connection.execute(_RETURNABLE, (effect.sale_id,)).fetchone()
        if sale not in _STATES or effect.kind not in OF_RETURNS:
            raise ValueError("only a committed sale can be refunded")
        effect_rows.insert(connection, effect, EffectState.WAITING)
        audit.append(connection, effect.at, effect.key, "refund queued", _told(effect))
    if refund and not refund[0].asked_first:
        rollups.returned(connection, refund, EffectState.WAITING)
    return True


def note(connection: apsw.Connection, rollups: Rollups, returned: Effect, seen: Seen | None = None) -> bool:
    """Keep a return that leads to nothing at the backend; once, and as it was reckoned.

    Raises:
        ValueError: It moves points: a bug.
    """
    if not _moves_nothing(returned):
        raise ValueError("only a return without points leads to nothing")
    if not _still_holds(connection, [returned], seen):
        return False
    effect_rows.insert(connection, returned, EffectState.POSTED)
    audit.append(connection, returned.at, returned.key, "returned", _told(returned))
    rollups.returned(connection, [returned], EffectState.POSTED)
    return True


def undo(
    connection: apsw.Connection, rollups: Rollups, undoing: Sequence[Effect], seen: Seen | None = None
) -> bool:
    """Queue one return, or keep it where it moves no points."""
    if len(undoing) == 1 and undoing[0].kind is EffectKind.CLAW_BACK and _moves_nothing(undoing[0]):
        return note(connection, rollups, undoing[0], seen)
    return queue(connection, rollups, undoing, seen)


def as_seen(connection: apsw.Connection, sale_id: str, seen: Seen | None) -> bool:
    """Say whether nothing happened to a sale since it was looked at.

    Raises:
        KnownError: One of its effects is damaged.
    """
    return seen is None or seen == seen_of(reading.effects_of(connection, sale_id))


def _still_holds(connection: apsw.Connection, refund: Sequence[Effect], seen: Seen | None) -> bool:
    """Say whether a return is the next one of its sale, and the sale as it was when it was reckoned."""
    if any(effect_rows.is_there(connection, effect.key) for effect in refund):
        return False
    if not refund:
        return True
    there = reading.effects_of(connection, refund[0].sale_id)
    # Another return of this count may have led to effects of other kinds: to other keys.
    counts = {return_count(row.effect) for row in there if row.effect.kind in OF_RETURNS}
    return return_count(refund[0]) not in counts and seen in {None, seen_of(there)}


def _of_its_member(connection: apsw.Connection, effect: Effect) -> Effect:
    """Return an effect of a return that names nobody with whom its sale was for: behind that it must stay."""
    if effect.member_id or effect.identified_by:
        return effect
    of_sale = (row.effect for row in reading.effects_of(connection, effect.sale_id))
    named = next((one for one in of_sale if one.kind in OF_SALES and one.account_key), effect)
    return replace(effect, member_id=named.member_id, identified_by=named.identified_by)


def _told(effect: Effect) -> str:
    """Return what the audit log says of it: the money, why if the sale was undone, and who did it."""
    undone = effect.reason.value if effect.reason in UNDOES_A_SALE else ""
    return " ".join(filter(None, (str(effect.paid.minor), undone, effect.staff_id if undone else "")))


def _moves_nothing(returned: Effect) -> bool:
    return returned.kind in OF_RETURNS and not returned.points
