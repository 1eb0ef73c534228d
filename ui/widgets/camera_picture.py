"""What a camera sees, as a picture for the eye: cut to fill a box, its places found again on the screen."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath


class Preview(Protocol):
    """A small picture as the camera's reader makes it: blue, green, red bytes without padding."""

    @property
    def pixels(self) -> bytes:
        """Return the rows from the top, three bytes a px."""

    @property
    def width(self) -> int:
        """Return the width, px."""

    @property
    def height(self) -> int:
        """Return the height, px."""

    @property
    def mirrored(self) -> bool:
        """Tell whether left and right are swapped, as in a looking glass."""

    @property
    def frame_width(self) -> int:
        """Return the width of the whole frame, px; corners of codes refer to that."""

    @property
    def frame_height(self) -> int:
        """Return the height of the whole frame, px."""

    @property
    def number(self) -> int:
        """Return what grows with every picture."""


class CameraPicture:
    """One picture; nothing is copied, so it keeps what it was made from.

    Args:
        preview: What the reader made.
    """

    def __init__(self, preview: Preview) -> None:
        self._preview = preview
        self.number = preview.number
        width, height = preview.width, preview.height
        self._image = QImage(preview.pixels, width, height, 3 * width, QImage.Format.Format_BGR888)

    def draw(self, painter: QPainter, box: QRectF, radius: float, ground: QColor) -> None:
        """Fill a rounded box with the middle of the picture."""
        path = QPainterPath()
        path.addRoundedRect(box, radius, radius)
        painter.fillPath(path, ground)
        painter.save()
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        painter.drawImage(box, self._image, self._seen(box))
        painter.restore()

    def place_of(self, corner: tuple[float, float], box: QRectF) -> QPointF:
        """Return where a place of the whole frame, px, lies in a box filled with this picture."""
        preview, seen = self._preview, self._seen(box)
        across = corner[0] / max(1, preview.frame_width) * preview.width
        if preview.mirrored:
            across = preview.width - across
        down = corner[1] / max(1, preview.frame_height) * preview.height
        scale = box.width() / seen.width()
        return QPointF(box.left() + (across - seen.left()) * scale, box.top() + (down - seen.top()) * scale)

    def _seen(self, box: QRectF) -> QRectF:
        """Return the part of the picture that has the shape of the box, from the middle."""
        width, height = self._preview.width, self._preview.height
        scale = max(box.width() / width, box.height() / height)
        seen = QRectF(0, 0, box.width() / scale, box.height() / scale)
        seen.moveCenter(QPointF(width / 2, height / 2))
        return seen
