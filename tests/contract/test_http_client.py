"""The client all adapters share: credentials that run out, paths that hold anything, exact numbers."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
import traceback
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from cashier_app.backends.authorization import RenewedToken, SecretHeaders, bearer, no_authorization
from cashier_app.backends.http_client import MAX_ANSWER, HttpClient
from cashier_app.backends.paths import path_of
from cashier_app.backends.replies import Answered, NoAnswer, NotSent, Reply, Strange
from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret
from tests.contract.support import RawServer, Respond, answer, drip, raw

OK = answer(b'{"worth": 0.10}')
TAKEN_AWAY = raw(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")


def guarded(good: str) -> Respond:
    """Answer 401 to whoever does not show the good token."""

    def respond(connection: socket.socket, server: RawServer) -> None:
        shown = f"Bearer {good}".encode() in server.requests[-1]
        status = "200 OK" if shown else "401 Unauthorized"
        answer(b"{}", status)(connection, server)

    return respond


class Fetcher:
    """Hands out tokens and counts how often it was asked."""

    def __init__(self, *tokens: str | None) -> None:
        self.tokens = list(tokens)
        self.asked = 0

    def __call__(self) -> Secret | None:
        self.asked += 1
        token = self.tokens.pop(0) if self.tokens else None
        return None if token is None else Secret(token)


@pytest.fixture
def clients() -> Iterator[list[HttpClient]]:
    opened: list[HttpClient] = []
    yield opened
    for client in opened:
        client.close()


def open_client(
    clients: list[HttpClient], server: RawServer, authorization: object, **more: object
) -> HttpClient:
    clients.append(HttpClient(server.base_url, authorization, **more))  # type: ignore[arg-type]
    return clients[-1]


def sent(server: RawServer, place: int = -1) -> tuple[str, bytes]:
    """Return the first line of a request and its body."""
    head, _, body = server.requests[place].partition(b"\r\n\r\n")
    return head.split(b"\r\n")[0].decode(), body


def test_a_token_that_ran_out_is_renewed_once_and_the_request_sent_again(clients: list[HttpClient]) -> None:
    fetch = Fetcher("second")
    with RawServer(guarded("second")) as server:
        client = open_client(clients, server, RenewedToken(fetch, Secret("first")))
        assert client.post("/moves", {"n": 1}, seconds=5) == Answered(200, {})
        assert (len(server.requests), fetch.asked) == (2, 1)
        assert client.get("/moves", seconds=5) == Answered(200, {})
    assert (len(server.requests), fetch.asked) == (3, 1)


def test_without_a_token_the_first_refusal_fetches_one(clients: list[HttpClient]) -> None:
    with RawServer(guarded("only")) as server:
        client = open_client(clients, server, RenewedToken(Fetcher("only")))
        assert client.get("/", seconds=5) == Answered(200, {})


@pytest.mark.parametrize("token", [None, "first", "third"])
def test_credentials_that_stay_refused_are_not_tried_for_ever(
    clients: list[HttpClient], token: str | None
) -> None:
    fetch = Fetcher(token)
    with RawServer(guarded("second")) as server:
        client = open_client(clients, server, RenewedToken(fetch, Secret("first")))
        reply = client.get("/", seconds=5)
        assert isinstance(reply, Answered)
        assert reply.status == 401
    assert len(server.requests) == (2 if token == "third" else 1)


def test_several_threads_renew_once(clients: list[HttpClient]) -> None:
    fetch, replies = Fetcher("second"), []
    with RawServer(guarded("second")) as server:
        client = open_client(clients, server, RenewedToken(fetch, Secret("first")))
        workers = [
            threading.Thread(target=lambda: replies.append(client.get("/", seconds=5))) for _ in range(6)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert replies == [Answered(200, {})] * 6
    assert fetch.asked == 1


def test_fixed_headers_are_not_tried_again(clients: list[HttpClient]) -> None:
    keys = SecretHeaders(("X-App-Id", "", Secret("id")), ("X-App-Token", "", Secret("token")))
    with RawServer(guarded("never")) as server:
        reply = open_client(clients, server, keys).get("/", seconds=5)
        assert isinstance(reply, Answered)
        assert len(server.requests) == 1
        assert b"X-App-Id: id\r\n" in server.requests[0]
        assert b"X-App-Token: token\r\n" in server.requests[0]


@pytest.mark.parametrize("secret", ["", "two words", "naïve", "line\r\nX-Other: 1"])
def test_a_secret_no_header_can_hold_is_refused_without_being_shown(secret: str) -> None:
    with pytest.raises(KnownError) as error:
        bearer(Secret(secret))
    assert secret not in error.value.sentence or not secret


def test_numbers_leave_and_arrive_as_they_are(clients: list[HttpClient]) -> None:
    with RawServer(OK) as server:
        client = open_client(clients, server, no_authorization())
        reply = client.call("PATCH", "/moves", {"points": Decimal("0.30"), "count": 3}, seconds=5)
        assert sent(server) == ("PATCH /moves HTTP/1.1", b'{"points":0.30,"count":3}')
    assert isinstance(reply, Answered)
    assert reply.body == {"worth": Decimal("0.10")}
    assert json.loads(sent(server)[1]) == {"points": 0.3, "count": 3}


def test_what_is_taken_away_leaves_nothing(clients: list[HttpClient]) -> None:
    with RawServer(TAKEN_AWAY) as server:
        assert open_client(clients, server, no_authorization()).delete("/a/b", seconds=5) == Answered(
            204, None
        )
        assert sent(server)[0] == "DELETE /a/b HTTP/1.1"


def test_headers_of_every_request_and_of_one(clients: list[HttpClient]) -> None:
    with RawServer(OK) as server:
        client = open_client(clients, server, no_authorization(), headers={"Square-Version": "2025-08-20"})
        client.put("/a", {}, seconds=5, headers={"X-One": "1"})
        client.get("/a", seconds=5)
        assert [b"Square-Version: 2025-08-20" in one for one in server.requests] == [True, True]
        assert [b"X-One: 1" in one for one in server.requests] == [True, False]


@pytest.mark.parametrize(
    ("part", "path"),
    [
        ("../admin", "/v1/..%2Fadmin"),
        ("a/b", "/v1/a%2Fb"),
        ("+14155550142", "/v1/%2B14155550142"),
        ("phone=+91", "/v1/phone%3D%2B91"),
        ("a?b#c%2F", "/v1/a%3Fb%23c%252F"),
        ("caf\u00e9 \n", "/v1/caf%C3%A9%20%0A"),
    ],
)
def test_whatever_a_part_holds_it_stays_one_part(clients: list[HttpClient], part: str, path: str) -> None:
    assert path_of("v1", part) == path
    with RawServer(OK) as server:
        open_client(clients, server, no_authorization()).get(path_of("v1", part), seconds=5)
        assert sent(server)[0] == f"GET {path} HTTP/1.1"


@pytest.mark.parametrize("part", ["", ".", ".."])
def test_a_part_that_climbs_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match="climbs"):
        path_of("v1", part)


def test_a_query_is_encoded(clients: list[HttpClient]) -> None:
    with RawServer(OK) as server:
        client = open_client(clients, server, no_authorization())
        client.get("/find", query={"phone": "+91 98", "next": "a&b=c"}, seconds=5)
        assert sent(server)[0] == "GET /find?phone=%2B91+98&next=a%26b%3Dc HTTP/1.1"


def test_a_redirect_is_not_followed_with_the_secret(clients: list[HttpClient]) -> None:
    with RawServer(answer(b"{}", "302 Found", "Location: http://127.0.0.1:9/")) as server:
        reply = open_client(clients, server, bearer(Secret("token"))).get("/", seconds=5)
    assert reply == Strange(302, "a redirect")


def test_the_backends_clock_is_compared(clients: list[HttpClient]) -> None:
    with RawServer(answer(b"{}", "200 OK", "Date: Fri, 01 Jan 2100 00:00:00 GMT")) as server:
        client = open_client(clients, server, no_authorization())
        assert client.clock_ahead is None
        client.get("/", seconds=5)
    assert client.clock_ahead is not None
    assert client.clock_ahead > timedelta(days=365)


WRITES = ["POST", "PUT", "PATCH", "DELETE"]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9000000\r\n\r\n"


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize(
    ("respond", "reply"),
    [
        (drip(HEAD, b" "), NoAnswer("no answer in time")),
        (raw(HEAD + b"[1"), NoAnswer("the connection ended without a whole answer")),
        (raw(b""), NoAnswer("the connection ended without a whole answer")),
        (
            answer(b"{}", "307 Temporary Redirect", "Location: http://127.0.0.1:9/"),
            Strange(307, "a redirect"),
        ),
        (answer(b'"' + b"x" * MAX_ANSWER + b'"'), Strange(200, "more than 1 MiB")),
        (answer(b"{}", "200 OK", "Content-Encoding: gzip"), Strange(200, "a compressed answer")),
        (answer(b"{}", kind="text/html"), Strange(200, "not JSON, perhaps a sign-in page of the network")),
    ],
    ids=["drip by drip", "cut off", "nothing", "a redirect", "too much", "compressed", "a web page"],
)
def test_whatever_the_verb_a_bad_answer_is_none(
    clients: list[HttpClient], method: str, respond: Respond, reply: Reply
) -> None:
    with RawServer(respond) as server:
        client = open_client(clients, server, bearer(Secret("token")))
        started = time.monotonic()
        assert client.call(method, "/a/b", {"n": 1}, seconds=0.4) == reply
        assert time.monotonic() - started < 0.8
        assert [one.split(b" ")[0].decode() for one in server.requests] == [method], "never sent twice"


@pytest.mark.parametrize("method", WRITES)
def test_whatever_the_verb_nobody_there_means_nothing_was_sent(
    clients: list[HttpClient], method: str
) -> None:
    with RawServer(OK) as server:
        client = open_client(clients, server, no_authorization())
    assert isinstance(client.call(method, "/a", {}, seconds=2), NotSent)


def test_a_write_refused_is_sent_again_with_the_same_bytes(clients: list[HttpClient]) -> None:
    with RawServer(guarded("second")) as server:
        client = open_client(clients, server, RenewedToken(Fetcher("second"), Secret("first")))
        key = {"Idempotency-Key": "sale-1"}
        assert client.put("/moves", {"n": Decimal("0.10")}, seconds=5, headers=key) == Answered(200, {})
        assert sent(server, 0) == sent(server, 1) == ("PUT /moves HTTP/1.1", b'{"n":0.10}')
        assert all(b"Idempotency-Key: sale-1" in one for one in server.requests)


@pytest.mark.parametrize("token", ["", "two words", "line\r\nX-Other: 1"])
def test_a_new_token_no_header_can_hold_stays_a_refusal(clients: list[HttpClient], token: str) -> None:
    with RawServer(guarded("second")) as server:
        client = open_client(clients, server, RenewedToken(Fetcher(token), Secret("first")))
        assert client.get("/", seconds=5) == Answered(401, {})
        assert len(server.requests) == 1


def test_nobody_waits_past_the_deadline_for_a_token_another_thread_fetches(
    clients: list[HttpClient],
) -> None:
    asked, may_go = threading.Event(), threading.Event()

    def fetch() -> Secret | None:
        asked.set()
        may_go.wait(20)
        return Secret("second")

    with RawServer(guarded("second")) as server:
        client = open_client(clients, server, RenewedToken(fetch, Secret("first")))
        first = threading.Thread(target=client.get, args=("/",), kwargs={"seconds": 20})
        first.start()
        assert asked.wait(5)
        started = time.monotonic()
        reply = client.get("/", seconds=0.3)
        assert time.monotonic() - started < 0.8
        may_go.set()
        first.join()
    assert reply == Answered(401, {})


SECRET, FRESH = "tok-made-up-1", "tok-made-up-2"


@pytest.mark.parametrize("method", ["GET", *WRITES])
def test_secrets_are_in_no_text_of_any_kind(
    clients: list[HttpClient], caplog: pytest.LogCaptureFixture, method: str
) -> None:
    """Not in a repr, not in what is logged at the finest level, not in an exception that a bug raises."""
    caplog.set_level(logging.DEBUG)
    authorization = RenewedToken(Fetcher(FRESH), Secret(SECRET))
    with RawServer(guarded(FRESH)) as server:
        client = open_client(clients, server, authorization, headers={"X-Version": "1"})
        replies = [client.call(method, "/a", {"n": 1}, seconds=5)]
        with pytest.raises(TypeError) as bug:
            client.call(method, "/a", {"n": object()}, seconds=5)
        with pytest.raises(KnownError) as unsendable:
            bearer(Secret(SECRET + "\n"))
        assert SECRET.encode() in server.requests[0]
        assert FRESH.encode() in server.requests[1]
    replies.append(client.call(method, "/a", {"n": 1}, seconds=5))
    assert isinstance(replies[1], NotSent)
    texts = [repr(client), repr(vars(client)), repr(authorization), repr(vars(authorization)), repr(replies)]
    texts += ["".join(traceback.format_exception(one.value)) for one in (bug, unsendable)]
    texts += [record.getMessage() for record in caplog.records]
    for text in texts:
        assert SECRET not in text
        assert FRESH not in text
