"""Members as last seen, encrypted with the installation's key: a copied database or backup names nobody."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

import apsw
import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from msgspec import Struct

from cashier_app.domain.member import Account, Member
from cashier_app.storage.rows import moment

_NONCE_BYTES = 12
_CIPHER_KEY, _NAME_KEY = b"member cache", b"member names"


class _Seen(Struct, frozen=True):
    member: Member
    account: Account


class MemberCache:
    """Reads and writes `member_seen` inside the caller's transaction."""

    def __init__(self, key: bytes) -> None:
        self._cipher_key = hashlib.blake2b(key=key, digest_size=32, person=_CIPHER_KEY).digest()
        self._name_key = hashlib.blake2b(key=key, digest_size=32, person=_NAME_KEY).digest()
        self._encode = msgspec.json.Encoder(decimal_format="string").encode

    def remember(
        self, connection: apsw.Connection, lookup_key: str, member: Member, account: Account
    ) -> None:
        """Keep what was shown for a member."""
        name, nonce = self._name(lookup_key), secrets.token_bytes(_NONCE_BYTES)
        text = self._encode(_Seen(member, account))
        sealed = nonce + ChaCha20Poly1305(self._cipher_key).encrypt(nonce, text, name)
        connection.execute(
            "INSERT OR REPLACE INTO member_seen VALUES (?, ?, ?)", (name, sealed, moment(account.as_of))
        )

    def recall(self, connection: apsw.Connection, lookup_key: str) -> tuple[Member, Account] | None:
        """Return what was kept, or None: also when it is damaged or was kept under another key."""
        name = self._name(lookup_key)
        row = connection.execute("SELECT sealed FROM member_seen WHERE lookup_key = ?", (name,)).fetchone()
        if row is None or not isinstance(row[0], bytes):
            return None
        try:
            text = ChaCha20Poly1305(self._cipher_key).decrypt(
                row[0][:_NONCE_BYTES], row[0][_NONCE_BYTES:], name
            )
            seen = msgspec.json.decode(text, type=_Seen)
        except (InvalidTag, ValueError):
            return None
        return seen.member, seen.account

    def _name(self, lookup_key: str) -> bytes:
        return hashlib.blake2b(lookup_key.encode(), key=self._name_key, digest_size=32).digest()


def forget_before(connection: apsw.Connection, at: datetime) -> int:
    """Forget members not seen since; return how many."""
    connection.execute("DELETE FROM member_seen WHERE seen_at < ?", (moment(at),))
    return int(connection.changes())
