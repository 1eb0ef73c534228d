"""What the contract tests share: a clock to turn, effects of one sale, and a server that says anything."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Self

from uuid6 import uuid7

from cashier_app.demo.server import DemoServer
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import AlreadyApplied, Applied, Booked
from cashier_app.domain.sale import Effect, EffectKind, effect_key
from cashier_app.ports.loyalty import LoyaltyBackend

RUPEE = Currency("INR", 2)
PRIYA_TOKEN = "PRYA7K2M4Q9XW3TB"
PRIYA_PHONE = "+919845012210"


@dataclass
class TurnedClock:
    """A clock that stands still until it is turned."""

    moment: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    def turn(self, **delta: float) -> None:
        self.moment += timedelta(**delta)


def rupees(amount: int) -> Money:
    return Money(amount * 100, RUPEE)


@dataclass
class SaleMaker:
    """Makes the effects of one sale, with the figures of a bill of 2,360 with 200 off."""

    at: datetime
    member_id: str = "mem-priya"
    sale_id: str = field(default_factory=lambda: str(uuid7()))
    bill: Money = field(default_factory=lambda: rupees(2360))
    discount: Money = field(default_factory=lambda: rupees(200))

    def effect(self, kind: EffectKind, points: int = 0, count: int = 1, **more: object) -> Effect:
        values: dict[str, object] = {
            "key": effect_key(self.sale_id, kind, count),
            "kind": kind,
            "sale_id": self.sale_id,
            "member_id": self.member_id,
            "points": Decimal(points),
            "bill": self.bill,
            "discount": self.discount,
            "paid": self.bill - self.discount,
            "at": self.at,
            "program_version": "marigold-1",
        }
        return Effect(**(values | more))  # type: ignore[arg-type]

    def reserve(self, points: int = 200, **more: object) -> Effect:
        return self.effect(EffectKind.RESERVE, points, 1, **more)

    def capture(self, reservation: str, points: int = 200) -> Effect:
        return self.effect(EffectKind.CAPTURE, points, reservation=reservation)

    def release(self, reservation: str, points: int = 200) -> Effect:
        return self.effect(EffectKind.RELEASE, points, reservation=reservation)

    def sale(self, points: int = 21, **more: object) -> Effect:
        return self.effect(EffectKind.SALE, points, 1, **more)

    def plain_sale(self, points: int = 23, **more: object) -> Effect:
        """Return a sale on which no points were used."""
        nothing = Money(0, self.bill.currency)
        return self.sale(points, discount=nothing, paid=self.bill, **more)

    def refund(self, bill: int, discount: int, count: int = 1, **more: object) -> Effect:
        given = {
            "bill": rupees(bill),
            "discount": rupees(discount),
            "paid": rupees(bill - discount),
            "original_key": effect_key(self.sale_id, EffectKind.SALE),
        }
        return self.effect(EffectKind.REFUND, 0, count, **(given | more))


def booked(outcome: object) -> Booked:
    assert isinstance(outcome, Applied | AlreadyApplied), outcome
    return outcome.booked


def movements(server: DemoServer, sale: SaleMaker) -> list[tuple[str, int, int]]:
    rows = server.ledger.movements(sale_id=sale.sale_id)
    return [(row.kind, row.units, row.balance_after) for row in rows]


def sell(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    reservation = booked(backend.apply(sale.reserve())).reference
    booked(backend.apply(sale.capture(reservation)))
    booked(backend.apply(sale.sale()))


Respond = Callable[[socket.socket, "RawServer"], None]


class RawServer:
    """Reads each request whole, then lets `respond` write what it likes, byte for byte."""

    def __init__(self, respond: Respond, tls: ssl.SSLContext | None = None) -> None:
        self._respond = respond
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.requests: list[bytes] = []
        self.stopping = threading.Event()
        self._thread = threading.Thread(target=self._accept, daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        # On Linux only a shutdown wakes a thread that waits in accept.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            connection.close()
        self._thread.join(5)

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                self.requests.append(_whole_request(connection))
                self._respond(connection, self)
        except OSError:
            return  # the client has left, as it should


def answer(body: bytes, status: str = "200 OK", *headers: str, kind: str = "application/json") -> Respond:
    """Return a server's way to answer each request with this and close."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    if kind:
        head.append(f"Content-Type: {kind}")
    return raw("\r\n".join(head).encode() + b"\r\n\r\n" + body)


def raw(text: bytes) -> Respond:
    """Return a server's way to answer with exactly these bytes and close."""
    return lambda connection, _: connection.sendall(text)


def drip(start: bytes, drop: bytes, seconds: float = 0.02) -> Respond:
    """Return a server's way to start at once and then go on drop by drop for as long as anybody listens."""

    def respond(connection: socket.socket, server: RawServer) -> None:
        connection.sendall(start)
        while not server.stopping.wait(seconds):
            connection.sendall(drop)

    return respond


def _whole_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = connection.recv(65536)
        if not chunk:
            return received
        received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        ),
        0,
    )
    while len(body) < length:
        chunk = connection.recv(65536)
        if not chunk:
            break
        body += chunk
    return head + b"\r\n\r\n" + body
