"""The question before a sale is undone, or goes to another member: what changes, in figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QAccessible, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QWidget

from cashier_app.ports.clock import Clock
from cashier_app.services.undo_view import UndoStep, UndoView
from cashier_app.wording import Tone, Wording
from cashier_app.wording.undo import UndoWords, undo_words
from ui.accessibility import announce, install_roles
from ui.key_words import Where
from ui.screens.drawer import Drawer
from ui.screens.frame import Frame
from ui.theme.motion import STILL
from ui.theme.painting import RIGHT, draw_frame, painting
from ui.theme.typography import MEDIUM, SEMIBOLD
from ui.undoing import Undos
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.keypad import DELETE, Keypad
from ui.widgets.scan_field import ScanField, ScanFieldContent
from ui.widgets.text import ElidedLabel, PlainLabel

DEAD_SECONDS = 0.4
"""Enter does nothing for so long after a question has come: it was meant for what was there before."""

_WIDTH, _RADIUS, _LINE = 520, 18, 37
_MOST_LINES, _MOST_NOTES = 5, 5
_INK = {Tone.GOOD: "accent_text", Tone.STOP: "red_text"}
_NOTE_INK = {Tone.WAIT: "amber_text", Tone.STOP: "red_text"}


class UndoPlace(Struct, frozen=True):
    """What the dialog knows of the till.

    Args:
        now: The time of day, UTC.
        group: Writes typed digits as the region does.
    """

    now: Callable[[], datetime]
    group: Callable[[str], str]


class UndoDialog(Drawer):
    """Covers the till with a scrim. The keypad stays in its place while a number is typed.

    Args:
        undos: Undoes; shows its views here.
        clock: Times the moment in which Enter does nothing.
    """

    accessible_role = QAccessible.Role.Dialog
    where = Where.UNDO

    def __init__(
        self,
        undos: Undos,
        wording: Wording,
        place: UndoPlace,
        *,
        clock: Clock,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(STILL, parent)
        install_roles()
        self._undos, self._wording, self._place, self._clock = undos, wording, place, clock
        self._view = UndoView()
        self._words: UndoWords | None = None
        self._awake_at = 0.0
        self._panel.hide()
        self.heading = ElidedLabel(role="title_large", weight=SEMIBOLD, parent=self)
        self.about = ElidedLabel(role="body", colour="ink2", parent=self)
        self.field = ScanField("", "", self)
        self.lines = [
            (
                ElidedLabel(role="body_large", weight=MEDIUM, parent=self),
                ElidedLabel(role="label_large", weight=SEMIBOLD, align=RIGHT, parent=self),
            )
            for _ in range(_MOST_LINES)
        ]
        self.notes = [
            PlainLabel(role="body", colour="ink2", wrap=True, parent=self) for _ in range(_MOST_NOTES)
        ]
        self.other = ActionButton(kind=ButtonKind.ROW, key="F3", icon="users", parent=self)
        self.keep = ActionButton(kind=ButtonKind.SECONDARY, key="Esc", parent=self)
        self.primary = ActionButton(kind=ButtonKind.DANGER, key="Enter", parent=self)
        self.keypad = Keypad(parent=self)
        self.keypad.set_corner("+")
        self.other.clicked.connect(undos.another_member)
        self.keep.clicked.connect(undos.back)
        self.primary.clicked.connect(undos.confirm)
        self.keypad.pressed_key.connect(self._keypad_pressed)
        undos.subscribe(self.show_view)

    def show_view(self, view: UndoView) -> None:
        """Show a snapshot."""
        before, self._view = self._view, view
        if view.step is UndoStep.CLOSED:
            self.close_drawer()
            return
        if before.step is not view.step or before.found is not view.found:
            self._awake_at = self._clock.monotonic() + DEAD_SECONDS
        moved = before.step is not view.step and not self.isHidden()
        if moved:
            self.keep.setFocus(Qt.FocusReason.OtherFocusReason)  # Qt would go on from what is hidden now
        self._fill()
        if moved:
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)
            self._say()

    # --- what the window asks of a drawer -----------------------------------------------------------

    def place_of_keys(self) -> Where:
        """Return what the keys mean now."""
        return Where.MOVE if self._view.step is UndoStep.WHOM else Where.UNDO

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self._fill()

    def go_back(self) -> None:
        """Do what Esc does."""
        self._undos.back()

    def open_row(self) -> None:
        """Do what Enter does, once the first moment is over; where nothing can be done, close."""
        if self._clock.monotonic() < self._awake_at:
            return
        if self._view.step is UndoStep.CANNOT:
            self._undos.back()
        else:
            self._undos.confirm()

    def choose(self, character: str) -> None:
        """Take one typed character."""
        self._undos.type(character)

    def delete(self) -> None:
        """Take the last typed character back."""
        self._undos.delete()

    def take_scan(self, text: str) -> bool:
        """Take a member's code where one is asked for; nothing else is used while a question stands."""
        return not self.isHidden() and self._undos.scan(text)

    def take_picture(self, codes: Callable[[], Sequence[str]]) -> bool:
        """Take no pictures; say that this one is not used."""
        del codes
        return not self.isHidden() and self._undos.scan("")

    def first_focus(self) -> QWidget:
        """Return what has the focus when the question comes: never what takes something away."""
        return self.field if self._view.step is UndoStep.WHOM else self.keep

    def focus_stops(self) -> list[QWidget]:
        """Return what Tab visits, in order."""
        stops = (self.field, self.other, self.keep, self.primary)
        return [stop for stop in stops if stop.isVisible() and stop.isEnabled()]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let no press through: a question is answered, not clicked away."""
        event.accept()

    def close_drawer(self) -> None:
        """Go away; what was asked is not done."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()
            self._undos.back()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint scrim and card."""
        look = self._look
        with painting(self) as painter:
            painter.fillRect(self.rect(), look.colour("scrim"))
            draw_frame(painter, QRectF(self._card()), look.px(_RADIUS), fill=look.colour("surface"))

    # --- what is shown ------------------------------------------------------------------------------

    def _fill(self) -> None:
        view = self._view
        if view.step is UndoStep.CLOSED:
            return
        words = self._words = undo_words(view, self._wording, self._place.now())
        self.heading.set_text(words.title.full, words.title.short)
        self.about.set_text(words.about.full, words.about.short)
        self.setAccessibleName(words.title.full)
        self.setAccessibleDescription(_spoken(words))
        for (left, right), line in zip(self.lines, words.lines, strict=False):
            left.set_text(line.label.full, line.label.short)
            right.set_text(line.figure)
            right.set_colour(_INK.get(line.tone, "ink"))
        for label, note in zip(self.notes, words.notes, strict=False):
            label.set_text(note.sentence.full)
            label.set_colour(_NOTE_INK.get(note.tone, "ink2"))
        self._fill_field(words)
        if words.other is not None:
            self.other.set_words(words.other.full, words.other.short)
        self.keep.set_words(words.keep.full, words.keep.short)
        if words.primary is not None:
            self.primary.set_words(words.primary.full, words.primary.short)
            self.primary.set_kind(ButtonKind.DANGER if words.danger else ButtonKind.PRIMARY)
        if not view.can_confirm and self.primary.hasFocus():
            self.keep.setFocus(Qt.FocusReason.OtherFocusReason)
        self.primary.setEnabled(view.can_confirm)
        self.keep.setEnabled(not (view.busy and view.step in {UndoStep.SALE, UndoStep.MOVE}))
        self.arrange()

    def _fill_field(self, words: UndoWords) -> None:
        if words.field is None:
            return
        typed = self._place.group(words.typed) if words.typed else ""
        self.field.setAccessibleName(words.field.full)
        self.field.show_content(
            ScanFieldContent("qr-code", typed or words.field.full, typed=bool(typed), framed=True)
        )

    def _say(self) -> None:
        if self._words is not None:
            announce(self, f"{self._words.title.full} {_spoken(self._words)}", assertive=True)

    # --- places -------------------------------------------------------------------------------------

    def arrange(self) -> None:
        """Put every part in its place, and the others out of sight."""
        if "keypad" not in self.__dict__ or self._words is None:
            return  # asked by the base before all is made
        px, card = self._look.px, self._card()
        inside = card.adjusted(px(28), px(28), -px(28), -px(28))
        shown: set[QWidget] = set()
        top = inside.top()
        for parts, high, gap in self._blocks(inside.width()):
            shown |= set(parts)
            self._place_parts(parts, QRect(inside.left(), top, inside.width(), high))
            top += high + gap
        typing = self._view.step is UndoStep.WHOM
        self.keypad.setVisible(typing)
        self.keypad.setGeometry(Frame.of(self._look.metrics).keys)
        for part in self._parts():
            part.setVisible(part in shown)
        self.update()

    def _parts(self) -> list[QWidget]:
        lines = [part for pair in self.lines for part in pair]
        ends = (self.heading, self.about, self.field, self.other, self.keep, self.primary)
        return [*ends, *lines, *self.notes]

    def _card(self) -> QRect:
        px, metrics = self._look.px, self._look.metrics
        typing = self._view.step is UndoStep.WHOM
        room = Frame.of(metrics).keys.left() if typing else self.width()
        width = min(px(_WIDTH), room - 2 * px(16))
        high = sum(line + gap for _, line, gap in self._blocks(width - 2 * px(28))) + 2 * px(28)
        high = min(high, self.height() - 2 * px(8))
        return QRect((room - width) // 2, (self.height() - high) // 2, width, high)

    def _blocks(self, width: int) -> list[tuple[list[QWidget], int, int]]:
        """Return what stands below each other: the widgets of a line, its height, the gap after it, px."""
        px, words = self._look.px, self._words
        if words is None:
            return []
        blocks: list[tuple[list[QWidget], int, int]] = [([self.heading], px(34), px(4))]
        if words.about.full:
            blocks.append(([self.about], px(24), px(16)))
        if words.field is not None:
            blocks.append(([self.field], px(60), px(12)))
        used = self.lines[: len(words.lines)]
        blocks += [([*pair], px(_LINE), px(6) if pair is used[-1] else 0) for pair in used]
        for label in self.notes[: len(words.notes)]:
            blocks.append(([label], max(px(24), label.heightForWidth(width)), px(6)))
        parts, high, _ = blocks[-1]
        blocks[-1] = (parts, high, px(18))
        if words.other is not None:
            blocks.append(([self.other], px(52), px(8)))
        buttons: list[QWidget] = [self.keep] if words.primary is None else [self.keep, self.primary]
        blocks.append((buttons, px(64), 0))
        return blocks

    def _place_parts(self, parts: list[QWidget], box: QRect) -> None:
        if len(parts) == 1:
            parts[0].setGeometry(box)
            return
        left, right = parts
        gap = self._look.px(8)
        if left is self.keep:
            width = self._look.px(152)
        else:
            width = box.width() - min(right.sizeHint().width(), box.width() // 2) - gap
        left.setGeometry(box.left(), box.top(), width, box.height())
        right.setGeometry(box.left() + width + gap, box.top(), box.width() - width - gap, box.height())

    def _keypad_pressed(self, key: str) -> None:
        if key == DELETE:
            self._undos.delete()
            return
        for character in key:
            self._undos.type(character)


def _spoken(words: UndoWords) -> str:
    lines = [f"{line.label.full} {line.figure}." for line in words.lines]
    return " ".join([words.about.full, *lines, *(note.sentence.full for note in words.notes)]).strip()
