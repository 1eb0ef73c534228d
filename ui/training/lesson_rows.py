"""The lessons below and beside each other, each a button: done or not, what it is, and how long it takes."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording.lessons_page import LessonLine
from cashier_app.wording.sentences import Sentence
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import (
    CENTRE,
    RIGHT,
    draw_frame,
    draw_icon,
    draw_line,
    painting,
    text_width,
)
from ui.theme.typography import REGULAR, SEMIBOLD
from ui.widgets.painted_button import PaintedButton

_EMPTY = Sentence("", "")
_SIDE, _DISC, _GAP, _LINE = 10, 30, 10, 22
_TICK, _ONE_LINE_FROM = 22, 440
_LEAST_ROW, _ROW, _BETWEEN, _LEAST_COLUMN = 48, 60, 6, 300
TOGETHER_MS = 1_500
"""How soon a second figure makes one number with the first."""


class LessonButton(PaintedButton):
    """One lesson. The mark is what Enter begins."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.line = LessonLine("", "", _EMPTY, _EMPTY, "")
        self._marked = False

    def show_line(self, line: LessonLine, *, marked: bool) -> None:
        """Show a lesson."""
        self.line, self._marked = line, marked
        self.setAccessibleName(line.spoken)
        self.refresh()
        self._explain()

    def is_marked(self) -> bool:
        """Return whether Enter begins it."""
        return self._marked

    def is_cut_off(self) -> bool:
        """Return whether the title is not whole."""
        font = self._look.font("body", SEMIBOLD)
        return text_width(self.line.title.full, font) > self._title_box().width() + 1

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self._look.px(_LEAST_COLUMN), self._look.px(_ROW))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Know anew whether the title is whole."""
        super().resizeEvent(event)
        self._explain()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        fill, edge, width = ("train_tint", "train", 2) if self._marked else ("surface", "edge", 1)
        if self.isDown():
            fill = "key_press"
        elif self.shows_hover() and not self._marked:
            fill = "sunken"
        with painting(self) as painter:
            self.paint_ground(painter, fill, edge, width)
            self._paint_disc(painter)
            self._paint_words(painter)

    def _paint_disc(self, painter: QPainter) -> None:
        """Paint the number, which is its key as well, and the tick of a lesson that is done."""
        look, px = self._look, self._look.px
        side = px(_DISC)
        disc = QRectF(px(_SIDE), (self.height() - side) / 2, side, side)
        fill, ink = ("train", "on_train") if self.line.is_next else ("sunken", "ink2")
        if self.line.done:
            fill, ink = "accent_tint", "accent_text"
            mark = px(_TICK)
            place = QRectF(self.width() - px(_SIDE) - mark, (self.height() - mark) / 2, mark, mark)
            draw_icon(painter, place, "check-circle", "accent_text", look)
        edge = look.colour("edge") if look.theme.high_contrast else None
        draw_frame(painter, disc, side / 2, fill=look.colour(fill), edge=edge, width=1)
        draw_line(painter, disc, self.line.number, look.font("body", SEMIBOLD), look.colour(ink), CENTRE)

    def _paint_words(self, painter: QPainter) -> None:
        look, title = self._look, self._title_box()
        font = look.font("body", SEMIBOLD)
        shown = QFontMetricsF(font).elidedText(
            self.line.title.full, Qt.TextElideMode.ElideRight, title.width()
        )
        draw_line(painter, title, shown, font, look.colour("ink"))
        ink = look.colour("train_text" if self._marked else "ink2")
        place, align = self._detail_place()
        draw_line(painter, place, self._detail(place.width()), look.font("body", REGULAR), ink, align)

    def _detail(self, room: float) -> str:
        words = self.line.detail
        whole = text_width(words.full, self._look.font("body", REGULAR)) <= room + 1
        return words.full if whole else words.short

    def _detail_place(self) -> tuple[QRectF, Qt.AlignmentFlag]:
        px, left = self._look.px, self._left()
        if self._two_lines():
            top = self.height() / 2
            return QRectF(left, top, self._right() - left, px(_LINE)), Qt.AlignmentFlag.AlignLeft
        right = self._right() - px(4)
        return QRectF(left, 0, right - left, self.height()), RIGHT

    def _title_box(self) -> QRectF:
        px, left = self._look.px, self._left()
        right = self._right()
        if self._two_lines():
            return QRectF(left, self.height() / 2 - px(_LINE), right - left, px(_LINE))
        detail = text_width(self.line.detail.full, self._look.font("body", REGULAR)) + px(_GAP)
        return QRectF(left, 0, max(1.0, right - px(4) - detail - left), self.height())

    def _two_lines(self) -> bool:
        return self.width() < self._look.px(_ONE_LINE_FROM)

    def _right(self) -> int:
        tick = _TICK + _GAP if self.line.done else 0
        return self.width() - self._look.px(_SIDE + tick)

    def _left(self) -> int:
        return self._look.px(_SIDE + _DISC + _GAP)

    def _explain(self) -> None:
        # Tooltips guess at rich text.
        self.setToolTip(f"<span>{escape(self.line.title.full)}</span>" if self.is_cut_off() else "")


class LessonRows(QWidget):
    """All lessons, in as many columns as they need to be seen at once. `picked` carries a place."""

    picked = Signal(int)
    accessible_role = QAccessible.Role.List

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self.rows: list[LessonButton] = []
        self._marked = 0
        self._columns = 1
        self.together_ms = TOGETHER_MS
        self._typed = ""
        self._typed_at = QElapsedTimer()

    def show_lines(self, lines: Sequence[LessonLine], marked: int) -> None:
        """Show these; `marked` is the place Enter begins."""
        while len(self.rows) > len(lines):
            gone = self.rows.pop()
            gone.hide()
            gone.deleteLater()
        while len(self.rows) < len(lines):
            self.rows.append(self._new_row(len(self.rows)))
        self._marked = min(max(marked, 0), max(0, len(lines) - 1))
        for place, (row, line) in enumerate(zip(self.rows, lines, strict=True)):
            row.show_line(line, marked=place == self._marked)
        self._arrange()

    def marked(self) -> int:
        """Return the place Enter begins."""
        return self._marked

    def mark(self, place: int) -> None:
        """Mark another one; beyond either end nothing moves."""
        if not 0 <= place < len(self.rows):
            return
        self._marked = place
        for at, row in enumerate(self.rows):
            row.show_line(row.line, marked=at == place)
        self.rows[place].setFocus(Qt.FocusReason.OtherFocusReason)

    def mark_number(self, digit: str, numbers: Sequence[str]) -> None:
        """Mark one of these numbers, typed figure by figure; the same figure later: the next it begins."""
        soon = self._typed_at.isValid() and self._typed_at.elapsed() <= self.together_ms
        self._typed_at.start()
        whole = self._typed + digit if soon else digit
        if whole not in numbers:
            whole = digit
        self._typed = whole
        if len(whole) > 1:
            self.mark(numbers.index(whole))
            return
        places = [place for place, number in enumerate(numbers) if number.startswith(digit)]
        if places:
            later = [place for place in places if place > self._marked]
            self.mark(later[0] if self._marked in places and later else places[0])

    def mark_by(self, rows: int = 0, columns: int = 0) -> None:
        """Mark the one so many rows below or columns to the right."""
        self.mark(self._marked + rows + columns * self.in_column())

    def in_column(self) -> int:
        """Return how many stand below each other."""
        return -(-len(self.rows) // self._columns) if self.rows else 0

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        for row in self.rows:
            row.set_look(look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def _new_row(self, place: int) -> LessonButton:
        row = LessonButton(self)
        row.set_look(self._look)
        row.clicked.connect(lambda: self.picked.emit(place))
        row.show()
        return row

    def _arrange(self) -> None:
        px, count = self._look.px, len(self.rows)
        if not count:
            return
        gap = px(_BETWEEN)
        most = max(1, (self.width() + gap) // (px(_LEAST_COLUMN) + gap))
        fitting = max(1, (self.height() + gap) // (px(_LEAST_ROW) + gap))
        self._columns = min(most, -(-count // fitting))
        in_column = self.in_column()
        high = min(px(_ROW), (self.height() + gap) // in_column - gap)
        width = (self.width() - (self._columns - 1) * gap) // self._columns
        for place, row in enumerate(self.rows):
            column, line = divmod(place, in_column)
            row.setGeometry(column * (width + gap), line * (high + gap), width, high)
