"""What the day view of the window asks of the real till."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cashier_app.bootstrap import Till
from cashier_app.domain.period import Period
from cashier_app.ports.figures import EVERYTHING, Scope
from cashier_app.services.day_stats import DayReport, DayStats
from cashier_app.services.health import Action, HealthReport
from ui.day_entry import DayEntry

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class TillDay:
    """Figures of this till, or of the ledger its store shares, on a connection of their own."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._stats = DayStats(till.figures_source(), till.clock, till.settings)

    def today(self) -> date:
        """Return the shop's day now."""
        return self._stats.today()

    def stores(self) -> tuple[str, ...]:
        """Return the stores that can be asked for. Blocking."""
        return self._stats.stores()

    def report(self, period: Period, scope: Scope = EVERYTHING, currency: str = "") -> DayReport:
        """Return the figures of a period. Blocking."""
        return self._stats.report(period, scope, currency)

    def export(self, path: Path, report: DayReport, *, byte_order_mark: bool = False) -> None:
        """Write a report to a .csv or .json file. Blocking."""
        from cashier_app.wording.figures_file import write_figures

        stores = self._stats.stores()
        write_figures(path, report, stores[0] if len(stores) == 1 else "", byte_order_mark=byte_order_mark)

    def health(self) -> HealthReport:
        """Return how the till is doing now. Blocking."""
        return self._till.workshop().health.report()

    def cure(self, action: Action, by: str) -> None:
        """Do what the button of a problem says. Blocking."""
        self._till.workshop().health.do(action, by)

    def close(self) -> None:
        """Let go of the connection, once no worker reads any more."""
        self._stats.close()


def give_day(window: MainWindow, till: Till, close_day: Callable[[], None] | None = None) -> None:
    """Let a window open the manager's day; `close_day` opens the close of the day."""
    books = TillDay(till)

    def by() -> str:
        who = window.gate.acting() if window.gate is not None else None
        return who.staff_id if who is not None else ""

    window.ways.day = DayEntry(
        window,
        books,
        window.place,
        till.clock,
        ask_right=window.ask_right,
        by=by,
        close_day=close_day,
        training=till.settings.training,
    )
