"""Hashes under a key of this till's own, so that what is kept names no phone number and no code."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress

from cashier_app.errors import KnownError
from cashier_app.ports.journal import Journal

KEY_NAME = "member hash key"


def keyed_hash(journal: Journal, text: str) -> str:
    """Return the hash of a text, 64 hex digits; the key is made at the first call. Blocking."""
    key = journal.recall(KEY_NAME)
    if key is None:
        key = secrets.token_hex(32)
        with suppress(KnownError):
            journal.remember(KEY_NAME, key)
    return hashlib.blake2b(text.encode(), key=bytes.fromhex(key), digest_size=32).hexdigest()
