"""Who may use the window now: the lock over it, PINs asked for, and pages somebody visits for a moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from cashier_app.domain.staff import Right, StaffMember
from cashier_app.ports.clock import Clock
from cashier_app.services.approval import Approval, ApprovalAsked, Matter
from cashier_app.services.desk_view import DeskStage, DeskView, Question, Trouble
from cashier_app.services.till_view import Step, TillView
from ui.key_words import Where
from ui.pin_prompt import PinPrompt
from ui.screens.till import Place

if TYPE_CHECKING:
    from PySide6.QtCore import QRect

    from cashier_app.wording import Sentence, Wording
    from ui.desk import Desk
    from ui.main_window import MainWindow
    from ui.screens.lock_screen import LockScreen
    from ui.screens.pin_dialog import PinDialog
    from ui.theme.look import Look

_MATTERS = {
    Right.SEE_FIGURES: Matter.FIGURES,
    Right.CLOSE_DAY: Matter.DAY_CLOSE,
    Right.SET_UP: Matter.SETTINGS,
    Right.MANAGE_STAFF: Matter.STAFF,
    Right.SETTLE: Matter.SETTLEMENT,
    Right.TAKE_RETURNS: Matter.REFUND,
    Right.TRAIN: Matter.TRAINING,
}
_SECOND_MS = 1000
REFUND_SECONDS = 6.0
"""How long a refund that was made stays on show before the till locks."""

Answered = Callable[[Approval | None], None]


class Gate(QObject):
    """Stands between the window and whoever presses: nothing passes while somebody must sign in.

    Args:
        window: What it locks.
        desk: Who is at the till.
        place: Whose till this is.
        clock: Times the moment in which Enter does nothing.
        expected: Whether somebody signed in here when the till was last used: then it is locked at once.
        told: PINs of the demo shop's people by their ids.
    """

    cashier_changed = Signal(object)  # the StaffMember who is at the till, None for nobody
    pin_failed = Signal()  # nothing could be checked: the till's secrets may be locked
    expectation = Signal(bool)  # whether somebody signs in here: to be remembered

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        *,
        place: Place,
        clock: Clock,
        training: bool = False,
        expected: bool = False,
        told: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(window)
        self.desk = desk
        self._window, self._place, self._clock = window, place, clock
        self._training, self._expected, self._told = training, expected, told or {}
        self._visitor: StaffMember | None = None
        self.prompt = PinPrompt(desk)
        self._view = desk.view
        self._covers = False
        self._refunded_at: float | None = None
        self._focus_before: QWidget | None = None
        self._seconds = QTimer(self)
        self._seconds.setInterval(_SECOND_MS)
        self._seconds.timeout.connect(self.tick)
        window.drawers.opened.connect(self._page_changed)
        window.drawers.left.connect(self._page_changed)

    def begin(self) -> None:
        """Follow the desk from now on; before the window is shown."""
        self.desk.subscribe(self._follow_desk)
        self._seconds.start()

    def end(self) -> None:
        """Look at the clock no more: the window closes, and nobody takes work any longer."""
        self._seconds.stop()

    @cached_property
    def lock(self) -> LockScreen:
        """Return the lock, made when it is first wanted."""
        from ui.screens.lock_screen import LockPlace, LockScreen

        window = self._window
        made = LockScreen(
            self._wording(),
            LockPlace(self._place.store, self._place.till, self._clock.now, self._training),
            window,
        )
        made.set_look(window.screen_of_till.look())
        made.setGeometry(window.above_foot())
        made.picked.connect(self.prompt.pick)
        made.typed.connect(self.prompt.type_digit)
        made.deleted.connect(self.desk.delete)
        made.confirmed.connect(self.prompt.enter)
        made.went_back.connect(self.prompt.back)
        made.lock_requested.connect(self.desk.lock)
        made.follow(window.view)
        return made

    @cached_property
    def dialog(self) -> PinDialog:
        """Return the question for a PIN over the till, made when it is first wanted."""
        from cashier_app.wording.staff import pages_names
        from ui.screens.pin_dialog import PinDialog

        made = PinDialog(self._clock, pages_names(self._wording()), self._window)
        made.set_look(self._window.screen_of_till.look())
        made.setGeometry(self._window.above_foot())
        made.picked.connect(self.prompt.pick)
        made.reason_picked.connect(self.prompt.pick_reason)
        made.typed.connect(self.prompt.type_digit)
        made.deleted.connect(self.desk.delete)
        made.confirmed.connect(self.prompt.enter)
        made.went_back.connect(self.prompt.back)
        return made

    # --- what the window asks ---------------------------------------------------------------------

    def covers(self) -> bool:
        """Return whether the lock is over everything."""
        return self._covers

    def on_top(self) -> LockScreen | PinDialog | None:
        """Return what of ours takes the keys, or None."""
        if self._covers:
            return self.lock if self._window.drawers.top() is None else None
        return self.dialog if self._asks() else None

    def where(self) -> Where | None:
        """Return what the keys mean, where that is ours to say."""
        if self._covers:
            return Where.LOCK if self._window.drawers.top() is None else None
        return Where.PIN if self._asks() else None

    def takes_scan(self, text: str) -> bool:
        """Take a scan while somebody is asked for a PIN: it may be their badge, and nothing else."""
        self.touched()
        if self.on_top() is None:
            return False
        self.desk.badge(text)
        return True

    def touched(self) -> None:
        """Note that somebody is there."""
        self.desk.touched()

    def follow(self, view: TillView) -> None:
        """Keep the lock's header up to date, and say whether a sale is behind it."""
        if self._covers:
            self.lock.follow(view)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        for part in self._made():
            part.set_look(look)

    def set_geometry(self, rect: QRect) -> None:
        """Cover the window, px."""
        for part in self._made():
            part.setGeometry(rect)

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        if "lock" in self.__dict__:
            self.lock.set_wording(wording)
        self._show(self._view)

    # --- rights -----------------------------------------------------------------------------------

    def may(self, right: Right) -> bool:
        """Say whether whoever is at the till, or visits the page on show, may do this."""
        return self.desk.view.may(right) or (self._visitor is not None and self._visitor.may(right))

    def acting(self) -> StaffMember | None:
        """Return who does what is done now: a visitor, else whoever is on duty; None without sign-in."""
        view = self.desk.view
        return self._visitor or (view.on_duty if view.stage is DeskStage.OPEN else None)

    def ask_right(self, right: Right, then: Callable[[], None], matter: Matter | None = None) -> None:
        """Go on if they may; else by the PIN of somebody who may, for the page that `then` opens only.

        The question is by the right, unless it is about something else that needs it.
        """
        if self.may(right):
            then()
            return
        asked = ApprovalAsked(right, matter or _MATTERS.get(right, Matter.SETTINGS))

        def answered(approval: Approval | None) -> None:
            if approval is None:
                return
            before = self._window.drawers.top()
            then()
            if self._window.drawers.top() not in {None, before}:
                self._visitor = self._member(approval.staff_id)
                self._page_changed()

        self.ask(asked, answered)

    @property
    def asks_pin(self) -> bool:
        """Say whether approvals come from PINs here, not from a typed name."""
        return self.desk.asks_pin

    def ask(self, asked: ApprovalAsked, answered: Answered) -> None:
        """Ask for the PIN of somebody who may allow this; where nobody can, say so and answer None."""
        if self.desk.view.stage is DeskStage.OPEN and not any(
            one.may(asked.right) for one in self.desk.people
        ):
            from cashier_app.wording.approvals import nobody_may

            self._remark(nobody_may(self._wording()))
        self.desk.ask(asked, answered)

    # --- changing who is at the till --------------------------------------------------------------

    def switch(self) -> None:
        """Do what F12 does: ask who takes over; asked already, lock."""
        view = self.desk.view
        if view.stage is not DeskStage.OPEN:
            return
        if view.prompt is not None and view.prompt.question is Question.SWITCH:
            self.desk.lock()
            return
        self.desk.switch()
        if self.desk.view.prompt is None:
            from cashier_app.wording.approvals import finish_payment_first

            self._remark(finish_payment_first(self._wording()))

    def turn_page(self, direction: int) -> None:
        """Show the people after (+1) or before (-1)."""
        top = self.on_top()
        if top is None:
            self._window.drawers.act(lambda drawer: drawer.turn_page(direction))
        else:
            top.turn_page(direction)

    def staff_changed(self, staff_id: str) -> None:
        """Read anew who works here; whoever it is has perhaps another PIN."""
        self.prompt.forget(staff_id)
        self.desk.start()

    def refunded(self, *, shown: bool) -> None:
        """Lock after money was given back: once that is no longer on show, or was for long enough."""
        if shown and self._refunded_at is None:
            self._refunded_at = self._clock.monotonic()
        elif not shown and self._refunded_at is not None:
            self._refunded_at = None
            self.desk.refunded()

    def tick(self) -> None:
        """Look at the clock: once a second."""
        if self._refunded_at is not None and self._clock.monotonic() - self._refunded_at >= REFUND_SECONDS:
            self.refunded(shown=False)
        self.desk.tick()

    # --- what the desk says -----------------------------------------------------------------------

    def _follow_desk(self, view: DeskView) -> None:
        before, self._view = self._view, view
        self.prompt.learn(before, view)
        self._remember(view)
        failed = view.prompt is not None and view.prompt.trouble is Trouble.FAILED
        if failed and (before.prompt is None or before.prompt.trouble is not Trouble.FAILED):
            self.pin_failed.emit()
        self.cashier_changed.emit(view.on_duty if view.stage is DeskStage.OPEN else None)
        self._cover(must_cover(view, expected=self._expected))
        self._show(view)
        if not self._covers and self._asks():
            if self.dialog.isHidden():
                self._focus_before = QApplication.focusWidget()
            self.dialog.open_dialog()
            self._window.training.raise_()
            self._window.screen_of_till.set_covered(True)
        elif "dialog" in self.__dict__ and not self._asks() and not self.dialog.isHidden():
            self.dialog.hide()
            if not self._covers:
                self._give_focus_back()

    def _remember(self, view: DeskView) -> None:
        if view.stage is DeskStage.STARTING:
            return
        signs_in = view.stage is not DeskStage.OFF
        if signs_in is not self._expected:
            self._expected = signs_in
            self.expectation.emit(signs_in)

    def _cover(self, covers: bool) -> None:  # noqa: FBT001 - a fact
        if covers is self._covers:
            return
        self._covers = covers
        window = self._window
        if covers:
            self._visitor = None
            window.drawers.go_behind_lock()
            window.screen_of_till.set_covered(True)
            window.screen_of_till.hide()  # not even a screen reader finds what is behind
            self.lock.follow(window.view)
            self.lock.show()
            self.lock.raise_()
            window.training.raise_()
        else:
            self.lock.hide()
            window.screen_of_till.show()
            window.drawers.come_back()
            self._give_focus_back()

    def _show(self, view: DeskView) -> None:
        if self._covers:
            from cashier_app.wording.staff import lock_words

            behind = has_sale(self._window.view)
            self.lock.show_words(lock_words(view, self._wording(), sale_behind=behind, told=self._told))
        elif view.prompt is not None and self._asks():
            from cashier_app.wording.approvals import approval_words

            self.dialog.show_words(approval_words(view, self._wording(), told=self._told))

    def _give_focus_back(self) -> None:
        before, self._focus_before = self._focus_before, None
        drawer = self._window.drawers.top()
        if drawer is None:
            self._window.screen_of_till.set_covered(False)
        elif before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            drawer.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _page_changed(self) -> None:
        drawer = self._window.drawers.top()
        if self._covers:
            self.lock.go_under(drawer is not None)
        if drawer is None or not drawer.for_managers:
            self._visitor = None
        self.desk.show_manager_page(shown=drawer is not None and drawer.for_managers)

    def _asks(self) -> bool:
        prompt = self._view.prompt
        return prompt is not None and prompt.question is Question.APPROVAL

    def _remark(self, said: Sentence) -> None:
        self._window.screen_of_till.who.remark(said)

    def _member(self, staff_id: str) -> StaffMember | None:
        return next((one for one in self.desk.people if one.staff_id == staff_id), None)

    def _made(self) -> list[LockScreen | PinDialog]:
        return [self.__dict__[name] for name in ("lock", "dialog") if name in self.__dict__]

    def _wording(self) -> Wording:
        return self._window.screen_of_till.wording()


def has_sale(view: TillView) -> bool:
    """Say whether a sale is under way that goes on when the lock has gone."""
    return view.step not in {Step.IDLE, Step.DONE, Step.PROBLEM} or bool(view.bill.money)


def must_cover(view: DeskView, *, expected: bool) -> bool:
    """Return whether the lock is over everything; it is expected where somebody signed in here before."""
    match view.stage:
        case DeskStage.LOCKED:
            return True
        case DeskStage.STARTING:
            return expected or bool(view.sentence)
        case DeskStage.OPEN:
            return view.prompt is not None and view.prompt.question is Question.SWITCH
        case DeskStage.OFF:
            return False
