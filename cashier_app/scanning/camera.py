"""A camera that looks for codes: one thread reads frames, one decodes the newest of them.

    camera ──▶ capture loop ──▶ newest slot ──▶ decode loop ──▶ on_symbols
                    └──▶ preview (scaled, mirrored for the eye)

The preview is made beside the way of the frame: what is decoded is always the frame as the camera gave it.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable

from cashier_app.scanning.camera_state import CameraPhase, CameraState, Preview
from cashier_app.scanning.capture_loop import CaptureLoop
from cashier_app.scanning.decode_loop import DecodeLoop, OnSymbols, SymbolReader
from cashier_app.scanning.frame_source import FrameSource
from cashier_app.scanning.newest_slot import NewestSlot
from cashier_app.scanning.preview_maker import PreviewMaker
from cashier_app.scanning.state_board import StateBoard
from cashier_app.scanning.waiting import SystemWaiting, Waiting

logger = logging.getLogger(__name__)

STOP_SECONDS = 2.0
"""How long `stop` waits for a driver that hangs; one that works comes back within a frame."""


class CameraReader:
    """Reads codes from one camera, video or folder while started. Off, it has no thread.

    All callbacks come from the reader's own threads, in order; they must only hand over what they get,
    never wait and never call `start` or `stop`.

    Args:
        make_source: Returns the source, not opened; called at each `start`.
        make_decoder: Returns what reads gray frames, such as a `LiveDecoder`; called at each `start`,
            on the decoding thread.
        on_symbols: Gets what may be believed now and the arrival of its frame, monotonic seconds. The same
            symbols come again with every frame that shows them.
        on_state: Gets each change of the state.
        waiting: Clock and pauses; tests bring their own.
    """

    def __init__(
        self,
        make_source: Callable[[], FrameSource],
        make_decoder: Callable[[], SymbolReader],
        *,
        on_symbols: OnSymbols,
        on_state: Callable[[CameraState], None],
        waiting: Waiting | None = None,
    ) -> None:
        self._make_source = make_source
        self._make_decoder = make_decoder
        self._on_symbols = on_symbols
        self._on_state = on_state
        self._waiting = waiting or SystemWaiting()
        self._preview_size = (0, 0, True)
        self._numbers = itertools.count(1)
        self._changing = threading.Lock()
        self._run: _Run | None = None

    @property
    def state(self) -> CameraState:
        """Return the newest state."""
        run = self._run
        return run.board.state if run else CameraState(CameraPhase.OFF)

    @property
    def decodes(self) -> int:
        """Return how many frames were decoded since `start`."""
        run = self._run
        return run.decoding.decodes if run else 0

    def start(self) -> None:
        """Open the camera and look for codes, in threads of its own. Returns at once; twice is once."""
        with self._changing:
            if self._run is None:
                preview = PreviewMaker(self._waiting, self._numbers)
                run = _Run(
                    self._make_source(),
                    self._make_decoder,
                    self._on_symbols,
                    StateBoard(self._on_state),
                    preview,
                    self._waiting,
                )
                self._ask_of(run)
                self._run = run
                run.start()

    def stop(self) -> None:
        """End both threads and let go of the camera. Twice is once.

        Blocks for a frame and for the driver to close, at most `STOP_SECONDS`: a driver that hangs longer is
        left to its thread, which lets go of the camera when the driver comes back and never holds up the
        end of the program.
        """
        with self._changing:
            run, self._run = self._run, None
            if run is not None:
                run.stop()

    def ask_preview(self, width: int, height: int, *, mirrored: bool = True) -> None:
        """Say how large previews are to be, in px of the screen; they cover that and keep their shape."""
        self._preview_size = (width, height, mirrored)
        run = self._run
        if run is not None:
            self._ask_of(run)

    def newest_preview(self) -> Preview | None:
        """Return the newest preview, at most 15 new ones a second; None while there is none.

        Cheap, for the UI thread. Previews are made only while this is called at least once a second.
        """
        run = self._run
        return run.preview.newest() if run else None

    def _ask_of(self, run: _Run) -> None:
        width, height, mirrored = self._preview_size
        run.preview.ask(width, height, mirrored=mirrored)


class _Run:
    """What lives from one start to its stop; a hung one is abandoned whole and can disturb no later one."""

    def __init__(
        self,
        source: FrameSource,
        make_decoder: Callable[[], SymbolReader],
        on_symbols: OnSymbols,
        board: StateBoard,
        preview: PreviewMaker,
        waiting: Waiting,
    ) -> None:
        self.board = board
        self.preview = preview
        self._name = source.name
        self._slot = NewestSlot()
        self._capture = CaptureLoop(source, self._slot, preview, board, waiting)
        self.decoding = DecodeLoop(self._slot, make_decoder, on_symbols, board, self._capture, waiting)
        self._threads = [
            threading.Thread(target=self._capture.run, name="camera capture", daemon=True),
            threading.Thread(target=self.decoding.run, name="camera decode", daemon=True),
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._capture.ask_to_stop()
        self._slot.close()
        end = time.monotonic() + STOP_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        if any(thread.is_alive() for thread in self._threads):
            logger.warning("the camera's driver hangs; its thread is left behind")
        self.board.close(self._name)
