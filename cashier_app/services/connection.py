"""Whether the backend answers, as everybody who talks to it has seen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from cashier_app.domain.outcome import Outcome, Reconciled, RetryLater, SignInNeeded, Unknown
from cashier_app.ports.clock import Clock


class ConnectionWatch:
    """Remembers the last word on the connection. Safe from any thread; listeners run on the caller's."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._offline_since: datetime | None = None
        self._sign_in_needed = False
        self._listeners: list[Callable[[], None]] = []

    @property
    def online(self) -> bool:
        """Say whether the backend answered last time."""
        return self._offline_since is None

    @property
    def offline_since(self) -> datetime | None:
        """Return since when it has not, UTC."""
        return self._offline_since

    @property
    def sign_in_needed(self) -> bool:
        """Say whether the backend refuses our credentials."""
        return self._sign_in_needed

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call the listener after each change."""
        self._listeners.append(listener)

    def answered(self, *, sign_in_needed: bool = False) -> None:
        """Record that the backend answered, if only to refuse our credentials."""
        self._set(None, sign_in_needed=sign_in_needed)

    def heard(self, outcome: Outcome | Reconciled) -> None:
        """Record what an outcome says about the connection."""
        match outcome:
            case Unknown() | RetryLater(reached=False):
                self.silent()
            case SignInNeeded():
                self.answered(sign_in_needed=True)
            case _:
                self.answered()

    def silent(self) -> None:
        """Record that the backend could not be reached or gave no answer to be trusted."""
        self._set(self._offline_since or self._clock.now(), sign_in_needed=self._sign_in_needed)

    def _set(self, offline_since: datetime | None, *, sign_in_needed: bool) -> None:
        with self._lock:
            changed = (offline_since, sign_in_needed) != (self._offline_since, self._sign_in_needed)
            self._offline_since, self._sign_in_needed = offline_since, sign_in_needed
        if changed:
            for listener in self._listeners:
                listener()
