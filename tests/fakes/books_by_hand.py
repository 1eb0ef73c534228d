"""What a member's points must come to, reckoned once more by hand: plain numbers, nothing of the program's.

The shop of `shop.COINS`: one coin for each 100 rupees paid in money; one coin pays one rupee, from
500 rupees on and with 100 coins or more, at most 200 (250 from 2,500 rupees on).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

RUPEE = 100
"""Minor units."""
COIN_FOR = 100 * RUPEE
NOBODY = ""


def coins_for(paid: int) -> int:
    """Return what so many minor units earn."""
    return paid // COIN_FOR


def most_coins(bill: int, balance: int) -> int:
    """Return the most coins that may pay for a bill."""
    if bill < 500 * RUPEE or balance < 100:
        return 0
    return min(balance, 250 if bill >= 2500 * RUPEE else 200)


def half_up(part: int, times: int, of: int) -> int:
    """Return so much of `part` as `times` is of `of`, a half rounded up."""
    return (2 * part * times + of) // (2 * of)


@dataclass
class SaleByHand:
    """One sale: money in minor units, points in coins.

    Args:
        sale_id: Its id at the till.
        day: The business day it was made on.
        bill: What the goods cost.
        used: Coins that paid for some of it.
        owner: The phone of whose it is; `NOBODY` for nobody's.
        unseen: Whether they were known by their phone alone when it was told.
        returned: What came back, by what it cost on the bill.
        undone: Whether it was undone or given to somebody else.
        claimed: Whether it was nobody's first.
    """

    sale_id: str
    day: date
    bill: int
    used: int
    owner: str
    unseen: bool = False
    returned: int = 0
    undone: bool = False
    claimed: bool = False

    @property
    def discount(self) -> int:
        """Return what the coins paid."""
        return self.used * RUPEE

    @property
    def left(self) -> int:
        """Return what can still come back."""
        return 0 if self.undone else self.bill - self.returned

    @property
    def money_back(self) -> int:
        """Return the money given back so far."""
        back = self.bill - self.left
        return back - half_up(self.discount, back, self.bill)

    @property
    def coins(self) -> int:
        """Return by how much it changed the balance of whose it is."""
        if self.owner == NOBODY or not self.left:
            return 0
        back = self.bill - self.left
        paid = (self.bill - self.discount) - self.money_back
        return coins_for(paid) - (self.used - self.used * back // self.bill)


@dataclass
class BooksByHand:
    """All sales, `others` those of other tills, and what each member began with, by phone."""

    began: dict[str, int] = field(default_factory=dict)
    sales: list[SaleByHand] = field(default_factory=list)
    others: list[SaleByHand] = field(default_factory=list)

    def balance(self, phone: str) -> int:
        """Return what a member must have."""
        return self.began[phone] + sum(
            sale.coins for sale in (*self.sales, *self.others) if sale.owner == phone
        )
