"""The scan field: what was read or is being typed, with an icon that says what it is."""

from msgspec import Struct
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QFocusEvent, QFont, QFontMetricsF, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import draw_focus_ring, draw_frame, draw_icon, draw_line, painting, text_width
from ui.theme.tokens import EDGE_ACTIVE, EDGE_HAIRLINE
from ui.theme.typography import REGULAR, SEMIBOLD

_ICON = 26
_GAP = 10
_RING_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class ScanFieldContent(Struct, frozen=True):
    """What the field shows.

    Args:
        icon: An icon name that says what was read.
        words: The placeholder, a masked number or what was typed.
        typed: Whether the words were typed and are painted large.
        framed: Whether the keys go here.
    """

    icon: str
    words: str
    typed: bool = False
    framed: bool = False


_EMPTY = ScanFieldContent("qr-code", "")


class ScanField(QWidget):
    """Shows one line and takes no keys itself: the window's key router does that for every panel.

    Args:
        spoken: The accessible name.
        how: The accessible description: how to use it.
    """

    accessible_role = QAccessible.Role.EditableText
    pressed = Signal()  # a pointer or finger went down on it

    def __init__(self, spoken: str, how: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._content = _EMPTY
        self._ring = False
        self.setAccessibleName(spoken)
        self.setAccessibleDescription(how)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def content(self) -> ScanFieldContent:
        """Return what the field shows."""
        return self._content

    def show_content(self, content: ScanFieldContent) -> None:
        """Show something else; the same again does nothing."""
        if content != self._content:
            self._content = content
            self.update()

    def shown_words(self) -> str:
        """Return what fits: the end of what is typed stays in sight, whatever was pasted."""
        font, room = self._font(), self._words_box().width()
        if text_width(self._content.words, font) <= room:
            return self._content.words
        side = Qt.TextElideMode.ElideLeft if self._content.typed else Qt.TextElideMode.ElideRight
        return QFontMetricsF(font).elidedText(self._content.words, side, room)

    def is_elided(self) -> bool:
        """Return whether part of the words is cut off."""
        return self.shown_words() != self._content.words

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self._look.metrics.who_width, self._look.metrics.scan_height)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Say that the field was pressed."""
        self.pressed.emit()
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Draw the ring where focus came by a key."""
        self._ring = event.reason() in _RING_REASONS
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        self._ring = False
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        look, content = self._look, self._content
        radius = look.metrics.radius_field
        with painting(self) as painter:
            box = QRectF(self.rect())
            if self._ring and not content.framed:
                box = draw_focus_ring(painter, box, radius, look)
            draw_frame(
                painter,
                box,
                radius,
                fill=look.colour("surface"),
                edge=look.colour("ink" if content.framed else "edge"),
                width=look.px(EDGE_ACTIVE if content.framed else EDGE_HAIRLINE),
            )
            side = look.px(_ICON)
            place = QRectF(self._side(), (self.height() - side) / 2, side, side)
            draw_icon(painter, place, content.icon, "ink" if content.framed else "ink2", look)
            ink = "ink" if content.typed else "ink2" if content.framed else "ink3"
            draw_line(painter, self._words_box(), self.shown_words(), self._font(), look.colour(ink))

    def _font(self) -> QFont:
        if not self._content.typed:
            made = self._look.font("body_large", REGULAR)
            # The dots of a masked number stand at the height of its figures.
            made.setFeature(QFont.Tag("case"), 1)
            return made
        digits = self._look.font("digits", SEMIBOLD)
        fits = text_width(self._content.words, digits) <= self._words_box().width()
        return digits if fits else self._look.font("title", SEMIBOLD)

    def _side(self) -> int:
        return self._look.px(14 if self._look.metrics.compact else 18)

    def _words_box(self) -> QRectF:
        left = self._side() + self._look.px(_ICON + _GAP)
        return QRectF(left, 0, max(1, self.width() - left - self._side()), self.height())
