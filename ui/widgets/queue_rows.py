"""The rows of the queue: each a sale not posted yet, or settled by hand; one of them may be open."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QFont, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording import Sentence, Tone
from cashier_app.wording.queue import QueueRowWords, QueueWords
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import (
    RIGHT,
    draw_focus_ring,
    draw_frame,
    draw_icon,
    draw_line,
    painting,
    snapped,
    text_width,
)
from ui.theme.typography import MEDIUM, REGULAR, SEMIBOLD
from ui.widgets.painted_button import PaintedButton
from ui.widgets.queue_detail import TONE_INK, QueueDetail

ROW_HEIGHT = 70
_COLOURS = {
    Tone.PLAIN: ("ink2", "ink"),
    Tone.MUTED: ("ink2", "ink2"),
    Tone.GOOD: ("accent_text", "accent_text"),
    Tone.WAIT: ("amber_text", "amber_text"),
    Tone.STOP: ("red_text", "red_text"),
}


class QueueRow(PaintedButton):
    """One sale on two lines: state and age, amount, member and last answer, tries."""

    accessible_role = QAccessible.Role.ListItem

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._words: QueueRowWords | None = None
        self._open = False

    def words(self) -> QueueRowWords | None:
        """Return what the row says."""
        return self._words

    def show_words(self, words: QueueRowWords, *, opened: bool) -> None:
        """Show another sale; the same again paints nothing."""
        if (words, opened) == (self._words, self._open):
            return
        self._words, self._open = words, opened
        self.setAccessibleName(words.spoken)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self._look.px(600), self._look.px(ROW_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole row."""
        words = self._words
        if words is None:
            return
        look, px = self._look, self._look.px
        with painting(self) as painter:
            box = QRectF(self.rect()).adjusted(0, px(2), 0, -px(2))
            if self.shows_ring():
                draw_focus_ring(painter, box, look.metrics.radius_control, look)
            elif self.isDown() or self.shows_hover():
                fill = look.colour("key_press" if self.isDown() else "sunken")
                draw_frame(painter, box, look.metrics.radius_control, fill=fill)
            self._paint_words(painter, words)

    def _paint_words(self, painter: QPainter, words: QueueRowWords) -> None:
        look, px = self._look, self._look.px
        width, middle = float(self.width()), self.height() / 2
        icon_ink, ink = _COLOURS[words.tone]
        icon = px(22)
        draw_icon(painter, QRectF(px(16), middle - icon / 2, icon, icon), words.icon, icon_ink, look)
        state, amount, member = self._columns(width)
        body = look.font("body", REGULAR)
        self._pair(painter, state, words.state, words.when, (ink, TONE_INK[words.age]), SEMIBOLD)
        draw_line(
            painter,
            amount,
            words.amount,
            self._amount_font(words.amount, amount.width()),
            look.colour("ink"),
            RIGHT,
        )
        self._pair(painter, member, words.member, words.answer, ("ink", "ink2"), MEDIUM)
        tries = QRectF(member.right() + px(8), 0, width - member.right() - px(8) - px(40), self.height())
        draw_line(painter, tries, words.tries.full, body, look.colour("ink2"), RIGHT)
        self._paint_chevron(painter, QPointF(width - px(24), middle))

    def _pair(
        self,
        painter: QPainter,
        box: QRectF,
        upper: Sentence,
        lower: Sentence,
        inks: tuple[str, str],
        weight: int,
    ) -> None:
        look, px, middle = self._look, self._look.px, self.height() / 2
        first = QRectF(box.left(), middle - px(24), box.width(), px(24))
        second = QRectF(box.left(), middle, box.width(), px(24))
        draw_line(painter, first, upper.full, look.font("body_large", weight), look.colour(inks[0]))
        font = look.font("body", REGULAR)
        words = lower.full if text_width(lower.full, font) <= box.width() else lower.short
        draw_line(painter, second, words, font, look.colour(inks[1]))

    def _columns(self, width: float) -> tuple[QRectF, QRectF, QRectF]:
        """Return the boxes of state, amount and member."""
        px, high = self._look.px, float(self.height())
        left, right = px(50), width - px(40) - px(80)
        room = right - left - 2 * px(20)
        state = QRectF(left, 0, room * 0.32, high)
        amount = QRectF(state.right() + px(8), 0, room * 0.29, high)
        start = amount.right() + px(20)
        return state, amount, QRectF(start, 0, right - start, high)

    def _amount_font(self, amount: str, room: float) -> QFont:
        for role in ("label", "body_large", "body"):
            font = self._look.font(role, SEMIBOLD)
            if text_width(amount, font) <= room:
                return font
        return self._look.font("body", MEDIUM)

    def _paint_chevron(self, painter: QPainter, at: QPointF) -> None:
        reach = float(self._look.px(5))
        pen = QPen(self._look.colour("ink2"), self._look.px(1.5))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        if self._open:
            points = ((-reach, -reach / 2), (0.0, reach / 2), (reach, -reach / 2))
        else:
            points = ((-reach / 2, -reach), (reach / 2, 0.0), (-reach / 2, reach))
        painter.drawPolyline([QPointF(at.x() + x, at.y() + y) for x, y in points])


