"""The day view in each state worth a picture: made-up figures through the real report, words and page."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from cashier_app.domain.staff import Role, StaffMember
from cashier_app.ports.journal import QueueCounts
from cashier_app.services.till_view import TillView
from tests.fakes.made_days import STATES, FakeBooks, FixedClock
from ui.day_entry import DayEntry
from ui.main_window import MainWindow


def give_day(window: MainWindow, books: FakeBooks, *, closes: Callable[[], None] | None = None) -> None:
    """Let a window open the day of these books, whoever is at the till."""
    window.ways.day = DayEntry(
        window,
        books,
        window.place,
        FixedClock(),
        ask_right=lambda _, then: then(),
        by=lambda: "meera",
        close_day=closes or (lambda: None),
    )


def view_of(name: str, view: TillView) -> TillView:
    """Return the till behind: a manager is there, and what health says of sales not posted is so."""
    counts = QueueCounts(0, 0) if STATES[name].well else QueueCounts(waiting=2, needs_attention=1)
    connection = replace(view.connection, counts=counts)
    return replace(view, cashier=StaffMember("meera", "Meera", Role.MANAGER), connection=connection)


def open_in(
    window: MainWindow, name: str, books: FakeBooks | None = None, closes: Callable[[], None] | None = None
) -> None:
    """Open the page in this state."""
    state = STATES[name]
    give_day(window, books or FakeBooks(state), closes=closes)
    window.ways.show_day()
    page = window.drawers.day
    for key in state.keys:
        page.choose(key)
    if all(state.range):
        for field, day in zip(("first", "last"), state.range, strict=True):
            page.asking.fields.edit(field).setText(day)
        page.asking.confirm()
