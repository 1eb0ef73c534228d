"""Conditions of a program in words: days, hours, stores and tiers."""

from __future__ import annotations

from collections.abc import Sequence

from cashier_app.domain.program.conditions import Weekday
from cashier_app.domain.reasons import NotNow, Period
from cashier_app.wording.sentences import name_in_sentence
from cashier_app.wording.speech import Wording

_WEEK = tuple(Weekday)
_MOST_NAMES = 3


def times(reason: NotNow, wording: Wording) -> tuple[str, str]:
    """Return the days on which something holds, such as ``Tuesdays``, and the hours; either may be empty."""
    clock = wording.figures.time_of_day
    start, end = reason.from_time, reason.until_time
    hours = ""
    if start is not None and end is not None:
        hours = wording.text("{start} to {end}", start=clock(start), end=clock(end))
    elif start is not None:
        hours = wording.text("from {start}", start=clock(start))
    elif end is not None:
        hours = wording.text("before {end}", end=clock(end))
    return _days(reason.weekdays, wording), hours


def names(several: Sequence[str], wording: Wording, *, either: bool = False) -> str:
    """Return names as a list, such as ``Gold and Platinum``; `either`: ``Gold or Platinum``."""
    shown = [name_in_sentence(name) for name in several[:_MOST_NAMES]]
    if len(several) > _MOST_NAMES:
        shown.append(wording.text("others"))
    if len(shown) < 2:
        return "".join(shown)
    values = {"first": wording.text(", ").join(shown[:-1]), "last": shown[-1]}
    return (
        wording.text("{first} or {last}", **values)
        if either
        else wording.text("{first} and {last}", **values)
    )


def in_period(period: Period, wording: Wording) -> str:
    """Return when a while is now, such as ``today``; nothing for all time."""
    return {
        Period.DAY: wording.text("today"),
        Period.WEEK: wording.text("this week"),
        Period.MONTH: wording.text("this month"),
        Period.YEAR: wording.text("this year"),
        Period.EVER: "",
    }[period]


def _days(days: Sequence[Weekday], wording: Wording) -> str:
    words = {
        Weekday.MONDAY: wording.text("Mondays"),
        Weekday.TUESDAY: wording.text("Tuesdays"),
        Weekday.WEDNESDAY: wording.text("Wednesdays"),
        Weekday.THURSDAY: wording.text("Thursdays"),
        Weekday.FRIDAY: wording.text("Fridays"),
        Weekday.SATURDAY: wording.text("Saturdays"),
        Weekday.SUNDAY: wording.text("Sundays"),
    }
    held = [day for day in _WEEK if day in days]
    if not held or len(held) == len(_WEEK):
        return ""
    first = _WEEK.index(held[0])
    if len(held) > 2 and tuple(held) == _WEEK[first : first + len(held)]:
        return wording.text("{first} to {last}", first=words[held[0]], last=words[held[-1]])
    if len(held) == 1:
        return words[held[0]]
    firsts = wording.text(", ").join(words[day] for day in held[:-1])
    return wording.text("{first} and {last}", first=firsts, last=words[held[-1]])
