"""The last finished act at this till besides a sale: what F9 would undo, or say that it cannot."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class ActDone(StrEnum):
    """What was finished that is no sale. A sale needs no note: the journal has it."""

    RETURNED = "returned"
    ENROLLED = "enrolled"


class LastAct(Struct, frozen=True):
    """One act.

    Args:
        at: When, UTC.
        name: First name of whom it was about, or the number of the receipt; may be empty.
    """

    kind: ActDone
    at: datetime
    name: str = ""


class LastActs:
    """Keeps the newest. One thread only; gone when the program ends, unlike the sales."""

    def __init__(self) -> None:
        self._last: LastAct | None = None

    @property
    def last(self) -> LastAct | None:
        """Return the newest act noted, or None."""
        return self._last

    def note(self, act: LastAct) -> None:
        """Take note of an act just finished."""
        self._last = act
