"""Practice material in the window: passes, phone and the printed sheet, each opened when first wanted."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cashier_app.practice_opening import PracticeMaterial, lesson_members, practice_wording
from cashier_app.wording.practice_pass import passes_words
from ui.printing import ask_for_printer
from ui.training.passes import PassesWindow
from ui.training.phone import PhoneWindow
from ui.training.sheet_printing import print_practice

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from cashier_app.domain.lesson import HoldUp
    from cashier_app.ports.clock import Clock
    from cashier_app.ports.runner import Runner
    from cashier_app.wording import Wording
    from cashier_app.wording.practice_sheet import PracticeSheet
    from ui.main_window import MainWindow

logger = logging.getLogger(__name__)


class MaterialDesk(QObject):
    """What a trainee holds up, beside the till's window and in its colours.

    Args:
        window: The practice till's; the windows close with it.
        runner: Members are read and codes drawn there.
        clock: Makes rotating codes old; the one the practice shop goes by.
    """

    def __init__(self, window: MainWindow, runner: Runner, clock: Clock) -> None:
        super().__init__(window)
        self._window, self._runner, self._clock = window, runner, clock
        self._opened: list[PassesWindow | PhoneWindow] = []
        window.view_shown.connect(self._follow)

    @cached_property
    def passes(self) -> PassesWindow:
        """Return the window of passes, not yet shown."""
        made = PassesWindow(self._material, self._wording, self._window.place.store, self._runner)
        made.print_wanted.connect(self.print_sheet)
        made.phone_wanted.connect(self._phone_of)
        self._opened.append(made)
        return made

    @cached_property
    def phone(self) -> PhoneWindow:
        """Return the practice phone, not yet shown."""
        made = PhoneWindow(self._material, self._wording, self._window.place.store, self._runner, self._clock)
        self._opened.append(made)
        return made

    def open_passes(self) -> None:
        """Show the window of passes."""
        self._dress(self.passes)
        self.passes.open_beside()

    def hold_up(self, held_up: HoldUp, text: str = "") -> None:
        """Show a code on the practice phone; see `ui.training.holding_up`."""
        self._dress(self.phone)
        self.phone.hold_up(held_up, text)

    def put_away(self) -> None:
        """Close the practice phone."""
        if "phone" in self.__dict__:
            self.phone.put_away()

    def close(self) -> None:
        """Close everything that was opened."""
        for opened in self._opened:
            opened.close()
            opened.deleteLater()
        self._opened.clear()

    def print_sheet(self) -> None:
        """Ask for a printer, and print the passes of the lessons' members."""

        def ask(sheet: PracticeSheet) -> None:
            def send(printer: QPrinter) -> None:
                print_practice(sheet, printer, printer.resolution())

            ask_for_printer(self.passes, passes_words(self._wording).title, send)

        material, wording, store = self._material, self._wording, self._window.place.store

        def made() -> PracticeSheet:
            return material.sheet(practice_wording(wording, material), store, self._clock.now())

        self._runner.run(made, ask, _not_made)

    @cached_property
    def _material(self) -> PracticeMaterial:
        return PracticeMaterial(lesson_members)

    @property
    def _wording(self) -> Wording:
        # The till learns what its points are called with the first answer; the practice shop's are known.
        return self._window.screen_of_till.wording()

    def _dress(self, opened: PassesWindow | PhoneWindow) -> None:
        opened.stay_over(self._window, self._window.above_foot)
        opened.set_look(self._window.screen_of_till.look())

    def _follow(self, _: object) -> None:
        look = self._window.screen_of_till.look()
        for opened in self._opened:
            if opened.isVisible() and opened.look() != look:
                opened.set_look(look)

    def _phone_of(self, member_id: str) -> None:
        from cashier_app.domain.lesson import Code, HoldUp

        self.hold_up(HoldUp(member_id, Code.FRESH))


def _not_made(error: BaseException) -> None:
    logger.error("the practice sheet cannot be printed", exc_info=error)
