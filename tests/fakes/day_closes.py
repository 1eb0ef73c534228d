"""Made-up reports of a day: a busy one, an empty one, and one of a till that was offline all day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from cashier_app.domain.day_close import (
    ChainHead,
    ClosedDay,
    Correction,
    DayClose,
    GrandTotals,
    Loss,
    OfflineSpell,
    Override,
    Stock,
    WaitingSale,
    canonical,
    digest,
    spans_of,
)
from cashier_app.domain.figures import NO_FIGURES, Figures, Split
from cashier_app.domain.money import Currency, Money
from tests.fakes.shop import RUPEE

UNTIL = datetime(2026, 11, 21, 15, 31, tzinfo=UTC)
SINCE = UNTIL - timedelta(hours=24, minutes=4)

DAY = Figures(
    sales=63,
    member_sales=41,
    redeemed_sales=17,
    known_sales=40,
    first_sales=6,
    offline_sales=3,
    timed_sales=41,
    bill=152_43_000,
    redeemed_bill=48_20_000,
    discount=3_150_00,
    paid=152_43_000 - 3_150_00,
    enrolled=3,
    earned=Decimal(1284),
    waiting_earned=Decimal(46),
    refused_earned=Decimal(12),
    used=Decimal(3030),
    waiting_used=Decimal(120),
    taken_back=Decimal(23),
    given_back=Decimal(200),
    waiting_back=Decimal(-10),
    returns=2,
    returned_bill=3_360_00,
    returned_discount=200_00,
    returned_paid=3_160_00,
    voids=1,
    overrides=1,
    corrections=1,
    discrepancies=1,
    discrepancy=120_00,
)
_PARTS: dict[Split, dict[str, tuple[int, int, str, int]]] = {
    Split.STAFF: {
        "asha": (31, 22, "1900", 1900_00),
        "vikram": (24, 14, "1050", 1050_00),
        "": (8, 5, "200", 200_00),
    },
    Split.TIER: {"Gold": (12, 12, "1400", 1400_00), "Silver": (29, 29, "1750", 1750_00), "": (22, 0, "0", 0)},
    Split.WAY: {
        "wallet code": (30, 30, "2950", 2950_00),
        "phone": (11, 11, "200", 200_00),
        "": (22, 0, "0", 0),
    },
}


def grand_totals(currency: Currency = RUPEE, days: int = 1) -> GrandTotals:
    """Return grand totals after so many days like the busy one."""
    total = NO_FIGURES
    for _ in range(days):
        total += DAY
    by = {
        split: {
            name: Figures(
                sales=days * sales,
                member_sales=days * members,
                used=days * Decimal(used),
                earned=days * Decimal(sales * 12),
                discount=days * discount,
            )
            for name, (sales, members, used, discount) in parts.items()
        }
        for split, parts in _PARTS.items()
    }
    return GrandTotals(currency.code, currency.decimals, total, by)


def busy_report(number: int = 12, *, training: bool = False, store: str = "Marigold Stores") -> DayClose:
    """Return the report of a day on which everything happened."""
    at = UNTIL - timedelta(hours=3)
    return DayClose(
        number=number,
        store=store,
        till="2",
        training=training,
        made_with="1.0.0",
        since=SINCE,
        until=UNTIL,
        first_day=date(2026, 11, 20),
        last_day=date(2026, 11, 21),
        first_sale=356,
        last_sale=418,
        closed_by="Meera Iyer (meera)" if number else "",
        staff_id="meera" if number else "",
        names={"asha": "Asha Krishnamurthy", "vikram": "विक्रम शर्मा", "meera": "Meera Iyer"},
        currencies=spans_of([grand_totals(days=12)], [grand_totals(days=11)]),
        stock=Stock(
            waiting=2,
            needs_person=1,
            sales=(
                WaitingSale("2-0398", at, needs_person=True),
                WaitingSale("2-0416", UNTIL - timedelta(minutes=21), needs_person=False),
                WaitingSale("2-0418", UNTIL - timedelta(minutes=4), needs_person=False),
            ),
            holds=1,
        ),
        corrections=(
            Correction(
                "2-0371", "capture", "not booked", "Meera Iyer", "Customer paid the discount back", at
            ),
        ),
        losses=(Loss("2-0371", Money(120_00, RUPEE), "settled by hand", at),),
        overrides=(
            Override(
                "2-0402",
                "points used offline",
                "Meera Iyer (meera)",
                at,
                "member known",
                Money(300_00, RUPEE),
            ),
        ),
        offline=(OfflineSpell(at, at + timedelta(minutes=18), 1080),),
        chain=ChainHead(4_182, digest("the row before")),
        before=digest("the report before"),
    )


def empty_report(number: int = 1) -> DayClose:
    """Return the report of a day on which nothing happened."""
    none = GrandTotals(RUPEE.code, RUPEE.decimals)
    return DayClose(
        number=number,
        store="Marigold Stores",
        till="2",
        made_with="1.0.0",
        until=UNTIL,
        closed_by="Meera Iyer",
        currencies=spans_of([none], []),
        chain=ChainHead(0, ""),
    )


def closed(report: DayClose | None = None, copies: int = 0) -> ClosedDay:
    """Return a report as it is kept."""
    text = canonical(report or busy_report())
    return ClosedDay(report or busy_report(), text, digest(text), copies)


def many_waiting(report: DayClose, count: int = 40) -> DayClose:
    """Return a report with so many sales that wait."""
    sales = tuple(
        WaitingSale(f"2-{at:04d}", UNTIL - timedelta(minutes=count - at), needs_person=False)
        for at in range(1, count + 1)
    )
    return replace(report, stock=Stock(waiting=count + 700, sales=sales))
