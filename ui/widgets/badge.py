"""Badges: an icon and words in a pill, never a bare dot or number."""

from enum import Enum

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.painting import (
    draw_focus_ring,
    draw_frame,
    draw_icon,
    draw_line,
    painting,
    ring_inset,
    text_width,
)
from ui.theme.typography import MEDIUM
from ui.widgets.painted_button import PaintedButton

_HEIGHT = 32
_SIDE = 13
_ICON = 20
_GAP = 7


class BadgeKind(Enum):
    """How a badge looks: fill, edge, icon and text tokens."""

    BARE = ("", "", "ink2", "ink2")
    QUIET = ("sunken", "", "ink", "ink")
    AMBER = ("amber_tint", "amber_edge", "amber_text", "amber_text")
    RED = ("red_tint", "red_edge", "red_text", "red_text")
    TRAINING = ("train_tint", "", "train_text", "train_text")


class Badge(PaintedButton):
    """A pill 32 px high to see and as high as its widget to hit.

    Args:
        words: What it says.
        icon: The icon in front.
        kind: How it looks.
        spoken: The accessible name where it says more than the words.
        parent: The owning widget.
    """

    def __init__(
        self,
        words: str = "",
        *,
        icon: str = "",
        kind: BadgeKind = BadgeKind.QUIET,
        spoken: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(spoken or words, parent)
        self._words = words
        self._icon = icon
        self._kind = kind
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def words(self) -> str:
        """Return what the badge says."""
        return self._words

    def kind(self) -> BadgeKind:
        """Return how the badge looks."""
        return self._kind

    def set_badge(self, words: str, *, icon: str, kind: BadgeKind, spoken: str = "") -> None:
        """Say something else."""
        self._words, self._icon, self._kind = words, icon, kind
        self.setAccessibleName(spoken or words)
        self.refresh()

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        look = self._look
        width = text_width(self._words, look.font("badge", MEDIUM)) + 2 * look.px(_SIDE)
        if self._icon:
            width += look.px(_ICON + (_GAP if self._words else 0))
        return QSize(round(width), look.px(48))

    def minimumSizeHint(self) -> QSize:
        """Return the least size, px."""
        return QSize(self.sizeHint().width(), self._look.px(_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        look = self._look
        fill, edge, icon, ink = self._tokens_now()
        high = look.px(_HEIGHT)
        pill = QRectF(0, (self.height() - high) / 2, self.width(), high)
        with painting(self) as painter:
            if self.shows_ring():
                ring = QRectF(pill).adjusted(0, -ring_inset(look), 0, ring_inset(look))
                draw_focus_ring(painter, ring, ring.height() / 2, look)
                pill.adjust(ring_inset(look), 0, -ring_inset(look), 0)
            draw_frame(
                painter,
                pill,
                high / 2,
                fill=look.colour(fill) if fill else None,
                edge=look.colour(edge) if edge else None,
            )
            left = float(look.px(_SIDE))
            if self._icon:
                side = look.px(_ICON)
                box = QRectF(left, pill.center().y() - side / 2, side, side)
                draw_icon(painter, box, self._icon, icon, look)
                left += side + look.px(_GAP)
            place = QRectF(left, pill.top(), self.width() - left, high)
            draw_line(painter, place, self._words, look.font("badge", MEDIUM), look.colour(ink))

    def _tokens_now(self) -> tuple[str, str, str, str]:
        fill, edge, icon, ink = self._kind.value
        if self.isDown():
            fill = "key_press"
        elif self.shows_hover() and not fill:
            fill = "sunken"
        if self._look.theme.high_contrast and fill and not edge:
            edge = "edge"
        return fill, edge, icon, ink
