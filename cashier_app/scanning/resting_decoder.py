"""A decoder that can rest: while a sale is being paid for, no code is looked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cashier_app.scanning.decode_loop import SymbolReader
from cashier_app.scanning.decoders import DecodedSymbol

if TYPE_CHECKING:
    from cashier_app.scanning.frame_source import Frame


class RestingDecoder:
    """Reads as another decoder does, or nothing at no cost.

    Args:
        decoder: Reads while it does not rest.
        rests: Asked before each frame, on the decoding thread; must not wait.
    """

    def __init__(self, decoder: SymbolReader, rests: Callable[[], bool]) -> None:
        self._decoder = decoder
        self._rests = rests

    def read(self, frame: Frame) -> list[DecodedSymbol]:
        """Return the codes that may be believed now; none while resting."""
        return [] if self._rests() else self._decoder.read(frame)
