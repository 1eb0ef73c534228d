"""Made-up days at a till: sales, what becomes of them, returns, and what else is counted."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum

from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.acts import ActKind
from cashier_app.domain.member import Way
from cashier_app.domain.money import Currency
from cashier_app.domain.sale import ReturnReason

YEN, RUPEE, DINAR = Currency("JPY", 0), Currency("INR", 2), Currency("KWD", 3)

EDGES = {
    "Asia/Kolkata": ("2026-11-19T18:30", "2026-12-31T18:30"),
    "Europe/Berlin": ("2026-03-29T01:00", "2026-10-25T01:00", "2026-10-24T22:00", "2026-10-25T23:00"),
    "America/New_York": ("2026-03-08T07:00", "2026-11-01T06:00", "2026-11-01T04:00", "2026-11-02T05:00"),
    "Australia/Lord_Howe": ("2026-04-04T15:00", "2026-10-03T15:30", "2026-10-03T13:30", "2026-10-04T13:00"),
}
"""For each zone the moments, UTC, at which its clocks change or a day begins."""


class End(Enum):
    """What becomes of an effect."""

    WAITS = "waits"
    BACK_IN_LINE = "certainly not applied, to be sent again"
    SENDING = "under way"
    UNKNOWN = "in doubt"
    POSTED = "posted"
    FOUND = "posted after it was in doubt"
    ATTENTION = "needs attention"
    MENDED = "needed attention, then posted"
    TOOK_HOLD = "settled by hand as booked"
    NOT_BOOKED = "settled by hand as not booked"
    WRITTEN_OFF = "used offline, refused and written off"


class Back(Enum):
    """How a backend is told of goods that come back."""

    GOODS = "it works out the points"
    POINTS = "earned points taken, used points given"
    UNDONE = "the redemption undone, earned points taken"
    MONEY = "nothing to tell"


class MadeReturn(Struct, frozen=True):
    """One return of a made-up sale."""

    hours_later: int
    whole: bool
    reason: ReturnReason
    how: Back
    ends: tuple[End, End]
    booked: Decimal | None
    staff: str
    again: bool


class MadeSale(Struct, frozen=True):
    """One made-up sale; `minutes` from the edge of its day."""

    edge: int
    minutes: int
    currency: Currency
    bill: int
    off: int
    member: str
    unseen: bool
    way: Way
    tier: str
    staff: str
    took: int | None
    offline: bool
    approved: str
    reward: bool
    kept_offset: bool
    used: Decimal
    expects: Decimal
    booked: Decimal | None
    holds: bool
    ends: tuple[End, End]
    again: bool
    returns: tuple[MadeReturn, ...]
    claimed: str = ""


class Beside(Enum):
    """What is done beside the sales of a till."""

    ENROLMENT = "a member made"
    CLAIM = "a sale of another till claimed"
    LINK = "one linked"
    MERGE = "two records to be joined"
    RETURN = "goods of another till's sale taken back"


class MadeBeside(Struct, frozen=True):
    """One such act."""

    edge: int
    minutes: int
    what: Beside
    how: Back
    reason: ReturnReason
    currency: Currency
    bill: int
    points: Decimal
    staff: str
    ends: tuple[End, End]
    booked: Decimal | None
    counted: bool
    again: bool


class MadeAct(Struct, frozen=True):
    """An enrolment, a limit lifted, points that lapsed."""

    edge: int
    minutes: int
    kind: ActKind
    staff: str
    points: Decimal
    again: bool


class MadeDays(Struct, frozen=True):
    """A few days at one till."""

    zone: str
    sales: tuple[MadeSale, ...]
    acts: tuple[MadeAct, ...]
    beside: tuple[MadeBeside, ...] = ()


_points = st.one_of(
    st.integers(0, 5000).map(Decimal), st.decimals(0, 900, places=4, allow_nan=False, allow_infinity=False)
)
_change = st.none() | st.decimals(-500, 500, places=2, allow_nan=False, allow_infinity=False)
_staff = st.sampled_from(["", "asha", "meera"])
_minutes = st.integers(-180, 180) | st.integers(-4000, 4000)
_returns = st.builds(
    MadeReturn,
    hours_later=st.integers(0, 30),
    whole=st.booleans(),
    reason=st.sampled_from(ReturnReason),
    how=st.sampled_from(Back),
    ends=st.tuples(st.sampled_from(End), st.sampled_from(End)),
    booked=_change,
    staff=_staff,
    again=st.booleans(),
)
_sales = st.builds(
    MadeSale,
    edge=st.integers(0, 3),
    minutes=_minutes,
    currency=st.sampled_from([YEN, RUPEE, DINAR]),
    bill=st.integers(1, 10**7),
    off=st.integers(0, 10**4),
    member=st.sampled_from(["", "m-1", "m-2"]),
    unseen=st.booleans(),
    way=st.sampled_from(Way),
    tier=st.sampled_from(["", "Gold", "Silver"]),
    staff=_staff,
    took=st.none() | st.integers(0, 3000),
    offline=st.booleans(),
    approved=st.sampled_from(["", "Meera"]),
    reward=st.booleans(),
    kept_offset=st.booleans(),
    used=_points,
    expects=_points,
    booked=_change,
    holds=st.booleans(),
    ends=st.tuples(st.sampled_from(End), st.sampled_from(End)),
    again=st.booleans(),
    returns=st.lists(_returns, max_size=2).map(tuple),
    claimed=st.sampled_from(["", "sale", "link"]),
)
_beside = st.builds(
    MadeBeside,
    edge=st.integers(0, 3),
    minutes=_minutes,
    what=st.sampled_from(Beside),
    how=st.sampled_from([Back.GOODS, Back.POINTS, Back.UNDONE]),
    reason=st.sampled_from(ReturnReason),
    currency=st.sampled_from([YEN, RUPEE, DINAR]),
    bill=st.integers(1, 10**7),
    points=_points,
    staff=_staff,
    ends=st.tuples(st.sampled_from(End), st.sampled_from(End)),
    booked=_change,
    counted=st.booleans(),
    again=st.booleans(),
)
_acts = st.builds(
    MadeAct,
    edge=st.integers(0, 3),
    minutes=_minutes,
    kind=st.sampled_from(ActKind),
    staff=_staff,
    points=_points,
    again=st.booleans(),
)
made_days = st.builds(
    MadeDays,
    zone=st.sampled_from(sorted(EDGES)),
    sales=st.lists(_sales, max_size=5).map(tuple),
    acts=st.lists(_acts, max_size=2).map(tuple),
    beside=st.lists(_beside, max_size=3).map(tuple),
)


PLAIN = MadeSale(
    edge=0,
    minutes=0,
    currency=RUPEE,
    bill=1,
    off=0,
    member="",
    unseen=False,
    way=Way.PHONE,
    tier="",
    staff="",
    took=None,
    offline=False,
    approved="",
    reward=False,
    kept_offset=True,
    used=Decimal(0),
    expects=Decimal(0),
    booked=None,
    holds=True,
    ends=(End.WAITS, End.WAITS),
    again=False,
    returns=(),
)
"""A sale with nothing special."""


def _busy_day() -> MadeDays:
    """Return a day in which everything happens at least once, the same every time."""
    ends = list(End)
    sales = tuple(
        replace(
            PLAIN,
            edge=number % 4,
            minutes=37 * number - 200,
            currency=(RUPEE, RUPEE, YEN, DINAR)[number % 4],
            bill=10_000 + number,
            off=500,
            member=("m-1", "m-2", "", "m-1")[number % 4],
            unseen=number % 8 == 2,
            way=list(Way)[number % 3],
            tier=("Gold", "")[number % 2],
            staff=("asha", "meera", "")[number % 3],
            took=None if number % 5 == 4 else 60 + number,
            offline=number % 3 == 0,
            approved="Meera" if number % 6 == 0 else "",
            reward=number % 7 == 1,
            kept_offset=number % 4 != 3,
            used=Decimal(100 + number) if number % 2 else Decimal(0),
            expects=Decimal("12.5") + number,
            booked=None if number % 3 else Decimal(9),
            holds=number % 4 == 1,
            ends=(ends[number % len(ends)], ends[(number * 5 + 3) % len(ends)]),
            again=number % 4 == 0,
            claimed=("", "sale", "link")[number % 3],
            returns=tuple(
                MadeReturn(
                    hours_later=5 * (number % 5),
                    whole=number % 4 == 1,
                    reason=list(ReturnReason)[(number + more) % 3],
                    how=list(Back)[(number + more) % 4],
                    ends=(ends[(number + 4) % len(ends)], End.POSTED),
                    booked=None if number % 4 == 1 else Decimal(number - 7),
                    staff="asha",
                    again=number % 2 == 0,
                )
                for more in range(number % 3)
            ),
        )
        for number in range(33)
    )
    acts = tuple(
        MadeAct(number % 4, 11 * number, kind, "meera", Decimal(40), again=True)
        for number, kind in enumerate(ActKind)
    )
    beside = tuple(
        MadeBeside(
            edge=number % 4,
            minutes=53 * number - 300,
            what=list(Beside)[number % 5],
            how=(Back.GOODS, Back.POINTS, Back.UNDONE)[number % 3],
            reason=list(ReturnReason)[number % 3],
            currency=(RUPEE, YEN, DINAR)[number % 3],
            bill=5000 + number,
            points=Decimal(number),
            staff=("asha", "")[number % 2],
            ends=(ends[number % len(ends)], ends[(number * 3 + 1) % len(ends)]),
            booked=None if number % 2 else Decimal(number + 1),
            counted=True,
            again=number % 4 == 0,
        )
        for number in range(33)
    )
    return MadeDays("Australia/Lord_Howe", sales, acts, beside)


BUSY_DAY = _busy_day()
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
