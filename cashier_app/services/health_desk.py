"""The health of this till as the window sees it: one report, and one way to cure what it says."""

from __future__ import annotations

import threading

from cashier_app.services.health import Action, HealthReport
from cashier_app.services.health_actions import HealthActions, Progress
from cashier_app.services.health_check import HealthCheck
from cashier_app.services.holds_watch import HoldsWatch


class HealthDesk:
    """Blocking, for worker threads."""

    def __init__(self, check: HealthCheck, actions: HealthActions, holds: HoldsWatch) -> None:
        self._check = check
        self._actions = actions
        self._holds = holds

    def report(self) -> HealthReport:
        """Return how the till is doing now; reads the database only, so that it answers while offline.

        Raises:
            KnownError: The database cannot be read.
        """
        self._holds.want()
        return self._check.report()

    def do(
        self,
        action: Action,
        by: str = "",
        progress: Progress = lambda _done, _all: None,
        stop: threading.Event | None = None,
    ) -> None:
        """Do what the button of a problem says; see `HealthActions.do`.

        Raises:
            KnownError: It did not work; the sentence says why.
        """
        self._actions.do(action, by, progress, stop)
