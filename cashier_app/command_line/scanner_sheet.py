"""`scanner-sheet`: the test codes of a scanner's set-up, to be printed."""

from __future__ import annotations

import argparse
from datetime import UTC
from pathlib import Path

from cashier_app import bootstrap, device_opening
from cashier_app.command_line.report import Report
from cashier_app.errors import KnownError
from cashier_app.wording.speech import Wording


def write(options: argparse.Namespace) -> Report:
    """Write the sheet.

    Raises:
        KnownError: The file is there already, or cannot be written.
    """
    path: Path = options.file
    if path.exists() and not options.replace:
        raise KnownError(f"{path.name} is already there. Say --replace to write over it.")
    wording = Wording.of("en", UTC, bootstrap.DEFAULT_POINT_NAME)
    device_opening.write_scanner_sheet(path, wording, options.paper)
    line = f"{path.name} written. Print it at full size, or scan it from a screen."
    return Report({"file": str(path), "paper": options.paper}, (line,))
