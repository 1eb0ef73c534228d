"""A page on which one of several devices is chosen, by digit, arrows or touch."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from cashier_app.wording import Tone
from cashier_app.wording.devices import ChoiceWords
from cashier_app.wording.sentences import Row
from ui.accessibility import announce
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.icon_view import IconView
from ui.widgets.text import ElidedLabel, PlainLabel

_ROW, _GAP, _NOTE_ICON = 56, 8, 22
_MOST_DIGITS = 9
TONES = {
    Tone.PLAIN: "ink2",
    Tone.MUTED: "ink3",
    Tone.GOOD: "accent_text",
    Tone.WAIT: "amber_text",
    Tone.STOP: "red_text",
}


class _Rows(QWidget):
    """The rows, below each other, as wide as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("scrolled", True)
        self._look = DEFAULT_LOOK
        self.buttons: list[ActionButton] = []

    def set_look(self, look: Look) -> None:
        self._look = look
        spread_look(self, look)
        self._arrange()

    def fit(self) -> None:
        self.setFixedHeight(self.sizeHint().height())
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(200, len(self.buttons) * self._look.px(_ROW + _GAP))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        px = self._look.px
        for place, button in enumerate(self.buttons):
            button.setGeometry(0, place * px(_ROW + _GAP), self.width(), px(_ROW))


class DeviceChoice(QWidget):
    """Shows what may be chosen; the taken one is marked, and a note says how it does."""

    chosen = Signal(str)
    acted = Signal()  # the button below

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._words: ChoiceWords | None = None
        self.intro = ElidedLabel(colour="ink2", parent=self)
        self._rows = _Rows()
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._rows)
        self._icon = IconView(size=_NOTE_ICON, parent=self)
        self.note = PlainLabel(wrap=True, colour="ink2", parent=self)
        self.action = ActionButton(kind=ButtonKind.SECONDARY, parent=self)
        self.action.clicked.connect(self.acted)
        self.said = PlainLabel(wrap=True, parent=self)

    def show_words(self, words: ChoiceWords) -> None:
        """Show what may be chosen now; the mark stays where it was."""
        self._words = words
        self.intro.set_text(words.intro.full, words.intro.short)
        self._show_rows(words)
        self._show_note(words.note)
        self.action.set_words(words.action.full, words.action.short)
        self.action.set_key(words.action_key)
        self._arrange()

    def say(self, words: str, *, trouble: bool) -> None:
        """Say what happened, beside the button; nothing for empty words."""
        self.said.set_text(words)
        self.said.set_colour("amber_text" if trouble else "ink2")
        self.said.setVisible(bool(words))
        self._arrange()

    def rows(self) -> list[ActionButton]:
        """Return the rows in their order."""
        return list(self._rows.buttons)

    def first_focus(self) -> QWidget:
        """Return the taken row, or the first."""
        return next((row for row in self.rows() if row.is_selected()), self.rows()[0])

    def choose(self, character: str) -> None:
        """Take the row with this digit, or press the button with this letter."""
        if character == self.action.key():
            self.action.click()
        for row in self.rows():
            if row.key() == character:
                row.setFocus(Qt.FocusReason.OtherFocusReason)
                row.click()
                return

    def mark(self, direction: int) -> None:
        """Mark the row above or below."""
        rows = self.rows()
        here = next((place for place, row in enumerate(rows) if row.hasFocus()), -direction)
        row = rows[min(max(here + direction, 0), len(rows) - 1)]
        row.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._scroll.ensureWidgetVisible(row, 0, 0)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self._rows.set_look(look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def _show_rows(self, words: ChoiceWords) -> None:
        buttons = self._rows.buttons
        while len(buttons) > len(words.rows):
            gone = buttons.pop()
            gone.hide()
            gone.deleteLater()
        while len(buttons) < len(words.rows):
            buttons.append(self._new_row(len(buttons)))
        for place, (row, said) in enumerate(zip(buttons, words.rows, strict=True), start=1):
            row.set_words(said.label)
            row.set_detail(said.detail)
            row.set_key(str(place) if place <= _MOST_DIGITS else "")
            row.set_icon("check-circle" if said.taken else "")
            row.set_selected(said.taken)
            row.setAccessibleDescription(said.detail)
            # Tooltips guess at rich text, and a device may call itself anything.
            row.setToolTip(f"<span>{escape(said.label)}</span>")
        self._rows.fit()

    def _new_row(self, place: int) -> ActionButton:
        row = ActionButton(kind=ButtonKind.ROW, parent=self._rows)
        row.set_look(self._look)
        row.clicked.connect(lambda: self._chose(place))
        row.show()
        return row

    def _show_note(self, note: Row | None) -> None:
        before = self.note.text()
        self.note.set_text(note.sentence.full if note else "")
        self.note.setVisible(note is not None)
        self._icon.setVisible(note is not None)
        if note is not None:
            self.note.set_colour(TONES[note.tone])
            self._icon.set_icon(note.icon, TONES[note.tone])
            if note.sentence.full != before:
                announce(self.note, note.sentence.full)

    def _chose(self, place: int) -> None:
        if self._words is not None:
            self.chosen.emit(self._words.rows[place].value)

    def _arrange(self) -> None:
        px, width = self._look.px, self.width()
        button = px(52)
        self.intro.setGeometry(0, 0, width, px(30))
        wide = max(px(150), self.action.sizeHint().width())
        self.action.setGeometry(0, self.height() - button, wide, button)
        left = wide + px(20)
        high = min(self.said.heightForWidth(max(1, width - left)), button)
        self.said.setGeometry(left, self.height() - (button + high) // 2, max(1, width - left), high)
        icon = px(_NOTE_ICON)
        note_width = max(1, width - icon - px(10))
        high = self.note.heightForWidth(note_width) if not self.note.isHidden() else 0
        top = px(40)
        room = self.height() - button - px(16) - top - (high + px(16) if high else 0)
        wanted = min(self._rows.sizeHint().height(), max(px(_ROW), room))
        self._scroll.setGeometry(0, top, width, wanted)
        self._icon.setGeometry(0, top + wanted + px(8), icon, icon)
        self.note.setGeometry(icon + px(10), top + wanted + px(8), note_width, high)
