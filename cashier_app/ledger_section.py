"""The settings file's section about the ledger a store's tills share."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import msgspec

from cashier_app.errors import KnownError

SCHEMES = frozenset({"postgresql", "postgres"})
PARAMETERS = frozenset({"host", "port", "service", "passfile", "sslmode"})
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
CHECKED = "verify-full"


class LedgerSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[ledger]`: where this till's figures go besides; nowhere unless it says so.

    Args:
        url: ``postgresql://user@host/database``, never with a password; what this till tells goes there.
        figures_url: The same with the user whose login may read, for the manager's view; empty where that is
            to show this till's own figures only.
        store: The store's name at the ledger; `store.name` when empty.
        ca_file: Certificates the ledger's is checked with; the system's own when empty.
        tells_expired: Whether this till tells the ledger which points expired. Those are the program's, not a
            till's: of all tills of one program one does.
    """

    url: str = ""
    figures_url: str = ""
    store: str = ""
    ca_file: str = ""
    tells_expired: bool = False


def check_ledger(section: LedgerSection) -> None:
    """Check what the types cannot.

    Raises:
        KnownError: A value makes no sense, or would send figures in the clear; the sentence names it.
    """
    for name, url in (("ledger.url", section.url), ("ledger.figures_url", section.figures_url)):
        if url:
            check_ledger_url(name, url)
    if len(section.store) > 80 or not (section.store.isprintable() or not section.store):
        raise KnownError("ledger.store: a name of up to 80 characters is expected.")


def check_ledger_url(name: str, url: str) -> None:
    """Check an address of the ledger.

    Raises:
        KnownError: It is none, holds a password, or would connect to another computer unchecked.
    """
    problem = KnownError(f"{name}: an address such as postgresql://till@ledger.example/ledger is expected.")
    try:
        parts = urlsplit(url)
        parameters = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        password, port = parts.password, parts.port
    except ValueError as error:
        raise problem from error
    if password is not None or "password" in parameters:
        raise KnownError(
            f"{name}: a password does not stand in the settings. Store it with `ledger sign-in`."
        )
    if parts.scheme not in SCHEMES or port == 0 or "," in parts.netloc or not set(parameters) <= PARAMETERS:
        raise problem
    if not is_local(url) and parameters.get("sslmode", CHECKED) != CHECKED:
        raise KnownError(
            f"{name}: only this computer is spoken to without a checked certificate. Drop sslmode."
        )


def is_local(url: str) -> bool:
    """Say whether an address is on this computer: a loopback address, or a socket in the file system."""
    parts = urlsplit(url)
    parameters = dict(parse_qsl(parts.query))
    if "service" in parameters:
        return False  # the service's file may say anywhere
    host = parameters.get("host", parts.hostname or "")
    return host in LOCAL or host.startswith("/")
