"""A button of the coach: a short word with its key below, so that five of them fit beside a sentence."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording.coach import CoachActWords
from ui.theme.painting import CENTRE, draw_frame, draw_keycap, draw_line, keycap_size, painting, text_width
from ui.theme.typography import SEMIBOLD
from ui.widgets.painted_button import PaintedButton

_SIDE, _LEAST, _LINE, _GAP = 8, 64, 22, 2


class CoachButton(PaintedButton):
    """Takes presses, never the focus: the keys belong to the till."""

    def __init__(self, words: CoachActWords, parent: QWidget | None = None) -> None:
        super().__init__(words.spoken, parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._words = words

    @property
    def words(self) -> CoachActWords:
        """Return what the button says."""
        return self._words

    def wanted_width(self, *, brief: bool) -> int:
        """Return the width in which the label, or its short form, and the key are whole; px."""
        label = self._words.label.short if brief else self._words.label.full
        key = keycap_size(self._words.key, self._look).width()
        wide = max(text_width(label, self._look.font("button", SEMIBOLD)), key)
        return max(self._look.px(_LEAST), round(wide) + 1 + 2 * self._look.px(_SIDE))

    def shown_label(self) -> str:
        """Return the label that fits now."""
        room = self.width() - 2 * self._look.px(_SIDE)
        full = self._words.label.full
        whole = text_width(full, self._look.font("button", SEMIBOLD)) <= room + 1
        return full if whole else self._words.label.short

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self.wanted_width(brief=False), self._look.px(60))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        look, px = self._look, self._look.px
        fill = "key_press" if self.isDown() else "sunken" if self.shows_hover() else "key"
        with painting(self) as painter:
            box = QRectF(self.rect())
            draw_frame(
                painter, box, look.metrics.radius_control, fill=look.colour(fill), edge=look.colour("edge")
            )
            cap = keycap_size(self._words.key, look)
            high = px(_LINE) + px(_GAP) + cap.height()
            top = box.center().y() - high / 2
            label = QRectF(box.left(), top, box.width(), px(_LINE))
            draw_line(
                painter, label, self.shown_label(), look.font("button", SEMIBOLD), look.colour("ink"), CENTRE
            )
            at = QPointF(box.center().x() - cap.width() / 2, top + high - cap.height() / 2)
            draw_keycap(painter, at, self._words.key, look, ink=look.colour("ink2"), edge=None)
