"""Training opened from the work till: devices go to it, the till is covered, and comes back locked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cashier_app.domain.staff import Right, Role
from cashier_app.wording.training_cover import TrainingStage, sale_first, training_died, training_not_opened
from ui.gate import has_sale
from ui.training.joined_till import bring_to_front
from ui.training.lifeline import Handover
from ui.training.process import TrainingProcess

if TYPE_CHECKING:
    from cashier_app.preferences import Preferences
    from ui.main_window import MainWindow
    from ui.training.cover import TrainingCover

_TEACHES = frozenset({Role.MANAGER, Role.TRAINER})


class TrainingEntry(QObject):
    """Opens training, one at a time. All of it on the UI thread.

    Args:
        window: The work till's.
        command: Program and arguments of training; see `training_command`.
        preferences: Reads what was chosen at this till.
    """

    def __init__(
        self, window: MainWindow, command: Sequence[str], preferences: Callable[[], Preferences]
    ) -> None:
        super().__init__(window)
        self._window, self._command, self._preferences = window, command, preferences
        self._process: TrainingProcess | None = None
        self._camera_was_on = False
        self._asked = False

    @property
    def process(self) -> TrainingProcess | None:
        """Return the training that is open, or None."""
        return self._process

    def open(self) -> None:
        """Open training for who may; a sale under way is finished or cleared first."""
        window = self._window
        if self._process is not None:
            return
        if has_sale(window.view) or window.view.busy:
            window.drawers.close()
            window.screen_of_till.who.remark(sale_first(window.screen_of_till.wording()))
            return
        window.ask_right(Right.TRAIN, self._begin)

    def close(self) -> None:
        """End training and wait for it: the till itself ends."""
        if self._process is not None:
            self._process.close()

    def _begin(self) -> None:
        window = self._window
        if self._process is not None or has_sale(window.view):
            return
        handover = Handover(self._trainee(), self._preferences(), full_screen=window.isFullScreen())
        self._let_devices_go()
        if window.gate is not None:
            window.gate.desk.lock()
        self._asked = False
        made = self._process = TrainingProcess(self._command, self)
        made.opened.connect(lambda: self._show(TrainingStage.ENDING if self._asked else TrainingStage.OPEN))
        made.ended.connect(self._ended)
        self.page.show_stage(TrainingStage.OPENING)
        window.drawers.open(self.page, over_lock=True)
        made.start(handover)

    @cached_property
    def page(self) -> TrainingCover:
        """Return what covers the till, made when training is first opened."""
        made = self._window.drawers.training_cover()
        made.front_asked.connect(self._front)
        made.end_asked.connect(self._end)
        return made

    def _trainee(self) -> str:
        gate = self._window.gate
        who = gate.desk.view.on_duty if gate is not None else None
        return "" if who is None or who.role in _TEACHES else who.name

    def _show(self, stage: TrainingStage) -> None:
        self.page.show_stage(stage)

    def _front(self) -> None:
        if self._process is not None:
            self._process.show()

    def _end(self) -> None:
        """Ask training to end; asked already, or not open yet, end it."""
        if self._process is None:
            return
        if self._asked:
            self._process.end_now()
        else:
            self._asked = True
            self._show(TrainingStage.ENDING)
            self._process.ask_to_end()

    def _ended(self, properly: bool) -> None:  # noqa: FBT001 - of a signal
        window = self._window
        gone, self._process = self._process, None
        if gone is not None:
            gone.deleteLater()
        self._take_devices_back()
        self.page.close_drawer()
        if not properly:
            said = training_died if gone is not None and gone.was_seen else training_not_opened
            window.screen_of_till.who.remark(said(window.screen_of_till.wording()))
        bring_to_front(window)

    def _let_devices_go(self) -> None:
        window = self._window
        if window.serial is not None:
            window.serial.rest()
        if window.camera is not None:
            self._camera_was_on = window.camera.is_on
            window.camera.set_on(False)

    def _take_devices_back(self) -> None:
        window = self._window
        if window.serial is not None:
            window.serial.go_on()
        if window.camera is not None and self._camera_was_on:
            window.camera.set_on(True)
