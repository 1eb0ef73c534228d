"""What a widget needs to paint itself: the colours and the measures that hold now."""

from typing import Protocol, runtime_checkable

from msgspec import Struct
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QPixmap
from PySide6.QtWidgets import QWidget

from ui.theme.icons import icon_pixmap, mark_pixmap
from ui.theme.metrics import Metrics
from ui.theme.tokens import LIGHT, Theme
from ui.theme.typography import REGULAR, font


class Look(Struct, frozen=True):
    """A theme and the measures of one window; widgets keep the last one given to `set_look`."""

    theme: Theme
    metrics: Metrics

    def colour(self, token: str) -> QColor:
        """Return the colour of a token such as "ink2"."""
        return QColor(self.theme.colour(token))

    def px(self, value: float) -> int:
        """Return a measure given at 1x in the px of this window."""
        return self.metrics.px(value)

    def font(self, role: str, weight: int = REGULAR, letter_spacing_percent: float = 0) -> QFont:
        """Return the font of a type role such as "body"."""
        return font(self.metrics.type_size(role), weight, letter_spacing_percent)

    def icon(self, name: str, token: str, size_px: int, dpr: float) -> QPixmap:
        """Return an icon in the colour of a token; size_px is final, not multiplied again."""
        return icon_pixmap(name, self.theme.colour(token), size_px, dpr)

    def mark(self, size_px: int, dpr: float) -> QPixmap:
        """Return the app's mark in the theme's colours; size_px is final, not multiplied again."""
        return mark_pixmap(self.theme.accent, self.theme.on_accent, size_px, dpr)


DEFAULT_LOOK = Look(LIGHT, Metrics.of(1280, 800))  # until the window says otherwise


@runtime_checkable
class HasLook(Protocol):
    """Anything that can be given new colours and measures."""

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures and repaint."""


def spread_look(parent: QObject, look: Look) -> None:
    """Give the look to every widget below `parent`; one that has `set_look` sees to its own children."""
    for child in parent.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if isinstance(child, HasLook):
            child.set_look(look)
        else:
            spread_look(child, look)
