"""A till's window that opens the manager's day and a year of it, and tells how long it could not answer."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from cashier_app.domain.period import range_of
from cashier_app.domain.sale import EffectKind
from cashier_app.services.day_stats import DayStats
from cashier_app.services.health import Action, HealthReport
from cashier_app.storage.figures_source import SqliteFigures
from cashier_app.storage.journal import SqliteJournal
from tests.benchmarks import figures_shop
from tests.benchmarks.goal import p95
from tests.fakes import made_days
from tests.fakes.counter import SETTINGS
from tests.fakes.effects import effect, sale
from tests.ui import sample_views
from tests.ui.fake_till import FakeQueue, FakeTill
from tests.ui.till_host import make_window
from ui.after_first_frame import WANTED_SOON
from ui.background import Background
from ui.day_entry import DayEntry
from ui.probe import BlockProbe
from ui.screens.day_page import DayPage

YEARS = 12
IDLE_COMMITS = 150


class Books(made_days.FakeBooks):
    """The real figures of a year; how the till is doing is made up."""

    def __init__(self, path: Path) -> None:
        super().__init__(made_days.STATES["day"])
        figures = SqliteFigures(path, "Marigold Stores", "2", "INR", figures_shop.ZONE)
        self._stats = DayStats(figures, made_days.FixedClock(), SETTINGS)

    def health(self) -> HealthReport:
        return made_days.health(well=False)

    def cure(self, action: Action, by: str) -> None:
        raise AssertionError(action)

    def close(self) -> None:
        self._stats.close()


class Seller(threading.Thread):
    """Commits one sale after the other on the same database, as a till would, and times each."""

    def __init__(self, journal: SqliteJournal, first: int) -> None:
        super().__init__()
        self._journal, self._number, self._enough = journal, first, threading.Event()
        self.took_ms: list[float] = []

    def run(self) -> None:
        while not self._enough.wait(0.005):
            self.sell()

    def sell(self) -> None:
        self._number += 1
        effects = [effect(kind, self._number) for kind in (EffectKind.CAPTURE, EffectKind.SALE)]
        started = time.perf_counter()
        self._journal.commit_sale(sale(self._number, member_id=f"m-{self._number % 999}"), effects)
        self.took_ms.append((time.perf_counter() - started) * 1000)

    def stop(self) -> None:
        self._enough.set()
        self.join()


def until(condition: Callable[[], bool]) -> None:
    """Let the window live until something is so."""
    loop, deadline = QEventLoop(), time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)


def shows(page: DayPage, first: date, last: date) -> bool:
    """Return whether these days are on show, drawn."""
    shown, plot = page.shown, page.overview.chart.area.plot
    period = shown.report.period if shown else None
    return period is not None and (period.first, period.last) == (first, last) and plot is not None


def main() -> int:
    """Open the day, then a year again and again, while a thread sells; print what was seen."""
    path, sold = Path(sys.argv[1]), int(sys.argv[2])
    application = QApplication(["bench", "-style", "Fusion"])
    runner, books = Background(), Books(path)
    view = sample_views.STATES["idle"]()
    window = make_window(FakeTill(view), FakeQueue(), view=view, runner=runner)
    window.ways.day = DayEntry(
        window, books, window.place, made_days.FixedClock(), ask_right=lambda _, then: then()
    )
    ready = threading.Event()
    # As the till does behind its first frame.
    runner.run(lambda: [import_module(name) for name in WANTED_SOON], lambda _: ready.set(), _fail)
    until(ready.is_set)
    with closing(SqliteJournal(path, "2", zone=figures_shop.ZONE)) as journal:
        idle = Seller(journal, sold)
        for _ in range(IDLE_COMMITS):
            idle.sell()
        seller, probe = Seller(journal, sold + IDLE_COMMITS), BlockProbe(window)
        seller.start()
        started = time.perf_counter()
        probe.start()
        window.ways.show_day()
        page = window.drawers.day
        today = books.today()
        until(lambda: shows(page, today, today))
        opened_ms = (time.perf_counter() - started) * 1000
        opening = (probe.p99_ms, probe.longest_ms)
        for year in range(YEARS):
            last = figures_shop.LAST - timedelta(days=year)
            first = last - timedelta(days=364)
            page.go(range_of(first, last))
            until(lambda first=first, last=last: shows(page, first, last))
        probe.stop()
        seller.stop()
    json.dump(
        {
            "opened_ms": opened_ms,
            "opening_p99_ms": opening[0],
            "opening_longest_ms": opening[1],
            "p99_ms": probe.p99_ms,
            "longest_ms": probe.longest_ms,
            "sale_p95_ms": p95(seller.took_ms),
            "sale_idle_p95_ms": p95(idle.took_ms),
            "sales": len(seller.took_ms),
            "year": page.shown.report.figures.sales if page.shown else 0,
        },
        sys.stdout,
    )
    window.close()
    runner.close()
    books.close()
    application.quit()
    return 0


def _fail(error: BaseException) -> None:
    raise error


if __name__ == "__main__":
    sys.exit(main())
