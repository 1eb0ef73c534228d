"""The page of what is new in this version: notes as plain text, and one button that goes on."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from cashier_app.wording.news import NewsPart, NewsWords
from ui.key_words import Where
from ui.screens.drawer import Drawer
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.motion import Motion
from ui.theme.typography import SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.text import PlainLabel

_FOOT, _GAP, _PART_GAP = 60, 6, 20
_STEP = 48
_WIDTH = 720


class NewsList(QWidget):
    """The notes below each other: a heading in the ink of headings, then its lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._labels: list[tuple[PlainLabel, int]] = []
        self.setProperty("scrolled", "true")

    def show_parts(self, parts: tuple[NewsPart, ...]) -> None:
        """Show other notes."""
        for label, _ in self._labels:
            label.hide()
            label.deleteLater()
        self._labels = []
        for part in parts:
            if part.heading:
                self._add(part.heading, "title", _PART_GAP, SEMIBOLD)
            self._add(part.text, "body", _GAP)

    def height_for(self, width: int) -> int:
        """Place all in a width, px; return the height that takes."""
        top = 0
        for label, above in self._labels:
            top += self._look.px(above) if top else 0
            high = label.heightForWidth(width)
            label.setGeometry(0, top, width, high)
            top += high
        return top

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)

    def text(self) -> str:
        """Return what is read here."""
        return "\n".join(label.text() for label, _ in self._labels)

    def _add(self, text: str, role: str, above: int, weight: int | None = None) -> None:
        label = PlainLabel(role=role, colour="ink", wrap=True, parent=self)
        if weight is not None:
            label.set_role(role, weight)
        label.set_text(text)
        label.set_look(self._look)
        label.show()
        self._labels.append((label, above))


class NewsPage(Drawer):
    """A drawer over the till; Enter, Esc and the button all go on."""

    where = Where.NEWS

    def __init__(self, motion: Motion, parent: QWidget | None = None) -> None:
        super().__init__(motion, parent)
        self.list = NewsList()
        self._area = QScrollArea(self._panel)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self.list)
        self.go_on = ActionButton(kind=ButtonKind.PRIMARY, key="Enter", parent=self._panel)
        self.go_on.clicked.connect(self.close_drawer)

    def show_words(self, words: NewsWords) -> None:
        """Say what is new."""
        self.say(words.title, words.close)
        self.go_on.set_words(words.go_on.full, words.go_on.short)
        self.list.show_parts(words.parts)
        self._area.verticalScrollBar().setValue(0)
        self.arrange()

    def first_focus(self) -> QWidget:
        """Return the button that goes on."""
        return self.go_on

    def open_row(self) -> None:
        """Do what Enter does."""
        self.close_drawer()

    def next_row(self) -> None:
        """Show what is below."""
        self._move(self._look.px(_STEP))

    def previous_row(self) -> None:
        """Show what is above."""
        self._move(-self._look.px(_STEP))

    def turn_page(self, direction: int) -> None:
        """Show the next or the previous page."""
        self._move(direction * max(1, self._area.height() - self._look.px(_STEP)))

    def panel_width(self) -> int:
        """Return the width of the panel, px: lines no longer than are read well."""
        return min(self.width(), self._look.px(_WIDTH))

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self.list.set_look(look)
        super().set_look(look)

    def arrange_inside(self, inside: QRect) -> None:
        """Place the notes and the button, px."""
        px = self._look.px
        foot = px(_FOOT)
        self.go_on.setGeometry(inside.left(), inside.bottom() - foot + 1, inside.width(), foot)
        room = QRect(inside.left(), inside.top(), inside.width(), inside.height() - foot - px(12))
        self._area.setGeometry(room)
        width = max(1, room.width() - self._area.verticalScrollBar().sizeHint().width() - px(4))
        self.list.resize(width, self.list.height_for(width))

    def _move(self, by: int) -> None:
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + by)
