"""What failed here and now, in a red box of as many lines as it needs and there is room for."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording import Row
from ui.theme.look import Look, spread_look
from ui.theme.paragraph import Paragraph
from ui.theme.typography import MEDIUM
from ui.widgets.icon_view import IconView
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.text import PlainLabel

_ICON = 22
_SIDE = 14
_GAP = 10
_ABOVE = 8  # white above and below the words


class TroubleBox(Panel):
    """An icon and a sentence, in the place of what matters less while something is wrong."""

    accessible_role = QAccessible.Role.AlertMessage

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.RED, radius="control", parent=parent)
        self._words = ""
        self._icon = IconView(size=_ICON, parent=self)
        self.label = PlainLabel(role="body", weight=MEDIUM, colour="red_text", wrap=True, parent=self)
        self.hide()

    def show_row(self, row: Row | None) -> None:
        """Say what failed; None hides the box."""
        self.setVisible(row is not None)
        if row is not None:
            self._words = row.sentence.full
            self._icon.set_icon(row.icon, "red_text")
            self.label.set_text(self._words)
            self.setAccessibleName(self._words)

    def place(self, at: QRect) -> int:
        """Take the top of this place, as high as the words need, and return where that ends, px."""
        around = 2 * self.look.px(_ABOVE)
        width = self._width_of_words(at.width())
        shown = self._fitting(width, at.height() - around)
        self.label.set_text(shown)
        self._explain(whole=shown.replace("\n", " ") == self._words)
        self.setGeometry(at.left(), at.top(), at.width(), self._height_of(shown, width) + around)
        self._place_inside()
        return at.top() + self.height()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        self.set_edge_width(None if look.theme.high_contrast else 1)
        spread_look(self, look)
        self._place_inside()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._place_inside()

    def _explain(self, *, whole: bool) -> None:
        # Tooltips guess at rich text.
        if whole:
            self.setToolTip("")
            return
        from html import escape

        self.setToolTip(f"<span>{escape(self._words)}</span>")

    def _place_inside(self) -> None:
        px = self.look.px
        width = self._width_of_words(self.width())
        height = self._height_of(self.label.text(), width)
        top = max(0, (self.height() - height) // 2)
        self._icon.setGeometry(px(_SIDE), top, px(_ICON), self._height_of("", width))
        self.label.setGeometry(px(_SIDE + _ICON + _GAP), top, width, height)

    def _fitting(self, width: int, height: int) -> str:
        """Return as many whole sentences as fit; of the first, which says what happened, as many words."""
        what, dot, rest = self._words.partition(". ")
        shown = f"{what}.\n{rest}" if dot else what
        if self._height_of(shown, width) > min(height, self._height_of(self._words, width)):
            shown = self._words  # a line more than it takes
        while self._height_of(shown, width) > height:
            kept, dot, _ = shown.removesuffix(".").rpartition(". ")
            if not dot:
                break
            shown = f"{kept}."
        while self._height_of(shown, width) > height and " " in shown:
            shown = shown.rpartition(" ")[0].rstrip(".…") + "…"
        return shown

    def _width_of_words(self, width: int) -> int:
        return max(1, width - self.look.px(2 * _SIDE + _ICON + _GAP))

    def _height_of(self, words: str, width: int) -> int:
        return Paragraph(words, self.label.font(), width).height
