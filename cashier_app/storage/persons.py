"""Whom an effect is for until it is posted: encrypted in the database, so that a copy names nobody.

An effect for somebody the till could not look up carries their phone number, card or code, and one that makes
a member carries all they told. Both are kept in a column of their own with this installation's key. What
orders the effects of such a person is a keyed hash: the same person, the same hash, and no way back.

All of it happens inside SQLite by functions of ours: whoever reads an effect reads it whole.
"""

from __future__ import annotations

import hashlib
import secrets

import apsw
import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.enrolment import NewMember
from cashier_app.domain.sale import Effect

_NONCE_BYTES = 12
_CIPHER_KEY, _NAME_KEY = b"effect persons", b"effect accounts"
LOST = "lost"
"""What stands for a person that was kept with another key, or whose bytes are damaged."""


_HIDE_ALL = """
UPDATE effect SET
  private = hidden_person(json_object('identified_by', json_extract(body, '$.identified_by')), sale_id),
  account_key = account_name(account_key, json_extract(body, '$.identified_by')),
  body = json_set(body, '$.identified_by', '')
WHERE state NOT IN ('posted', 'dropped') AND json_valid(body)
  AND coalesce(json_extract(body, '$.identified_by'), '') <> ''
"""


class Person(Struct, frozen=True, omit_defaults=True):
    """What of an effect is not kept in clear."""

    identified_by: str = ""
    new_member: NewMember | None = None


class Persons:
    """Hides and shows persons with the key of this installation."""

    def __init__(self, key: bytes) -> None:
        cipher_key = hashlib.blake2b(key=key, digest_size=32, person=_CIPHER_KEY).digest()
        self._cipher = ChaCha20Poly1305(cipher_key)
        self._name_key = hashlib.blake2b(key=key, digest_size=32, person=_NAME_KEY).digest()

    def install(self, connection: apsw.Connection) -> None:
        """Give a connection the functions the SQL of effects calls."""
        connection.create_scalar_function("hidden_person", self._hide, 2)
        connection.create_scalar_function("shown_person", self._show, 2, deterministic=True)
        connection.create_scalar_function("account_name", self._account, 2, deterministic=True)

    def _hide(self, *given: apsw.SQLiteValue) -> bytes | None:
        """Return a person encrypted; what was hidden for one sale is none for another."""
        text, sale_id = given
        if not isinstance(text, str):
            return None
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), str(sale_id).encode())

    def _show(self, *given: apsw.SQLiteValue) -> str | None:
        private, sale_id = given
        if not isinstance(private, bytes):
            return None
        try:
            nonce, rest = private[:_NONCE_BYTES], private[_NONCE_BYTES:]
            return self._cipher.decrypt(nonce, rest, str(sale_id).encode()).decode()
        except (InvalidTag, ValueError):
            return LOST

    def _account(self, *given: apsw.SQLiteValue) -> str:
        """Return what orders an effect as it may be kept: a hash where it is what somebody is known by."""
        account_key, identified_by = given
        if account_key != identified_by:
            return str(account_key)
        name = hashlib.blake2b(str(identified_by).encode(), key=self._name_key, digest_size=16)
        return f"person-{name.hexdigest()}"


def without_person(effect: Effect) -> Effect:
    """Return an effect as its body is kept: without what may name anybody."""
    if not effect.identified_by and effect.new_member is None:
        return effect
    return replace(effect, identified_by="", new_member=None)


def person_of(effect: Effect) -> str | None:
    """Return what of an effect must be hidden, as JSON; None for nothing."""
    if not effect.identified_by and effect.new_member is None:
        return None
    return msgspec.json.encode(Person(effect.identified_by, effect.new_member)).decode()


def with_person(effect: Effect, shown: object) -> Effect | None:
    """Return an effect with what `shown_person` gave; None where whom it is for is lost."""
    if shown is None:
        return effect
    try:
        person = msgspec.json.decode(str(shown), type=Person)
    except (msgspec.DecodeError, ValueError):
        return None
    return replace(effect, identified_by=person.identified_by, new_member=person.new_member)


def hide_those_of_before(connection: apsw.Connection) -> None:
    """Hide the persons of effects kept in clear by versions before, inside the caller's transaction.

    What is posted has none any more. Rows that cannot be read are left to whoever rescues them.
    """
    connection.execute(_HIDE_ALL)
