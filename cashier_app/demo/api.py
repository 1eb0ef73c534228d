"""The loyalty contract over HTTP: requests checked, answered from the ledger. See `loyalty-backend.yaml`."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import TypeVar

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from cashier_app.demo import answers
from cashier_app.demo.booking import NO_SUCH_MEMBER, Bookings, too_old
from cashier_app.demo.codes import Stale
from cashier_app.demo.faults import ADMIN_PATH, HEALTH_PATH, FaultPlan, Faults
from cashier_app.demo.ledger import (
    Declined,
    Document,
    Done,
    Ledger,
    Replayed,
    Write,
    Written,
    fingerprint,
    stamp,
)
from cashier_app.demo.messages import (
    KEY_PATTERN,
    AdjustBody,
    EnrolBody,
    FindBody,
    QuoteBody,
    RefundBody,
    ReserveBody,
    SaleBody,
    SettleBody,
)
from cashier_app.demo.messages import Request as Body
from cashier_app.demo.shop import MemberRow
from cashier_app.documents.program_document import program_value
from cashier_app.domain.quote import Quote
from cashier_app.ports.credentials import Secret
from cashier_app.strict_json import MalformedJsonError, load_strictly

MAX_BODY = 64 * 1024
MAX_ETAG = 200
EPOCH = datetime.fromtimestamp(0, UTC)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SALE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_KEY = re.compile(KEY_PATTERN)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LAPSED_A_PAGE = 500
_TITLES = {
    400: "Malformed request", 401: "Not signed in", 404: "Not found", 405: "No such method", 409: "Refused",
    410: "Too old", 413: "Too large", 415: "Not JSON", 422: "Invalid request",
}  # fmt: skip

AnyBody = TypeVar("AnyBody", bound=Body)


class _Problem(Exception):  # noqa: N818 - an answer on its way out, the framework's way of ending a request
    def __init__(self, status: int, code: str, detail: str, more: Document | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.document: Document = {
            "title": _TITLES.get(status, "Refused"),
            "status": status,
            "code": code,
            "detail": detail[:200],
        } | (more or {})


class LoyaltyApi:
    """The routes of the contract over one ledger."""

    def __init__(
        self, ledger: Ledger, bookings: Bookings, token: Secret, faults: Faults, *, staged: bool
    ) -> None:
        self._ledger = ledger
        self._bookings = bookings
        self._token = token
        self._faults = faults
        program = msgspec.json.encode(program_value(bookings.shop.program))
        self._program, self._etag = program, f'"{hashlib.sha256(program).hexdigest()[:16]}"'
        routes = [
            Route(HEALTH_PATH, self._health, methods=["GET"]),
            Route("/v1/program", self._read_program, methods=["GET"]),
            Route("/v1/members/find", self._find, methods=["POST"]),
            Route("/v1/members", self._enrol, methods=["POST"]),
            Route("/v1/members/{member_id}/account", self._account, methods=["GET"]),
            Route("/v1/quotes", self._quote, methods=["POST"]),
            Route("/v1/adjustments", self._adjust, methods=["POST"]),
            Route("/v1/reservations", self._reservations, methods=["GET", "POST"]),
            Route("/v1/reservations/{reservation_id}/capture", self._capture, methods=["POST"]),
            Route("/v1/reservations/{reservation_id}/release", self._release, methods=["POST"]),
            Route("/v1/sales", self._sale, methods=["POST"]),
            Route("/v1/refunds", self._refund, methods=["POST"]),
            Route("/v1/effects/{key}", self._effect, methods=["GET"]),
            Route("/v1/ledger", self._movements, methods=["GET"]),
            Route("/v1/lapsed", self._lapsed, methods=["GET"]),
        ]
        if staged:
            routes.append(Route(ADMIN_PATH, self._stage, methods=["POST"]))
        handlers: dict[int | type[Exception], Callable[[Request, Exception], Awaitable[Response]]]
        handlers = {_Problem: _answer_problem, HTTPException: _answer_http}
        self._app = Starlette(routes=routes, exception_handlers=handlers)
        self._app.router.redirect_slashes = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; only the health check answers strangers."""
        app: ASGIApp = self._app
        if scope["type"] == "http" and scope["path"] != HEALTH_PATH and not self._is_signed_in(scope):
            problem = _Problem(401, "not_signed_in", "a bearer token is needed")
            app = _json(problem.document, 401, {"WWW-Authenticate": "Bearer"})
        # A client that goes away in the middle of its request was not served, and nothing is wrong here.
        with suppress(ClientDisconnect):
            await app(scope, receive, send)

    def _is_signed_in(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        wanted = f"Bearer {self._token.reveal()}".encode()
        return len(given) == 1 and hmac.compare_digest(given[0], wanted)

    async def _health(self, _: Request) -> Response:
        return _json({"status": "ok"})

    async def _read_program(self, request: Request) -> Response:
        headers = {"ETag": self._etag}
        known = request.headers.get("if-none-match", "")
        if len(known) > MAX_ETAG:
            raise _Problem(422, "invalid", f"If-None-Match is at most {MAX_ETAG} characters")
        if known == self._etag:
            return Response(status_code=304, headers=headers)
        return Response(self._program, headers=headers, media_type="application/json")

    async def _find(self, request: Request) -> Response:
        body, _ = await _read(request, FindBody)
        ways = {"wallet": body.wallet_token, "phone": body.phone, "number": body.member_number}
        given = [f"{kind}:{value}" for kind, value in ways.items() if value is not None]
        if len(given) != 1:
            raise _Problem(422, "invalid", "give exactly one of wallet_token, phone, member_number")
        found = self._bookings.identify(given[0], self._ledger.clock.now())
        if isinstance(found, Stale):
            raise self._problem(too_old(found, self._bookings.shop))
        if not found:
            raise self._problem(NO_SUCH_MEMBER)
        return _json({"found": [self._member_and_account(row) for row in found]})

    async def _account(self, request: Request) -> Response:
        member_id = _part(request, "member_id", _ID)
        row = self._ledger.member(member_id)
        if row is None:
            raise self._problem(NO_SUCH_MEMBER)
        return _json(self._member_and_account(row))

    async def _quote(self, request: Request) -> Response:
        body, _ = await _read(request, QuoteBody)
        answer = self._bookings.quote(body)
        if isinstance(answer, Quote):
            return _json(answers.quoted(answer))
        raise self._problem(answer)

    async def _reservations(self, request: Request) -> Response:
        if request.method == "POST":
            return await self._reserve(request)
        scale = self._bookings.shop.program.point_scale
        return _json({"open": [answers.held(row, scale) for row in self._ledger.open_reservations()]})

    async def _reserve(self, request: Request) -> Response:
        body, write = await self._write(request, ReserveBody, "reserve")
        return self._written(write, self._bookings.reserve(write, body))

    async def _capture(self, request: Request) -> Response:
        reservation_id = _part(request, "reservation_id", _ID)
        body, write = await self._write(request, SettleBody, "capture")
        return self._written(write, self._bookings.capture(write, reservation_id, body))

    async def _release(self, request: Request) -> Response:
        reservation_id = _part(request, "reservation_id", _ID)
        body, write = await self._write(request, SettleBody, "release")
        return self._written(write, self._bookings.release(write, reservation_id, body))

    async def _sale(self, request: Request) -> Response:
        body, write = await self._write(request, SaleBody, "sale")
        if (body.member_id is None) == (body.identified_by is None):
            raise _Problem(422, "invalid", "name the member by exactly one of member_id, identified_by")
        return self._written(write, self._bookings.sale(write, body))

    async def _refund(self, request: Request) -> Response:
        body, write = await self._write(request, RefundBody, "refund")
        return self._written(write, self._bookings.refund(write, body))

    async def _enrol(self, request: Request) -> Response:
        body, write = await self._write(request, EnrolBody, "enrol")
        return self._written(write, self._bookings.enrol(write, body), status=201)

    async def _adjust(self, request: Request) -> Response:
        body, write = await self._write(request, AdjustBody, "adjust")
        return self._written(write, self._bookings.adjust(write, body))

    async def _effect(self, request: Request) -> Response:
        key = _part(request, "key", _KEY)
        answer = self._ledger.find_effect(key)
        if answer is None:
            raise _Problem(404, "no_such_effect", "nothing took hold under this key", {"key": key})
        return _json(answer)

    async def _movements(self, request: Request) -> Response:
        sale_ids = request.query_params.getlist("sale_id")
        if (
            list(request.query_params) != ["sale_id"]
            or len(sale_ids) != 1
            or not _SALE_ID.fullmatch(sale_ids[0])
        ):
            raise _Problem(422, "invalid", "give one sale_id and nothing else")
        program = self._bookings.shop.program
        rows = [
            answers.movement(row, program.point_scale, program.currency)
            for row in self._ledger.movements(sale_id=sale_ids[0])
        ]
        return _json({"sale_id": sale_ids[0], "movements": rows})

    async def _lapsed(self, request: Request) -> Response:
        after, since = _page(request)
        page = self._ledger.lapsed(after, since, LAPSED_A_PAGE)
        if page is None:
            raise _Problem(409, "not_allowed", "these books do not know where this page begins")
        rows, end = page
        scale = self._bookings.shop.program.point_scale
        return _json(
            {
                "lapsed": [answers.lapsed(row, scale) for row in rows],
                "after": str(end),
                "more": len(rows) == LAPSED_A_PAGE,
            }
        )

    async def _stage(self, request: Request) -> Response:
        try:
            plan = msgspec.convert(load_strictly(await _bytes(request)), FaultPlan)
        except (MalformedJsonError, msgspec.ValidationError) as error:
            raise _Problem(422, "invalid", str(error)) from error
        self._faults.stage(plan)
        return _json(msgspec.to_builtins(plan))

    async def _write(self, request: Request, kind: type[AnyBody], effect: str) -> tuple[AnyBody, Write]:
        """Return a write's body and key, the key checked against sale and effect."""
        keys = request.headers.getlist("idempotency-key")
        if len(keys) != 1 or not _KEY.fullmatch(keys[0]):
            raise _Problem(422, "invalid", "Idempotency-Key must be <sale id>-<effect>-<n>, given once")
        body, value = await _read(request, kind)
        sale_id = str(getattr(body, "sale_id", ""))
        if keys[0].rpartition("-")[0] != f"{sale_id}-{effect}":
            raise _Problem(409, "wrong_key", "the key belongs to another sale or effect", {"key": keys[0]})
        canonical = msgspec.json.encode(value, order="deterministic")
        return body, Write(keys[0], effect, sale_id, fingerprint(request.url.path.encode(), canonical))

    def _written(self, write: Write, written: Written, status: int = 200) -> Response:
        match written:
            case Done(answer):
                return _json(answer, status)
            case Replayed(answer):
                return _json(answer, status, {"Idempotency-Replayed": "true"})
            case Declined():
                raise self._problem(written, write)

    def _problem(self, declined: Declined, write: Write | None = None) -> _Problem:
        more = dict(declined.more or {})
        if write is not None:
            more |= {"key": write.key, "sale_id": write.sale_id}
        row = self._ledger.member(declined.member_id) if declined.member_id else None
        if row is not None:
            more["account"] = self._member_and_account(row)["account"]
        return _Problem(declined.status, declined.code, declined.detail, more)

    def _member_and_account(self, row: MemberRow) -> Document:
        shop, now = self._bookings.shop, self._ledger.clock.now()
        known = self._bookings.records.account(row, now)
        return answers.member_and_account(row, known, shop.program, shop.local(now).date())


async def _read(request: Request, kind: type[AnyBody]) -> tuple[AnyBody, object]:
    """Return a checked body, and the plain value it was read from."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise _Problem(415, "not_json", "send application/json")
    try:
        value = load_strictly(await _bytes(request))
    except MalformedJsonError as error:
        raise _Problem(400, "malformed", str(error)) from error
    if _has_null(value):
        raise _Problem(422, "invalid", "what is not known is left out, never null")
    try:
        body = msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _Problem(422, "invalid", str(error)) from error
    try:
        stamp(getattr(body, "at", EPOCH))
    except OverflowError as error:
        raise _Problem(409, "not_allowed", "a time beyond the calendar") from error
    return body, value


def _has_null(value: object) -> bool:
    if isinstance(value, dict):
        return any(_has_null(one) for one in value.values())
    return value is None


async def _bytes(request: Request) -> bytes:
    """Return the body, refusing more than 64 KiB before it is all here."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise _Problem(413, "too_large", "a request is at most 64 KiB")
    return bytes(body)


def _part(request: Request, name: str, pattern: re.Pattern[str]) -> str:
    value = str(request.path_params[name])
    if not pattern.fullmatch(value):
        raise _Problem(422, "invalid", f"{name} is not of the right form")
    return value


def _page(request: Request) -> tuple[str | None, str]:
    """Return what a page of the books begins behind, None for the beginning, and from which day on."""
    given = request.query_params
    after, since = given.get("after"), given.get("since")
    if set(given) - {"after", "since"} or any(len(given.getlist(name)) > 1 for name in given):
        raise _Problem(422, "invalid", "give after and since at most once, and nothing else")
    if after is not None and not _ID.fullmatch(after):
        raise _Problem(422, "invalid", "after is not of the right form")
    if since is not None and not _is_day(since):
        raise _Problem(422, "invalid", "since is a day such as 2026-11-21")
    return after, since or ""


def _is_day(text: str) -> bool:
    try:
        return _DAY.fullmatch(text) is not None and date.fromisoformat(text) is not None
    except ValueError:
        return False


async def _answer_problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, _Problem)  # noqa: S101 - registered for nothing else
    return _json(error.document, error.status)


async def _answer_http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    code = {404: "no_such_path", 405: "no_such_method"}.get(error.status_code, "refused")
    return _json(_Problem(error.status_code, code, error.detail).document, error.status_code, error.headers)


def _json(document: object, status: int = 200, headers: object = None) -> Response:
    media_type = "application/json" if status < 400 else "application/problem+json"
    return Response(msgspec.json.encode(document), status, headers, media_type=media_type)  # type: ignore[arg-type]
