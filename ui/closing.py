"""What the close of the day asks of the till, so that tests can put another there."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from cashier_app.domain.day_close import ClosedDay, OpenDay
from cashier_app.services.approval import Approval
from cashier_app.wording import Wording
from cashier_app.wording.close_sheet import CloseSheet


class Closing(Protocol):
    """The closed days. Every method blocks: for worker threads.

    Raises:
        KnownError: From every method, when something cannot be read or written; the sentence says what.
    """

    def preview(self) -> OpenDay:
        """Return the report as it would be now, and the number it would get."""

    def close(self, number: int, approval: Approval) -> ClosedDay:
        """Close the day; pressed twice, it returns the close that was made."""

    def earlier(self, limit: int = 50, below: int = 0) -> list[ClosedDay]:
        """Return closes, the newest first."""

    def for_paper(self, number: int, wording: Wording) -> tuple[CloseSheet, int]:
        """Return what is to be printed, and which copy that is; it is noted as going out."""

    def save(self, number: int, path: Path, wording: Wording, *, roll: bool = False) -> int:
        """Write a close to a .pdf, .csv or .json file, and return which copy that is."""
