"""What an adapter makes of answers no honest backend gives: never a crash, never a false success."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace
from uuid6 import uuid7

from cashier_app.backends.http_client import CONNECTIONS
from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.outcome import (
    Applied,
    MemberFound,
    NotApplied,
    RetryLater,
    SignInNeeded,
    Unknown,
    Unreachable,
)
from cashier_app.errors import KnownError
from cashier_app.ports.loyalty import LoyaltyBackend
from tests.contract.support import RawServer, Respond, SaleMaker, answer, drip, raw

PERSON = PhoneNumber("+919845012210")
PROBLEM = "application/problem+json"
DEADLINE = 0.4
SPARE = 0.5
PATIENCE = 30.0
MEBIBYTE = 1024 * 1024

Connect = Callable[..., LoyaltyBackend]


def found(**changes: object) -> bytes:
    """Return an honest answer to a search, or one changed in a place."""
    account = {"balance": "1240", "as_of": "2026-11-21T09:00:00Z"} | changes
    return json.dumps(
        {"found": [{"member": {"member_id": "mem-priya", "name": "Priya"}, "account": account}]}
    ).encode()


PROGRAM = {
    "name": "Marigold Stores",
    "version": "marigold-1",
    "currency": "INR",
    "point_name": {"singular": "coin", "plural": "coins"},
    "earning": {"rules": [{"kind": "per_amount", "points": "1", "per": "100"}]},
    "redemption": [{"conversion": {"points": "1", "value": "1"}}],
}


def knowing_the_program(respond: Respond) -> Respond:
    """Return a server's way to answer the program honestly and everything else like this."""

    def choose(connection: socket.socket, server: RawServer) -> None:
        asked_for_program = b"/v1/program" in server.requests[-1]
        (answer(json.dumps(PROGRAM).encode()) if asked_for_program else respond)(connection, server)

    return choose


def echo(sale: SaleMaker, **changes: object) -> bytes:
    """Return an honest answer to a sale, or one changed in a place."""
    effect = sale.plain_sale()
    honest = {
        "key": effect.key,
        "sale_id": effect.sale_id,
        "reference": "bk-1",
        "points": "23",
        "balance": "1263",
    }
    return json.dumps(honest | changes).encode()


def silence(_: socket.socket, server: RawServer) -> None:
    server.stopping.wait()


