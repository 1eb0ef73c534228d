"""The tabs of the queue's drawer: which sales are listed, and how many there are of each kind."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from cashier_app.wording.queue import QueueWords
from ui.screens.queue_listing import Tab
from ui.widgets.button import ActionButton, ButtonKind

# The longest label gets a little more than its share.
_SHARES = {Tab.ALL: 0.19, Tab.NEEDS_ATTENTION: 0.35, Tab.WAITING: 0.23, Tab.SETTLED: 0.23}


class QueueTabs:
    """One button for each tab; Tab stops at the chosen one only.

    Args:
        panel: Whose children they are.
        picked: Called with the tab that is pressed.
    """

    def __init__(self, panel: QWidget, picked: Callable[[Tab], None]) -> None:
        self.buttons = {tab: ActionButton(kind=ButtonKind.CHOICE, parent=panel) for tab in Tab}
        for tab, button in self.buttons.items():
            button.clicked.connect(lambda _=False, tab=tab: picked(tab))

    def show_words(self, words: QueueWords, chosen: Tab) -> None:
        """Label them, and mark the one that is listed."""
        labels = {
            Tab.ALL: words.all,
            Tab.NEEDS_ATTENTION: words.needs_attention,
            Tab.WAITING: words.waiting,
            Tab.SETTLED: words.settled,
        }
        for tab, button in self.buttons.items():
            if button.words() != labels[tab].full:
                button.set_words(labels[tab].full, labels[tab].short)
            button.set_selected(tab is chosen)
            stop = Qt.FocusPolicy.TabFocus if tab is chosen else Qt.FocusPolicy.NoFocus
            button.setFocusPolicy(stop)

    def place(self, line: QRect, gap: int) -> None:
        """Stand beside each other in a line, px."""
        left, room = float(line.left()), line.width() - (len(self.buttons) - 1) * gap
        for tab, button in self.buttons.items():
            width = room * _SHARES[tab]
            button.setGeometry(round(left), line.top(), round(left + width) - round(left), line.height())
            left += width + gap
