"""What may lie on top of the queue's drawer: the comparison, and over everything the dialog that settles."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from PySide6.QtWidgets import QWidget

from cashier_app.ports.clock import Clock
from cashier_app.ports.runner import Runner
from cashier_app.services.approval import Approvals
from cashier_app.services.reconciliation import Finding
from cashier_app.wording import Wording
from ui.key_words import Where
from ui.screens.compare_drawer import CompareDrawer
from ui.screens.settle_dialog import SettleDialog
from ui.theme.look import Look
from ui.till import Queue


class OnTop:
    """Makes both when they are first wanted, and gives them the keys while they are open.

    Args:
        below: The drawer they cover.
        approvals: Where the word of somebody who may settle comes from; a typed name when not given.
        settled: Called with the sale's id when something was settled.
        left: Called when the dialog or the comparison has gone.
    """

    def __init__(
        self,
        below: QWidget,
        queue: Queue,
        wording: Wording,
        runner: Runner,
        clock: Clock,
        *,
        approvals: Approvals | None = None,
        look: Callable[[], Look],
        settled: Callable[[str], None],
        left: Callable[[], None],
    ) -> None:
        self._below, self._queue, self._wording = below, queue, wording
        self._runner, self._clock, self._look = runner, clock, look
        self._settled, self._left, self._approvals = settled, left, approvals

    @cached_property
    def dialog(self) -> SettleDialog:
        """Return the dialog that settles."""
        made = SettleDialog(
            self._queue.settle_by_hand,
            self._wording,
            runner=self._runner,
            clock=self._clock,
            approvals=self._approvals,
            parent=self._below,
        )
        made.set_look(self._look())
        made.settled.connect(self._was_settled)
        made.closed.connect(self._dialog_left)
        return made

    @cached_property
    def compare(self) -> CompareDrawer:
        """Return the comparison."""
        made = CompareDrawer(
            self._queue, self._wording, runner=self._runner, clock=self._clock, parent=self._below
        )
        made.set_look(self._look())
        made.settle_wanted.connect(self._settle)
        made.closed.connect(self._left)
        return made

    def settles(self) -> bool:
        """Return whether the dialog is open."""
        return "dialog" in self.__dict__ and not self.dialog.isHidden()

    def compares(self) -> bool:
        """Return whether the comparison is open, under the dialog or not."""
        return "compare" in self.__dict__ and not self.compare.isHidden()

    def place_of_keys(self) -> Where:
        """Return what the keys mean now."""
        if self.settles():
            return Where.SETTLE
        return Where.COMPARE if self.compares() else Where.QUEUE

    def made(self) -> list[QWidget]:
        """Return those made so far."""
        return [self.__dict__[name] for name in ("compare", "dialog") if name in self.__dict__]

    def fit(self) -> None:
        """Cover the whole drawer."""
        for widget in self.made():
            widget.setGeometry(self._below.rect())

    def hide(self) -> None:
        """Go away without a word."""
        for widget in self.made():
            widget.hide()

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        if "dialog" in self.__dict__:
            self.dialog.set_wording(wording)
        if "compare" in self.__dict__:
            self.compare.set_wording(wording)

    def go_back(self) -> bool:
        """Do what Esc does to what is on top; return False when nothing is."""
        if self.settles():
            self.dialog.back()
        elif self.compares():
            self.compare.close_drawer()
        else:
            return False
        return True

    def act(self) -> bool:
        """Do what Enter does to what is on top; return False when nothing is."""
        if self.settles():
            self.dialog.confirm()
        elif self.compares():
            self.compare.act()
        else:
            return False
        return True

    def _settle(self, finding: Finding) -> None:
        if finding.effect is not None:
            self.dialog.open_for(finding.sale, finding.effect)
            self.fit()

    def _was_settled(self, sale_id: str) -> None:
        self._settled(sale_id)
        if self.compares():
            self.compare.look_again(sale_id)

    def _dialog_left(self) -> None:
        if self.compares():
            self.compare.give_focus()
        else:
            self._left()
