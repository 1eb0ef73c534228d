"""The program's log: a small file in the data folder, and warnings on standard error.

What is logged names sales, effects and kinds of errors; never a member, a phone number, a code or a token.
The words of errors nobody foresaw are not ours: what looks like a phone number or a token there is hidden.
"""

from __future__ import annotations

import logging
import re
import sys
from copy import copy
from pathlib import Path

LOG_FILE = "till.log"
MAX_BYTES = 1_000_000
KEPT_FILES = 3
TALKATIVE = ("httpx", "httpcore", "uvicorn", "asyncio", "PIL")
"""Libraries that log every request or chunk; only their warnings are kept."""

_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}")
_PHONE = re.compile(r"(?<![\w.-])\+?\(?\d(?:[ ().-]{0,2}\d){7,18}(?![\w-])")
"""Eight digits and more, as people and systems write them. Ids with letters or hyphens around are none."""


def without_personal_data(text: str) -> str:
    """Return a text with what looks like phone numbers, card numbers or bearer tokens hidden."""
    return _PHONE.sub("(number hidden)", _BEARER.sub(r"\1 (hidden)", text))


class _Layout(logging.Formatter):
    """Lays a record out; message and traceback go through `without_personal_data`."""

    def format(self, record: logging.LogRecord) -> str:
        shown = copy(record)
        shown.msg, shown.args = without_personal_data(record.getMessage()), None
        shown.exc_text = None  # laid out by another handler, perhaps with everything in it
        return super().format(shown)

    def formatException(self, ei: logging._SysExcInfoType) -> str:  # noqa: N802 - the library's name
        return without_personal_data(super().formatException(ei))


def start_logging(folder: Path) -> None:
    """Log to the data folder and, from WARNING on, to standard error."""
    from logging.handlers import RotatingFileHandler

    layout = _Layout("%(asctime)s %(levelname)s %(name)s: %(message)s")
    file = RotatingFileHandler(
        folder / LOG_FILE, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8", delay=True
    )
    file.setFormatter(layout)
    console = logging.StreamHandler(sys.stderr)
    console.setLevel(logging.WARNING)
    console.setFormatter(layout)
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.handlers[:] = [file, console]
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
