"""A drawer over the till: a panel at the right edge, a scrim over the rest, the sale untouched behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEasingCurve, QRect, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QHideEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.services.till_view import TillView
from cashier_app.wording import Sentence, Wording
from ui.key_words import Where
from ui.tab_round import tab_round, tab_stops
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.motion import Motion
from ui.theme.painting import painting
from ui.theme.typography import SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.text import ElidedLabel


class DrawerPanel(QWidget):
    """The panel itself: a plain surface.

    Args:
        ground: The token it is painted in.
    """

    def __init__(self, ground: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._ground = ground

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep a press on the panel from the scrim."""
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the surface."""
        with painting(self) as painter:
            painter.fillRect(self.rect(), self._look.colour(self._ground))


class Drawer(QWidget):
    """Covers the whole window. Tab goes round inside; Esc, the button or a press on the scrim close it.

    Args:
        motion: How long it slides.
    """

    closed = Signal()
    where: Where  # what the keys mean while it is open
    ground = "surface"
    for_managers = False  # whether only some may see it: it locks later, and closes when the till locks
    keeps_behind_lock = False  # whether it is still there when the lock goes

    def __init__(self, motion: Motion, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._panel = DrawerPanel(self.ground, self)
        self.title = ElidedLabel(role="title_large", weight=SEMIBOLD, parent=self._panel)
        self.close_button = ActionButton(kind=ButtonKind.SECONDARY, key="Esc", parent=self._panel)
        self.close_button.clicked.connect(self.close_drawer)
        self._away = 0.0
        self._slide = QVariantAnimation(self)
        self._slide.setDuration(motion.drawer_ms)
        self._slide.setStartValue(1.0)
        self._slide.setEndValue(0.0)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.valueChanged.connect(self._take_away)
        self._moves = motion.drawer_ms > 0
        self.hide()

    def open_drawer(self) -> None:
        """Slide in over the till and take the focus."""
        self._away = 1.0 if self._moves else 0.0
        self.show()
        self.raise_()
        self.arrange()
        if self._moves:
            self._slide.start()
        self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def close_drawer(self) -> None:
        """Go away at once."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def place_of_keys(self) -> Where:
        """Return what the keys mean now."""
        return self.where

    def go_back(self) -> None:
        """Do what Esc does."""
        self.close_drawer()

    def choose(self, character: str) -> None:
        """Take what has this digit or letter."""

    def show_keys(self) -> bool:
        """Show the keys of this page over it, and return True; where it has no list of its own, False."""
        return False

    def next_row(self) -> None:
        """Mark the row below."""

    def previous_row(self) -> None:
        """Mark the row above."""

    def turn_page(self, direction: int) -> None:
        """Show what comes after (+1) or before (-1)."""

    def open_row(self) -> None:
        """Do what Enter does."""

    def refuse_scan(self) -> bool:
        """Say that a scan is not used now, and return True; where scans are used, return False."""
        return False

    def take_scan(self, _text: str) -> bool:
        """Take a scan instead of the till, and return True; where the till has it, return False."""
        return False

    def take_picture(self, _codes: Callable[[], Sequence[str]]) -> bool:
        """Take what a picture shows instead of the till, and return True; see `take_scan`."""
        return False

    def delete(self) -> None:
        """Take the last typed character back."""

    def first_focus(self) -> QWidget:
        """Return what has the focus when the drawer opens."""
        return self.close_button

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice: the program came, and with it the name of its points."""

    def follow(self, before: TillView, view: TillView) -> None:
        """Keep up with what happens behind, while open."""

    def say(self, title: Sentence, close: Sentence) -> None:
        """Write the head."""
        self.title.set_text(title.full, title.short)
        self.close_button.set_words(close.full, close.short)
        self.setAccessibleName(title.full)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self.arrange()

    def focusNextPrevChild(self, next_one: bool) -> bool:  # noqa: FBT001, N802 - Qt's signature
        """Send Tab round inside the drawer: what lies behind is covered."""
        return tab_round(self.focus_stops(), forwards=next_one)

    def focus_stops(self) -> list[QWidget]:
        """Return what Tab visits, in order."""
        return tab_stops(self._panel)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close: the scrim was pressed."""
        event.accept()
        self.close_drawer()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop what runs."""
        self._slide.stop()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self.arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the scrim."""
        with painting(self) as painter:
            painter.fillRect(self.rect(), self._look.colour("scrim"))

    def panel_width(self) -> int:
        """Return the width of the panel, px."""
        return self._look.metrics.drawer_width

    def arrange_inside(self, inside: QRect) -> None:
        """Place what is below the head, px."""
        raise NotImplementedError

    def _take_away(self, away: object) -> None:
        if isinstance(away, float):
            self._away = away
            self.arrange()

    def arrange(self) -> None:
        """Put everything in its place."""
        metrics, px = self._look.metrics, self._look.px
        width = self.panel_width()
        left = self.width() - width + round(width * self._away)
        self._panel.setGeometry(left, 0, width, self.height())
        side = px(16 if metrics.compact else 28)
        high = px(48 if metrics.compact else 52)
        top = px(8 if metrics.compact else 16)
        close = max(px(142), self.close_button.sizeHint().width())
        self.close_button.setGeometry(width - side - close, top, close, high)
        self.title.setGeometry(side, top, max(1, width - 2 * side - close - px(12)), high)
        head = top + high + px(8 if metrics.compact else 16)
        bottom = self.height() - px(12 if metrics.compact else 28)
        self.arrange_inside(QRect(side, head, width - 2 * side, max(1, bottom - head)))
