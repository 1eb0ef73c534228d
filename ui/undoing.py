"""The way to undoing: F9, F9 held down, F3 on the finished sale, a press on one of the last sales."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject

from cashier_app.domain.staff import Right
from cashier_app.ports.clock import Clock
from cashier_app.services.till_view import Step
from cashier_app.services.undo_view import UndoStep, UndoView
from cashier_app.wording.undo import undone_words

if TYPE_CHECKING:
    from cashier_app.domain.sale import Sale
    from ui.main_window import MainWindow
    from ui.screens.undo_dialog import UndoDialog

_REMARK_MS = 8000
_BETWEEN_SALES = frozenset({Step.IDLE, Step.PROBLEM, Step.CHOOSING, Step.LOOKING_UP, Step.DONE})


class Undos(Protocol):
    """What undoes, as the window knows it. All methods belong to the UI thread."""

    @property
    def view(self) -> UndoView:
        """Return the snapshot on show."""

    def subscribe(self, listener: Callable[[UndoView], None]) -> None:
        """Call the listener with this snapshot now and with every new one."""

    def begin_last(self) -> None:
        """Ask about the last finished act of this till."""

    def begin(self, sale: Sale, *, moving: bool = False) -> None:
        """Ask about this sale; with `moving` for whom it was."""

    def at_once(self) -> None:
        """Undo what is asked about without the question."""

    def another_member(self) -> None:
        """Ask for whom the sale was, instead of undoing it."""

    def scan(self, text: str) -> bool:
        """Take the text a device read; False where the till may have it."""

    def type(self, character: str) -> None:
        """Take one typed character."""

    def delete(self) -> None:
        """Take the last typed character back."""

    def confirm(self) -> None:
        """Do what Enter does."""

    def back(self) -> None:
        """Do what Esc does."""


class UndoEntry(QObject):
    """Opens the question, where undoing is possible now, for who may.

    Args:
        window: What the question covers.
        undos: Undoes.
        done: Called once something was undone and money is given back.
    """

    def __init__(
        self, window: MainWindow, undos: Undos, clock: Clock, *, done: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(window)
        self.undos = undos
        self._window, self._clock, self._done = window, clock, done
        self._said = 0
        undos.subscribe(self._follow)
        window.screen_of_till.take_undo()

    @cached_property
    def dialog(self) -> UndoDialog:
        """Return the question, made when it is first wanted."""
        return self._window.drawers.undo_dialog(self.undos, self._clock)

    def press(self) -> None:
        """Do what F9 does: take the last switch back, else ask about the last finished act."""
        if self._window.ways.take_switch_back():
            return
        view = self._window.view
        if view.step not in _BETWEEN_SALES or view.busy:
            return
        finished = view.finished if view.step is Step.DONE else None
        if finished is not None:
            self.open_sale(finished.sale)
        else:
            self._ask(self.undos.begin_last)

    def hold(self) -> None:
        """Do what F9 held down does: undo without the question."""
        if "dialog" in self.__dict__ and not self.dialog.isHidden():
            self.undos.at_once()

    def open_sale(self, sale: Sale, *, moving: bool = False) -> None:
        """Ask about this sale."""
        self._ask(lambda: self.undos.begin(sale, moving=moving))

    def move(self) -> bool:
        """Ask for whom the sale just made was; say whether one was."""
        view = self._window.view
        finished = view.finished if view.step is Step.DONE else None
        if finished is None or finished.sale.way is None:
            return False
        self.open_sale(finished.sale, moving=True)
        return True

    def another_member(self) -> None:
        """Do what F3 does in the question."""
        self.undos.another_member()

    def _ask(self, begin: Callable[[], None]) -> None:
        def go() -> None:
            dialog = self.dialog
            begin()
            if self.undos.view.step is not UndoStep.CLOSED:
                self._window.drawers.open(dialog)

        self._window.ask_right(Right.TAKE_RETURNS, go)

    def _follow(self, view: UndoView) -> None:
        done = view.done
        if done is None or done.sequence == self._said:
            return
        self._said = done.sequence
        screen = self._window.screen_of_till
        screen.who.remark(undone_words(done, screen.wording()), life_ms=_REMARK_MS)
        self._done()
