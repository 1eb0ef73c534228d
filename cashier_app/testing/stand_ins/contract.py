"""The reference contract's stand-in: the demo shop's server, with members put in by the back door."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import msgspec
from starlette.routing import BaseRoute, Mount
from starlette.types import Receive, Scope, Send

from cashier_app.demo.api import LoyaltyApi
from cashier_app.demo.around_api import PAGES
from cashier_app.demo.booking import Bookings
from cashier_app.demo.faults import Faults
from cashier_app.demo.joining import Joining
from cashier_app.demo.ledger import Ledger
from cashier_app.demo.shop import load_shop
from cashier_app.demo.vouchers import Voucher, Vouchers
from cashier_app.domain.points import from_units, to_units
from cashier_app.domain.program.figures import Amount, Points
from cashier_app.domain.program.rewards import AmountOff
from cashier_app.paths import resources
from cashier_app.ports.clock import SystemClock
from cashier_app.ports.credentials import Secret
from cashier_app.testing.people import Books, Noted, Person, StagedVoucher
from cashier_app.testing.stand_ins.base import StandIn

_READS = frozenset({"/v1/members/find", "/v1/quotes", "/v1/vouchers/check", "/v1/referrals/check"})


class ContractStandIn(StandIn):
    """The demo shop's ledger behind the contract."""

    kind = "contract"
    error_type = "application/problem+json"
    document = resources() / "openapi" / "loyalty-backend.yaml"
    undocumented = (PAGES,)

    def routes(self) -> list[BaseRoute]:
        """Return the contract's interface."""
        return [Mount("/", self._answer)]

    def reset(self) -> None:
        """Begin with an empty ledger."""
        self._shop = load_shop()
        self._ledger = Ledger(SystemClock())
        self._ledger.publish(self._shop.program)
        bookings = Bookings(self._ledger, self._shop)
        token = Secret(self.secrets["token"])
        self._api = LoyaltyApi(self._ledger, bookings, token, Faults(), staged=False)
        self._members = 0

    def add_member(self, person: Person) -> str:
        """Put a member into the ledger."""
        self._members += 1
        member_id = f"mem-{self._members}"
        now = self._ledger.clock.now()
        with self._ledger.transaction():
            self._ledger.execute(
                "INSERT INTO members (member_id, name, phone, number, token, blocked_since) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (
                    member_id,
                    person.name,
                    person.phone or None,
                    person.number or None,
                    person.wallet_code.removeprefix("LC1:") or None,
                    now.date().isoformat() if person.blocked else None,
                ),
            )
            self._ledger.move(
                f"opening-{member_id}", "opening", member_id, self._units(person.points), at=now
            )
        return member_id

    def books(self, member_id: str) -> Books:
        """Return what the ledger says."""
        scale = self._shop.program.point_scale
        moved = self._ledger.movements(member_id=member_id)
        rows = [row for row in moved if row.key not in {f"opening-{member_id}", f"elsewhere-{member_id}"}]
        row = self._ledger.member(member_id)
        held = self._ledger.rows(
            "SELECT coalesce(sum(units), 0) FROM reservations AS r WHERE member_id = ? AND NOT EXISTS ("
            "SELECT 1 FROM movements AS m WHERE m.reservation_id = r.reservation_id "
            "AND m.kind IN ('capture', 'release', 'expire'))",
            (member_id,),
        )[0][0]
        return Books(
            spendable=from_units(row.balance if row else 0, scale),
            held=from_units(held, scale),
            moves=len(rows),
            sales=sum(row.kind in {"sale", "link"} for row in rows),
        )

    def use_points(self, member_id: str, points: str) -> None:
        """Take points away as another till would."""
        with self._ledger.transaction():
            units = -self._units(Decimal(points))
            self._ledger.move(
                f"elsewhere-{member_id}", "adjust", member_id, units, at=self._ledger.clock.now()
            )

    def lapse_points(self, member_id: str, points: str) -> None:
        """Let points expire now."""
        now = self._ledger.clock.now()
        with self._ledger.transaction():
            count = len(self._ledger.movements(member_id=member_id))
            units = -self._units(Decimal(points))
            self._ledger.move(f"{member_id}-lapse-{count}", "lapse", member_id, units, at=now)

    def add_voucher(self, voucher: StagedVoucher) -> None:
        """Put a voucher into the ledger."""
        reward = AmountOff(
            reward_id=f"voucher-{voucher.code.lower()}",
            name=voucher.code,
            cost=Points(0),
            value=Amount(voucher.minor),
            minimum_bill=Amount(voucher.least),
        )
        last = self._ledger.clock.now().date() - timedelta(days=30) if voucher.expired else None
        Vouchers(self._ledger, self._shop).add(Voucher(voucher.code, reward, last_day=last))

    def add_referral(self, member_id: str) -> str:
        """Return the code a member gives to friends."""
        code = f"FRIEND-{member_id.upper()}"
        self._ledger.execute("UPDATE members SET referral = ? WHERE member_id = ?", (code, member_id))
        return code

    def add_offer(self, member_id: str, title: str) -> None:
        """Put an offer for one member into the ledger."""
        self._ledger.execute(
            "INSERT INTO personal_offers (member_id, kind, title) VALUES (?, 'other', ?)", (member_id, title)
        )

    def noted(self, member_id: str) -> Noted:
        """Return what the ledger notes of a member."""
        kept = Joining(self._ledger, self._shop).noted(member_id)
        return Noted(kept.consents, kept.referred_with, kept.merges)

    def is_write(self, method: str, path: str) -> bool:
        """Say whether a request changes something: looking for a member does not."""
        return method == "POST" and path not in _READS

    def error_body(self, status: int) -> bytes:
        """Return a problem document."""
        return msgspec.json.encode(
            {"title": "Staged", "status": status, "code": "staged", "detail": "staged"}
        )

    def _units(self, points: Decimal) -> int:
        return to_units(points, self._shop.program.point_scale)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        inner = dict(scope)
        inner["root_path"] = ""
        await self._api(inner, receive, send)
