"""The bar above the trainer's tables: which table, whose tries, which lesson, and in what order."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.services.training_results import TrainingResults
from cashier_app.wording import Wording
from cashier_app.wording import trainer as words_of
from cashier_app.wording.trainer import Fill
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.training.trainer_contents import Place, Shown
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

    def show_place(self, place: Place, results: TrainingResults | None, fill: Fill, wording: Wording) -> None:
        """Say what is chosen: which table, whose tries, of which lesson, and what they are ordered by."""
        words = words_of.trainer_words(wording)
        who, which = words_of.everybody(wording).full, words_of.every_lesson(wording).full
        if place.trainee is not None:
            who = words_of.trainee_name(place.trainee, wording)
        if place.lesson_id and results is not None:
            which = words_of.lesson_title(place.lesson_id, results, fill, wording)
        order = words_of.order_words(place.order, wording, turned=place.turned)
        self.people.set_words(words.people.full)
        self.tries.set_words(words.tries.full)
        self.who.set_words(who)
        self.which.set_words(which)
        self.order.set_words(order.full, order.short)
        self.people.set_selected(place.shown is Shown.PEOPLE)
        self.tries.set_selected(place.shown is Shown.TRIES)
        self.who.set_selected(place.trainee is not None)
        self.which.set_selected(bool(place.lesson_id))

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
