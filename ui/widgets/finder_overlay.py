"""What lies over the finder: outlines of what was read, a disc, one line at its foot, or a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath

from ui.theme.look import Look
from ui.theme.painting import CENTRE, draw_frame, draw_icon, draw_line, text_width
from ui.theme.paragraph import Paragraph
from ui.theme.typography import MEDIUM, SEMIBOLD
from ui.widgets.finder import HALO, STROKE, round_pen
from ui.widgets.finder_content import FinderContent, FinderShape

_SIDE = 12
_ICON = 40


def paint_line(painter: QPainter, box: QRectF, content: FinderContent, look: Look, high: float) -> None:
    """Paint the line on a ground of its own, for any picture may lie under it.

    Args:
        painter: Of the finder.
        box: The finder, px.
        content: What it says.
        look: Colours and measures.
        high: Of the line, px.
    """
    strip = QRectF(box.left(), box.bottom() - high, box.width(), high)
    radius = look.metrics.radius_field
    whole = QPainterPath()
    whole.addRoundedRect(box, radius, radius)
    foot = QPainterPath()
    foot.addRect(strip)
    warns = content.shape.decided
    painter.fillPath(whole.intersected(foot), look.colour("amber_tint" if warns else "sunken"))
    font = look.font("body", SEMIBOLD if warns else MEDIUM)
    room = strip.width() - 2 * look.px(_SIDE)
    words = content.line if text_width(content.line, font) <= room else content.short or content.line
    inside = strip.adjusted(look.px(_SIDE), 0, -look.px(_SIDE), 0)
    draw_line(painter, inside, words, font, look.colour("amber_text" if warns else "ink"), CENTRE)


def paint_sentence(painter: QPainter, box: QRectF, content: FinderContent, look: Look) -> None:
    """Paint why there is no picture: an icon and the sentence, together in the middle."""
    side, icon = look.px(_SIDE), look.px(_ICON)
    inside = box.adjusted(side, side, -side, -side)
    lines = sentence_lines(content.sentence, look, inside.width())
    gap = look.px(8)
    shows_icon = lines.height + gap + icon <= inside.height()
    high = lines.height + (gap + icon if shows_icon else 0)
    top = inside.center().y() - high / 2
    if shows_icon:
        place = QRectF(inside.center().x() - icon / 2, top, icon, icon)
        draw_icon(painter, place, content.shape.icon, "ink2", look)
        top += icon + gap
    painter.setPen(look.colour("ink"))
    lines.draw(painter, QPointF(inside.left(), top))


def sentence_lines(sentence: str, look: Look, width: float) -> Paragraph:
    """Return the sentence broken into lines for this width, px."""
    # What happened stands on a line of its own, what to do below it.
    text = sentence.replace(". ", ".\n", 1)
    return Paragraph(text, QFont(look.font("body", MEDIUM)), width, centred=True)


def paint_disc(painter: QPainter, box: QRectF, shape: FinderShape, look: Look, side: int) -> None:
    """Say in the middle what was decided: an icon on a disc that is seen on any picture; `side` in px."""
    good = shape is FinderShape.READ
    disc = QRectF(0, 0, side, side)
    disc.moveCenter(box.center())
    fill, edge = (
        look.colour("accent" if good else "amber_tint"),
        look.colour("surface" if good else "amber_edge"),
    )
    draw_frame(painter, disc, side / 2, fill=fill, edge=edge, width=look.px(2))
    icon = round(side * 0.6)
    place = QRectF(box.center().x() - icon / 2, box.center().y() - icon / 2, icon, icon)
    draw_icon(painter, place, shape.icon, "on_accent" if good else "amber_text", look)


def paint_outlines(
    painter: QPainter, box: QRectF, outlines: Sequence[Sequence[QPointF]], shape: FinderShape, look: Look
) -> None:
    """Outline what was read, inside the finder's rounded box."""
    path, clip = QPainterPath(), QPainterPath()
    for outline in outlines:
        path.addPolygon(list(outline))
        path.closeSubpath()
    radius = look.metrics.radius_field
    clip.addRoundedRect(box, radius, radius)
    painter.save()
    painter.setClipPath(clip, Qt.ClipOperation.IntersectClip)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    stroke, halo = look.px(STROKE), 2 * look.px(HALO)
    colour = look.colour(shape.colour if shape.decided else "accent")
    for shade, width in ((QColor(255, 255, 255), stroke + halo), (colour, stroke)):
        painter.setPen(round_pen(shade, width))
        painter.drawPath(path)
    painter.restore()
