"""The icons and the app's mark, drawn from our SVG files, tinted and cached per size and pixel ratio."""

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPixmap
from PySide6.QtSvg import QSvgRenderer

from cashier_app.paths import resources

_MARK_FIELD = "#0B6A4C"  # as written in mark.svg
_MARK_RING = "#FFFFFF"
_WINDOW_ICONS = (16, 24, 32, 48, 64, 128)  # px, as desktops ask for them


def icon_pixmap(name: str, colour_hex: str, size_px: int, dpr: float) -> QPixmap:
    """Return an icon `size_px` logical px square in one colour; a missing file is a FileNotFoundError."""
    return _tinted(name, colour_hex, size_px, dpr)


@lru_cache(maxsize=512)
def _tinted(name: str, colour_hex: str, size_px: int, dpr: float) -> QPixmap:
    pixmap = _rendered(_source(name), size_px, dpr)
    painter = QPainter(pixmap)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    whole = QPainterPath()  # quicker than a rectangle: see `painting`
    whole.addRect(QRectF(0, 0, size_px, size_px))
    painter.fillPath(whole, QColor(colour_hex))
    painter.end()
    return pixmap


@lru_cache(maxsize=16)
def mark_pixmap(field_hex: str, ring_hex: str, size_px: int, dpr: float) -> QPixmap:
    """Return the app's mark `size_px` logical px square: a ring on a rounded field."""
    svg = _source("mark").decode()
    svg = svg.replace(_MARK_FIELD, "field").replace(_MARK_RING, ring_hex).replace("field", field_hex)
    return _rendered(svg.encode(), size_px, dpr)


def program_icon() -> QIcon:
    """Return the app's mark as a window's icon, for title bars and lists of windows."""
    icon = QIcon()
    for size_px in _WINDOW_ICONS:
        icon.addPixmap(_rendered(_source("mark"), size_px, 1.0))
    return icon


def forget_icons() -> None:
    """Drop every cached picture, when the window came to a screen with another pixel ratio."""
    _tinted.cache_clear()
    mark_pixmap.cache_clear()


def icon_names() -> list[str]:
    """Return the names of all shipped icons, sorted, without the mark."""
    return sorted(path.stem for path in (resources() / "icons").glob("*.svg") if path.stem != "mark")


def _rendered(svg: bytes, size_px: int, dpr: float) -> QPixmap:
    side = round(size_px * dpr)
    pixmap = QPixmap(QSize(side, side))
    pixmap.setDevicePixelRatio(dpr)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, side / dpr, side / dpr))
    painter.end()
    return pixmap


@cache
def _source(name: str) -> bytes:
    return (resources() / "icons" / f"{name}.svg").read_bytes()
