"""Rows of an icon and a sentence below each other, scrolled where there are more than fit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from cashier_app.wording import Tone
from cashier_app.wording.sentences import Row
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.widgets.icon_view import IconView
from ui.widgets.text import PlainLabel

_ICON, _GAP, _BETWEEN = 22, 10, 8
TONES = {
    Tone.PLAIN: "ink",
    Tone.MUTED: "ink2",
    Tone.GOOD: "accent_text",
    Tone.WAIT: "amber_text",
    Tone.STOP: "red_text",
}


class _Page(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("scrolled", True)


class RowList(QScrollArea):
    """Shows rows; words of good news are plain, their icon is coloured."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._page = _Page()
        self._rows: list[tuple[IconView, PlainLabel]] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self._page)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows, from the top."""
        while len(self._rows) > len(rows):
            for part in self._rows.pop():
                part.hide()
                part.deleteLater()
        while len(self._rows) < len(rows):
            icon = IconView(size=_ICON, parent=self._page)
            label = PlainLabel(wrap=True, parent=self._page)
            for part in (icon, label):
                part.set_look(self._look)
                part.show()
            self._rows.append((icon, label))
        for (icon, label), row in zip(self._rows, rows, strict=True):
            colour = TONES[row.tone]
            icon.set_icon(row.icon, colour)
            label.set_text(row.sentence.full)
            label.set_colour("ink" if row.tone is Tone.GOOD else colour)
        self.verticalScrollBar().setValue(0)
        self._arrange()

    def texts(self) -> list[str]:
        """Return what the rows say."""
        return [label.text() for _, label in self._rows]

    def move_by(self, rows: int) -> None:
        """Go down by so many rows, up for a negative number."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + rows * self._look.px(_ICON + _BETWEEN))

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        for pair in self._rows:
            for part in pair:
                part.set_look(look)
        spread_look(self._page, look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        px = self._look.px
        width = max(1, self.viewport().width() - px(8))
        icon, left, top = px(_ICON), px(_ICON + _GAP), 0
        for mark, label in self._rows:
            high = max(icon, label.heightForWidth(width - left))
            mark.setGeometry(0, top, icon, icon)
            label.setGeometry(left, top, width - left, high)
            top += high + px(_BETWEEN)
        self._page.resize(width, top)
