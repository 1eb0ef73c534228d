"""`training sheet`: the passes of the practice shop's members, to be printed."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from cashier_app import practice_opening
from cashier_app.command_line.report import Report
from cashier_app.config import TillConfig, read_config, till_settings
from cashier_app.errors import KnownError
from cashier_app.paths import default_config_file
from cashier_app.practice_opening import PracticeMaterial, practice_wording
from cashier_app.printing.practice_layout import SheetPaper
from cashier_app.training_shop import training_config
from cashier_app.wording.figures import Hours
from cashier_app.wording.speech import Wording

_HOURS = {12: Hours.TWELVE, 24: Hours.TWENTY_FOUR}


def write(options: argparse.Namespace) -> Report:
    """Write the sheet, in the language of this till where it has settings.

    Raises:
        KnownError: The file is there already or cannot be written, or the settings cannot be read.
    """
    path: Path = options.file
    if path.exists() and not options.replace:
        raise KnownError(f"{path.name} is already there. Say --replace to write over it.")
    settings = till_settings(_config(options), training=True)
    material = PracticeMaterial(practice_opening.lesson_members)
    wording = practice_wording(
        Wording.of(
            settings.locale,
            settings.zone,
            material.point_name,
            hours=_HOURS.get(settings.hours, Hours.BY_REGION),
        ),
        material,
    )
    now = datetime.now(UTC)
    sheet = material.sheet(wording, settings.store, now, everybody=options.all)
    practice_opening.write_sheet(path, sheet, SheetPaper[options.paper.upper()])
    line = f"{path.name} written: {len(sheet.passes)} passes. Print it at full size."
    told = {"file": str(path), "paper": options.paper, "passes": len(sheet.passes)}
    return Report(told, (line,))


def _config(options: argparse.Namespace) -> TillConfig:
    path: Path = options.config or default_config_file()
    own = read_config(path) if options.config is not None or path.exists() else None
    return training_config(own)
