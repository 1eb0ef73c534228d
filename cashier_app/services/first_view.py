"""What the till shows before anything has happened."""

from __future__ import annotations

from datetime import datetime

from cashier_app.domain.amount_entry import AmountEntry
from cashier_app.domain.choice import TakeMaximum
from cashier_app.domain.occasion import Occasion
from cashier_app.services.till_settings import TillSettings
from cashier_app.services.till_status import NO_FIGURES, UNKNOWN_CONNECTION
from cashier_app.services.till_view import Nobody, Step, Target, TillView, Today


def first_view(settings: TillSettings, now: datetime) -> TillView:
    """Return the empty till; `now` is UTC."""
    return TillView(
        step=Step.IDLE,
        target=Target.SCAN,
        person=Nobody(),
        entry="",
        bill=AmountEntry(settings.currency),
        choice=TakeMaximum(),
        connection=UNKNOWN_CONNECTION,
        today=Today(NO_FIGURES, ()),
        occasion=Occasion(now.astimezone(settings.zone), settings.store),
        offline_policy=settings.offline,
    )
