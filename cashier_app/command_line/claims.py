"""`claims`: one key for the tills of a shop, so that each can read the others' receipts."""

from __future__ import annotations

import argparse
import os

from cashier_app.claim_opening import CLAIMS_NAME, checked_key, new_key, shared_key_of
from cashier_app.command_line.asked import own_vault, secret_line, store
from cashier_app.command_line.report import Report
from cashier_app.errors import KnownError

NO_KEY = "This till shares no claim key yet. Make one with: cashier-cli claims share --new"
NOT_SCREEN = "Give --out-fd a file or a pipe: a key on a screen is read by whoever passes."
OTHER_KEY = "This till shares another key already. Take it over all the same with --replace."


def share(options: argparse.Namespace) -> Report:
    """Write the shared key into an open file, for `claims join` at another till.

    Raises:
        KnownError: There is none, it cannot be kept, or the file cannot be written.
    """
    if options.out_fd < 3 or os.isatty(options.out_fd):
        raise KnownError(NOT_SCREEN)
    kept = own_vault(options)
    key = shared_key_of(kept)
    made = key is None
    if key is None:
        if not options.new:
            raise KnownError(NO_KEY)
        key = new_key()
        store(kept, CLAIMS_NAME, key, options.passphrase_fd)
    try:
        os.write(options.out_fd, key.reveal().encode() + b"\n")
        problem = ""
    except OSError:
        problem = "The key cannot be written there."
    if problem:
        # Raised out here because the exception above may carry what was written.
        raise KnownError(problem)
    said = "A new key was made and written." if made else "The key was written."
    again = "Start the till anew so that it signs with it." if made else ""
    return Report({"made": made}, tuple(filter(None, (said, again))))


def join(options: argparse.Namespace) -> Report:
    """Take over the key of another till, read from a terminal, standard input or an open file.

    Raises:
        KnownError: It is no key, another one is kept here, or it cannot be kept.
    """
    kept = own_vault(options)
    key = checked_key(secret_line("Claim key of the other till", options.in_fd))
    before = shared_key_of(kept)
    if before is not None and before.reveal() != key.reveal() and not options.replace:
        raise KnownError(OTHER_KEY)
    store(kept, CLAIMS_NAME, key, options.passphrase_fd)
    return Report({"joined": True}, ("Stored. Start the till anew so that it signs with it.",))
