"""Connecting to PostgreSQL: always with a checked certificate, but for this computer itself.

Imports psycopg, which takes 100 ms: for worker threads, after the window's first frame.
"""

from __future__ import annotations

import os
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import psycopg
from msgspec import Struct
from psycopg import errors
from psycopg.conninfo import make_conninfo

from cashier_app.ledger_section import CHECKED, is_local
from cashier_app.ports.credentials import Secret
from cashier_app.ports.ledger import LedgerAwayError, LedgerRefusedError, LineBrokenError

SCHEMA = "ledger"
CONNECT_SECONDS = 5
CALL_SECONDS = 30.0
"""A call that has no answer by then is given up, whatever the network does."""

AWAY = "The store's ledger cannot be reached. What it is to be told waits here."
NOT_LET_IN = "The store's ledger does not let this till in. Check its user and password."
NOT_ALLOWED = "The store's ledger does not allow this. Check the rights of this till's user there."
FULL = "The store's ledger has no room left. Free space on its server."
READ_ONLY = "The store's ledger takes nothing in for now: it is read-only."
NOT_SET_UP = "The store's ledger is not set up. Run `cashier-cli ledger migrate` with its owner."
DAMAGED_ANSWER = "The store's ledger met an error. Look at its server's log."

_BROKEN_LINE = frozenset({"CL001", "CL002"})
_TRY_AGAIN = (errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable)


class LedgerAddress(Struct, frozen=True):
    """Where the ledger is, and what opens it.

    Args:
        url: Checked by `check_ledger_url`; holds no password.
        ca_file: Certificates to check the server's with; the system's own when empty.
        password: None where a password file, or nothing, does it.
    """

    url: str
    ca_file: str = ""
    password: Secret | None = None


def connect(
    address: LedgerAddress, *, read_only: bool = False, seconds: float = CALL_SECONDS
) -> psycopg.Connection:
    """Return a connection whose transactions the caller commits. Blocking, at most 5 s to connect.

    Raises:
        KnownError: It cannot be reached, or lets nobody in.
    """
    options = f"-c statement_timeout={int(seconds * 1000)} -c idle_in_transaction_session_timeout=60000"
    if read_only:
        options += " -c default_transaction_read_only=on"
    wanted: dict[str, str | int] = {
        "connect_timeout": CONNECT_SECONDS,
        "application_name": "cashier-app",
        "options": options,
        "tcp_user_timeout": int(seconds * 1000),
    }
    if address.password is not None:
        wanted["password"] = address.password.reveal()
    try:
        return psycopg.connect(make_conninfo(address.url, **wanted, **_encryption(address)))
    except psycopg.OperationalError as error:
        known = _not_connected(error)
    except (psycopg.Error, UnicodeError, ValueError):
        known = LedgerRefusedError("The address of the store's ledger does not fit. Check [ledger] url.")
    # Raised out here: what psycopg raised knows the address with all that opens it.
    raise known from None


@contextmanager
def translated_errors(connection: psycopg.Connection | None = None) -> Iterator[None]:
    """Turn what the database does into one plain sentence, and what is under way into nothing.

    Raises:
        LedgerAwayError: Nothing is known of the outcome, or it may simply be tried again.
        LedgerRefusedError: The ledger said no.
        LineBrokenError: The till's line and the ledger's do not fit together.
    """
    try:
        yield
    except psycopg.Error as error:
        if connection is not None and not connection.closed:
            with suppress(psycopg.Error):
                connection.rollback()
        known = _told(error)
    else:
        return
    raise known from None


@contextmanager
def deadline(connection: psycopg.Connection, seconds: float = CALL_SECONDS) -> Iterator[None]:
    """End what runs inside after so long: a server that stands still never answers."""
    timer = threading.Timer(seconds, cut, (connection,))
    timer.name, timer.daemon = "ledger deadline", True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def cut(connection: psycopg.Connection) -> None:
    """End a connection another thread waits on; from any thread."""
    with suppress(OSError, psycopg.Error, ValueError), _socket_of(connection) as end:
        end.shutdown(socket.SHUT_RDWR)


@contextmanager
def _socket_of(connection: psycopg.Connection) -> Iterator[socket.socket]:
    number = connection.fileno()
    if str(sys.platform) != "win32":  # text, or a type checker takes one way for impossible
        with socket.socket(fileno=os.dup(number)) as own:
            yield own
        return
    borrowed = socket.socket(
        fileno=number
    )  # what Windows numbers there is no file, which alone can be doubled
    try:
        yield borrowed
    finally:
        borrowed.detach()


def _encryption(address: LedgerAddress) -> dict[str, str]:
    asked = dict(parse_qsl(urlsplit(address.url).query)).get("sslmode", "")
    if is_local(address.url) and asked != CHECKED:
        return {"sslmode": asked or "prefer"}
    return {"sslmode": CHECKED, "sslrootcert": address.ca_file or _system_certificates()}


def _system_certificates() -> str:
    """Return the system's own list; libpq brings a library that looks for it elsewhere."""
    where = ssl.get_default_verify_paths()
    for name in (where.cafile, where.openssl_cafile, "/etc/ssl/certs/ca-certificates.crt"):
        if name and Path(name).is_file():
            return name
    return "system"


def _not_connected(error: psycopg.OperationalError) -> LedgerAwayError | LedgerRefusedError:
    said = str(error).splitlines()[0][:300] if str(error) else ""
    link = error.pgconn
    if "certificate" in said:
        return LedgerRefusedError(
            "The certificate of the store's ledger is not to be trusted. Check [ledger] ca_file.", detail=said
        )
    if "FATAL" in said or (link is not None and (link.used_password or link.needs_password)):
        starting = "starting up" in said or "shutting down" in said or "recovery mode" in said
        return LedgerAwayError(AWAY, detail=said) if starting else LedgerRefusedError(NOT_LET_IN, detail=said)
    return LedgerAwayError(AWAY, detail=said)


def _told(error: psycopg.Error) -> LedgerAwayError | LedgerRefusedError | LineBrokenError:
    code = error.sqlstate or ""
    if code in _BROKEN_LINE:
        return LineBrokenError("The store's ledger and this till do not fit together; it is told again.")
    sentences = {
        errors.InsufficientPrivilege: NOT_ALLOWED,
        errors.DiskFull: FULL,
        errors.ReadOnlySqlTransaction: READ_ONLY,
        errors.InvalidSchemaName: NOT_SET_UP,
        errors.UndefinedTable: NOT_SET_UP,
        errors.UndefinedFunction: NOT_SET_UP,
    }
    for kind, sentence in sentences.items():
        if isinstance(error, kind):
            return LedgerRefusedError(sentence, detail=code)
    # Without a code the connection broke; classes 57 and 08 are the server going away.
    if not code or code[:2] in {"57", "08", "53"} or isinstance(error, _TRY_AGAIN):
        return LedgerAwayError(AWAY, detail=code)
    return LedgerRefusedError(DAMAGED_ANSWER, detail=code)
