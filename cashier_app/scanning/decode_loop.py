"""The camera's second thread: decode the newest frame, rarely while nothing happens, and notice the light."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from cashier_app.scanning.camera_state import CameraPhase
from cashier_app.scanning.decode_rate import DecodeRate
from cashier_app.scanning.decoders import DecodedSymbol
from cashier_app.scanning.frame_measures import Glance, gray_of, in_the_dark, sharpness
from cashier_app.scanning.hints import Hints
from cashier_app.scanning.newest_slot import Arrived, NewestSlot
from cashier_app.scanning.state_board import StateBoard
from cashier_app.scanning.waiting import Waiting

if TYPE_CHECKING:
    from cashier_app.scanning.capture_loop import CaptureLoop
    from cashier_app.scanning.frame_source import Frame

logger = logging.getLogger(__name__)

OnSymbols = Callable[[list[DecodedSymbol], float], None]

PATIENCE = 20.0
"""Seconds a driver may take for one call; Media Foundation is known to need as many to open a camera."""

_WATCH_SECONDS = 0.25  # how often a frame that does not come is noticed
_HANGS = "The camera does not answer. Unplug it and plug it in again, or type the phone number."


class SymbolReader(Protocol):
    """Reads a stream of gray frames, such as `LiveDecoder`."""

    def read(self, frame: Frame) -> list[DecodedSymbol]:
        """Return the codes that may be believed now."""


class DecodeLoop:
    """Decodes what is in the slot until nothing comes any more.

    Args:
        slot: Where the newest frame is.
        make_decoder: Called once, on this thread: it may import for a while.
        on_symbols: Gets what was read, with the arrival of the frame.
        board: Where hints are written.
        capture: The other thread, watched for a driver that hangs.
        waiting: The clock.
    """

    def __init__(
        self,
        slot: NewestSlot,
        make_decoder: Callable[[], SymbolReader],
        on_symbols: OnSymbols,
        board: StateBoard,
        capture: CaptureLoop,
        waiting: Waiting,
    ) -> None:
        self._slot = slot
        self._make_decoder = make_decoder
        self._on_symbols = on_symbols
        self._board = board
        self._capture = capture
        self._waiting = waiting
        self._glance = Glance()
        self._rate = DecodeRate()
        self._hints = Hints()
        self._has_failed = False
        self._dark_frames = 0
        self.decodes = 0
        """Frames decoded so far."""

    def run(self) -> None:
        """Decode until the slot is over; a fault with one frame is logged once and costs that frame."""
        decoder = self._make_decoder()
        while not self._slot.is_over:
            arrived = self._slot.take(_WATCH_SECONDS)
            if arrived is None:
                self._watch()
                continue
            try:
                self._look(decoder, arrived)
            except Exception:
                if not self._has_failed:
                    self._has_failed = True
                    logger.exception("a frame could not be decoded; said once")
        if self._capture.has_ended:
            self._board.show(CameraPhase.ENDED, self._board.state.name)

    def _look(self, decoder: SymbolReader, arrived: Arrived) -> None:
        now = self._waiting.monotonic()
        moved = self._glance.at(arrived.frame)
        if not self._rate.is_due(now, moved=moved):
            return
        gray = gray_of(arrived.frame)
        if self._glance.is_dark:
            self._dark_frames += 1
            symbols = decoder.read(in_the_dark(gray, self._dark_frames))
        else:
            symbols = decoder.read(gray)
        self.decodes += 1
        if symbols and not self._slot.is_closed:
            self._on_symbols(symbols, arrived.at)
        self._rate.note(now, frozenset(symbol.text for symbol in symbols))
        self._hints.note(now, found=bool(symbols))
        if self._hints.is_due(now):
            hint = self._hints.best(now, dark=self._glance.is_dark, sharpness=sharpness(gray))
            self._board.hint(hint)
        elif symbols:
            self._board.hint(None)

    def _watch(self) -> None:
        since = self._capture.busy_since
        if since is not None and self._waiting.monotonic() - since > PATIENCE:
            self._board.show(CameraPhase.NOT_ANSWERING, self._board.state.name, _HANGS)
