"""What counts of acts beside the sales of this till: at this till, when they were done and by whom.

Goods of another till's sale that come back here, and its points claimed here, are not in the books of the
till that sold: they count where somebody did something.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo

from msgspec.structs import replace

from cashier_app.domain.counting import (
    WAITING,
    Movement,
    Recorded,
    queued_later,
    return_count,
    returned,
    since_waiting,
)
from cashier_app.domain.sale import OF_RETURNS, Effect, Sale


def done_here(facts: Sale, effect: Effect, till: str) -> Sale:
    """Return the sale an act is about as what is done counts by it: at this till, with the effect's time.

    Args:
        facts: Of another till's sale, or of none.
        effect: What is done.
        till: This till's number.
    """
    return replace(
        facts,
        number=f"{till}-",
        at=effect.at,
        staff_id=effect.staff_id,
        utc_offset=effect.utc_offset,
    )


def of_this_till(movement: Movement, till: str) -> Movement:
    """Return a movement under a name of this till's own: the till that sold tells of the same sale."""
    return replace(movement, subject=f"{till}:{movement.subject}")


def acts_as_they_stand(facts: Sale, till: str, effects: Iterable[Recorded], zone: tzinfo) -> list[Movement]:
    """Return all that what hangs on one act counts by now: one movement or more for each effect."""
    movements: list[Movement] = []
    returns: dict[str, list[Recorded]] = {}
    for row in effects:
        here = done_here(facts, row.effect, till)
        if row.effect.kind in OF_RETURNS:
            returns.setdefault(return_count(row.effect), []).append(row)
        else:
            queued = queued_later(here, row.effect, zone)
            movements += [] if queued is None else [queued]
        movements += since_waiting(here, row, zone)
    for rows in returns.values():
        here = done_here(facts, rows[0].effect, till)
        if not rows[0].effect.asked_first:
            movements.append(returned(here, [row.effect for row in rows], WAITING, zone))
    return [of_this_till(movement, till) for movement in movements]
