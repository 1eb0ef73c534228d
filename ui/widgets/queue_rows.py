"""The rows of the queue: each a sale not posted yet; one of them open, with what happened and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QFont, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording import Sentence, Tone
from cashier_app.wording.queue import QueueRowWords, QueueWords
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
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
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.painted_button import PaintedButton
from ui.widgets.text import ElidedLabel, PlainLabel

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
        """Show another sale."""
        self._words, self._open = words, opened
        self.setAccessibleName(words.spoken)
        self.refresh()

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
        self._pair(painter, state, words.state, words.when, ink, SEMIBOLD)
        draw_line(
            painter,
            amount,
            words.amount,
            self._amount_font(words.amount, amount.width()),
            look.colour("ink"),
            RIGHT,
        )
        self._pair(painter, member, words.member, words.answer, "ink", MEDIUM)
        tries = QRectF(member.right() + px(8), 0, width - member.right() - px(8) - px(40), self.height())
        draw_line(painter, tries, words.tries.full, body, look.colour("ink2"), RIGHT)
        self._paint_chevron(painter, QPointF(width - px(24), middle))

    def _pair(
        self, painter: QPainter, box: QRectF, upper: Sentence, lower: Sentence, ink: str, weight: int
    ) -> None:
        look, px, middle = self._look, self._look.px, self.height() / 2
        first = QRectF(box.left(), middle - px(24), box.width(), px(24))
        second = QRectF(box.left(), middle, box.width(), px(24))
        draw_line(painter, first, upper.full, look.font("body_large", weight), look.colour(ink))
        font = look.font("body", REGULAR)
        words = lower.full if text_width(lower.full, font) <= box.width() else lower.short
        draw_line(painter, second, words, font, look.colour("ink2"))

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


class QueueDetail(QWidget):
    """What happened to the open sale, its key, and what a person may do about it."""

    look_up_wanted = Signal()
    send_again_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._happened = PlainLabel(role="body", wrap=True, parent=self)
        self._key = ElidedLabel(role="body", colour="ink2", parent=self)
        self._last_try = ElidedLabel(role="body", colour="ink2", align=RIGHT, parent=self)
        self.look_up = ActionButton(kind=ButtonKind.PRIMARY, key="L", parent=self)
        self.send_again = ActionButton(kind=ButtonKind.SECONDARY, key="R", parent=self)
        self.look_up.clicked.connect(self.look_up_wanted.emit)
        self.send_again.clicked.connect(self.send_again_wanted.emit)
        self._acts = False

    def show_words(self, words: QueueRowWords, around: QueueWords) -> None:
        """Show another sale."""
        self._happened.set_text(words.happened.full)
        self._key.set_text(words.key.full, words.key.short)
        self._last_try.set_text(words.last_try.full if words.last_try else "")
        self._acts = words.needs_person
        for button, label in ((self.look_up, around.look_up), (self.send_again, around.send_again)):
            button.set_words(label.full, label.short)
            button.setVisible(self._acts)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)

    def height_for(self, width: int) -> int:
        """Return the height it needs in this width, px."""
        px = self._look.px
        actions = px(8) + self._look.px(52) if self._acts else 0
        return self._sentence_height(width) + px(26) + actions + px(12)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Put every part in its place."""
        px, width = self._look.px, self.width()
        side = px(14)
        inner = width - 2 * side
        words = self._sentence_height(width)
        self._happened.setGeometry(side, 0, inner, words)
        tried = self._last_try.sizeHint().width() if self._last_try.text() else 0
        self._key.setGeometry(side, words, max(1, inner - tried - px(16)), px(26))
        self._last_try.setGeometry(side + inner - tried, words, max(1, tried), px(26))
        top, gap = words + px(26) + px(8), px(8)
        each = (inner - 2 * gap) // 3 if inner >= px(660) else (inner - gap) // 2
        self.look_up.setGeometry(side, top, each, px(52))
        self.send_again.setGeometry(side + each + gap, top, each, px(52))

    def _sentence_height(self, width: int) -> int:
        inner = width - 2 * self._look.px(14)
        return self._happened.heightForWidth(inner)


class QueueList(QWidget):
    """All rows one below the other; as high as they need."""

    opened = Signal(str)  # the sale whose row was pressed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._rows: list[QueueRow] = []
        self._used = 0
        self._open_at = -1
        self.detail = QueueDetail(self)
        self.detail.hide()

    def rows(self) -> list[QueueRow]:
        """Return the rows in use, from the top."""
        return self._rows[: self._used]

    def open_row(self) -> QueueRowWords | None:
        """Return what the open row says, or None when none is open."""
        return self._rows[self._open_at].words() if self._open_at >= 0 else None

    def show_rows(self, rows: Sequence[QueueRowWords], open_sale: str, around: QueueWords) -> None:
        """Show these sales, the one with this id open."""
        while len(self._rows) < len(rows):
            self._rows.append(self._new_row())
        self._used = len(rows)
        self._open_at = next((at for at, row in enumerate(rows) if row.sale_id == open_sale), -1)
        for at, row in enumerate(self._rows):
            row.setVisible(at < len(rows))
            if at < len(rows):
                row.show_words(rows[at], opened=at == self._open_at)
        if self._open_at >= 0:
            self.detail.show_words(rows[self._open_at], around)
        self.detail.setVisible(self._open_at >= 0)
        self.arrange()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self.arrange()

    def needed_height(self) -> int:
        """Return the height all rows take, px."""
        px = self._look.px
        detail = self.detail.height_for(self.width()) + px(8) if self._open_at >= 0 else 0
        return self._used * px(ROW_HEIGHT) + detail

    def arrange(self) -> None:
        """Put the rows one below the other, the detail under the open one."""
        px, top = self._look.px, 0
        for at, row in enumerate(self.rows()):
            row.setGeometry(0, top, self.width(), px(ROW_HEIGHT))
            top += px(ROW_HEIGHT)
            if at == self._open_at:
                high = self.detail.height_for(self.width())
                self.detail.setGeometry(0, top, self.width(), high)
                self.detail.arrange()
                top += high + px(8)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the lines between rows and the frame round the open one."""
        look = self._look
        with painting(self) as painter:
            painter.fillRect(self.rect(), look.colour("surface"))
            for at, row in enumerate(self.rows()):
                if at == self._open_at:
                    self._paint_open(painter, row)
                else:
                    line = QRect(0, row.geometry().bottom(), self.width(), 1)
                    painter.fillRect(snapped(painter, line), look.colour("line"))

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
            self.opened.emit(words.sale_id)
