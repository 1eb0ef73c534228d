"""What stands in the dialog that settles by hand: the form, the question after it, and where it all goes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from cashier_app.domain.settlement import LONGEST_NAME, LONGEST_REASON, Truth
from cashier_app.wording.settling import ConfirmSettlingWords, SettleWords
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.typography import MEDIUM, SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.text import ElidedLabel, PlainLabel

_WIDTH, _FIELD = 520, 52

Line = tuple[tuple[QWidget, ...], int, int]
"""What stands in one line, its height and the gap below it, px."""


class SettleParts:
    """Two pages on one card.

    Args:
        dialog: Whose children they are, and what the card stands in the middle of.
        by_name: Says whether the form asks for a name.
    """

    def __init__(self, dialog: QWidget, *, by_name: Callable[[], bool]) -> None:
        self._dialog, self._by_name = dialog, by_name
        self._look = DEFAULT_LOOK
        self.confirms = False  # whether the second page is shown
        self.title = ElidedLabel(role="title_large", weight=SEMIBOLD, parent=dialog)
        self.about = ElidedLabel(role="body", colour="ink2", parent=dialog)
        self.effect = ElidedLabel(role="body_large", weight=SEMIBOLD, parent=dialog)
        self.question = ElidedLabel(role="body", colour="ink2", parent=dialog)
        self.truths = {
            truth: ActionButton(kind=ButtonKind.CHOICE, key=key, parent=dialog)
            for key, truth in zip("12", Truth, strict=True)
        }
        self.by_label = ElidedLabel(role="body", colour="ink2", parent=dialog)
        self.by = _edit(LONGEST_NAME, dialog)
        self.reason_label = ElidedLabel(role="body", colour="ink2", parent=dialog)
        self.reason = _edit(LONGEST_REASON, dialog)
        self.note = PlainLabel(role="body", colour="ink2", wrap=True, parent=dialog)
        self.lines = [
            (
                ElidedLabel(role="body_large", parent=dialog),
                PlainLabel(role="body_large", weight=MEDIUM, wrap=True, parent=dialog),
            )
            for _ in range(3)
        ]
        self.keep = ActionButton(kind=ButtonKind.SECONDARY, key="Esc", parent=dialog)
        self.go_on = ActionButton(kind=ButtonKind.PRIMARY, key="Enter", parent=dialog)

    # --- what they say ----------------------------------------------------------------------------

    def show_form(self, words: SettleWords, truth: Truth | None) -> None:
        """Show the first page, with one truth chosen or none."""
        self.confirms = False
        self.title.set_text(words.title.full)
        self.about.set_text(words.about.full, words.about.short)
        self.effect.set_text(words.effect.full)
        self.question.set_text(words.question.full)
        for one, label in ((Truth.TOOK_HOLD, words.took_hold), (Truth.NOT_BOOKED, words.not_booked)):
            self.truths[one].set_words(label.full, label.short)
            self.truths[one].set_selected(one is truth)
        self.by_label.set_text(words.by.full)
        self.by.setAccessibleName(words.by.full)
        self.reason_label.set_text(words.reason.full)
        self.reason.setAccessibleName(words.reason.full)
        self.reason.setAccessibleDescription(words.reason_hint.full)
        self.keep.set_words(words.cancel.full)
        self.go_on.set_words(words.go_on.full, words.go_on.short)
        self.go_on.set_kind(ButtonKind.PRIMARY)

    def show_question(self, words: ConfirmSettlingWords) -> None:
        """Show the second page: what is changed for good."""
        self.confirms = True
        self.title.set_text(words.title.full)
        self.about.set_text(words.about.full, words.about.short)
        for (left, right), (what, value) in zip(self.lines, words.lines, strict=True):
            left.set_text(what.full, what.short)
            right.set_text(value.full)
        self.keep.set_words(words.keep.full)
        self.go_on.set_words(words.settle.full, words.settle.short)
        self.go_on.set_kind(ButtonKind.DANGER)

    # --- where they stand -------------------------------------------------------------------------

    def set_look(self, look: Look) -> None:
        """Take over new measures; colours reach the parts by the dialog."""
        self._look = look
        for edit in (self.by, self.reason):
            edit.setFont(look.font("body_large", MEDIUM))

    def stops(self) -> list[QWidget]:
        """Return where Tab goes, in this order."""
        parts = (*self.truths.values(), self.by, self.reason, self.keep, self.go_on)
        return [part for part in parts if part.isVisible() and part.isEnabled()]

    def card(self) -> QRect:
        """Return where the card is, px."""
        px, room = self._look.px, self._dialog.rect()
        width = min(px(_WIDTH), room.width() - 2 * px(16))
        content = sum(high + gap for _, high, gap in self._on_page(width - 2 * px(28)))
        height = min(content + 2 * self._pad(), room.height() - 2 * px(4))
        return QRect((room.width() - width) // 2, (room.height() - height) // 2, width, height)

    def arrange(self) -> None:
        """Put every part of this page in its place, and the others out of sight."""
        px = self._look.px
        inside = self.card().adjusted(px(28), self._pad(), -px(28), -self._pad())
        shown: set[QWidget] = set()
        top = inside.top()
        for parts, high, gap in self._on_page(inside.width()):
            shown |= set(parts)
            self._place(parts, QRect(inside.left(), top, inside.width(), high))
            top += high + gap
        for part in self.all_parts():
            part.setVisible(part in shown)

    def _pad(self) -> int:
        return self._look.px(12 if self._look.metrics.low else 24)

    def _on_page(self, width: int) -> list[Line]:
        px, low = self._look.px, self._look.metrics.low
        line = px(22 if low else 24)
        head: list[Line] = [((self.title,), px(34), px(4)), ((self.about,), line, px(4 if low else 10))]
        note = max(line, self.note.heightForWidth(width))
        foot = ((self.keep, self.go_on), px(52 if low else 60), 0)
        if self.confirms:
            value = _value_width(width)
            rows: list[Line] = [
                ((left, right), max(line, right.heightForWidth(value)), px(10)) for left, right in self.lines
            ]
            return [*head, *rows, ((self.note,), note, px(18)), foot]
        below = px(8 if self._look.metrics.compact else 14)
        return [*head, *self._form(line), ((self.note,), note, below), foot]

    def _form(self, line: int) -> list[Line]:
        px, low = self._look.px, self._look.metrics.low
        field = px(48 if low else _FIELD)
        name: list[Line] = [
            ((self.by_label,), line, px(2)),
            ((self.by,), field, px(4 if self._look.metrics.compact else 8)),
        ]
        return [
            ((self.effect,), px(28), px(4)),
            ((self.question,), line, px(6)),
            *(((button,), field, px(6 if low else 8)) for button in self.truths.values()),
            *(name if self._by_name() else []),
            ((self.reason_label,), line, px(2)),
            ((self.reason,), field, px(6)),
        ]

    def _place(self, parts: tuple[QWidget, ...], box: QRect) -> None:
        if len(parts) == 1:
            parts[0].setGeometry(box)
            return
        left, right = parts
        px, gap, answers = self._look.px, self._look.px(8), left is self.keep
        width = px(152) if answers else box.width() - _value_width(box.width()) - gap
        left.setGeometry(box.left(), box.top(), width, box.height() if answers else px(24))
        right.setGeometry(box.left() + width + gap, box.top(), box.width() - width - gap, box.height())

    def all_parts(self) -> list[QWidget]:
        """Return the parts of both pages."""
        form = (self.effect, self.question, *self.truths.values(), self.by_label, self.by)
        lines = (part for pair in self.lines for part in pair)
        ends = (self.reason_label, self.reason, self.note, *lines, self.keep, self.go_on)
        return [self.title, self.about, *form, *ends]


def _value_width(width: int) -> int:
    return round(width * 0.56)


def _edit(longest: int, parent: QWidget) -> QLineEdit:
    edit = QLineEdit(parent)
    edit.setMaxLength(longest)
    edit.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    return edit
