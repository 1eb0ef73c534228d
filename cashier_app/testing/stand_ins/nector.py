"""Nector in miniature: leads, coins and credits, the merchant API, and both checkout webhooks.

The merchant API is checked against the vendor's document. The webhooks stand in no document: their requests
are read by strict types. What the vendor does not publish can be switched, see `SWITCHES`.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import msgspec
import phonenumbers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from cashier_app.backends.nector.identity import Identities, Named
from cashier_app.backends.nector.kind import NectorSettings
from cashier_app.paths import resources
from cashier_app.ports.credentials import Secret
from cashier_app.testing.people import Books, Person
from cashier_app.testing.stand_ins.base import StandIn
from cashier_app.testing.stand_ins.nector_books import (
    CALLS_A_MINUTE,
    SWITCHES,
    Ask,
    Customer,
    Rule,
    is_uuid4,
    item,
    no,
    ok,
    without_owner,
)
from cashier_app.testing.stand_ins.read_twice import again_given, body_of

API = "/api/v2/merchant"
WEBHOOKS = "/api/open/integrations/"
WORKSPACE = "5d0a2c0e-7b1f-4c55-9d7e-2f6f3a1b9c04"


class NectorStandIn(StandIn):
    """A workspace at Nector."""

    kind = "nector"
    document = resources() / "openapi" / "vendors" / "nector" / "openapi.json"
    prefix = API
    undocumented = (WEBHOOKS,)
    secret_names = ("api key", "webhook id")
    settings: Mapping[str, object] = {"workspace": WORKSPACE, "program": "nector-program.toml"}

    # Books.
    def reset(self) -> None:
        """Begin with nobody, and every switch as at first."""
        self.customers: list[Customer] = []
        self.moves: list[dict[str, Any]] = []
        self.switched = {name: values[0] for name, values in SWITCHES.items()}
        self.rule = Rule()
        self._calls: list[float] = []

    def switch(self, name: str, value: str) -> None:
        """Behave otherwise where the vendor leaves it open."""
        if value not in SWITCHES[name]:
            raise ValueError(value)
        self.switched[name] = value

    def add_member(self, person: Person) -> str:
        """Put a customer into the books."""
        number = f"custom_website-{person.number}" if person.number else f"shopify-{uuid4().int % 10**13}"
        customer = Customer(
            name=person.name,
            customer_id=number,
            mobile=self._mobile(person.phone),
            email=person.email,
            referral_code=person.wallet_code,
            coins=person.points,
        )
        self.customers.append(customer)
        return self._member_id(customer)

    def books(self, member_id: str) -> Books:
        """Return what the ledger says."""
        customer = self._member(member_id)
        moves = [one for one in self.moves if one["lead_id"] == customer.lead_id]
        sales = sum(one["title"].startswith("Purchase at") for one in moves)
        return Books(spendable=customer.coins, held=Decimal(0), moves=len(moves), sales=sales)

    def use_points(self, member_id: str, points: str) -> None:
        """Take coins away as another till would."""
        self._member(member_id).coins -= Decimal(points)

    def is_write(self, method: str, path: str) -> bool:
        """Say whether a request changes something; of a webhook's, its path here says what it asks."""
        return method not in {"GET", "HEAD"} and not path.endswith("/list")

    def error_body(self, status: int) -> bytes:
        """Return Nector's envelope."""
        return msgspec.json.encode({"meta": {"code": status}, "data": {"message": "Staged"}})

    def routes(self) -> list[BaseRoute]:
        """Return both ways in."""
        return [
            Route(f"{API}/leads", self._guarded(self._enrol), methods=["POST"]),
            Route(f"{API}/leads/{{id}}", self._guarded(self._lead)),
            Route(f"{API}/wallettransactions", self._guarded(self._move), methods=["POST"]),
            Route(f"{API}/wallettransactions", self._guarded(self._list_moves)),
            Route(f"{WEBHOOKS}{{place}}/{{webhook_id}}/{{action}}", self._webhook, methods=["POST"]),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. What a webhook is asked for is put behind its path, where faults see it."""
        if scope["type"] != "http" or not scope["path"].startswith(WEBHOOKS):
            await super().__call__(scope, receive, send)
            return
        body = await body_of(receive)
        try:
            action = json.loads(body)["action"]
        except (ValueError, TypeError, KeyError):
            action = "unreadable"
        path = f"{scope['path']}/{action}"
        await super().__call__(
            {**scope, "path": path, "raw_path": path.encode()}, again_given(body, receive), send
        )

    # The merchant API.
    def _guarded(
        self, answer: Callable[[Request, dict[str, Any]], Response]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            if request.headers.get("x-apikey") != self.secrets["api key"]:
                return no(401, "Invalid api key")
            if request.headers.get("x-workspaceid") != WORKSPACE:
                return no(403, "Invalid workspace")
            if request.headers.get("x-source") not in {"mobile", "unix", "web"}:
                return self._defect(request, "x-source")
            if self._over_the_limit():
                return no(429, "Too many requests")
            if request.method != "GET" and self.switched["key"] != "full":
                return no(403, "This call needs an api key with write access")
            body = await request.body()
            return answer(request, json.loads(body, parse_float=Decimal) if body else {})

        return guarded

    def _over_the_limit(self) -> bool:
        now = time.monotonic()
        self._calls = [at for at in self._calls if now - at < 60] + [now]
        return self.switched["limit"] == "on" and len(self._calls) > CALLS_A_MINUTE

    def _lead(self, request: Request, _: dict[str, Any]) -> Response:
        if not is_uuid4(request.path_params["id"]):
            return self._defect(request, "id must be a valid uuidv4")
        for name in ("customer_id", "referral_code", "email", "mobile"):
            wanted = request.query_params.get(name)
            if wanted is not None:
                return self._told([one for one in self.customers if wanted and getattr(one, name) == wanted])
        return self._told([one for one in self.customers if one.lead_id == request.path_params["id"]])

    def _told(self, found: list[Customer]) -> Response:
        if not found:
            return no(422, "Lead does not exists")
        return item(self._shown(found[0]))

    def _shown(self, one: Customer) -> dict[str, Any]:
        coins = self._figure(one.coins)
        told = {
            "_id": one.lead_id,
            "customer_id": one.customer_id,
            "name": one.name,
            "mobile": f"{one.mobile[:2]}******{one.mobile[-2:]}" if one.mobile else None,
            "email": f"{one.email[:2]}***@{one.email.partition('@')[2]}" if one.email else None,
            "tier": one.tier,
            "available": coins,
            "wallet": {"available": coins},
            "creditwallet": {"available": self._figure(one.credits)},
        }
        if self.switched["key"] == "reduced":
            del told["_id"], told["customer_id"]
        return told

    def _enrol(self, request: Request, body: dict[str, Any]) -> Response:
        details = body.get("metadetail", {})
        customer_id, mobile = body.get("customer_id", ""), details.get("mobile", "")
        country = details.get("country", "")
        if not 8 <= len(customer_id) <= 128 or not 1 <= len(body.get("name", "")) <= 200:
            return self._defect(request, "customer_id and name are required")
        if not mobile and not details.get("email"):
            return self._defect(request, "mobile or email is required")
        if mobile and not (4 <= len(mobile) <= 15 and re.fullmatch("[a-z]{3}", country)):
            return self._defect(request, "country is required with mobile")
        if any(
            one.customer_id == customer_id
            or (mobile and one.mobile == mobile)
            or (details.get("email") and one.email == details["email"])
            for one in self.customers
        ):
            return no(422, "Lead already exists")
        new = Customer(body["name"], customer_id, mobile, details.get("email", ""))
        self.customers.append(new)
        return item(self._shown(new))

    def _move(self, request: Request, body: dict[str, Any]) -> Response:
        owner = next(
            (
                one
                for one in self.customers
                if body.get("lead_id") == one.lead_id or body.get("customer_id") == one.customer_id
            ),
            None,
        )
        amount, operation, mark = Decimal(body["amount"]), body["operation"], body.get("hash", "")
        if amount <= 0 or operation not in {"cr", "dr"} or len(mark) > 64:
            return self._defect(request, "amount, operation or hash")
        if owner is None:
            return no(422, "Lead does not exists")
        if (
            mark
            and self.switched["a known hash again"] == "refused"
            and any(m["hash"] == mark for m in self.moves)
        ):
            return no(422, "A transaction with this hash exists")
        if operation == "dr" and owner.coins < amount and self.switched["overdrawing"] == "refused":
            return no(422, "Insufficient balance")
        return self._written(self._book(owner, operation, amount, body["title"], body["description"], mark))

    def _list_moves(self, request: Request, _: dict[str, Any]) -> Response:
        query = request.query_params
        rows = [one for one in reversed(self.moves) if one["lead_id"] == query["lead_id"]]
        if not any(one.lead_id == query["lead_id"] for one in self.customers):
            return no(422, "Lead does not exists")
        for name in ("hash", "operation"):
            if name in query and not (name == "hash" and self.switched["filter by hash"] == "no"):
                rows = [one for one in rows if one[name] == query[name]]
        limit = int(query.get("limit", "20"))
        page = rows[:limit]
        cursor = {"has_next": len(rows) > limit}
        return ok({"items": [without_owner(one) for one in page], "count": len(page), "cursor": cursor})

    # The webhooks.
    async def _webhook(self, request: Request) -> Response:
        if request.path_params["webhook_id"] != self.secrets["webhook id"]:
            return no(int(self.switched["wrong webhook id"]), "Integration not found")
        if request.path_params["place"] not in {"customcheckoutwebhook", "shiprocketwebhook"}:
            return no(404, "Not found")
        if "x-apikey" in request.headers or request.headers.get("x-source") != "web":
            return self._defect(request, "headers that do not belong here")
        try:
            ask = msgspec.convert(json.loads(await request.body(), parse_float=Decimal), Ask)
        except (ValueError, msgspec.ValidationError) as error:
            return self._defect(request, str(error))
        needs_order = ask.action != "list" and not ask.reference_order_id
        if bool(ask.customer_id) == bool(ask.mobile) or needs_order or bool(ask.country) != bool(ask.mobile):
            return self._defect(request, "customer_id or mobile with country, and reference_order_id")
        customer = next(
            (
                one
                for one in self.customers
                if (ask.mobile and one.mobile == ask.mobile)
                or (ask.customer_id and one.customer_id == ask.customer_id)
            ),
            None,
        )
        if ask.action == "revert":
            return self._revert(ask, customer)
        return self._offered(ask, customer)

    def _offered(self, ask: Ask, customer: Customer | None) -> Response:
        offer = self.rule.offer(Decimal(ask.amount), customer.coins) if customer else None
        if customer is None or offer is None:
            tells = customer is not None and self.switched["refusals tell the balance"] == "yes"
            balance = {"points_balance": self._webhook_balance(customer)} if tells and customer else {}
            return no(422, "No discount is available", balance)
        coins, discount = offer
        if ask.action == "perform":
            return self._perform(ask, customer, coins)
        return ok(
            {
                "points_balance": self._webhook_balance(customer),
                "points_label": "coins",
                "offers": [],
                "promotions": self._promotions(coins, discount),
            }
        )

    def _promotions(self, coins: Decimal, discount: Decimal) -> list[dict[str, Any]]:
        one = {
            "id": str(uuid4()),
            "type": "coins",
            "title": f"Redeem {coins} coins",
            "coin_value": coins,
            "fiat_value": discount,
        }
        match self.switched["offers"]:
            case "two":
                return [one, {**one, "coin_value": coins / 2, "fiat_value": discount / 2}]
            case "of another bill":
                return [{**one, "fiat_value": Decimal(10**6)}]
            case "absurd":
                return [{**one, "coin_value": Decimal("-1e6")}]
        return [one]

    def _perform(self, ask: Ask, customer: Customer, coins: Decimal) -> Response:
        order = ask.reference_order_id
        known = any(one["order"] == order and one["operation"] == "dr" for one in self.moves)
        if known and self.switched["a known order again"] == "refused":
            return no(422, "This order was redeemed already")
        if self.switched["perform takes"] == "twice as much":
            coins *= 2
        return self._written(
            self._book(customer, "dr", coins, "Redeemed at checkout", self._named(order), "", order)
        )

    def _revert(self, ask: Ask, customer: Customer | None) -> Response:
        done = [
            one
            for one in self.moves
            if customer
            and (one["lead_id"], one["order"], one["operation"])
            == (customer.lead_id, ask.reference_order_id, "dr")
        ]
        if customer is None or not done:
            return no(422, "Nothing to revert")
        order = ask.reference_order_id
        return self._written(
            self._book(customer, "cr", done[0]["amount"], "Reverted", self._named(order), "", order)
        )

    def _named(self, order: str) -> str:
        return f"Order {order}" if self.switched["ledger names the order"] == "yes" else "Order"

    def _webhook_balance(self, customer: Customer) -> object:
        more = 500 if self.switched["webhook balance"] == "500 more" else 0
        return self._figure(customer.coins + more)

    def _figure(self, figure: Decimal) -> object:
        return format(figure, "f") if self.switched["figures"] == "text" else figure

    def _book(
        self,
        customer: Customer,
        operation: str,
        amount: Decimal,
        title: str,
        text: str,
        mark: str,
        order: str = "",
    ) -> dict[str, Any]:
        customer.coins += amount if operation == "cr" else -amount
        row = {
            "_id": str(uuid4()),
            "lead_id": customer.lead_id,
            "type": "redeem" if order else "manual",
            "operation": operation,
            "amount": amount,
            "title": title,
            "description": text,
            "hash": mark,
            "order": order,
            "created_at": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        }
        self.moves.append(row)
        return row

    def _written(self, row: dict[str, Any]) -> Response:
        match self.switched["write answers"]:
            case "item":
                return item(without_owner(row))
            case "flat":
                return ok(without_owner(row))
        return ok({"message": "Success"})

    # Who is who.
    def _mobile(self, e164: str) -> str:
        if not e164 or self.switched["phones"] == "plus":
            return e164
        if self.switched["phones"] == "international":
            return e164.removeprefix("+")
        return phonenumbers.national_significant_number(phonenumbers.parse(e164))

    def _ids(self) -> Identities:
        settings = NectorSettings(program="none", workspace=WORKSPACE)
        return Identities(settings, "IN", Secret(self.secrets["webhook id"]))

    def _member_id(self, customer: Customer) -> str:
        match self.switched["member ids"]:
            case "lead":
                return self._ids().member_id(Named(lead_id=customer.lead_id))
            case "customer id":
                return self._ids().member_id(Named(customer_id=customer.customer_id))
        return self._ids().member_id(Named(mobile=customer.mobile))

    def _member(self, member_id: str) -> Customer:
        named = self._ids().named(member_id)
        if named is None:
            raise ValueError("no member id")
        return next(
            one
            for one in self.customers
            if named
            in {Named(lead_id=one.lead_id), Named(customer_id=one.customer_id), Named(mobile=one.mobile)}
        )

    def _defect(self, request: Request, what: str) -> Response:
        """Refuse a request that no till should send, and remember it."""
        self.failures.append(f"{request.method} {request.url.path.rpartition('/')[2]}: {what}")
        return no(400, f"Invalid: {what}")
