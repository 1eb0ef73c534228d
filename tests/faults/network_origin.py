"""Credentials and members' data go to the configured origin only."""

from __future__ import annotations

import ssl
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import httpx
import trustme

from cashier_app.backends.contract import ContractBackend
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.outcome import RetryLater, Unreachable
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend
from tests.fakes.delivering import deliver_due
from tests.faults import misbehaviour as bad
from tests.faults.network_till import QUICK, NetworkTill, WrappedBackend, row_of
from tests.faults.proxy import Behaviour, FaultProxy, Plan, honest
from tests.faults.table import Budget, Row

PERSON = PhoneNumber("+919845012210")
TOKEN = "made-up-token-of-a-till"
STATUSES = (301, 302, 303, 307, 308)


def run(budget: Budget) -> list[Row]:
    """Try to lead a till astray; `budget` changes nothing, it takes a few seconds."""
    assert budget in Budget
    return [_redirects(), *_wrong_tls(), *_environment(), *_controls()]


def _redirects() -> Row:
    started = time.monotonic()
    with NetworkTill(seed=21) as till, FaultProxy() as elsewhere:
        address = elsewhere.base_url
        places = (f"{address}/v1/sales", address.replace("http:", "https:"), "//" + address[7:], "/v1/health")
        tries = 0
        for status in STATUSES:
            for place in places:
                behaviour = bad.answer(status, b"{}", f"Location: {place}")
                till.proxy.plan = _always(behaviour)
                till.sell(1)
                till.journal.make_due()
                deliver_due(till.delivery)
                till.connection.answered()
                tries += 1
        till.proxy.plan = lambda _: bad.redirect_loop
        before = len(till.proxy.requests)
        till.backend.find(PERSON)
        loops = len(till.proxy.requests) - before - 1
        till.proxy.plan = lambda _: honest
        till.drain()
        broken = f"{elsewhere.connections} connections elsewhere" if elsewhere.connections else ""
        broken = broken or (f"a loop was followed {loops} times" if loops else "")
        detail = "to another host, to https, to a bare host, in a loop: 0 connections elsewhere"
        return row_of("redirects", tries, till.findings(), started, detail, broken)


def _always(behaviour: Behaviour) -> Plan:
    return lambda _: behaviour


class _Certificates:
    """An authority made up for this run, and contexts of servers it vouches for, rightly or not."""

    def __init__(self, folder: Path) -> None:
        self._authority = trustme.CA()
        self.bundle = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(str(self.bundle))

    def context(self, name: str = "127.0.0.1", expired: bool = False) -> ssl.SSLContext:  # noqa: FBT001, FBT002
        """Return the context of a server that goes by this name."""
        end = datetime.now(UTC) - timedelta(days=1) if expired else None
        begin = datetime.now(UTC) - timedelta(days=9) if expired else None
        certificate = self._authority.issue_cert(name, not_before=begin, not_after=end)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        return context


@contextmanager
def _certificates() -> Iterator[_Certificates]:
    with tempfile.TemporaryDirectory() as name:
        yield _Certificates(Path(name))


def _wrong_tls() -> list[Row]:
    with _certificates() as made:
        named = made.bundle
        return [
            _tls("TLS: unknown authority", made.context(), None),
            _tls("TLS: wrong host", made.context("loyalty.example"), named),
            _tls("TLS: expired", made.context(expired=True), named),
            _tls("TLS: right, as a check of the others", made.context(), named, right=True),
        ]


def _tls(name: str, server: ssl.SSLContext, authorities: Path | None, *, right: bool = False) -> Row:
    """Sell over this TLS, then over the right line; a wrong one must see no request, not a byte of one."""
    started = time.monotonic()
    opened: list[WrappedBackend] = []

    def wrap(inner: LoyaltyBackend) -> LoyaltyBackend:
        opened.append(WrappedBackend(inner))
        return opened[-1]

    with NetworkTill(seed=22, wrap=wrap) as till, FaultProxy(till.server.port, tls=server) as other:
        line = opened[0].inner
        token = Secret(till.server.token.reveal() if right else TOKEN)
        tls = ContractBackend(other.base_url, token, deadlines=QUICK, authorities=authorities)
        opened[0].inner = tls
        till.sell(3)
        till.live(20)
        seen = len(other.requests)
        opened[0].inner = line
        tls.close()
        till.drain()
        broken = "" if bool(seen) is right else f"{seen} requests seen"
        detail = f"{seen} requests seen"
        return row_of(name, len(till.done), till.findings(), started, detail, broken)


