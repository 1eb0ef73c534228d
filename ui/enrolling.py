"""The way to a new member: from where it may begin, and what comes back to the till."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer

from cashier_app.services.till_view import Step, TillView

if TYPE_CHECKING:
    from cashier_app.domain.enrolment import EnrolmentField
    from cashier_app.ports.capabilities import Capabilities
    from cashier_app.services.enrol_steps import Begun
    from cashier_app.services.enrol_view import EnrolView
    from ui.main_window import MainWindow
    from ui.screens.enrol_screen import EnrolScreen

_SECOND_MS = 1000
_REMARK_MS = 4000
_SERVING = frozenset({Step.LOOKING_UP, Step.BILL, Step.REWARD, Step.PAY})


class EnrolPlace(Struct, frozen=True):
    """Where customers join.

    Args:
        region: ISO 3166 letters by which typed phone numbers are grouped.
        locale: Which scripts there are keys for.
        now: The time of day, UTC.
        keypad: Whether the keypad is shown and not the list of keys: then letters have keys too.
    """

    store: str
    till: str
    region: str
    locale: str
    now: Callable[[], datetime]
    keypad: Callable[[], bool]
    training: bool = False


class Enrolling(Protocol):
    """What makes customers members, as the window knows it. All methods belong to the UI thread."""

    @property
    def view(self) -> EnrolView:
        """Return the snapshot on show."""

    def subscribe(self, listener: Callable[[EnrolView], None]) -> None:
        """Call the listener with this snapshot now and with every new one."""

    def begin(self, begun: Begun, can: Capabilities, points: str) -> None:
        """Start anew with what the till knows."""

    def come_back(self) -> None:
        """Show the form again that a scan put aside."""

    def drop(self) -> None:
        """Forget everything that was typed."""

    def tick(self) -> None:
        """Look at the clock: once a second."""

    def type(self, character: str) -> None:
        """Take one character for the phone number."""

    def delete(self) -> None:
        """Take the last character of the phone number back."""

    def put(self, field: EnrolmentField, text: str) -> None:
        """Take what stands in a text field now."""

    def go_to(self, field: EnrolmentField) -> None:
        """Let the keys go to a field."""

    def next_language(self) -> None:
        """Ask the customer in another language."""

    def read_terms(self) -> None:
        """Show the whole terms, or put them away."""

    def confirm(self) -> None:
        """Do what Enter does."""

    def back(self) -> None:
        """Do what Esc does."""

    def hush(self) -> None:
        """Take the remark away."""

    def scan(self, text: str) -> None:
        """Take the text a device read."""


class EnrolEntry(QObject):
    """Opens the form over the till, and again when a card that a scan opened over it is left.

    Args:
        window: What it covers.
        enrolling: Makes customers members.
    """

    def __init__(self, window: MainWindow, enrolling: Enrolling) -> None:
        super().__init__(window)
        self._window, self._enrolling = window, enrolling
        self._seconds = QTimer(self)
        self._seconds.setInterval(_SECOND_MS)
        self._seconds.timeout.connect(self.tick)
        window.view_shown.connect(self._follow)
        window.screen_of_till.take_new_members()

    @property
    def enrolling(self) -> Enrolling:
        """Return what makes customers members."""
        return self._enrolling

    @property
    def screen(self) -> EnrolScreen:
        """Return the form's screen, made when it is first wanted."""
        return self._window.drawers.enrol_screen(self._enrolling)

    def show(self, letter: str = "") -> None:
        """Open the form with what the till knows; say why where it cannot be."""
        from cashier_app.services.enrol_steps import begun_from, can_enrol, may_enrol_now
        from cashier_app.wording.enrol import not_here, not_now

        window = self._window
        view, screen = window.view, window.screen_of_till
        if not can_enrol(view) or view.can is None:
            screen.who.remark(not_here(screen.wording()), life_ms=_REMARK_MS)
        elif not may_enrol_now(view):
            screen.who.remark(not_now(screen.wording()), life_ms=_REMARK_MS)
        elif window.drawers.top() is not self.screen:
            self._enrolling.begin(begun_from(view, letter), view.can, screen.wording().points_name)
            self._open()

    def tick(self) -> None:
        """Look at the clock."""
        self._enrolling.tick()
        view = self._enrolling.view
        if view.closed and not view.kept:
            self._seconds.stop()

    def _open(self) -> None:
        self._window.drawers.open(self.screen)
        self._seconds.start()

    def _follow(self, view: TillView) -> None:
        """Show the form again once the card that a scan opened over it is left without a sale."""
        if not self._enrolling.view.kept or view.step in _SERVING:
            return
        if view.step is Step.IDLE and self._window.drawers.top() is None:
            self._enrolling.come_back()
            self._open()
        else:
            self._enrolling.drop()
