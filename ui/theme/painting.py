"""What painted widgets share: frames on whole device pixels, the focus ring, keycaps, text on one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from math import floor

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QPaintDevice,
    QPainter,
    QPainterPath,
    QPixmap,
    QRawFont,
    QTextLayout,
    QTransform,
)
from PySide6.QtWidgets import QWidget

from ui.theme.look import Look
from ui.theme.tokens import RING_GAP, RING_WIDTH
from ui.theme.typography import MEDIUM, font_for_text

LEFT = Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignRight
CENTRE = Qt.AlignmentFlag.AlignHCenter

_KEYCAP_HEIGHT = 26
_KEYCAP_SIDE = 7
_KEYCAP_LEAST_WIDTH = 22
_KEYCAP_EDGE = 0.7  # of the ink; still above 3 to 1 on every button
_STRIPE_STEP = 24
_HYPHEN = "\N{HYPHEN}"
_FINER = 2  # halves of a logical px


@contextmanager
def painting(device: QPaintDevice) -> Iterator[QPainter]:
    """Paint on a device with smooth edges; the painter is ended whatever happens inside."""
    painter = QPainter(device)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    try:
        yield painter
    finally:
        painter.end()


def device_width(painter: QPainter, width: float) -> float:
    """Return a line width that covers whole device pixels, in logical px; a hairline is never lost."""
    ratio = device_ratio(painter)
    return max(1, floor(width * ratio + 0.01)) / ratio


def snapped(painter: QPainter, rect: QRectF | QRect) -> QRectF:
    """Return the rectangle moved to the nearest whole device pixels, in logical px."""
    to_device = painter.deviceTransform()
    back, possible = to_device.inverted()
    if not possible:
        return QRectF(rect)
    mapped = to_device.mapRect(QRectF(rect))
    left, top = _nearest(mapped.left()), _nearest(mapped.top())
    right, bottom = _nearest(mapped.right()), _nearest(mapped.bottom())
    return back.mapRect(QRectF(left, top, right - left, bottom - top))


def _nearest(position: float) -> int:
    """Round halves up, as Qt rounds the clip of a widget: an edge left of that would not be seen."""
    return floor(position + 0.5 + 1e-6)


def device_ratio(painter: QPainter) -> float:
    """Return device pixels per logical px where the painter paints, which may not be the widget's screen."""
    return abs(painter.deviceTransform().m11()) or 1.0


def draw_frame(
    painter: QPainter,
    rect: QRectF | QRect,
    radius: float,
    *,
    fill: QColor | None = None,
    edge: QColor | None = None,
    width: float = 1,
) -> None:
    """Fill a rounded box and draw its edge inside it; radius and width in logical px."""
    outer = snapped(painter, rect)
    radius = min(radius, outer.height() / 2, outer.width() / 2)
    if edge is None:
        if fill is not None:
            painter.fillPath(_rounded(outer, radius), fill)
        return
    line = device_width(painter, width)
    inner = outer.adjusted(line, line, -line, -line)
    if fill is not None:
        # Under the middle of the edge: no fill shines out round it, no background shines in between.
        half = line / 2
        painter.fillPath(_rounded(outer.adjusted(half, half, -half, -half), max(0.0, radius - half)), fill)
    ring = _rounded(outer, radius)
    ring.addPath(_rounded(inner, max(0.0, radius - line)))
    ring.setFillRule(Qt.FillRule.OddEvenFill)
    painter.fillPath(ring, edge)


