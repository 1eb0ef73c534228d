"""The camera's first thread: open, read, put into the slot; look for the camera again when it is gone."""

from __future__ import annotations

import logging
import threading

from cashier_app.errors import KnownError
from cashier_app.scanning.camera_state import CameraFault, CameraPhase
from cashier_app.scanning.frame_source import FrameSource
from cashier_app.scanning.newest_slot import Arrived, NewestSlot
from cashier_app.scanning.preview_maker import PreviewMaker
from cashier_app.scanning.state_board import StateBoard
from cashier_app.scanning.waiting import Waiting

logger = logging.getLogger(__name__)

FIRST_PAUSE = 0.5  # seconds before the camera is looked for again
LONGEST_PAUSE = 5.0

_UNPLUGGED = "The camera is unplugged. Plug it in again, or type the phone number."
_FAULT = "The camera has stopped because of a fault. Switch it off and on again."


class CaptureLoop:
    """Reads one source until told to stop. It alone opens, reads and closes it.

    Args:
        source: Where frames come from.
        slot: Where the newest one is put.
        preview: Gets each frame after the slot has it.
        board: Where the state is written.
        waiting: Clock and pauses.
    """

    def __init__(
        self,
        source: FrameSource,
        slot: NewestSlot,
        preview: PreviewMaker,
        board: StateBoard,
        waiting: Waiting,
    ) -> None:
        self._source = source
        self._slot = slot
        self._preview = preview
        self._board = board
        self._waiting = waiting
        self._stopping = threading.Event()
        self._pause = FIRST_PAUSE
        self.has_ended = False
        """Whether a file was shown to its end; the thread that decodes its last frame says so."""
        self.busy_since: float | None = None
        """When the driver was last called, if it has not come back; read by the other thread."""

    def ask_to_stop(self) -> None:
        """Let the loop end after the call of the driver it is in. From any thread."""
        self._stopping.set()
        self._source.interrupt()

    def run(self) -> None:
        """Show frames until stopped, over, or a fault that does not pass; always closes the source."""
        self._board.show(CameraPhase.OPENING, self._source.name)
        try:
            while not self._stopping.is_set() and self._shows_frames():
                self._waiting.wait(self._stopping, self._pause)
                self._pause = min(self._pause * 2, LONGEST_PAUSE)
        except Exception:
            logger.exception("the camera's reading thread failed")
            self._board.show(CameraPhase.FAILED, self._source.name, _FAULT)
        finally:
            self._preview.forget()
            self._slot.finish()

    def _shows_frames(self) -> bool:
        """Open, read to the end and close; tell whether to try again."""
        try:
            try:
                self._busy(True)
                self._source.open()
                return self._read_all()
            finally:
                self._busy(False)
                self._source.close()
        except CameraFault as fault:
            return self._is_passing(fault)
        except KnownError as fault:
            self._board.show(CameraPhase.FAILED, self._source.name, fault.sentence)
            return False

    def _read_all(self) -> bool:
        while not self._stopping.is_set():
            self._busy(True)
            frame = self._source.read()
            self._busy(False)
            if frame is None:
                return self._is_gone()
            self._slot.put(Arrived(frame, self._waiting.monotonic()))
            self._board.show(CameraPhase.LOOKING, self._source.name)
            self._pause = FIRST_PAUSE
            self._preview.see(frame)
        return False

    def _is_gone(self) -> bool:
        if self._stopping.is_set():
            return False  # the read was interrupted
        if not self._source.comes_back:
            self.has_ended = True
            return False
        self._preview.forget()
        self._board.show(CameraPhase.UNPLUGGED, self._source.name, _UNPLUGGED)
        return True

    def _is_passing(self, fault: CameraFault) -> bool:
        logger.info("no frames: %s %s", fault.phase.value, fault.detail)
        was_there = self._board.state.phase is CameraPhase.UNPLUGGED
        if not (was_there and fault.phase is CameraPhase.NO_CAMERA):
            self._board.show(fault.phase, self._source.name, fault.sentence)
        return fault.phase is not CameraPhase.FAILED

    def _busy(self, busy: bool) -> None:  # noqa: FBT001 - two callers a line apart
        self.busy_since = self._waiting.monotonic() if busy else None
