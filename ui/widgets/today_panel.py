"""The idle panel: how many sales had a member today, against the best day of the month."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible, QPaintEvent
from PySide6.QtWidgets import QWidget

from cashier_app.services.till_view import TillView
from cashier_app.wording import Sentence, Wording
from cashier_app.wording.today import last_sale, today_panel
from cashier_app.wording.trouble import attention_title, trouble_row
from ui.theme.painting import RIGHT, painting, snapped
from ui.theme.typography import SEMIBOLD
from ui.widgets.big_text import WordText
from ui.widgets.last_sales import LastSaleRow
from ui.widgets.panel import PanelKind, PlacedPanel
from ui.widgets.progress import ProgressBar
from ui.widgets.text import ElidedLabel

if TYPE_CHECKING:
    from ui.widgets.trouble_box import TroubleBox

_FIGURES = 3
_SALES = 2
_WIDEST_GAP = 72  # px at 1x, between two figures


class TodayPanel(PlacedPanel):
    """Three figures of the day; below them the bar or, where the keys column has no room, the last sales."""

    accessible_role = QAccessible.Role.Grouping

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.PLAIN, parent=parent)
        self._title = ElidedLabel(role="label", weight=SEMIBOLD, parent=self)
        self._since = ElidedLabel(colour="ink3", align=RIGHT, parent=self)
        self._figures = [WordText(role="figure", spacing=-1, parent=self) for _ in range(_FIGURES)]
        self._labels = [ElidedLabel(colour="ink2", parent=self) for _ in range(_FIGURES)]
        self._bar = ProgressBar(parent=self)
        self._base = ElidedLabel(colour="ink2", parent=self)
        self._best = ElidedLabel(colour="ink2", align=RIGHT, parent=self)
        self._sales: list[LastSaleRow] = []  # made when there is a sale to show
        self._count = 0

    def show_view(self, view: TillView, wording: Wording, now: datetime) -> None:
        """Show the figures of this view; `now` is UTC."""
        words, trouble = today_panel(view.today, wording), trouble_row(view, wording)
        _say(self._title, attention_title(wording) if trouble else words.title)
        _say(self._since, None if trouble else words.since)
        if trouble or "_trouble" in self.__dict__:
            self._trouble.show_row(trouble)
        for figure, label, counted in zip(self._figures, self._labels, words.figures, strict=True):
            figure.set_text(counted.figure)
            _say(label, counted.label)
        mark = None if words.best_share is None else words.best_share / 100
        self._bar.set_fraction(words.share / 100, mark=mark, spoken=words.base.full)
        _say(self._base, words.base)
        _say(self._best, words.best)
        lines = view.today.last_sales[:_SALES]
        self._count = len(lines)
        while len(self._sales) < self._count:
            self._sales.append(LastSaleRow(self))
            self._sales[-1].set_look(self.look)
        for row, line in zip(self._sales, lines, strict=False):
            row.show_sale(last_sale(line, wording, now))
        self.setAccessibleName(trouble.sentence.full if trouble else words.spoken)
        self._place()

    @cached_property
    def _trouble(self) -> TroubleBox:
        """Return the box, made when something first fails."""
        from ui.widgets.trouble_box import TroubleBox

        made = TroubleBox(self)
        made.set_look(self.look)
        return made

    def _is_calm(self) -> bool:
        return "_trouble" not in self.__dict__ or self._trouble.isHidden()

    def trouble(self) -> TroubleBox:
        """Return the box that says what failed."""
        return self._trouble

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame, and a line above the last sales where they are here."""
        super().paintEvent(event)
        if self.look.metrics.compact and self._count and self._is_calm():
            side = self.look.metrics.panel_padding
            with painting(self) as painter:
                line = self.rect().adjusted(side, self.look.px(124), -side, 0)
                line.setHeight(1)
                painter.fillRect(snapped(painter, line), self.look.colour("line"))

    def _place(self) -> None:
        px, metrics = self.look.px, self.look.metrics
        compact = metrics.compact
        side, width = metrics.panel_padding, self.width() - 2 * metrics.panel_padding
        title = px(24 if compact else 34)
        self._title.setGeometry(side, title - px(14), width * 3 // 5, px(28))
        self._since.setGeometry(side + width * 3 // 5, title - px(14), width - width * 3 // 5, px(28))
        rise = px(18) if metrics.tight else 0
        middle, under = px(70 if compact else 111) - rise, px(100 if compact else 149) - rise
        # The day can wait while something is wrong.
        calm = self._is_calm()
        for part in (*self._figures, *self._labels):
            part.setVisible(calm)
        top, left = under - px(12), side
        columns, gap = self._columns(width)
        for figure, label, column in zip(self._figures, self._labels, columns, strict=True):
            figure.setGeometry(left, 2 * middle - top, column, 2 * (top - middle))
            label.setGeometry(left, top, column, px(24))
            left += column + gap
        self._place_bar(side, width)
        for index, row in enumerate(self._sales):
            row.setVisible(compact and index < self._count and calm)
            row.setGeometry(side, px(128) + index * px(31), width, px(31))
        top = title + px(28)
        if not calm:
            self._trouble.place(QRect(side, top, width, self.height() - top - metrics.panel_padding))

    def _columns(self, width: int) -> tuple[list[int], int]:
        """Return the widths of the figures' columns and the gap between: the same white between any two."""
        wanted = [
            max(figure.sizeHint().width(), label.sizeHint().width())
            for figure, label in zip(self._figures, self._labels, strict=True)
        ]
        least = self.look.px(12)
        gap = (width - sum(wanted)) // (_FIGURES - 1)
        if gap >= least:
            return wanted, min(gap, self.look.px(_WIDEST_GAP))
        return [(width - (_FIGURES - 1) * least) // _FIGURES] * _FIGURES, least

    def _place_bar(self, side: int, width: int) -> None:
        px, shown = self.look.px, not self.look.metrics.compact and self._is_calm()
        bar, text = self.height() - px(60), self.height() - px(32)
        for part in (self._bar, self._base, self._best):
            part.setVisible(shown)
        self._bar.setGeometry(side, bar - px(8), width, px(16))
        self._base.setGeometry(side, text - px(12), width // 2, px(24))
        self._best.setGeometry(side + width // 2, text - px(12), width - width // 2, px(24))


def _say(label: ElidedLabel, sentence: Sentence | None) -> None:
    label.set_text(*((sentence.full, sentence.short) if sentence else ("",)))
