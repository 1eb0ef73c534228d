"""A wallet pass as a phone shows it, unmistakably for practice."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from cashier_app.scanning.printed_codes import PrintedCode
from cashier_app.wording.practice_pass import PassWords
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import CENTRE, LEFT, RIGHT, device_ratio, draw_frame, draw_line, painting, text_width
from ui.theme.paragraph import Paragraph
from ui.theme.typography import MEDIUM, REGULAR, SEMIBOLD, font
from ui.training.code_drawing import module_pixels, paint_code, pixels_per_mm

SHOP, ON_SHOP, ON_SHOP_2 = "#A83A0C", "#FFFFFF", "#FFE3D2"
PAPER = "#FFFFFF"
_NAME_SIZES = (26, 23, 20, 18)
_CAPTION = 30
_START = 90 * 16  # twelve o'clock, in Qt's sixteenths of a degree


class PassCard(QWidget):
    """One pass: the shop, the member, points and tier, and the code on white.

    Args:
        store: Whose pass it is.
        mark: TRAINING, in the words of the language.
    """

    accessible_role = QAccessible.Role.Graphic

    def __init__(self, store: str, mark: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._store, self._mark = store, mark
        self._words: PassWords | None = None
        self._code: PrintedCode | None = None
        self._caption = ""
        self._size = 1.0

    def show_pass(self, words: PassWords | None, code: PrintedCode | None, caption: str = "") -> None:
        """Show a member's pass; without a code the ground stays white."""
        self._words, self._code, self._caption = words, code, caption
        self.setAccessibleName(words.spoken if words else "")
        # Tooltips guess at rich text: a name such as "<b>x" must come out as it is.
        self.setToolTip(f"<span>{escape(words.name)}</span>" if words else "")
        self.update()

    def code(self) -> PrintedCode | None:
        """Return the code on show."""
        return self._code

    def set_size(self, size: float) -> None:
        """Take modules of this many times the usual size."""
        self._size = size
        self.update()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self._look.px(380), self._look.px(470))

    def module_px(self, ratio: float | None = None) -> int:
        """Return the side of one module on show, device pixels; on the screen of the window by default."""
        if self._code is None:
            return 0
        ratio = ratio or self.devicePixelRatioF()
        per_mm = pixels_per_mm(self.screen(), ratio)
        return module_pixels(self._code, self.code_room(), per_mm, ratio, self._size)

    def code_room(self) -> QRectF:
        """Return the white ground of the code, px."""
        return self._paper().adjusted(0, 0, 0, -self._look.px(_CAPTION))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole pass."""
        look = self._look
        with painting(self) as painter:
            draw_frame(painter, QRectF(self.rect()), look.px(20), fill=QColor(SHOP))
            self._paint_head(painter)
            paper = self._paper()
            draw_frame(painter, paper, look.px(14), fill=QColor(PAPER))
            place = QRectF(paper.left(), paper.bottom() - look.px(_CAPTION), paper.width(), look.px(24))
            draw_line(painter, place, self._caption, font(look.px(15), MEDIUM), QColor("#5A209F"), CENTRE)
            # A grab may be finer than the screen.
            ratio = device_ratio(painter)
            module = self.module_px(ratio)
            if self._code is not None and module:
                paint_code(painter, self._code, self.code_room(), module, pixels_per_mm(self.screen(), ratio))

    def _paper(self) -> QRectF:
        pad, top = self._look.px(16), self._look.px(136)
        return QRectF(pad, top, self.width() - 2 * pad, self.height() - top - pad)

    def _paint_head(self, painter: QPainter) -> None:
        look, words = self._look, self._words
        pad = look.px(20)
        width = self.width() - 2 * pad
        mark_font = font(look.px(14), SEMIBOLD)
        mark = text_width(self._mark, mark_font) + look.px(20)
        pill = QRectF(self.width() - pad - mark, look.px(14), mark, look.px(26))
        draw_frame(painter, pill, pill.height() / 2, fill=QColor("#6427B0"), edge=QColor(ON_SHOP))
        draw_line(painter, pill, self._mark, mark_font, QColor(ON_SHOP), CENTRE)
        store = QRectF(pad, look.px(12), width - mark - look.px(12), look.px(30))
        draw_line(painter, store, self._store, font(look.px(17), SEMIBOLD), QColor(ON_SHOP))
        if words is None:
            return
        self._paint_name(painter, QRectF(pad, look.px(44), width, look.px(48)), words.name)
        row = QRectF(pad, look.px(96), width, look.px(30))
        draw_line(painter, row, words.points, font(look.px(20), SEMIBOLD), QColor(ON_SHOP))
        room = row.adjusted(text_width(words.points, font(look.px(20), SEMIBOLD)) + look.px(12), 0, 0, 0)
        draw_line(painter, room, words.tier, font(look.px(17), MEDIUM), QColor(ON_SHOP_2), RIGHT)

    def _paint_name(self, painter: QPainter, room: QRectF, name: str) -> None:
        """Paint a name large on one line, smaller on two, or cut off at the end of one."""
        look = self._look
        for size in _NAME_SIZES:
            if text_width(name, font(look.px(size), SEMIBOLD)) <= room.width():
                draw_line(painter, room, name, font(look.px(size), SEMIBOLD), QColor(ON_SHOP))
                return
        lines = Paragraph(name, font(look.px(16), SEMIBOLD), room.width())
        if lines.height <= room.height():
            painter.setPen(QColor(ON_SHOP))
            lines.draw(painter, QPointF(room.left(), room.center().y() - lines.height / 2))
            return
        draw_line(painter, room, name, font(look.px(18), SEMIBOLD), QColor(ON_SHOP), LEFT)


class CountdownRing(QWidget):
    """Seconds in a ring that runs out."""

    accessible_role = QAccessible.Role.Graphic

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._words, self._share, self._warns = "", 0.0, False

    def show_left(self, words: str, share: float, *, warns: bool) -> None:
        """Show the seconds left, and what part of the ring that is, 1 to 0."""
        if (words, share, warns) != (self._words, self._share, self._warns):
            self._words, self._share, self._warns = words, share, warns
            self.setAccessibleName(words)
            self.update()

    def share(self) -> float:
        """Return what part of the ring is filled."""
        return self._share

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ring and seconds."""
        look = self._look
        thick = look.px(5)
        side = min(self.width(), self.height()) - thick
        ring = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        with painting(self) as painter:
            pen = QPen(look.colour("bar_bg"), thick)
            painter.setPen(pen)
            painter.drawEllipse(ring)
            pen.setColor(look.colour("amber_edge" if self._warns else "accent"))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            if self._share > 0:
                painter.drawArc(ring, _START, round(self._share * 360 * 16))
            draw_line(
                painter,
                QRectF(self.rect()),
                self._words,
                look.font("body", REGULAR),
                look.colour("ink"),
                CENTRE,
            )
