"""The time after which a screen clears by itself, begun again by every key and held under a finger."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QObject, QTimer, Signal

from cashier_app.ports.clock import Clock
from cashier_app.services.till_view import Step, TillView

_TICK_MS = 100
_DONE_AT_MOST = 10  # seconds from the end of a sale, however late the backend's answer comes


class Countdown(QObject):
    """Counts the seconds a view stays and says when they are over.

    Args:
        clock: Its `monotonic` seconds are counted.
    """

    ticked = Signal(int, int, float)  # seconds left, seconds in all, what is left as 1 to 0; 0s: none counted
    ran_out = Signal()

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._seconds: int | None = None
        self._subject: object = None
        self._step: Step | None = None
        self._begun = 0.0
        self._done_at = 0.0
        self._held = False
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)

    def follow(self, view: TillView) -> None:
        """Count for this view; news about connection or figures do not begin it again."""
        typed = (view.entry, view.bill, view.choice, view.discount_entry)
        finished = view.finished and (view.finished.sale.sale_id, view.finished.posting)
        subject = (view.clears_after, view.step, view.person, typed, finished)
        if subject == self._subject:
            return
        answered = view.step is Step.DONE and self._step is Step.DONE
        self._subject, self._step = subject, view.step
        self._seconds = view.clears_after
        if not answered:
            self._done_at = self._clock.monotonic()
        self.begin_again()
        if answered and self._seconds is not None:
            self._begun = min(self._begun, self._done_at + _DONE_AT_MOST - self._seconds)

    def begin_again(self) -> None:
        """Count from the start: somebody is there."""
        self._begun = self._clock.monotonic()
        if self._seconds is None:
            self._timer.stop()
        else:
            self._timer.start()
        self._tell()

    def hold(self, held: bool) -> None:  # noqa: FBT001 - a setter, like Qt's
        """Clear nothing under a pointer that is down; letting go begins again."""
        self._held = held
        self.begin_again()

    def tick(self) -> None:
        """Say how much is left, and that it is over when it is."""
        if self._seconds is None or self._held:
            return
        if self._left() > 0:
            self._tell()
            return
        self._seconds = None
        self._timer.stop()
        self._tell()
        self.ran_out.emit()

    def _left(self) -> float:
        return (self._seconds or 0) - (self._clock.monotonic() - self._begun)

    def _tell(self) -> None:
        if self._seconds is None:
            self.ticked.emit(0, 0, 0.0)
        else:
            left = max(0.0, self._left())
            self.ticked.emit(max(1, ceil(left)), self._seconds, left / max(1, self._seconds))
