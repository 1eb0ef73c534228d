"""How old a code is that carries its time."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum, auto

from cashier_app.domain.identifier.values import ChangingCode

CLOCK_ERROR = timedelta(seconds=60)
"""How far the clocks of phone, backend and till may be apart."""


class Age(Enum):
    """What the time in a code says."""

    GOOD = auto()
    TOO_OLD = auto()
    AHEAD = auto()
    """Made later than now: one of the two clocks is wrong, or somebody makes codes in advance."""


def age_of(code: ChangingCode, now: datetime) -> Age:
    """Judge a code by its own time; one that does not say when it was made is good. `now` is UTC.

    The backend is the judge of the last minute, and of the proof in the code.
    """
    if code.made_at is None:
        return Age.GOOD
    age = now - code.made_at
    if age < -CLOCK_ERROR:
        return Age.AHEAD
    return Age.GOOD if age <= timedelta(seconds=code.life_seconds) + CLOCK_ERROR else Age.TOO_OLD
