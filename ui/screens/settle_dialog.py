"""Settling by hand: what is true, who says so, why; and once more, because it cannot be undone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.domain.sale import Effect, Sale
from cashier_app.domain.settlement import (
    SettlementProblem,
    Truth,
    one_line,
    problem_with,
)
from cashier_app.domain.staff import Right
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.runner import Runner
from cashier_app.services.approval import Approval, ApprovalAsked, Approvals, Matter, TypedNames
from cashier_app.wording import Wording
from cashier_app.wording.queue_effects import effect_words
from cashier_app.wording.settling import (
    confirm_words,
    manager_by_pin,
    scan_not_used,
    settle_words,
    settlement_problem,
    truth_wanted,
)
from ui.accessibility import announce, install_roles
from ui.screens.settle_parts import SettleParts
from ui.tab_round import tab_round
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.painting import draw_frame, painting

DEAD_SECONDS = 0.4
"""Enter does nothing for so long after a page has come: it was meant for what was there before."""

_RADIUS = 18
_DIGITS = {Qt.Key.Key_1: Truth.TOOK_HOLD, Qt.Key.Key_2: Truth.NOT_BOOKED}

Settle = Callable[[str, Truth, str, str], None]
"""Settles a key as a truth, by a name, for a reason; blocking, raises `KnownError`."""


class SettleDialog(QWidget):
    """Covers what it is about. Two pages: the form, and the question what is changed for good.

    Args:
        settle: What is done at the end; called on a worker.
        clock: Times the moment in which Enter does nothing.
        approvals: Where people sign in, the PIN of somebody who may; a typed name when not given.
    """

    accessible_role = QAccessible.Role.Dialog
    settled = Signal(str)  # the sale's id
    closed = Signal()

    def __init__(
        self,
        settle: Settle,
        wording: Wording,
        *,
        runner: Runner,
        clock: Clock,
        approvals: Approvals | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        install_roles()
        self._settle, self._wording, self._runner, self._clock = settle, wording, runner, clock
        self._approvals = approvals or TypedNames()
        self._look = DEFAULT_LOOK
        self._subject: tuple[Sale, Effect] | None = None
        self._truth: Truth | None = None
        self._working = False
        self._awake_at = 0.0
        self._last_by = ""
        self.parts = parts = SettleParts(self, by_name=lambda: not self._approvals.asks_pin)
        self.by, self.reason, self.note = parts.by, parts.reason, parts.note
        self.truths, self.keep, self.go_on = parts.truths, parts.keep, parts.go_on
        for truth, button in self.truths.items():
            button.clicked.connect(lambda _=False, truth=truth: self.choose(truth))
        self.keep.clicked.connect(self.back)
        self.go_on.clicked.connect(self.confirm)
        self.hide()

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice, from the next opening on."""
        self._wording = wording

    def open_for(self, sale: Sale, effect: Effect) -> None:
        """Ask about one effect of a sale. The name typed last is kept, so that it is typed once."""
        self._subject, self._truth = (sale, effect), None
        self._working = False
        self.by.setText(self._last_by)
        self.reason.clear()
        self._show_form("")
        self.show()
        self.raise_()
        self.truths[Truth.TOOK_HOLD].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def confirms(self) -> bool:
        """Return whether the second page is shown."""
        return self.parts.confirms

    # --- what is pressed --------------------------------------------------------------------------

    def choose(self, truth: Truth) -> None:
        """Take one of the two, and go to the first field that is empty."""
        self._truth = truth
        self._show_form("")
        target = self.reason if self._by() else self.by
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def confirm(self) -> None:
        """Do what Enter does: the next field, the second page, and then the deed."""
        if self._working or self._clock.monotonic() < self._awake_at:
            return
        if self.parts.confirms:
            self._do_it()
            return
        by, reason = self._by(), one_line(self.reason.text())
        if self._truth is None:
            self._show_form(truth_wanted(self._wording).full)
            self.truths[Truth.TOOK_HOLD].setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        problem = problem_with(by, reason)
        if problem is None:
            self._ask()
        else:
            self._point_out(problem)

    def back(self) -> None:
        """Do what Esc does: back to the form, or away. What is being written cannot be called back."""
        if self._working:
            return
        if self.parts.confirms:
            self._show_form("")
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.hide()
        self.closed.emit()

    def say_scan_not_used(self) -> None:
        """Say that a scan did nothing."""
        self._say(scan_not_used(self._wording).full, "amber_text")
        announce(self, scan_not_used(self._wording).full, assertive=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take 1 and 2 where no text is typed."""
        truth = _DIGITS.get(Qt.Key(event.key())) if event.key() in {int(key) for key in _DIGITS} else None
        if truth is not None and not self.parts.confirms:
            self.choose(truth)
            return
        event.accept()  # nothing typed here reaches what lies behind

    # --- the two pages ----------------------------------------------------------------------------

    def _show_form(self, problem: str) -> None:
        if self._subject is None:
            return
        sale, effect = self._subject
        words = settle_words(sale, effect_words(effect, self._wording), self._wording, self._clock.now())
        self.setAccessibleName(words.title.full)
        self.parts.show_form(words, self._truth)
        self._say(problem or words.reason_hint.full, "red_text" if problem else "ink2")
        self._wait_a_moment()
        self.arrange()

    def _ask(self) -> None:
        if self._subject is None or self._truth is None:
            return
        sale, effect = self._subject
        words = confirm_words(
            sale,
            effect_words(effect, self._wording),
            self._truth,
            self._by(),
            one_line(self.reason.text()),
            self._wording,
            self._clock.now(),
        )
        self.setAccessibleName(words.title.full)
        self.parts.show_question(words)
        self._say(words.warning.full, "ink2")
        self._wait_a_moment()
        self.arrange()
        self.keep.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, f"{words.title.full} {words.warning.full}", assertive=True)

    def _point_out(self, problem: SettlementProblem) -> None:
        about_name = problem in {SettlementProblem.NO_NAME, SettlementProblem.NAME_TOO_LONG}
        field = self.by if about_name else self.reason
        # Enter in the name leads to the reason: nothing is wrong yet.
        new = field is self.reason and self.by.hasFocus()
        self._show_form("" if new else settlement_problem(problem, self._wording).full)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._awake_at = 0.0

    def _do_it(self) -> None:
        if self._subject is None or self._truth is None:
            return
        key = self._subject[1].key
        if self._approvals.asks_pin:
            asked = ApprovalAsked(Right.SETTLE, Matter.SETTLEMENT, subject=key)
            self._approvals.ask(asked, lambda approval: self._allowed(key, approval))
        else:
            self._write(key, self._by())

    def _allowed(self, key: str, approval: Approval | None) -> None:
        still_asked = self._subject is not None and self._subject[1].key == key and self.parts.confirms
        if approval is not None and still_asked and not self.isHidden():
            self._write(key, approval.by)

    def _write(self, key: str, by: str) -> None:
        truth, reason = self._truth, one_line(self.reason.text())
        if truth is None:
            return
        self._working = True
        self.go_on.setEnabled(False)
        self._runner.run(lambda: self._settle(key, truth, by, reason), lambda _: self._done(), self._failed)

    def _done(self) -> None:
        self._working = False
        self.go_on.setEnabled(True)
        self._last_by = self.by.text()
        self.hide()
        self.closed.emit()
        if self._subject is not None:
            self.settled.emit(self._subject[0].sale_id)

    def _failed(self, error: BaseException) -> None:
        self._working = False
        self.go_on.setEnabled(True)
        if not isinstance(error, KnownError):
            raise error
        self._say(error.sentence, "red_text")
        announce(self, error.sentence, assertive=True)

    def _by(self) -> str:
        """Return who settles it, or what stands for them until they type their PIN."""
        if self._approvals.asks_pin:
            return manager_by_pin(self._wording).full
        return one_line(self.by.text())

    def _say(self, words: str, colour: str) -> None:
        self.note.set_text(words)
        self.note.set_colour(colour)
        self.arrange()

    def _wait_a_moment(self) -> None:
        self._awake_at = self._clock.monotonic() + DEAD_SECONDS

    # --- places -----------------------------------------------------------------------------------

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self.parts.set_look(look)
        self.arrange()

    def focusNextPrevChild(self, next_one: bool) -> bool:  # noqa: FBT001, N802 - Qt's signature
        """Send Tab round inside the dialog."""
        return tab_round(self.parts.stops(), forwards=next_one)  # none while it is being hidden

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let no press through: a question is answered, not clicked away."""
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self.arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint scrim and card."""
        look = self._look
        with painting(self) as painter:
            painter.fillRect(self.rect(), look.colour("scrim"))
            draw_frame(painter, QRectF(self.parts.card()), look.px(_RADIUS), fill=look.colour("surface"))

    def arrange(self) -> None:
        """Put every part of this page in its place."""
        self.parts.arrange()
        self.update()
