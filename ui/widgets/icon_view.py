"""An icon on its own. Beside words it says nothing to screen readers."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import device_ratio, draw_icon, painting, snapped


class _Square(QWidget):
    """A square of a fixed side, px at 1x."""

    def __init__(self, size: int, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        side = self._look.px(self._size)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Return the least size, px."""
        return self.sizeHint()


class IconView(_Square):
    """One icon in the colour of a token.

    Args:
        name: The icon's name, or "" for none.
        colour: The token it is tinted with.
        size: Its side in px at 1x.
        parent: The owning widget.
    """

    def __init__(
        self, name: str = "", *, colour: str = "ink2", size: int = 22, parent: QWidget | None = None
    ) -> None:
        super().__init__(size, parent)
        self._name = name
        self._colour = colour

    def name(self) -> str:
        """Return the icon's name."""
        return self._name

    def set_icon(self, name: str, colour: str | None = None) -> None:
        """Show another icon, or none for an empty name."""
        self._name = name
        self._colour = colour or self._colour
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        if not self._name:
            return
        side = self._look.px(self._size)
        with painting(self) as painter:
            box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
            draw_icon(painter, box, self._name, self._colour, self._look)


class MarkView(_Square):
    """The app's mark, 28 px square at 1x."""

    def __init__(self, *, size: int = 28, parent: QWidget | None = None) -> None:
        super().__init__(size, parent)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        side = self._look.px(self._size)
        with painting(self) as painter:
            corner = snapped(painter, QRectF(0, (self.height() - side) / 2, side, side)).topLeft()
            painter.drawPixmap(corner, self._look.mark(side, device_ratio(painter)))
