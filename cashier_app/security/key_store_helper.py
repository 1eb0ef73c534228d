"""The helper process that talks to the key store: one question in, one answer out."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from cashier_app.security.credentials import NO_STORE

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

ALLOWED = {
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
}
"""Stores that encrypt. Chained and plain-text stores are refused even where they would win by priority."""


def answer(question: dict[str, str]) -> dict[str, str | None]:
    """Return the answer to one question; a problem is one sentence under ``problem``."""
    store = allowed_store()
    if store is None:
        return {"problem": NO_STORE}
    try:
        return _asked(store, question)
    except Exception as error:  # noqa: BLE001 - key stores raise what they like; its text may hold the secret
        kind = error.__class__.__name__
        return {"problem": f"The system's key store refuses ({kind}). Unlock it and try again."}


def allowed_store() -> KeyringBackend | None:
    """Return the best store that encrypts, or None."""
    from keyring.backend import get_all_keyring

    viable = [store for store in get_all_keyring() if store.__class__.__module__ in ALLOWED]
    return max(viable, key=lambda store: float(store.priority), default=None)


def _asked(store: KeyringBackend, question: dict[str, str]) -> dict[str, str | None]:
    service, name = question["service"], question.get("name", "")
    match question["do"]:
        case "read":
            return {"value": store.get_password(service, name)}
        case "write":
            store.set_password(service, name, question["value"])
            return {"value": None}
        case "remove":
            if store.get_password(service, name) is not None:
                store.delete_password(service, name)
            return {"value": None}
        case _:
            return {"value": store.__class__.__module__.rpartition(".")[2]}


def main() -> int:
    """Answer the question on standard input on standard output."""
    json.dump(answer(json.load(sys.stdin)), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
