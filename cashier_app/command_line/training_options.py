"""The options of `training`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

Finish = Callable[[argparse.ArgumentParser, str, str], None]


def add_training(
    commands: Any,  # noqa: ANN401 - argparse names the type nowhere
    finish: Finish,
) -> None:
    """Add `training` with its actions."""
    training = commands.add_parser("training", help="what trainers and trainees need besides the window")
    actions = training.add_subparsers(title="actions", required=True, metavar="ACTION")
    add_lessons(actions, finish)
    add_sheet(actions, finish)


def add_lessons(
    actions: Any,  # noqa: ANN401 - argparse names the type nowhere
    finish: Finish,
) -> None:
    """Add `training list` and `training check`."""
    listing = actions.add_parser("list", help="list the lessons")
    listing.add_argument("--folder", type=Path, help="lessons of your own; those of the till when not given")
    finish(listing, "cashier_app.command_line.training", "list_lessons")
    check = actions.add_parser("check", help="say whether a lesson can be used, and which part of it not")
    check.add_argument("file", type=Path, metavar="FILE", help="its name ends in .toml")
    finish(check, "cashier_app.command_line.training", "check")


def add_sheet(
    actions: Any,  # noqa: ANN401 - argparse names the type nowhere
    finish: Finish,
) -> None:
    """Add `training sheet`."""
    sheet = actions.add_parser("sheet", help="write practice passes as PDF, to be printed and scanned")
    sheet.add_argument("file", type=Path, metavar="FILE", help="its name ends in .pdf")
    sheet.add_argument("--paper", choices=("a4", "letter"), default="a4", help="default a4")
    sheet.add_argument("--all", action="store_true", help="every member, not only those of the lessons")
    sheet.add_argument("--replace", action="store_true", help="write over a file that is there")
    sheet.add_argument("--config", type=Path, help="the till's settings file, for its language and name")
    finish(sheet, "cashier_app.command_line.training_sheet", "write")
