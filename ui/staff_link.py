"""Who is at the till, joined to the session and the window: begun at once where somebody must sign in."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from cashier_app.services.till_view import Step

if TYPE_CHECKING:
    from cashier_app.bootstrap import Till
    from cashier_app.ports.runner import Runner
    from cashier_app.services.approval import Approval, ApprovalAsked
    from cashier_app.services.return_session import ReturnSession
    from cashier_app.services.return_view import ReturnView
    from cashier_app.services.till_session import TillSession
    from ui.gate import Gate
    from ui.main_window import MainWindow

logger = logging.getLogger(__name__)


class StaffLink:
    """Makes session, gate and returns know of each other. All of it on the UI thread.

    Where nobody signed in when the till was last used, the desk is made behind the first frame.

    Args:
        told: PINs of the demo shop's people by their ids.
    """

    def __init__(
        self, till: Till, runner: Runner, told: Callable[[], Mapping[str, str]] | None = None
    ) -> None:
        self._till, self._runner, self._told = till, runner, told
        self.expected = till.preferences.read().signs_in and not till.staff.on_duty
        self.session: TillSession = till.new_session(runner, self)
        self.gate: Gate | None = None

    # --- what the session asks --------------------------------------------------------------------

    @property
    def asks_pin(self) -> bool:
        """Say whether approvals come from PINs here, not from a typed name."""
        return self.gate is not None and self.gate.asks_pin

    def ask(self, asked: ApprovalAsked, answered: Callable[[Approval | None], None]) -> None:
        """Ask somebody with the right to allow something."""
        if self.gate is None:
            answered(None)
        else:
            self.gate.ask(asked, answered)

    # --- what the program asks --------------------------------------------------------------------

    def stand_before(self, window: MainWindow, *, training: bool = False) -> None:
        """Put the gate before the window; it is locked at once where somebody is expected to sign in."""
        from ui.gate import Gate

        session = self.session
        desk = self._till.new_desk(self._runner, lambda: session.view.step is Step.PAY or session.view.busy)
        self.gate = window.gate = Gate(
            window,
            desk,
            place=window.place,
            clock=self._till.clock,
            training=training,
            expected=self.expected,
            told=self._told() if self._told is not None else None,
        )
        self.gate.cashier_changed.connect(session.set_cashier)
        self.gate.expectation.connect(self._remember)
        self.gate.begin()

    def start(self) -> None:
        """Read who works here."""
        if self.gate is not None:
            self.gate.desk.start()

    def new_return(self) -> ReturnSession:
        """Return what takes goods back; the till locks once money was given back."""
        made = self._till.new_return(self._runner, self.staff_id)
        # After the page: one that is left is closed before the lock comes.
        self._runner.post(lambda: made.subscribe(self._follow_return))
        return made

    def staff_id(self) -> str:
        """Return who is at the till; empty where nobody signs in."""
        return self.gate.desk.view.staff_id if self.gate is not None else ""

    def _follow_return(self, view: ReturnView) -> None:
        from cashier_app.services.last_act import ActDone, LastAct  # the first frame has no returns
        from cashier_app.services.return_view import ReturnStep

        if view.done_at is not None:
            self._till.acts.note(LastAct(ActDone.RETURNED, view.done_at))
        if self.gate is not None:
            self.gate.refunded(shown=view.step is ReturnStep.DONE and not view.closed)

    def money_given_back(self) -> None:
        """Lock the till soon: a sale was undone."""
        if self.gate is not None:
            self.gate.refunded(shown=True)

    def _remember(self, signs_in: bool) -> None:  # noqa: FBT001 - of a signal
        keep = self._till.preferences.choose(signs_in=signs_in)
        self._runner.run(keep, lambda _: None, _not_kept)


def _not_kept(error: BaseException) -> None:
    logger.error("the preferences failed", exc_info=error)
