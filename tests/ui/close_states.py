"""The close of the day in each state worth a picture."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from cashier_app.errors import KnownError
from tests.fakes.day_closes import busy_report, empty_report
from tests.ui.fake_closing import FakeClosing
from ui.main_window import MainWindow

STATES = (
    "close-day",
    "close-day-empty",
    "close-day-named",
    "close-day-made",
    "close-day-error",
    "close-day-list",
    "close-day-earlier",
    "close-day-training",
    "close-day-clock",
)


def closing_of(name: str) -> FakeClosing:
    """Return the closed days behind a picture."""
    if name == "close-day-empty":
        return FakeClosing(empty_report(0), days=0)
    if name == "close-day-clock":
        report = busy_report(0)
        return FakeClosing(replace(report, since=report.until + timedelta(hours=2)))
    return FakeClosing(busy_report(0, training=name == "close-day-training"))


def open_in(window: MainWindow, name: str) -> None:
    """Open the page in this state."""
    closing = closing_of(name)
    window.ways.closed_days = closing
    page = window.drawers.close_day_page(closing)
    window.drawers.open(page)
    page._awake_at = -1.0
    match name:
        case "close-day-named" | "close-day-made" | "close-day-error":
            page.name.setText("Meera Iyer")
            page.name.setFocus()
        case "close-day-list":
            page.show_list()
        case "close-day-earlier":
            page.show_list()
            page.list.rows[0].click()
            page.save_to(Path("day-close-2-0003.pdf"))
    if name == "close-day-made":
        page.close_day()
    elif name == "close-day-error":
        closing.refusal = KnownError("The disk is full. Free space, then try again.")
        page.close_day()