class QueueList(QWidget):
    """The rows one below the other, as high as all of them; only those in sight are widgets.

    A thousand sales cost as much as ten: a row that scrolls out of sight becomes the one that scrolls in.
    """

    opened = Signal(str)  # the row that was pressed, by its id

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._count = 0
        self._words_of: Callable[[int], QueueRowWords] | None = None
        self._in_use: dict[int, QueueRow] = {}
        self._spare: list[QueueRow] = []
        self._open_at = -1
        self._sight = (0, 0)  # px, from the top
        self._opened: QueueRowWords | None = None
        self.detail = QueueDetail(self)
        self.detail.hide()

    def count(self) -> int:
        """Return how many rows there are, in sight or not."""
        return self._count

    def rows(self) -> list[QueueRow]:
        """Return the rows in sight, from the top."""
        return [self._in_use[at] for at in sorted(self._in_use)]

    def place_of(self, row: QueueRow) -> int:
        """Return the place of a row in the whole list, or -1."""
        return next((at for at, one in self._in_use.items() if one is row), -1)

    def row_at(self, at: int) -> QueueRow:
        """Return the row at a place of the list, made when it is not in sight."""
        if at not in self._in_use:
            self._use(at)
        return self._in_use[at]

    def open_row(self) -> QueueRowWords | None:
        """Return what the open row says, or None when none is open."""
        return self._opened

    def show_rows(
        self, count: int, words_of: Callable[[int], QueueRowWords], open_at: int, around: QueueWords
    ) -> None:
        """Show so many rows, the one at `open_at` open; `words_of` is asked only for those in sight."""
        self._count, self._words_of, self._open_at = count, words_of, open_at
        self._opened = words_of(open_at) if open_at >= 0 else None
        if self._opened is not None:
            self.detail.show_words(self._opened, around)
        self.detail.setVisible(self._opened is not None)
        for at in [at for at in self._in_use if at >= count]:
            self._let_go(at)
        self.arrange()
        for at, row in self._in_use.items():
            row.show_words(words_of(at), opened=at == open_at)

    def show_part(self, top: int, bottom: int) -> None:
        """Make the rows of a part of the list, px from its top; called when it scrolls."""
        self._sight = (top, bottom)
        self._fill()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        for row in (*self._in_use.values(), *self._spare):
            row.set_look(look)
        self.detail.set_look(look)
        self.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self.arrange()

    def needed_height(self) -> int:
        """Return the height all rows take, px."""
        detail = self.detail.height_for(self.width()) + self._look.px(8) if self._open_at >= 0 else 0
        return self._count * self._look.px(ROW_HEIGHT) + detail

    def top_of(self, at: int) -> int:
        """Return where a row begins, px from the top of the list."""
        below = self.detail.height_for(self.width()) + self._look.px(8) if 0 <= self._open_at < at else 0
        return at * self._look.px(ROW_HEIGHT) + below

    def arrange(self) -> None:
        """Put the rows one below the other, the detail under the open one."""
        self._fill()
        high = self._look.px(ROW_HEIGHT)
        for at, row in self._in_use.items():
            row.setGeometry(0, self.top_of(at), self.width(), high)
        if self._open_at >= 0:
            tall = self.detail.height_for(self.width())
            self.detail.setGeometry(0, self.top_of(self._open_at) + high, self.width(), tall)
            self.detail.arrange()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines between the rows in sight and the frame round the open one."""
        look = self._look
        with painting(self) as painter:
            painter.fillRect(event.rect(), look.colour("surface"))
            for at, row in self._in_use.items():
                if at == self._open_at:
                    self._paint_open(painter, row)
                else:
                    line = QRect(0, row.geometry().bottom(), self.width(), 1)
                    painter.fillRect(snapped(painter, line), look.colour("line"))

    def _fill(self) -> None:
        """Have a row for each place in sight, and for the one that has the focus."""
        if self._words_of is None:
            return
        wanted = self._in_sight()
        for at in [at for at, row in self._in_use.items() if at not in wanted and not row.hasFocus()]:
            self._let_go(at)
        for at in wanted:
            if at not in self._in_use:
                self._use(at)

    def _in_sight(self) -> range:
        top, bottom = self._sight
        high = self._look.px(ROW_HEIGHT)
        below = self.detail.height_for(self.width()) + self._look.px(8) if self._open_at >= 0 else 0
        first = top // high
        if first > self._open_at:
            first = max(self._open_at, (top - below) // high)
        return range(max(0, first), min(self._count, bottom // high + 1))

    def _use(self, at: int) -> None:
        row = self._spare.pop() if self._spare else self._new_row()
        self._in_use[at] = row
        if self._words_of is not None:
            row.show_words(self._words_of(at), opened=at == self._open_at)
        row.setGeometry(0, self.top_of(at), self.width(), self._look.px(ROW_HEIGHT))
        row.show()

    def _let_go(self, at: int) -> None:
        row = self._in_use.pop(at)
        row.hide()
        self._spare.append(row)

    def _paint_open(self, painter: QPainter, row: QueueRow) -> None:
        look, words = self._look, row.words()
        box = QRect(0, row.y(), self.width(), row.height() + self.detail.height())
        stuck = words is not None and words.tone is Tone.STOP
        draw_frame(
            painter,
            box,
            look.metrics.radius_field,
            fill=look.colour("surface"),
            edge=look.colour("red_edge" if stuck else "edge"),
            width=look.px(2),
        )

    def _new_row(self) -> QueueRow:
        row = QueueRow(self)
        row.set_look(self._look)
        row.clicked.connect(lambda: self._press(row))
        return row

    def _press(self, row: QueueRow) -> None:
        words = row.words()
        if words is not None:
            self.opened.emit(words.row_id)
