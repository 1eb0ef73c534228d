"""The options of `day`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cashier_app.command_line.staff_options import add_manager

_MODULE = "cashier_app.command_line.day"

AddShop = Callable[[argparse.ArgumentParser], None]
Finish = Callable[[argparse.ArgumentParser, str, str], None]


def add_day(
    commands: Any,  # noqa: ANN401 - argparse names the type nowhere
    add_shop: AddShop,
    finish: Finish,
) -> None:
    """Add `day` with its actions."""
    day = commands.add_parser("day", help="the close of the day: numbered loyalty reports")
    actions = day.add_subparsers(title="actions", required=True, metavar="ACTION")

    def action(name: str, told: str, function: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = actions.add_parser(name, help=told)
        add_shop(made)
        finish(made, _MODULE, function)
        return made

    action("preview", "the report as it would be now; changes nothing", "preview")
    close = action("close", "close the day: a manager does it", "close")
    add_manager(close)
    close.add_argument("--empty", action="store_true", help="also when nothing happened since the last close")
    listing = action("list", "list the closed days, the newest first", "list_days")
    listing.add_argument("--limit", type=_number, default=50, metavar="N", help="at most so many; 50")
    show = action("show", "show a closed day", "show")
    _takes_number(show)
    printing = action("print", "write a closed day as PDF, to be printed", "print_day")
    _takes_number(printing)
    printing.add_argument("--pdf", type=Path, required=True, metavar="FILE", help="its name ends in .pdf")
    printing.add_argument("--roll", action="store_true", help="for a roll of 80 mm; A4 when not given")
    _takes_file(printing)
    export = action("export", "print a closed day as a table or a document, or write it to a file", "export")
    _takes_number(export)
    export.add_argument("--csv", action="store_true", help="print a table for spreadsheets")
    export.add_argument("--bom", action="store_true", help="begin it with the mark some spreadsheets need")
    export.add_argument("--file", type=Path, metavar="FILE", help="write to a .csv or .json file instead")
    _takes_file(export)
    action("verify", "look whether the closed days hold together; changes nothing", "verify")


def _takes_number(command: argparse.ArgumentParser) -> None:
    command.add_argument("number", type=_number, metavar="N", help="the number of the close")


def _takes_file(command: argparse.ArgumentParser) -> None:
    command.add_argument("--replace", action="store_true", help="write over a file that is there")


def _number(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 2**31:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1")
