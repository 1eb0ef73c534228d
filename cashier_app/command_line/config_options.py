"""The options of `config`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cashier_app.command_line.parser import Commands

_MODULE = "cashier_app.command_line.config"


def add_config(commands: Commands, finish: Callable[[argparse.ArgumentParser, str, str], None]) -> None:
    """Add the command and its actions."""
    config = commands.add_parser("config", help="the settings file: what is in force, what is wrong in it")
    actions = config.add_subparsers(title="actions", required=True, metavar="ACTION")
    check = actions.add_parser(
        "check", help="name line and key of every mistake; exit code 2 when there is one"
    )
    check.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the one in force when not given")
    check.add_argument(
        "--fleet",
        action="store_true",
        help="it is for many tills: what it leaves out is asked on each of them",
    )
    finish(check, _MODULE, "check")
    show = actions.add_parser("show", help="say which file is in force, every value and where it comes from")
    show.add_argument("--config", type=Path, metavar="FILE", help="this one instead")
    finish(show, _MODULE, "show")
