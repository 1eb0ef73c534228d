"""The shop of the samples: its programs, members and day, and views put together from them.

The figures are made up, but each adds up: they are made by the domain from a program, not written down.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from msgspec.structs import replace

from cashier_app.domain.amount_entry import AmountEntry
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import Choice, TakeMaximum
from cashier_app.domain.member import Account, Lapse, Member, TierStanding, Way
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.program import Program
from cashier_app.domain.quote import Quote, quote
from cashier_app.domain.sale import EffectState, Sale
from cashier_app.ports.journal import DayFigures, QueueCounts, SaleLine
from cashier_app.services.till_view import Connection, Person, Serving, Step, Target, TillView, Today
from tests.fakes.shop import COINS, DINAR, DINARS, OCCASION, RUPEE, ZONE, altered, gift, percent_off

REGION = "IN"


def at(hour: int, minute: int, second: int = 0) -> datetime:
    """Return a time of the sample day, told in the shop's zone, as UTC."""
    return datetime(2026, 11, 20, hour, minute, second, tzinfo=ZONE).astimezone(UTC)


NOW = at(14, 32, 41)
WENT_OFFLINE = at(14, 2)

PROGRAM = altered(
    COINS,
    rewards=[
        gift("coffee", "Free coffee", 120),
        percent_off("tenth", "10% off", 1500, 10),
        gift("bag", "Tote bag", 2000),
    ],
)

CRORES = altered(
    PROGRAM,
    redemption=[
        {
            "conversion": {"points": 1, "value": 1},
            "start_points": 100,
            "maximum_by_bill": [{"from_bill": 0, "maximum": 123456}],
        }
    ],
    rewards=[
        gift("coffee", "मोफत फिल्टर कॉफी आणि बिस्किटे", 120),
        percent_off("tenth", "10% off", 20000000, 10),
    ],
)

SOUQ = altered(
    DINARS, rewards=[gift("tea", "شاي مع الحليب", 800), percent_off("tenth", "10% off", 25000, 10)]
)

ANURADHA = Member("m-4", "श्रीमती अनुराधा वेंकटनरसिंहराजुवारिपेटा", masked_phone="+91 ••••• ••064")
ABDULRAHMAN = Member("m-5", "عبد الرحمن بن محمد الخليلي", masked_phone="+965 •••• •317")

GOLD = TierStanding("Gold", 3, 4, next_name="Platinum", missing=Money(476000, RUPEE), progress=720)

PRIYAS_ACCOUNT = Account(
    balance=Decimal(1240),
    as_of=NOW,
    tier=GOLD,
    lapses=Lapse(Decimal(80), date(2026, 11, 27)),
    store_credit=Money(15000, RUPEE),
)
RAHULS_ACCOUNT = Account(
    balance=Decimal(80),
    as_of=NOW,
    tier=TierStanding("Bronze", 1, 4, next_name="Silver", missing=Money(340000, RUPEE), progress=320),
)
DEVIKAS_ACCOUNT = Account(balance=Decimal(860), as_of=NOW)
ANURADHAS_ACCOUNT = Account(
    balance=Decimal(10864250),
    as_of=NOW,
    tier=TierStanding("Platinum Circle", 4, 4),
    lapses=Lapse(Decimal(1200000), date(2026, 11, 27)),
    store_credit=Money(100000000, RUPEE),
)
ABDULRAHMANS_ACCOUNT = Account(
    balance=Decimal(18402),
    as_of=NOW,
    tier=TierStanding("Pearl", 2, 3, next_name="Coral", missing=Money(41250, DINAR), progress=550),
    lapses=Lapse(Decimal(2000), date(2026, 11, 27)),
)
ANILS_ACCOUNT = Account(
    balance=Decimal(320),
    as_of=NOW,
    tier=TierStanding("Silver", 2, 4, next_name="Gold", missing=Money(120000, RUPEE), progress=600),
)
MEERAS_ACCOUNT = Account(balance=Decimal(2115), as_of=NOW, tier=GOLD)

