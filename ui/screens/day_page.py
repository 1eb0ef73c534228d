"""The manager's day: figures, charts, tables and health, over the till, with the sale behind it untouched."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from cashier_app.domain.period import Period, PeriodKind, period_after, period_before, period_of
from cashier_app.ports.figures import FiguresAwayError
from cashier_app.ports.runner import Runner
from cashier_app.services.health import Action
from cashier_app.services.till_view import TillView
from cashier_app.wording import Wording
from cashier_app.wording.day import day_buttons, own_figures_words, reading_head, scan_not_used
from cashier_app.wording.day_page import DayWords, day_words
from cashier_app.wording.health import HealthWords, health_words
from cashier_app.wording.period_names import first_weekday
from ui.accessibility import announce
from ui.day import DayBooks, DayPlace
from ui.key_words import Where
from ui.latest import Latest, run_each
from ui.screens.day_sheet import DaySheet
from ui.screens.day_wish import DayRead, DayWish
from ui.screens.drawer import Drawer
from ui.theme.look import Look
from ui.theme.motion import Motion
from ui.widgets.button import ActionButton
from ui.widgets.header import Header

if TYPE_CHECKING:
    from ui.screens.day_files import DayFiles
    from ui.screens.range_dialog import RangeDialog

_MINUTE_MS = 60_000
_AFTER_SALE_MS = 1_000


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
        self._wish = DayWish(period_of(PeriodKind.DAY, books.today()))
        self._read: DayRead | None = None
        self._reading: Latest[DayRead] = Latest(runner, self._came, self._failed)
        self._looking: Latest[HealthWords] = Latest(runner, self._health_came, self._remark)
        for part in (self.title, self.close_button):
            part.hide()
        self.sheet = DaySheet(self._panel)
        self.head, self.overview, self.figures = self.sheet.head, self.sheet.overview, self.sheet.figures
        self.definition, self.toast = self.sheet.definition, self.sheet.toast
        self.header = Header(
            wording, place.store, place.till, place.now, training=place.training, parent=self._panel
        )
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
        made.picked.connect(self.go)
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
        self.sheet.begin()
        super().open_drawer()
        self._minute.start()
        self._wish = DayWish(period_of(PeriodKind.DAY, self._books.today()))
        self._say_period()
        self._ask()
        self._look_at_health()
        self.overview.chart.load(self._runner)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop reading: nobody sees it."""
        self._minute.stop()
        self._soon.stop()
        self._reading.forget()
        if self._asks():
            self.asking.hide()
        super().hideEvent(event)

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self.header.set_wording(wording)
        self._label()
        self._ask()

    def follow(self, before: TillView, view: TillView) -> None:
        """Keep the header up to date; read again when a sale was made or posted."""
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
        elif self.sheet.hide_keys():
            return
        elif self.sheet.shows_figures():
            self.sheet.show_figures(shown=False)
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
        self.sheet.hide_keys()
        act = self._letters().get(character)
        if act is not None and not self._asks():
            act()

    def show_keys(self) -> bool:
        """Show the keys of this page over it, or take them away again."""
        if not self.sheet.hide_keys():
            self.sheet.show_keys(self._wording)
        return True

    def next_row(self) -> None:
        """Mark what is below, or next in the chart."""
        self.sheet.arrows(1)

    def previous_row(self) -> None:
        """Mark what is above, or before in the chart."""
        self.sheet.arrows(-1)

    def next_period(self) -> None:
        """Go right: in the table that has the focus, else to the neighbour after."""
        if not self.sheet.sideways(1):
            self.show_neighbour(1)

    def previous_period(self) -> None:
        """Go left: in the table that has the focus, else to the neighbour before."""
        if not self.sheet.sideways(-1):
            self.show_neighbour(-1)

    def refuse_scan(self) -> bool:
        """Say that a scan is not used here; return whether the page is open."""
        if self.isHidden():
            return False
        words = scan_not_used(self._wording)
        self.sheet.remark(words.full, words.short, assertive=True)
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
        high = self._look.metrics.header_height
        self._panel.setGeometry(self.rect())
        self.header.setGeometry(0, 0, self.width(), high)
        self.sheet.setGeometry(0, high, self.width(), self.height() - high)
        if "asking" in self.__dict__:
            self.asking.setGeometry(self.rect())

    # --- what can be pressed ------------------------------------------------------------------------

    def show_kind(self, kind: PeriodKind) -> None:
        """Show the day, week or month that holds what is on show; of a range, ask which."""
        today = self._books.today()
        if kind is PeriodKind.RANGE:
            self.asking.open_for(self._wish.period, today, self._wording)
        else:
            self.go(self._wish.of_kind(kind, today, first_weekday(self._wording.figures.locale)))

    def show_neighbour(self, step: int) -> None:
        """Show the period before or after."""
        other = period_before(self._wish.period) if step < 0 else period_after(self._wish.period)
        if other is not None:
            self.go(other)

    def show_figures(self) -> None:
        """Show all figures, or the overview again."""
        self.sheet.show_figures(shown=not self.sheet.shows_figures())

    def show_next_split(self) -> None:
        """Split the table by something else."""
        if not self.sheet.shows_figures():
            self.sheet.show_next_part()
        elif self._read is not None:
            self._want(self._wish.next_split(self._read))

    def show_next_store(self) -> None:
        """Show one store, the next, and then all together again."""
        if self._read is not None:
            self._want(self._wish.next_store(self._read))

    def show_next_currency(self) -> None:
        """Show what was sold in another currency."""
        if self._read is not None:
            self._want(self._wish.next_currency(self._read))

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

    def go(self, period: Period) -> None:
        """Show these days."""
        if period == self._wish.period:
            self._ask()
            return
        self._wish = replace(self._wish, period=period)
        self._say_period()
        self._ask()

    def _want(self, wish: DayWish) -> None:
        if wish != self._wish:
            self._wish = wish
            self._ask()

    def _ask(self) -> None:
        if self.isHidden():
            return
        books, wish, wording = self._books, self._wish, self._wording

        def read() -> DayRead:
            note = ""
            try:
                report = books.report(wish.period, wish.scope, wish.currency)
            except FiguresAwayError as away:
                note = own_figures_words(away.why, wording)
                report = books.report(wish.period, away.own, wish.currency)
            return DayRead(day_words(report, wish.by, wording), books.stores(), note)

        self._reading.ask(read)

    def _came(self, read: DayRead) -> None:
        self._read = read
        self.sheet.show_read(read, self._wish, self._wording)

    def _failed(self, sentence: str) -> None:
        self._say_period(sentence)

    def _say_period(self, trouble: str = "") -> None:
        """Say which period is on its way, or why it does not come."""
        head = reading_head(self._wish.period, self._books.today(), self._wording)
        self.sheet.show_head(head, self._wish, trouble)
        announce(self.head, trouble or head.title.full, assertive=bool(trouble))

    def _look_at_health(self) -> None:
        books, wording = self._books, self._wording
        self._looking.ask(lambda: health_words(books.health(), wording))

    def _health_came(self, words: HealthWords) -> None:
        self.sheet.show_health(words)

    def _again(self) -> None:
        """Read again what goes on; what is over stays."""
        shown = self.shown
        if shown is None or shown.report.is_unfinished:
            self._ask()
        self._look_at_health()

    # --- small answers ------------------------------------------------------------------------------

    def _label(self) -> None:
        words = day_buttons(self._wording)
        self.setAccessibleName(words.overview.full)
        self.sheet.label(words, closes=self._place.close_day is not None)

    def _remark(self, words: str, short: str = "") -> None:
        self.sheet.remark(words, short)

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
            self._remark,
        )

    def _asks(self) -> bool:
        return "asking" in self.__dict__ and not self.asking.isHidden()

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
        overview.parts.next_wanted.connect(self.show_next_split)
        overview.health.wanted.connect(self._cure)
        self.figures.next_wanted.connect(self.show_next_split)
        for buttons in (overview.buttons, self.figures.buttons):
            buttons.figures_wanted.connect(self.show_figures)
            buttons.print_wanted.connect(self.print_it)
            buttons.export_wanted.connect(self.export)
            buttons.store_wanted.connect(self.show_next_store)
            buttons.currency_wanted.connect(self.show_next_currency)
