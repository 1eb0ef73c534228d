"""Both books side by side: what this till posted, what the loyalty system has. Looking changes nothing."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from enum import Enum

from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QRect, Qt, Signal
from PySide6.QtGui import QHideEvent, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from cashier_app.domain.sale import EffectState
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.runner import Runner
from cashier_app.services.reconciliation import Comparison, Finding, Remedy, SaleComparison
from cashier_app.wording import Tone, Wording
from cashier_app.wording.comparing import compare_words, finding_words
from ui.accessibility import announce
from ui.key_words import Where
from ui.screens.drawer import Drawer
from ui.theme.look import Look
from ui.theme.motion import STILL
from ui.till import Queue
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.finding_rows import FigureStrip, FindingList, FindingRow
from ui.widgets.progress import ProgressBar
from ui.widgets.text import PlainLabel

MOST_ROWS = 200
_NOTE_INK = {Tone.GOOD: "accent_text", Tone.WAIT: "amber_text", Tone.STOP: "red_text"}


class Period(Enum):
    """How far back is compared."""

    TODAY = 0
    WEEK = 6
    MONTH = 29


class CompareDrawer(Drawer):
    """Lies over the queue's drawer. Everything that asks the backend goes through the runner.

    Args:
        queue: Reads both books.
    """

    settle_wanted = Signal(object)  # the finding
    where = Where.COMPARE
    _stop: threading.Event | None = None  # of what runs; known before Qt first hides the drawer

    def __init__(
        self, queue: Queue, wording: Wording, *, runner: Runner, clock: Clock, parent: QWidget | None = None
    ) -> None:
        super().__init__(STILL, parent)
        self._queue, self._wording, self._runner, self._clock = queue, wording, runner, clock
        self._period = Period.TODAY
        self._found: Comparison | None = None
        self._stop: threading.Event | None = None
        self._progress: tuple[int, int] | None = None
        self._trouble = ""
        self.periods = {period: self._period_button(period) for period in Period}
        self.figures = FigureStrip(self._panel)
        self.list = FindingList()
        self.list.acted.connect(self._act)
        self._scroll = self._scroll_area()
        self.bar = ProgressBar(parent=self._panel)
        self.note = PlainLabel(role="body", colour="ink2", wrap=True, parent=self._panel)
        self.start_button = ActionButton(kind=ButtonKind.PRIMARY, key="F5", parent=self._panel)
        self.start_button.clicked.connect(self.start_or_stop)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._end)  # the program waits for its workers
        self._show()

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self._show()

    def first_focus(self) -> QWidget:
        """Return what the keys are for first: starting."""
        return self.start_button

    def give_focus(self) -> None:
        """Take the keys back after the dialog that settles."""
        rows = self.list.rows()
        (rows[0] if rows else self.start_button).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def running(self) -> bool:
        """Return whether books are being compared."""
        return self._stop is not None

    def found(self) -> Comparison | None:
        """Return what came of the last comparison."""
        return self._found

    # --- keys -------------------------------------------------------------------------------------

    def start_or_stop(self) -> None:
        """Compare the period chosen, or end what runs."""
        if self._stop is not None:
            self._stop.set()
            return
        stop = self._stop = threading.Event()
        since = self._since()
        self._found, self._progress, self._trouble = None, (0, 0), ""

        def told(done: int, in_all: int) -> None:
            self._runner.post(lambda: self._went_on(stop, done, in_all))

        self._runner.run(
            lambda: self._queue.compare(since, told, stop),
            lambda found: self._came(stop, found),
            lambda error: self._failed(error, stop),
        )
        self._show()

    def act(self) -> None:
        """Do what Enter does: the action of the marked row, or start."""
        focus = self.focusWidget()
        if isinstance(focus, FindingRow | ActionButton) and focus.isVisible():
            focus.click()
        else:
            self.start_or_stop()

    def mark(self, direction: int) -> None:
        """Mark the row below (+1) or above (-1)."""
        rows = self.list.rows()
        if not rows:
            return
        here = next((at for at, row in enumerate(rows) if row.hasFocus()), None)
        at = 0 if here is None else min(max(here + direction, 0), len(rows) - 1)
        rows[at].setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._scroll.ensureWidgetVisible(rows[at], 0, 0)

    def turn(self, direction: int) -> None:
        """Choose the next (+1) or the former (-1) period; not while one is compared."""
        periods = list(Period)
        self._pick(periods[(periods.index(self._period) + direction) % len(periods)])

    def look_again(self, sale_id: str) -> None:
        """Compare one sale again, after something was done about it."""
        self._runner.run(
            lambda: self._queue.compare_again(sale_id),
            lambda one: self._came_again(sale_id, one),
            self._failed,
        )

    # --- work -------------------------------------------------------------------------------------

    def _act(self, at: int) -> None:
        if self._found is None or at >= len(self._found.findings):
            return
        finding = self._found.findings[at]
        match finding.remedy:
            case Remedy.SETTLE_BY_HAND:
                self.settle_wanted.emit(finding)
            case Remedy.SEND_AGAIN:
                self._do(finding, send=True)
            case Remedy.LOOK_UP:
                self._do(finding, send=False)

    def _do(self, finding: Finding, *, send: bool) -> None:
        key, sale_id = finding.key, finding.sale.sale_id

        def work() -> SaleComparison:
            if send:
                self._queue.send_after_comparing(key)
            elif finding.state is EffectState.NEEDS_ATTENTION:
                self._queue.look_up_now(key)
            return self._queue.compare_again(sale_id)

        self._runner.run(work, lambda one: self._came_again(sale_id, one), self._failed)

    def _end(self) -> None:
        if self._stop is not None:
            self._stop.set()

    def _went_on(self, stop: threading.Event, done: int, in_all: int) -> None:
        if stop is self._stop:
            self._progress = (done, in_all)
            self._show_note()

    def _came(self, stop: threading.Event, found: Comparison) -> None:
        if stop is not self._stop:
            return
        self._stop, self._progress, self._found = None, None, found
        self._show()
        announce(self, self.note.text())

    def _came_again(self, sale_id: str, one: SaleComparison) -> None:
        if self._found is None:
            return
        self._trouble = ""
        kept = [finding for finding in self._found.findings if finding.sale.sale_id != sale_id]
        here = next(
            (at for at, finding in enumerate(self._found.findings) if finding.sale.sale_id == sale_id), 0
        )
        before = len(self._found.findings) - len(kept)
        solved = max(0, before - len(one.findings) - one.under_way)
        findings = (*kept[:here], *one.findings, *kept[here:])
        self._found = replace(self._found, findings=findings, agree=self._found.agree + solved)
        self._show()

    def _failed(self, error: BaseException, stop: threading.Event | None = None) -> None:
        if stop is not None and stop is self._stop:
            self._stop, self._progress = None, None
        if not isinstance(error, KnownError):
            raise error
        self._trouble = error.sentence
        self._show()
        announce(self, error.sentence, assertive=True)

    def _since(self) -> datetime:
        now = self._clock.now().astimezone(self._wording.figures.zone)
        return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=self._period.value)

    def _pick(self, period: Period) -> None:
        if self._stop is None and period is not self._period:
            self._period, self._found, self._trouble = period, None, ""
        self._show()

    # --- what is shown ----------------------------------------------------------------------------

    def _show(self) -> None:
        words = compare_words(self._found, self._wording)
        self.say(words.title, words.close)
        labels = {Period.TODAY: words.today, Period.WEEK: words.week, Period.MONTH: words.month}
        for period, button in self.periods.items():
            button.set_words(labels[period].full, labels[period].short)
            button.set_selected(period is self._period)
            chosen = period is self._period
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus if chosen else Qt.FocusPolicy.NoFocus)
            button.setEnabled(self._stop is None or chosen)
        self.figures.show_figures(words.figures)
        label = words.start if self._stop is None else words.stop
        self.start_button.set_words(label.full, label.short)
        self.start_button.set_kind(ButtonKind.PRIMARY if self._stop is None else ButtonKind.SECONDARY)
        findings = self._found.findings[:MOST_ROWS] if self._found is not None else ()
        lost = isinstance(self.focusWidget(), FindingRow)
        now = self._clock.now()
        self.list.show_rows([finding_words(finding, self._wording, now) for finding in findings])
        rows = self.list.rows()
        if lost and not any(row.hasFocus() for row in rows):
            (rows[0] if rows else self.start_button).setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_note()
        self.arrange()

    def _show_note(self) -> None:
        words = compare_words(self._found, self._wording, progress=self._progress, trouble=self._trouble)
        self.note.set_text(words.note.full)
        self.note.set_colour(_NOTE_INK.get(words.note_tone, "ink2"))
        self.bar.setVisible(self._progress is not None)
        if self._progress is not None:
            done, in_all = self._progress
            self.bar.set_fraction(done / max(1, in_all), spoken=words.note.full)
        self.arrange()

    # --- places -----------------------------------------------------------------------------------

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self.list.set_look(look)
        super().set_look(look)

    def hideEvent(self, event: QHideEvent) -> None:
        """End what runs: nobody waits for it."""
        self._end()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint nothing: the drawer below has its scrim already."""

    def arrange_inside(self, inside: QRect) -> None:
        """Place periods, figures, rows and foot, px."""
        px, gap = self._look.px, self._look.px(8)
        tall, foot = px(48 if self._look.metrics.compact else 52), px(60)
        each = (inside.width() - 2 * gap) / len(self.periods)
        for place, button in enumerate(self.periods.values()):
            left = inside.left() + round(place * (each + gap))
            button.setGeometry(left, inside.top(), round(each), tall)
        top = inside.top() + tall + px(12)
        strip = self.figures.sizeHint().height()
        self.figures.setGeometry(inside.left(), top, inside.width(), strip)
        top += strip + px(8)
        bottom = inside.bottom() + 1 - foot - px(12)
        self._scroll.setGeometry(inside.left(), top, inside.width(), max(1, bottom - top))
        self._fit_list()
        place_top = inside.bottom() + 1 - foot
        width = max(px(200), self.start_button.sizeHint().width())
        self.start_button.setGeometry(inside.right() + 1 - width, place_top, width, foot)
        room = max(1, inside.width() - width - px(16))
        bar = px(16) if not self.bar.isHidden() else 0
        high = min(foot - bar, self.note.heightForWidth(room))
        note_top = place_top + (foot - high - bar) // 2
        self.note.setGeometry(inside.left(), note_top, room, high)
        self.bar.setGeometry(inside.left(), note_top + high, room, px(16))

    def _fit_list(self) -> None:
        needed, width = self.list.needed_height(), self._scroll.width()
        if needed > self._scroll.height():
            width -= self._scroll.verticalScrollBar().sizeHint().width()
        self.list.resize(width, max(needed, self._scroll.viewport().height()))

    def _period_button(self, period: Period) -> ActionButton:
        button = ActionButton(kind=ButtonKind.CHOICE, parent=self._panel)
        button.clicked.connect(lambda: self._pick(period))
        return button

    def _scroll_area(self) -> QScrollArea:
        area = QScrollArea(self._panel)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.list)
        return area
