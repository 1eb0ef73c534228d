"""The loyalty contract over HTTP: requests checked, answered from the ledger. See `loyalty-backend.yaml`."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from cashier_app.demo import answers
from cashier_app.demo.around_api import PAGES, AroundApi
from cashier_app.demo.booking import Bookings, too_old
from cashier_app.demo.codes import Stale
from cashier_app.demo.faults import ADMIN_PATH, HEALTH_PATH, FaultPlan, Faults
from cashier_app.demo.joining import NO_SUCH_MEMBER
from cashier_app.demo.ledger import Declined, Document, Done, Ledger, Replayed, Write, Written
from cashier_app.demo.messages import (
    AdjustBody,
    FindBody,
    QuoteBody,
    RefundBody,
    ReserveBody,
    SaleBody,
    SettleBody,
)
from cashier_app.demo.reading import (
    ID,
    KEY,
    SALE_ID,
    Problem,
    answer_http,
    answer_problem,
    json_answer,
    page_of,
    part_of,
    read_body,
    read_bytes,
    read_write,
)
from cashier_app.demo.shop import MemberRow
from cashier_app.documents.program_document import program_value
from cashier_app.domain.quote import Quote
from cashier_app.ports.credentials import Secret
from cashier_app.strict_json import MalformedJsonError, load_strictly

MAX_ETAG = 200
LAPSED_A_PAGE = 500


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
        around = AroundApi(ledger, bookings, self._written, self._problem, self._member_and_account)
        routes += around.routes()
        if staged:
            routes.append(Route(ADMIN_PATH, self._stage, methods=["POST"]))
        handlers: dict[int | type[Exception], Callable[[Request, Exception], Awaitable[Response]]]
        handlers = {Problem: answer_problem, HTTPException: answer_http}
        self._app = Starlette(routes=routes, exception_handlers=handlers)
        self._app.router.redirect_slashes = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; strangers get the health check, and pages made for them."""
        app: ASGIApp = self._app
        if scope["type"] == "http" and not _is_open(scope["path"]) and not self._is_signed_in(scope):
            problem = Problem(401, "not_signed_in", "a bearer token is needed")
            app = json_answer(problem.document, 401, {"WWW-Authenticate": "Bearer"})
        # A client that goes away in the middle of its request was not served, and nothing is wrong here.
        with suppress(ClientDisconnect):
            await app(scope, receive, send)

    def _is_signed_in(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        wanted = f"Bearer {self._token.reveal()}".encode()
        return len(given) == 1 and hmac.compare_digest(given[0], wanted)

    async def _health(self, _: Request) -> Response:
        return json_answer({"status": "ok"})

    async def _read_program(self, request: Request) -> Response:
        headers = {"ETag": self._etag}
        known = request.headers.get("if-none-match", "")
        if len(known) > MAX_ETAG:
            raise Problem(422, "invalid", f"If-None-Match is at most {MAX_ETAG} characters")
        if known == self._etag:
            return Response(status_code=304, headers=headers)
        return Response(self._program, headers=headers, media_type="application/json")

    async def _find(self, request: Request) -> Response:
        body, _ = await read_body(request, FindBody)
        ways = {"wallet": body.wallet_token, "phone": body.phone, "number": body.member_number}
        given = [f"{kind}:{value}" for kind, value in ways.items() if value is not None]
        if len(given) != 1:
            raise Problem(422, "invalid", "give exactly one of wallet_token, phone, member_number")
        clock_off = timedelta(seconds=self._faults.plan.code_clock_seconds)
        found = self._bookings.identify(given[0], self._ledger.clock.now() + clock_off)
        if isinstance(found, Stale):
            raise self._problem(too_old(found, self._bookings.shop))
        if not found:
            raise self._problem(NO_SUCH_MEMBER)
        return json_answer({"found": [self._member_and_account(row) for row in found]})

    async def _account(self, request: Request) -> Response:
        member_id = part_of(request, "member_id", ID)
        row = self._ledger.member(member_id)
        if row is None:
            raise self._problem(NO_SUCH_MEMBER)
        return json_answer(self._member_and_account(row))

    async def _quote(self, request: Request) -> Response:
        body, _ = await read_body(request, QuoteBody)
        answer = self._bookings.quote(body)
        if isinstance(answer, Quote):
            return json_answer(answers.quoted(answer))
        raise self._problem(answer)

    async def _reservations(self, request: Request) -> Response:
        if request.method == "POST":
            return await self._reserve(request)
        scale = self._bookings.shop.program.point_scale
        return json_answer({"open": [answers.held(row, scale) for row in self._ledger.open_reservations()]})

    async def _reserve(self, request: Request) -> Response:
        body, write = await read_write(request, ReserveBody, "reserve")
        return self._written(write, self._bookings.reserve(write, body))

    async def _capture(self, request: Request) -> Response:
        reservation_id = part_of(request, "reservation_id", ID)
        body, write = await read_write(request, SettleBody, "capture")
        return self._written(write, self._bookings.capture(write, reservation_id, body))

    async def _release(self, request: Request) -> Response:
        reservation_id = part_of(request, "reservation_id", ID)
        body, write = await read_write(request, SettleBody, "release")
        return self._written(write, self._bookings.release(write, reservation_id, body))

    async def _sale(self, request: Request) -> Response:
        body, write = await read_write(request, SaleBody, "sale")
        if body.member_id is not None and body.identified_by is not None:
            raise Problem(422, "invalid", "name the member by one of member_id, identified_by")
        return self._written(write, self._bookings.sale(write, body))

    async def _refund(self, request: Request) -> Response:
        body, write = await read_write(request, RefundBody, "refund")
        return self._written(write, self._bookings.refund(write, body))

    async def _adjust(self, request: Request) -> Response:
        body, write = await read_write(request, AdjustBody, "adjust")
        return self._written(write, self._bookings.adjust(write, body))

    async def _effect(self, request: Request) -> Response:
        key = part_of(request, "key", KEY)
        answer = self._ledger.find_effect(key)
        if answer is None:
            raise Problem(404, "no_such_effect", "nothing took hold under this key", {"key": key})
        return json_answer(answer)

    async def _movements(self, request: Request) -> Response:
        sale_ids = request.query_params.getlist("sale_id")
        if (
            list(request.query_params) != ["sale_id"]
            or len(sale_ids) != 1
            or not SALE_ID.fullmatch(sale_ids[0])
        ):
            raise Problem(422, "invalid", "give one sale_id and nothing else")
        program = self._bookings.shop.program
        rows = [
            answers.movement(row, program.point_scale, program.currency)
            for row in self._ledger.movements(sale_id=sale_ids[0])
        ]
        return json_answer({"sale_id": sale_ids[0], "movements": rows})

    async def _lapsed(self, request: Request) -> Response:
        after, since = page_of(request)
        page = self._ledger.lapsed(after, since, LAPSED_A_PAGE)
        if page is None:
            raise Problem(409, "not_allowed", "these books do not know where this page begins")
        rows, end = page
        scale = self._bookings.shop.program.point_scale
        return json_answer(
            {
                "lapsed": [answers.lapsed(row, scale) for row in rows],
                "after": str(end),
                "more": len(rows) == LAPSED_A_PAGE,
            }
        )

    async def _stage(self, request: Request) -> Response:
        try:
            plan = msgspec.convert(load_strictly(await read_bytes(request)), FaultPlan)
        except (MalformedJsonError, msgspec.ValidationError) as error:
            raise Problem(422, "invalid", str(error)) from error
        self._faults.stage(plan)
        return json_answer(msgspec.to_builtins(plan))

    def _written(self, write: Write, written: Written, status: int = 200) -> Response:
        match written:
            case Done(answer):
                return json_answer(answer, status)
            case Replayed(answer):
                return json_answer(answer, status, {"Idempotency-Replayed": "true"})
            case Declined():
                raise self._problem(written, write)

    def _problem(self, declined: Declined, write: Write | None = None) -> Problem:
        more = dict(declined.more or {})
        if write is not None:
            more |= {"key": write.key, "sale_id": write.sale_id}
        row = self._ledger.member(declined.member_id) if declined.member_id else None
        if row is not None:
            more["account"] = self._member_and_account(row)["account"]
        return Problem(declined.status, declined.code, declined.detail, more)

    def _member_and_account(self, row: MemberRow) -> Document:
        shop, now = self._bookings.shop, self._ledger.clock.now()
        known = self._bookings.records.account(row, now)
        return answers.member_and_account(row, known, shop.program, shop.local(now).date())


def _is_open(path: str) -> bool:
    """Say whether strangers are answered here."""
    return path == HEALTH_PATH or path.startswith(PAGES)
