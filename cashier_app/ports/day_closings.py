"""Where closed days are kept, and what may be asked of them."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Protocol

from msgspec import Struct

from cashier_app.domain.day_close import ClosedDay, OpenDay
from cashier_app.domain.day_close_check import Finding
from cashier_app.domain.money import Currency


class Letterhead(Struct, frozen=True):
    """What a report says of its till besides the figures.

    Args:
        currency: The shop's own; it comes first.
        zone: Whose days those are that were recorded before the shop's clock was.
    """

    store: str
    till: str
    currency: Currency
    zone: tzinfo
    training: bool = False
    made_with: str = ""


class DayClosings(Protocol):
    """The closed days of one till. Every method blocks: for worker threads.

    Raises:
        KnownError: From every method, when the database cannot be read or written.
    """

    def open_day(self, letterhead: Letterhead, at: datetime) -> OpenDay:
        """Return what a close would hold now, and the number it would get. Changes nothing."""

    def close_day(
        self, number: int, letterhead: Letterhead, at: datetime, *, by: str, staff_id: str = ""
    ) -> ClosedDay:
        """Close the day under this number, in one transaction with the row of the audit log.

        A close that is there already is returned as it is: pressing twice makes one.

        Raises:
            KnownError: A sale is being paid, or the number is not the next.
        """

    def closed_days(self, limit: int = 50, below: int = 0) -> list[ClosedDay]:
        """Return closes, the newest first; only those with a lower number where `below` is given."""

    def closed_day(self, number: int) -> ClosedDay | None:
        """Return one close."""

    def note_copy(self, number: int, at: datetime, *, by: str, how: str) -> int:
        """Write into the audit log that a close goes out on paper or as a file, and return which copy it is.

        0 is the original: what goes out first.
        """

    def look_through(self) -> tuple[Finding, ...]:
        """Return everything that is wrong with the closes; nothing is changed."""
