"""The card of the who column: one box, filled differently in each state, never moved."""

from msgspec import Struct
from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.theme.look import Look, spread_look
from ui.widgets.panel import Panel, PanelKind


class Flow(Struct):
    """A place that moves down a card while things are put into it, px."""

    left: int
    width: int
    at: int

    def take(self, height: int, gap: int = 0) -> QRect:
        """Return the next box of this height, `gap` below the last one."""
        box = QRect(self.left, self.at + gap, self.width, height)
        self.at = box.bottom() + 1
        return box


class WhoCard(Panel):
    """A card that places its own children, as high as the column leaves it."""

    accessible_role = QAccessible.Role.Grouping

    def __init__(self, kind: PanelKind = PanelKind.PLAIN, parent: QWidget | None = None) -> None:
        super().__init__(kind, parent=parent)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures and arrange everything anew."""
        super().set_look(look)
        spread_look(self, look)
        self.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Put every child in its place for the size there is now."""
        raise NotImplementedError

    def flow(self) -> Flow:
        """Return the inside of the card, from the top."""
        side = self.padding()
        return Flow(side, max(1, self.width() - 2 * side), side)

    def padding(self) -> int:
        """Return the space inside the edge, px."""
        return self.look.metrics.panel_padding

    def sized(self, compact: int, regular: int, low: int | None = None) -> int:
        """Return a measure of one of the two layouts, px of this window; `low` where height is short."""
        metrics = self.look.metrics
        if metrics.compact:
            return metrics.px(low if metrics.low and low is not None else compact)
        return metrics.px((compact + regular) / 2 if metrics.tight else regular)
