"""The window: the till, the drawers over it, and what comes in from outside: keys, scans, pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QResizeEvent,
    QShowEvent,
    QWindow,
)

from cashier_app.ports.clock import Clock
from cashier_app.ports.runner import Runner
from cashier_app.scanning.keyboard_wedge import KeyboardWedge
from cashier_app.services.till_view import TillView
from cashier_app.wording import Wording
from cashier_app.wording.window import window_title
from ui.approvals import GateApprovals
from ui.close_question import CloseQuestion
from ui.drawers import Drawers
from ui.key_handlers import key_handlers, undo_point
from ui.key_router import KeyRouter, stroke_of
from ui.key_words import Where
from ui.scanning_window import ScanningWindow
from ui.screens.till import Place, TillScreen
from ui.theme.look import Look
from ui.theme.motion import Motion
from ui.theme.tokens import Theme
from ui.till import Queue, Returns, Till
from ui.touch_screen import has_touch_screen
from ui.ways_to_pages import WaysToPages
from ui.wedge_filter import Surroundings, WedgeFilter
from ui.widgets.training_frame import TrainingFrame

if TYPE_CHECKING:
    from cashier_app.domain.staff import Right
    from cashier_app.sound.player import Player
    from ui.camera_control import CameraControl
    from ui.dropped import ReadPicture
    from ui.gate import Gate
    from ui.help_panel import HelpPanel
    from ui.key_handlers import TakesKeys
    from ui.news import NewsEntry
    from ui.screens.queue_drawer import QueueDrawer
    from ui.serial_link import SerialLink
    from ui.training.entry import TrainingEntry
    from ui.training.leaving import Leaving

_SECOND_MS = 1000
_PRESSES = {
    QEvent.Type.MouseButtonPress: True,
    QEvent.Type.TouchBegin: True,
    QEvent.Type.MouseButtonRelease: False,
    QEvent.Type.TouchEnd: False,
    QEvent.Type.TouchCancel: False,
}


class Foot(Protocol):
    """What stands across the foot of the window, below the till and whatever lies over it."""

    def room(self, window: QSize) -> tuple[int, int]:
        """Return how high it is in a window of this size, and how high the till is then; px.

        The two overlap by the till's bottom margin, as far as the foot is the margin.
        """

    def setGeometry(self, place: QRect, /) -> None:  # noqa: N802 - Qt's own
        """Stand there."""

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""


class MainWindow(ScanningWindow):
    """The till's window.

    Args:
        till: Shows its views here and receives what is pressed, typed, scanned, pasted and dropped.
        queue: The sales not posted yet, for the drawer.
        read_picture: Reads codes in pictures; called on a worker thread.
        wedge: Tells scanners that type from people who type.
        by_position: Whether those scanners type as on a US keyboard, whatever this computer's layout is.
        keypad: What was chosen last: keypad or list of keys; None for what the hardware suggests.
        returns: Makes what takes goods back, when first wanted; None where this window takes none.
    """

    camera_requested = Signal()  # to be switched on or off
    keypad_chosen = Signal(bool)  # to be remembered
    view_shown = Signal(object)  # a TillView, once everything in the window shows it

    def __init__(
        self,
        till: Till,
        queue: Queue,
        wording: Wording,
        *,
        place: Place,
        runner: Runner,
        clock: Clock,
        read_picture: ReadPicture,
        motion: Motion,
        wedge: KeyboardWedge,
        by_position: bool = True,
        training: bool = False,
        keypad: bool | None = None,
        returns: Callable[[], Returns] | None = None,
    ) -> None:
        super().__init__()
        self._till, self._read_picture = till, read_picture
        self.place = place
        self._keypad = keypad
        self._view = till.view
        self._filtered: QWindow | None = None
        self.gate: Gate | None = None  # none where nobody can sign in
        # Set after the first frame.
        self.serial: SerialLink | None = None
        self.camera: CameraControl | None = None
        self.sounds: Player | None = None
        self.practice: TrainingEntry | None = None
        self.leaving: Leaving | None = None
        self.news: NewsEntry | None = None
        self.foot: Foot | None = None  # in training only
        self.lessons: Callable[[], None] | None = None  # likewise: opens them
        self.setWindowTitle(window_title(place.store, place.till, wording, training=training))
        self.setAcceptDrops(True)
        self.screen_of_till = TillScreen(
            till, wording, place=place, clock=clock, motion=motion, training=training, parent=self
        )
        self.training = TrainingFrame(self)
        self.training.setVisible(training)
        self.screen_of_till.show_keypad(has_touch_screen() if keypad is None else keypad)
        self.wedge = WedgeFilter(
            wedge,
            by_position=by_position,
            surroundings=Surroundings(
                acts_at_once=lambda event: self.router.acts_at_once(stroke_of(event)),
                undo_point=lambda: undo_point(till),
                is_text=till.may_be_text,
            ),
            parent=self,
        )
        self.ways = WaysToPages(self, till)
        self.closing = CloseQuestion(self)
        self.drawers = Drawers(
            self,
            self.screen_of_till,
            queue,
            runner=runner,
            clock=clock,
            motion=motion,
            wedge=self.wedge,
            entries=self.ways.menu_entries,
            facts=self.ways.menu_facts,
            view=lambda: self._view,
            returns=returns,
            place=place,
            training=training,
            approvals=GateApprovals(self),
        )
        self.router = KeyRouter(self._read, key_handlers(self, till), self._key_pressed, self)
        self._seconds = QTimer(self)
        self._seconds.setInterval(_SECOND_MS)
        self._seconds.timeout.connect(till.tick)
        self._connect()
        till.subscribe(self.show_view)

    @property
    def queue(self) -> QueueDrawer:
        """Return the drawer of unsent sales."""
        return self.drawers.queue

    @property
    def help(self) -> HelpPanel:
        """Return the drawer of keys."""
        return self.drawers.help

    def show_view(self, view: TillView) -> None:
        """Show a snapshot."""
        before, self._view = self._view, view
        wording = self.screen_of_till.wording()
        self.screen_of_till.show_view(view)
        if self.screen_of_till.wording() is not wording:
            self.drawers.set_wording(self.screen_of_till.wording())
            if self.gate is not None:
                self.gate.set_wording(self.screen_of_till.wording())
        self.drawers.follow(before, view)
        if self.gate is not None:
            self.gate.follow(view)
        self.view_shown.emit(view)

    @property
    def view(self) -> TillView:
        """Return the snapshot on show."""
        return self._view

    def set_theme(self, theme: Theme, text_scale: float = 1.0) -> None:
        """Take other colours, or another size of text, 1.0 to 1.5."""
        self._arrange()  # by the size the window will have, so that a look is worked out once
        self.screen_of_till.set_theme(theme, text_scale)

    # --- keys and presses -------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold the countdown under a pointer, and show the keypad after the first touch."""
        if isinstance(watched, QWindow) and event.type() in _PRESSES:
            self.screen_of_till.countdown.hold(_PRESSES[event.type()])
            self._touched()
            if event.type() == QEvent.Type.TouchBegin and self._keypad is None:
                self.screen_of_till.show_keypad(True)
        return False

    def _read(self) -> tuple[TillView, Where]:
        return self._view, self._place_of_keys()

    def _key_pressed(self) -> None:
        self.screen_of_till.countdown.begin_again()
        self._touched()

    def _touched(self) -> None:
        if self.gate is not None:
            self.gate.touched()

    def act_on_top(self, act: Callable[[TakesKeys], None]) -> None:
        """Do something with what takes the keys over the till, if anything does."""
        top = (self.gate.on_top() if self.gate is not None else None) or self.drawers.top()
        if top is not None:
            act(top)

    # --- who is at the till -----------------------------------------------------------------------

    def switch_cashier(self) -> None:
        """Do what F12 does: ask who takes over, or lock."""
        if self.gate is not None:
            self.gate.switch()

    def may(self, right: Right) -> bool:
        """Say whether whoever is at the till may do this; everybody may where nobody signs in."""
        return self.gate is None or self.gate.may(right)

    def ask_right(self, right: Right, then: Callable[[], None]) -> None:
        """Go on if whoever is at the till may; else ask for the PIN of somebody who may.

        The page that `then` opens is a visit: it ends with that page, and the cashier goes on.
        """
        if self.gate is None:
            then()
        else:
            self.gate.ask_right(right, then)

    def switch_full_screen(self) -> None:
        """Fill the screen, or be as large as before."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def switch_keypad(self) -> None:
        """Show the keypad, or the list of keys, and have it remembered."""
        self._keypad = not self.screen_of_till.shows_keypad()
        self.screen_of_till.show_keypad(self._keypad)
        self.keypad_chosen.emit(self._keypad)

    # --- the window -------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Listen to the window's keys; only now is there one."""
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not self._filtered:
            self._filtered = handle
            # The last one installed is asked first: scanners before people.
            for listener in (self, self.router):
                handle.installEventFilter(listener)
            self.wedge.filter_window(handle)
        self._seconds.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say once, in place, that sales are not posted; closing again closes."""
        if not self.closing.is_answered():
            event.ignore()
            return
        self._seconds.stop()
        if self.gate is not None:
            self.gate.end()
        if self.leaving is not None:
            self.leaving.close()
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cover the window with the till and its drawers."""
        super().resizeEvent(event)
        self._arrange()

    def stand_on(self, foot: Foot) -> None:
        """Leave the foot of the window to something that stays there."""
        self.foot = foot
        foot.set_look(self.screen_of_till.look())
        self._arrange()
        self.training.raise_()

    def above_foot(self) -> QRect:
        """Return what of the window is not the foot's, px."""
        above = self.rect()
        if self.foot is not None:
            above.setHeight(self.height() - self.foot.room(self.size())[0])
        return above

    def _arrange(self) -> None:
        self.training.setGeometry(self.rect())
        above, till = self.above_foot(), self.rect()
        if self.foot is not None:
            self.foot.setGeometry(QRect(0, above.height(), self.width(), self.height() - above.height()))
            till.setHeight(self.foot.room(self.size())[1])
        self.screen_of_till.setGeometry(till)
        self.drawers.set_geometry(above)
        if self.gate is not None:
            self.gate.set_geometry(above)
        self.closing.stand_in(above)

    def _take_look(self) -> None:
        look = self.screen_of_till.look()
        self.drawers.set_look(look)
        if self.gate is not None:
            self.gate.set_look(look)
        self.closing.set_look(look)
        self.training.set_look(look)
        if self.foot is not None:
            self.foot.set_look(look)
        self._arrange()

    def _connect(self) -> None:
        self.wedge.scanned.connect(self._scanned)
        self.wedge.overlong.connect(self._overlong)
        self.drawers.opened.connect(self.training.raise_)
        self.screen_of_till.camera_requested.connect(self.camera_requested)
        self.screen_of_till.paste_requested.connect(self.paste)
        self.screen_of_till.claim_print_requested.connect(self.ways.print_claim)
        self.screen_of_till.queue_requested.connect(self.ways.show_queue)
        self.screen_of_till.menu_requested.connect(self.ways.show_menu)
        self.screen_of_till.undo_requested.connect(self.ways.undo_last)
        self.screen_of_till.change_back_requested.connect(self.ways.take_switch_back)
        self.screen_of_till.sale_picked.connect(self.ways.undo_sale)
        self.router.undo_held.connect(self.ways.undo_held)
        self.screen_of_till.new_member_requested.connect(self.ways.new_member)
        self.screen_of_till.cashier_requested.connect(self.switch_cashier)
        self.screen_of_till.look_changed.connect(self._take_look)
