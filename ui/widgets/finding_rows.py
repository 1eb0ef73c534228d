"""What a comparison found: four figures, and a row for each problem with its one action."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording import Sentence
from cashier_app.wording.comparing import FindingWords
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import draw_focus_ring, draw_frame, draw_icon, draw_line, painting, text_width
from ui.theme.paragraph import Paragraph
from ui.theme.typography import MEDIUM, REGULAR, SEMIBOLD
from ui.widgets.painted_button import PaintedButton
from ui.widgets.queue_detail import TONE_INK

FINDING_HEIGHT = 84
_ACTION = 150


class FigureStrip(QWidget):
    """Counts side by side, each over what it counts."""

    accessible_role = QAccessible.Role.StaticText

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._figures: tuple[tuple[str, Sentence], ...] = ()

    def show_figures(self, figures: tuple[tuple[str, Sentence], ...]) -> None:
        """Show others; the same again does nothing."""
        if figures != self._figures:
            self._figures = figures
            self.setAccessibleName(", ".join(f"{number} {words.full}" for number, words in figures))
            self.update()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self._look.px(400), self._look.px(72))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the strip."""
        look, px = self._look, self._look.px
        with painting(self) as painter:
            draw_frame(painter, self.rect(), look.metrics.radius_field, fill=look.colour("sunken"))
            each = (self.width() - 2 * px(20)) / max(1, len(self._figures))
            for place, (number, words) in enumerate(self._figures):
                left = px(20) + place * each
                upper = QRectF(left, px(8), each - px(8), px(32))
                draw_line(painter, upper, number, look.font("title_large", SEMIBOLD), look.colour("ink"))
                lower = QRectF(left, px(40), each - px(8), px(24))
                draw_line(painter, lower, words.full, look.font("body", REGULAR), look.colour("ink2"))


class FindingRow(PaintedButton):
    """One problem: what kind and which sale, the sentence, the action. Pressing it acts."""

    accessible_role = QAccessible.Role.ListItem

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._words: FindingWords | None = None

    def words(self) -> FindingWords | None:
        """Return what the row says."""
        return self._words

    def show_words(self, words: FindingWords) -> None:
        """Show another problem."""
        if words != self._words:
            self._words = words
            self.setAccessibleName(words.spoken)
            self.setAccessibleDescription(f"{words.action.full}. {words.key.full}")
            self.setToolTip(words.key.full)
            self.update()

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self._look.px(600), self._look.px(FINDING_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole row."""
        words, look, px = self._words, self._look, self._look.px
        if words is None:
            return
        with painting(self) as painter:
            box = QRectF(self.rect()).adjusted(0, px(2), 0, -px(2))
            if self.shows_ring():
                draw_focus_ring(painter, box, look.metrics.radius_control, look)
            elif self.isDown() or self.shows_hover():
                fill = look.colour("key_press" if self.isDown() else "sunken")
                draw_frame(painter, box, look.metrics.radius_control, fill=fill)
            self._paint_words(painter, words)

    def _paint_words(self, painter: QPainter, words: FindingWords) -> None:
        look, px, middle = self._look, self._look.px, self.height() / 2
        ink, icon = TONE_INK[words.tone], px(22)
        draw_icon(painter, QRectF(px(16), middle - icon / 2, icon, icon), words.icon, ink, look)
        left, right = px(50), self.width() - px(_ACTION) - px(16)
        column = (right - left) * 0.32
        kind = QRectF(left, middle - px(24), column, px(24))
        draw_line(painter, kind, words.kind.full, look.font("body_large", SEMIBOLD), look.colour(ink))
        body = look.font("body", REGULAR)
        room = column - px(8)
        sale = words.sale.full if text_width(words.sale.full, body) <= room else words.sale.short
        draw_line(painter, QRectF(left, middle, room, px(24)), sale, body, look.colour("ink2"))
        start = left + column + px(12)
        text = Paragraph(words.problem.full, body, round(right - start - px(16)))
        painter.setPen(look.colour("ink"))
        text.draw(painter, QPointF(start, middle - text.height / 2))
        self._paint_action(painter, words.action.full, QRectF(right, middle - px(22), px(_ACTION), px(44)))

    def _paint_action(self, painter: QPainter, words: str, box: QRectF) -> None:
        look = self._look
        draw_frame(
            painter,
            box,
            look.metrics.radius_control,
            fill=look.colour("key_press" if self.isDown() else "key"),
            edge=look.colour("edge"),
        )
        font = look.font("button", MEDIUM)
        centre = Qt.AlignmentFlag.AlignHCenter
        draw_line(painter, box, words, font, look.colour("ink"), centre)


class FindingList(QWidget):
    """All problems one below the other."""

    acted = Signal(int)  # the place of the row that was pressed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._rows: list[FindingRow] = []
        self._used = 0

    def rows(self) -> list[FindingRow]:
        """Return the rows in use, from the top."""
        return self._rows[: self._used]

    def show_rows(self, words: Sequence[FindingWords]) -> None:
        """Show these problems."""
        while len(self._rows) < len(words):
            self._rows.append(self._new_row(len(self._rows)))
        self._used = len(words)
        for at, row in enumerate(self._rows):
            row.setVisible(at < self._used)
            if at < self._used:
                row.show_words(words[at])
        self.arrange()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        for row in self._rows:
            row.set_look(look)
        self.arrange()

    def needed_height(self) -> int:
        """Return the height all rows take, px."""
        return self._used * self._look.px(FINDING_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Put the rows one below the other."""
        high = self._look.px(FINDING_HEIGHT)
        for at, row in enumerate(self.rows()):
            row.setGeometry(0, at * high, self.width(), high)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines between the rows."""
        look, high = self._look, self._look.px(FINDING_HEIGHT)
        with painting(self) as painter:
            painter.fillRect(event.rect(), look.colour("surface"))
            for at in range(self._used):
                painter.fillRect(0, (at + 1) * high - 1, self.width(), 1, look.colour("line"))

    def _new_row(self, at: int) -> FindingRow:
        row = FindingRow(self)
        row.set_look(self._look)
        row.clicked.connect(lambda: self.acted.emit(at))
        return row
