"""How often a PIN may be tried: five times at once, then after waits, after ten once a manager allows it.

The wait is measured on two clocks. It is over when both say so, and begins anew when either stands before its
own mark: a clock set forwards cannot shorten it on the other, one set back cannot shorten it at all, and the
most it can do is to begin one wait again. The monotonic clock counts from the start of the computer, so that
a difference to a mark of an earlier start is never more than the time that really went by.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

FREE_TRIES = 5
FIRST_WAIT_SECONDS = 30
LONGEST_WAIT_SECONDS = 3600
LOCKED_AT = 10


class Tries(Struct, frozen=True):
    """What is known of the tries for one person since the last right one.

    Args:
        failures: Tries counted; each before it was checked.
        at: Wall clock of the last one, or of when its wait began anew; UTC.
        monotonic: The other clock at the same moment, since the computer started.
    """

    failures: int
    at: datetime
    monotonic: timedelta


class Go(Struct, frozen=True):
    """Try: it is counted already."""

    tries: Tries


class Wait(Struct, frozen=True):
    """Too soon; `tries` is to be kept where a clock was set back."""

    seconds: int
    tries: Tries


class LockedOut(Struct, frozen=True):
    """Too often: only a manager lets this person try again."""


Verdict = Go | Wait | LockedOut


def wait_after(failures: int) -> int:
    """Return how many seconds lie between so many wrong tries and the next."""
    if failures < FREE_TRIES:
        return 0
    # It doubles; bounded so that no count, however large, overflows.
    return min(FIRST_WAIT_SECONDS << min(failures - FREE_TRIES, 16), LONGEST_WAIT_SECONDS)


def next_try(
    before: Tries | None, at: datetime, monotonic: timedelta, locked_at: int | None = LOCKED_AT
) -> Verdict:
    """Say whether a PIN may be tried now.

    Args:
        before: The tries so far; None when there were none.
        at: The wall clock, UTC.
        monotonic: The other clock.
        locked_at: How many wrong tries lock; None where nothing ever does.
    """
    if before is None:
        return Go(Tries(1, at, monotonic))
    if locked_at is not None and before.failures >= locked_at:
        return LockedOut()
    seconds = wait_after(before.failures)
    wait, went_by = timedelta(seconds=seconds), min(at - before.at, monotonic - before.monotonic)
    if wait and went_by < timedelta():
        return Wait(seconds, replace(before, at=at, monotonic=monotonic))
    if wait and went_by < wait:
        # Rounded up, by rounding down what is missing the other way.
        return Wait(-((went_by - wait) // timedelta(seconds=1)), before)
    return Go(Tries(before.failures + 1, at, monotonic))
