"""When a rule holds: days, hours past midnight, stores, tiers and tags, each with its reason."""

from datetime import date, datetime, time

import pytest

from cashier_app.domain.circumstances import Circumstances, unmet
from cashier_app.domain.program.conditions import ALWAYS, Weekday, When
from cashier_app.domain.reasons import NotForMember, NotForTier, NotInStore, NotNow, NotYet, Over, Unmet

WEEKEND = (Weekday.SATURDAY, Weekday.SUNDAY)


def at(moment: str) -> Circumstances:
    return Circumstances(datetime.fromisoformat(moment), "North", "Gold", ("staff",))


# 21 November 2026 is a Saturday.
NOON = at("2026-11-21T12:00")


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        (ALWAYS, None),
        (When(), None),
        (When(starts=date(2026, 11, 21), ends=date(2026, 11, 21)), None),
        (When(starts=date(2026, 11, 22)), NotYet(date(2026, 11, 22))),
        (When(ends=date(2026, 11, 20)), Over(date(2026, 11, 20))),
        (When(weekdays=WEEKEND), None),
        (When(weekdays=(Weekday.MONDAY,)), NotNow((Weekday.MONDAY,))),
        (When(from_time=time(12), until_time=time(12, 1)), None),
        (When(from_time=time(12, 1)), NotNow((), time(12, 1))),
        (When(until_time=time(12)), NotNow((), None, time(12))),
        (When(until_time=time(12, 1)), None),
        (When(until_time=time(0)), None),
        (When(stores=("North", "South")), None),
        (When(stores=("South",)), NotInStore(("South",))),
        (When(tiers=("Gold",)), None),
        (When(tiers=("Silver",)), NotForTier(("Silver",))),
        (When(member_tags=("staff", "student")), None),
        (When(member_tags=("student",)), NotForMember()),
        (When(except_member_tags=("student",)), None),
        (When(except_member_tags=("staff",)), NotForMember()),
    ],
)
def test_the_first_condition_that_does_not_hold(when: When, reason: Unmet | None) -> None:
    assert unmet(when, NOON) == reason


LATE = When(
    weekdays=(Weekday.SATURDAY,),
    from_time=time(22),
    until_time=time(2),
    starts=date(2026, 11, 21),
    ends=date(2026, 11, 21),
)


@pytest.mark.parametrize(
    ("moment", "holds"),
    [
        ("2026-11-21T21:59", False),
        ("2026-11-21T22:00", True),
        # Sunday's first hours belong to Saturday evening.
        ("2026-11-22T01:59", True),
        ("2026-11-22T02:00", False),
        ("2026-11-21T01:00", False),
        ("2026-11-22T22:00", False),
    ],
)
def test_hours_after_midnight_belong_to_the_evening_they_continue(moment: str, *, holds: bool) -> None:
    assert (unmet(LATE, at(moment)) is None) is holds


def test_the_first_day_of_the_calendar_has_no_day_before() -> None:
    assert unmet(When(from_time=time(22), until_time=time(2)), at("0001-01-01T01:00")) is None
