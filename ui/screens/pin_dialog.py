"""The question for a PIN over the till: who allows it, why, their digits. The keypad stays in its place."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.ports.clock import Clock
from cashier_app.wording.approvals import ApprovalPage, ApprovalWords
from ui.accessibility import announce, install_roles
from ui.screens.frame import Frame
from ui.tab_round import tab_round, tab_stops
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.painting import RIGHT, draw_frame, painting
from ui.theme.typography import MEDIUM, SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.keypad import DELETE, Keypad
from ui.widgets.note_box import NoteBox
from ui.widgets.people_list import PeopleList
from ui.widgets.pin_dots import PinDots
from ui.widgets.text import ElidedLabel

DEAD_SECONDS = 0.4
"""Enter does nothing for so long after a page has come: it was meant for what was there before."""

_WIDTH, _RADIUS, _LINE, _ROW, _GAP = 520, 18, 30, 48, 5
_MOST_PEOPLE, _MOST_REASONS, _MOST_LINES = 5, 5, 3


class PinDialog(QWidget):
    """Covers the window with a scrim. Shows `ApprovalWords` and tells what is pressed.

    Args:
        clock: Times the moment in which Enter does nothing.
        pager: The spoken names of the buttons that turn the pages of people.
    """

    accessible_role = QAccessible.Role.Dialog
    picked = Signal(int)
    reason_picked = Signal(int)
    typed = Signal(str)
    deleted = Signal()
    confirmed = Signal()
    went_back = Signal()

    def __init__(self, clock: Clock, pager: tuple[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        install_roles()
        self._clock = clock
        self._look = DEFAULT_LOOK
        self._words: ApprovalWords | None = None
        self._awake_at, self._reason = 0.0, 0
        self.title = ElidedLabel(role="title_large", weight=SEMIBOLD, parent=self)
        self.about = ElidedLabel(role="body", colour="ink2", parent=self)
        self.lines = [
            (
                ElidedLabel(role="body_large", parent=self),
                ElidedLabel(role="body_large", weight=SEMIBOLD, align=RIGHT, parent=self),
            )
            for _ in range(_MOST_LINES)
        ]
        self.asks = ElidedLabel(role="body_large", weight=MEDIUM, parent=self)
        self.people = PeopleList(pager, self, most=_MOST_PEOPLE, bare=True)
        self.reasons = [self._reason_row(place) for place in range(_MOST_REASONS)]
        self.dots = PinDots(parent=self)
        self.hint = ElidedLabel(role="body", weight=MEDIUM, colour="train_text", parent=self)
        self.note = NoteBox(self)
        self.cancel = ActionButton(kind=ButtonKind.SECONDARY, key="Esc", parent=self)
        self.allow = ActionButton(kind=ButtonKind.PRIMARY, key="Enter", parent=self)
        self.keypad = Keypad(parent=self)
        self.keypad.set_corner("")
        self.people.picked.connect(self.picked)
        self.cancel.clicked.connect(self.go_back)
        self.allow.clicked.connect(self.open_row)
        self.keypad.pressed_key.connect(self._keypad_pressed)
        self.hide()

    def open_dialog(self) -> None:
        """Come over the till; Enter waits a moment."""
        if self.isHidden():
            self._wait_a_moment()
            self.show()
            self.raise_()
            self._take_focus()
            if self._words is not None:
                announce(self, f"{self._words.title.full} {self._words.asks.full}", assertive=True)

    def show_words(self, words: ApprovalWords) -> None:
        """Show the question as it stands."""
        before, self._words = self._words, words
        new_page = before is None or before.page is not words.page
        self.title.set_text(words.title.full, words.title.short)
        self.about.set_text(words.about.full, words.about.short)
        self.asks.set_text(words.asks.full, words.asks.short)
        for (left, right), (what, value) in zip(self.lines, words.lines, strict=False):
            left.set_text(what.full, what.short)
            right.set_text(value.full, value.short)
        if words.page is ApprovalPage.WHO:
            marked = self.people.marked() if not new_page else 0
            self.people.show_people(words.asks, words.people, max(marked, 0))
        for place, (button, reason) in enumerate(zip(self.reasons, words.reasons, strict=False)):
            button.set_words(reason.full, reason.short)
            button.set_selected(place == self._reason)
        self.dots.show_typed(*words.digits, words.spoken_digits, enabled=words.takes_digits)
        self.hint.set_text(words.hint)
        self.note.show_row(words.note, subject=words.subject)
        self.cancel.set_words(words.escape.full, words.escape.short)
        self.allow.set_words(words.primary.full, words.primary.short)
        self.setAccessibleName(words.title.full)
        self.setAccessibleDescription(words.about.full)
        self.keypad.setEnabled(words.takes_digits)
        if new_page:
            self._reason = 0
            self._wait_a_moment()
        self.arrange()
        if not self.isHidden() and (new_page or not words.can_confirm):
            self._take_focus()
        self.allow.setEnabled(words.can_confirm)

    # --- what is pressed --------------------------------------------------------------------------

    def choose(self, character: str) -> None:
        """Take a digit: of the PIN, of a person or of a reason."""
        words = self._words
        if words is None or not (character.isascii() and character.isdigit()):
            return
        match words.page:
            case ApprovalPage.PIN:
                self.typed.emit(character)
            case ApprovalPage.WHO:
                place = self.people.place_of(character)
                if place is not None:
                    self.picked.emit(place)
            case ApprovalPage.WHY if 0 < int(character) <= len(words.reasons):
                self.reason_picked.emit(int(character) - 1)

    def delete(self) -> None:
        """Take the last digit back."""
        self.deleted.emit()

    def open_row(self) -> None:
        """Do what Enter does, once the first moment is over."""
        words = self._words
        if words is None or self._clock.monotonic() < self._awake_at or not words.can_confirm:
            return
        match words.page:
            case ApprovalPage.PIN:
                self.confirmed.emit()
            case ApprovalPage.WHO:
                self.picked.emit(max(0, self.people.marked()))
            case ApprovalPage.WHY:
                self.reason_picked.emit(self._reason)

    def go_back(self) -> None:
        """Do what Esc does."""
        self.went_back.emit()

    def next_row(self) -> None:
        """Mark the person or reason below."""
        self._mark(+1)

    def previous_row(self) -> None:
        """Mark the person or reason above."""
        self._mark(-1)

    def turn_page(self, direction: int) -> None:
        """Show the people after (+1) or before (-1)."""
        if self._words is not None and self._words.page is ApprovalPage.WHO:
            self.people.turn(direction)

    def _mark(self, direction: int) -> None:
        words = self._words
        if words is None:
            return
        if words.page is ApprovalPage.WHO:
            self.people.mark_by(direction)
        elif words.page is ApprovalPage.WHY:
            self._reason = min(max(self._reason + direction, 0), len(words.reasons) - 1)
            for place, button in enumerate(self.reasons):
                button.set_selected(place == self._reason)
            self.reasons[self._reason].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _keypad_pressed(self, key: str) -> None:
        if key == DELETE:
            self.deleted.emit()
        else:
            self.choose(key)

    def _wait_a_moment(self) -> None:
        self._awake_at = self._clock.monotonic() + DEAD_SECONDS

    def _take_focus(self) -> None:
        page = self._words.page if self._words else ApprovalPage.PIN
        stops: dict[ApprovalPage, QWidget] = {
            ApprovalPage.WHO: self.people.rows[0],
            ApprovalPage.WHY: self.reasons[0],
            ApprovalPage.PIN: self.cancel,
        }
        stops[page].setFocus(Qt.FocusReason.OtherFocusReason)

    # --- places -----------------------------------------------------------------------------------

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self.arrange()

    def focusNextPrevChild(self, next_one: bool) -> bool:  # noqa: FBT001, N802 - Qt's signature
        """Send Tab round inside the dialog."""
        return tab_round(tab_stops(self), forwards=next_one)

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

    def _blocks(self, width: int) -> list[tuple[list[QWidget], int, int]]:
        """Return what stands below each other: the widgets of a line, its height, the gap after it, px."""
        px, words = self._look.px, self._words
        if words is None:
            return []
        blocks: list[tuple[list[QWidget], int, int]] = [([self.title], px(34), px(2))]
        if words.about.full:
            blocks.append(([self.about], px(26), px(8)))
        blocks += [(list(pair), px(_LINE), 0) for pair in self.lines[: len(words.lines)]]
        blocks.append(([self.asks], px(34), px(6)))
        match words.page:
            case ApprovalPage.WHO:
                blocks.append(([self.people], self.people.rows_high(), px(16)))
            case ApprovalPage.WHY:
                used = self.reasons[: len(words.reasons)]
                blocks += [([button], px(_ROW), px(_GAP)) for button in used[:-1]]
                blocks.append(([used[-1]], px(_ROW), px(16)))
            case ApprovalPage.PIN:
                blocks.append(([self.dots], px(40), px(12)))
                if words.hint:
                    blocks.append(([self.hint], px(28), px(8)))
        if words.note is not None:
            blocks.append(([self.note], self.note.high(width), px(12)))
        blocks.append(([self.cancel, self.allow], px(60), 0))
        return blocks

    def _card(self) -> QRect:
        px = self._look.px
        room = Frame.of(self._look.metrics).keys.left()
        width = min(px(_WIDTH), room - 2 * px(16))
        high = sum(line + gap for _, line, gap in self._blocks(width - 2 * px(28))) + 2 * px(24)
        high = min(high, self.height() - 2 * px(8))
        return QRect((room - width) // 2, (self.height() - high) // 2, width, high)

    def arrange(self) -> None:
        """Put every part of this page in its place, and the others out of sight."""
        px, card = self._look.px, self._card()
        inside = card.adjusted(px(28), px(24), -px(28), -px(24))
        shown: set[QWidget] = set()
        top = inside.top()
        for parts, high, gap in self._blocks(inside.width()):
            shown |= set(parts)
            self._place(parts, QRect(inside.left(), top, inside.width(), high))
            top += high + gap
        lines = [part for pair in self.lines for part in pair]
        for part in (
            *(self.title, self.about, *lines, self.asks, self.people, *self.reasons),
            *(self.dots, self.hint, self.note, self.cancel, self.allow),
        ):
            part.setVisible(part in shown)
        self.keypad.setGeometry(Frame.of(self._look.metrics).keys)
        self.update()

    def _place(self, parts: list[QWidget], box: QRect) -> None:
        if len(parts) == 1:
            wide = min(box.width(), parts[0].sizeHint().width()) if parts[0] is self.dots else box.width()
            parts[0].setGeometry(box.left(), box.top(), wide, box.height())
            return
        left, right = parts
        gap = self._look.px(8)
        width = self._look.px(152) if left is self.cancel else min(left.sizeHint().width(), box.width() // 2)
        left.setGeometry(box.left(), box.top(), width, box.height())
        right.setGeometry(box.left() + width + gap, box.top(), box.width() - width - gap, box.height())

    def _reason_row(self, place: int) -> ActionButton:
        button = ActionButton(kind=ButtonKind.ROW, key=str(place + 1), parent=self)
        button.clicked.connect(lambda: self.reason_picked.emit(place))
        return button
