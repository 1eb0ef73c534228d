"""The reference server as a server: what it refuses to read, its faults, and starting and stopping."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from cashier_app.backends.contract import ContractBackend
from cashier_app.demo.codes import rotating_code
from cashier_app.demo.faults import FaultPlan
from cashier_app.demo.members import load_seed
from cashier_app.demo.server import DemoServer
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeMaximum
from cashier_app.domain.identifier import WalletToken
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import Applied, MemberFound
from cashier_app.domain.points import to_units
from cashier_app.domain.program import Program
from cashier_app.domain.quote import Quote, quote
from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import HoldsRead
from tests.contract.support import SaleMaker, TurnedClock, booked
from tests.fakes.shop import OCCASION

SALE_ID = "01934f5c-9a7e-7c11-8f3a-2f5d0c9a4e21"
FIND = {"wallet_token": "LC1:PRYA7K2M4Q9XW3TB"}


@pytest.fixture
def client(server: DemoServer) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {server.token.reveal()}", "Content-Type": "application/json"}
    with httpx.Client(base_url=server.base_url, headers=headers, trust_env=False) as client:
        yield client


def code_of(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


# What is not even read.
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"wallet_token": "LC1:A", "wallet_token": "LC1:B"}', (400, "malformed")),
        (b'{"wallet_token": NaN}', (400, "malformed")),
        (b"{", (400, "malformed")),
        (b"", (400, "malformed")),
        (b'{"wallet_token": "\\ud800abcd"}', (400, "malformed")),
        (b"[" * 10_000, (400, "malformed")),
        (b"null", (422, "invalid")),
        (b"{}", (422, "invalid")),
        (b'{"wallet_token": "LC1:ABCD", "phone": "+919845012210"}', (422, "invalid")),
        (b'{"wallet_token": "LC1:ABCD", "more": 1}', (422, "invalid")),
        (b'{"wallet_token": "LC1:ABCD", "phone": null}', (422, "invalid")),
        (b'{"phone": "+919845012210\\n"}', (422, "invalid")),
        ('{"phone": "+٩١٩٨٤٥٠١٢٢١٠"}'.encode(), (422, "invalid")),
        (b'{"wallet_token": "LC1:AB/../CD"}', (422, "invalid")),
        (b'{"wallet_token": "' + b"A" * 65536 + b'"}', (413, "too_large")),
    ],
)
def test_a_bad_request_is_named_and_refused(
    client: httpx.Client, body: bytes, expected: tuple[int, str]
) -> None:
    assert code_of(client.post("/v1/members/find", content=body)) == expected


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_read(client: httpx.Client, content_type: str) -> None:
    response = client.post(
        "/v1/members/find", content=json.dumps(FIND), headers={"Content-Type": content_type}
    )
    assert code_of(response) == (415, "not_json")


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer wrong", "Basic cm9vdDpyb290", "bearer x"])
@pytest.mark.parametrize(
    "path", ["/v1/program", "/v1/ledger?sale_id=" + SALE_ID, "/v1/nowhere", "/admin/faults"]
)
def test_strangers_learn_nothing(server: DemoServer, path: str, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    response = httpx.get(server.base_url + path, headers=headers, trust_env=False)
    assert code_of(response) == (401, "not_signed_in")
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (None, (422, "invalid")),
        ("", (422, "invalid")),
        (f"{SALE_ID}-sale", (422, "invalid")),
        (f"{SALE_ID}-refund-1", (409, "wrong_key")),
        ("01934f5c-9a7e-7c11-8f3a-000000000000-sale-1", (409, "wrong_key")),
    ],
    ids=["none", "empty", "no count", "another effect", "another sale"],
)
def test_a_write_needs_its_own_key(client: httpx.Client, key: str | None, expected: tuple[int, str]) -> None:
    nothing, paid = {"minor": 0, "currency": "INR"}, {"minor": 64000, "currency": "INR"}
    body = {"sale_id": SALE_ID, "member_id": "mem-ravi", "bill": paid, "discount": nothing, "paid": paid}
    body |= {"program_version": "", "at": "2026-11-21T09:03:40Z"}
    headers = {} if key is None else {"Idempotency-Key": key}
    assert code_of(client.post("/v1/sales", json=body, headers=headers)) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"paid": {"minor": 63999, "currency": "INR"}},
        {"bill": {"minor": 64000, "currency": "USD"}},
        {"points": "0.5"},
        {"at": "0001-01-01T00:00:00+23:00"},
    ],
    ids=["does not add up", "another currency", "too fine", "before all calendars"],
)
def test_figures_that_make_no_sense_are_refused(client: httpx.Client, changes: dict[str, object]) -> None:
    nothing, paid = {"minor": 0, "currency": "INR"}, {"minor": 64000, "currency": "INR"}
    body = {"sale_id": SALE_ID, "member_id": "mem-ravi", "bill": paid, "discount": nothing, "paid": paid}
    body |= {"program_version": "", "at": "2026-11-21T09:03:40Z"}
    response = client.post("/v1/sales", json=body | changes, headers={"Idempotency-Key": f"{SALE_ID}-sale-1"})
    assert code_of(response) == (409, "not_allowed")
    assert client.get(f"/v1/effects/{SALE_ID}-sale-1").status_code == 404


def test_a_repeat_may_be_written_differently(client: httpx.Client) -> None:
    """The same request is the same values: neither spaces nor the order of members make it another."""
    paid = '{"minor": 64000, "currency": "INR"}'
    body = f'{{"sale_id":"{SALE_ID}","member_id":"mem-ravi","bill":{paid}'
    body += f',"discount":{{"currency":"INR","minor":0}},"paid":{paid},"program_version":""'
    body += ',"at":"2026-11-21T09:03:40Z"}'
    other = json.dumps(dict(reversed(json.loads(body).items())), indent=2)
    headers = {"Idempotency-Key": f"{SALE_ID}-sale-1"}
    first = client.post("/v1/sales", content=body, headers=headers)
    again = client.post("/v1/sales", content=other, headers=headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert first.content == again.content


def test_a_new_member_is_enrolled_once(client: httpx.Client, server: DemoServer) -> None:
    body = {"sale_id": SALE_ID, "name": "Asha Menon", "phone": "+919845055501", "at": "2026-11-21T09:03:40Z"}
    headers = {"Idempotency-Key": f"{SALE_ID}-enrol-1"}
    first = client.post("/v1/members", json=body, headers=headers)
    again = client.post("/v1/members", json=body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    found = client.post("/v1/members/find", json={"phone": "+919845055501"}).json()["found"]
    assert [one["member"]["name"] for one in found] == ["Asha Menon"]
    taken = body | {"sale_id": SALE_ID[:-1] + "2", "member_number": "MG-104210", "phone": "+919845055502"}
    response = client.post(
        "/v1/members", json=taken, headers={"Idempotency-Key": f"{taken['sale_id']}-enrol-1"}
    )
    assert code_of(response) == (409, "not_allowed")


def correct(client: httpx.Client, points: str, number: int = 1, **more: str) -> httpx.Response:
    sale_id = f"{SALE_ID[:-1]}{number}"
    asked = {"sale_id": sale_id, "member_id": "mem-priya", "points": points, "reason": "Forgotten card"}
    body = asked | {"by": "Meera", "at": "2026-11-21T09:03:40Z"} | more
    return client.post("/v1/adjustments", json=body, headers={"Idempotency-Key": f"{sale_id}-adjust-1"})


def test_a_correction_moves_points_once(client: httpx.Client) -> None:
    first, again = correct(client, "-40"), correct(client, "-40")
    assert first.status_code == 200
    assert first.json() == again.json()
    assert (first.json()["points"], again.headers["idempotency-replayed"]) == ("-40", "true")
    assert code_of(correct(client, "-41")) == (409, "key_reused")
    assert client.get("/v1/members/mem-priya/account").json()["account"]["balance"] == "1200"


@pytest.mark.parametrize(
    ("points", "more", "expected"),
    [
        ("-1241", {}, (409, "balance_too_low")),
        ("0", {}, (409, "not_allowed")),
        ("0.5", {}, (409, "not_allowed")),
        ("5", {"member_id": "nobody"}, (404, "no_such_member")),
        ("+5", {}, (422, "invalid")),
        ("5", {"reason": ""}, (422, "invalid")),
        ("5", {"by": "x" * 101}, (422, "invalid")),
    ],
)
def test_a_correction_that_cannot_be_leaves_nothing(
    client: httpx.Client, points: str, more: dict[str, str], expected: tuple[int, str]
) -> None:
    assert code_of(correct(client, points, **more)) == expected
    assert client.get("/v1/members/mem-priya/account").json()["account"]["balance"] == "1240"
    assert code_of(client.get(f"/v1/effects/{SALE_ID[:-1]}1-adjust-1")) == (404, "no_such_effect")


def test_only_holds_that_still_hold_are_listed(
    client: httpx.Client, server: DemoServer, clock: TurnedClock
) -> None:
    backend = ContractBackend(server.base_url, server.token)
    try:
        sales = [SaleMaker(clock.now()) for _ in range(3)]
        references = [booked(backend.apply(sale.reserve())).reference for sale in sales]
        booked(backend.apply(sales[0].capture(references[0])))
        booked(backend.apply(sales[1].release(references[1])))
        read = backend.list_holds()
        assert isinstance(read, HoldsRead)
        (hold,) = read.holds
        assert (hold.key, hold.member_id, hold.reference, hold.since) == (
            sales[2].reserve().key, "mem-priya", references[2], clock.now(),
        )  # fmt: skip
        clock.turn(minutes=16)
        assert backend.list_holds() == HoldsRead(())
    finally:
        backend.close()


# Till and backend agree.
def quote_of(program: Program, found: MemberFound, bill: Money) -> Quote:
    """Return what the till quotes."""
    return quote(program, found.member, found.account, bill_of(bill), TakeMaximum(), OCCASION)


@pytest.mark.parametrize("bill", [100, 49_999, 50_000, 236_000, 250_000, 11_840_000])
def test_the_tills_quote_is_the_backends(client: httpx.Client, server: DemoServer, bill: int) -> None:
    backend = ContractBackend(server.base_url, server.token)
    program = backend.program()
    for member in load_seed():
        found = backend.find(WalletToken(f"LC1:{member.token}"))
        assert isinstance(found, MemberFound)
        ours = quote_of(program, found, Money(bill, program.currency))
        asked = {
            "member_id": member.member_id,
            "bill": {"minor": bill, "currency": "INR"},
            "choice": {"kind": "maximum"},
        }
        theirs = client.post("/v1/quotes", json=asked).json()
        assert theirs["maximum"]["minor"] == ours.maximum.minor
        assert theirs["discount"]["minor"] == ours.discount.minor
        assert theirs["to_pay"]["minor"] == ours.to_pay.minor
        assert theirs["points"] == str(to_units(ours.points_used, 0))
        assert theirs["earns"] == str(to_units(ours.earns, 0))
        assert ("refusal" in theirs) == (ours.refusal is not None)
    backend.close()


def test_what_the_till_quotes_the_backend_holds(server: DemoServer, clock: TurnedClock) -> None:
    backend = ContractBackend(server.base_url, server.token)
    program, bill = backend.program(), Money(260_000, backend.program().currency)
    held = 0
    for member in load_seed():
        found = backend.refresh(member.member_id)
        assert isinstance(found, MemberFound)
        ours = quote_of(program, found, bill)
        if not ours.points_used:
            continue
        sale = SaleMaker(clock.now(), member.member_id, bill=bill, discount=ours.discount)
        assert isinstance(backend.apply(sale.reserve(int(ours.points_used))), Applied)
        held += 1
    assert held > 30
    backend.close()


# Being a server.
def test_a_port_in_use_is_said_so(server: DemoServer) -> None:
    other = DemoServer(port=server.port)
    with pytest.raises(KnownError, match=str(server.port)):
        other.start()
    other.close()


def test_a_stopped_server_comes_back_on_its_port_with_its_ledger(server: DemoServer) -> None:
    backend = ContractBackend(server.base_url, server.token)
    address = server.base_url
    for _ in range(3):
        assert backend.is_reachable()
        server.stop()
        assert not backend.is_reachable()
        server.start()
        assert server.base_url == address
    backend.close()


def test_it_listens_on_this_computer_only(server: DemoServer) -> None:
    assert server.base_url.startswith("http://127.0.0.1:")


def test_each_start_has_its_own_token() -> None:
    servers = [DemoServer(), DemoServer()]
    tokens = {server.token.reveal() for server in servers}
    for server in servers:
        server.close()
    assert len(tokens) == 2
    assert all(len(token) >= 40 for token in tokens)


def test_faults_are_staged_over_http_only_where_allowed(server: DemoServer, client: httpx.Client) -> None:
    assert code_of(client.post("/admin/faults", json={"down": True})) == (404, "no_such_path")
    token = Secret("made-up-token")
    with DemoServer(token=token, staged_faults=True) as open_server:
        headers = {"Authorization": "Bearer made-up-token"}
        admin = httpx.Client(base_url=open_server.base_url, headers=headers, trust_env=False)
        backend = ContractBackend(open_server.base_url, token)
        assert admin.post("/admin/faults", json={"down": True}).status_code == 200
        assert not backend.is_reachable()
        assert admin.post("/admin/faults", json={}).status_code == 200
        assert backend.is_reachable()
        assert code_of(admin.post("/admin/faults", json={"down": "yes"})) == (422, "invalid")
        assert httpx.post(open_server.base_url + "/admin/faults", json={}, trust_env=False).status_code == 401
        admin.close()
        backend.close()


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, 200), (600, (410, "code_too_old")), (-600, (404, "no_such_member"))]
)
def test_a_clock_that_is_off_judges_codes_made_just_now(
    server: DemoServer, client: httpx.Client, seconds: int, expected: object
) -> None:
    token, now = load_seed()[0].token, server.clock.now()
    server.faults.stage(FaultPlan(code_clock_seconds=seconds))
    answer = client.post(
        "/v1/members/find", json={"wallet_token": rotating_code(token, now, server.shop.code_key)}
    )
    assert (answer.status_code if answer.status_code == 200 else code_of(answer)) == expected


def test_an_answer_on_loopback_comes_without_delay(server: DemoServer, client: httpx.Client) -> None:
    """A socket with Nagle's algorithm on takes 40 ms for each answer."""
    client.get("/v1/health")
    times = []
    for _ in range(20):
        started = time.perf_counter()
        client.post("/v1/members/find", json=FIND)
        times.append(time.perf_counter() - started)
    assert sorted(times)[10] < 0.02


@pytest.mark.skipif(os.name != "posix", reason="signals to a child work otherwise on Windows")
def test_it_runs_on_its_own_until_interrupted(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    token = tmp_path / "token"
    token.write_text("made-up")
    token.chmod(0o600)
    command = [sys.executable, "-m", "cashier_app", "demo-server", "--port", str(port)]
    command += ["--token-file", str(token), "--database", str(tmp_path / "ledger.db")]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    backend = ContractBackend(f"http://127.0.0.1:{port}", Secret("made-up"))
    try:
        until = time.monotonic() + 20
        while not backend.is_reachable():
            assert child.poll() is None, child.communicate()
            assert time.monotonic() < until
        assert isinstance(backend.find(WalletToken(FIND["wallet_token"])), MemberFound)
    finally:
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=20)
        backend.close()
    assert said == b""
    assert child.returncode == 0
    assert (tmp_path / "ledger.db").stat().st_size > 0


def test_it_may_be_told_to_end_when_it_has_noticed_by_itself() -> None:
    server = DemoServer()
    server.start()
    assert server._server is not None
    assert server._thread is not None
    server._server.should_exit = True
    server._thread.join(20)
    server.close()
