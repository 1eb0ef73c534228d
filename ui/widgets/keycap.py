"""A keycap on its own, beside words that say what the key does."""

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import draw_keycap, keycap_size, painting


class Keycap(QWidget):
    """The outline of a key with its name.

    Args:
        words: The key's name, such as "Esc".
        colour: The token of its words.
        edge: The token of its outline.
        parent: The owning widget.
    """

    def __init__(
        self, words: str = "", *, colour: str = "ink2", edge: str = "edge", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._words = words
        self._colour = colour
        self._edge = edge
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)

    def words(self) -> str:
        """Return the key's name."""
        return self._words

    def set_words(self, words: str) -> None:
        """Show another key."""
        if words != self._words:
            self._words = words
            self.setAccessibleName(words)
            self._changed()

    def set_colour(self, token: str, edge: str) -> None:
        """Paint words and outline in the colours of other tokens."""
        self._colour, self._edge = token, edge
        self.update()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self._changed()

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return keycap_size(self._words, self._look).toSize()

    def minimumSizeHint(self) -> QSize:
        """Return the least size, px."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        with painting(self) as painter:
            draw_keycap(
                painter,
                QPointF(0, self.height() / 2),
                self._words,
                self._look,
                ink=self._look.colour(self._colour),
                edge=self._look.colour(self._edge),
            )

    def _changed(self) -> None:
        self.updateGeometry()
        self.update()
