"""The options of `ledger`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

_MODULE = "cashier_app.command_line.ledger"

AddShop = Callable[[argparse.ArgumentParser], None]
Finish = Callable[[argparse.ArgumentParser, str, str], None]


def add_ledger(
    commands: Any,  # noqa: ANN401 - argparse names the type nowhere
    add_shop: AddShop,
    finish: Finish,
) -> None:
    """Add `ledger` with its actions."""
    ledger = commands.add_parser("ledger", help="the PostgreSQL ledger the tills of a store share")
    actions = ledger.add_subparsers(title="actions", required=True, metavar="ACTION")
    migrate = actions.add_parser("migrate", help="set the ledger up, or bring it up to date, as its owner")
    _add_address(migrate)
    finish(migrate, _MODULE, "migrate")
    check = actions.add_parser("check", help="count everything in the ledger again, and compare")
    _add_address(check)
    finish(check, _MODULE, "check")
    sign_in = actions.add_parser("sign-in", help="store this till's password, read from standard input")
    sign_in.add_argument("--figures", action="store_true", help="the one of the user who reads the figures")
    add_shop(sign_in)
    finish(sign_in, _MODULE, "sign_in")
    status = actions.add_parser("status", help="what this till has still to tell, and whether it could")
    add_shop(status)
    finish(status, _MODULE, "status")


def _add_address(action: argparse.ArgumentParser) -> None:
    action.add_argument(
        "url",
        metavar="URL",
        help="postgresql://user@host/database; the password comes from .pgpass or PGPASSWORD",
    )
    action.add_argument(
        "--ca-file", default="", metavar="FILE", help="certificates to check the server's with"
    )
