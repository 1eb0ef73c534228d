"""The snapshot on show, and who watches it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from cashier_app.services.till_view import Notice, NoticeKind, TillView


class Stage:
    """Holds the one current `TillView`. One thread only.

    Args:
        view: The first snapshot.
        now: The time in the shop's own zone.
        remarks_on: Says what a change leads to that must not go unnoticed, whatever made it.
    """

    def __init__(
        self,
        view: TillView,
        now: Callable[[], datetime],
        remarks_on: Callable[[TillView, TillView], NoticeKind | None] = lambda _before, _after: None,
    ) -> None:
        self._view = view
        self._now = now
        self._listeners: list[Callable[[TillView], None]] = []
        self._remarks = 0
        self._remarks_on = remarks_on

    @property
    def view(self) -> TillView:
        """Return the snapshot on show, at this minute: what is quoted next follows the rules of now."""
        # A minute is as fine as programs are, and the same snapshot stays equal to itself for that long.
        minute = self._now().replace(second=0, microsecond=0)
        if minute != self._view.occasion.at:
            self._view = replace(self._view, occasion=replace(self._view.occasion, at=minute))
        return self._view

    def show(self, view: TillView) -> None:
        """Put a new snapshot on show; an equal one is no news."""
        if view == self._view:
            return
        kind = self._remarks_on(self._view, view)
        if kind is not None:
            self._remarks += 1
            view = replace(view, notice=Notice(self._remarks, kind))
        self._view = view
        for listener in self._listeners:
            listener(view)

    def subscribe(self, listener: Callable[[TillView], None]) -> None:
        """Call the listener with every new snapshot, and with this one now."""
        self._listeners.append(listener)
        listener(self._view)

    def remark(self, kind: NoticeKind, name: str = "", count: int = 0) -> None:
        """Put a passing remark on show; the newest replaces the one before."""
        self._remarks += 1
        self.show(replace(self.view, notice=Notice(self._remarks, kind, name, count)))

    def hush(self) -> None:
        """Take the remark away."""
        self.show(replace(self.view, notice=None))
