"""The drawers of the window: one open at a time, the till untouched behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from cashier_app.services.till_view import TillView
from ui.key_words import Where
from ui.pages import Pages

if TYPE_CHECKING:
    from ui.screens.drawer import Drawer


class Drawers(Pages):
    """Opens and closes what lies over the till."""

    opened = Signal()
    left = Signal()  # the one that was open has closed

    _locked = False
    _behind_lock: Drawer | None = None

    def open(self, drawer: Drawer, *, over_lock: bool = False) -> None:
        """Open one over the till; another one that is open closes. Nothing opens behind the lock."""
        if self._locked and not over_lock:
            return
        self.close()
        self._screen.set_covered(True)
        drawer.follow(self._view(), self._view())
        drawer.open_drawer()
        self.opened.emit()

    def top(self) -> Drawer | None:
        """Return the drawer that is open."""
        return next((drawer for drawer in self._made if not drawer.isHidden()), None)

    def act(self, act: Callable[[Drawer], None]) -> None:
        """Do something with the drawer that is open, if one is."""
        drawer = self.top()
        if drawer is not None:
            act(drawer)

    def place_of_keys(self) -> Where:
        """Return what the keys mean now."""
        drawer = self.top()
        return Where.TILL if drawer is None else drawer.place_of_keys()

    def close(self) -> None:
        """Close whatever is open."""
        for drawer in self._made:
            drawer.close_drawer()

    def go_behind_lock(self) -> None:
        """Close what is open, but for what somebody was working on: that is only out of sight."""
        drawer = self.top()
        if drawer is not None and drawer.keeps_behind_lock:
            drawer.hide()
            self._behind_lock = drawer
        self.close()
        self._locked = True

    def come_back(self) -> None:
        """Show again what was being worked on."""
        self._locked = False
        drawer, self._behind_lock = self._behind_lock, None
        if drawer is not None:
            drawer.show()
            drawer.follow(self._view(), self._view())

    def refuse_scan(self) -> bool:
        """Say that a scan is not used now, where that is so, and return whether it is."""
        return any(drawer.refuse_scan() for drawer in self._made)

    def take_scan(self, text: str) -> bool:
        """Give a scan to what is open, and return whether it wanted it."""
        drawer = self.top()
        return drawer is not None and drawer.take_scan(text)

    def take_picture(self, codes: Callable[[], Sequence[str]]) -> bool:
        """Give what a picture shows to what is open, and return whether it wanted it."""
        drawer = self.top()
        return drawer is not None and drawer.take_picture(codes)

    def follow(self, before: TillView, view: TillView) -> None:
        """Keep what is open up to date."""
        self.act(lambda drawer: drawer.follow(before, view))

    def page_closed(self) -> None:
        """Give the till the focus back."""
        if not self._locked:
            self._screen.set_covered(False)
        self.left.emit()
