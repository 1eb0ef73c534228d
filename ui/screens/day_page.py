"""The manager's day: figures, charts, tables and health, over the till, with the sale behind it untouched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from cashier_app.domain.period import Period, PeriodKind, period_after, period_before, period_of
from cashier_app.ports.figures import EVERYTHING, FiguresAwayError, Scope
from cashier_app.ports.runner import Runner
from cashier_app.services.health import Action, HealthReport
from cashier_app.services.till_view import TillView
from cashier_app.wording import Wording
from cashier_app.wording.day import (
    day_buttons,
    mark_hint,
    own_figures_words,
    reading_head,
    scan_not_used,
    store_words,
)
from cashier_app.wording.day_page import DayWords, day_words, splits_of
from cashier_app.wording.day_tables import SHORT_TABLES, By, split_name
from cashier_app.wording.health import HealthWords, health_words
from cashier_app.wording.period_names import first_weekday
from ui.accessibility import announce
from ui.day import DayBooks
from ui.key_router import Where
from ui.latest import Latest, run_each
from ui.screens.day_figures import DayFigures
from ui.screens.day_overview import DayOverview
from ui.screens.drawer import Drawer
from ui.theme.look import Look
from ui.theme.motion import Motion
from ui.widgets.button import ActionButton
from ui.widgets.day_buttons import DayActions
from ui.widgets.day_title import DayTitle
from ui.widgets.definition import Definition
from ui.widgets.figure_strip import FigureView
from ui.widgets.header import Header
from ui.widgets.toast import Toast

if TYPE_CHECKING:
    from ui.screens.day_files import DayFiles
    from ui.screens.range_dialog import RangeDialog

_MINUTE_MS = 60_000
_AFTER_SALE_MS = 1_000
_TITLE = 48


class DayPlace(Struct, frozen=True):
    """Whose day it is, and where the buttons lead.

    Args:
        now: The time of day, UTC.
        act: Does one of the window's own actions.
        by: Who stands at the till now, for the audit log; empty where nobody signs in.
        close_day: Opens the close of the day; None where there is none.
    """

    store: str
    till: str
    now: Callable[[], datetime]
    act: Callable[[Action], None]
    by: Callable[[], str]
    close_day: Callable[[], None] | None = None
    training: bool = False


class _Read(Struct, frozen=True):
    words: DayWords
    stores: tuple[str, ...]
    note: str = ""


class DayPage(Drawer):
    """Covers the till as a drawer does. All it shows is read and put into words by a worker.

    Args:
        books: Figures and health; blocking.
        place: Whose day it is.
    """

    where = Where.DAY
    ground = "bg"
    for_managers = True

    def __init__(
        self,
        books: DayBooks,
        wording: Wording,
        place: DayPlace,
        *,
        runner: Runner,
        motion: Motion,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(motion, parent)
        self._books, self._wording, self._place, self._runner = books, wording, place, runner
        self._moves = False  # it is where the till is: nothing slides
        self._till_view: TillView | None = None
        self._period: Period | None = None
        self._scope, self._currency = EVERYTHING, ""
        self._read: _Read | None = None
        self._trouble = ""
        self._by, self._figures_by = By.STAFF, By.NOTHING
        self._reading: Latest[_Read] = Latest(runner, self._came, self._failed)
        self._looking: Latest[HealthWords] = Latest(runner, self._health_came, self._remark_trouble)
        for part in (self.title, self.close_button):
            part.hide()
        inside = self._panel
        # Made in the order in which Tab visits them.
        self.head = DayTitle(inside)
        self.overview = DayOverview(inside)
        self.figures = DayFigures(inside)
        self.figures.hide()
        self.header = Header(
            wording, place.store, place.till, place.now, training=place.training, parent=inside
        )
        self.definition = Definition(inside)
        self.toast = Toast(inside)
        self._minute = self._timer(_MINUTE_MS, single=False)
        self._soon = self._timer(_AFTER_SALE_MS, single=True)
        self._connect()
        self._label()

    @cached_property
    def asking(self) -> RangeDialog:
        """Return the question for a range, made when first wanted."""
        from ui.screens.range_dialog import RangeDialog

        made = RangeDialog(self)
        made.set_look(self._look)
        made.setGeometry(self.rect())
        made.picked.connect(self._go)
        made.closed.connect(lambda: self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason))
        return made

    @cached_property
    def files(self) -> DayFiles:
        """Return what prints and exports, made when first wanted."""
        from ui.screens.day_files import DayFiles

        return DayFiles(self, self._books, self._runner, self._place, self._remark)

    @property
    def shown(self) -> DayWords | None:
        """Return what is on show."""
        return self._read.words if self._read else None

    @property
    def wording(self) -> Wording:
        """Return the voice of the page."""
        return self._wording

    def is_busy(self) -> bool:
        """Return whether figures are still to come."""
        return self._reading.busy

    # --- what the window asks of a drawer -----------------------------------------------------------

    def open_drawer(self) -> None:
        """Show today; the frame at once, figures and chart when they are there."""
        super().open_drawer()
        self._minute.start()
        self._scope, self._currency = EVERYTHING, ""
        self._go(period_of(PeriodKind.DAY, self._books.today()))
        self._look_at_health()
        self.overview.chart.load(self._runner)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop reading: nobody sees it."""
        self._minute.stop()
        self._soon.stop()
        self._reading.forget()
        self.definition.explain(None, "")
        super().hideEvent(event)

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self.header.set_wording(wording)
        self._label()
        self._ask()

    def follow(self, before: TillView, view: TillView) -> None:
        """Keep the header up to date; read again when a sale was made or posted."""
        self._till_view = view
        self.header.show_view(view)
        if not self.isHidden() and (before.today != view.today or before.connection != view.connection):
            self._soon.start()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        if "asking" in self.__dict__:
            self.asking.set_look(look)

    def place_of_keys(self) -> Where:
        """Return what the keys mean now."""
        return Where.DAY_RANGE if self._asks() else Where.DAY

    def go_back(self) -> None:
        """Do what Esc does: the question, then all figures, then the till."""
        if self._asks():
            self.asking.close_dialog()
        elif not self.figures.isHidden():
            self.show_figures(shown=False)
        else:
            self.close_drawer()

    def open_row(self) -> None:
        """Do what Enter does: answer the question, or press what has the focus."""
        focus = self.focusWidget()
        if self._asks():
            if focus is self.asking.back:
                self.asking.back.click()
            else:
                self.asking.confirm()
        elif isinstance(focus, ActionButton):
            focus.click()

    def choose(self, character: str) -> None:
        """Do what has this letter."""
        act = self._letters().get(character)
        if act is not None and not self._asks():
            act()

    def next_row(self) -> None:
        """Mark what is below, or next in the chart."""
        self._arrows(1)

    def previous_row(self) -> None:
        """Mark what is above, or before in the chart."""
        self._arrows(-1)

    def next_period(self) -> None:
        """Go right: in the table that has the focus, else to the neighbour after."""
        self._sideways(1)

    def previous_period(self) -> None:
        """Go left: in the table that has the focus, else to the neighbour before."""
        self._sideways(-1)

    def refuse_scan(self) -> bool:
        """Say that a scan is not used here; return whether the page is open."""
        if self.isHidden():
            return False
        words = scan_not_used(self._wording)
        self.toast.show_words(words.full, short=words.short)
        announce(self.toast, words.full, assertive=True)
        return True

    def first_focus(self) -> QWidget:
        """Return the way back, which is always there."""
        return self.head.till

    def focus_stops(self) -> list[QWidget]:
        """Return what Tab visits, in order."""
        return self.asking.stops() if self._asks() else super().focus_stops()

    def focusNextPrevChild(self, next_one: bool) -> bool:  # noqa: FBT001, N802 - Qt's signature
        """Go on, and keep what has the focus in sight."""
        went = super().focusNextPrevChild(next_one)
        self.overview.show_stop(self.focusWidget())
        return went

    def panel_width(self) -> int:
        """Return the width of the panel, px: the whole window."""
        return self.width()

    def arrange(self) -> None:
        """Put everything in its place."""
        if "_soon" not in self.__dict__:
            return  # asked by the base before all is made
        metrics, px = self._look.metrics, self._look.px
        self._panel.setGeometry(self.rect())
        side = metrics.side_margin
        self.header.setGeometry(0, 0, self.width(), metrics.header_height)
        top, width = metrics.header_height + px(4), self.width() - 2 * side
        self.head.setGeometry(side, top - px(2), width, px(_TITLE + 4))
        top += px(_TITLE) + px(12 if metrics.compact else 16)
        # In one scroll the bar may lie in the margin.
        extra = px(12) if metrics.compact else 0
        body = QRect(side, top, width, self.height() - metrics.bottom_margin - top)
        self.overview.setGeometry(body.adjusted(0, 0, extra, 0))
        self.figures.setGeometry(body)
        high = self.toast.sizeHint().height()
        wide = min(px(520), width)
        self.toast.setGeometry((self.width() - wide) // 2, self.height() - px(16) - high, wide, high)
        if "asking" in self.__dict__:
            self.asking.setGeometry(self.rect())

    # --- what can be pressed ------------------------------------------------------------------------

    def show_kind(self, kind: PeriodKind) -> None:
        """Show the day, week or month that holds what is on show; of a range, ask which."""
        if kind is PeriodKind.RANGE:
            shown = self._period or period_of(PeriodKind.DAY, self._books.today())
            self.asking.open_for(shown, self._books.today(), self._wording)
            return
        self._go(period_of(kind, self._day_meant(), first_weekday(self._wording.figures.locale)))

    def show_neighbour(self, step: int) -> None:
        """Show the period before or after."""
        if self._period is not None:
            other = period_before(self._period) if step < 0 else period_after(self._period)
            if other is not None:
                self._go(other)

    def show_figures(self, *, shown: bool | None = None) -> None:
        """Show all figures, or the overview again."""
        wanted = self.figures.isHidden() if shown is None else shown
        self.figures.setVisible(wanted)
        self.overview.setVisible(not wanted)
        self._show()
        self.definition.explain(None, "")
        stop = self.figures.table.view if wanted else self.overview.buttons.figures
        stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_next_split(self) -> None:
        """Split the table by something else."""
        if self.shown is None:
            return
        if self.figures.isHidden():
            self._by = SHORT_TABLES[(SHORT_TABLES.index(self._by) + 1) % len(SHORT_TABLES)]
            self._show()
            return
        splits = splits_of(self.shown.report)
        at = splits.index(self._figures_by) if self._figures_by in splits else 0
        self._figures_by = splits[(at + 1) % len(splits)]
        self._ask()

    def show_next_store(self) -> None:
        """Show one store, the next, and then all together again."""
        stores = ("", *self._stores())
        if len(stores) > 2:
            at = stores.index(self._scope.store) if self._scope.store in stores else 0
            self._scope = Scope(store=stores[(at + 1) % len(stores)])
            self._ask()

    def show_next_currency(self) -> None:
        """Show what was sold in another currency."""
        codes = self._currencies()
        if len(codes) > 1:
            at = codes.index(self._currency) if self._currency in codes else 0
            self._currency = codes[(at + 1) % len(codes)]
            self._ask()

    def close_day(self) -> None:
        """Open the close of the day."""
        if self._place.close_day is not None:
            self._place.close_day()

    def print_it(self) -> None:
        """Print what is on show."""
        self.files.print_it()

    def export(self) -> None:
        """Write what is on show to a file for spreadsheets or programs."""
        self.files.export()

    # --- reading ------------------------------------------------------------------------------------

    def _go(self, period: Period) -> None:
        if period != self._period:
            self._period = period
            today = self._books.today()
            self.head.show_head(reading_head(period, today, self._wording), period.kind)
            announce(self.head, self.head.title.text())
        self._ask()

    def _ask(self) -> None:
        period = self._period
        if period is None or self.isHidden():
            return
        books, scope, currency, by, wording = (
            self._books,
            self._scope,
            self._currency,
            self._figures_by,
            self._wording,
        )

        def read() -> _Read:
            note = ""
            try:
                report = books.report(period, scope, currency)
            except FiguresAwayError as away:
                note = own_figures_words(away.why, wording)
                report = books.report(period, away.own, currency)
            return _Read(day_words(report, by, wording), books.stores(), note)

        self._reading.ask(read)

    def _came(self, read: _Read) -> None:
        self._read, self._trouble = read, read.note
        self._show()

    def _failed(self, sentence: str) -> None:
        self._trouble = sentence
        if self._period is not None:
            self.head.show_head(
                reading_head(self._period, self._books.today(), self._wording), self._period.kind, sentence
            )
            announce(self.head, sentence, assertive=True)

    def _look_at_health(self) -> None:
        books, wording = self._books, self._wording

        def look() -> HealthWords:
            report: HealthReport = books.health()
            return health_words(report, wording)

        self._looking.ask(look)

    def _again(self) -> None:
        """Read again what goes on; what is over stays."""
        shown = self.shown
        if shown is None or shown.report.is_unfinished:
            self._ask()
        self._look_at_health()

    # --- what is shown ------------------------------------------------------------------------------

    def _label(self) -> None:
        words = day_buttons(self._wording)
        self.setAccessibleName(words.overview.full)
        self.head.show_buttons(words)
        self.head.close_day.setVisible(self._place.close_day is not None)
        self.overview.chart.show_buttons(words)
        self._label_buttons()

    def _label_buttons(self) -> None:
        words, codes = day_buttons(self._wording), self._currencies()
        code = (self._currency or codes[0]) if len(codes) > 1 else ""
        store = store_words(self._scope.store, self._wording) if len(self._stores()) > 1 else None
        for buttons, figures in (
            (self.overview.buttons, words.all_figures),
            (self.figures.buttons, words.overview),
        ):
            buttons.show_buttons(figures, words)
            buttons.show_choices(store, code)

    def _show(self) -> None:
        read, wording = self._read, self._wording
        if read is None:
            return
        words = read.words
        self.head.show_head(words.head, words.report.period.kind, self._trouble)
        self.overview.strip.show_tiles(words.tiles)
        self.overview.chart.show_charts(words.charts, wording)
        self.overview.parts.show_words(words.parts[self._by])
        if not self.figures.isHidden():
            split = split_name(words.by, wording)
            self.figures.show_words(words.figures, split, mark_hint(wording))
        self._label_buttons()
        self.overview.arrange()

    def _health_came(self, words: HealthWords) -> None:
        self.overview.health.show_words(words)
        self.overview.arrange()

    def _explain(self, view: object) -> None:
        tile = view.tile if isinstance(view, FigureView) else None
        if tile is None:
            self.definition.explain(None, "")
        else:
            self.definition.explain(view if isinstance(view, QWidget) else None, tile.definition)

    def _remark(self, words: str, short: str = "") -> None:
        self.toast.show_words(words, short=short)
        announce(self.toast, words)

    def _remark_trouble(self, sentence: str) -> None:
        self._remark(sentence)

    def _cure(self, action: Action) -> None:
        from cashier_app.services.health_actions import OF_THE_WINDOW

        if action in OF_THE_WINDOW:
            self._place.act(action)
            return
        books, by = self._books, self._place.by()
        run_each(
            self._runner,
            lambda: books.cure(action, by),
            lambda _: self._look_at_health(),
            self._remark_trouble,
        )

    # --- small answers ------------------------------------------------------------------------------

    def _asks(self) -> bool:
        return "asking" in self.__dict__ and not self.asking.isHidden()

    def _day_meant(self) -> date:
        """Return the day a week or month is looked for: today, if that is on show."""
        today = self._books.today()
        period = self._period
        return today if period is None or period.holds(today) else period.last

    def _stores(self) -> tuple[str, ...]:
        return self._read.stores if self._read else ()

    def _currencies(self) -> tuple[str, ...]:
        if self.shown is None:
            return ()
        facts = self.shown.report.facts
        return tuple(sorted({facts.currency, *facts.other_currencies} - {""}))

    def _arrows(self, step: int) -> None:
        if not self.figures.isHidden():
            self.figures.table.move_row(step)
        elif self.overview.parts.table.view.hasFocus():
            self.overview.parts.table.move_row(step)
        else:
            self.overview.chart.move_mark(step)

    def _sideways(self, step: int) -> None:
        tables = (self.figures.table, self.overview.chart.table, self.overview.parts.table)
        table = next((table for table in tables if table.view.hasFocus()), None)
        if table is not None:
            table.move_column(step)
        else:
            self.show_neighbour(step)

    def _letters(self) -> dict[str, Callable[[], None]]:
        return {
            "D": lambda: self.show_kind(PeriodKind.DAY),
            "W": lambda: self.show_kind(PeriodKind.WEEK),
            "M": lambda: self.show_kind(PeriodKind.MONTH),
            "R": lambda: self.show_kind(PeriodKind.RANGE),
            "T": self.overview.chart.swap_table,
            "H": self.overview.chart.show_other,
            "S": self.show_next_split,
            "F": self.show_figures,
            "O": self.show_next_store,
            "C": self.show_next_currency,
            "P": self.print_it,
            "E": self.export,
            "Z": self.close_day,
        }

    def _timer(self, milliseconds: int, *, single: bool) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(milliseconds)
        timer.setSingleShot(single)
        timer.timeout.connect(self._again)
        return timer

    def _connect(self) -> None:
        head, overview = self.head, self.overview
        head.neighbour_wanted.connect(self.show_neighbour)
        head.kind_wanted.connect(self.show_kind)
        head.close_day_wanted.connect(self.close_day)
        head.till_wanted.connect(self.close_drawer)
        overview.strip.explain.connect(self._explain)
        overview.parts.next_wanted.connect(self.show_next_split)
        overview.health.wanted.connect(self._cure)
        self.figures.next_wanted.connect(self.show_next_split)
        for buttons in (overview.buttons, self.figures.buttons):
            self._connect_buttons(buttons)

    def _connect_buttons(self, buttons: DayActions) -> None:
        buttons.figures_wanted.connect(self.show_figures)
        buttons.print_wanted.connect(self.print_it)
        buttons.export_wanted.connect(self.export)
        buttons.store_wanted.connect(self.show_next_store)
        buttons.currency_wanted.connect(self.show_next_currency)
