"""What the day view asks of the till, so that tests can put another there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from cashier_app.domain.period import Period
from cashier_app.ports.figures import Scope
from cashier_app.services.day_stats import DayReport
from cashier_app.services.health import Action, HealthReport


class DayBooks(Protocol):
    """The figures. Every method blocks: for worker threads, one at a time.

    Raises:
        KnownError: From every method, when they cannot be read or a file cannot be written.
    """

    def today(self) -> date:
        """Return the shop's day now; at once."""

    def stores(self) -> tuple[str, ...]:
        """Return the stores that can be asked for."""

    def report(self, period: Period, scope: Scope, currency: str = "") -> DayReport:
        """Return the figures of a period."""

    def export(self, path: Path, report: DayReport, *, byte_order_mark: bool = False) -> None:
        """Write a report to a .csv or .json file; spreadsheets want the mark in a table."""

    def health(self) -> HealthReport:
        """Return how the till is doing now."""

    def close(self) -> None:
        """Let go of what is read from; nothing is asked any more."""

    def cure(self, action: Action, by: str) -> None:
        """Do what the button of a problem says."""


class DayPlace(Struct, frozen=True):
    """Whose day it is, and where the buttons lead.

    Args:
        now: The time of day, UTC.
        act: Does one of the window's own actions.
        by: Who stands at the till now, for the audit log; empty where nobody signs in.
        close_day: Opens the close of the day; None where there is none.
    """

    store: str
    till: str
    now: Callable[[], datetime]
    act: Callable[[Action], None]
    by: Callable[[], str]
    close_day: Callable[[], None] | None = None
    training: bool = False
