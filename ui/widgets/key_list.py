"""The keys that work now, with what they do: shown where the keypad is not needed."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording import Sentence
from ui.theme.look import Look
from ui.theme.typography import SEMIBOLD
from ui.widgets.keycap import Keycap
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.text import ElidedLabel

_ROW = 34
_SIDE = 18
_TOP = 16
_TITLE = 30
_GAP = 10


class KeyList(Panel):
    """A panel with a title and rows of a keycap and words; rows that do not fit are left out.

    Args:
        title: The words above the rows.
        parent: The owning widget.
    """

    def __init__(self, title: str = "Keys", parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.PLAIN, parent=parent)
        self._title = ElidedLabel(title, role="label_small", weight=SEMIBOLD, parent=self)
        self._rows: list[tuple[Keycap, ElidedLabel]] = []
        self._used = 0
        self.setAccessibleName(title)

    def set_title(self, title: str) -> None:
        """Show other words above the rows."""
        self._title.set_text(title)
        self.setAccessibleName(title)

    def set_keys(self, keys: Sequence[tuple[str, Sentence]]) -> None:
        """Show these keys: pairs of the keycap's words and what the key does."""
        while len(self._rows) < len(keys):
            row = Keycap(colour="ink", parent=self), ElidedLabel(colour="ink2", parent=self)
            for part in row:
                part.set_look(self.look)
            self._rows.append(row)
        self._used = len(keys)
        for (keycap, label), (key, words) in zip(self._rows, keys, strict=False):
            keycap.set_words(key)
            label.set_text(words.full, words.short)
            label.setAccessibleName(f"{key}: {words.full}")
        self._place()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        self._title.set_look(look)
        for keycap, label in self._rows:
            keycap.set_look(look)
            label.set_look(look)
        self._place()

    def sizeHint(self) -> QSize:
        """Return the size that shows every row, px."""
        px = self.look.px
        return QSize(px(320), px(_TOP + _TITLE) + self._used * px(_ROW) + px(_TOP))

    def minimumSizeHint(self) -> QSize:
        """Return the least size, px."""
        return QSize(self.look.px(160), self.look.px(_TOP + _TITLE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        px = self.look.px
        left, width = px(_SIDE), self.width() - 2 * px(_SIDE)
        self._title.setGeometry(left, px(_TOP), width, px(_TITLE))
        top = px(_TOP + _TITLE)
        column = self._key_column(width)
        for index, (keycap, label) in enumerate(self._rows):
            fits = index < self._used and top + px(_ROW) <= self.height() - px(8)
            keycap.setVisible(fits)
            label.setVisible(fits)
            if fits:
                size = keycap.sizeHint()
                keycap.setGeometry(left, top + (px(_ROW) - size.height()) // 2, size.width(), size.height())
                start = left + max(column, size.width()) + px(_GAP)
                label.setGeometry(start, top, left + width - start, px(_ROW))
            top += px(_ROW)

    def _key_column(self, width: int) -> int:
        """Return how wide the keycaps' column is, px; 0 where some words would be cut short beside it."""
        shown = self._rows[: self._used]
        gap = self.look.px(_GAP)
        column = max((keycap.sizeHint().width() for keycap, _ in shown), default=0)
        for keycap, label in shown:
            alone = label.text_within(width - keycap.sizeHint().width() - gap)
            if label.text_within(width - column - gap) != alone:
                return 0
        return column
