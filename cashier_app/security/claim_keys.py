"""What proves that a receipt is the shop's own: HMAC-SHA-256 under its tills' keys, cut to 128 bits."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from functools import partial

from cashier_app.domain.claim_code import PROOF_BYTES, claim_digits
from cashier_app.errors import KnownError

KEY_BYTES = 32
_RECEIPT, _OWN = b"cashier-app receipt 1|", b"cashier-app claim key 1|"


class ClaimKeys:
    """Signs with the first of some keys and knows what any of them signed. Safe from any thread.

    Args:
        keys: The key the shop's tills share first, where they share one, then this till's own: what it signed
            before it joined the others stays good.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError("a claim key has 32 bytes")
        self._keys = tuple(keys)

    def __repr__(self) -> str:
        return "ClaimKeys(...)"

    @property
    def shared(self) -> bool:
        """Say whether other tills can read what this one signs: its own key comes last."""
        return len(self._keys) > 1

    def sign(self, text: bytes) -> bytes:
        """Return the proof of some bytes."""
        return _proof(self._keys[0], text)

    def proves(self, text: bytes, proof: bytes) -> bool:
        """Say whether one of the keys signed these bytes; every key is tried whatever the first ones say."""
        return any([hmac.compare_digest(_proof(key, text), proof) for key in self._keys])  # noqa: C419

    def digits_fit(self, sale_id: str, digits: str) -> bool:
        """Say whether these are the digits of a sale's claim code, under whichever key it was printed."""
        right = [claim_digits(sale_id, partial(_proof, key)).encode() for key in self._keys]
        return any([hmac.compare_digest(one, digits.encode()) for one in right])  # noqa: C419


def own_key(installation: bytes) -> bytes:
    """Return the claim key of a till that shares none, from its installation's key."""
    return hmac.new(installation, _OWN, hashlib.sha256).digest()


def shared_key(text: str) -> bytes:
    """Return the key written as 64 hex digits.

    Raises:
        KnownError: It is something else.
    """
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        # Raised out here because the exception above carries what was read.
        raise KnownError("This is no claim key: 64 digits and letters from 0 to f are expected.")
    return key


def _proof(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, _RECEIPT + text, hashlib.sha256).digest()[:PROOF_BYTES]
