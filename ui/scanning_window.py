"""A window that takes what is scanned, photographed, pasted and dropped, and knows who may have it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from cashier_app.domain.identifier import MAX_LENGTH
from ui.key_words import Where

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from ui.drawers import Drawers
    from ui.dropped import ReadPicture
    from ui.gate import Gate
    from ui.screens.till import TillScreen
    from ui.till import Till

_NO_CODE = "?"


class ScanningWindow(QWidget):
    """What comes in goes to who is asked for a PIN, else to the page on show, else to the till.

    The window itself sets what is declared here.
    """

    serial_scanned = Signal(str)  # what the serial scanner read, used or not

    drawers: Drawers
    gate: Gate | None
    screen_of_till: TillScreen
    _till: Till
    _read_picture: ReadPicture

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take what may hold a code."""
        from ui.dropped import may_hold_code  # the first frame needs none of it

        if may_hold_code(event.mimeData()) and not self._asks_pin():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look for a code in what was dropped."""
        event.acceptProposedAction()
        self.take(event.mimeData())

    def paste(self) -> None:
        """Look for a code in the clipboard."""
        self.take(QGuiApplication.clipboard().mimeData())

    def take(self, data: QMimeData) -> None:
        """Look for a code in a picture file, a picture or a text. Nothing is opened but local files."""
        from ui.dropped import codes_in

        if self._asks_pin() or self.drawers.refuse_scan():
            return
        codes = codes_in(data, self._read_picture)
        if self._page_takes(codes):
            return
        self.drawers.close()
        if callable(codes):
            self._till.read_picture(codes)
        elif codes:
            self._till.scan(codes)

    def _page_takes(self, codes: str | Callable[[], Sequence[str]]) -> bool:
        if callable(codes):
            return self.drawers.take_picture(codes)
        return bool(codes) and self.drawers.take_scan(codes)

    def takes_scans(self) -> bool:
        """Return whether a scan would be used where the keys go now; asking says nothing to anybody."""
        return self._place_of_keys() not in {
            Where.SETTLE,
            Where.DEVICES,
            Where.BACKEND,
            Where.BACKEND_FORM,
            Where.DAY,
            Where.DAY_RANGE,
            Where.DAY_CLOSE,
            Where.DAY_CLOSE_FORM,
            Where.STAFF,
            Where.STAFF_FORM,
            Where.STAFF_PIN,
            Where.COVER,
        }

    def take_scan(self, text: str) -> None:
        """Take the text the serial scanner read."""
        if not self._asks_pin():
            self.serial_scanned.emit(text)
        self._scanned(text)

    def take_seen(self, text: str) -> None:
        """Take the text the camera read."""
        self._scanned(text)

    def take_overlong(self) -> None:
        """Take note that a device sent more than any code holds."""
        self._overlong()

    def take_foreign(self) -> None:
        """Take note that a device sent what is no code for us, such as the number of a bare NFC tag."""
        self._scanned(_NO_CODE)

    def _scanned(self, text: str) -> None:
        if self.gate is not None and self.gate.takes_scan(text):
            return
        if self.drawers.refuse_scan() or self.drawers.take_scan(text):
            return
        self.drawers.close()
        self.screen_of_till.countdown.begin_again()
        self._till.scan(text)

    def _place_of_keys(self) -> Where:
        asked = self.gate.where() if self.gate is not None else None
        return asked or self.drawers.place_of_keys()

    def _asks_pin(self) -> bool:
        return self.gate is not None and self.gate.on_top() is not None

    def _overlong(self) -> None:
        # Half of it must never be looked up: the till is told that it was too long, and nothing of it.
        self._scanned("?" * (MAX_LENGTH + 1))
