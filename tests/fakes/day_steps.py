"""What may be done and what may go wrong in the days of `tests.fakes.shop_days`."""

from __future__ import annotations

from enum import Enum, auto

from msgspec import Struct

from tests.fakes.backend import Fault


class Trouble(Enum):
    """What befalls the till, besides what goes wrong with a request."""

    OFFLINE = auto()
    ONLINE = auto()
    DIES_BEFORE = auto()
    DIES_AFTER = auto()
    DIES_LATER = auto()
    RESTARTED = auto()


class Act(Enum):
    """What is done."""

    SELL = auto()
    SELL_TO_NOBODY = auto()
    SELL_TO_A_STRANGER = auto()
    JOIN = auto()
    TAKE_BACK = auto()
    EXCHANGE = auto()
    VOID = auto()
    MOVE = auto()
    CLAIM = auto()
    WAIT = auto()
    SETTLE = auto()
    SLEEP = auto()


class Step(Struct, frozen=True):
    """One thing that is done, with all that may matter to it.

    Args:
        bill: Minor units.
        part: Of what comes back, in thousandths of what is left.
        which: Of the sales, the newest first.
        trouble: What goes wrong, before it or soon after.
    """

    act: Act
    phone: str
    bill: int
    part: int
    which: int
    points: bool
    seconds: int
    trouble: Trouble | Fault | None


class Backend(Struct, frozen=True):
    """What a backend can do.

    Args:
        links: Whether it is told of sales without a member, and links them later.
        holds: Whether it holds points.
        keyless: Whether it keeps no keys, so that what is in doubt must be looked up.
    """

    links: bool
    holds: bool
    keyless: bool = False


class More(Enum):
    """What is done besides where there are several tills; see `Act`."""

    SELL_LINES = auto()
    TAKE_LINES = auto()
    SELL_WITH_VOUCHER = auto()
    SAY_THEY_ARE_ONE = auto()
    CLAIMED_ELSEWHERE = auto()
    GOODS_OF_ANOTHER_TILL = auto()


class MoreStep(Struct, frozen=True):
    """One of these, and what else `Step` says of it."""

    act: More
    of: Step