NONSENSE: dict[str, Respond] = {
    "a redirect": answer(b"{}", "302 Found", "Location: http://127.0.0.1:9/elsewhere"),
    "not modified": answer(b"", "304 Not Modified"),
    "a web page": answer(b"<html>Sign in</html>", kind="text/html"),
    "no content type": answer(b"{}", kind=""),
    "empty": answer(b""),
    "broken json": answer(b'{"found": ['),
    "latin-1": answer('{"name": "Zoë"}'.encode("latin-1")),
    "a byte order mark": answer(b"\xef\xbb\xbf{}"),
    "nan": answer(found().replace(b'"1240"', b"NaN")),
    "infinity": answer(found().replace(b'"1240"', b"-Infinity")),
    "double keys": answer(found().replace(b'"balance": "1240"', b'"balance": "1240", "balance": "9999"')),
    "too deep": answer(b"[" * 100_000 + b"]" * 100_000),
    "a long number": answer(b'{"found": ' + b"1" * 5000 + b"}"),
    "a huge exponent": answer(b'{"found": 1e999999999999999999999}'),
    "half a surrogate": answer(rb'{"found": "\ud800"}'),
    "an array": answer(b"[]"),
    "a wrong form": answer(b'{"found": "Priya"}'),
    "nobody and somebody": answer(b'{"found": []}'),
    "a compressed answer": answer(gzip.compress(found()), "200 OK", "Content-Encoding: gzip"),
    "an answer said to be compressed": answer(found(), "200 OK", "Content-Encoding: br"),
    "too much": answer(b'{"a":"' + b"x" * MEBIBYTE + b'"}'),
    "an error page": answer(b"<html>oops</html>", "500 Internal Server Error", kind="text/html"),
    "an error in json": answer(b'{"code": "oops"}', "500 Internal Server Error", kind=PROBLEM),
    "a gateway": answer(b"bad gateway", "502 Bad Gateway", kind="text/plain"),
    "busy, from nobody": answer(b"<html>busy</html>", "503 Service Unavailable", kind="text/html"),
    "a refusal from nobody": answer(b"<html>no</html>", "404 Not Found", kind="text/html"),
    "a refusal without a code": answer(b'{"title": "no"}', "409 Conflict", kind=PROBLEM),
    "created": answer(b"{}", "201 Created"),
    "not http": raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "nothing": raw(b""),
    "half a head": raw(b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "half a body": raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"),
    "two lengths": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
    "a flood of headers": raw(b"HTTP/1.1 200 OK\r\n" + b"X-Flood: 1\r\n" * 50_000),
}


@pytest.mark.parametrize("respond", NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense_is_neither_an_answer_nor_a_crash(
    connect: Connect, sale: SaleMaker, respond: Respond
) -> None:
    with RawServer(respond) as server, pytest.raises(KnownError):
        connect(server.base_url).program()
    with RawServer(knowing_the_program(respond)) as server:
        backend = connect(server.base_url)
        backend.program()
        assert isinstance(backend.apply(sale.plain_sale()), Unknown)
        assert isinstance(backend.reconcile(sale.plain_sale()), Unknown)
        assert isinstance(backend.find(PERSON), Unreachable)
        assert isinstance(backend.refresh("mem-priya"), Unreachable)
        assert not backend.is_reachable()


@pytest.mark.parametrize(
    "respond",
    [
        drip(b"", b"H"),
        drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n", b" "),
        drip(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"1\r\n \r\n",
        ),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        silence,
    ],
    ids=["status line", "headers", "body", "chunks", "continue", "silence"],
)
def test_a_dripping_answer_ends_at_the_deadline(connect: Connect, sale: SaleMaker, respond: Respond) -> None:
    with RawServer(respond) as server:
        backend = connect(server.base_url, seconds=DEADLINE)
        started = time.monotonic()
        assert isinstance(backend.apply(sale.plain_sale()), Unknown)
        after_post = time.monotonic()
        assert isinstance(backend.find(PERSON), Unreachable)
        after_find = time.monotonic()
    assert DEADLINE <= after_post - started < DEADLINE + SPARE
    assert DEADLINE <= after_find - after_post < DEADLINE + SPARE


def test_who_waits_in_vain_for_a_connection_has_sent_nothing(connect: Connect, sale: SaleMaker) -> None:
    taken = threading.Semaphore(0)

    def keep(_: socket.socket, server: RawServer) -> None:
        taken.release()
        server.stopping.wait()

    # The server is left first: that ends the searches the pool waits for.
    with ThreadPoolExecutor(CONNECTIONS) as pool, RawServer(keep) as server:
        backend = connect(server.base_url, seconds=DEADLINE, find_seconds=PATIENCE)
        searches = [pool.submit(backend.find, PERSON) for _ in range(CONNECTIONS)]
        assert all(taken.acquire(timeout=PATIENCE) for _ in searches)
        assert isinstance(backend.apply(sale.plain_sale()), RetryLater)
        assert not any(b"/v1/sales" in request for request in server.requests)
    assert all(isinstance(search.result(), Unreachable) for search in searches)


def test_search_and_program_share_one_deadline(connect: Connect) -> None:
    """The first search reads the program as well; both together take no longer than a search may."""

    def respond(connection: socket.socket, server: RawServer) -> None:
        if b"/v1/program" in server.requests[-1]:
            drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n")(connection, server)
        else:
            server.stopping.wait(DEADLINE * 0.75)
            answer(found())(connection, server)

    with RawServer(respond) as server:
        started = time.monotonic()
        assert isinstance(connect(server.base_url, seconds=DEADLINE).find(PERSON), Unreachable)
        assert time.monotonic() - started < DEADLINE * 1.5


def test_an_endless_answer_does_not_fill_the_memory(connect: Connect) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    with RawServer(drip(head, chunk, 0.0)) as server:
        backend = connect(server.base_url)
        tracemalloc.start()
        assert isinstance(backend.find(PERSON), Unreachable)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 8 * MEBIBYTE


def test_nothing_is_asked_of_where_a_redirect_points(connect: Connect, sale: SaleMaker) -> None:
    with RawServer(answer(b"{}")) as elsewhere:
        location = f"Location: {elsewhere.base_url}/v1/sales"
        for status in (
            "301 Moved",
            "302 Found",
            "303 See Other",
            "307 Temporary Redirect",
            "308 Permanent Redirect",
        ):
            with RawServer(answer(b"{}", status, location)) as server:
                assert isinstance(connect(server.base_url).apply(sale.plain_sale()), Unknown)
        assert elsewhere.requests == []


def test_an_honest_answer_is_taken(connect: Connect, sale: SaleMaker) -> None:
    """The control for all of the above: the same server, answering as it should."""
    with RawServer(answer(echo(sale))) as server:
        assert isinstance(connect(server.base_url).apply(sale.plain_sale()), Applied)
    with RawServer(knowing_the_program(answer(found()))) as server:
        assert isinstance(connect(server.base_url).find(PERSON), MemberFound)


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "01934f5c-9a7e-7c11-8f3a-2f5d0c9a4e21-sale-1"},
        {"sale_id": "another-sale"},
        {"reference": "../x"},
        {"points": 23},
    ],
    ids=["key", "sale", "reference", "points"],
)
def test_an_answer_to_something_else_is_no_answer(
    connect: Connect, sale: SaleMaker, changes: dict[str, object]
) -> None:
    with RawServer(answer(echo(sale, **changes))) as server:
        backend = connect(server.base_url)
        assert isinstance(backend.apply(sale.plain_sale()), Unknown)
        assert isinstance(backend.reconcile(sale.plain_sale()), Unknown)


