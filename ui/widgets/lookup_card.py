"""The look-up card: words over grey boxes where figures will stand. Nothing in it moves."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme.painting import draw_frame, painting, snapped
from ui.theme.typography import MEDIUM, SEMIBOLD
from ui.widgets.text import ElidedLabel, PlainLabel
from ui.widgets.who_card import WhoCard

# What will come: gap above, height and share of the width, px at 1x in the compact layout.
_BARS = ((15, 14, 0.28), (12, 36, 0.62), (12, 16, 0.45), (22, 26, 0.5), (10, 8, 1.0))


class LookupCard(WhoCard):
    """Says that somebody is looked up, and what may be done meanwhile."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.title = ElidedLabel(role="title_large", weight=SEMIBOLD, parent=self)
        self.body = PlainLabel(weight=MEDIUM, colour="ink2", wrap=True, parent=self)
        self._bars_from = 0

    def show_words(self, title: str, body: str) -> None:
        """Say something else."""
        self.title.set_text(title)
        self.body.set_text(body)
        self.setAccessibleName(title)
        self.setAccessibleDescription(body)
        self.arrange()

    def arrange(self) -> None:
        """Put the words at the top; the boxes are painted below them."""
        flow = self.flow()
        self.title.setGeometry(flow.take(self.sized(30, 34)))
        # Two lines, whatever is said: the boxes below must not jump when it takes longer.
        self.body.setGeometry(flow.take(self.sized(24, 26), self.look.px(2)))
        self._bars_from = flow.at

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card, a hairline under the words, and the boxes."""
        super().paintEvent(event)
        look, side = self.look, self.padding()
        width = max(1, self.width() - 2 * side)
        top = float(self._bars_from + self.sized(8, 14))
        with painting(self) as painter:
            line = QRectF(side, top, width, 1)
            painter.fillRect(snapped(painter, line), look.colour("line"))
            for gap, height, share in _BARS:
                top += self.sized(gap, round(gap * 1.4))
                high = self.sized(height, round(height * 1.2))
                bar = QRectF(side, top, width * share, high)
                draw_frame(painter, bar, look.px(6), fill=look.colour("sunken"))
                top += high
