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
    add_results(actions, finish)
    add_record(actions, finish)


def add_record(
    actions: Any,  # noqa: ANN401 - argparse names the type nowhere
    finish: Finish,
) -> None:
    """Add `training record`."""
    record = actions.add_parser(
        "record", help="every operation of training, chained, for who inspects the till"
    )
    kinds = record.add_mutually_exclusive_group()
    kinds.add_argument("--csv", action="store_true", help="print a table")
    record.add_argument("--data", type=Path, help="the folder of training")
    record.set_defaults(training=True, demo=False, config=None)
    finish(record, "cashier_app.command_line.training_record", "record")


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


def add_results(
    actions: Any,  # noqa: ANN401 - argparse names the type nowhere
    finish: Finish,
) -> None:
    """Add `training results` and `training reset`."""
    module = "cashier_app.command_line.training_results"
    results = actions.add_parser("results", help="who did which lesson: time, mistakes and hints")
    results.add_argument("--trainee", metavar="NAME", help="only what this trainee did")
    results.add_argument("--lesson", default="", metavar="LESSON", help="only this one: its number or its id")
    files = results.add_mutually_exclusive_group()
    files.add_argument("--csv", type=Path, metavar="FILE", help="write every try and step as a table")
    files.add_argument("--pdf", type=Path, metavar="FILE", help="write a sheet to be printed")
    results.add_argument("--bom", action="store_true", help="mark the table as UTF-8, for spreadsheets")
    results.add_argument("--replace", action="store_true", help="write over a file that is there")
    reset = actions.add_parser("reset", help="forget who did which lesson")
    reset.add_argument("--trainee", metavar="NAME", help="only what this trainee did")
    reset.add_argument("--yes", action="store_true", help="do it; without, only what would be lost is said")
    for action, function in ((results, "results"), (reset, "reset")):
        action.add_argument("--config", type=Path, help="the till's settings file, for its language and zone")
        action.add_argument("--data", type=Path, help="the folder of training")
        finish(action, module, function)
