"""The bar above the trainer's tables: which table, whose tries, which lesson, and in what order."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording.sentences import Sentence
from cashier_app.wording.trainer import TrainerWords
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.widgets.button import ActionButton, ButtonKind

_GAP = 8
_SHARES = (15, 13, 24, 27, 21)  # of the width, in percent


class TrainerBar(QWidget):
    """Five buttons in a row; what they do is the page's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self.people = ActionButton(kind=ButtonKind.CHOICE, key="1", parent=self)
        self.tries = ActionButton(kind=ButtonKind.CHOICE, key="2", parent=self)
        self.who = ActionButton(key="T", parent=self)
        self.which = ActionButton(key="L", parent=self)
        self.order = ActionButton(key="S", parent=self)

    @property
    def buttons(self) -> tuple[ActionButton, ...]:
        """Return them from the left."""
        return (self.people, self.tries, self.who, self.which, self.order)

    def show_words(
        self,
        words: TrainerWords,
        who: str,
        which: str,
        order: Sentence,
        chosen: tuple[bool, bool, bool, bool],
    ) -> None:
        """Say what is chosen; `chosen` says whether tabs and filters are, from the left."""
        self.people.set_words(words.people.full)
        self.tries.set_words(words.tries.full)
        self.who.set_words(who)
        self.which.set_words(which)
        self.order.set_words(order.full, order.short)
        for button, is_chosen in zip(self.buttons, chosen, strict=False):
            button.set_selected(is_chosen)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width out anew."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        gap = self._look.px(_GAP)
        room, given = self.width() - gap * (len(_SHARES) - 1), 0
        for place, (button, share) in enumerate(zip(self.buttons, _SHARES, strict=True)):
            left, given = room * given // 100 + place * gap, given + share
            button.setGeometry(left, 0, room * given // 100 + place * gap - left, self.height())
