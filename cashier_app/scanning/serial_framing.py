"""From the bytes of a serial port to scans.

A scan ends with CR, LF or ETX, or with 50 ms of silence where the scanner ends it with nothing; STX before it
is dropped. How the bytes are cut into chunks on their way makes no difference. Control characters, NUL and
AIM identifiers stay in the text: the identifier parser judges them.
"""

from __future__ import annotations

import re

from msgspec import Struct

from cashier_app.ports.serial_scanner import Overlong, ScannedText, SerialRead, Unmarked

LONGEST_SCAN = 4096
MOST_WITHOUT_PAUSE = 64 * 1024
_ENDS = re.compile(rb"[\r\n\x03]")
_STX = b"\x02"


class SerialFraming(Struct, frozen=True):
    """How this scanner marks what it sends.

    Args:
        prefixes: Texts one of which comes before every scan and is taken off; a scan without any of them is
            refused. None when empty.
        suffix: Taken off the end of a scan where it is there.
    """

    prefixes: tuple[str, ...] = ()
    suffix: str = ""


class SerialFramer:
    """Collects the bytes of one connection. Make another one after a break, so that no halves are joined.

    Args:
        framing: How the scanner marks what it sends.
    """

    def __init__(self, framing: SerialFraming | None = None) -> None:
        self._framing = framing or SerialFraming()
        self._held = bytearray()
        self._since_pause = 0
        self._dropping = False

    @property
    def is_dropping(self) -> bool:
        """Tell whether everything is thrown away until the device pauses."""
        return self._dropping

    @property
    def awaits_pause(self) -> bool:
        """Tell whether `pause` would change anything: else there is no need to watch for one."""
        return self._since_pause > 0

    def feed(self, data: bytes) -> list[SerialRead]:
        """Take bytes as they came and return what they complete."""
        self._since_pause += len(data)
        if self._dropping:
            return []
        reads: list[SerialRead] = []
        room = MOST_WITHOUT_PAUSE - (self._since_pause - len(data))
        *ended, rest = _ENDS.split(data[:room])
        for piece in ended:
            self._held += piece
            if len(self._held) > LONGEST_SCAN:
                return [*reads, self._drop()]
            reads += self._take()
        self._held += rest
        if len(self._held) > LONGEST_SCAN or len(data) > room:
            return [*reads, self._drop()]
        return reads

    def pause(self) -> list[SerialRead]:
        """Take note of 50 ms without a byte: it ends what is held, and a flood."""
        self._since_pause = 0
        self._dropping = False
        return self._take()

    def _drop(self) -> SerialRead:
        self._held.clear()
        self._dropping = True
        return Overlong()

    def _take(self) -> list[SerialRead]:
        """Return what is held as a scan; nothing between CR and LF is no scan."""
        text = _decoded(bytes(self._held).lstrip(_STX))
        self._held.clear()
        if not text:
            return []
        framing = self._framing
        found = max((p for p in framing.prefixes if text.startswith(p)), key=len, default=None)
        if framing.prefixes and found is None:
            return [Unmarked()]
        text = text.removeprefix(found or "").removesuffix(framing.suffix)
        return [ScannedText(text)] if text else []


def _decoded(data: bytes) -> str:
    """Return the text: UTF-8 where the bytes allow it, else ISO-8859-1, which reads any bytes."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("iso-8859-1")
