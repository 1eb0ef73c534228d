"""What the program says to whoever started it, also where that was no terminal."""

from __future__ import annotations

import io
import sys
from typing import TextIO

_ERROR_ICON = 0x10  # MB_ICONERROR


def prepare() -> None:
    """Let every name be printed: on Windows a pipe or a file takes the letters of one language only."""
    if str(sys.platform) != "win32":
        return
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors="replace")


def tell(sentence: str) -> None:
    """Say why the window does not open: where a program has no standard error, as on Windows, in a box."""
    stream: TextIO | None = sys.stderr  # typed as always there
    if stream is not None:
        stream.write(f"{sentence}\n")
    elif str(sys.platform) == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, sentence, "cashier-app", _ERROR_ICON)  # type: ignore[attr-defined]
