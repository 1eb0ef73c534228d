"""A till that sells to nobody and claims, without screen and threads, over any backend."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from cashier_app.claim_opening import draw_codes
from cashier_app.domain.money import Money
from cashier_app.domain.sale import Effect, EffectKind, EffectState, Sale
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import EffectRow
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.security.claim_keys import ClaimKeys
from cashier_app.services.checkout import Checkout
from cashier_app.services.claim_terms import claim_for
from cashier_app.services.claims import Claimable, Claimed, Claims, NotClaimable
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.delivery import Delivery
from cashier_app.services.lookup import MemberLookup
from cashier_app.services.ticket import Ticket, new_sale_id
from cashier_app.services.till_settings import TillSettings
from cashier_app.services.used_codes import UsedCodes
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.counter import SETTINGS
from tests.fakes.delivering import deliver_due
from tests.fakes.shop import RUPEE

SHARED = b"s" * 32


class ClaimingTill:
    """One of several tills of a shop that share a claim key."""

    def __init__(
        self, folder: Path, number: str, backend: LoyaltyBackend, clock: Clock, *, shared: bool = True
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._number = folder, number
        own = number.encode() * 32
        self.keys = ClaimKeys([SHARED, own[:32]] if shared else [own[:32]])
        self.backend, self.clock = backend, clock
        self.settings: TillSettings = replace(SETTINGS, till=number)
        self._open()

    def _open(self) -> None:
        self.journal = SqliteJournal(self._folder / "till.sqlite", self._number, zone=self.settings.zone)
        self.connection = ConnectionWatch(self.clock)
        self.delivery = Delivery(
            self.backend, self.journal, self.clock, self.connection, random.Random(self._number)
        )
        lookup = MemberLookup(
            self.backend, self.journal, self.connection, UsedCodes(self.journal, self.clock)
        )
        self.lookup = lookup
        self.checkout = Checkout(
            self.backend, self.journal, self.clock, self.connection, zone=self.settings.zone
        )
        self.claims = Claims(
            self.backend,
            self.journal,
            lookup,
            self.connection,
            self.clock,
            self.settings,
            lambda: self.keys,
            draw_codes,
            sending=lambda: None,
        )

    def close(self) -> None:
        """Close the database."""
        self.journal.close()

    def restart(self) -> None:
        """End the process, as a power cut does, and start again."""
        self.close()
        self._open()
        self.delivery.recover()

    def sell(self, rupees: int = 1025, days: int = 14) -> Sale:
        """Sell something to nobody."""
        ticket = Ticket(
            sale_id=new_sale_id(),
            member=None,
            identifier=None,
            way=None,
            bill=Money(rupees * 100, RUPEE),
            quote=None,
            program_version=self.lookup.program().version,
            claim_days=days,
        )
        return self.checkout.commit(ticket)

    def claim(self, receipt: str, member_id: str) -> Claimed | NotClaimable:
        """Claim a receipt for a member, by what this till knows."""
        found = self.claims.read(receipt)
        if not isinstance(found, Claimable):
            return found
        return self.credit(found, member_id)

    def credit(self, found: Claimable, member_id: str) -> Claimed | NotClaimable:
        """Credit a sale that was let in before."""
        member = self.lookup.refresh(member_id)
        return self.claims.credit(found, claim_for(None, member))  # type: ignore[arg-type]

    def drain(self) -> None:
        """Send what is due until nothing moves any more."""
        if not self.connection.online:
            self.delivery.probe()
        for _ in range(50):
            self.journal.make_due()
            if not self.connection.online or not deliver_due(self.delivery):
                return

    def rows(self, sale: Sale) -> list[EffectRow]:
        """Return what this till did about a sale, telling it to the backend left out."""
        return [
            row
            for row in self.journal.effects_of(sale.sale_id)
            if row.effect.kind is EffectKind.LINK or row.effect.member_id
        ]

    def states(self, sale: Sale) -> list[EffectState]:
        """Return how its claims of a sale stand."""
        return [row.state for row in self.rows(sale)]


class SaysNothing:
    """A backend that is not told of sales without a member: claims are late sales there."""

    def __init__(self, backend: LoyaltyBackend) -> None:
        self._backend = backend
        self.capabilities = replace(backend.capabilities, tells_anonymous=False, links_sales=False)

    def plan(self, effects: Sequence[Effect]) -> tuple[Effect, ...]:
        """Return what the backend plans."""
        return self._backend.plan(effects)

    def __getattr__(self, name: str) -> object:
        return getattr(self._backend, name)
