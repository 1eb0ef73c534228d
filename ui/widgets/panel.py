"""Panels: the painted boxes of the frame, which change their look at each step but never their place."""

from enum import Enum

from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.painting import draw_frame, painting


class PanelKind(Enum):
    """How a panel looks: fill token, edge token, edge width at 1x."""

    PLAIN = ("surface", "line", 1)
    OFF = ("", "line", 1)  # no fill: not in use in this state
    FRAMED = ("surface", "ink", 3)  # where the keys go; exactly one on the screen
    FIELD = ("surface", "edge", 1)  # a field that is not where the keys go
    SELECTED = ("accent_tint", "accent", 2)
    HEAD = ("accent_tint", "", 0)
    SUNKEN = ("sunken", "", 0)
    SOLID = ("solid", "", 0)
    DONE = ("done", "", 0)
    AMBER = ("amber_tint", "amber_edge", 2)
    RED = ("red_tint", "red_edge", 2)
    RED_HEAD = ("red_tint", "", 0)
    WARNED = ("surface", "amber_edge", 2)  # a whole card that says wait
    STOPPED = ("surface", "red_edge", 2)  # a whole card that says stop
    TRAINING = ("train_tint", "train", 1)


class Panel(QWidget):
    """A rounded box that paints its own frame; a change of kind repaints and does nothing else.

    Args:
        kind: How it looks.
        radius: A corner radius of the metrics: "panel", "field" or "control".
        parent: The owning widget.
    """

    def __init__(
        self, kind: PanelKind = PanelKind.PLAIN, *, radius: str = "panel", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._kind = kind
        self._radius = radius
        self._edge_width: int | None = None

    @property
    def kind(self) -> PanelKind:
        """Return how the panel looks now."""
        return self._kind

    @property
    def look(self) -> Look:
        """Return the colours and measures in use."""
        return self._look

    def set_kind(self, kind: PanelKind) -> None:
        """Change how the panel looks."""
        if kind is not self._kind:
            self._kind = kind
            self.update()

    def set_edge_width(self, width: int | None) -> None:
        """Draw the edge `width` px wide at 1x; None for the width of the kind."""
        self._edge_width = width
        self.update()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures; a panel with children passes them on."""
        self._look = look
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        fill, edge, width = self._kind.value
        width = width if self._edge_width is None else self._edge_width
        if self._look.theme.high_contrast and not edge and fill.endswith("_tint"):
            edge, width = "edge", 2
        with painting(self) as painter:
            draw_frame(
                painter,
                self.rect(),
                getattr(self._look.metrics, f"radius_{self._radius}"),
                fill=self._look.colour(fill) if fill else None,
                edge=self._look.colour(edge) if edge else None,
                width=self._look.px(width),
            )


class PlacedPanel(Panel):
    """A panel whose parts are placed anew for each size and look."""

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        spread_look(self, look)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """Put every part in its place."""
        raise NotImplementedError
