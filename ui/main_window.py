"""The window: the till, the drawers over it, and what comes in from outside: keys, scans, pictures."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, QRect, QSize, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QInputDevice,
    QResizeEvent,
    QShowEvent,
    QWindow,
)

from cashier_app.ports.clock import Clock
from cashier_app.ports.runner import Runner
from cashier_app.scanning.keyboard_wedge import KeyboardWedge
from cashier_app.services.till_view import Step, TillView
from cashier_app.wording import Wording
from cashier_app.wording.window import quit_words, window_title
from ui.approvals import GateApprovals
from ui.drawers import Drawers
from ui.key_handlers import key_handlers, undo_point
from ui.key_router import KeyRouter, Where, stroke_of
from ui.scanning_window import ScanningWindow
from ui.screens.till import Place, TillScreen
from ui.theme.look import Look
from ui.theme.motion import Motion
from ui.theme.tokens import Theme
from ui.till import Queue, Returns, Till
from ui.wedge_filter import Surroundings, WedgeFilter
from ui.widgets.training_frame import TrainingFrame

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from cashier_app.domain.sale import Sale
    from cashier_app.domain.staff import Right
    from cashier_app.sound.player import Player
    from cashier_app.wording.menu import Entry, MenuFacts
    from cashier_app.wording.problems import ToastWords
    from ui.backend_setup import BackendSetup
    from ui.camera_control import CameraControl
    from ui.closing import Closing
    from ui.day_entry import DayEntry
    from ui.devices import Devices
    from ui.dropped import ReadPicture
    from ui.enrolling import EnrolEntry
    from ui.gate import Gate
    from ui.help_panel import HelpPanel
    from ui.key_handlers import TakesKeys
    from ui.news import NewsEntry
    from ui.screens.queue_drawer import QueueDrawer
    from ui.serial_link import SerialLink
    from ui.staff_setup import StaffSetup
    from ui.support import Support
    from ui.training.entry import TrainingEntry
    from ui.training.leaving import Leaving
    from ui.undoing import UndoEntry
    from ui.widgets.toast import Toast

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
        self._asked_to_close = False
        self._filtered: QWindow | None = None
        self.gate: Gate | None = None  # none where nobody can sign in
        # Set after the first frame.
        self.serial: SerialLink | None = None
        self.camera: CameraControl | None = None
        self.sounds: Player | None = None
        self.devices: Devices | None = None
        self.backend: BackendSetup | None = None
        self.staff: StaffSetup | None = None
        self.support: Support | None = None
        self.day: DayEntry | None = None
        self.closed_days: Closing | None = None
        self.enrolment: EnrolEntry | None = None
        self.undo: UndoEntry | None = None
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
        self.drawers = Drawers(
            self,
            self.screen_of_till,
            queue,
            runner=runner,
            clock=clock,
            motion=motion,
            wedge=self.wedge,
            entries=self._menu_entries,
            facts=self._menu_facts,
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

    @cached_property
    def closing(self) -> Toast:
        """Return the bar that says why the window does not close yet, made when it is first wanted."""
        from ui.widgets.toast import Toast

        made = Toast(self)
        made.set_look(self.screen_of_till.look())
        made.acted.connect(self._close_now)
        made.expired.connect(self._stay)
        return made

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
        """Fill the screen, or leave it again."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def switch_keypad(self) -> None:
        """Show the keypad, or the list of keys, and have it remembered."""
        self._keypad = not self.screen_of_till.shows_keypad()
        self.screen_of_till.show_keypad(self._keypad)
        self.keypad_chosen.emit(self._keypad)

    # --- drawers ----------------------------------------------------------------------------------

    def show_help(self) -> None:
        """Open the help over the till, or over a page that has keys of its own."""
        top = self.drawers.top()
        if top is not None and top.show_keys():
            return
        self.help.show_view(self._view, self.screen_of_till.wording())
        self.drawers.open(self.help)

    def show_queue(self) -> None:
        """Open the queue over the till."""
        self.drawers.open(self.queue)

    def print_claim(self) -> None:
        """Print the claim code of the sale just finished."""
        view = self._view
        if view.finished is None or view.receipt is None:
            return
        from cashier_app.wording.claims import claim_slip  # the first frame prints nothing
        from ui.printing import ask_for_printer
        from ui.slip_printing import print_slip

        wording = self.screen_of_till.wording()
        sale, practised = view.finished.sale, not self.training.isHidden()
        slip = claim_slip(sale, view.receipt, self.place.store, wording, training=practised)

        def chosen(printer: QPrinter) -> None:
            print_slip(slip, printer, printer.resolution())

        ask_for_printer(self, slip.title, chosen)

    def show_return(self) -> None:
        """Open the page of goods that come back: with the sale just made, if one was."""
        if self.drawers.takes_returns:
            finished = self._view.finished if self._view.step is Step.DONE else None
            self.drawers.returning.begin(finished.sale if finished else None)
            self.drawers.open(self.drawers.returning)

    def new_member(self, letter: str = "") -> None:
        """Open the form of a new member; where this window has none yet, a letter is typed as ever."""
        if self.enrolment is not None:
            self.enrolment.show(letter)
        elif letter.isascii() and letter:
            self._till.type_character(letter)

    def undo_last(self) -> None:
        """Do what F9 does: undo the last finished act, with its figures first."""
        if self.undo is not None:
            self.undo.press()
        else:
            self.take_switch_back()

    def take_switch_back(self) -> bool:
        """Serve whoever was served before the last switch, and say whether there was one."""
        return self._till.change_back()

    def another_member(self) -> None:
        """Do what F3 does: another member for this sale, or for the one just made."""
        if self.undo is None or not self.undo.move():
            self._till.another_member()

    def move_asked(self) -> None:
        """Ask for whom the sale was that was about to be undone."""
        if self.undo is not None:
            self.undo.another_member()

    def undo_sale(self, sale: Sale) -> None:
        """Ask about one of the last sales."""
        if self.undo is not None:
            self.undo.open_sale(sale)

    def show_menu(self) -> None:
        """Open the menu over the till."""
        self.drawers.open(self.drawers.menu)

    def _menu_entries(self) -> dict[Entry, Callable[[], None]]:
        from ui.menu import menu_entries  # the first frame has no menu

        return menu_entries(self)

    def _menu_facts(self) -> MenuFacts:
        from ui.menu import menu_facts

        return menu_facts(self)

    def show_devices(self) -> None:
        """Open the page of scanners, camera and sound over the till."""
        if self.devices is not None:
            self.drawers.open(self.drawers.devices_page(self.devices))

    def show_backend(self) -> None:
        """Open the page of the loyalty system over the till, for who may set up."""
        from cashier_app.domain.staff import Right  # the first frame has no pages

        self.ask_right(Right.SET_UP, self.open_backend)

    def open_backend(self) -> None:
        """Open the page of the loyalty system."""
        if self.backend is not None:
            self.drawers.open(self.drawers.backend_page(self.backend))

    def ask_passphrase(self) -> None:
        """Ask for the passphrase of the secrets, also over the lock; there the page goes once it is typed."""
        if self.backend is not None:
            page = self.drawers.backend_page(self.backend)
            page.only_unlocks = self.gate is not None and self.gate.covers()
            self.drawers.open(page, over_lock=True)

    def show_day(self) -> None:
        """Open the manager's day over the till, for who may see it."""
        if self.day is not None:
            self.day.show()

    def show_close_day(self) -> None:
        """Open the close of the day over the till, for who may see the figures; closing asks once more."""
        from cashier_app.domain.staff import Right  # the first frame has no pages

        closed_days = self.closed_days
        if closed_days is not None:
            self.ask_right(
                Right.SEE_FIGURES, lambda: self.drawers.open(self.drawers.close_day_page(closed_days))
            )

    def show_support(self) -> None:
        """Open the page that looks at this till and saves a file for support."""
        if self.support is not None:
            self.drawers.open(self.drawers.support_page(self.support))

    def show_staff(self) -> None:
        """Open the page of the staff over the till, for who may manage it."""
        from cashier_app.domain.staff import Right

        staff = self.staff
        if staff is not None:
            self.ask_right(
                Right.MANAGE_STAFF, lambda: self.drawers.open(self.drawers.staff_page(staff, self.gate))
            )

    def _undo_held(self) -> None:
        if self.undo is not None:
            self.undo.hold()

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
        words = None if self._asked_to_close else self._before_closing()
        if words is None:
            self._seconds.stop()
            if self.gate is not None:
                self.gate.end()
            if self.leaving is not None:
                self.leaving.close()
            event.accept()
            return
        event.ignore()
        self._asked_to_close = True
        action = words.action.full if words.action else ""
        self.closing.show_words(words.sentence.full, short=words.sentence.short, action=action)
        self._arrange()

    def _before_closing(self) -> ToastWords | None:
        """Return what is asked before the window closes, or None; in training no sale is missed."""
        wording, counts = self.screen_of_till.wording(), self._view.connection.counts
        if self.leaving is not None:
            return self.leaving.words(wording)
        return quit_words(counts, wording) if counts.waiting or counts.needs_attention else None

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
        if "closing" not in self.__dict__:
            return
        look = self.screen_of_till.look()
        high, side = self.closing.sizeHint().height(), look.metrics.side_margin
        width = min(self.width() - 2 * side, look.px(900))
        self.closing.setGeometry((self.width() - width) // 2, above.height() - high - side, width, high)

    def _take_look(self) -> None:
        look = self.screen_of_till.look()
        self.drawers.set_look(look)
        if self.gate is not None:
            self.gate.set_look(look)
        if "closing" in self.__dict__:
            self.closing.set_look(look)
        self.training.set_look(look)
        if self.foot is not None:
            self.foot.set_look(look)
        self._arrange()

    def _close_now(self) -> None:
        self._asked_to_close = True
        self.close()

    def _stay(self) -> None:
        self._asked_to_close = False

    def _connect(self) -> None:
        self.wedge.scanned.connect(self._scanned)
        self.wedge.overlong.connect(self._overlong)
        self.drawers.opened.connect(self.training.raise_)
        self.screen_of_till.camera_requested.connect(self.camera_requested)
        self.screen_of_till.paste_requested.connect(self.paste)
        self.screen_of_till.claim_print_requested.connect(self.print_claim)
        self.screen_of_till.queue_requested.connect(self.show_queue)
        self.screen_of_till.menu_requested.connect(self.show_menu)
        self.screen_of_till.undo_requested.connect(self.undo_last)
        self.screen_of_till.change_back_requested.connect(self.take_switch_back)
        self.screen_of_till.sale_picked.connect(self.undo_sale)
        self.router.undo_held.connect(self._undo_held)
        self.screen_of_till.new_member_requested.connect(self.new_member)
        self.screen_of_till.cashier_requested.connect(self.switch_cashier)
        self.screen_of_till.look_changed.connect(self._take_look)


def has_touch_screen() -> bool:
    """Return whether a touch screen is connected."""
    touch = QInputDevice.DeviceType.TouchScreen
    return any(device.type() == touch for device in QInputDevice.devices())
