"""Whose PIN is typed, how much of it, and what came of the last try."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording.staff import LockWords, PersonWords
from ui.theme.look import Look, spread_look
from ui.theme.painting import CENTRE, draw_frame, draw_icon, draw_line, painting
from ui.theme.typography import MEDIUM, SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.note_box import NoteBox
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.pin_dots import PinDots
from ui.widgets.text import ElidedLabel

_MARK, _DOTS, _LOCK_HIGH = 96, 56, 56


class PinPanel(Panel):
    """A round mark, a name, what is to be done, and the rings; at the bottom what went wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.PLAIN, parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._mark: PersonWords | None = None
        self.head = ElidedLabel(role="title_large", weight=SEMIBOLD, align=CENTRE, parent=self)
        self.about = ElidedLabel(role="body_large", colour="ink2", align=CENTRE, parent=self)
        self.dots = PinDots(parent=self)
        self.hint = ElidedLabel(role="body", weight=MEDIUM, colour="train_text", align=CENTRE, parent=self)
        self.note = NoteBox(self)
        self.lock_now = ActionButton(kind=ButtonKind.SECONDARY, key="F12", icon="lock", parent=self)
        self.below = ElidedLabel(role="body", colour="ink2", align=CENTRE, parent=self)

    def show_words(self, words: LockWords) -> None:
        """Show the question as it stands."""
        self._mark = words.mark
        types = words.digits is not None
        self.set_kind(PanelKind.FRAMED if types else PanelKind.PLAIN)
        self.head.set_text(words.head.full, words.head.short)
        self.about.set_text(words.about.full, words.about.short)
        self.dots.setVisible(types)
        if words.digits is not None:
            self.dots.show_typed(*words.digits, words.spoken_digits, enabled=words.takes_digits)
        self.hint.set_text(words.hint)
        self.hint.setVisible(bool(words.hint))
        self.note.show_row(words.note, subject=words.subject)
        self.below.set_text(words.below.full, words.below.short)
        self.below.setVisible(bool(words.below.full))
        self.lock_now.setVisible(words.lock_now is not None)
        if words.lock_now is not None:
            self.lock_now.set_words(words.lock_now.full, words.lock_now.short)
        self.setAccessibleName(words.head.full)
        self.setAccessibleDescription(words.about.full)
        self.setToolTip("")
        self._arrange()
        self.update()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        spread_look(self, look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the panel and the mark in it."""
        super().paintEvent(event)
        with painting(self) as painter:
            self._paint_mark(painter)

    def _paint_mark(self, painter: QPainter) -> None:
        look, box = self.look, self._mark_box()
        draw_frame(painter, box, box.height() / 2, fill=look.colour("sunken"))
        icon = "lock" if self._mark is None else self._mark.icon
        if icon:
            side = look.px(40)
            inset = (box.width() - side) / 2
            draw_icon(painter, box.adjusted(inset, inset, -inset, -inset), icon, "ink2", look)
        elif self._mark is not None:
            draw_line(
                painter,
                box,
                self._mark.initials,
                look.font("title_large" if look.metrics.compact else "figure", SEMIBOLD),
                look.colour("ink2"),
                CENTRE,
            )

    def _mark_box(self) -> QRectF:
        side = self.look.px(_MARK if not self.look.metrics.compact else 64)
        return QRectF((self.width() - side) / 2, self._top(), side, side)

    def _top(self) -> int:
        """Return where mark, name and rings begin, so that they stand a little above the middle."""
        px, compact = self.look.px, self.look.metrics.compact
        tall = px(64 if compact else _MARK) + px(12) + px(36) + px(28) + px(16) + px(_DOTS) + px(32)
        return max(px(16), round((self.height() - self._bottom() - tall) * 0.45))

    def _bottom(self) -> int:
        """Return the height of what stands at the bottom, px."""
        px = self.look.px
        return px(_LOCK_HIGH if not self.lock_now.isHidden() else 28) + self._note_high() + px(32)

    def _note_high(self) -> int:
        inside = self.width() - 2 * self.look.metrics.panel_padding
        return self.note.high(inside) if not self.note.isHidden() else 0

    def _arrange(self) -> None:
        px, pad = self.look.px, self.look.metrics.panel_padding
        width = max(1, self.width() - 2 * pad)
        top = self._top() + round(self._mark_box().height()) + px(12)
        self.head.setGeometry(pad, top, width, px(36))
        self.about.setGeometry(pad, top + px(36), width, px(28))
        self.dots.setGeometry(pad, top + px(36 + 28 + 16), width, px(_DOTS))
        self.hint.setGeometry(pad, top + px(36 + 28 + 16 + _DOTS), width, px(32))
        bottom = self.height() - px(16)
        if not self.lock_now.isHidden():
            wide = min(width, px(240))
            self.lock_now.setGeometry(
                (self.width() - wide) // 2, bottom - px(_LOCK_HIGH), wide, px(_LOCK_HIGH)
            )
            bottom -= px(_LOCK_HIGH + 8)
        if not self.below.isHidden():
            self.below.setGeometry(pad, bottom - px(28), width, px(28))
            bottom -= px(28 + 8)
        high = self._note_high()
        self.note.setGeometry(pad, bottom - high, width, high)
