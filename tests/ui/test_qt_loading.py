"""After Qt is loaded, importing reads no source text; without us it would, or this module can go."""

from __future__ import annotations

import subprocess
import sys

import pytest

SHOW_SOURCES_READ = """
import linecache
import colorsys
print(any("colorsys" in name for name in linecache.cache))
"""


@pytest.mark.parametrize(
    ("loading", "read"),
    [("import PySide6.QtWidgets", "True"), ("from ui.qt_loading import load_qt; load_qt()", "False")],
    ids=["PySide alone", "as the till loads it"],
)
def test_what_is_imported_later_is_not_read_as_text(loading: str, read: str) -> None:
    command = [sys.executable, "-c", f"{loading}\n{SHOW_SOURCES_READ}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == read
