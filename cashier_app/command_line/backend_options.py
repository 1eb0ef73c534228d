"""The options of `backend`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

_MODULE = "cashier_app.command_line.backend"


def add_backend(
    commands: Any,  # noqa: ANN401 - argparse names the type nowhere
    add_shop: Callable[[argparse.ArgumentParser], None],
    finish: Callable[[argparse.ArgumentParser, str, str], None],
) -> None:
    """Add `backend` with its actions."""
    backend = commands.add_parser("backend", help="choose the loyalty system, and try it out")
    actions = backend.add_subparsers(title="actions", required=True, metavar="ACTION")
    finish(
        actions.add_parser("kinds", help="list the kinds there are, and what each wants to know"),
        _MODULE,
        "kinds",
    )
    for name, told in (
        ("show", "say which one is set up, and what it can do here"),
        ("check", "try it out: one harmless read for each right"),
    ):
        action = actions.add_parser(name, help=told)
        add_shop(action)
        finish(action, _MODULE, name)
    add = actions.add_parser("add", help="set one up; asks for what is not given", allow_abbrev=False)
    _add_add(add, add_shop, finish)
    remove = actions.add_parser("remove", help="forget the credentials of one")
    remove.add_argument("kind", nargs="?", default="", metavar="KIND", help="the one set up when not given")
    add_shop(remove)
    finish(remove, _MODULE, "remove")
    rotate = actions.add_parser("rotate", help="seal all credentials anew under a new key")
    rotate.add_argument("--passphrase", action="store_true", help="keep the key under a new passphrase")
    rotate.add_argument(
        "--new-passphrase-fd", type=int, metavar="N", help="read the new passphrase from this open file"
    )
    add_shop(rotate)
    finish(rotate, _MODULE, "rotate")


def _add_add(
    add: argparse.ArgumentParser,
    add_shop: Callable[[argparse.ArgumentParser], None],
    finish: Callable[[argparse.ArgumentParser, str, str], None],
) -> None:
    add.add_argument("kind", nargs="?", default="", metavar="KIND", help="one of `backend kinds`")
    add.add_argument("--address", default="", help="where it is; the usual one of its kind when not given")
    add.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="one of its settings; again for more"
    )
    add.add_argument("--answers", type=Path, metavar="FILE", help="kind, address, by and [settings] in TOML")
    add.add_argument(
        "--by",
        default="",
        metavar="NAME",
        help="the manager who sets it up; their staff id where people sign in",
    )
    add.add_argument("--pin-fd", type=int, metavar="N", help="read their PIN from this open file")
    add.add_argument(
        "--secret-from-fd",
        action="append",
        default=[],
        metavar="NAME=N",
        help="read a secret from this open file; others are asked, or read from standard input, a line each",
    )
    add.add_argument("--keep-secrets", action="store_true", help="ask for none that is stored")
    add.add_argument("--unchecked", action="store_true", help="keep it without trying it out")
    add_shop(add)
    finish(add, _MODULE, "add")
