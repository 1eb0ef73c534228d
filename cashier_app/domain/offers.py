"""What a backend that quotes by itself lets a member redeem on one bill, in the program's own terms."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.member import Account
from cashier_app.domain.program import Program
from cashier_app.domain.program.earning import Earning
from cashier_app.domain.program.redemption import RedemptionRule
from cashier_app.domain.program.rewards import Reward


class Offers(Struct, frozen=True):
    """What may be redeemed on one bill; nothing may be where both lists are empty.

    Args:
        redemption: Ways to pay with points on this bill, instead of the program's.
        rewards: Rewards that may be had on this bill, instead of the program's.
        account: The account as the backend said it with the offer; None where it did not.
        earns: Points the bill earns as the backend reckons before anything is redeemed; None where it does
            not say.
        earning: How this bill earns, instead of the program's; None where the program says it.
    """

    redemption: tuple[RedemptionRule, ...] = ()
    rewards: tuple[Reward, ...] = ()
    account: Account | None = None
    earns: Decimal | None = None
    earning: Earning | None = None

    def over(self, program: Program) -> Program:
        """Return the program as it holds for this one bill."""
        earning = program.earning if self.earning is None else self.earning
        return replace(program, redemption=self.redemption, rewards=self.rewards, earning=earning)
