"""Pictures of widgets, for tests that look at what is painted."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QRegion
from PySide6.QtWidgets import QWidget

WHITE = "#FFFFFF"


def picture(widget: QWidget) -> QImage:
    """Return what a widget and its children paint themselves, on white, at ratio 1."""
    image = QImage(widget.size(), QImage.Format.Format_RGB32)
    image.fill(QColor(WHITE))
    widget.render(image, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    return image


def colour_at(image: QImage, x: int, y: int) -> str:
    """Return a pixel as "#RRGGBB"."""
    return image.pixelColor(x, y).name().upper()


def inked_columns(image: QImage) -> list[int]:
    """Return the columns with something clearly darker than white in them."""
    return [
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y).lightness() < 200 for y in range(image.height()))
    ]
