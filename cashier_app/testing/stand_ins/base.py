"""What every stand-in shares: its back door, staged faults, and checks against the vendor's document."""

from __future__ import annotations

import secrets as chance
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from cashier_app.testing.people import Books, Noted, Person, StagedVoucher, demo_people
from cashier_app.testing.stand_ins.faults import FaultyFront, StagedFault

_DECODE_PERSON = msgspec.json.Decoder(Person)
_DECODE_VOUCHER = msgspec.json.Decoder(StagedVoucher)
_DECODE_FAULT = msgspec.json.Decoder(StagedFault)
_ENCODE = msgspec.json.Encoder(decimal_format="string")


class StandIn(ABC):
    """A vendor's loyalty system in miniature, with books in memory. One event loop; handlers never block.

    A vendor's module makes a subclass with `kind`, `secrets`, `routes` and the books. The base answers the
    back door under `/stand-in/<key>/…`, which `cashier_app.testing.running` speaks to.

    Args:
        given: Secrets to ask for by the name of the kind's secret fields; others are made up.
    """

    kind: str
    """Name of the backend kind this stands in for."""

    document: Path | None = None
    """The vendor's OpenAPI document, or None where there is none that may be kept."""

    prefix: str = ""
    """What stands before the document's paths at this server."""

    undocumented: tuple[str, ...] = ()
    """How paths begin that the vendor's document leaves out; the stand-in itself checks requests there."""

    secret_names: tuple[str, ...] = ("token",)
    """Names of the kind's secret fields that this asks for."""

    error_type: str = "application/json"
    """Media type of the vendor's errors."""

    settings: Mapping[str, object] = {}
    """What must stand in ``[backend.settings]`` to use this."""

    def __init__(self, given: Mapping[str, str] | None = None) -> None:
        self.secrets = {name: chance.token_urlsafe(24) for name in self.secret_names} | dict(given or {})
        self.back_door = f"/stand-in/{chance.token_urlsafe(16)}"
        self.failures: list[str] = []
        self.reset()
        self._front = FaultyFront(self._inner(), self.is_write, self.error_body, self.error_type)
        self._doors = Starlette(routes=self._door_routes())

    # What a vendor's module says.
    @abstractmethod
    def routes(self) -> list[BaseRoute]:
        """Return the vendor's interface; asked once."""

    @abstractmethod
    def reset(self) -> None:
        """Begin again with empty books; asked first of all."""

    @abstractmethod
    def add_member(self, person: Person) -> str:
        """Put a member into the books; return the id an adapter must report."""

    @abstractmethod
    def books(self, member_id: str) -> Books:
        """Return what the books say of a member."""

    def settle(self) -> None:  # noqa: B027 - most vendors do everything at once
        """Let everything happen that the vendor does a little later, such as points for a sale."""

    def use_points(self, member_id: str, points: str) -> None:
        """Take points away at another till, behind the adapter's back."""
        raise NotImplementedError

    def lapse_points(self, member_id: str, points: str) -> None:
        """Let points expire now; for vendors that tell which points did."""
        raise NotImplementedError

    def add_voucher(self, voucher: StagedVoucher) -> None:
        """Put a voucher into the books; for vendors whose vouchers the till checks."""
        raise NotImplementedError

    def add_referral(self, member_id: str) -> str:
        """Return the code a member gives to friends; for vendors whose codes the till checks."""
        raise NotImplementedError

    def add_offer(self, member_id: str, title: str) -> None:
        """Put an offer for one member into the books; for vendors whose accounts carry such."""
        raise NotImplementedError

    def noted(self, member_id: str) -> Noted:  # noqa: ARG002 - most vendors keep none of it
        """Return what the books note of a member beside points."""
        return Noted()

    def seed(self) -> None:
        """Put the demo shop's people into the books, as far as this vendor can keep them."""
        for person in demo_people():
            self.add_member(person)

    def switch(self, name: str, value: str) -> None:
        """Behave otherwise where the vendor leaves something open; until the next reset."""
        raise NotImplementedError

    def is_write(self, method: str, path: str) -> bool:  # noqa: ARG002 - for subclasses
        """Say whether such a request changes something: what is staged for writes befalls it."""
        return method not in {"GET", "HEAD"}

    def error_body(self, status: int) -> bytes:
        """Return the JSON with which this vendor answers a status of its own accord."""
        return msgspec.json.encode({"status": status, "detail": "staged"})

    # The rest is shared.
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["path"].startswith(self.back_door + "/"):
            await self._doors(scope, receive, send)
        else:
            await self._front(scope, receive, send)

    def _inner(self) -> ASGIApp:
        app = Starlette(routes=self.routes())
        app.router.redirect_slashes = False
        if self.document is None:
            return app
        from cashier_app.testing.stand_ins.documented import DocumentedApp, Undocumented

        documented = DocumentedApp(app, self.document, self.prefix, self.error_body(400), self.failures)
        return Undocumented(documented, app, self.undocumented) if self.undocumented else documented

    def _door_routes(self) -> list[BaseRoute]:
        door = self.back_door
        return [
            Route(f"{door}/reset", self._reset, methods=["POST"]),
            Route(f"{door}/members", self._add, methods=["POST"]),
            Route(f"{door}/faults", self._stage, methods=["POST"]),
            Route(f"{door}/settle", self._settle, methods=["POST"]),
            Route(f"{door}/switches/{{name}}", self._switch, methods=["POST"]),
            Route(f"{door}/used/{{member_id:path}}", self._use, methods=["POST"]),
            Route(f"{door}/lapsed/{{member_id:path}}", self._lapse, methods=["POST"]),
            Route(f"{door}/vouchers", self._add_voucher, methods=["POST"]),
            Route(f"{door}/referrals/{{member_id:path}}", self._add_referral, methods=["POST"]),
            Route(f"{door}/offers/{{member_id:path}}", self._add_offer, methods=["POST"]),
            Route(f"{door}/noted/{{member_id:path}}", self._noted),
            Route(f"{door}/books/{{member_id:path}}", self._books),
            Route(f"{door}/failures", self._tell_failures),
            Route(f"{door}/befallen", self._tell_befallen),
        ]

    async def _reset(self, _: Request) -> Response:
        self.reset()
        self._front.staged.clear()
        self._front.befallen = 0
        self.failures.clear()
        return _json({})

    async def _add(self, request: Request) -> Response:
        return _json(self.add_member(_DECODE_PERSON.decode(await request.body())))

    async def _stage(self, request: Request) -> Response:
        self._front.staged.append(_DECODE_FAULT.decode(await request.body()))
        return _json({})

    async def _settle(self, _: Request) -> Response:
        self.settle()
        return _json({})

    async def _switch(self, request: Request) -> Response:
        self.switch(request.path_params["name"], (await request.body()).decode())
        return _json({})

    async def _use(self, request: Request) -> Response:
        self.use_points(request.path_params["member_id"], (await request.body()).decode())
        return _json({})

    async def _lapse(self, request: Request) -> Response:
        self.lapse_points(request.path_params["member_id"], (await request.body()).decode())
        return _json({})

    async def _add_voucher(self, request: Request) -> Response:
        self.add_voucher(_DECODE_VOUCHER.decode(await request.body()))
        return _json({})

    async def _add_referral(self, request: Request) -> Response:
        return _json(self.add_referral(request.path_params["member_id"]))

    async def _add_offer(self, request: Request) -> Response:
        self.add_offer(request.path_params["member_id"], (await request.body()).decode())
        return _json({})

    async def _noted(self, request: Request) -> Response:
        return _json(self.noted(request.path_params["member_id"]))

    async def _books(self, request: Request) -> Response:
        return _json(self.books(request.path_params["member_id"]))

    async def _tell_failures(self, _: Request) -> Response:
        return _json(self.failures)

    async def _tell_befallen(self, _: Request) -> Response:
        return _json(self._front.befallen)


def _json(value: object) -> Response:
    return Response(_ENCODE.encode(value), media_type="application/json")
