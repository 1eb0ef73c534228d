"""Whether another till gave a sale of this one to a member: asked before a sale of nobody's is undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.outcome import AlreadyApplied, Applied, Booked, NotApplied
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.sale import Effect, EffectKind, EffectState, Sale, effect_key
from cashier_app.errors import KnownError
from cashier_app.ports.claims import ClaimSigner
from cashier_app.ports.journal import EffectRow
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.connection import ConnectionWatch

ASK_LATER = (
    "Another till may have given this sale to a member. Nothing was changed. "
    "Try again once the loyalty system answers."
)
WHOSE = "Another till gave this sale to a member, and the loyalty system does not say to whom. Undo it there."
_EARNING = frozenset({EffectKind.SALE, EffectKind.LINK})


class Claimed(Struct, frozen=True):
    """A sale somebody claimed at another till: what the backend was told of it, and what it booked."""

    told: Effect
    booked: Booked


class ClaimedElsewhere:
    """Blocking: for worker threads.

    Args:
        backend: Is asked by the key of the sale alone.
        connection: Says whether it can be asked.
        keys: Say whether other tills can read this one's receipts.
    """

    def __init__(
        self, backend: LoyaltyBackend, connection: ConnectionWatch, keys: Callable[[], ClaimSigner]
    ) -> None:
        self._backend, self._connection, self._keys = backend, connection, keys

    def of(self, sale: Sale, rows: Sequence[EffectRow]) -> Claimed | None:
        """Return how another till told a sale of this one's late; None where none did, or none can.

        Raises:
            KnownError: Nobody can say now, or the backend does not say whose it is.
        """
        if not self._may_be(sale, rows):
            return None
        told = sale_of_nobody(sale)
        answer = self._backend.reconcile(told) if self._connection.online else None
        match answer:
            case NotApplied():
                return None
            case Applied(booked) | AlreadyApplied(booked) if booked.member_id:
                claimed = replace(told, member_id=booked.member_id, points=abs(booked.points or NO_POINTS))
                return Claimed(replace(claimed, claimed=True), booked)
            case Applied() | AlreadyApplied():
                raise KnownError(WHOSE)
        raise KnownError(ASK_LATER)

    def _may_be(self, sale: Sale, rows: Sequence[EffectRow]) -> bool:
        can = self._backend.capabilities
        told = any(row.effect.kind in _EARNING and row.state is not EffectState.DROPPED for row in rows)
        nobodys = sale.way is None and not sale.member_id and sale.claim_until is not None
        return nobodys and not told and can.knows_claims and not can.tells_anonymous and self._keys().shared


def sale_of_nobody(sale: Sale) -> Effect:
    """Return a sale made without a member as it is looked up, whoever it was told for since."""
    return Effect(
        key=effect_key(sale.sale_id, EffectKind.SALE),
        kind=EffectKind.SALE,
        sale_id=sale.sale_id,
        member_id="",
        points=NO_POINTS,
        bill=sale.bill,
        discount=sale.discount,
        paid=sale.paid,
        at=sale.at,
        program_version=sale.program_version,
        utc_offset=sale.utc_offset,
    )
