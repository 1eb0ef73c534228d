"""A seal on each row: a keyed hash over its columns, so that a flipped bit or a clumsy edit is found.

The seal is made and checked inside SQLite by a function of ours, on bytes: a damaged text is never decoded.

When an effect may be tried next is not sealed. It changes for thousands of rows at once when the network
returns, and a wrong one does no harm: what cannot be read is tried at once, nothing waits longer than a day.
"""

from __future__ import annotations

import hashlib

import apsw
import msgspec

from cashier_app.storage.persons import Persons

SEAL_BYTES = 16

SALE_SEALED = (
    "sale_id",
    "state",
    "opened_at",
    "counter",
    "committed_at",
    "has_member",
    "body",
    "effects",
)
EFFECT_SEALED = (
    "sequence",
    "key",
    "sale_id",
    "kind",
    "account_key",
    "body",
    "state",
    "attempts",
    "last_attempt_at",
    "last_answer",
    "booked",
    "in_doubt_since",
    "private",
)
KEPT_SEALED = ("name", "text")
DAY_CLOSING_SEALED = ("number", "body", "sha256")
STAFF_SEALED = ("staff_id", "version", "name", "role", "active", "pin", "badge")
TRY_SEALED = ("subject", "version", "failures", "at", "monotonic_ms")
SEALED: dict[str, tuple[str, ...]] = {
    "sale": SALE_SEALED,
    "effect": EFFECT_SEALED,
    "kept": KEPT_SEALED,
    "staff": STAFF_SEALED,
    "pin_try": TRY_SEALED,
    "day_closing": DAY_CLOSING_SEALED,
}


def _expression(table: str) -> str:
    arguments = ", ".join(f"CAST({table}.{column} AS BLOB)" for column in SEALED[table])
    return f"seal_of('{table}', {arguments})"


SALE_HOLDS = f"sale.seal IS {_expression('sale')}"
EFFECT_HOLDS = f"effect.seal IS {_expression('effect')}"
KEPT_HOLDS = f"kept.seal IS {_expression('kept')}"
STAFF_HOLDS = f"staff.seal IS {_expression('staff')}"
TRY_HOLDS = f"pin_try.seal IS {_expression('pin_try')}"
DAY_CLOSING_HOLDS = f"day_closing.seal IS {_expression('day_closing')}"
HOLDS: dict[str, str] = {
    "sale": SALE_HOLDS,
    "effect": EFFECT_HOLDS,
    "kept": KEPT_HOLDS,
    "staff": STAFF_HOLDS,
    "pin_try": TRY_HOLDS,
    "day_closing": DAY_CLOSING_HOLDS,
}

SEAL_SALE = f"UPDATE sale SET seal = {_expression('sale')} WHERE sale_id = ?"  # noqa: S608 - constants
SEAL_EFFECT = f"UPDATE effect SET seal = {_expression('effect')} WHERE key = ?"  # noqa: S608 - constants
SEAL_KEPT = f"UPDATE kept SET seal = {_expression('kept')} WHERE name = ?"  # noqa: S608 - constants
SEAL_STAFF = f"UPDATE staff SET seal = {_expression('staff')} WHERE staff_id = ?"  # noqa: S608 - constants
SEAL_TRY = f"UPDATE pin_try SET seal = {_expression('pin_try')} WHERE subject = ?"  # noqa: S608 - constants
SEAL_DAY_CLOSING = f"UPDATE day_closing SET seal = {_expression('day_closing')} WHERE number = ?"  # noqa: S608
SEAL_ALL = tuple(f"UPDATE {table} SET seal = {_expression(table)}" for table in SEALED)  # noqa: S608 - constants


class Seals:
    """Makes and checks seals with the key of this installation."""

    def __init__(self, key: bytes) -> None:
        self._key = hashlib.blake2b(key=key, digest_size=32, person=b"row seals").digest()
        self.key = key
        self.fingerprint = hashlib.blake2b(key=key, digest_size=16, person=b"fingerprint").hexdigest()
        self._encode = msgspec.msgpack.Encoder().encode
        self._persons = Persons(key)

    def seal(self, *columns: apsw.SQLiteValue) -> bytes:
        """Return the seal of a row: its table's name, then its sealed columns as bytes."""
        # msgpack writes lengths: no two different rows share an encoding.
        return hashlib.blake2b(self._encode(columns), key=self._key, digest_size=SEAL_BYTES).digest()

    def install(self, connection: apsw.Connection) -> None:
        """Give a connection the functions the SQL of this module and of `persons` calls."""
        connection.create_scalar_function("seal_of", self.seal, deterministic=True)
        self._persons.install(connection)
