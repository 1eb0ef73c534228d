"""Settling by hand: what is true, who says so, why; and once more, because it cannot be undone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from cashier_app.domain.sale import Effect, Sale
from cashier_app.domain.settlement import (
    LONGEST_NAME,
    LONGEST_REASON,
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
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.painting import draw_frame, painting
from ui.theme.typography import MEDIUM, SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.text import ElidedLabel, PlainLabel

DEAD_SECONDS = 0.4
"""Enter does nothing for so long after a page has come: it was meant for what was there before."""

_WIDTH, _RADIUS, _FIELD = 520, 18, 52
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
        self._confirming = self._working = False
        self._awake_at = 0.0
        self._last_by = ""
        self.title = ElidedLabel(role="title_large", weight=SEMIBOLD, parent=self)
        self.about = ElidedLabel(role="body", colour="ink2", parent=self)
        self.effect = ElidedLabel(role="body_large", weight=SEMIBOLD, parent=self)
        self._question = ElidedLabel(role="body", colour="ink2", parent=self)
        self.truths = {truth: self._choice(truth, key) for key, truth in zip("12", Truth, strict=True)}
        self._by_label = ElidedLabel(role="body", colour="ink2", parent=self)
        self.by = self._edit(LONGEST_NAME)
        self._reason_label = ElidedLabel(role="body", colour="ink2", parent=self)
        self.reason = self._edit(LONGEST_REASON)
        self.note = PlainLabel(role="body", colour="ink2", wrap=True, parent=self)
        self._lines = [
            (
                ElidedLabel(role="body_large", parent=self),
                PlainLabel(role="body_large", weight=MEDIUM, wrap=True, parent=self),
            )
            for _ in range(3)
        ]
        self.keep = ActionButton(kind=ButtonKind.SECONDARY, key="Esc", parent=self)
        self.go_on = ActionButton(kind=ButtonKind.PRIMARY, key="Enter", parent=self)
        self.keep.clicked.connect(self.back)
        self.go_on.clicked.connect(self.confirm)
        self.hide()

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice, from the next opening on."""
        self._wording = wording

    def open_for(self, sale: Sale, effect: Effect) -> None:
        """Ask about one effect of a sale. The name typed last is kept, so that it is typed once."""
        self._subject, self._truth = (sale, effect), None
        self._confirming = self._working = False
        self.by.setText(self._last_by)
        self.reason.clear()
        self._show_form("")
        self.show()
        self.raise_()
        self.truths[Truth.TOOK_HOLD].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def confirms(self) -> bool:
        """Return whether the second page is shown."""
        return self._confirming

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
        if self._confirming:
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
        if self._confirming:
            self._confirming = False
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
        if truth is not None and not self._confirming:
            self.choose(truth)
            return
        event.accept()  # nothing typed here reaches what lies behind

    # --- the two pages ----------------------------------------------------------------------------

    def _show_form(self, problem: str) -> None:
        if self._subject is None:
            return
        sale, effect = self._subject
        words = settle_words(sale, effect_words(effect, self._wording), self._wording, self._clock.now())
        self.title.set_text(words.title.full)
        self.setAccessibleName(words.title.full)
        self.about.set_text(words.about.full, words.about.short)
        self.effect.set_text(words.effect.full)
        self._question.set_text(words.question.full)
        for truth, label in ((Truth.TOOK_HOLD, words.took_hold), (Truth.NOT_BOOKED, words.not_booked)):
            self.truths[truth].set_words(label.full, label.short)
            self.truths[truth].set_selected(truth is self._truth)
        self._by_label.set_text(words.by.full)
        self.by.setAccessibleName(words.by.full)
        self._reason_label.set_text(words.reason.full)
        self.reason.setAccessibleName(words.reason.full)
        self.reason.setAccessibleDescription(words.reason_hint.full)
        self.keep.set_words(words.cancel.full)
        self.go_on.set_words(words.go_on.full, words.go_on.short)
        self.go_on.set_kind(ButtonKind.PRIMARY)
        self._say(problem or words.reason_hint.full, "red_text" if problem else "ink2")
        self._wait_a_moment()
        self.arrange()

    def _ask(self) -> None:
        if self._subject is None or self._truth is None:
            return
        self._confirming = True
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
        self.title.set_text(words.title.full)
        self.setAccessibleName(words.title.full)
        self.about.set_text(words.about.full, words.about.short)
        for (left, right), (what, value) in zip(self._lines, words.lines, strict=True):
            left.set_text(what.full, what.short)
            right.set_text(value.full)
        self.keep.set_words(words.keep.full)
        self.go_on.set_words(words.settle.full, words.settle.short)
        self.go_on.set_kind(ButtonKind.DANGER)
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
        still_asked = self._subject is not None and self._subject[1].key == key and self._confirming
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
        for edit in (self.by, self.reason):
            edit.setFont(look.font("body_large", MEDIUM))
        self.arrange()

    def focusNextPrevChild(self, next_one: bool) -> bool:  # noqa: FBT001, N802 - Qt's signature
        """Send Tab round inside the dialog."""
        stops = [
            stop
            for stop in (*self.truths.values(), self.by, self.reason, self.keep, self.go_on)
            if stop.isVisible() and stop.isEnabled()
        ]
        if not stops:
            return False  # it is being hidden
        here = next((at for at, stop in enumerate(stops) if stop.hasFocus()), -1)
        reason = Qt.FocusReason.TabFocusReason if next_one else Qt.FocusReason.BacktabFocusReason
        stops[(here + (1 if next_one else -1)) % len(stops)].setFocus(reason)
        return True

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
            draw_frame(painter, QRectF(self._card()), look.px(_RADIUS), fill=look.colour("surface"))

    def _card(self) -> QRect:
        px = self._look.px
        width = min(px(_WIDTH), self.width() - 2 * px(16))
        height = min(self._content_height(width - 2 * px(28)) + 2 * self._pad(), self.height() - 2 * px(4))
        return QRect((self.width() - width) // 2, (self.height() - height) // 2, width, height)

    def _pad(self) -> int:
        return self._look.px(12 if self._look.metrics.low else 24)

    def _heights(self, width: int) -> list[tuple[tuple[QWidget, ...], int, int]]:
        """Return what stands in each line of this page, its height and the gap below it, px."""
        px = self._look.px
        tight, low = self._look.metrics.compact, self._look.metrics.low
        line, field = px(22 if low else 24), px(48 if low else _FIELD)
        head: list[tuple[tuple[QWidget, ...], int, int]] = [
            ((self.title,), px(34), px(4)),
            ((self.about,), line, px(4 if low else 10)),
        ]
        note = max(line, self.note.heightForWidth(width))
        foot = ((self.keep, self.go_on), px(52 if low else 60), 0)
        if self._confirming:
            rows: list[tuple[tuple[QWidget, ...], int, int]] = []
            for left, right in self._lines:
                rows.append(
                    ((left, right), max(line, right.heightForWidth(self._value_width(width))), px(10))
                )
            return [*head, *rows, ((self.note,), note, px(18)), foot]
        name: list[tuple[tuple[QWidget, ...], int, int]] = [
            ((self._by_label,), line, px(2)),
            ((self.by,), field, px(4 if tight else 8)),
        ]
        return [
            *head,
            ((self.effect,), px(28), px(4)),
            ((self._question,), line, px(6)),
            *(((button,), field, px(6 if low else 8)) for button in self.truths.values()),
            *([] if self._approvals.asks_pin else name),
            ((self._reason_label,), line, px(2)),
            ((self.reason,), field, px(6)),
            ((self.note,), note, px(8 if tight else 14)),
            foot,
        ]

    def _value_width(self, width: int) -> int:
        return round(width * 0.56)

    def _content_height(self, width: int) -> int:
        return sum(high + gap for _, high, gap in self._heights(width))

    def arrange(self) -> None:
        """Put every part of this page in its place, and the others out of sight."""
        px, card = self._look.px, self._card()
        inside = card.adjusted(px(28), self._pad(), -px(28), -self._pad())
        shown: set[QWidget] = set()
        top = inside.top()
        for parts, high, gap in self._heights(inside.width()):
            shown |= set(parts)
            self._place(parts, QRect(inside.left(), top, inside.width(), high))
            top += high + gap
        for part in self._all_parts():
            part.setVisible(part in shown)
        self.update()

    def _place(self, parts: tuple[QWidget, ...], box: QRect) -> None:
        if len(parts) == 1:
            parts[0].setGeometry(box)
            return
        left, right = parts
        gap = self._look.px(8)
        width = (
            self._look.px(152) if left is self.keep else box.width() - self._value_width(box.width()) - gap
        )
        left.setGeometry(
            box.left(), box.top(), width, box.height() if left is self.keep else self._look.px(24)
        )
        right.setGeometry(box.left() + width + gap, box.top(), box.width() - width - gap, box.height())

    def _all_parts(self) -> list[QWidget]:
        lines: list[QWidget] = [part for pair in self._lines for part in pair]
        form = (self.effect, self._question, *self.truths.values(), self._by_label, self.by)
        return [
            self.title,
            self.about,
            *form,
            self._reason_label,
            self.reason,
            self.note,
            *lines,
            self.keep,
            self.go_on,
        ]

    def _choice(self, truth: Truth, key: str) -> ActionButton:
        button = ActionButton(kind=ButtonKind.CHOICE, key=key, parent=self)
        button.clicked.connect(lambda: self.choose(truth))
        return button

    def _edit(self, longest: int) -> QLineEdit:
        edit = QLineEdit(self)
        edit.setMaxLength(longest)
        edit.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        return edit
