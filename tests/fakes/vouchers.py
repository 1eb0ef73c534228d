"""A till whose backend has vouchers, and vouchers to put into it."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from cashier_app.domain.member import Account
from cashier_app.domain.personal_offer import PersonalOffer
from cashier_app.domain.program.figures import Amount, Points
from cashier_app.domain.program.rewards import AmountOff
from cashier_app.domain.vouchers import VoucherOffer
from tests.fakes.backend import LedgerMember
from tests.fakes.backend_around import AroundBackend
from tests.fakes.counter import Counter

FIFTY = VoucherOffer(
    "WELCOME50",
    AmountOff(reward_id="voucher-50", name="₹50 off", cost=Points(0), value=Amount(5000)),
    until=date(2027, 1, 20),
)


class VoucherBackend(AroundBackend):
    """`AroundBackend` whose accounts carry what the backend has for each member."""

    own: dict[str, tuple[PersonalOffer, ...]]

    def account(self, row: LedgerMember) -> Account:
        """Return an account with the member's own offers."""
        return replace(super().account(row), offers=self.own.get(row.member.member_id, ()))


def with_vouchers(counter: Counter, *vouchers: VoucherOffer) -> VoucherBackend:
    """Let a till have a backend with these vouchers, and start it anew."""
    backend = VoucherBackend(counter.clock, counter.backend.the_program)
    backend.members, backend.own = counter.backend.members, {}
    backend.vouchers = {one.code.upper(): one for one in vouchers or (FIFTY,)}
    counter.backend = backend
    counter.restart()
    return backend
