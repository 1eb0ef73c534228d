"""`sign-in`: store the backend's token without showing it or passing it on the command line."""

from __future__ import annotations

import argparse
import getpass
import sys

from cashier_app import bootstrap
from cashier_app.backend_opening import TOKEN_NAME
from cashier_app.command_line.report import Report
from cashier_app.command_line.shop import config_of
from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret

MAX_TOKEN = 4096


def sign_in(options: argparse.Namespace) -> Report:
    """Read a token and store it where this till's settings say.

    Raises:
        KnownError: It is no token, or the store refuses it.
    """
    if options.demo:
        raise KnownError("The demo shop needs no token.")
    store = bootstrap.credentials_of(config_of(options))
    asked = getpass.getpass("Token: ") if sys.stdin.isatty() else sys.stdin.readline(MAX_TOKEN + 2)
    token = asked.strip()
    if not token or len(token) > MAX_TOKEN or not (token.isascii() and token.isprintable()):
        raise KnownError("This is not a token: printable characters without spaces are expected.")
    store.write(TOKEN_NAME, Secret(token))
    return Report({"stored": True}, ("Stored.",))
