"""The queue: sales not posted yet, what happened to each, and what a person may do. Selling goes on."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import QueueCounts, UnsentSale
from cashier_app.ports.runner import Runner
from cashier_app.services.till_view import TillView
from cashier_app.wording import Wording
from cashier_app.wording.queue import QueueRowWords, QueueWords, queue_row, queue_words
from ui.key_router import Where
from ui.screens.drawer import Drawer
from ui.theme.look import Look
from ui.theme.motion import Motion
from ui.till import Queue
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.queue_rows import QueueList, QueueRow
from ui.widgets.text import PlainLabel

_REFRESH_MS = 1000
_READ_EVERY = 3  # refreshes


class Tab(Enum):
    """Which sales are listed."""

    ALL = "all"
    NEEDS_ATTENTION = "needs attention"
    WAITING = "waiting"


class QueueDrawer(Drawer):
    """Reads the queue while it is open; every call that blocks goes through the runner.

    Args:
        queue: The sales not posted yet.
        runner: Takes the blocking calls off this thread.
    """

    def __init__(
        self,
        queue: Queue,
        wording: Wording,
        *,
        runner: Runner,
        clock: Clock,
        motion: Motion,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(motion, parent)
        self._queue, self._runner, self._clock = queue, runner, clock
        self._wording = wording
        self._unsent: list[UnsentSale] = []
        self._tab = Tab.ALL
        self._open_sale = ""
        self._reading = False
        self._refreshes = 0
        self._trouble = ""
        self.tabs = {tab: self._tab_button(tab) for tab in Tab}
        self.list = QueueList()
        self.list.opened.connect(self._toggle)
        self.list.detail.look_up_wanted.connect(self.look_up_now)
        self.list.detail.send_again_wanted.connect(self.send_again)
        self._scroll = self._scroll_area()
        self._note = PlainLabel(role="body", colour="ink2", wrap=True, parent=self._panel)
        self.send_all = ActionButton(kind=ButtonKind.SECONDARY, key="F5", parent=self._panel)
        self.send_all.clicked.connect(self.send_all_now)
        self._refresh = QTimer(self)
        self._refresh.setInterval(_REFRESH_MS)
        self._refresh.timeout.connect(self._tick)
        self._show()

    where = Where.QUEUE

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self._show()

    def follow(self, before: TillView, view: TillView) -> None:
        """Read again when the number of unsent sales has changed."""
        if before.connection.counts != view.connection.counts:
            self.read()

    def open_drawer(self) -> None:
        """Read the queue and slide in."""
        super().open_drawer()
        self._refresh.start()
        self.read()

    def first_focus(self) -> QWidget:
        """Return the first row, or the way out when there is none."""
        rows = self.list.rows()
        return rows[0] if rows else self.close_button

    def read(self) -> None:
        """Read the queue; one read at a time."""
        if not self._reading:
            self._reading = True
            self._runner.run(self._queue.unsent, self._came, self._failed)

    def counts(self) -> QueueCounts:
        """Return how many of the sales read need a person and how many do not."""
        stuck = sum(row.needs_person for row in self._words())
        return QueueCounts(len(self._unsent) - stuck, stuck)

    # --- keys -------------------------------------------------------------------------------------

    def next_row(self) -> None:
        """Mark the row below."""
        self._mark(+1)

    def previous_row(self) -> None:
        """Mark the row above."""
        self._mark(-1)

    def next_tab(self) -> None:
        """List the next kind of sales."""
        self._turn(+1)

    def previous_tab(self) -> None:
        """List the kind of sales before."""
        self._turn(-1)

    def open_row(self) -> None:
        """Open the marked row, or close it."""
        focus = self.focusWidget()
        if isinstance(focus, QueueRow | ActionButton):
            focus.click()

    def look_up_now(self) -> None:
        """Ask the backend what became of the open sale."""
        self._act(self._queue.look_up_now)

    def send_again(self) -> None:
        """Send the open sale again, with the same key."""
        self._act(self._queue.send_again)

    def send_all_now(self) -> None:
        """Try everything that waits at once."""
        self._runner.run(self._queue.send_all_now, lambda _: self.read(), self._failed)

    # --- what is shown ----------------------------------------------------------------------------

    def _words(self) -> list[QueueRowWords]:
        now = self._clock.now()
        return [queue_row(unsent, self._wording, now) for unsent in self._unsent]

    def _listed(self) -> list[QueueRowWords]:
        words = self._words()
        if self._tab is Tab.ALL:
            return words
        return [row for row in words if row.needs_person == (self._tab is Tab.NEEDS_ATTENTION)]

    def _show(self) -> None:
        around = queue_words(self.counts(), self._wording)
        self.say(around.title, around.close)
        labels = {
            Tab.ALL: around.all,
            Tab.NEEDS_ATTENTION: around.needs_attention,
            Tab.WAITING: around.waiting,
        }
        for tab, button in self.tabs.items():
            button.set_words(labels[tab].full, labels[tab].short)
            button.set_selected(tab is self._tab)
            stop = Qt.FocusPolicy.TabFocus if tab is self._tab else Qt.FocusPolicy.NoFocus
            button.setFocusPolicy(stop)
        self.send_all.set_words(around.send_all.full, around.send_all.short)
        self.send_all.setEnabled(bool(self._unsent))
        self._note.set_text(self._trouble or around.note.full)
        self._note.set_colour("red_text" if self._trouble else "ink2")
        self._show_rows(around)

    def _show_rows(self, around: QueueWords) -> None:
        focus = self.focusWidget()
        lost = isinstance(focus, QueueRow) and focus.hasFocus()
        self.list.show_rows(self._listed(), self._open_sale, around)
        self._fit_list()
        if lost and isinstance(focus, QueueRow) and not focus.isVisibleTo(self):
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _toggle(self, sale_id: str) -> None:
        self._open_sale = "" if sale_id == self._open_sale else sale_id
        self._show()
        self._scroll.ensureWidgetVisible(self.list.detail, 0, 0)

    def _turn(self, direction: int) -> None:
        tabs = list(Tab)
        self._pick(tabs[(tabs.index(self._tab) + direction) % len(tabs)])

    def _pick(self, tab: Tab) -> None:
        self._tab = tab
        self._show()

    def _mark(self, direction: int) -> None:
        rows = self.list.rows()
        if not rows:
            return
        here = next((at for at, row in enumerate(rows) if row.hasFocus()), None)
        at = 0 if here is None else min(max(here + direction, 0), len(rows) - 1)
        rows[at].setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._scroll.ensureWidgetVisible(rows[at], 0, 0)

    # --- work -------------------------------------------------------------------------------------

    def _act(self, act: Callable[[str], None]) -> None:
        row = self.list.open_row()
        if row is not None and row.needs_person:
            key = row.effect_key
            self._runner.run(lambda: act(key), lambda _: self.read(), self._failed)

    def _came(self, unsent: list[UnsentSale]) -> None:
        self._reading = False
        first = not self._unsent
        self._unsent, self._trouble = unsent, ""
        if first and not self._open_sale:
            # What needs a person is opened: that is why the drawer was.
            self._open_sale = next((row.sale_id for row in self._words() if row.needs_person), "")
        on_the_way_out = self.close_button.hasFocus()
        self._show()
        if first and on_the_way_out:
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _failed(self, error: BaseException) -> None:
        self._reading = False
        if not isinstance(error, KnownError):
            raise error
        self._trouble = error.sentence
        self._show()

    def _tick(self) -> None:
        if self.isHidden():
            self._refresh.stop()
            return
        self._refreshes += 1
        if self._refreshes % _READ_EVERY == 0:
            self.read()
        else:
            self._show()

    # --- places -----------------------------------------------------------------------------------

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self.list.set_look(look)
        super().set_look(look)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._fit_list()

    def arrange_inside(self, inside: QRect) -> None:
        """Place tabs, rows and foot, px."""
        px, gap = self._look.px, self._look.px(8)
        tab_height, foot = px(48 if self._look.metrics.compact else 52), px(56)
        each = (inside.width() - 2 * gap) / len(self.tabs)
        for place, button in enumerate(self.tabs.values()):
            left = inside.left() + round(place * (each + gap))
            right = inside.left() + round(place * (each + gap) + each)
            button.setGeometry(left, inside.top(), right - left, tab_height)
        top = inside.top() + tab_height + px(16)
        bottom = inside.bottom() + 1 - foot - px(12)
        self._scroll.setGeometry(inside.left(), top, inside.width(), max(1, bottom - top))
        width = max(px(191), self.send_all.sizeHint().width())
        place_top = inside.bottom() + 1 - foot
        self.send_all.setGeometry(inside.right() + 1 - width, place_top, width, foot)
        room = max(1, inside.width() - width - px(16))
        high = min(foot, self._note.heightForWidth(room))
        self._note.setGeometry(inside.left(), place_top + (foot - high) // 2, room, high)
        self._fit_list()

    def _fit_list(self) -> None:
        view = self._scroll.viewport()
        width = self._scroll.width()
        self.list.resize(width, max(1, self.list.height()))
        needed = self.list.needed_height()
        if needed > self._scroll.height():
            width -= self._scroll.verticalScrollBar().sizeHint().width()
            self.list.resize(width, max(1, self.list.height()))
            needed = self.list.needed_height()
        self.list.resize(width, max(needed, view.height()))
        self.list.arrange()

    def _tab_button(self, tab: Tab) -> ActionButton:
        button = ActionButton(kind=ButtonKind.CHOICE, parent=self._panel)
        button.clicked.connect(lambda: self._pick(tab))
        return button

    def _scroll_area(self) -> QScrollArea:
        area = QScrollArea(self._panel)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.list)
        return area