@pytest.mark.parametrize(
    "problem",
    [
        {"code": "no_such_effect", "key": "01934f5c-9a7e-7c11-8f3a-2f5d0c9a4e21-sale-1"},
        {"code": "no_such_effect"},
        {"code": "no_such_path"},
    ],
    ids=["another key", "no key", "another reason"],
)
def test_only_the_right_words_say_that_nothing_was_applied(
    connect: Connect, sale: SaleMaker, problem: dict[str, object]
) -> None:
    key = sale.plain_sale().key
    with RawServer(answer(json.dumps(problem).encode(), "404 Not Found", kind=PROBLEM)) as server:
        assert isinstance(connect(server.base_url).reconcile(sale.plain_sale()), Unknown)
    right = json.dumps({"code": "no_such_effect", "key": key}).encode()
    with RawServer(answer(right, "404 Not Found", kind=PROBLEM)) as server:
        assert connect(server.base_url).reconcile(sale.plain_sale()) == NotApplied()


def test_a_refusal_of_something_else_is_no_refusal(connect: Connect, sale: SaleMaker) -> None:
    problem = {"code": "not_allowed", "key": "01934f5c-9a7e-7c11-8f3a-2f5d0c9a4e21-sale-1"}
    with RawServer(answer(json.dumps(problem).encode(), "409 Conflict", kind=PROBLEM)) as server:
        assert isinstance(connect(server.base_url).apply(sale.plain_sale()), Unknown)


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
@pytest.mark.parametrize("kind", [PROBLEM, "text/html"])
def test_a_refused_token_in_any_words_asks_for_a_sign_in(
    connect: Connect, sale: SaleMaker, status: str, kind: str
) -> None:
    with RawServer(answer(b'{"code": "nope"}', status, kind=kind)) as server:
        backend = connect(server.base_url)
        assert backend.apply(sale.plain_sale()) == SignInNeeded()
        assert backend.reconcile(sale.plain_sale()) == SignInNeeded()


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("5", 5),
        ("0", 0),
        ("901", 900),
        ("9" * 4000, 900),
        ("Fri, 01 Jan 2010 00:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 900),
    ],
    ids=["five", "zero", "long", "endless", "past", "far"],
)
def test_a_wait_asked_for_by_anybody_is_kept_within_bounds(
    connect: Connect, sale: SaleMaker, header: str, seconds: int
) -> None:
    busy = answer(b"busy", "429 Too Many Requests", f"Retry-After: {header}", kind="text/plain")
    with RawServer(busy) as server:
        outcome = connect(server.base_url).apply(sale.plain_sale())
    assert isinstance(outcome, RetryLater)
    assert outcome.seconds == seconds