ONLINE = Connection(online=True, offline_since=None, counts=QueueCounts(0, 0))
OFFLINE = Connection(online=False, offline_since=WENT_OFFLINE, counts=QueueCounts(2, 0))


def id_of(number: str) -> str:
    """Return the id of the sale with this number, shaped as a real one."""
    return f"01935f1c-7a40-7000-8000-0000000{number.replace('-', '')}"


def sold(
    number: str, name: str, minor: int, when: datetime, *, currency: Currency = RUPEE, used: int = 0
) -> Sale:
    """Return a sale paid with so many minor units and rupee coins; without a member when `name` is empty."""
    discount = Money(used * 100, currency)
    return Sale(
        sale_id=id_of(number),
        number=number,
        member_id=f"member-{number}" if name else "",
        display_name=name,
        way=Way.PHONE if name else None,
        bill=Money(minor, currency) + discount,
        discount=discount,
        paid=Money(minor, currency),
        points_used=Decimal(used),
        points_expected=Decimal(minor // 10000),
        at=when,
        program_version="7",
    )


def day_of(sales: Sequence[SaleLine]) -> Today:
    """Return the sample day with these sales as its last."""
    figures = DayFigures(
        sales=63,
        with_member=41,
        redeemed=17,
        points_earned=Decimal(842),
        best_share=72,
        since=at(9, 0),
    )
    return Today(figures, tuple(sales))


TODAY = day_of(
    (
        SaleLine(sold("2-0417", "Priya R.", 216000, at(14, 29)), EffectState.POSTED),
        SaleLine(sold("2-0416", "", 64000, at(14, 24)), EffectState.POSTED),
        SaleLine(sold("2-0415", "Omkar S.", 11840000, at(14, 21)), EffectState.POSTED),
    )
)
TODAY_AT_THE_SOUQ = day_of(
    (
        SaleLine(sold("2-0417", "Noura A.", 8400, at(14, 29), currency=DINAR), EffectState.POSTED),
        SaleLine(sold("2-0416", "", 112750, at(14, 24), currency=DINAR), EffectState.POSTED),
        SaleLine(sold("2-0415", "", 900, at(14, 21), currency=DINAR), EffectState.POSTED),
    )
)


def nobody(person: Person, step: Step, target: Target, *, entry: str = "") -> TillView:
    """Return a view without a bill: nobody served yet."""
    return TillView(
        step=step,
        target=target,
        person=person,
        entry=entry,
        bill=AmountEntry(RUPEE),
        choice=TakeMaximum(),
        connection=ONLINE,
        today=TODAY,
        occasion=OCCASION,
        program=PROGRAM,
    )


def serving(
    member: Member,
    account: Account,
    bill: AmountEntry,
    *,
    way: Way = Way.WALLET_CODE,
    choice: Choice | None = None,
    step: Step = Step.BILL,
    target: Target = Target.BILL,
    program: Program = PROGRAM,
    connection: Connection = ONLINE,
    today: Today = TODAY,
) -> TillView:
    """Return a view of a member being served, quoted by the domain."""
    wanted = choice or TakeMaximum()
    occasion = replace(OCCASION, online=connection.online)
    return TillView(
        step=step,
        target=target,
        person=Serving(member, account, way, fresh=connection.online),
        entry="",
        bill=bill,
        choice=wanted,
        connection=connection,
        today=today,
        occasion=OCCASION,
        program=program,
        quote=quote(program, member, account, bill_of(bill.money), wanted, occasion),
    )


def in_rupees(units: str) -> AmountEntry:
    """Return an amount typed in whole rupees."""
    return AmountEntry(RUPEE, units)


def quoted(view: TillView) -> Quote:
    """Return the quote of a view that has one."""
    assert view.quote is not None
    return view.quote
