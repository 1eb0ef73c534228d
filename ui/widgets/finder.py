"""The finder: where a code is held, with four corner marks around a code or around what a camera sees."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import draw_frame, draw_icon, painting

if TYPE_CHECKING:
    from ui.widgets.camera_picture import CameraPicture

_SHARE = 0.69  # of the shorter side, between the corner marks
_LARGEST = 200
_CLOSED_IN = 0.7  # of that, once something was decided about a code
_ICON_SHARE = 0.37  # of the square between the marks
_DISC_SHARE = 0.46
_ARM = 0.16
_CORNER = 9
_STROKE = 3
_HALO = 2  # of the other shade round a mark, so that it is seen on any picture
_LINE = 36  # height of the line of words


Outline = Sequence[tuple[float, float]]


class FinderShape(Enum):
    """Icon and colour of the marks, and whether something was decided about a code: they then close in."""

    WAITING = ("qr-code", "ink2", False)
    LOOKING = ("camera", "ink2", False)
    READ = ("check-circle", "accent", True)
    REFUSED = ("prohibit", "amber_edge", True)
    SEVERAL = ("qr-code", "amber_edge", True)

    def __init__(self, icon: str, colour: str, decided: bool) -> None:  # noqa: FBT001 - a row of the table
        self.icon = icon
        self.colour = colour
        self.decided = decided


class FinderContent(Struct, frozen=True):
    """What a finder shows beside the picture.

    Args:
        shape: Marks and icon.
        line: Words at the foot; none if empty. `short` is taken where they have no room.
        sentence: Words in the place of the picture.
        name: What a screen reader calls it; empty for nothing at all.
        spoken: The state for a screen reader.
    """

    shape: FinderShape = FinderShape.WAITING
    line: str = ""
    short: str = ""
    sentence: str = ""
    name: str = ""
    spoken: str = ""


NO_CAMERA_ON = FinderContent()


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
            self._paint_outlines(painter, box, picture)
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
            self._paint_disc(painter, box, side)
        elif self._picture is None:
            icon = round(side * _ICON_SHARE)
            place = QRectF(box.center().x() - icon / 2, box.center().y() - icon / 2, icon, icon)
            draw_icon(painter, place, shape.icon, "ink2", look)

    def _paint_disc(self, painter: QPainter, box: QRectF, side: int) -> None:
        """Say in the middle what was decided: an icon on a disc that is seen on any picture."""
        look, good = self._look, self._content.shape is FinderShape.READ
        round_side = round(side * _DISC_SHARE)
        disc = QRectF(0, 0, round_side, round_side)
        disc.moveCenter(box.center())
        fill = look.colour("accent" if good else "amber_tint")
        edge = look.colour("surface" if good else "amber_edge")
        draw_frame(painter, disc, round_side / 2, fill=fill, edge=edge, width=look.px(2))
        icon = round(round_side * 0.6)
        place = QRectF(box.center().x() - icon / 2, box.center().y() - icon / 2, icon, icon)
        draw_icon(painter, place, self._content.shape.icon, "on_accent" if good else "amber_text", look)

    def _paint_marks(self, painter: QPainter, square: QRectF) -> None:
        look, shape = self._look, self._content.shape
        stroke = look.px(_STROKE)
        path = self._marks(square)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._picture is not None:
            # White on a dark rim is seen on a white phone and in a dark shop alike.
            rim = QColor(0, 0, 0, 150) if not shape.decided else QColor(255, 255, 255)
            painter.setPen(self._pen(rim, stroke + 2 * look.px(_HALO)))
            painter.drawPath(path)
        on_picture = self._picture is not None and not shape.decided
        painter.setPen(self._pen(QColor(255, 255, 255) if on_picture else look.colour(shape.colour), stroke))
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

    def _paint_outlines(self, painter: QPainter, box: QRectF, picture: CameraPicture) -> None:
        path = QPainterPath()
        for outline in self._outlines:
            path.addPolygon([picture.place_of(corner, box) for corner in outline])
            path.closeSubpath()
        clip = QPainterPath()
        radius = self._look.metrics.radius_field
        clip.addRoundedRect(box, radius, radius)
        painter.save()
        painter.setClipPath(clip, Qt.ClipOperation.IntersectClip)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        stroke = self._look.px(_STROKE)
        for colour, width in (
            (QColor(255, 255, 255), stroke + 2 * self._look.px(_HALO)),
            (self._shade(), stroke),
        ):
            painter.setPen(self._pen(colour, width))
            painter.drawPath(path)
        painter.restore()

    def _shade(self) -> QColor:
        shape = self._content.shape
        return self._look.colour(shape.colour if shape.decided else "accent")

    @staticmethod
    def _pen(colour: QColor, width: float) -> QPen:
        pen = QPen(colour, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        return pen

    # --- words ------------------------------------------------------------------------------------

    def _paint_line(self, painter: QPainter, box: QRectF) -> None:
        from ui.widgets.finder_words import paint_line  # the first frame has none

        paint_line(painter, box, self._content, self._look, self._look.px(_LINE))

    def _paint_sentence(self, painter: QPainter, box: QRectF) -> None:
        from ui.widgets.finder_words import paint_sentence

        paint_sentence(painter, box, self._content, self._look)
