"""The way to the manager's day: who may see it, and where its buttons lead."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cashier_app.domain.staff import Right
from cashier_app.ports.clock import Clock
from cashier_app.services.health import Action
from ui.day import DayBooks, DayPlace
from ui.screens.till import Place

if TYPE_CHECKING:
    from ui.main_window import MainWindow

AskRight = Callable[[Right, Callable[[], None]], None]
"""Goes on at once for who has the right, after a PIN for others, or not at all."""


class DayEntry:
    """Opens the day view in a window; the page is made when it is first wanted.

    Args:
        ask_right: Lets whoever may see it pass.
        by: Who stands at the till, for the audit log.
        close_day: Opens the close of the day; None where there is none.
    """

    def __init__(
        self,
        window: MainWindow,
        books: DayBooks,
        place: Place,
        clock: Clock,
        *,
        ask_right: AskRight,
        by: Callable[[], str] = str,
        close_day: Callable[[], None] | None = None,
        training: bool = False,
    ) -> None:
        self._window, self._books, self._where, self._clock = window, books, place, clock
        self._ask_right, self._by, self._close_day = ask_right, by, close_day
        self._training = training

    def show(self) -> None:
        """Open the page over the till, for who may."""
        self._ask_right(Right.SEE_FIGURES, self._open)

    def close(self) -> None:
        """Let go of what the figures are read from, once no worker reads any more."""
        self._books.close()

    def _open(self) -> None:
        place = DayPlace(
            store=self._where.store,
            till=self._where.till,
            now=self._clock.now,
            act=self._act,
            by=self._by,
            close_day=self._close_day,
            training=self._training,
        )
        drawers = self._window.drawers
        drawers.open(drawers.day_page(self._books, place))

    def _act(self, action: Action) -> None:
        window = self._window
        match action:
            case Action.OPEN_QUEUE:
                window.ways.show_queue()
            case Action.COMPARE:
                window.ways.show_queue()
                window.queue.open_compare()
            case Action.OPEN_SIGN_IN:
                window.ways.show_backend()
            case Action.OPEN_STAFF:
                window.ways.show_staff()
            case Action.OPEN_RETURN:
                window.ways.show_return()
            case Action.CLOSE_TILL:
                window.close()
            case _:
                pass
