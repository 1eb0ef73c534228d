"""Voucherify's legacy loyalty in miniature: one project with one campaign behind the part of v1 a till uses.

As strict as the vendor's text: no idempotency anywhere, so that a repeat is done again; redeemables by code
only; changes of balances and earned points in the background.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from decimal import Decimal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cashier_app.paths import resources
from cashier_app.testing.people import Books, Person, StagedVoucher
from cashier_app.testing.stand_ins.base import StandIn
from cashier_app.testing.stand_ins.voucherify_answers import (
    CAMPAIGN_BODY,
    STACKING_RULES,
    TIERS_ALL,
    card_body,
    earning_rule,
    error_of,
    listed,
    order_body,
    redeemed_voucher,
    reward_body,
    validated_voucher,
)
from cashier_app.testing.stand_ins.voucherify_books import (
    CAMPAIGN,
    COIN,
    COUPON,
    POINTS_RATIO,
    TIERS,
    TOTE,
    TOTE_POINTS,
    Body,
    Card,
    VoucherifyProject,
    Whims,
    ends_at,
    now_text,
)
from cashier_app.testing.stand_ins.voucherify_vouchers import DeclinedError, OwnVoucher

BACKGROUND = timedelta(seconds=5)
"""How long points and balances take by themselves, where nobody says that they shall be settled."""

Handler = Callable[[Request, Body], Body | None]
_ENCODE = msgspec.json.Encoder(decimal_format="number")
_KEYS = {401: "unauthorized", 402: "payment_required", 403: "forbidden", 404: "not_found", 429: "too_many"}


class VoucherifyStandIn(StandIn):
    """Customers, cards, validations, redemptions, orders and balances."""

    kind = "voucherify"
    document = resources() / "openapi" / "vendors" / "voucherify" / "openapi.json"
    secret_names = ("application id", "secret key")
    settings: Mapping[str, object] = {"campaign": CAMPAIGN}

    def routes(self) -> list[BaseRoute]:
        """Return the interface."""
        member = "/v1/loyalties/members/{code}"
        campaign = "/v1/loyalties/{campaign}"
        handlers: dict[tuple[str, str], Handler] = {
            ("GET", "/v1/customers/{name}"): self._customer,
            ("GET", "/v1/customers/{name}/redeemables"): self._redeemables,
            ("DELETE", "/v1/vouchers/{code}/sessions/{key}"): self._release,
            ("POST", "/v1/validations"): self._validate,
            ("POST", "/v1/redemptions"): self._redeem,
            ("POST", "/v1/redemptions/{id}/rollback"): self._roll_back,
            ("POST", "/v1/orders"): lambda _, body: order_body(self.project.put_order(body)),
            ("GET", "/v1/orders/{name}"): self._order,
            ("PUT", "/v1/orders/{name}"): self._change_order,
            ("GET", "/v1/vouchers/{code}"): lambda request, _: self._card_body(
                self.project.card(request.path_params["code"])
            ),
            ("GET", member): lambda request, _: self._card_body(self._card(request)),
            ("POST", f"{member}/balance"): self._balance,
            ("GET", f"{member}/rewards"): self._rewards,
            ("GET", f"{member}/tiers"): self._tiers_of,
            ("GET", f"{member}/transactions"): self._transactions,
            ("POST", f"{campaign}/members"): self._join,
            ("GET", f"{campaign}/tiers"): self._tiers,
            ("GET", f"{campaign}/earning-rules"): self._earning_rules,
            ("GET", campaign): lambda request, _: self._campaign(request),
        }
        return [
            Route(path, self._answering(handler), methods=[method])
            for (method, path), handler in handlers.items()
        ]

    def reset(self) -> None:
        """Begin with nobody."""
        self.whims = Whims()
        self.project = VoucherifyProject(self.whims)

    def add_member(self, person: Person) -> str:
        """Put a customer with a card into the books."""
        source = {"phone": person.phone, "number": person.number, "email": person.email}[
            self.project.source_is
        ]
        told = {"name": person.name, "phone": person.phone, "email": person.email, "source_id": source}
        customer = self.project.add_customer({name: value for name, value in told.items() if value})
        card = self.project.add_card(customer["id"], person.wallet_code, int(person.points))
        card.active = not person.blocked
        return card.id

    def books(self, member_id: str) -> Books:
        """Return what the books say of a card."""
        card = self.project.cards[member_id]
        paid = [
            one
            for one in self.project.orders.values()
            if one.get("customer_id") == card.holder and one["status"] in {"PAID", "CANCELED"}
        ]
        return Books(Decimal(card.free()), Decimal(card.held()), card.moves, len(paid))

    def add_voucher(self, voucher: StagedVoucher) -> None:
        """Put a discount voucher into the books."""
        made = OwnVoucher(
            self.project.next_id("v"), voucher.code, voucher.minor, voucher.least, voucher.expired
        )
        self.project.vouchers[voucher.code] = made

    def settle(self) -> None:
        """Book what happens in the background."""
        self.project.settle()

    def use_points(self, member_id: str, points: str) -> None:
        """Take points away as another till would."""
        self.project.cards[member_id].balance -= int(points)

    def switch(self, name: str, value: str) -> None:
        """Behave otherwise, see `Whims`; or be another project: other money, other names of customers."""
        project = self.project
        match name:
            case "coin per unit":
                self.whims.coin_per_unit = int(value)
            case "next error":
                status, _, key = value.partition(" ")
                self.whims.next_errors.append((int(status), key))
            case "decimals":
                project.per_unit = 10 ** int(value)
            case "exchange ratio":
                project.exchange_ratio = Decimal(value)
            case "customer id":
                project.source_is = value
            case "second card":
                project.add_card(project.cards[value].holder)
            case "other campaign":
                project.cards[value].campaign = "camp_Another0000001"
            case "holds end":
                project.end_holds()
            case _:
                self.whims.turn(name, on=value == "yes")

    def is_write(self, method: str, path: str) -> bool:  # noqa: ARG002 - the base's name
        """Say whether a request changes something; a validation may, by its session."""
        return method != "GET"

    def error_body(self, status: int) -> bytes:
        """Return an error as Voucherify writes it."""
        return _ENCODE.encode(error_of(DeclinedError(status, _KEYS.get(status, "staged"))))

    # Requests.
    def _answering(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                self._check_keys(request)
                self._fail_if_staged(request)
                self.project.settle(BACKGROUND)
                text = await request.body()
                body = handler(request, msgspec.json.decode(text) if text else {})
            except DeclinedError as error:
                return _json(error_of(error), error.status)
            return Response(status_code=204) if body is None else _json(body, 200)

        return answer

    def _fail_if_staged(self, request: Request) -> None:
        if request.method != "GET" and self.whims.next_errors:
            raise DeclinedError(*self.whims.next_errors.pop(0))

    def _check_keys(self, request: Request) -> None:
        given = (request.headers.get("x-app-id"), request.headers.get("x-app-token"))
        if given != (self.secrets["application id"], self.secrets["secret key"]):
            raise DeclinedError(401, "unauthorized", "Invalid keys")

    def _card(self, request: Request) -> Card:
        return self._by_code(request.path_params["code"])

    def _card_body(self, card: Card) -> Body:
        return card_body(card, hides_locks=self.whims.balance_hides_locks)

    def _customer(self, request: Request, _: Body) -> Body:
        return self.project.customer(request.path_params["name"])

    def _redeemables(self, request: Request, _: Body) -> Body:
        customer = self.project.customer(request.path_params["name"])
        return listed(
            [
                {
                    "id": f"rh_{card.id[2:]}",
                    "created_at": now_text(),
                    "redeemable_id": card.id,
                    "redeemable_object": "voucher",
                    "customer_id": card.holder,
                    "holder_role": "OWNER",
                    "campaign_id": card.campaign,
                    "campaign_type": "LOYALTY_PROGRAM",
                    "voucher_type": "LOYALTY_CARD",
                    "redeemable": {"type": "voucher", "voucher": self._card_body(card), "status": "ACTIVE"},
                }
                for card in self.project.cards.values()
                if card.holder == customer["id"]
            ],
            total=False,
        )

    def _release(self, request: Request, _: Body) -> None:
        self.project.release(self._card(request), request.path_params["key"])

    def _validate(self, request: Request, body: Body) -> Body:
        del request
        [asked] = body["redeemables"]
        session = body.get("session") or {}
        told = body.get("order") or {}
        answer: Body = {
            "valid": False,
            "redeemables": [],
            "skipped_redeemables": [],
            "inapplicable_redeemables": [],
            "tracking_id": "track_stand_in",
            "stacking_rules": STACKING_RULES,
        }
        amount = told.get("amount") or 0
        if (voucher := self.project.vouchers.get(asked["id"])) is not None:
            return validated_voucher(voucher, amount, answer)
        try:
            card = self._by_code(asked["id"])
            reward = self.project.reward(card, asked, amount, session.get("key", ""))
        except DeclinedError as error:
            no = {"status": "INAPPLICABLE", "id": asked["id"], "object": "voucher"}
            answer["redeemables"] = [no | {"result": {"error": error_of(error)}}]
            return answer
        order = {
            "amount": amount,
            "discount_amount": reward.discount,
            "total_discount_amount": reward.discount,
            "total_amount": amount - reward.discount,
            "applied_discount_amount": reward.discount,
            "total_applied_discount_amount": reward.discount,
            "customer_id": card.holder,
            "referrer_id": None,
            "object": "order",
        }
        yes = {"status": "APPLICABLE", "id": card.code, "object": "voucher", "order": order, "metadata": {}}
        result = {"loyalty_card": {"points": reward.points}}
        answer |= {"valid": True, "redeemables": [yes | {"result": result}], "order": order}
        if session.get("type") == "LOCK" and self.whims.locks_cards:
            ends = ends_at(session.get("ttl"), session.get("ttl_unit"))
            self.project.lock(card, session["key"], reward.points, ends)
            answer["session"] = session
        return answer

    def _by_code(self, code: str) -> Card:
        card = self.project.card(code)
        if card.code != code:
            raise DeclinedError(404, "not_found", "Cannot find voucher with this code")
        return card

    def _redeem(self, request: Request, body: Body) -> Body:
        del request
        [asked] = body["redeemables"]
        told = body.get("order") or {}
        if "customer" in body:
            told = told | {"customer": body["customer"]}
        if (voucher := self.project.vouchers.get(asked["id"])) is not None:
            return redeemed_voucher(voucher, self.project.use_voucher(voucher, told))
        key = (body.get("session") or {}).get("key", "")
        one = self.project.redeem(self._by_code(asked["id"]), asked, told, key)
        order, card = order_body(one["order"]), one["card"]
        name = "Tote bag" if one["reward"] == TOTE else "Pay with points"
        redemption = {
            "id": one["id"],
            "object": "redemption",
            "date": now_text(),
            "customer_id": card.holder,
            "tracking_id": "track_stand_in",
            "metadata": {},
            "amount": one["points"],
            "redemption": None,
            "result": "SUCCESS",
            "status": "SUCCEEDED",
            "channel": {"channel_id": "stand-in", "channel_type": "API"},
            "order": order,
            "reward": {"id": one["reward"], "name": name, "object": "reward"},
            "related_object_type": "voucher",
            "related_object_id": card.id,
            "voucher": self._card_body(card),
        }
        return {
            "redemptions": [redemption],
            "order": order,
            "inapplicable_redeemables": [],
            "skipped_redeemables": [],
        }

    def _roll_back(self, request: Request, _: Body) -> Body:
        one = self.project.roll_back(request.path_params["id"])
        return {
            "id": one["rollback_id"],
            "object": "redemption_rollback",
            "date": now_text(),
            "customer_id": one["holder"],
            "tracking_id": "track_stand_in",
            "metadata": None,
            "amount": -one["points"],
            "redemption": one["id"],
            "result": "SUCCESS",
            "order": order_body(one["order"]),
        }

    def _order(self, request: Request, _: Body) -> Body:
        return order_body(self.project.order(request.path_params["name"]))

    def _change_order(self, request: Request, body: Body) -> Body:
        order = self.project.order(request.path_params["name"])
        return order_body(self.project.put_order(body | {"source_id": order["source_id"]}))

    def _balance(self, request: Request, body: Body) -> Body:
        card = self._card(request)
        points = body.get("points") or 0
        after = self.project.change(card, points, body.get("source_id"), body.get("reason"))
        return {
            "points": abs(points) if self.whims.removal_answers_positive else points,
            "total": card.ever + max(points, 0),
            "balance": after,
            "type": "loyalty_card",
            "object": "balance",
            "related_object": {"type": "voucher", "id": card.id},
        }

    def _rewards(self, request: Request, _: Body) -> Body:
        self._card(request)
        ratio = {"exchange_ratio": self.project.exchange_ratio, "points_ratio": POINTS_RATIO}
        coupon = {"campaign": {"id": "camp_Coupons00000001", "type": "DISCOUNT_COUPONS"}}
        return listed(
            [
                reward_body(COIN, "Pay with points", "COIN", {"coin": ratio}, None),
                reward_body(TOTE, "Tote bag", "MATERIAL", {"product": {"id": "prod_Tote"}}, TOTE_POINTS),
                reward_body(COUPON, "20% off", "CAMPAIGN", coupon, 100),
            ]
        )

    def _tiers(self, request: Request, _: Body) -> Body:
        self._campaign(request)
        return listed(TIERS_ALL)

    def _tiers_of(self, request: Request, _: Body) -> Body:
        card = self._card(request)
        held = [tier for tier, (_, _, lowest) in zip(TIERS_ALL, TIERS, strict=True) if card.balance >= lowest]
        return listed(held[-1:])

    def _transactions(self, request: Request, _: Body) -> Body:
        rows = self._card(request).movements
        limit = int(request.query_params.get("limit", "10"))
        after = request.query_params.get("starting_after_id")
        start = next((at + 1 for at, row in enumerate(rows) if row["id"] == after), 0)
        page = rows[start : start + limit]
        more = start + limit < len(rows)
        tail = {"has_more": more, "more_starting_after": page[-1]["id"] if more else None}
        return {"object": "list", "data_ref": "data", "data": page, **tail}

    def _join(self, request: Request, body: Body) -> Body:
        self._campaign(request)
        return self._card_body(self.project.add_card(self.project.add_customer(body["customer"])["id"]))

    def _campaign(self, request: Request) -> Body:
        if request.path_params["campaign"] != CAMPAIGN:
            raise DeclinedError(404, "not_found", "Resource not found")
        return CAMPAIGN_BODY

    def _earning_rules(self, request: Request, _: Body) -> Body:
        self._campaign(request)
        return listed([earning_rule(self.project.per_unit)])


def _json(body: Body, status: int) -> Response:
    return Response(_ENCODE.encode(body), status, media_type="application/json")
