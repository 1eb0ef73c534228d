"""What may be believed about an effect in doubt: "not found", and that its key still keeps a repeat away."""

from __future__ import annotations

from datetime import timedelta

from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import EffectRow
from cashier_app.ports.loyalty import Idempotency, LoyaltyBackend

KEY_LIFE_MARGIN = timedelta(seconds=60)
"""A repeat must arrive, over a slow line and by the backend's own clock, before the key's life ends."""

CANNOT_BE_LOOKED_UP = "may have arrived, and cannot be looked up"


class Doubts:
    """Judges rows in doubt by what the backend declares. For the sender's thread.

    How long an effect has been quiet is counted on the clock nobody can set, and from this program's start
    for what an earlier one sent: a wall clock set forward must not make a search look old enough.
    """

    def __init__(self, backend: LoyaltyBackend, clock: Clock) -> None:
        self._backend = backend
        self._clock = clock
        self._started = clock.monotonic()
        self._quiet_since: dict[str, float] = {}
        self._ages_known = True

    def sent(self, key: str) -> None:
        """Note that an attempt has just ended."""
        self._quiet_since[key] = self._clock.monotonic()

    def clock_was_set(self) -> None:
        """Note that times of day written before say nothing about age any more."""
        self._ages_known = False

    def settled(self, key: str) -> None:
        """Forget an effect nobody doubts any more."""
        self._quiet_since.pop(key, None)

    def can_look_up(self) -> bool:
        """Say whether effects can be looked up at all."""
        return self._backend.capabilities.search_lag is not None

    def until_believed(self, row: EffectRow) -> float:
        """Return seconds until a search that does not find this effect may be believed; 0 when it may now."""
        lag = self._backend.capabilities.search_lag
        if lag is None:
            return 0.0
        quiet = self._clock.monotonic() - self._quiet_since.get(row.effect.key, self._started)
        return max(lag.total_seconds() - quiet, 0.0)

    def may_repeat(self, row: EffectRow) -> bool:
        """Say whether sending this again cannot double it: it never arrived, or its key is still known."""
        if row.in_doubt_since is None:
            return True
        can = self._backend.capabilities
        if can.idempotency is Idempotency.READ_BACK or not self._ages_known:
            return False
        age = self._clock.now() - row.in_doubt_since
        # Below zero, the clock was set back while nobody looked.
        return timedelta(0) <= age < can.key_life - KEY_LIFE_MARGIN
