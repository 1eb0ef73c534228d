"""Loads Qt, and leaves Python's import as it was.

PySide puts its own `__import__` in place of Python's, for code that writes `from __feature__ import …`. It
reads the source text of every module that is imported from then on, and keeps it. Nothing here wants that.
"""

from __future__ import annotations

import builtins
from importlib import import_module


def load_qt() -> None:
    """Import Qt's classes for windows. What is imported after them costs what it costs without Qt."""
    import_module("PySide6.QtWidgets")
    # The name under which PySide keeps what it replaced; where it replaced nothing there is none.
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
