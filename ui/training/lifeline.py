"""What joins training to the work till that opened it: a pipe, which says who learns and ends with the till.

Nothing of it is on the command line, where every user of the computer could read it. One JSON line hands
over, each further one asks for something. The end of the pipe is the end of training, however the till ended.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import msgspec
from msgspec import Struct

from cashier_app.errors import KnownError
from cashier_app.preferences import Preferences

OPENED = b"opened\n"
"""What training says, on standard output, once its window is seen."""

SHOW, END = "show", "end"
_MOST_BYTES = 64 * 1024
_LOOK_SECONDS = 0.1


class Handover(Struct, frozen=True):
    """What the work till tells training at its start.

    Args:
        trainee: Who is learning; empty where that is not known.
        preferences: What was chosen at the work till about scanner, camera, sound and colours.
        full_screen: Whether its window fills the screen: training must not open behind it.
    """

    trainee: str = ""
    preferences: Preferences = Preferences()
    full_screen: bool = False


class Word(Struct, frozen=True):
    """One thing asked of training: `SHOW` or `END`."""

    ask: str


class Lifeline:
    """Training's end of the pipe.

    Args:
        descriptor: The open file to read.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._ended = threading.Event()
        self._lines = self._read_lines()
        self._thread: threading.Thread | None = None

    def handover(self) -> Handover:
        """Return what the till hands over. Blocking: the till writes it before anything else.

        Raises:
            KnownError: It has gone, or says something else.
        """
        try:
            return msgspec.json.decode(next(self._lines), type=Handover)
        except (StopIteration, OSError, msgspec.MsgspecError, ValueError) as error:
            raise KnownError("TRAINING was not told what to open. Open it from the till's menu.") from error

    def listen(self, asked: Callable[[str], None], ended: Callable[[], None]) -> None:
        """Call back from a thread of its own for each thing asked, and once when the till has gone."""

        def read() -> None:
            with suppress(OSError):
                for line in self._lines:
                    with suppress(msgspec.MsgspecError, ValueError):
                        asked(msgspec.json.decode(line, type=Word).ask)
            if not self._ended.is_set():
                ended()

        self._thread = threading.Thread(target=read, name="lifeline", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread and wait for it."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def _read_lines(self) -> Iterator[bytes]:
        kept = b""
        while not self._ended.is_set():
            if not _can_read(self._descriptor, _LOOK_SECONDS):
                continue
            more = os.read(self._descriptor, 4096)
            if not more:
                return
            *lines, kept = (kept + more).split(b"\n")
            yield from lines
            if len(kept) > _MOST_BYTES:
                return


def _can_read(descriptor: int, seconds: float) -> bool:
    """Wait until a read would not wait, at most so long. Windows waits for no pipe: it is asked again."""
    if os.name != "nt":
        import select

        return bool(select.select([descriptor], [], [], seconds)[0])
    import _winapi
    import msvcrt
    import time

    try:
        waiting = _winapi.PeekNamedPipe(msvcrt.get_osfhandle(descriptor), 0)[0]  # type: ignore[attr-defined]
    except OSError:
        return True  # the other end is closed, which a read says
    if not waiting:
        time.sleep(seconds)
    return bool(waiting)