def _environment() -> list[Row]:
    return [_proxy_variables(), _certificate_variables()]


def _proxy_variables() -> Row:
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as name,
        FaultProxy() as trap,
        patch.dict("os.environ", _trapped(trap, Path(name))),
        NetworkTill(seed=23) as till,
    ):
        till.sell(5)
        till.drain()
        right = f"Bearer {till.server.token.reveal()}"
        # What needs no credentials carries none, or these.
        others = [one for one in till.proxy.requests if one.headers.get("authorization", right) != right]
        broken = f"{trap.connections} connections to the proxy of the PC" if trap.connections else ""
        broken = broken or (f"{len(others)} requests with other credentials" if others else "")
        runs = len(till.proxy.requests)
        detail = "0 connections through them, 0 requests with credentials of the netrc"
        return row_of("HTTP_PROXY, ALL_PROXY, NETRC set", runs, till.findings(), started, detail, broken)


def _trapped(trap: FaultProxy, folder: Path) -> dict[str, str]:
    netrc = folder / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something\n")
    names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    proxies = {form: trap.base_url for name in names for form in (name, name.lower())}
    return {**proxies, "NO_PROXY": "", "no_proxy": "", "NETRC": str(netrc)}


def _certificate_variables() -> Row:
    started = time.monotonic()
    with _certificates() as made, FaultProxy(tls=made.context()) as server:
        variables = {"SSL_CERT_FILE": str(made.bundle), "SSL_CERT_DIR": str(made.bundle.parent)}
        with patch.dict("os.environ", variables), NetworkTill(seed=24) as till:
            backend = ContractBackend(server.base_url, Secret(TOKEN), deadlines=QUICK)
            believed = not isinstance(backend.find(PERSON), Unreachable) or backend.is_reachable()
            till.sell(2, points=0)
            row = till.journal.due(till.clock.now(), 1)[0]
            believed |= not isinstance(backend.apply(row.effect), RetryLater)
            backend.close()
            till.drain()
            broken = f"{len(server.requests)} requests seen" if server.requests or believed else ""
            return row_of(
                "SSL_CERT_FILE, SSL_CERT_DIR set", 3, till.findings(), started, "0 requests", broken
            )


def _controls() -> list[Row]:
    return [
        _control("a client that follows redirects", _follows_redirects),
        _control("a client that obeys HTTP_PROXY", _obeys_proxies),
        _control("a client that obeys SSL_CERT_FILE", _obeys_certificates),
    ]


def _control(name: str, leaks: Callable[[], bool]) -> Row:
    started = time.monotonic()
    caught = leaks()
    return Row(fault=name, runs=1, seconds=round(time.monotonic() - started), control=True, caught=caught)


def _follows_redirects() -> bool:
    with FaultProxy(plan=lambda _: bad.answer(200, b"{}")) as elsewhere:
        plan = bad.answer(307, b"", f"Location: {elsewhere.base_url}/")
        with FaultProxy(plan=lambda _: plan) as proxy:
            headers = {"X-App-Token": TOKEN}
            httpx.post(proxy.base_url, headers=headers, follow_redirects=True, trust_env=False)
        return any(TOKEN.encode() in one.raw for one in elsewhere.requests)


def _obeys_proxies() -> bool:
    with tempfile.TemporaryDirectory() as name, FaultProxy(plan=lambda _: bad.answer(200, b"{}")) as trap:
        with patch.dict("os.environ", _trapped(trap, Path(name))):
            httpx.get("http://127.0.0.1:9/", headers={"X-App-Token": TOKEN})
        return any(TOKEN.encode() in one.raw for one in trap.requests)


def _obeys_certificates() -> bool:
    with _certificates() as made:
        plan = bad.answer(200, b"{}")
        with FaultProxy(plan=lambda _: plan, tls=made.context()) as server:
            with patch.dict("os.environ", {"SSL_CERT_FILE": str(made.bundle)}):
                httpx.get(server.base_url, headers={"X-App-Token": TOKEN})
            return any(TOKEN.encode() in one.raw for one in server.requests)
