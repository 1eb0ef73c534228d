"""Closing the day: a look at the report, the close, and what goes out on paper or as a file. Blocking."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from cashier_app.domain.day_close import ClosedDay, OpenDay
from cashier_app.domain.day_close_check import Finding
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.day_closings import DayClosings, Letterhead
from cashier_app.services.approval import Approval


class PaperCopy(Struct, frozen=True):
    """A close that goes out: `count` is 0 for the original, else which copy it is; `at` is now, UTC."""

    closed: ClosedDay
    count: int
    at: datetime


class DayClosing:
    """Closes the day of one till. For worker threads.

    Args:
        letterhead: What each report says of this till.
    """

    def __init__(self, closings: DayClosings, clock: Clock, letterhead: Letterhead) -> None:
        self._closings = closings
        self._clock = clock
        self._letterhead = letterhead

    def preview(self) -> OpenDay:
        """Return the report as it would be now, and the number it would get. Changes nothing."""
        return self._closings.open_day(self._letterhead, self._clock.now())

    def close(self, number: int, approval: Approval) -> ClosedDay:
        """Close the day under the number of the report that was looked at.

        Whoever presses twice, or again after the till was killed, gets the close that was made.

        Raises:
            KnownError: A sale is being paid, another close came in between, or the disk refuses.
        """
        return self._closings.close_day(
            number, self._letterhead, self._clock.now(), by=approval.by, staff_id=approval.staff_id
        )

    def earlier(self, limit: int = 50, below: int = 0) -> list[ClosedDay]:
        """Return closes, the newest first; only those with a lower number where `below` is given."""
        return self._closings.closed_days(limit, below)

    def closed_day(self, number: int) -> ClosedDay:
        """Return one close.

        Raises:
            KnownError: There is none of this number.
        """
        found = self._closings.closed_day(number)
        if found is None:
            raise KnownError(f"There is no day close {number}.")
        return found

    def hand_out(self, number: int, how: str, by: str = "") -> PaperCopy:
        """Return a close to be printed or saved, noted in the audit log before it goes out.

        Args:
            number: Which.
            how: ``printed``, ``pdf``, ``csv`` or ``json``.
            by: Who wants it, where that is known.

        Raises:
            KnownError: There is none of this number, or the disk refuses.
        """
        now = self._clock.now()
        count = self._closings.note_copy(number, now, by=by, how=how)
        return PaperCopy(self.closed_day(number), count, now)

    def look_through(self) -> tuple[Finding, ...]:
        """Return everything that is wrong with the closes."""
        return self._closings.look_through()
