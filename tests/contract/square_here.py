"""Square's stand-in in this very process, so that a test can reach into its books and whims."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

import msgspec

from cashier_app.backends.square.adapter import SquareBackend
from cashier_app.backends.square.kind import KIND
from cashier_app.demo.serving import HOST, QuietServer, listen
from cashier_app.domain.money import Currency
from cashier_app.domain.outcome import MemberFound
from cashier_app.ports.backend_kind import Deadlines, Surroundings
from cashier_app.ports.clock import Clock, SystemClock
from cashier_app.ports.credentials import Secret
from cashier_app.testing.people import Person
from cashier_app.testing.stand_ins.faults import StagedFault
from cashier_app.testing.stand_ins.square import SquareStandIn

DECIMALS = {"USD": 2, "INR": 2, "JPY": 0, "KWD": 3}
DANA = Person("Dana Okoro", "+14155550142", "CARD-000187")


class SquareHere:
    """A context manager; `begin` empties the books for a test, `close_all` ends what it opened."""

    def __init__(self) -> None:
        self.stand_in = SquareStandIn()
        listener = listen(0)
        self.address = f"http://{HOST}:{listener.getsockname()[1]}"
        self._server = QuietServer(self.stand_in)
        self._thread = threading.Thread(target=self._server.run, args=([listener],), name="square")
        self._opened: list[SquareBackend] = []

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._server.ready.wait(30)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.end()
        self._thread.join()

    def begin(self, currency: str = "USD") -> None:
        """Begin again with empty books in this currency."""
        self.stand_in.currency = currency
        self.stand_in.reset()
        self.stand_in.failures.clear()
        self.staged.clear()

    def close_all(self) -> None:
        """Close every adapter."""
        while self._opened:
            self._opened.pop().close()

    @property
    def staged(self) -> list[StagedFault]:
        """Return the faults that are still to come."""
        return self.stand_in._front.staged

    def open(
        self, *, clock: Clock | None = None, decimals: int | None = None, **settings: object
    ) -> SquareBackend:
        """Return an adapter as the till would have it; a shop may use other decimals than ISO's."""
        code = self.stand_in.currency
        chosen = msgspec.convert({"location": "LOC1", **settings}, KIND.settings)
        around = Surroundings(
            address=self.address,
            currency=Currency(code, DECIMALS[code] if decimals is None else decimals),
            zone=ZoneInfo("America/New_York"),
            region="US",
            store="Corner Shop",
            till="2",
            clock=clock or SystemClock(),
            deadlines=Deadlines(find=2.0, post=2.0),
        )
        secrets = {name: Secret(value) for name, value in self.stand_in.secrets.items()}
        backend = KIND.open_backend(chosen, secrets, around)
        assert isinstance(backend, SquareBackend)
        self._opened.append(backend)
        return backend

    def dana(self, points: int, backend: SquareBackend) -> MemberFound:
        """Put a member with points into the books and find her."""
        member_id = self.stand_in.add_member(msgspec.structs.replace(DANA, points=points))
        found = backend.refresh(member_id)
        assert isinstance(found, MemberFound), found
        return found

    def spelling(self, change: Callable[[str], str]) -> None:
        """Have every answer's JSON changed as a text."""
        self.stand_in.spelling = lambda body: msgspec.json.decode(change(msgspec.json.encode(body).decode()))
