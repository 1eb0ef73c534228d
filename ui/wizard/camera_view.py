"""What a camera sees, while it is tried out: its picture, and whether a code was read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.device_opening import open_camera
from cashier_app.ports.runner import Runner
from cashier_app.scanning.camera_state import CameraPhase, CameraState
from cashier_app.wording import Wording
from cashier_app.wording.camera import finder_name
from cashier_app.wording.first_run_pages import camera_states
from ui.camera_control import PICTURE_MS, OpenCamera, Reader
from ui.camera_permission import when_answered
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.widgets.camera_picture import CameraPicture
from ui.widgets.finder import Finder
from ui.widgets.finder_content import FinderContent, FinderShape

if TYPE_CHECKING:
    from cashier_app.scanning.decoders import DecodedSymbol


class CameraView(QWidget):
    """Opens a camera while it is tried out, and lets go of it as soon as it is hidden.

    Args:
        runner: Where a reader is stopped, and by which its threads are heard.
        wording: The voice.
        camera: Makes a reader.
    """

    changed = Signal()

    def __init__(
        self,
        runner: Runner,
        wording: Wording,
        *,
        camera: OpenCamera = open_camera,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._runner, self._wording, self._open_camera = runner, wording, camera
        self._reader: Reader | None = None
        self._opened = 0
        self._state = CameraState(CameraPhase.OFF)
        self.has_read = False
        self.finder = Finder(self)
        self._pictures = QTimer(self)
        self._pictures.setInterval(PICTURE_MS)
        self._pictures.timeout.connect(self._show_picture)
        self._show()

    @property
    def is_on(self) -> bool:
        """Return whether a camera is being tried out."""
        return self._reader is not None

    def start(self, name: str) -> None:
        """Try a camera, the first one found if empty, once the system allows it."""
        self.stop()
        when_answered(self, lambda allowed: self._start(name) if allowed else self._refused())

    def stop(self) -> None:
        """Let go of it; a worker waits for its threads."""
        reader, self._reader = self._reader, None
        self._opened += 1
        self._pictures.stop()
        self._state = CameraState(CameraPhase.OFF)
        self.finder.show_picture(None)
        if reader is not None:
            self._runner.run(reader.stop, lambda _: None, _stopped_badly)
        self._show()

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self._show()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the picture have all the room."""
        super().resizeEvent(event)
        self.finder.setGeometry(self.rect())

    def hideEvent(self, event: QHideEvent) -> None:
        """Let go of the camera: nobody can see it."""
        if self.is_on:
            self.stop()
        super().hideEvent(event)

    def _start(self, name: str) -> None:
        self._opened += 1
        opened, post = self._opened, self._runner.post
        self._state = CameraState(CameraPhase.OPENING)
        self.has_read = False
        self._reader = self._open_camera(
            name,
            on_symbols=lambda symbols, _: post(partial(self._saw, opened, symbols)),
            on_state=lambda state: post(partial(self._became, opened, state)),
            formats=("QR Code", "Aztec", "PDF417", "Code 128"),
            rests=lambda: False,
        )
        self._reader.start()
        self._pictures.start()
        self._show()

    def _refused(self) -> None:
        self._state = CameraState(CameraPhase.REFUSED)
        self._show()

    def _saw(self, opened: int, symbols: list[DecodedSymbol]) -> None:
        if opened == self._opened and symbols and not self.has_read:
            self.has_read = True
            self._show()

    def _became(self, opened: int, state: CameraState) -> None:
        if opened == self._opened:
            self._state = state
            if state.phase is not CameraPhase.LOOKING:
                self.finder.show_picture(None)
            self._show()

    def _show_picture(self) -> None:
        if self._reader is None or self._state.phase is not CameraPhase.LOOKING:
            return
        ratio = self.finder.devicePixelRatioF()
        self._reader.ask_preview(round(self.finder.width() * ratio), round(self.finder.height() * ratio))
        preview = self._reader.newest_preview()
        if preview is not None and preview.number != self.finder.picture_number:
            self.finder.show_picture(CameraPicture(preview))

    def _show(self) -> None:
        words, phase = camera_states(self._wording), self._state.phase
        moments = {CameraPhase.OFF: "off", CameraPhase.OPENING: "opening", CameraPhase.LOOKING: "looking"}
        line = words["read" if self.has_read else moments.get(phase, "nothing")]
        reason = "" if phase in moments else self._state.reason or line.full
        self.finder.show_content(
            FinderContent(
                shape=FinderShape.READ if self.has_read else FinderShape.LOOKING,
                line="" if reason else line.full,
                short=line.short,
                sentence=reason,
                name=finder_name(self._wording),
                spoken=reason or line.full,
            )
        )
        self.changed.emit()


def _stopped_badly(error: BaseException) -> None:
    raise error  # a fault of the program: logged by whoever catches what nobody caught
