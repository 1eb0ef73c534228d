"""How long a sale may wait before its age is a warning, and before somebody must look."""

from __future__ import annotations

from datetime import datetime, timedelta

from cashier_app.wording.sentences import Tone

WARNING_FROM = timedelta(hours=1)
LATE_FROM = timedelta(hours=12)


def age_tone(at: datetime, now: datetime) -> Tone:
    """Return what the age of something not posted means; a clock set back makes nothing old. Both UTC."""
    age = now - at
    if age >= LATE_FROM:
        return Tone.STOP
    return Tone.WAIT if age >= WARNING_FROM else Tone.MUTED
