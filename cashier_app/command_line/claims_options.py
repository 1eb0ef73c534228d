"""The options of `claims`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

_MODULE = "cashier_app.command_line.claims"

AddShop = Callable[[argparse.ArgumentParser], None]
Finish = Callable[[argparse.ArgumentParser, str, str], None]


def add_claims(
    commands: Any,  # noqa: ANN401 - argparse names the type nowhere
    add_shop: AddShop,
    finish: Finish,
) -> None:
    """Add `claims` with its actions."""
    claims = commands.add_parser(
        "claims", help="the codes of receipts, and the key by which tills of a shop read each other's"
    )
    actions = claims.add_subparsers(title="actions", required=True, metavar="ACTION")
    share = actions.add_parser("share", help="write this till's key into an open file, for another till")
    share.add_argument("--new", action="store_true", help="make one where there is none")
    share.add_argument(
        "--out-fd", type=int, required=True, metavar="N", help="number of the open file or pipe, 3 or more"
    )
    add_shop(share)
    finish(share, _MODULE, "share")
    join = actions.add_parser("join", help="take over another till's key, read from standard input")
    join.add_argument("--in-fd", type=int, metavar="N", help="number of an open file to read it from instead")
    join.add_argument("--replace", action="store_true", help="also where this till shares another key")
    add_shop(join)
    finish(join, _MODULE, "join")
    slip = actions.add_parser("slip", help="write the codes of a sale as PDF, on a roll of paper")
    slip.add_argument("number", metavar="NUMBER", help="as the receipt says it, such as 2-0418")
    slip.add_argument("pdf", type=Path, metavar="FILE", help="its name ends in .pdf")
    slip.add_argument(
        "--paper", type=int, choices=(80, 58), default=80, help="width of the roll, mm (default: 80)"
    )
    slip.add_argument("--replace", action="store_true", help="write over a file that is there")
    add_shop(slip)
    finish(slip, _MODULE, "slip")
