"""`demo-server`: the reference loyalty server alone, for people who write a backend or a test."""

from __future__ import annotations

import argparse
import secrets
import sys
import threading
from pathlib import Path

from cashier_app.backend_opening import TOKEN_NAME
from cashier_app.command_line.report import Report
from cashier_app.demo_shop import reference_server
from cashier_app.ports.credentials import Secret
from cashier_app.security.credentials import TokenFile


def run(options: argparse.Namespace) -> Report:
    """Serve until interrupted; the first line printed is the address.

    Raises:
        KnownError: The port is taken, or the program or the token file cannot be used.
    """
    server = reference_server(
        options.port, _token(options.token_file), options.database, options.staged_faults, options.program
    )
    try:
        server.start()
        sys.stdout.write(f"{server.base_url}\n")
        if options.token_file is None:
            sys.stdout.write(f"Bearer token for this run: {server.token.reveal()}\n")
        sys.stdout.flush()
        threading.Event().wait()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
    return Report({}, ("Stopped.",))


def _token(file: Path | None) -> Secret | None:
    if file is None:
        return None
    store = TokenFile(file)
    if not file.exists():
        store.write(TOKEN_NAME, Secret(secrets.token_urlsafe(32)))
    return store.read(TOKEN_NAME)
