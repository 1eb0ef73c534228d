"""Only a checked certificate opens a connection to another computer."""

from __future__ import annotations

import os
from contextlib import closing

import psycopg
import pytest
import trustme

from cashier_app.ledger.connecting import LedgerAddress, connect
from cashier_app.ports.credentials import Secret
from cashier_app.ports.ledger import LedgerAwayError, LedgerRefusedError
from tests.fakes.ledgers import Ledger
from tests.fakes.postgres_server import PASSWORDS, TILL


@pytest.fixture(autouse=True)
def encrypting(ledger: Ledger) -> None:
    """Skip where the only server is one that cannot encrypt; never in CI."""
    if not ledger.server.has_tls:
        assert not os.environ.get("CI"), "CI tests the ledger on a server that encrypts"
        pytest.skip("THIS POSTGRESQL CANNOT ENCRYPT: CERTIFICATES ARE NOT TESTED. Install the system's.")


def address(
    ledger: Ledger, host: str = "localhost", ca_file: str = "", mode: str = "verify-full"
) -> LedgerAddress:
    url = f"postgresql://{TILL}@{host}:{ledger.server.port}/{ledger.name}?sslmode={mode}"
    return LedgerAddress(url, ca_file, Secret(PASSWORDS[TILL]))


def test_the_certificate_of_a_ledger_is_checked(ledger: Ledger) -> None:
    with closing(connect(address(ledger, ca_file=str(ledger.server.folder / "authority.pem")))) as connection:
        assert connection.pgconn.ssl_in_use


def test_another_authoritys_certificate_is_refused(ledger: Ledger, tmp_path: object) -> None:
    other = f"{tmp_path}/other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    with pytest.raises(LedgerRefusedError, match="not to be trusted"):
        connect(address(ledger, ca_file=other))
    with pytest.raises(LedgerRefusedError, match="not to be trusted"):
        connect(address(ledger))  # the system's own list knows it as little


def test_another_names_certificate_is_refused(ledger: Ledger) -> None:
    trusted = str(ledger.server.folder / "authority.pem")
    with pytest.raises((LedgerRefusedError, LedgerAwayError)):
        connect(address(ledger, host="127.0.0.1", ca_file=trusted))


def test_a_file_of_certificates_that_is_not_there(ledger: Ledger) -> None:
    with pytest.raises(LedgerRefusedError, match="ca_file"):
        connect(address(ledger, ca_file="/not/there.pem"))


def test_an_address_nobody_checked_is_refused_plainly() -> None:
    with pytest.raises(LedgerRefusedError, match="does not fit"):
        connect(LedgerAddress("postgresql://till@localhost/x?nonsense=1"))


def test_the_password_shows_nowhere(ledger: Ledger) -> None:
    wrong = LedgerAddress(address(ledger, mode="disable").url, password=Secret("made-up-wrong-word"))
    assert "made-up-wrong-word" not in repr(wrong)
    with pytest.raises(LedgerRefusedError) as refusal:
        connect(wrong)
    seen: list[BaseException] = [refusal.value]
    for one in seen:
        seen += [other for other in (one.__cause__, one.__context__) if other is not None]
    assert not any("made-up-wrong-word" in f"{one!r}{one}" for one in seen)
    assert not any(isinstance(one, psycopg.Error) for one in seen)
