"""The ways from the till to whatever may lie over it, and who may go there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cashier_app.domain.staff import Right
from cashier_app.services.till_view import Step
from ui.till import Till

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from cashier_app.domain.sale import Sale
    from cashier_app.wording.menu import Entry, MenuFacts
    from ui.backend_setup import BackendSetup
    from ui.closing import Closing
    from ui.day_entry import DayEntry
    from ui.devices import Devices
    from ui.enrolling import EnrolEntry
    from ui.main_window import MainWindow
    from ui.staff_setup import StaffSetup
    from ui.support import Support
    from ui.undoing import UndoEntry


class WaysToPages:
    """Opens pages for keys, the menu, the header and other pages.

    What a page works with is given behind the first frame; a way without it leads nowhere.

    Args:
        window: What the pages lie over.
        till: Does what a key means where the page for it is not there yet.
    """

    def __init__(self, window: MainWindow, till: Till) -> None:
        self._window, self._till = window, till
        self.devices: Devices | None = None
        self.backend: BackendSetup | None = None
        self.staff: StaffSetup | None = None
        self.support: Support | None = None
        self.day: DayEntry | None = None
        self.closed_days: Closing | None = None
        self.enrolment: EnrolEntry | None = None
        self.undo: UndoEntry | None = None

    # --- for everybody ----------------------------------------------------------------------------

    def show_help(self) -> None:
        """Open the help over the till, or over a page that has keys of its own."""
        window = self._window
        top = window.drawers.top()
        if top is not None and top.show_keys():
            return
        window.help.show_view(window.view, window.screen_of_till.wording())
        window.drawers.open(window.help)

    def show_queue(self) -> None:
        """Open the queue over the till."""
        self._window.drawers.open(self._window.queue)

    def show_menu(self) -> None:
        """Open the menu over the till."""
        self._window.drawers.open(self._window.drawers.menu)

    def menu_entries(self) -> dict[Entry, Callable[[], None]]:
        """Return what the menu holds now, and what each entry does."""
        from ui.menu import menu_entries  # the first frame has no menu

        return menu_entries(self._window)

    def menu_facts(self) -> MenuFacts:
        """Return what the switches of the menu say now."""
        from ui.menu import menu_facts

        return menu_facts(self._window)

    def show_return(self) -> None:
        """Open the page of goods that come back: with the sale just made, if one was."""
        drawers, view = self._window.drawers, self._window.view
        if drawers.takes_returns:
            finished = view.finished if view.step is Step.DONE else None
            drawers.returning.begin(finished.sale if finished else None)
            drawers.open(drawers.returning)

    def print_claim(self) -> None:
        """Print the claim code of the sale just finished."""
        window, view = self._window, self._window.view
        if view.finished is None or view.receipt is None:
            return
        from cashier_app.wording.claims import claim_slip  # the first frame prints nothing
        from ui.printing import ask_for_printer
        from ui.slip_printing import print_slip

        wording = window.screen_of_till.wording()
        sale, practised = view.finished.sale, not window.training.isHidden()
        slip = claim_slip(sale, view.receipt, window.place.store, wording, training=practised)

        def chosen(printer: QPrinter) -> None:
            print_slip(slip, printer, printer.resolution())

        ask_for_printer(window, slip.title, chosen)

    def new_member(self, letter: str = "") -> None:
        """Open the form of a new member; where this window has none yet, a letter is typed as ever."""
        if self.enrolment is not None:
            self.enrolment.show(letter)
        elif letter.isascii() and letter:
            self._till.type_character(letter)

    def show_devices(self) -> None:
        """Open the page of scanners, camera and sound over the till."""
        if self.devices is not None:
            self._window.drawers.open(self._window.drawers.devices_page(self.devices))

    def show_support(self) -> None:
        """Open the page that looks at this till and saves a file for support."""
        if self.support is not None:
            self._window.drawers.open(self._window.drawers.support_page(self.support))

    def show_licences(self) -> None:
        """Open the page of what the program is made of, and under which licences."""
        self._window.drawers.open(self._window.drawers.licences_page())

    # --- undoing ----------------------------------------------------------------------------------

    def undo_last(self) -> None:
        """Do what F9 does: undo the last finished act, with its figures first."""
        if self.undo is not None:
            self.undo.press()
        else:
            self.take_switch_back()

    def undo_held(self) -> None:
        """Do what F9 held down does."""
        if self.undo is not None:
            self.undo.hold()

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

    # --- for who may ------------------------------------------------------------------------------

    def show_backend(self) -> None:
        """Open the page of the loyalty system over the till, for who may set up."""
        self._window.ask_right(Right.SET_UP, self._open_backend)

    def ask_passphrase(self) -> None:
        """Ask for the passphrase of the secrets, also over the lock; there the page goes once it is typed."""
        if self.backend is not None:
            window = self._window
            page = window.drawers.backend_page(self.backend)
            page.only_unlocks = window.gate is not None and window.gate.covers()
            window.drawers.open(page, over_lock=True)

    def show_day(self) -> None:
        """Open the manager's day over the till, for who may see it."""
        if self.day is not None:
            self.day.show()

    def show_close_day(self) -> None:
        """Open the close of the day over the till, for who may see the figures; closing asks once more."""
        drawers, closed_days = self._window.drawers, self.closed_days
        if closed_days is not None:
            self._window.ask_right(
                Right.SEE_FIGURES, lambda: drawers.open(drawers.close_day_page(closed_days))
            )

    def show_staff(self) -> None:
        """Open the page of the staff over the till, for who may manage it."""
        window, staff = self._window, self.staff
        if staff is not None:
            window.ask_right(
                Right.MANAGE_STAFF,
                lambda: window.drawers.open(window.drawers.staff_page(staff, window.gate)),
            )

    def _open_backend(self) -> None:
        if self.backend is not None:
            self._window.drawers.open(self._window.drawers.backend_page(self.backend))
