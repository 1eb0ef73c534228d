"""What a till tells the ledger its store's tills share: movements by act, none of them with a name."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from cashier_app.domain.counting import Movement
from cashier_app.domain.figures import NO_FIGURES
from cashier_app.domain.sale import OF_RETURNS, EffectKind

SALE_ID_LENGTH = 36
_KINDS = frozenset(kind.value for kind in EffectKind)
_OF_RETURNS = frozenset(kind.value for kind in OF_RETURNS)


def act_of(subject: str) -> str:
    """Return which act a movement's subject belongs to: a sale, one return of it, or something else as it is.

    Everything one act counts lies on one day and in one part of each split.
    """
    sale_id, rest = subject[:SALE_ID_LENGTH], subject[SALE_ID_LENGTH:].split("-")
    if len(rest) != 3 or rest[0] or rest[1] not in _KINDS:
        return subject
    return f"{sale_id}-return-{rest[2]}" if rest[1] in _OF_RETURNS else sale_id


def by_act(movements: Iterable[Movement]) -> dict[str, Movement]:
    """Return all that each act counts, added up in the order acts come in."""
    acts: dict[str, Movement] = {}
    for movement in movements:
        act = act_of(movement.subject)
        first = acts.get(act)
        acts[act] = movement if first is None else replace(first, figures=first.figures + movement.figures)
    return {act: movement for act, movement in acts.items() if movement.figures != NO_FIGURES}
