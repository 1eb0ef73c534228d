"""A long list to choose from: typing searches it, arrows, digits and fingers take a row."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from cashier_app.wording import Wording
from cashier_app.wording.countries import Named, matching
from cashier_app.wording.first_run_pages import fields_words, nothing_found
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.widgets.button import ActionButton, ButtonKind
from ui.wizard.text_field import TextField

_ROW, _GAP = 52, 8
MOST_ROWS = 40
"""Rows that are made: who has not found it by then types another letter."""


class _Sheet(QWidget):
    """What scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("scrolled", True)


class Picker(QWidget):
    """Shows what matches; one row is marked, and `take` hands out its code."""

    picked = Signal(str)
    searched = Signal()  # another row is marked, or none

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._wording: Wording | None = None
        self._choices: tuple[Named, ...] = ()
        self._shown: tuple[Named, ...] = ()
        self._marked, self._taken = 0, ""
        self.search = TextField(self)
        self.search.typed.connect(lambda _: self._search())
        self._sheet = _Sheet()
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._sheet)
        self.rows: list[ActionButton] = []

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self.search.show_words(fields_words(wording).search, longest=60)

    def ask(self, choices: tuple[Named, ...], taken: str) -> None:
        """Show a list, with what is taken first and marked."""
        first = tuple(one for one in choices if one.code == taken)
        self._choices, self._taken = (*first, *(one for one in choices if one.code != taken)), taken
        self.search.edit.clear()
        self._search()

    def marked(self) -> Named | None:
        """Return what Enter takes."""
        return self._shown[self._marked] if self._marked < len(self._shown) else None

    def take(self) -> None:
        """Hand out what is marked."""
        marked = self.marked()
        if marked is not None:
            self.picked.emit(marked.code)

    def choose(self, character: str) -> None:
        """Take the row with this digit."""
        if character.isdigit() and 0 < int(character) <= len(self._shown):
            self.picked.emit(self._shown[int(character) - 1].code)

    def mark(self, direction: int) -> None:
        """Mark the row below or above."""
        self._marked = min(max(self._marked + direction, 0), max(0, len(self._shown) - 1))
        self._show_mark()
        if self._marked < len(self.rows):
            self._scroll.ensureWidgetVisible(self.rows[self._marked], 0, self._look.px(8))

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        for row in self.rows:
            row.set_look(look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def _search(self) -> None:
        found = matching(self._choices, self.search.text())
        self._shown, self._marked = found[:MOST_ROWS], 0
        trouble = nothing_found(self.search.text(), self._wording) if not found and self._wording else ""
        self.search.say(trouble)
        while len(self.rows) > len(self._shown):
            gone = self.rows.pop()
            gone.hide()
            gone.deleteLater()
        while len(self.rows) < len(self._shown):
            self.rows.append(self._new_row(len(self.rows)))
        for row, named in zip(self.rows, self._shown, strict=True):
            row.set_words(named.name)
            row.set_detail("" if named.name.replace(" ", "_") == named.code else named.code)
        self._scroll.verticalScrollBar().setValue(0)
        self._show_mark()
        self._arrange()
        self.searched.emit()

    def _show_mark(self) -> None:
        for place, row in enumerate(self.rows):
            row.set_selected(place == self._marked)

    def _new_row(self, place: int) -> ActionButton:
        row = ActionButton(kind=ButtonKind.ROW, parent=self._sheet)
        row.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # typing goes on in the field
        row.set_look(self._look)
        row.clicked.connect(lambda: self.picked.emit(self._shown[place].code))
        row.show()
        return row

    def _arrange(self) -> None:
        px, width = self._look.px, self.width()
        head = self.search.high(width)
        self.search.setGeometry(0, 0, width, head)
        top = head + px(12)
        self._scroll.setGeometry(0, top, width, max(1, self.height() - top))
        step, wide = px(_ROW + _GAP), max(1, width - px(16))
        for place, row in enumerate(self.rows):
            row.setGeometry(0, place * step, wide, px(_ROW))
        self._sheet.resize(wide, max(1, len(self.rows) * step))
