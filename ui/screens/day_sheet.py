"""What is seen of the manager's day below the till's header: head, overview or all figures, and remarks."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording import Wording
from cashier_app.wording.day import DayButtons, DayHead, mark_hint, store_words
from cashier_app.wording.day_keys import day_keys
from cashier_app.wording.day_tables import SHORT_TABLES, By, split_name
from cashier_app.wording.health import HealthWords
from ui.accessibility import announce
from ui.screens.day_figures import DayFigures
from ui.screens.day_keys import DayKeysPanel
from ui.screens.day_overview import DayOverview
from ui.screens.day_wish import DayRead, DayWish
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.widgets.day_title import DayTitle
from ui.widgets.definition import Definition
from ui.widgets.figure_strip import FigureView
from ui.widgets.toast import Toast

_TITLE = 48


class DaySheet(QWidget):
    """Shows what was read. It asks for nothing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._read: DayRead | None = None
        self._wording: Wording | None = None
        self._by = By.STAFF
        # Made in the order in which Tab visits them.
        self.head = DayTitle(self)
        self.overview = DayOverview(self)
        self.figures = DayFigures(self)
        self.figures.hide()
        self.definition = Definition(self)
        self.toast = Toast(self)
        self.keys = DayKeysPanel(self)
        self.overview.strip.explain.connect(self._explain)

    def label(self, words: DayButtons, *, closes: bool) -> None:
        """Label all buttons; where no day can be closed there is no button for it."""
        self.head.show_buttons(words)
        self.head.close_day.setVisible(closes)
        self.overview.chart.show_buttons(words)
        self.overview.buttons.show_buttons(words.all_figures, words)
        self.figures.buttons.show_buttons(words.overview, words)

    def show_head(self, words: DayHead, wish: DayWish, trouble: str = "") -> None:
        """Say which period it is, or will be."""
        self.head.show_head(words, wish.period.kind, trouble)

    def show_read(self, read: DayRead, wish: DayWish, wording: Wording) -> None:
        """Show what was read of a wish."""
        self._read, self._wording = read, wording
        words, codes = read.words, read.currencies
        self.show_head(words.head, wish, read.note)
        code = (wish.currency or words.report.facts.currency) if len(codes) > 1 else ""
        store = store_words(wish.scope.store, wording) if len(read.stores) > 1 else None
        for buttons in (self.overview.buttons, self.figures.buttons):
            buttons.show_choices(store, code)
        self.overview.strip.show_tiles(words.tiles)
        self.overview.chart.show_charts(words.charts, wording)
        self.overview.parts.show_words(words.parts[self._by])
        self._fill_figures()
        self.overview.arrange()

    def show_health(self, words: HealthWords) -> None:
        """Show how the till is."""
        self.overview.health.show_words(words)
        self.overview.arrange()

    def show_next_part(self) -> None:
        """Split the table of the overview by something else."""
        self._by = SHORT_TABLES[(SHORT_TABLES.index(self._by) + 1) % len(SHORT_TABLES)]
        if self._read is not None:
            self.overview.parts.show_words(self._read.words.parts[self._by])
            self.overview.arrange()

    def shows_figures(self) -> bool:
        """Return whether all figures are on show."""
        return not self.figures.isHidden()

    def begin(self) -> None:
        """Show the overview, with nothing explained or remarked."""
        self.figures.hide()
        self.overview.show()
        self.overview.verticalScrollBar().setValue(0)
        self.definition.explain(None, "")
        self.toast.hide()
        self.keys.hide()

    def show_figures(self, *, shown: bool) -> None:
        """Show all figures, or the overview again."""
        self.figures.setVisible(shown)
        self.overview.setVisible(not shown)
        self._fill_figures()
        self.definition.explain(None, "")
        stop = self.figures.table.view if shown else self.overview.buttons.figures
        stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_keys(self, wording: Wording) -> None:
        """Show the keys that do something here."""
        self.definition.explain(None, "")
        self.keys.show_keys(
            day_keys(
                wording,
                closes=not self.head.close_day.isHidden(),
                stores=not self.overview.buttons.store.isHidden(),
                currencies=not self.overview.buttons.currency.isHidden(),
            )
        )

    def hide_keys(self) -> bool:
        """Take the keys away; return whether they were there."""
        shown = not self.keys.isHidden()
        self.keys.hide()
        return shown

    def remark(self, words: str, short: str = "", *, assertive: bool = False) -> None:
        """Say something for a moment."""
        self.toast.show_words(words, short=short)
        announce(self.toast, words, assertive=assertive)

    def arrows(self, step: int) -> None:
        """Mark what is so many below, or further on in the chart."""
        if self.shows_figures():
            self.figures.table.move_row(step)
        elif self.overview.parts.table.view.hasFocus():
            self.overview.parts.table.move_row(step)
        else:
            self.overview.chart.move_mark(step)

    def sideways(self, step: int) -> bool:
        """Mark what is so many to the right in the table that has the focus; False where none has."""
        tables = (self.figures.table, self.overview.chart.table, self.overview.parts.table)
        table = next((table for table in tables if table.view.hasFocus()), None)
        if table is not None:
            table.move_column(step)
        return table is not None

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        metrics, px = self._look.metrics, self._look.px
        side, top = metrics.side_margin, px(4)
        width = self.width() - 2 * side
        self.head.setGeometry(side, top - px(2), width, px(_TITLE + 4))
        top += px(_TITLE) + px(12 if metrics.compact else 16)
        # In one scroll the bar may lie in the margin.
        extra = px(12) if metrics.compact else 0
        body = QRect(side, top, width, self.height() - metrics.bottom_margin - top)
        self.overview.setGeometry(body.adjusted(0, 0, extra, 0))
        self.figures.setGeometry(body)
        high = self.toast.sizeHint().height()
        self.keys.arrange(self.rect())
        wide = min(px(520), width)
        self.toast.setGeometry((self.width() - wide) // 2, self.height() - px(16) - high, wide, high)

    def _fill_figures(self) -> None:
        read, wording = self._read, self._wording
        if self.shows_figures() and read is not None and wording is not None:
            split = split_name(read.words.by, wording)
            self.figures.show_words(read.words.figures, split, mark_hint(wording))

    def _explain(self, view: object) -> None:
        tile = view.tile if isinstance(view, FigureView) else None
        about = view if isinstance(view, QWidget) and tile is not None else None
        self.definition.explain(about, tile.definition if tile is not None else "")
