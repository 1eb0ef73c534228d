"""This program, started once more for a part of its work: from source by module, from the bundle by file."""

from __future__ import annotations

import sys
from pathlib import Path

KEY_STORE_SWITCH = "--key-store-helper"
"""What the frozen command line takes for a key-store helper; nothing else may stand beside it."""


def is_frozen() -> bool:
    """Say whether this is the installed bundle, where no interpreter runs modules by name."""
    return bool(getattr(sys, "frozen", False))


def command_line() -> tuple[str, ...]:
    """Return what starts `cashier-cli`.

    In the bundle it is the file beside this one. The window uses it too: one program asks the system's key
    store, so that a system which trusts programs one by one asks once.
    """
    if is_frozen():
        this = Path(sys.executable)
        return (str(this.with_name("cashier-cli" + this.suffix)),)
    return (sys.executable, "-m", "cashier_app")


def key_store_helper() -> tuple[str, ...]:
    """Return what starts the helper process that talks to the key store."""
    if is_frozen():
        return (*command_line(), KEY_STORE_SWITCH)
    return (sys.executable, "-m", "cashier_app.security.key_store_helper")
