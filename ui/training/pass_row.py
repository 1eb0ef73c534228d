"""One member in the list of practice passes: the name, and what they are good for."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording.practice_pass import PassWords
from ui.theme.painting import draw_frame, draw_line, painting, text_width
from ui.theme.typography import REGULAR, SEMIBOLD
from ui.widgets.painted_button import PaintedButton

_HIGH = 58


class PassRow(PaintedButton):
    """A row to press; the one on show is marked."""

    def __init__(self, words: PassWords, parent: QWidget | None = None) -> None:
        super().__init__(words.spoken, parent)
        self.words = words
        self._chosen = False
        # The window's arrows go through the rows: as stops of Tab sixty of them would lie in the way.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_chosen(self, chosen: bool) -> None:  # noqa: FBT001 - a setter, like Qt's
        """Mark the row, or not."""
        self._chosen = chosen
        self.update()

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self._look.px(300), self._look.px(_HIGH))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the row."""
        look, box = self._look, QRectF(self.rect())
        fill, edge, width = "surface", "line", 1
        if self.isDown():
            fill = "key_press"
        elif self._chosen:
            fill, edge, width = "accent_tint", "accent", 2
        elif self.shows_hover():
            fill = "sunken"
        pad, middle = look.px(12), box.center().y()
        with painting(self) as painter:
            draw_frame(
                painter, box, look.metrics.radius_control, fill=look.colour(fill), edge=look.colour(edge),
                width=width,
            )  # fmt: skip
            name = QRectF(pad, look.px(6), box.width() - 2 * pad, middle - look.px(6))
            draw_line(painter, name, self.words.name, look.font("body", SEMIBOLD), look.colour("ink"))
            about = QRectF(pad, middle, box.width() - 2 * pad, box.height() - middle - look.px(6))
            quiet, said = look.font("badge", REGULAR), self.words.good_for[0]
            if text_width(said, quiet) > about.width():
                said = self.words.points
            draw_line(painter, about, said, quiet, look.colour("ink2"))
