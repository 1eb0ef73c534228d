"""The options of `update`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cashier_app.command_line.parser import Commands

_MODULE = "cashier_app.command_line.update"


def add_update(
    commands: Commands,
    add_shop: Callable[[argparse.ArgumentParser], None],
    finish: Callable[[argparse.ArgumentParser, str, str], None],
) -> None:
    """Add the command and its actions."""
    update = commands.add_parser("update", help="ask for a new version, where [updates] is switched on")
    actions = update.add_subparsers(title="actions", required=True, metavar="ACTION")
    for name, about in (
        ("check", "say whether there is a newer version"),
        ("fetch", "bring it here and verify it; installing it is up to you"),
        ("status", "say what lies here; asks nobody"),
    ):
        action = actions.add_parser(name, help=about)
        if name != "status":
            action.add_argument("--kind", default="", help="of another kind than this installation's")
        add_shop(action)
        finish(action, _MODULE, name)
