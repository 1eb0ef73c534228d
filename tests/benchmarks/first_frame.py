"""Tells when a window's first frame was done. Imports no Qt: a program decides itself when it does."""

from __future__ import annotations

import os
import sys
import time


def tell() -> None:
    """Say when the first frame was done, and how much memory the process has, and end."""
    at = time.monotonic()
    import psutil
    from PySide6.QtWidgets import QApplication

    sys.stdout.write(f"{at} {psutil.Process(os.getpid()).memory_info().rss}\n")
    sys.stdout.flush()
    QApplication.exit(0)
