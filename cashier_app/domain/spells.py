"""Time offline on the shop's calendar: how much of a stretch came to each business day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

MILLISECOND = timedelta(milliseconds=1)


def split_by_day(until: datetime, milliseconds: int, zone: tzinfo) -> dict[date, int]:
    """Return how many milliseconds of the stretch that ends here came to each day of a zone.

    Args:
        until: Its end, UTC.
        milliseconds: Its length by a clock that never jumps; nothing for zero and less.
        zone: Whose midnights split it.
    """
    days: dict[date, int] = {}
    ended = until.astimezone(UTC)
    end = ended.replace(microsecond=ended.microsecond // 1000 * 1000)  # so that the parts add up
    here = end - max(milliseconds, 0) * MILLISECOND
    while here < end:
        day = here.astimezone(zone).date()
        # Built with the zone, midnight is right on days of 23 and 25 hours too.
        midnight = datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)
        upto = min(midnight, end) if midnight > here else end
        days[day] = days.get(day, 0) + (upto - here) // MILLISECOND
        here = upto
    return days
