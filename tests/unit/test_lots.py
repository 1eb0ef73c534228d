"""Points that lapse: which may be spent, which go first, and when new ones lapse."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.lots import earned_lot, soonest_lapse, spendable, spent_oldest_first
from cashier_app.domain.member import Account, Lapse, Lot
from cashier_app.domain.money import Currency
from cashier_app.domain.program import Program
from cashier_app.domain.program.tiers import Expiry, ExpiryEnd

TODAY = date(2026, 11, 21)
YESTERDAY, TOMORROW, LATER = date(2026, 11, 20), date(2026, 11, 22), date(2026, 12, 31)


def account(balance: int, *lots: Lot, lapses: Lapse | None = None) -> Account:
    return Account(Decimal(balance), datetime(2026, 11, 21, tzinfo=UTC), lots=lots, lapses=lapses)


def lot(points: int, last_day: date | None = None, first_day: date | None = None) -> Lot:
    return Lot(Decimal(points), last_day, first_day)


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        (account(300), 300),
        (account(-5), 0),
        (account(300, lot(100, YESTERDAY), lot(200, LATER)), 200),
        (account(300, lot(100, TODAY), lot(200)), 300),
        (account(300, lot(100, LATER, TOMORROW), lot(200, LATER, TODAY)), 200),
        # The balance is the backend's word: lots may lag behind it, and it behind them.
        (account(150, lot(100), lot(100)), 150),
        (account(-50, lot(100)), 0),
        (account(300, lot(-100), lot(50)), 50),
    ],
)
def test_only_points_that_may_be_used_today_are_spendable(served: Account, expected: int) -> None:
    assert spendable(served, TODAY) == expected


def test_the_soonest_to_lapse_are_spent_first() -> None:
    kept, soon, late, waiting = lot(50), lot(100, TOMORROW), lot(100, LATER), lot(10, LATER, TOMORROW)
    served = account(250, kept, late, waiting, soon, lot(70, YESTERDAY))
    assert spent_oldest_first(served, Decimal(120), TODAY) == (
        (soon, lot(20, LATER)),
        (lot(80, LATER), waiting, kept),
    )
    assert spent_oldest_first(served, Decimal(0), TODAY) == ((), (soon, late, waiting, kept))
    assert spent_oldest_first(served, Decimal(999), TODAY) == ((soon, late, kept), (waiting,))
    assert spent_oldest_first(account(250), Decimal(120), TODAY) == ((), ())


def test_of_lots_that_lapse_together_the_first_usable_goes_first() -> None:
    early, newer = lot(10, LATER, YESTERDAY), lot(10, LATER, TODAY)
    assert spent_oldest_first(account(20, newer, early), Decimal(20), TODAY)[0] == (early, newer)


def test_lots_that_lag_behind_the_balance_are_spent_from_the_soonest() -> None:
    served = account(120, lot(100, TOMORROW), lot(100, LATER))
    assert spent_oldest_first(served, Decimal(30), TODAY) == (
        (lot(20, TOMORROW), lot(10, LATER)),
        (lot(90, LATER),),
    )


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        (account(300, lot(100, LATER), lot(40, TOMORROW), lot(60, TOMORROW)), Lapse(Decimal(100), TOMORROW)),
        (account(300, lot(100, TODAY), lot(200, LATER)), Lapse(Decimal(100), TODAY)),
        (account(120, lot(100, TOMORROW), lot(100, LATER)), Lapse(Decimal(20), TOMORROW)),
        (account(300, lot(300)), None),
        (account(300, lot(300, YESTERDAY)), None),
        (account(300, lapses=Lapse(Decimal(40), LATER)), Lapse(Decimal(40), LATER)),
        (account(300, lapses=Lapse(Decimal(40), TODAY)), Lapse(Decimal(40), TODAY)),
        (account(300, lapses=Lapse(Decimal(40), YESTERDAY)), None),
        (account(300), None),
    ],
)
def test_the_next_loss_is_foretold(served: Account, expected: Lapse | None) -> None:
    assert soonest_lapse(served, TODAY) == expected


@pytest.mark.parametrize(
    ("expiry", "earned", "last_day"),
    [
        (Expiry(), TODAY, None),
        (Expiry(days=30), date(2026, 1, 1), date(2026, 1, 31)),
        (Expiry(months=1), date(2026, 1, 31), date(2026, 2, 28)),
        (Expiry(months=1), date(2028, 1, 31), date(2028, 2, 29)),
        (Expiry(months=12), TODAY, date(2027, 11, 21)),
        (Expiry(months=1), TODAY, date(2026, 12, 21)),
        (Expiry(months=2), TODAY, date(2027, 1, 21)),
        (Expiry(months=1, days=1), date(2026, 1, 31), date(2026, 3, 1)),
        (Expiry(months=12, until_end_of=ExpiryEnd.MONTH), TODAY, date(2027, 11, 30)),
        (Expiry(months=2, until_end_of=ExpiryEnd.QUARTER), TODAY, date(2027, 3, 31)),
        (Expiry(until_end_of=ExpiryEnd.QUARTER), TODAY, date(2026, 12, 31)),
        (Expiry(until_end_of=ExpiryEnd.HALF_YEAR), date(2026, 6, 30), date(2026, 6, 30)),
        (Expiry(until_end_of=ExpiryEnd.HALF_YEAR), date(2026, 7, 1), date(2026, 12, 31)),
        (Expiry(months=36, until_day="09-30"), TODAY, date(2030, 9, 30)),
        (Expiry(months=36, until_day="09-30"), date(2026, 9, 30), date(2029, 9, 30)),
        (Expiry(months=36, until_day="09-30"), date(2026, 10, 1), date(2030, 9, 30)),
        (Expiry(until_day="12-01"), TODAY, date(2026, 12, 1)),
        (Expiry(until_day="11-20"), TODAY, date(2027, 11, 20)),
        (Expiry(until_day="02-28"), date(2028, 2, 29), date(2029, 2, 28)),
        (Expiry(until_day="01-01"), date(9999, 6, 1), date.max),
        (Expiry(until_end_of=ExpiryEnd.YEAR), TODAY, date(2026, 12, 31)),
        (Expiry(days=60, until_end_of=ExpiryEnd.YEAR), TODAY, date(2027, 12, 31)),
        (Expiry(days=30), date(9999, 12, 31), date.max),
        (Expiry(months=1), date(9999, 12, 1), date.max),
    ],
)
def test_points_lapse_as_the_program_says(expiry: Expiry, earned: date, last_day: date | None) -> None:
    program = Program(currency=Currency("INR", 2), expiry=expiry)
    assert earned_lot(program, Decimal(5), earned) == Lot(Decimal(5), last_day)


def test_new_points_may_have_to_wait() -> None:
    program = Program(currency=Currency("INR", 2), expiry=Expiry(days=30, usable_after_days=14))
    assert earned_lot(program, Decimal(5), TODAY) == lot(5, date(2026, 12, 21), date(2026, 12, 5))


days = st.one_of(st.none(), st.dates(date(2026, 11, 18), date(2026, 11, 25)))
lots = st.lists(st.builds(lot, st.integers(-5, 50), days, days), max_size=6)


@given(lots=lots, balance=st.integers(-20, 200), asked=st.integers(-5, 300))
def test_what_is_spent_and_what_remains_are_what_there_was(lots: list[Lot], balance: int, asked: int) -> None:
    served, none = account(balance, *lots), Decimal(0)
    paying, rest = spent_oldest_first(served, Decimal(asked), TODAY)
    _, before = spent_oldest_first(served, none, TODAY)
    usable = spendable(served, TODAY) if lots else none
    assert sum((each.points for each in paying), none) == max(0, min(asked, usable))
    assert sum((each.points for each in (*paying, *rest)), none) == sum(
        (each.points for each in before), none
    )
    assert all(each.points > 0 for each in (*paying, *rest))
    assert all(each.last_day is None or each.last_day >= TODAY for each in (*paying, *rest))
