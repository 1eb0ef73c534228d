"""The shops of the tests and pictures: currencies, programs and people."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from cashier_app.documents.program_document import program_value, read_program_value
from cashier_app.domain.member import Member
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.program import Program

ZONE = ZoneInfo("Asia/Kolkata")
RUPEE = Currency("INR", 2)
DINAR = Currency("KWD", 3)
OCCASION = Occasion(datetime(2026, 11, 20, 14, 32, tzinfo=ZONE), "Marigold Stores")


def altered(program: Program, **document: object) -> Program:
    """Return a program with some parts of its document written anew."""
    return read_program_value({**program_value(program), **document})


def gift(reward_id: str, name: str, cost: int) -> dict[str, object]:
    """Return the document of a reward that is handed over."""
    return {"kind": "gift", "reward_id": reward_id, "name": name, "cost": cost}


def percent_off(reward_id: str, name: str, cost: int, percent: int) -> dict[str, object]:
    """Return the document of a reward that takes a share off the bill."""
    return {"kind": "percent_off", "reward_id": reward_id, "name": name, "cost": cost, "percent": percent}


COINS = read_program_value(
    {
        "name": "Marigold coins",
        "version": "7",
        "currency": "INR",
        "point_name": {"singular": "coin", "plural": "coins"},
        "earning": {"rules": [{"kind": "per_amount", "points": 1, "per": 100}]},
        "redemption": [
            {
                "conversion": {"points": 1, "value": 1},
                "start_points": 100,
                "minimum_bill": 500,
                "maximum_by_bill": [
                    {"from_bill": 500, "maximum": 200},
                    {"from_bill": 2500, "maximum": 250},
                ],
            }
        ],
        "rewards": [gift("coffee", "Free coffee", 120), percent_off("tenth", "10% off", 500, 10)],
    }
)
"""The program of the pictures: one coin a rupee, from 100 coins and ₹500, at most ₹200 (₹250 from ₹2,500)."""

DINARS = read_program_value(
    {
        "name": "Souq points",
        "version": "3",
        "currency": "KWD",
        "earning": {"rules": [{"kind": "per_amount", "points": 10}]},
        "redemption": [{"conversion": {"points": 1000, "value": 1}, "maximum_percent": 20}],
    }
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
