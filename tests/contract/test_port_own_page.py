"""The page on which a customer joins by themselves, over the reference server."""

from __future__ import annotations

import threading
from datetime import timedelta

import httpx
import pytest

from cashier_app.demo.joining import Joining
from cashier_app.demo.server import DemoServer
from cashier_app.domain.enrolment import ConsentText
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.invitation import Invitation, InvitationOpen, InvitationOver, InvitationUsed
from cashier_app.ports.loyalty import LoyaltyBackend
from tests.contract.around_the_sale import ASHA_PHONE
from tests.contract.support import TurnedClock


def sent(url: str, **typed: str) -> httpx.Response:
    page = {"page": url.rpartition("/")[2], "name": "Asha Menon", "phone": "98450 55501", "agreed": "yes"}
    return httpx.post(url, data=page | typed, trust_env=False)


def test_a_customer_types_their_own_particulars(server: DemoServer, backend: LoyaltyBackend) -> None:
    text = ConsentText("2026-10", "en", "I want <b>coins</b> & nothing else.")
    made = backend.invite(text)
    assert isinstance(made, Invitation)
    assert backend.invitation(made.invitation_id) == InvitationOpen()
    shown = httpx.get(made.url, trust_env=False)
    assert (shown.status_code, "<script" in shown.text, "<b>coins" in shown.text) == (200, False, False)
    assert "I want &lt;b&gt;coins&lt;/b&gt; &amp; nothing else." in shown.text
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert sent(made.url).status_code == 200
    became = backend.invitation(made.invitation_id)
    assert isinstance(became, InvitationUsed)
    assert backend.find(PhoneNumber(ASHA_PHONE)) == became.found
    assert Joining(server.ledger, server.shop).noted(became.found.member.member_id).consents == ("2026-10",)
    assert sent(made.url, phone="98450 55502").status_code == 410
    assert httpx.get(made.url, trust_env=False).status_code == 410


def test_a_page_runs_out(backend: LoyaltyBackend, clock: TurnedClock) -> None:
    made = backend.invite()
    assert isinstance(made, Invitation)
    assert made.until - clock.now() == timedelta(minutes=10)
    clock.turn(minutes=10)
    assert backend.invitation(made.invitation_id) == InvitationOver()
    assert (httpx.get(made.url, trust_env=False).status_code, sent(made.url).status_code) == (410, 410)
    assert backend.invitation("inv-nobody-made") == InvitationOver()


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"agreed": ""}, 422, "Tick the box to join."),
        ({"name": "  "}, 422, "Type your name."),
        ({"name": "A" * 201}, 422, "Type your name."),
        ({"name": "Asha\u202egnirtS"}, 422, "Type your name."),
        ({"phone": "12"}, 422, "Type your whole phone number."),
        ({"page": "another"}, 400, "That was not this page"),
        ({"name": '"><script>alert(1)</script>', "agreed": ""}, 422, "&lt;script&gt;"),
    ],
)
def test_what_a_page_does_not_take(
    server: DemoServer, backend: LoyaltyBackend, typed: dict[str, str], status: int, said: str
) -> None:
    made = backend.invite()
    assert isinstance(made, Invitation)
    members = server.ledger.rows("SELECT count(*) FROM members")
    answer = sent(made.url, **typed)
    assert (answer.status_code, said in answer.text, "<script" in answer.text) == (status, True, False)
    assert server.ledger.rows("SELECT count(*) FROM members") == members
    assert backend.invitation(made.invitation_id) == InvitationOpen()


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": "text/plain"}, b"name=Asha"),
        ({"Origin": "http://evil.example"}, None),
        ({"Sec-Fetch-Site": "cross-site"}, None),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"&".join([b"a=1"] * 50)),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"name=\xff\xfe"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"name=%FF"),
    ],
    ids=["plain text", "another origin", "another site", "many fields", "no ASCII", "no UTF-8"],
)
def test_a_form_from_elsewhere_is_not_taken(
    backend: LoyaltyBackend, headers: dict[str, str], body: bytes | None
) -> None:
    made = backend.invite()
    assert isinstance(made, Invitation)
    page = {"page": made.url.rpartition("/")[2], "name": "Asha", "phone": "98450 55501", "agreed": "yes"}
    given = {"content": body} if body is not None else {"data": page}
    answer = httpx.post(made.url, headers=headers, trust_env=False, **given)  # type: ignore[arg-type]
    assert 400 <= answer.status_code < 500
    assert backend.invitation(made.invitation_id) == InvitationOpen()


def test_a_page_of_sixty_five_kilobytes_is_not_read(backend: LoyaltyBackend) -> None:
    made = backend.invite()
    assert isinstance(made, Invitation)
    assert sent(made.url, name="A" * 65536).status_code == 413


def test_a_page_nobody_made_tells_nothing(server: DemoServer) -> None:
    assert httpx.get(f"{server.base_url}/join/guess", trust_env=False).status_code == 404
    assert sent(f"{server.base_url}/join/guess").status_code == 404


def test_two_browsers_send_one_page_at_once(server: DemoServer, backend: LoyaltyBackend) -> None:
    made = backend.invite()
    assert isinstance(made, Invitation)
    begin = threading.Barrier(4)

    def send(count: int) -> None:
        begin.wait()
        sent(made.url, phone=f"98450 5550{count}")

    threads = [threading.Thread(target=send, args=(count,)) for count in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    joined = server.ledger.rows("SELECT count(*) FROM members WHERE phone LIKE '+9198450555%'")
    assert joined == [(1,)]
