"""The program's log: a small file in the data folder, and warnings on standard error.

What is logged names sales, effects and kinds of errors; never a member, a phone number, a code or a token.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

LOG_FILE = "till.log"
MAX_BYTES = 1_000_000
KEPT_FILES = 3
TALKATIVE = ("httpx", "httpcore", "uvicorn", "asyncio", "PIL")
"""Libraries that log every request or chunk; only their warnings are kept."""


def start_logging(folder: Path) -> None:
    """Log to the data folder and, from WARNING on, to standard error."""
    from logging.handlers import RotatingFileHandler

    layout = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
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
