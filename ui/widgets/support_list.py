"""What goes into the file for support, row by row, and above it what the doctor has to say."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QAccessible, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording.support import FindingLine, PartWords, SupportWords
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import RIGHT, draw_icon, draw_line, painting
from ui.theme.paragraph import Paragraph
from ui.theme.typography import MEDIUM, REGULAR, SEMIBOLD
from ui.widgets.queue_detail import TONE_INK

_ROW, _COMPACT_ROW = 44, 38
_ICON, _INSET, _SIZE = 22, 34, 110
_NAME_SHARE = 0.3
_AROUND = 10


class PartRow(QWidget):
    """One part: its name, what it is for, and how large it is."""

    accessible_role = QAccessible.Role.ListItem

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._words: PartWords | None = None

    def show_words(self, words: PartWords) -> None:
        """Show another part."""
        if words != self._words:
            self._words = words
            self.setAccessibleName(f"{words.name}: {words.purpose.full}, {words.size}")
            self.update()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    def height_for(self, _width: int) -> int:
        """Return the wanted height, px."""
        return self._look.px(_COMPACT_ROW if self._look.metrics.compact else _ROW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the row and the line below it."""
        words, look, px = self._words, self._look, self._look.px
        if words is None:
            return
        with painting(self) as painter:
            body, room = look.font("body", REGULAR), QRectF(self.rect())
            name = QRectF(room.left(), 0, room.width() * _NAME_SHARE, room.height())
            draw_line(painter, name, words.name, look.font("body", MEDIUM), look.colour("ink"))
            size = QRectF(room.right() - px(_SIZE), 0, px(_SIZE), room.height())
            draw_line(painter, size, words.size, body, look.colour("ink2"), RIGHT)
            purpose = QRectF(name.right(), 0, size.left() - name.right() - px(8), room.height())
            draw_line(painter, purpose, words.purpose.full, body, look.colour("ink2"))
            painter.fillRect(QRectF(room.left(), room.bottom() - 1, room.width(), 1), look.colour("line"))


class FindingLineRow(QWidget):
    """One thing that is not as it should be: which, and the sentence, in as many lines as it takes."""

    accessible_role = QAccessible.Role.ListItem

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._words: FindingLine | None = None

    def show_words(self, words: FindingLine) -> None:
        """Show another finding."""
        if words != self._words:
            self._words = words
            self.setAccessibleName(f"{words.name}: {words.sentence}")
            self.update()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    def height_for(self, width: int) -> int:
        """Return the wanted height, px."""
        px = self._look.px
        return round(px(24) + self._paragraph(width).height) + 2 * px(_AROUND)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the row and the line below it."""
        words, look, px = self._words, self._look, self._look.px
        if words is None:
            return
        ink = TONE_INK[words.tone]
        with painting(self) as painter:
            icon = QRectF(0, px(_AROUND) + px(1), px(_ICON), px(_ICON))
            draw_icon(painter, icon, words.icon, ink, look)
            head = QRectF(px(_INSET), px(_AROUND), self.width() - px(_INSET), px(24))
            draw_line(painter, head, words.name, look.font("body", SEMIBOLD), look.colour(ink))
            painter.setPen(look.colour("ink"))
            self._paragraph(self.width()).draw(painter, QPointF(px(_INSET), px(_AROUND) + px(24)))
            below = QRectF(0, self.height() - 1, self.width(), 1)
            painter.fillRect(below, look.colour("line"))

    def _paragraph(self, width: int) -> Paragraph:
        sentence = "" if self._words is None else self._words.sentence
        return Paragraph(sentence, self._look.font("body", REGULAR), max(1, width - self._look.px(_INSET)))


class HeadRow(QWidget):
    """What the rows below are, and how much they are in all."""

    accessible_role = QAccessible.Role.ListItem

    def __init__(self, title: str, total: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._title, self._total = title, total
        self.setAccessibleName(f"{title}, {total}" if total else title)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    def height_for(self, _width: int) -> int:
        """Return the wanted height, px."""
        return self._look.px(_COMPACT_ROW if self._look.metrics.compact else _ROW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the title, and at its right the total."""
        look, room = self._look, QRectF(self.rect())
        with painting(self) as painter:
            draw_line(painter, room, self._title, look.font("body_large", SEMIBOLD), look.colour("ink"))
            draw_line(painter, room, self._total, look.font("body", REGULAR), look.colour("ink2"), RIGHT)


Row = HeadRow | PartRow | FindingLineRow


class SupportList(QWidget):
    """Findings, then parts, one below the other."""

    accessible_role = QAccessible.Role.List

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._rows: list[Row] = []

    def rows(self) -> list[Row]:
        """Return the rows, from the top."""
        return self._rows

    def show_words(self, words: SupportWords) -> None:
        """Show others."""
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = []
        if words.findings:
            self._rows.append(HeadRow(words.findings_title.full, "", self))
        for finding in words.findings:
            told = FindingLineRow(self)
            told.show_words(finding)
            self._rows.append(told)
        if words.parts:
            self._rows.append(HeadRow(words.parts_title.full, words.total, self))
        for part in words.parts:
            listed = PartRow(self)
            listed.show_words(part)
            self._rows.append(listed)
        for row in self._rows:
            row.set_look(self._look)
            row.show()
        self._arrange()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        for row in self._rows:
            row.set_look(look)
        self._arrange()

    def height_for(self, width: int) -> int:
        """Return the height of all rows at a width, px."""
        return sum(row.height_for(width) for row in self._rows)

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self._look.px(600), self.height_for(self._look.px(600)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the rows anew."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground: what scrolls has one of its own."""
        with painting(self) as painter:
            painter.fillRect(self.rect(), self._look.colour("surface"))

    def _arrange(self) -> None:
        top = 0
        for row in self._rows:
            high = row.height_for(self.width())
            row.setGeometry(QRect(0, top, self.width(), high))
            top += high
