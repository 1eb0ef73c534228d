"""Plain text on several lines, 1.4 of its size apart, which no label of Qt can do."""

from math import ceil

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QPainter, QTextLayout, QTextOption

from ui.theme.typography import font_for_text

LINE_HEIGHT = 1.4


class Paragraph:
    """Text broken into lines for one width.

    Args:
        text: What to show; line ends are kept.
        font: Its font; another family is taken if the script wants one.
        width: The room in px.
        centred: Whether each line stands in the middle of that.
        line_height: How far apart the lines stand, in sizes of the font.
    """

    def __init__(
        self, text: str, font: QFont, width: float, *, centred: bool = False, line_height: float = LINE_HEIGHT
    ) -> None:
        chosen = font_for_text(text, font)
        self._step = chosen.pixelSize() * line_height
        self._layout = QTextLayout(text.replace("\n", "\u2028"), chosen)
        side = Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft
        option = QTextOption(side | Qt.AlignmentFlag.AlignAbsolute)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        self._layout.beginLayout()
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(max(1.0, width))
            top = (self._layout.lineCount() - 1) * self._step
            line.setPosition(QPointF(0, top + (self._step - line.height()) / 2))
        self._layout.endLayout()

    @property
    def line_count(self) -> int:
        """Return how many lines the text takes."""
        return self._layout.lineCount()

    @property
    def height(self) -> int:
        """Return the height of all lines, px."""
        return ceil(self.line_count * self._step)

    def draw(self, painter: QPainter, at: QPointF) -> None:
        """Draw in the painter's pen with the upper left corner at `at`."""
        self._layout.draw(painter, at)
