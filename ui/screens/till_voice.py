"""What a screen reader says of the till: amounts once they rest, troubles at once, how far a sale got."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from cashier_app.services.till_view import Finished, Step, TillView
from ui.accessibility import announce
from ui.screens.till_answers import has_money
from ui.widgets.pay_panel import PayPanel

if TYPE_CHECKING:
    from ui.widgets.reward_panel import RewardPanel

_AT_REST_MS = 500


class TillVoice(QObject):
    """Announces what changed from one snapshot to the next.

    Args:
        pay: Says what is to pay.
        reward: Returns what may be taken off; made when first wanted.
    """

    def __init__(self, pay: PayPanel, reward: Callable[[], RewardPanel]) -> None:
        super().__init__(pay)
        self._pay, self._reward = pay, reward
        self._at_rest = QTimer(self)
        self._at_rest.setSingleShot(True)
        self._at_rest.setInterval(_AT_REST_MS)
        self._at_rest.timeout.connect(self._say_amount)

    def follow(self, before: TillView | None, view: TillView) -> None:
        """Say what changed."""
        if before is None:
            return
        if view.balance_was is not None and before.balance_was != view.balance_was:
            announce(self._reward(), self._reward().spoken_rows(), assertive=True)
        if view.trouble and before.trouble != view.trouble:
            announce(self._pay, view.trouble, assertive=True)
        if view.step is Step.DONE and _posting(before.finished) != _posting(view.finished):
            self._say_amount()
        elif (view.bill, view.quote) != (before.bill, before.quote) and has_money(view):
            self._at_rest.start()

    def _say_amount(self) -> None:
        announce(self._pay, self._pay.accessibleName())


def _posting(finished: Finished | None) -> object:
    return finished and (finished.sale.sale_id, finished.posting)