def test_a_moment_to_wait_for_is_read_by_the_backends_own_clock(connect: Connect, sale: SaleMaker) -> None:
    then, now = "Fri, 01 Jan 2010 00:10:00 GMT", "Fri, 01 Jan 2010 00:00:00 GMT"
    headers = (f"Retry-After: {then}", f"Date: {now}")
    with RawServer(answer(b"busy", "429 Too Many Requests", *headers, kind="text/plain")) as server:
        outcome = connect(server.base_url).apply(sale.plain_sale())
    assert isinstance(outcome, RetryLater)
    assert outcome.seconds == 600


def test_an_account_of_another_member_is_not_taken(connect: Connect) -> None:
    entry = json.dumps(json.loads(found())["found"][0]).encode()
    with RawServer(knowing_the_program(answer(entry))) as server:
        backend = connect(server.base_url)
        assert isinstance(backend.refresh("mem-priya"), MemberFound)
        assert isinstance(backend.refresh("mem-anil"), Unreachable)


@pytest.mark.parametrize("header", ["-1", "1.5", "٣", "soon", "", "1, 2", "Fri, 99 Jan 2010"])
def test_a_wait_that_makes_no_sense_is_not_understood(connect: Connect, sale: SaleMaker, header: str) -> None:
    text = f"HTTP/1.1 429 Slow\r\nRetry-After: {header}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with RawServer(raw(text.encode())) as server:
        assert isinstance(connect(server.base_url).apply(sale.plain_sale()), Unknown)


def test_an_amount_of_another_currency_is_not_taken(connect: Connect) -> None:
    for code, kind in (("INR", MemberFound), ("USD", Unreachable)):
        person = found(store_credit={"minor": 100, "currency": code})
        with RawServer(knowing_the_program(answer(person))) as server:
            assert isinstance(connect(server.base_url).find(PERSON), kind)


def test_the_token_goes_nowhere_but_the_header(connect: Connect, sale: SaleMaker) -> None:
    with RawServer(answer(echo(sale))) as server:
        backend = connect(server.base_url)
        backend.apply(sale.plain_sale())
        backend.find(PERSON)
        first = [request.split(b"\r\n")[0] for request in server.requests]
    assert all(b"Bearer made-up" in request for request in server.requests)
    assert not any(b"made-up" in line or b"9845012210" in line for line in first)
    assert "made-up" not in repr(vars(backend))


def correction() -> Adjustment:
    return Adjustment(str(uuid7()), "mem-priya", Decimal(-40), "Booked twice", "Meera", datetime.now(UTC))


@pytest.mark.parametrize("respond", NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense_corrects_nothing_and_lists_no_hold(connect: Connect, respond: Respond) -> None:
    with RawServer(respond) as server:
        backend = connect(server.base_url)
        assert isinstance(backend.adjust(correction()), Unknown)
        assert isinstance(backend.reconcile_adjustment(correction()), Unknown)
        assert isinstance(backend.list_holds(), Unknown)


@pytest.mark.parametrize("place", ["key", "sale_id", "reference"])
def test_an_answer_to_another_correction_is_none(connect: Connect, place: str) -> None:
    one = correction()
    honest = {"key": f"{one.key}-adjust-1", "sale_id": one.key, "reference": "ad-1", "points": "-40"}
    with RawServer(answer(json.dumps(honest).encode())) as server:
        assert isinstance(connect(server.base_url).adjust(one), Applied)
    with RawServer(answer(json.dumps(honest | {place: "not/this"}).encode())) as server:
        backend = connect(server.base_url)
        assert isinstance(backend.adjust(one), Unknown)
        assert isinstance(backend.reconcile_adjustment(one), Unknown)


def test_a_correction_of_something_that_is_no_id_is_not_sent(connect: Connect) -> None:
    with RawServer(answer(b"{}")) as server:
        backend = connect(server.base_url)
        for changed in ({"key": "../../v1/sales"}, {"member_id": "a/b"}):
            with pytest.raises(ValueError, match="not a correction"):
                backend.adjust(replace(correction(), **changed))
        assert server.requests == []
