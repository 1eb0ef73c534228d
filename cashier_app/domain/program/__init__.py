"""The shop's loyalty program: how points are earned, what they are worth, and what limits their use.

A program is data. It is read from a document (`cashier_app.documents`), frozen into every quote by its
version, and never changed under a running sale. What a rule means is in the modules beside this package:
`earning`, `allowance`, `rewards`, `standing`, `lots`, `refund`.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from cashier_app.domain.money import Currency
from cashier_app.domain.points import MAX_SCALE, PointName
from cashier_app.domain.program.earning import MAX_RULES, NOTHING_EARNED, Earning
from cashier_app.domain.program.redemption import Combining, RedemptionRule, Tender
from cashier_app.domain.program.rewards import Reward
from cashier_app.domain.program.tiers import Expiry, Refunds, Tiers
from cashier_app.domain.rounding import Rounding

__all__ = ["MAX_CLAIM_DAYS", "MAX_RULES", "Program"]

MAX_CLAIM_DAYS = 366


class Program(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A whole program.

    Args:
        currency: With the decimals in use at the till.
        name: The shop's or the program's name.
        version: Names these rules; travels with every quote and sale.
        point_name: What a point is called.
        point_scale: Decimals of points, 0 to 4.
        point_rounding: How fractions of points are rounded where a rule does not say.
        redemption: Ways to pay with points; none of them: points pay for rewards only.
        rewards: The catalogue.
        claim_days: How many whole days a sale without a member may still be claimed by one; 0 for not at all.
    """

    currency: Currency
    name: Annotated[str, Meta(max_length=200)] = ""
    version: Annotated[str, Meta(max_length=64)] = ""
    point_name: PointName = PointName("point", "points")
    point_scale: Annotated[int, Meta(ge=0, le=MAX_SCALE)] = 0
    point_rounding: Rounding = Rounding.FLOOR
    earning: Earning = NOTHING_EARNED
    redemption: Annotated[tuple[RedemptionRule, ...], Meta(max_length=MAX_RULES)] = ()
    rewards: Annotated[tuple[Reward, ...], Meta(max_length=MAX_RULES)] = ()
    tiers: Tiers = Tiers()
    expiry: Expiry = Expiry()
    tender: Tender = Tender()
    combining: Combining = Combining()
    refunds: Refunds = Refunds()
    claim_days: Annotated[int, Meta(ge=0, le=MAX_CLAIM_DAYS)] = 0
