"""The queue: sales not posted yet, what happened to each, and what a person may do. Selling goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.domain.sale import Effect, Sale
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import SettledEffect, UnsentSale
from cashier_app.ports.runner import Runner
from cashier_app.services.approval import Approvals
from cashier_app.services.till_view import TillView
from cashier_app.wording import Wording
from cashier_app.wording.queue import (
    QueueRowWords,
    QueueWords,
    most_urgent,
    queue_words,
)
from cashier_app.wording.queue_actions import asked_words, export_words
from cashier_app.wording.settling import settled_words
from ui.key_words import Where
from ui.screens.drawer import Drawer
from ui.screens.export_dialog import ask_for_export
from ui.screens.queue_listing import QueueListing, Tab
from ui.screens.queue_on_top import OnTop
from ui.screens.queue_tabs import QueueTabs
from ui.theme.look import Look
from ui.theme.motion import Motion
from ui.till import Queue
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.queue_rows import QueueRow
from ui.widgets.queue_scroll import QueueScroll
from ui.widgets.text import PlainLabel

_REFRESH_MS = 1000
_READ_EVERY = 3  # refreshes


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
        approvals: Approvals | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(motion, parent)
        self._queue, self._runner, self._clock = queue, runner, clock
        self._wording = wording
        self._listing = QueueListing()
        self._open_row = ""
        self._reading = self._been_read = False
        self._refreshes = 0
        self._note_box = QRect()
        self._trouble = self._said = ""
        self.on_top = OnTop(
            self,
            queue,
            wording,
            runner,
            clock,
            approvals=approvals,
            look=lambda: self._look,
            settled=self._was_settled,
            left=self._take_focus_back,
        )
        self.tabs = QueueTabs(self._panel, self._pick)
        self._scroll = QueueScroll(self._panel)
        self.list = self._scroll.list
        self.list.opened.connect(self._toggle)
        self.list.detail.look_up_wanted.connect(self.look_up_now)
        self.list.detail.send_again_wanted.connect(self.send_again)
        self.list.detail.settle_wanted.connect(self.settle_by_hand)
        self._note = PlainLabel(role="body", colour="ink2", wrap=True, parent=self._panel)
        self.compare_button = ActionButton(kind=ButtonKind.SECONDARY, key="C", parent=self._panel)
        self.compare_button.clicked.connect(self.open_compare)
        self.send_all = ActionButton(kind=ButtonKind.SECONDARY, key="F5", parent=self._panel)
        self.send_all.clicked.connect(self.send_all_now)
        self.export_button = ActionButton(kind=ButtonKind.SECONDARY, key="E", parent=self._panel)
        self.export_button.clicked.connect(self.export)
        self._refresh = QTimer(self)
        self._refresh.setInterval(_REFRESH_MS)
        self._refresh.timeout.connect(self._tick)
        self._show()

    where = Where.QUEUE

    def place_of_keys(self) -> Where:
        """Return what the keys mean now."""
        return self.on_top.place_of_keys()

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self.on_top.set_wording(wording)
        self._show()

    def follow(self, before: TillView, view: TillView) -> None:
        """Read again when the number of unsent sales has changed."""
        self._listing.in_all = view.connection.counts
        if before.connection.counts != view.connection.counts:
            self.read()

    def open_drawer(self) -> None:
        """Read the queue and slide in."""
        self._said, self._been_read = "", False
        super().open_drawer()
        self._refresh.start()
        self.read()

    def go_back(self) -> None:
        """Do what Esc does: the dialog, then the comparison, then the drawer."""
        if not self.on_top.go_back():
            self.close_drawer()

    def close_drawer(self) -> None:
        """Go away with everything on top."""
        self.on_top.hide()
        super().close_drawer()

    def refuse_scan(self) -> bool:
        """Say that a scan is not used while something is being settled; return whether that is so."""
        if self.on_top.settles():
            self.on_top.dialog.say_scan_not_used()
            return True
        return False

    def first_focus(self) -> QWidget:
        """Return the first row, or the way out when there is none."""
        return self.list.row_at(0) if self.list.count() else self.close_button

    def read(self) -> None:
        """Read the queue; one read at a time."""
        if not self._reading:
            self._reading = True
            self._runner.run(lambda: (self._queue.unsent(), self._queue.settled()), self._came, self._failed)

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
        """Do what Enter does: answer the dialog, act in the comparison, open the marked row or close it."""
        focus = self.focusWidget()
        if not self.on_top.act() and isinstance(focus, QueueRow | ActionButton):
            focus.click()

    def look_up_now(self) -> None:
        """Ask the backend what became of the open sale."""
        self._act(self._queue.look_up_now)

    def send_again(self) -> None:
        """Send the open sale again, with the same key."""
        self._act(self._queue.send_again)

    def send_all_now(self) -> None:
        """Try everything that waits at once; in the comparison, start it or end it."""
        if self.on_top.compares():
            self.on_top.compare.start_or_stop()
        else:
            self._runner.run(self._queue.send_all_now, lambda _: self._asked(), self._failed)

    def settle_by_hand(self) -> None:
        """Ask a manager what is true of the open sale, if it needs a person."""
        row = self.list.open_row()
        unsent = self._listing.unsent_sale(row.sale_id) if row is not None else None
        found = most_urgent(unsent.effects) if unsent is not None else None
        if row is not None and row.needs_person and unsent is not None and found is not None:
            self._open_dialog(unsent.sale, found.effect)

    def open_compare(self) -> None:
        """Lay the comparison with the backend's books over the queue."""
        self.on_top.compare.open_drawer()
        self.on_top.fit()

    def export(self) -> None:
        """Ask for a file, and write the queue to it."""
        day = self._clock.now().astimezone(self._wording.figures.zone).date()
        ask_for_export(self, self._wording, day, self.export_to)

    def export_to(self, path: Path) -> None:
        """Write the queue to a file, and say so."""
        done = export_words(self._wording, path.name).done.full
        self._runner.run(lambda: self._queue.export(path), lambda _: self._say(done), self._failed)

    # --- what is shown ----------------------------------------------------------------------------

    def _words_at(self, at: int) -> QueueRowWords:
        return self._listing.words_at(at, self._wording, self._clock.now())

    def _show(self) -> None:
        around = queue_words(
            self._listing.counts(), self._wording, len(self._listing.settled), len(self._listing.unsent)
        )
        self.say(around.title, around.close)
        self.tabs.show_words(around, self._listing.tab)
        buttons = (
            (self.send_all, around.send_all),
            (self.compare_button, around.compare),
            (self.export_button, around.export),
        )
        for button, label in buttons:
            if button.words() != label.full:
                button.set_words(label.full, label.short)
        self.send_all.setEnabled(bool(self._listing.unsent))
        self._note.set_text(self._trouble or self._said or around.note.full)
        self._note.set_colour("red_text" if self._trouble else "ink2")
        self._place_note()
        self._show_rows(around)

    def _show_rows(self, around: QueueWords) -> None:
        focus = self.focusWidget()
        marked = focus.words() if isinstance(focus, QueueRow) and focus.hasFocus() else None
        ringed = isinstance(focus, QueueRow) and focus.shows_ring()
        self._listing.list_tab()
        open_at = self._listing.place(self._open_row)
        self.list.show_rows(len(self._listing.listed), self._words_at, open_at, around)
        self._scroll.fit()
        if marked is not None:
            # The mark stays with its sale while others come and go.
            at = self._listing.place(marked.row_id)
            target = self.list.row_at(at) if at >= 0 else self.first_focus()
            if target is not focus:
                reason = Qt.FocusReason.ShortcutFocusReason if ringed else Qt.FocusReason.OtherFocusReason
                target.setFocus(reason)

    def _toggle(self, row_id: str) -> None:
        self._open_row = "" if row_id == self._open_row else row_id
        self._show()
        if self._open_row:
            self._scroll.show_detail()

    def _turn(self, direction: int) -> None:
        if self.on_top.compares():
            self.on_top.compare.turn(direction)
            return
        tabs = list(Tab)
        self._pick(tabs[(tabs.index(self._listing.tab) + direction) % len(tabs)])

    def _pick(self, tab: Tab) -> None:
        self._listing.tab = tab
        self._scroll.go_to_top()
        self._show()

    def _mark(self, direction: int) -> None:
        if self.on_top.compares():
            self.on_top.compare.mark(direction)
            return
        self._scroll.mark(direction, self.focusWidget())

    # --- work -------------------------------------------------------------------------------------

    def _act(self, act: Callable[[str], None]) -> None:
        row = self.list.open_row()
        if row is not None and row.needs_person:
            key = row.effect_key
            self._runner.run(lambda: act(key), lambda _: self._asked(), self._failed)

    def _asked(self) -> None:
        """Say that it is under way: the answer comes into the row."""
        time = self._wording.figures.time_with_seconds(self._clock.now())
        self._say(asked_words(time, self._wording).full)
        self.read()

    def _open_dialog(self, sale: Sale, effect: Effect) -> None:
        self.on_top.dialog.open_for(sale, effect)
        self.on_top.fit()

    def _was_settled(self, sale_id: str) -> None:
        unsent = self._listing.unsent_sale(sale_id)
        self._say(settled_words(unsent.sale.number if unsent else "", self._wording).full)
        self.read()

    def _take_focus_back(self) -> None:
        at = self._listing.place(self._open_row)
        target = self.list.row_at(at) if at >= 0 else self.first_focus()
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, words: str) -> None:
        self._said, self._trouble = words, ""
        self._show()

    def _came(self, read: tuple[list[UnsentSale], list[SettledEffect]]) -> None:
        self._reading = False
        first, self._been_read = not self._been_read or not self._listing.unsent, True
        self._listing.unsent, self._listing.settled = read
        self._trouble = ""
        if first and self._listing.unsent_sale(self._open_row) is None:
            # What needs a person is opened: that is why the drawer was. The row open last time may be gone.
            self._open_row = self._listing.first_stuck()
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
        self.on_top.fit()
        self._scroll.fit()

    def arrange(self) -> None:
        """Put everything in its place; the export stands left of the way out."""
        super().arrange()
        close, gap = self.close_button.geometry(), self._look.px(8)
        width = max(self._look.px(132), self.export_button.sizeHint().width())
        self.export_button.setGeometry(close.left() - gap - width, close.top(), width, close.height())
        title = self.title.geometry()
        self.title.setGeometry(title.left(), title.top(), max(1, title.width() - width - gap), title.height())

    def arrange_inside(self, inside: QRect) -> None:
        """Place tabs, rows and foot, px."""
        px, gap = self._look.px, self._look.px(8)
        tab_height, foot = px(48 if self._look.metrics.compact else 52), px(56)
        self.tabs.place(QRect(inside.left(), inside.top(), inside.width(), tab_height), gap)
        top = inside.top() + tab_height + px(16)
        bottom = inside.bottom() + 1 - foot - px(12)
        self._scroll.setGeometry(inside.left(), top, inside.width(), max(1, bottom - top))
        place_top, right = inside.bottom() + 1 - foot, inside.right() + 1
        for button, least in ((self.send_all, 191), (self.compare_button, 140)):
            width = max(px(least), button.sizeHint().width())
            button.setGeometry(right - width, place_top, width, foot)
            right -= width + gap
        self._note_box = QRect(inside.left(), place_top, max(1, right - px(8) - inside.left()), foot)
        self._place_note()
        self._scroll.fit()

    def _place_note(self) -> None:
        box = self._note_box
        high = min(box.height(), self._note.heightForWidth(box.width()))
        self._note.setGeometry(box.left(), box.top() + (box.height() - high) // 2, box.width(), high)
