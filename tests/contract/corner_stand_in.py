"""Corner Points in miniature: the system that docs/write-a-backend.md writes an adapter for."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cashier_app.testing.people import Books, Person
from cashier_app.testing.stand_ins.base import StandIn


class Move(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request that moves points."""

    key: str
    member: str
    points: Decimal


class CornerStandIn(StandIn):
    """Members, their balances, and the moves made by key."""

    kind = "corner-points"
    secret_names = ("key",)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/health", self._health),
            Route("/members", self._find),
            Route("/members/{member_id}", self._one),
            Route("/moves", self._move, methods=["POST"]),
            Route("/moves/{key}", self._moved),
        ]

    def reset(self) -> None:
        self._people: dict[str, Person] = {}
        self._points: dict[str, Decimal] = {}
        self._moves: dict[str, Move] = {}

    def add_member(self, person: Person) -> str:
        member_id = f"c{len(self._people) + 1}"
        self._people[member_id], self._points[member_id] = person, person.points
        return member_id

    def books(self, member_id: str) -> Books:
        mine = [move for move in self._moves.values() if move.member == member_id]
        sales = sum("-sale-" in move.key for move in mine)
        return Books(self._points[member_id], Decimal(0), len(mine), sales)

    def use_points(self, member_id: str, points: str) -> None:
        self._points[member_id] -= Decimal(points)

    async def _health(self, request: Request) -> Response:
        return self._answer(request, {"status": "ok"})

    async def _find(self, request: Request) -> Response:
        phone = request.query_params.get("phone", "")
        found = next((key for key, person in self._people.items() if person.phone == phone), "")
        return self._told(request, found)

    async def _one(self, request: Request) -> Response:
        return self._told(request, request.path_params["member_id"])

    async def _move(self, request: Request) -> Response:
        move = msgspec.json.decode(await request.body(), type=Move)
        if move.key not in self._moves:
            if move.member not in self._points:
                return self._answer(request, {"error": "nobody"}, 404)
            if move.key.rpartition("-")[0].endswith("redeem") and self._points[move.member] + move.points < 0:
                return self._answer(request, {"error": "too few"}, 409)
            self._points[move.member] += move.points
            self._moves[move.key] = move
        return self._booked(request, self._moves[move.key])

    async def _moved(self, request: Request) -> Response:
        move = self._moves.get(request.path_params["key"])
        return (
            self._answer(request, {"error": "no move"}, 404) if move is None else self._booked(request, move)
        )

    def _booked(self, request: Request, move: Move) -> Response:
        return self._answer(request, {"key": move.key, "points_left": self._points[move.member]})

    def _told(self, request: Request, member_id: str) -> Response:
        if member_id not in self._people:
            return self._answer(request, {"error": "nobody"}, 404)
        person = self._people[member_id]
        return self._answer(
            request, {"id": member_id, "name": person.name, "points": self._points[member_id]}
        )

    def _answer(self, request: Request, value: object, status: int = 200) -> Response:
        if request.headers.get("authorization") != f"Bearer {self.secrets['key']}":
            value, status = {"error": "wrong key"}, 401
        body = msgspec.json.Encoder(decimal_format="number").encode(value)
        return Response(body, status, media_type="application/json")
