"""What came of looking for a sale that comes back: the sale, several to choose from, or why there is none."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from cashier_app.domain.money import Money
from cashier_app.domain.sale import Sale
from cashier_app.ports.journal import SaleLine
from cashier_app.services.other_tills import NotFromHere
from cashier_app.services.returnable import Returnable


class NotHere(Struct, frozen=True):
    """Nothing sold at this till is what was typed or scanned."""

    asked: str


class NotAReceipt(Struct, frozen=True):
    """What was typed is neither a number nor an amount."""

    asked: str


class OtherTill(Struct, frozen=True):
    """The receipt is of another till, here or in another shop."""

    number: str


class OtherSystem(Struct, frozen=True):
    """The sale was made with another loyalty system than the one in use."""

    sale: Sale


class NoMember(Struct, frozen=True):
    """Nobody's points hang on the sale, or nobody knows yet whose."""

    sale: Sale
    later: bool


class AlreadyReturned(Struct, frozen=True):
    """All of the sale came back; `on` is when, UTC."""

    sale: Sale
    on: datetime


class NobodyHere(Struct, frozen=True):
    """No sale of a member is here.

    Args:
        known: Whether the member was found: nothing was sold to them here, and not that nobody was.
        unanswered: The loyalty system did not say who it is.
        stale: The code says who they were some minutes ago, and is not believed any more.
    """

    known: bool = False
    unanswered: bool = False
    stale: bool = False


class ListedSale(Struct, frozen=True):
    """A sale to choose.

    Args:
        left: What can still come back of it, by what it cost on the bill.
        untold: A return of it was asked for, and nobody saw it to its end.
    """

    line: SaleLine
    left: Money
    untold: bool = False


class Several(Struct, frozen=True):
    """More than one sale is what was asked for, the newest first; `of_member` where all are a member's."""

    lines: tuple[ListedSale, ...]
    of_member: bool = False


NotReturnable = (
    NotHere | NotAReceipt | OtherTill | OtherSystem | NoMember | AlreadyReturned | NobodyHere | NotFromHere
)
Searched = Returnable | Several | NotReturnable
