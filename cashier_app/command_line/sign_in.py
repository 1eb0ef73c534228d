"""`sign-in`: store the backend's token without showing it or passing it on the command line."""

from __future__ import annotations

import argparse

from cashier_app.backend_opening import kind_of, secret_name
from cashier_app.backend_setup import checked_secret
from cashier_app.command_line.asked import kept_secrets, secret_line, store
from cashier_app.command_line.report import Report
from cashier_app.command_line.shop import config_of, is_unreal
from cashier_app.errors import KnownError


def sign_in(options: argparse.Namespace) -> Report:
    """Read a token and store it where this till's settings say.

    Raises:
        KnownError: It is no token, or the store refuses it.
    """
    if is_unreal(options):
        raise KnownError("The demo shop needs no token.")
    kind = kind_of(config_of(options))
    wanted = [field for field in kind.secrets if field.mandatory]
    if len(wanted) != 1:
        raise KnownError(f"{kind.title} wants more than a token. Run: cashier-cli backend add {kind.name}")
    kept = kept_secrets(options)
    token = checked_secret(wanted[0], secret_line(wanted[0].label))
    store(kept, secret_name(kind, wanted[0]), token, options.passphrase_fd)
    return Report({"stored": True}, ("Stored.",))
