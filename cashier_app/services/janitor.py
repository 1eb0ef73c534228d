"""Lets go of points that a backend still holds for a sale this till gave up."""

from __future__ import annotations

import logging

from msgspec.structs import replace

from cashier_app.domain.sale import EffectKind, EffectState, effect_key
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import EffectRow, Journal
from cashier_app.ports.loyalty import HoldsRead, LoyaltyBackend, OpenHold

logger = logging.getLogger(__name__)

TRY_AGAIN_SECONDS = 60.0
_ENDED = frozenset({EffectState.POSTED, EffectState.DROPPED})


class Janitor:
    """Compares, once after each start, the holds a backend lists with what this till knows of them.

    A hold may outlive its release: asked for, its answer lost, not found by a search that lagged, and so
    dropped as never made. Where a hold never ends by itself, somebody must look. Blocking.
    """

    def __init__(self, backend: LoyaltyBackend, journal: Journal, clock: Clock) -> None:
        self._backend = backend
        self._journal = journal
        self._clock = clock
        self._done = False
        self._tried_at = float("-inf")

    @property
    def has_work(self) -> bool:
        """Say whether the backend is still to be asked."""
        if self._done or not self._backend.capabilities.lists_holds:
            return False
        return self._clock.monotonic() - self._tried_at >= TRY_AGAIN_SECONDS

    def tidy(self) -> int:
        """Ask the backend, and queue the release of each hold that nobody will pay for; return how many.

        Raises:
            KnownError: The journal cannot be read or written.
        """
        self._tried_at = self._clock.monotonic()
        answer = self._backend.list_holds()
        if not isinstance(answer, HoldsRead):
            return 0
        released = sum(self._release(hold) for hold in answer.holds)
        self._done = True
        if released:
            logger.info("%d holds nobody will pay for are released", released)
        return released

    def is_forgotten(self, hold: OpenHold) -> bool:
        """Say whether this till asked for a hold that nobody will pay for, and does not let go of it yet.

        Raises:
            KnownError: The journal cannot be read.
        """
        return self._asked_for(hold) is not None

    def _asked_for(self, hold: OpenHold) -> EffectRow | None:
        """Return the effect that asked for a hold, when its sale was given up.

        None for another till's, for one of a sale under way, and for one of a sale that takes it still.
        """
        rows = self._journal.effects_of(hold.key[:36])
        asked = next((row for row in rows if row.effect.key == hold.key), None)
        return asked if asked is not None and self._is_given_up(hold.key[:36], rows) else None

    def _release(self, hold: OpenHold) -> bool:
        asked = self._asked_for(hold)
        if asked is None:
            return False
        sale_id = hold.key[:36]
        rows = self._journal.effects_of(sale_id)
        releases = [row for row in rows if row.effect.kind is EffectKind.RELEASE]
        release = replace(
            asked.effect,
            key=effect_key(sale_id, EffectKind.RELEASE, len(releases) + 1),
            kind=EffectKind.RELEASE,
            reservation=hold.reference,
            at=self._clock.now(),
        )
        return self._journal.queue_release(release)

    def _is_given_up(self, sale_id: str, rows: list[EffectRow]) -> bool:
        if self._journal.sale(sale_id) is not None:
            return False
        if any(row.effect.sale_id == sale_id for row in self._journal.drafts()):
            return False
        return all(row.state in _ENDED for row in rows if row.effect.kind is EffectKind.RELEASE)
