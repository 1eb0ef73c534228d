"""Open Loyalty in miniature: one store behind the part of its interface a till uses.

Its published document may not be copied, so that there is none to check against: requests are checked here,
as strictly as what is known of the interface allows; what does not fit is answered 400 and remembered.
"""

from __future__ import annotations

import secrets as chance
import time
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cashier_app.strict_json import load_strictly
from cashier_app.testing.people import Books as Told
from cashier_app.testing.people import Noted, Person
from cashier_app.testing.stand_ins.base import StandIn
from cashier_app.testing.stand_ins.openloyalty_answers import (
    CHANNEL,
    STORE,
    TIER_SET,
    answered,
    document_body,
    error_body,
    list_body,
    member_body,
    merged,
    page_body,
    progress_body,
    reward_bodies,
    transfer_body,
    wallets_body,
)
from cashier_app.testing.stand_ins.openloyalty_books import (
    SWITCHES,
    Books,
    Document,
    OwnMember,
    RefusedError,
    Transfer,
    new_id,
)
from cashier_app.testing.stand_ins.openloyalty_requests import (
    AssignRequest,
    CustomerRequest,
    Login,
    Refresh,
    SimulateRequest,
    TransactionRequest,
    TransferRequest,
    check_query,
)

USER_NAME, PASSWORD = "user name", "password"

_ENCODE = msgspec.json.Encoder(decimal_format="number")
Handler = Callable[[Request, Any], object]


