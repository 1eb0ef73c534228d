"""What an adapter does when the other side of a TLS connection is not who it should be."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from cashier_app.backends.trust import tls_context
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.outcome import RetryLater, Unreachable
from cashier_app.errors import KnownError
from cashier_app.ports.loyalty import LoyaltyBackend
from tests.contract.support import RawServer, SaleMaker, answer

PERSON = PhoneNumber("+919845012210")
SELF_SIGNED = Path(__file__).with_name("self_signed.pem")  # made up for tests: signs nothing but itself


@pytest.fixture
def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SELF_SIGNED)
    return context


def test_a_certificate_nobody_vouches_for_gets_no_token(
    connect: Callable[..., LoyaltyBackend], sale: SaleMaker, tls: ssl.SSLContext
) -> None:
    with RawServer(answer(b'{"status": "ok"}'), tls) as server:
        address = server.base_url.replace("http:", "https:")
        backend = connect(address)
        outcome = backend.apply(sale.plain_sale())
        assert isinstance(outcome, RetryLater)
        assert not outcome.reached
        assert isinstance(backend.find(PERSON), Unreachable)
        assert not backend.is_reachable()
        assert server.requests == []
        trusting = ssl.create_default_context(cafile=str(SELF_SIGNED))
        assert httpx.get(address, verify=trusting, trust_env=False).json() == {"status": "ok"}


def test_a_server_without_tls_gets_no_token(connect: Callable[..., LoyaltyBackend], sale: SaleMaker) -> None:
    with RawServer(answer(b"{}")) as server:
        backend = connect(server.base_url.replace("http:", "https:"), seconds=0.4)
        started = time.monotonic()
        assert isinstance(backend.apply(sale.plain_sale()), RetryLater)
        assert time.monotonic() - started < 0.9
    assert not any(b"made-up" in request for request in server.requests)


def test_what_other_programs_trust_is_not_trusted(
    connect: Callable[..., LoyaltyBackend], tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(SELF_SIGNED))
    with RawServer(answer(b'{"status": "ok"}'), tls) as server:
        assert not connect(server.base_url.replace("http:", "https:")).is_reachable()
        assert server.requests == []


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_authorities_that_cannot_be_read_are_named(tmp_path: Path, text: str | None) -> None:
    bundle = tmp_path / "authorities.pem"
    if text is not None:
        bundle.write_text(text)
    with pytest.raises(KnownError, match="authorities"):
        tls_context(bundle)
    assert tls_context(SELF_SIGNED).minimum_version is ssl.TLSVersion.TLSv1_2
