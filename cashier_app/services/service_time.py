"""Since when the customer at the till is served: the scan or the first key, by a clock that never jumps."""

from __future__ import annotations

from cashier_app.ports.clock import Clock
from cashier_app.services.stage import Stage
from cashier_app.services.till_view import Step, TillView


class ServiceTime:
    """Watches the snapshots. A till at rest shows an empty idle screen, or a finished sale."""

    def __init__(self, stage: Stage, clock: Clock) -> None:
        self._clock = clock
        self._began: float | None = None
        stage.subscribe(self._follow)

    @property
    def began(self) -> float | None:
        """Return the monotonic moment it began, in seconds; None while nobody is served."""
        return self._began

    def _follow(self, view: TillView) -> None:
        if _is_at_rest(view):
            self._began = None
        elif self._began is None:
            self._began = self._clock.monotonic()


def _is_at_rest(view: TillView) -> bool:
    return view.step is Step.DONE or (view.step is Step.IDLE and not view.entry and view.bill.is_empty)
