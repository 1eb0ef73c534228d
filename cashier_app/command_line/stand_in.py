"""`stand-in`: a vendor's loyalty system in miniature on this computer, to try a till against."""

from __future__ import annotations

import argparse
import json
from contextlib import suppress
from importlib.util import find_spec

from cashier_app.command_line.report import Report
from cashier_app.errors import KnownError

NOT_INSTALLED = "Stand-ins need the extra 'testing'. Run: pip install 'cashier-app[testing]'"


def run(options: argparse.Namespace) -> Report:
    """Serve until interrupted, or until standard input ends; the first line printed is the address.

    Raises:
        KnownError: The extra is not installed, there is no such stand-in, or the port is taken.
    """
    if find_spec("openapi_core") is None:
        raise KnownError(NOT_INSTALLED)
    from cashier_app.testing.stand_ins.registry import stand_in_for
    from cashier_app.testing.stand_ins.serve import serve

    stand_in = stand_in_for(options.kind, _secrets(options.secret))
    if options.until_input_ends:
        told = {"address": "{address}", "back_door": stand_in.back_door, "secrets": stand_in.secrets}
        ready = json.dumps(told)
    else:
        # By hand, for somebody who tries a till out: there must be somebody to serve.
        stand_in.seed()
        secrets = [f"{name}: {value}" for name, value in stand_in.secrets.items()]
        settings = [f"backend.settings.{name} = {value!r}" for name, value in stand_in.settings.items()]
        ready = "\n".join(("{address}", *secrets, *settings))
    with suppress(KeyboardInterrupt):
        serve(stand_in, options.port, ready=ready, until_input_ends=options.until_input_ends)
    return Report({}, ("Stopped.",))


def _secrets(given: list[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    if not all(name and is_there and value for name, is_there, value in pairs):
        raise KnownError("--secret: NAME=VALUE is expected.")
    return {name: value for name, _, value in pairs}
