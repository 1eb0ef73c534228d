"""The shops of the tests and pictures: currencies, programs and people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from cashier_app.domain.member import Member
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.points import PointName
from cashier_app.domain.program import (
    Cap,
    Conversion,
    Earning,
    Program,
    Redemption,
    Reward,
    RewardKind,
    check_program,
)

ZONE = ZoneInfo("Asia/Kolkata")
RUPEE = Currency("INR", 2)
DINAR = Currency("KWD", 3)

COINS = check_program(
    Program(
        name="Marigold coins",
        version="7",
        currency=RUPEE,
        point_name=PointName("coin", "coins"),
        point_scale=0,
        earning=Earning(points=Decimal(1), per=10000),
        redemption=Redemption(
            conversion=Conversion(points=Decimal(1), value=100),
            start_points=Decimal(100),
            minimum_bill=50000,
            caps=(Cap(50000, 20000), Cap(250000, 25000)),
        ),
        rewards=(
            Reward("coffee", "Free coffee", RewardKind.GIFT, Decimal(120)),
            Reward("tenth", "10% off", RewardKind.PERCENT_OFF, Decimal(500), value=10),
        ),
    )
)
"""The program of the pictures: one coin a rupee, from 100 coins and ₹500, at most ₹200 (₹250 from ₹2,500)."""

DINARS = check_program(
    Program(
        name="Souq points",
        version="3",
        currency=DINAR,
        point_name=PointName("point", "points"),
        point_scale=0,
        earning=Earning(points=Decimal(10), per=1000),
        redemption=Redemption(conversion=Conversion(points=Decimal(1000), value=1000), maximum_percent=20),
    )
)
"""Three decimals: 1000 points are one dinar, at most a fifth of the bill."""

PRIYA = Member("m-1", "Priya Raghunathan", masked_phone="+91 ••••• ••210", number="MB4410")
RAHUL = Member("m-2", "Rahul Deshpande", masked_phone="+91 ••••• ••548")
DEVIKA = Member("m-3", "Devika Shenoy", masked_phone="+91 ••••• ••877", blocked_since=date(2026, 11, 12))
ANIL = Member("m-6", "Anil Kamath", "+91 ••••• ••214", "MB4471", last_visit=date(2026, 11, 19))
MEERA = Member("m-7", "Meera Kamath", "+91 ••••• ••214", "MB9082", last_visit=date(2026, 11, 2))


def rupees(amount: int) -> Money:
    """Return so many whole rupees."""
    return Money(amount * 100, RUPEE)
