"""A box with one sentence that waits or stops: an icon, and as many lines as the words need."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording import Tone
from cashier_app.wording.sentences import Row
from ui.accessibility import announce
from ui.theme.look import Look, spread_look
from ui.theme.typography import MEDIUM
from ui.widgets.icon_view import IconView
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.text import PlainLabel

_ICON, _SIDE, _GAP, _ABOVE = 22, 14, 10, 10
_KINDS = {
    Tone.STOP: (PanelKind.RED, "red_text"),
    Tone.WAIT: (PanelKind.AMBER, "amber_text"),
    Tone.GOOD: (PanelKind.HEAD, "accent_text"),
}


class NoteBox(Panel):
    """Says one thing at a time, to screen readers as well; what is only counted down is not said again."""

    accessible_role = QAccessible.Role.AlertMessage

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.SUNKEN, radius="control", parent=parent)
        self._said = ""
        self.icon = IconView(size=_ICON, parent=self)
        self.label = PlainLabel(role="body", weight=MEDIUM, wrap=True, parent=self)
        self.hide()

    def show_row(self, row: Row | None, *, subject: str = "") -> None:
        """Say this, or nothing; the same `subject` with other figures is not announced again."""
        if row is None:
            self._said = ""
            self.hide()
            return
        kind, ink = _KINDS.get(row.tone, (PanelKind.SUNKEN, "ink2"))
        self.set_kind(kind)
        self.icon.set_icon(row.icon, ink)
        self.label.set_text(row.sentence.full)
        self.label.set_colour(ink)
        self.setAccessibleName(row.sentence.full)
        self.show()
        if self._said != (subject or row.sentence.full):
            self._said = subject or row.sentence.full
            announce(self, row.sentence.full, assertive=row.tone is Tone.STOP)

    def words(self) -> str:
        """Return what it says; empty while it says nothing."""
        return "" if self.isHidden() else self.label.text()

    def high(self, width: int) -> int:
        """Return the height wanted at this width, px."""
        px = self.look.px
        return max(px(48), self.label.heightForWidth(self._words_width(width)) + 2 * px(_ABOVE))

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        self.set_edge_width(None if look.theme.high_contrast else 1)
        spread_look(self, look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._arrange()

    def _words_width(self, width: int) -> int:
        return max(1, width - self.look.px(2 * _SIDE + _ICON + _GAP))

    def _arrange(self) -> None:
        px, width = self.look.px, self._words_width(self.width())
        high = self.label.heightForWidth(width)
        top = max(0, (self.height() - high) // 2)
        self.icon.setGeometry(px(_SIDE), (self.height() - px(_ICON)) // 2, px(_ICON), px(_ICON))
        self.label.setGeometry(QRect(px(_SIDE + _ICON + _GAP), top, width, high))