def _rounded(rect: QRectF, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    return path


def fill_rectangle(painter: QPainter, rect: QRect, brush: QColor | QBrush) -> None:
    """Fill whole px. Before its first `fillRect` PySide makes 170 named gradients: 1 ms at the start."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    painter.drawRect(rect)


def ring_inset(look: Look) -> int:
    """Return by how much a control shrinks to leave room for its focus ring, px."""
    return look.px(RING_WIDTH + RING_GAP)


def draw_focus_ring(
    painter: QPainter, rect: QRectF | QRect, radius: float, look: Look, colour: str = "focus"
) -> QRectF:
    """Draw the ring inside `rect`, whose control has this radius, and return where the control goes."""
    draw_frame(painter, rect, radius + look.px(2), edge=look.colour(colour), width=look.px(RING_WIDTH))
    inset = ring_inset(look)
    return QRectF(rect).adjusted(inset, inset, -inset, -inset)


def text_width(words: str, font: QFont) -> float:
    """Return the advance of one line of text, logical px."""
    words = _with_narrow_hyphens(words)
    return QFontMetricsF(font_for_text(words, font)).horizontalAdvance(words)


def _with_narrow_hyphens(words: str) -> str:
    """Return the words with hyphens of their own width: with tabular figures, "-" is as wide as those."""
    return words.replace("-", _HYPHEN)


@lru_cache(maxsize=512)
def ink_box(words: str, font: QFont) -> QRectF:
    """Return the box of the ink of one line whose pen starts at 0,0, logical px.

    Taken from the outlines: the font's own tight box is rounded to whole px on either side.
    """
    outline = QPainterPath()
    outline.addText(QPointF(0, 0), font, words)
    return outline.boundingRect()


def text_outline(words: str, font: QFont) -> QPainterPath:
    """Return the outline of one line of text whose pen starts at 0,0, logical px.

    The strokes of a variable font overlap: filled as they come, edges that lie on each other are seen as
    seams in large text. Here those of a glyph are one shape.
    """
    layout = QTextLayout(words, font)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    baseline = line.ascent()
    outline = QPainterPath()
    outline.setFillRule(Qt.FillRule.WindingFill)
    for run in layout.glyphRuns():
        face = run.rawFont()
        for glyph, place in zip(run.glyphIndexes(), run.positions(), strict=True):
            outline.addPath(_glyph_outline(face, glyph).translated(place.x(), place.y() - baseline))
    return outline


@lru_cache(maxsize=1024)
def _glyph_outline(face: QRawFont, glyph: int) -> QPainterPath:
    outline = face.pathForGlyph(glyph)
    outline.setFillRule(Qt.FillRule.WindingFill)
    # Making one shape turns curves into straight lines: short enough for screens of any ratio.
    fine = QTransform.fromScale(_FINER, _FINER).map(outline).simplified()
    return QTransform.fromScale(1 / _FINER, 1 / _FINER).map(fine)


def draw_line(
    painter: QPainter,
    rect: QRectF | QRect,
    words: str,
    font: QFont,
    colour: QColor,
    align: Qt.AlignmentFlag = LEFT,
    *,
    flush: bool = False,
) -> None:
    """Draw one line of text in the middle of the height, elided where it does not fit.

    The side is absolute: text in a right-to-left script stays where the layout wants it. Flush: the ink
    begins (or, at the right, ends) at the edge, and not the white beside it, which grows with the size.
    """
    box = QRectF(rect)
    words = _with_narrow_hyphens(words)
    chosen = font_for_text(words, font)
    metrics = QFontMetricsF(chosen)
    # Rounding of advances may leave a text that was measured to fit a hair too long.
    if metrics.horizontalAdvance(words) > box.width() + 0.5:
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, box.width())
    if flush and align in {LEFT, RIGHT}:
        ink = ink_box(words, chosen)
        box.translate(-ink.left() if align == LEFT else metrics.horizontalAdvance(words) - ink.right(), 0)
    painter.setFont(chosen)
    painter.setPen(colour)
    # By the text, not by the widget: or the dots of a right-to-left name that is cut off stand at its start.
    painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    flags = align | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
    painter.drawText(box, int(flags) | int(Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip), words)


def keycap_size(words: str, look: Look) -> QSizeF:
    """Return the size of a keycap with these words, logical px."""
    width = text_width(words, look.font("keycap", MEDIUM)) + 2 * look.px(_KEYCAP_SIDE)
    return QSizeF(max(float(look.px(_KEYCAP_LEAST_WIDTH)), round(width)), look.px(_KEYCAP_HEIGHT))


def draw_keycap(
    painter: QPainter, at: QPointF, words: str, look: Look, *, ink: QColor, edge: QColor | None = None
) -> QRectF:
    """Draw a keycap with its left middle at `at` and return its box; no edge: a quieter ink."""
    size = keycap_size(words, look)
    box = QRectF(at.x(), at.y() - size.height() / 2, size.width(), size.height())
    if edge is None:
        edge = QColor(ink)
        edge.setAlphaF(1.0 if look.theme.high_contrast else _KEYCAP_EDGE)
    draw_frame(painter, box, look.metrics.radius_keycap, edge=edge, width=1)
    draw_line(painter, box, words, look.font("keycap", MEDIUM), ink, CENTRE)
    return box


def draw_icon(painter: QPainter, box: QRectF, name: str, token: str, look: Look) -> None:
    """Draw a square icon in the colour of a token, on whole device pixels."""
    ratio = device_ratio(painter)
    corner = snapped(painter, box).topLeft()
    painter.drawPixmap(corner, look.icon(name, token, round(box.width()), ratio))


def draw_training_frame(painter: QPainter, rect: QRectF | QRect, look: Look) -> None:
    """Draw the striped frame of training just inside `rect`, 8 px wide at 1x."""
    thick, radius = training_frame_width(look), look.px(8)
    outer = QRectF(rect)
    inner = outer.adjusted(thick, thick, -thick, -thick)
    stripes = QBrush(_stripes(look.theme.on_train, look.theme.train, look.px(_STRIPE_STEP)))
    # Four bands and four small corners: filling the window's whole path took half a second each time.
    for band in training_bands(outer.toRect(), look):
        fill_rectangle(painter, band, stripes)
    rounded = _rounded(inner, radius)
    for corner in _corners(inner, radius):
        square = QPainterPath()
        square.addRect(corner)
        painter.fillPath(square.subtracted(rounded), stripes)


def training_bands(rect: QRect, look: Look) -> tuple[QRect, ...]:
    """Return the four rectangles of the striped frame inside `rect`, without its rounded inner corners."""
    thick = training_frame_width(look)
    side = rect.height() - 2 * thick
    return (
        QRect(rect.left(), rect.top(), rect.width(), thick),
        QRect(rect.left(), rect.bottom() + 1 - thick, rect.width(), thick),
        QRect(rect.left(), rect.top() + thick, thick, side),
        QRect(rect.right() + 1 - thick, rect.top() + thick, thick, side),
    )


def training_frame_region(rect: QRect, look: Look) -> tuple[QRect, ...]:
    """Return the rectangles that hold every pixel of the striped frame."""
    thick, radius = training_frame_width(look), look.px(8)
    inner = QRectF(rect.adjusted(thick, thick, -thick, -thick))
    corners = (corner.toAlignedRect() for corner in _corners(inner, radius))
    return (*training_bands(rect, look), *corners)


@lru_cache(maxsize=8)
def _stripes(light: str, dark: str, step: int) -> QPixmap:
    """Return one tile of diagonal stripes; it repeats without a seam."""
    tile = QPixmap(step, step)
    tile.fill(light)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for start in (-step, 0, step):
        stripe = QPainterPath()
        stripe.moveTo(start, step)
        stripe.lineTo(start + step / 2, step)
        stripe.lineTo(start + step * 3 / 2, 0)
        stripe.lineTo(start + step, 0)
        stripe.closeSubpath()
        painter.fillPath(stripe, QColor(dark))
    painter.end()
    return tile


def _corners(rect: QRectF, size: float) -> tuple[QRectF, ...]:
    right, bottom = rect.right() - size, rect.bottom() - size
    places = ((rect.left(), rect.top()), (right, rect.top()), (rect.left(), bottom), (right, bottom))
    return tuple(QRectF(left, top, size, size) for left, top in places)


def training_frame_width(look: Look) -> int:
    """Return the width of the striped frame, px."""
    return look.px(8)


def fill_background(painter: QPainter, widget: QWidget, look: Look, colour: str = "bg") -> None:
    """Fill a whole widget with the colour of a token."""
    fill_rectangle(painter, widget.rect(), look.colour(colour))
