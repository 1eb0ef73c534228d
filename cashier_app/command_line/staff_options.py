"""The options of `staff`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from cashier_app.domain.staff import Role

_MODULE = "cashier_app.command_line.staff"

AddShop = Callable[[argparse.ArgumentParser], None]
Finish = Callable[[argparse.ArgumentParser, str, str], None]


def add_staff(
    commands: Any,  # noqa: ANN401 - argparse names the type nowhere
    add_shop: AddShop,
    finish: Finish,
) -> None:
    """Add `staff` with its actions."""
    staff = commands.add_parser("staff", help="who works at the till, their PINs and badges")
    actions = staff.add_subparsers(title="actions", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="list everybody ever added")
    add_shop(listing)
    finish(listing, _MODULE, "list_staff")
    add = _changing(actions, "add", "add somebody; the first one is a manager", "add", add_shop, finish)
    add.add_argument("--name", required=True, help="as colleagues call them")
    add.add_argument("--role", required=True, choices=[role.value for role in Role], help="what they are")
    _takes_pin(add)
    change = _changing(actions, "change", "change a name or a role", "change", add_shop, finish)
    change.add_argument("--name", default="", help="another name")
    change.add_argument("--role", choices=[role.value for role in Role], help="another role")
    change.add_argument("--back", action="store_true", help="they work here again")
    pin = _changing(actions, "pin", "give somebody another PIN", "set_pin", add_shop, finish)
    _takes_pin(pin)
    badge = _changing(actions, "badge", "give somebody a badge", "set_badge", add_shop, finish)
    way = badge.add_mutually_exclusive_group()
    way.add_argument("--badge-fd", type=int, metavar="N", help="read its code from this open file")
    way.add_argument("--remove", action="store_true", help="take the badge away")
    _changing(actions, "reset", "let somebody try again who was locked out", "reset", add_shop, finish)
    _changing(actions, "leave", "somebody does not work here any more", "leave", add_shop, finish)


def add_manager(command: argparse.ArgumentParser) -> None:
    """Add who does it and where their PIN is read from: never from arguments."""
    command.add_argument(
        "--by", default="", metavar="ID", help="the manager who does it; asked when not given"
    )
    command.add_argument("--pin-fd", type=int, metavar="N", help="read the manager's PIN from this open file")


def _changing(
    actions: Any,  # noqa: ANN401 - argparse names the type nowhere
    name: str,
    told: str,
    function: str,
    add_shop: AddShop,
    finish: Finish,
) -> argparse.ArgumentParser:
    action: argparse.ArgumentParser = actions.add_parser(name, help=told, allow_abbrev=False)
    action.add_argument("staff_id", metavar="ID", help="their staff id, such as asha")
    add_manager(action)
    action.add_argument(
        "--recover",
        action="store_true",
        help="as the owner of the data folder, where no manager can sign in any more",
    )
    add_shop(action)
    finish(action, _MODULE, function)
    return action


def _takes_pin(action: argparse.ArgumentParser) -> None:
    action.add_argument("--new-pin-fd", type=int, metavar="N", help="read their PIN from this open file")
    action.add_argument(
        "--not-in",
        action="append",
        default=[],
        metavar="NUMBER",
        help="a number of theirs, such as a birthday, that the PIN must not be taken from; not kept",
    )
