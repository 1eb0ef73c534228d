"""The shop a backend is tried in: members, books and bad days of the other side, whatever the vendor."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec

from cashier_app.domain.money import Currency, Money
from cashier_app.ports.backend_kind import BackendKind, Deadlines, Surroundings
from cashier_app.ports.clock import SystemClock
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.people import Books, Noted, Person, StagedVoucher
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stand_ins.faults import StagedFault

HASTE = Deadlines(find=1.0, post=1.0)
"""For tests in which the other side never answers."""


class ShopStage(Protocol):
    """What the contract suite asks of the world around an adapter."""

    bill: Money
    """A bill on which a member with `points` may redeem some of them; nothing special about it."""

    points: int
    """More than enough points for it."""

    unknown_member_id: str
    """An id of the vendor's form that nobody has."""

    shares_phones: bool
    """Whether two members of this vendor may have one phone number."""

    tells_time: bool
    """Whether answers say what time it is there, as those over HTTP do."""

    def open(self, *, deadlines: Deadlines | None = None, wrong_secrets: bool = False) -> LoyaltyBackend:
        """Return the adapter under test against this shop; the caller closes it."""

    def add_member(self, person: Person) -> str:
        """Put a member into the vendor's books; return the id the adapter must report."""

    def books(self, member_id: str) -> Books:
        """Return what the vendor's books say of a member."""

    def use_points(self, member_id: str, points: str) -> None:
        """Take points away as another till would."""

    def lapse_points(self, member_id: str, points: str) -> None:
        """Let points expire now; asked only where the backend tells which points did."""

    def add_voucher(self, voucher: StagedVoucher) -> None:
        """Put a voucher into the vendor's books; asked only where the backend knows vouchers."""

    def add_referral(self, member_id: str) -> str:
        """Return the code a member gives to friends; asked only where referral codes can be checked."""

    def add_offer(self, member_id: str, title: str) -> None:
        """Put an offer for one member into the books; asked only where accounts carry such."""

    def noted(self, member_id: str) -> Noted:
        """Return what the books note of a member beside points, as far as this vendor keeps it."""

    def stage(self, fault: StagedFault) -> None:
        """Stage a fault behind those staged before."""

    def befallen(self) -> int:
        """Return how many requests a staged fault befell."""

    def settle(self) -> None:
        """Let everything happen that the vendor does a little later."""

    def failures(self) -> list[str]:
        """Return what did not agree with the vendor's document so far."""


class StandInStage:
    """A `ShopStage` over a stand-in in a process of its own. Empty at the start.

    Args:
        running: The stand-in; reset here, shared by the tests of a module.
        kind: Opens the adapter under test.
        bill: See `ShopStage`; its currency is the till's.
        settings: What would stand in ``[backend.settings]``.
        region: ISO 3166 letters of the shop.
        folder: Where files that settings name lie.
    """

    def __init__(
        self,
        running: RunningStandIn,
        kind: BackendKind,
        bill: Money,
        *,
        points: int = 1000,
        settings: Mapping[str, object] | None = None,
        unknown_member_id: str = "nobody",
        shares_phones: bool = False,
        region: str = "IN",
        zone: str = "Asia/Kolkata",
        folder: Path = Path(),
    ) -> None:
        running.reset()
        self._running = running
        self._kind = kind
        self._settings = msgspec.convert(dict(settings or {}), kind.settings)
        self._surroundings = Surroundings(
            address=running.address,
            currency=bill.currency,
            zone=ZoneInfo(zone),
            region=region,
            store="Corner Shop",
            till="2",
            clock=SystemClock(),
            folder=folder,
        )
        self.bill = bill
        self.points = points
        self.unknown_member_id = unknown_member_id
        self.shares_phones = shares_phones
        self.tells_time = True

    @property
    def currency(self) -> Currency:
        """Return the till's currency."""
        return self.bill.currency

    def open(self, *, deadlines: Deadlines | None = None, wrong_secrets: bool = False) -> LoyaltyBackend:
        """Return the adapter under test."""
        given = {
            name: f"wrong-{value}" if wrong_secrets else value
            for name, value in self._running.secrets.items()
        }
        secrets = {name: Secret(value) for name, value in given.items()}
        around = msgspec.structs.replace(self._surroundings, deadlines=deadlines or Deadlines())
        return self._kind.open_backend(self._settings, secrets, around)

    def add_member(self, person: Person) -> str:
        """Put a member into the books."""
        return self._running.add_member(person)

    def books(self, member_id: str) -> Books:
        """Return what the books say."""
        return self._running.books(member_id)

    def use_points(self, member_id: str, points: str) -> None:
        """Take points away as another till would."""
        self._running.use_points(member_id, points)

    def lapse_points(self, member_id: str, points: str) -> None:
        """Let points expire now."""
        self._running.lapse_points(member_id, points)

    def add_voucher(self, voucher: StagedVoucher) -> None:
        """Put a voucher into the books."""
        self._running.add_voucher(voucher)

    def add_referral(self, member_id: str) -> str:
        """Return the code a member gives to friends."""
        return self._running.add_referral(member_id)

    def add_offer(self, member_id: str, title: str) -> None:
        """Put an offer for one member into the books."""
        self._running.add_offer(member_id, title)

    def noted(self, member_id: str) -> Noted:
        """Return what the books note of a member."""
        return self._running.noted(member_id)

    def stage(self, fault: StagedFault) -> None:
        """Stage a fault."""
        self._running.stage(fault)

    def befallen(self) -> int:
        """Return how many requests a staged fault befell."""
        return self._running.befallen()

    def settle(self) -> None:
        """Let everything happen that the vendor does a little later."""
        self._running.settle()

    def failures(self) -> list[str]:
        """Return what did not agree with the vendor's document."""
        return self._running.failures()
