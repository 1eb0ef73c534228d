"""The row of buttons below the lessons: watch, do again, what else there is, and what Enter does."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording.lessons_page import Extra, ExtraWords
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.widgets.button import ActionButton, ButtonKind

_GAP = 8


class LessonsFoot(QWidget):
    """What the buttons say and do is the page's."""

    extra_asked = Signal(object)  # the Extra

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self.watch = ActionButton(kind=ButtonKind.SECONDARY, key="S", parent=self)
        self.again = ActionButton(kind=ButtonKind.SECONDARY, key="R", parent=self)
        self.extras: dict[Extra, ActionButton] = {}
        self.go_on = ActionButton(kind=ButtonKind.PRIMARY, key="Enter", parent=self)

    def beside(self) -> tuple[ActionButton, ...]:
        """Return all but what Enter does."""
        return (self.watch, self.again, *self.extras.values())

    def show_extras(self, wanted: Sequence[ExtraWords]) -> None:
        """Have a button for each of these."""
        for gone in self.extras.keys() - {one.extra for one in wanted}:
            button = self.extras.pop(gone)
            button.hide()
            button.deleteLater()
        for one in wanted:
            button = self.extras.get(one.extra) or self._new_extra(one.extra)
            button.set_words(one.label.full, one.label.short)
            button.set_key(one.key)

    def show_for(self, *, lessons: bool, listed: bool, after: bool) -> None:
        """Show what belongs to the list of lessons, with any in it or none, or to what one came to."""
        self.watch.setVisible(lessons and listed)
        self.again.setVisible(after)
        for button in self.extras.values():
            button.setVisible(lessons)
        self._arrange()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Place the buttons: what Enter does at the right, as wide as there is room."""
        left, high = 0, self.height()
        for button in self.beside():
            if not button.isHidden():
                wide = button.sizeHint().width()
                button.setGeometry(left, 0, wide, high)
                left += wide + self._look.px(_GAP)
        self.go_on.setGeometry(left, 0, max(1, self.width() - left), high)

    def _new_extra(self, extra: Extra) -> ActionButton:
        button = ActionButton(kind=ButtonKind.SECONDARY, parent=self)
        button.set_look(self._look)
        button.clicked.connect(lambda: self.extra_asked.emit(extra))
        self.extras[extra] = button
        return button
