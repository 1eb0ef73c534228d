"""The snapshot on show, and who watches it."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from cashier_app.services.till_view import Notice, NoticeKind, TillView


class Stage:
    """Holds the one current `TillView`. One thread only."""

    def __init__(self, view: TillView) -> None:
        self._view = view
        self._listeners: list[Callable[[TillView], None]] = []
        self._remarks = 0

    @property
    def view(self) -> TillView:
        """Return the snapshot on show."""
        return self._view

    def show(self, view: TillView) -> None:
        """Put a new snapshot on show; an equal one is no news."""
        if view == self._view:
            return
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
        self.show(replace(self._view, notice=Notice(self._remarks, kind, name, count)))

    def hush(self) -> None:
        """Take the remark away."""
        self.show(replace(self._view, notice=None))
