"""The finder: where a code is held, with four corner marks around a code or around what a camera sees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import draw_frame, draw_icon, painting
from ui.widgets.finder_content import NO_CAMERA_ON, FinderContent, FinderShape, Outline

if TYPE_CHECKING:
    from ui.widgets.camera_picture import CameraPicture

_SHARE = 0.69  # of the shorter side, between the corner marks
_LARGEST = 200
_CLOSED_IN = 0.7  # of that, once something was decided about a code
_ICON_SHARE = 0.37  # of the square between the marks
_DISC_SHARE = 0.46
_ARM = 0.16
_CORNER = 9
STROKE = 3
HALO = 2  # of the other shade round a mark, so that it is seen on any picture
_LINE = 36  # height of the line of words


def round_pen(colour: QColor, width: float) -> QPen:
    """Return a pen whose ends and corners are round; width in px."""
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


class Finder(QWidget):
    """A sunken box that shows where to look; with a camera it shows what that sees, as a looking glass does.

    Without a camera it says nothing to screen readers, the words beside it do.
    """

    accessible_role = QAccessible.Role.Graphic

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._content = NO_CAMERA_ON
        self._picture: CameraPicture | None = None
        self._outlines: tuple[Outline, ...] = ()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    @property
    def content(self) -> FinderContent:
        """Return what is shown beside the picture."""
        return self._content

    @property
    def picture_number(self) -> int:
        """Return the number of the picture shown; 0 for none."""
        return 0 if self._picture is None else self._picture.number

    def show_content(self, content: FinderContent) -> None:
        """Show other marks and words; the same again paints nothing."""
        if content == self._content:
            return
        self._content = content
        self.setAccessibleName(content.name)
        self.setAccessibleDescription(content.spoken)
        self.update()

    def show_picture(self, picture: CameraPicture | None, outlines: Sequence[Outline] = ()) -> None:
        """Show what the camera sees, or nothing any more.

        Args:
            picture: The newest picture.
            outlines: Of the codes just read, in px of the camera's whole frame, not mirrored.
        """
        if picture is self._picture and not outlines and not self._outlines:
            return
        self._picture, self._outlines = picture, tuple(outlines)
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Return the least size, px."""
        side = self._look.px(96)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        look, content = self._look, self._content
        with painting(self) as painter:
            box = QRectF(self.rect())
            radius = look.metrics.radius_field
            if self._picture is None:
                draw_frame(painter, box, radius, fill=look.colour("sunken"))
            else:
                self._paint_picture(painter, box, self._picture)
            if content.sentence:
                self._paint_sentence(painter, box)
            else:
                self._paint_middle(painter, self._above_line(box))
            if content.line:
                self._paint_line(painter, box)
            if look.theme.high_contrast:
                draw_frame(painter, box, radius, edge=look.colour("edge"))

    def _paint_picture(self, painter: QPainter, box: QRectF, picture: CameraPicture) -> None:
        painter.save()
        painter.setClipRect(self._above_line(box))
        picture.draw(painter, box, self._look.metrics.radius_field, self._look.colour("sunken"))
        if self._outlines:
            from ui.widgets.finder_overlay import (
                paint_outlines,  # the first frame has nothing over the finder
            )

            places = [[picture.place_of(corner, box) for corner in outline] for outline in self._outlines]
            paint_outlines(painter, box, places, self._content.shape, self._look)
        painter.restore()

    def _above_line(self, box: QRectF) -> QRectF:
        return box.adjusted(0, 0, 0, -self._look.px(_LINE) if self._content.line else 0)

    # --- marks and icon ---------------------------------------------------------------------------

    def _paint_middle(self, painter: QPainter, box: QRectF) -> None:
        look, shape = self._look, self._content.shape
        side = round(min(look.px(_LARGEST), min(box.width(), box.height()) * _SHARE))
        inner = round(side * _CLOSED_IN) if shape.decided else side
        square = QRectF(0, 0, inner, inner)
        square.moveCenter(box.center())
        if not self._outlines or shape is not FinderShape.SEVERAL:
            self._paint_marks(painter, square)  # several outlines are marks enough
        if shape.decided:
            from ui.widgets.finder_overlay import paint_disc

            paint_disc(painter, box, shape, look, round(side * _DISC_SHARE))
        elif self._picture is None:
            icon = round(side * _ICON_SHARE)
            place = QRectF(box.center().x() - icon / 2, box.center().y() - icon / 2, icon, icon)
            draw_icon(painter, place, shape.icon, "ink2", look)

    def _paint_marks(self, painter: QPainter, square: QRectF) -> None:
        look, shape = self._look, self._content.shape
        stroke = look.px(STROKE)
        path = self._marks(square)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._picture is not None:
            # White on a dark rim is seen on a white phone and in a dark shop alike.
            rim = QColor(0, 0, 0, 150) if not shape.decided else QColor(255, 255, 255)
            painter.setPen(round_pen(rim, stroke + 2 * look.px(HALO)))
            painter.drawPath(path)
        on_picture = self._picture is not None and not shape.decided
        painter.setPen(round_pen(QColor(255, 255, 255) if on_picture else look.colour(shape.colour), stroke))
        painter.drawPath(path)

    def _marks(self, square: QRectF) -> QPainterPath:
        arm, radius = square.width() * _ARM, float(self._look.px(_CORNER))
        path = QPainterPath()
        for corner, across, down in (
            (square.topLeft(), 1, 1),
            (square.topRight(), -1, 1),
            (square.bottomLeft(), 1, -1),
            (square.bottomRight(), -1, -1),
        ):
            path.moveTo(corner + QPointF(0, down * arm))
            path.lineTo(corner + QPointF(0, down * radius))
            path.quadTo(corner, corner + QPointF(across * radius, 0))
            path.lineTo(corner + QPointF(across * arm, 0))
        return path

    # --- words ------------------------------------------------------------------------------------

    def _paint_line(self, painter: QPainter, box: QRectF) -> None:
        from ui.widgets.finder_overlay import paint_line

        paint_line(painter, box, self._content, self._look, self._look.px(_LINE))

    def _paint_sentence(self, painter: QPainter, box: QRectF) -> None:
        from ui.widgets.finder_overlay import paint_sentence

        paint_sentence(painter, box, self._content, self._look)