class OpenLoyaltyStandIn(StandIn):
    """Members, wallets, movements of points, sales and returns; enough of tiers, rewards and campaigns."""

    kind = "openloyalty"
    secret_names = ("api key", USER_NAME, PASSWORD)
    settings: Mapping[str, object] = {
        "store_code": STORE,
        "program": "openloyalty-program.toml",
        "holds_points": True,
        "tier_set": TIER_SET,
    }

    def routes(self) -> list[BaseRoute]:
        """Return the part of the interface a till uses."""
        at = "/api/{store}"
        table: list[tuple[str, str, Handler, type[Struct] | None]] = [
            ("GET", f"{at}/member", self._list_members, None),
            ("POST", f"{at}/member", self._enrol, CustomerRequest),
            ("GET", f"{at}/member/{{member}}", self._read_member, None),
            ("POST", f"{at}/member/{{member}}/activate", self._activate, None),
            ("GET", f"{at}/member/{{member}}/wallet", self._wallets, None),
            ("GET", f"{at}/member/{{member}}/tierSet/{{tier_set}}", self._progress, None),
            ("GET", f"{at}/member/{{member}}/reward", self._rewards, None),
            ("GET", f"{at}/points", self._list_transfers, None),
            ("POST", f"{at}/points/{{verb}}", self._move, TransferRequest),
            ("GET", f"{at}/points/{{transfer}}", self._read_transfer, None),
            ("POST", f"{at}/points/{{transfer}}/cancel", self._cancel, None),
            ("GET", f"{at}/transaction", self._list_documents, None),
            ("POST", f"{at}/transaction", self._tell, TransactionRequest),
            ("POST", f"{at}/transaction/assign", self._assign, AssignRequest),
            ("GET", f"{at}/transaction/{{transaction}}", self._read_document, None),
            ("POST", f"{at}/campaign/simulate", self._simulate, SimulateRequest),
            ("GET", f"{at}/channel", self._channels, None),
        ]
        first: list[tuple[str, str, Handler, type[Struct] | None]] = [
            ("GET", "/api/store", self._stores, None),
            ("POST", "/api/admin/login_check", self._login, Login),
            ("POST", "/api/token/refresh", self._refresh, Refresh),
        ]
        return [
            Route(path, self._guarded(handler, shape), methods=[method])
            for method, path, handler, shape in first + table
        ]

    def reset(self) -> None:
        """Begin with nobody, and every switch as at first."""
        self.store = Books()
        self.sessions: set[str] = set()
        self.refreshes: set[str] = set()

    def switch(self, name: str, value: str) -> None:
        """Behave otherwise, see `SWITCHES`; ``sessions`` ends all of them, ``refresh too`` for good."""
        if name == "sessions":
            self.sessions.clear()
            if value == "refresh too":
                self.refreshes.clear()
            return
        if name not in SWITCHES or (len(SWITCHES[name]) > 1 and value not in SWITCHES[name]):
            raise ValueError(f"no such switch: {name} = {value}")
        self.store.switched[name] = value

    def add_member(self, person: Person) -> str:
        """Put a member into the books; a card's number or a pass's text is the loyalty card number.

        Open Loyalty takes each phone number once: the second to come with it has none.
        """
        first, _, last = person.name.rpartition(" ")
        phone = self.store.kept_phone(person.phone)
        taken = {one.phone for one in self.store.members.values()}
        member = OwnMember(
            new_id(),
            first or last,
            last if first else "",
            "" if phone in taken else phone,
            person.email,
            person.number or person.wallet_code.removeprefix("LC1:"),
            active=not person.blocked,
        )
        member.wallets["default"].active = person.points
        return self.store.join(member).id

    def books(self, member_id: str) -> Told:
        """Return what the books say."""
        self.store.settle(time.monotonic())
        units = self.store.members[member_id].wallets["default"]
        mine = [one for one in self.store.transfers if one.member_id == member_id and not one.by_hand]
        documents = [one for one in self.store.documents if one.member_id == member_id]
        return Told(
            spendable=units.active,
            held=units.blocked,
            moves=len(mine) + len(documents) + self.store.cancels,
            sales=sum(one.type == "sell" for one in documents),
        )

    def noted(self, member_id: str) -> Noted:
        """Return what a member's labels say of their consent."""
        labels = self.store.members[member_id].labels
        agreed = (one["value"].split()[0] for one in labels if one["key"] == "cashier_app_consent")
        return Noted(consents=tuple(agreed))

    def use_points(self, member_id: str, points: str) -> None:
        """Take points away as another till would."""
        self.store.move("spend", self.store.members[member_id], Decimal(points), "default", "").by_hand = True

    def settle(self) -> None:
        """Let sales earn, be matched, and movements be listed."""
        self.store.settle(float("inf"))

    def is_write(self, method: str, path: str) -> bool:
        """Say whether a request changes something: trying campaigns out and signing in do not."""
        return method == "POST" and not path.endswith(("/simulate", "/login_check", "/refresh"))

    def error_body(self, status: int) -> bytes:
        """Return an error as Open Loyalty writes them."""
        as_text = self.store.switched["a 401 says"] == "a text"
        code: object = "invalid_token" if status == 401 and as_text else status
        return msgspec.json.encode({"code": code, "message": "Staged"})

    def _guarded(
        self, handler: Handler, shape: type[Struct] | None
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            body = await request.body()
            signing_in = handler in {self._login, self._refresh}
            if not (signing_in or self._is_let_in(request)):
                return answered(401, self.error_body(401))
            if request.path_params.get("store", STORE) != STORE:
                return answered(404, error_body(404, "Store not found"))
            try:
                asked = self._checked(request, body, shape)
            except ValueError as error:
                self.failures.append(f"{request.method} {request.url.path}: {error}")
                return answered(400, error_body(400, "Validation failed", str(error)))
            self.store.settle(time.monotonic())
            try:
                value = handler(request, asked)
            except RefusedError as error:
                return answered(error.status, error_body(error.status, error.message, error.path))
            if value is None:
                return Response(status_code=204)
            return answered(200, _ENCODE.encode(self._spoilt(request, value)))

        return answer

    def _is_let_in(self, request: Request) -> bool:
        key = request.headers.get("x-auth-token", "")
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return chance.compare_digest(key, self.secrets["api key"]) or token in self.sessions

    def _checked(self, request: Request, body: bytes, shape: type[Struct] | None) -> object:
        """Return the body as its shape wants it.

        Raises:
            ValueError: The request is not as the interface wants it.
        """
        check_query(request)
        if shape is None:
            if body:
                raise ValueError("a body where there is none")
            return None
        if request.headers.get("content-type") != "application/json":
            raise ValueError("not sent as JSON")
        return msgspec.convert(load_strictly(body), shape)

    def _spoilt(self, request: Request, value: object) -> object:
        """Return an answer, changed as the switch ``spoil`` says: method, part of the path, values."""
        text = self.store.switched["spoil"]
        if not text:
            return value
        spoil = load_strictly(text.encode())
        assert isinstance(spoil, dict)
        if spoil["method"] != request.method or spoil["path"] not in request.url.path:
            return value
        return merged(value, spoil["with"])

    # Signing in.
    def _login(self, _: Request, asked: Login) -> object:
        given, wanted = (asked.username, asked.password), (self.secrets[USER_NAME], self.secrets[PASSWORD])
        if given != wanted:
            raise RefusedError(401, "Invalid credentials.")
        return self._session()

    def _refresh(self, _: Request, asked: Refresh) -> object:
        if asked.refresh_token not in self.refreshes:
            raise RefusedError(401, "Refresh token does not exist.")
        self.refreshes.discard(asked.refresh_token)
        return self._session()

    def _session(self) -> object:
        token, refresh = chance.token_urlsafe(24), chance.token_urlsafe(24)
        self.sessions.add(token)
        self.refreshes.add(refresh)
        return {"token": token, "refresh_token": refresh}

    # The store.
    def _stores(self, _: Request, __: object) -> object:
        currency = self.store.switched["currency"]
        return list_body([{"code": STORE, "name": "Marigold Stores", "currency": currency}])

    def _channels(self, request: Request, _: object) -> object:
        return page_body(request, [{"channelId": CHANNEL, "name": "Corner Shop", "identifier": "corner"}])

    # Members.
    def _list_members(self, request: Request, _: object) -> object:
        return page_body(request, [self._member(one) for one in self.store.members.values()])

    def _read_member(self, request: Request, _: object) -> object:
        return self._member(self.store.found(request.path_params["member"]))

    def _enrol(self, _: Request, asked: CustomerRequest) -> object:
        told = asked.customer
        if not told.phone:
            raise RefusedError(400, "This value should not be blank.", "customer.phone")
        if not told.agreement1:
            raise RefusedError(400, "This value should be true.", "customer.agreement1")
        digits = told.phone if told.phone.startswith("+") else f"+{told.phone}"
        member = OwnMember(
            new_id(),
            told.first_name,
            told.last_name,
            self.store.kept_phone(digits),
            told.email or "",
            told.loyalty_card_number or "",
            active=self.store.switched["new members"] == "active",
            labels=[{"key": one.key, "value": one.value} for one in told.labels],
            agreements=(told.agreement1, told.agreement2, told.agreement3),
        )
        self.store.join(member)
        return {"customerId": member.id, "email": member.email, "phone": member.phone}

    def _activate(self, request: Request, _: object) -> None:
        self.store.found(request.path_params["member"]).active = True

    def _wallets(self, request: Request, _: object) -> object:
        return wallets_body(self.store.found(request.path_params["member"]))

    def _progress(self, request: Request, _: object) -> object:
        member = self.store.found(request.path_params["member"])
        if request.path_params["tier_set"] != TIER_SET:
            raise RefusedError(404, "Tier set not found")
        return progress_body(member, self.store.switched["tiers by"])

    def _rewards(self, request: Request, _: object) -> object:
        self.store.found(request.path_params["member"])
        conversion = self.store.switched["conversion coupon"] == "on sale"
        return page_body(request, reward_bodies(self.store.switched["ratio"], conversion=conversion))

    def _member(self, member: OwnMember) -> dict[str, object]:
        return member_body(member, self.store.switched["currency"])

    # Movements of points.
    def _move(self, request: Request, asked: TransferRequest) -> object:
        verb, transfer = request.path_params["verb"], asked.transfer
        if verb not in {"add", "spend", "block"}:
            raise RefusedError(404, "No route found")
        member = self.store.found(transfer.customer)
        if transfer.points <= 0:
            raise RefusedError(400, "This value should be positive.", "transfer.points")
        made = self.store.move(
            verb,
            member,
            transfer.points,
            transfer.wallet_code,
            transfer.external_transfer_id,
            transfer.comment,
        )
        return {"transferId": made.id}

    def _cancel(self, request: Request, _: object) -> None:
        self.store.cancel(self._transfer(request))

    def _read_transfer(self, request: Request, _: object) -> object:
        return self._body(self._transfer(request))

    def _list_transfers(self, request: Request, _: object) -> object:
        wanted = request.query_params.get("member:id")
        listed = [one for one in self.store.transfers if one.listed and wanted in {None, one.member_id}]
        return page_body(request, [self._body(one) for one in reversed(listed)])

    def _transfer(self, request: Request) -> Transfer:
        wanted = request.path_params["transfer"]
        found = next((one for one in self.store.transfers if one.id == wanted), None)
        if found is None:
            raise RefusedError(404, "Transfer not found")
        return found

    def _body(self, one: Transfer) -> dict[str, object]:
        return transfer_body(one, named=self.store.switched["names of movements"] != "hidden")

    # Sales and returns.
    def _tell(self, _: Request, asked: TransactionRequest) -> object:
        told = asked.transaction
        gross = sum((item.gross_value for item in told.items), Decimal(0))
        if gross < 0:
            raise RefusedError(400, "This value should be positive.", "transaction.items.0.grossValue")
        head = told.header
        made = self.store.register(
            Document(
                new_id(),
                head.document_number,
                head.document_type,
                gross,
                told.customer_data.customer_id,
                head.linked_document_number,
                self.store.due(),
                request=msgspec.to_builtins(asked),
            )
        )
        self.store.settle(time.monotonic())
        return {"transactionId": made.id}

    def _assign(self, _: Request, asked: AssignRequest) -> object:
        told = asked.assign
        made = self.store.assign(told.transaction_document_number, told.customer_id)
        return {"transactionId": made.id}

    def _read_document(self, request: Request, _: object) -> object:
        wanted = request.path_params["transaction"]
        found = next((one for one in self.store.documents if one.id == wanted), None)
        if found is None:
            raise RefusedError(404, "Transaction not found")
        return document_body(found, self.store.switched["currency"])

    def _list_documents(self, request: Request, _: object) -> object:
        wanted = request.query_params.get("header:documentNumber")
        listed = [one for one in self.store.documents if wanted in {None, one.number}]
        return page_body(request, [document_body(one, self.store.switched["currency"]) for one in listed])

    def _simulate(self, _: Request, asked: SimulateRequest) -> object:
        told = asked.simulate
        self.store.found(told.customer.id)
        gross = sum((item.gross_value for item in told.transaction.items), Decimal(0))
        campaign = {"name": "One for each hundred"}
        give = {
            "type": "give_points",
            "points": self.store.earns(gross),
            "wallet": "default",
            "campaign": campaign,
        }
        return {"effects": [give], "simulatedMember": {"wallets": []}}
