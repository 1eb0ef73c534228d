"""Square Loyalty in miniature: one seller's program behind the part of Square's interface a till uses."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from decimal import Decimal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cashier_app.paths import resources
from cashier_app.testing.people import Books, Person, demo_people
from cashier_app.testing.stand_ins.base import StandIn
from cashier_app.testing.stand_ins.square_books import (
    Body,
    RuleBrokenError,
    SquareShop,
    Whims,
    account_body,
    customer_body,
    event_body,
    now_text,
    reward_body,
)

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CATEGORIES = {401: "AUTHENTICATION_ERROR", 403: "AUTHENTICATION_ERROR", 429: "RATE_LIMIT_ERROR"}
_CODES = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    408: "REQUEST_TIMEOUT",
    409: "CONFLICT",
    429: "RATE_LIMITED",
    502: "BAD_GATEWAY",
    503: "SERVICE_UNAVAILABLE",
    504: "GATEWAY_TIMEOUT",
}
_MOST = 30

Handler = Callable[[Request, Body], Body]


class SquareStandIn(StandIn):
    """Accounts, rewards, events and customers; enough of catalogue, orders and locations."""

    kind = "square"
    document = resources() / "openapi" / "vendors" / "square" / "openapi.json"
    secret_names = ("access token",)
    settings: Mapping[str, object] = {"location": SquareShop.location}
    currency = "USD"

    def routes(self) -> list[BaseRoute]:
        """Return the part of Square's interface a till uses."""
        loyalty = "/v2/loyalty"
        table: list[tuple[str, str, Handler]] = [
            ("GET", f"{loyalty}/programs/{{id}}", self._program),
            ("GET", f"{loyalty}/programs/{{id}}/promotions", self._promotions),
            ("POST", f"{loyalty}/accounts", self._create_account),
            ("POST", f"{loyalty}/accounts/search", self._search_accounts),
            ("GET", f"{loyalty}/accounts/{{id}}", self._account),
            ("POST", f"{loyalty}/accounts/{{id}}/accumulate", self._accumulate),
            ("POST", f"{loyalty}/accounts/{{id}}/adjust", self._adjust),
            ("POST", f"{loyalty}/rewards", self._create_reward),
            ("POST", f"{loyalty}/rewards/search", self._search_rewards),
            ("GET", f"{loyalty}/rewards/{{id}}", self._reward),
            ("DELETE", f"{loyalty}/rewards/{{id}}", self._delete_reward),
            ("POST", f"{loyalty}/rewards/{{id}}/redeem", self._redeem),
            ("POST", f"{loyalty}/events/search", self._search_events),
            ("POST", "/v2/customers/search", self._search_customers),
            ("GET", "/v2/customers/{id}", self._customer),
            ("PUT", "/v2/customers/{id}", self._update_customer),
            ("GET", "/v2/catalog/object/{id}", self._catalogue),
            ("POST", "/v2/orders/calculate", self._calculate),
            ("GET", "/v2/locations", self._locations),
        ]
        return [Route(path, self._guarded(handler), methods=[method]) for method, path, handler in table]

    def reset(self) -> None:
        """Begin again with a program and nobody in it."""
        self.whims = Whims()
        self.shop = SquareShop(self.currency, self.whims)
        self.spelling: Callable[[Body], Body] = lambda body: body

    def add_member(self, person: Person) -> str:
        """Put a member into the books; a card's number or a pass's text is the customer's reference."""
        phone = person.phone or f"+1202555{len(self.shop.accounts):04d}"
        account = self.shop.enrol(phone, now_text())
        account.balance = int(person.points)
        customer = self.shop.customers[account.customer_id]
        given, _, family = person.name.rpartition(" ")
        customer.given_name, customer.family_name = given or family, family if given else ""
        customer.email_address = person.email
        customer.reference_id = person.number or person.wallet_code
        customer.searchable = True
        return account.id

    def seed(self) -> None:
        """Put the demo shop's people into the books; Square keeps one account for a phone number."""
        taken: set[str] = set()
        for person in demo_people():
            if person.phone not in taken:
                self.add_member(person)
                taken.add(person.phone)

    def switch(self, name: str, value: str) -> None:
        """Turn a whim on or off; see `Whims`."""
        if getattr(self.whims, name, None) not in {True, False}:
            raise ValueError("there is no such whim")
        setattr(self.whims, name, value == "on")

    def books(self, member_id: str) -> Books:
        """Return what the books say."""
        events = [one for one in self.shop.events if one.account_id == member_id]
        rewards = [one for one in self.shop.rewards.values() if one.account_id == member_id]
        return Books(
            spendable=Decimal(self.shop.accounts[member_id].balance),
            held=Decimal(sum(one.points for one in rewards if one.status == "ISSUED")),
            moves=len(events),
            sales=sum(one.type == "ACCUMULATE_POINTS" for one in events),
        )

    def use_points(self, member_id: str, points: str) -> None:
        """Take points away as another till would."""
        self.shop.accounts[member_id].balance -= int(points)

    def settle(self) -> None:
        """Let changed profiles be found."""
        for customer in self.shop.customers.values():
            customer.searchable = True

    def is_write(self, method: str, path: str) -> bool:
        """Say whether a request changes something: searching and reckoning do not."""
        return method != "GET" and not path.endswith(("/search", "/calculate"))

    def error_body(self, status: int) -> bytes:
        """Return errors as Square writes them."""
        return _errors(status, _CODES.get(status, "INTERNAL_SERVER_ERROR"), "staged")

    def _guarded(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            raw = await request.body()
            try:
                self._admit(request)
                body = json.loads(raw) if raw else {}
                answered = self.spelling(self._once(handler, request, body))
                return Response(msgspec.json.encode(answered), media_type="application/json")
            except RuleBrokenError as no:
                text = _errors(no.status, no.code, no.detail, no.at)
                return Response(text, no.status, media_type="application/json")

        return answer

    def _admit(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self.secrets['access token']}":
            raise RuleBrokenError(401, "UNAUTHORIZED", "This request could not be authorized.")
        if not _VERSION.fullmatch(request.headers.get("square-version", "")):
            raise RuleBrokenError(400, "INVALID_SQUARE_VERSION_FORMAT", "Square-Version is missing.")
        if self.is_write(request.method, request.url.path) and self.whims.first_codes:
            raise RuleBrokenError(*self.whims.first_codes.pop(0), "staged")

    def _once(self, handler: Handler, request: Request, body: Body) -> Body:
        """Answer a key seen before as then; the same key for something else is a mistake of the sender."""
        key = body.get("idempotency_key", "")
        asked = f"{request.method} {request.url.path} {json.dumps(body, sort_keys=True)}"
        known = self.shop.keys.get(key) if key and not self.whims.keys_are_forgotten else None
        if known is not None:
            if known[0] != asked:
                raise RuleBrokenError(
                    400, "IDEMPOTENCY_KEY_REUSED", "The key was used before.", "idempotency_key"
                )
            return known[1]
        answered = handler(request, body)
        if key:
            self.shop.keys[key] = (asked, answered)
        return answered

    # Program, catalogue, orders
    def _program(self, request: Request, _: Body) -> Body:
        if request.path_params["id"] not in {"main", self.shop.program_id}:
            raise RuleBrokenError(404, "NOT_FOUND", "Loyalty program not found.")
        if self.whims.program_error is not None:
            raise RuleBrokenError(*self.whims.program_error, "staged")
        return {"program": self.shop.program()}

    def _promotions(self, _: Request, __: Body) -> Body:
        return _listed(loyalty_promotions=self.shop.promotions)

    def _catalogue(self, request: Request, _: Body) -> Body:
        return self.shop.catalogue(request.path_params["id"])

    def _calculate(self, _: Request, body: Body) -> Body:
        tiers = [one["reward_tier_id"] for one in body.get("proposed_rewards", [])]
        return {"order": self.shop.reckoned(body["order"], tiers)}

    def _locations(self, _: Request, __: Body) -> Body:
        here = {"id": self.shop.location, "name": "Corner Shop", "timezone": "America/New_York"}
        return {"locations": [here | {"currency": self.currency, "status": "ACTIVE"}]}

    # Accounts and customers
    def _create_account(self, _: Request, body: Body) -> Body:
        asked = body["loyalty_account"]
        phone = _phone((asked.get("mapping") or {}).get("phone_number"))
        if asked["program_id"] != self.shop.program_id:
            raise RuleBrokenError(404, "NOT_FOUND", "Loyalty program not found.")
        account = self.shop.enrol(phone, asked.get("enrolled_at") or now_text())
        return {"loyalty_account": account_body(account, self.shop.program_id)}

    def _search_accounts(self, _: Request, body: Body) -> Body:
        query = body.get("query", {})
        mappings, customers = query.get("mappings") or [], query.get("customer_ids") or []
        if mappings and customers:
            raise RuleBrokenError(400, "CONFLICTING_PARAMETERS", "Either mappings or customer_ids.")
        if max(len(mappings), len(customers)) > _MOST:
            raise RuleBrokenError(400, "ARRAY_LENGTH_TOO_LONG", "At most 30.")
        phones = {_phone(one.get("phone_number")) for one in mappings}
        if self.whims.blind_searches > 0:
            self.whims.blind_searches -= 1
            return {}
        found = [
            account_body(one, self.shop.program_id)
            for one in self.shop.accounts.values()
            if one.phone in phones or one.customer_id in customers
        ]
        return _listed(loyalty_accounts=found[: body.get("limit", _MOST)])

    def _account(self, request: Request, _: Body) -> Body:
        account = self.shop.account(request.path_params["id"])
        return {"loyalty_account": account_body(account, self.shop.program_id)}

    def _customer(self, request: Request, _: Body) -> Body:
        customer = self.shop.customers.get(request.path_params["id"])
        if customer is None:
            raise RuleBrokenError(404, "NOT_FOUND", "Customer not found.")
        return {"customer": customer_body(customer)}

    def _update_customer(self, request: Request, body: Body) -> Body:
        customer = self.shop.customers.get(request.path_params["id"])
        if customer is None:
            raise RuleBrokenError(404, "NOT_FOUND", "Customer not found.")
        email = body.get("email_address")
        if email and not _EMAIL.fullmatch(email):
            raise RuleBrokenError(400, "INVALID_EMAIL_ADDRESS", "Not an e-mail address.", "email_address")
        for name, value in body.items():
            if len(value) > 255:
                raise RuleBrokenError(400, "VALUE_TOO_LONG", "Too long.", name)
            setattr(customer, name, value)
        customer.searchable = False
        return {"customer": customer_body(customer)}

    def _search_customers(self, _: Request, body: Body) -> Body:
        wanted = (body.get("query") or {}).get("filter") or {}
        names = ("email_address", "phone_number", "reference_id")
        asked = {name: wanted[name]["exact"] for name in names if name in wanted}
        found = [
            customer_body(one)
            for one in self.shop.customers.values()
            if one.searchable and all(getattr(one, name) == text for name, text in asked.items())
        ]
        return _listed(customers=found[: body.get("limit", 100)])

    # Points
    def _create_reward(self, _: Request, body: Body) -> Body:
        asked = body["reward"]
        reward = self.shop.take_out(asked["loyalty_account_id"], asked["reward_tier_id"])
        return {"reward": reward_body(reward)}

    def _search_rewards(self, _: Request, body: Body) -> Body:
        query = body.get("query") or {}
        found = [
            reward_body(one)
            for one in sorted(self.shop.rewards.values(), key=lambda one: one.updated_at, reverse=True)
            if query.get("loyalty_account_id", one.account_id) == one.account_id
            and query.get("status", one.status) == one.status
        ]
        return _paged("rewards", found, body)

    def _reward(self, request: Request, _: Body) -> Body:
        return {"reward": reward_body(self.shop.reward(request.path_params["id"]))}

    def _delete_reward(self, request: Request, _: Body) -> Body:
        self.shop.give_up(request.path_params["id"])
        return {}

    def _redeem(self, request: Request, body: Body) -> Body:
        return {"event": event_body(self.shop.redeem(request.path_params["id"], body["location_id"]))}

    def _accumulate(self, request: Request, body: Body) -> Body:
        points = body["accumulate_points"].get("points")
        if points is None:
            raise RuleBrokenError(400, "MISSING_REQUIRED_PARAMETER", "Points or an order.", "points")
        event = self.shop.accumulate(request.path_params["id"], points, body["location_id"])
        return {"events": [event_body(event)]}

    def _adjust(self, request: Request, body: Body) -> Body:
        asked = body["adjust_points"]
        below_zero = bool(body.get("allow_negative_balance"))
        event = self.shop.adjust(
            request.path_params["id"], asked["points"], asked.get("reason"), below_zero=below_zero
        )
        return {"event": event_body(event)}

    def _search_events(self, _: Request, body: Body) -> Body:
        wanted = (body.get("query") or {}).get("filter") or {}
        account = (wanted.get("loyalty_account_filter") or {}).get("loyalty_account_id")
        kinds = (wanted.get("type_filter") or {}).get("types")
        since = ((wanted.get("date_time_filter") or {}).get("created_at") or {}).get("start_at", "")
        found = [
            event_body(one)
            for one in reversed(self.shop.events)
            if account in {None, one.account_id}
            and (not kinds or one.type in kinds)
            and one.created_at >= since
        ]
        return _paged("events", found, body)


def _phone(text: str | None) -> str:
    if not text:
        raise RuleBrokenError(400, "MISSING_REQUIRED_PARAMETER", "A phone number is needed.", "phone_number")
    if not _E164.fullmatch(text):
        raise RuleBrokenError(400, "INVALID_PHONE_NUMBER", "Not a phone number in E.164.", "phone_number")
    return text


def _listed(**lists: Iterable[Body]) -> Body:
    """Return lists as Square writes them: empty ones are left out."""
    return {name: rows for name, rows in lists.items() if rows}


def _paged(name: str, rows: list[Body], body: Body) -> Body:
    start, limit = int(body.get("cursor") or 0), body.get("limit", _MOST)
    more = {"cursor": str(start + limit)} if start + limit < len(rows) else {}
    return _listed(**{name: rows[start : start + limit]}) | more


def _errors(status: int, code: str, detail: str, at: str = "") -> bytes:
    category = _CATEGORIES.get(status, "API_ERROR" if status >= 500 else "INVALID_REQUEST_ERROR")
    if code == "MERCHANT_SUBSCRIPTION_NOT_FOUND":
        category = "MERCHANT_SUBSCRIPTION_ERROR"
    error = {"category": category, "code": code, "detail": detail} | ({"field": at} if at else {})
    return msgspec.json.encode({"errors": [error]})
