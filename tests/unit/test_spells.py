"""Time offline on the shop's calendar, beside a model that looks at every minute by itself."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from cashier_app.domain.spells import split_by_day

ZONES = (
    "Asia/Kolkata",
    "Europe/London",
    "America/New_York",
    "America/Sao_Paulo",  # its clocks changed at midnight until 2019
    "America/Havana",  # they still do
    "Australia/Lord_Howe",
    "Pacific/Apia",  # left out a whole day
    "Africa/Cairo",
    "UTC",
)
START = datetime(2011, 1, 1, tzinfo=UTC)
MINUTES = 17 * 365 * 24 * 60
MOMENTS = st.integers(0, MINUTES).map(lambda minutes: START + timedelta(minutes=minutes))


def by_minutes(until: datetime, minutes: int, zone: ZoneInfo) -> dict[date, int]:
    """Return the same by asking of each minute on which day of the zone it was."""
    days: Counter[date] = Counter()
    for minute in range(1, minutes + 1):
        days[(until - timedelta(minutes=minute)).astimezone(zone).date()] += 60_000
    return dict(days)


@given(until=MOMENTS, minutes=st.integers(0, 3 * 24 * 60), name=st.sampled_from(ZONES))
@example(datetime(2026, 3, 29, 12, tzinfo=UTC), 2000, "Europe/London")
@example(datetime(2018, 11, 4, 12, tzinfo=UTC), 2000, "America/Sao_Paulo")
@example(datetime(2018, 2, 18, 12, tzinfo=UTC), 2000, "America/Sao_Paulo")
@example(datetime(2011, 12, 31, 12, tzinfo=UTC), 4000, "Pacific/Apia")
@example(datetime(2026, 11, 1, 12, tzinfo=UTC), 2000, "America/Havana")
def test_a_stretch_is_split_where_the_shop_has_midnight(until: datetime, minutes: int, name: str) -> None:
    zone = ZoneInfo(name)
    assert split_by_day(until, minutes * 60_000, zone) == by_minutes(until, minutes, zone)


@given(
    until=st.tuples(MOMENTS, st.integers(0, 59_999_999)),
    milliseconds=st.integers(-5, 10**9),
    name=st.sampled_from(ZONES),
)
def test_parts_add_up_to_the_whole(until: tuple[datetime, int], milliseconds: int, name: str) -> None:
    days = split_by_day(until[0] + timedelta(microseconds=until[1]), milliseconds, ZoneInfo(name))
    assert sum(days.values()) == max(milliseconds, 0)
    assert all(part > 0 for part in days.values())
