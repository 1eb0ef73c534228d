"""The form of who joins, in the who column: a phone number of our own, text fields for the rest."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
)
from PySide6.QtWidgets import QLineEdit, QWidget

from cashier_app.domain.enrolment import EnrolmentField
from cashier_app.services.enrol_steps import LONGEST
from cashier_app.wording.enrol import EnrolCardWords, EnrolFieldWords
from cashier_app.wording.sentences import Tone
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import draw_frame, draw_icon, draw_line, painting, text_width
from ui.theme.tokens import EDGE_ACTIVE, EDGE_HAIRLINE
from ui.theme.typography import MEDIUM, SEMIBOLD, font_for_text
from ui.widgets.icon_view import IconView
from ui.widgets.text import ElidedLabel, PlainLabel
from ui.widgets.who_card import WhoCard

_TONES = {Tone.STOP: "red_text", Tone.GOOD: "accent_text", Tone.WAIT: "amber_text"}
_MOST_NOTES = 3


class PhoneField(QWidget):
    """Shows the number; its keys come through the window's key router. Pressed, it wants them."""

    accessible_role = QAccessible.Role.EditableText
    pressed = Signal()
    entered = Signal()  # by Tab

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._text, self._framed, self._good = "", False, False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)

    def show_number(self, text: str, *, framed: bool, good: bool, spoken: str) -> None:
        """Show another number; `framed` while the keys go here."""
        self._text, self._framed, self._good = text, framed, good
        self.setAccessibleName(spoken)
        self.setAccessibleDescription(text)
        self.update()

    def text(self) -> str:
        """Return the number as shown."""
        return self._text

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Say that it was pressed."""
        self.pressed.emit()
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say that Tab came here."""
        super().focusInEvent(event)
        if event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}:
            self.entered.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        look, box = self._look, QRectF(self.rect())
        px = look.px
        with painting(self) as painter:
            edge, wide = ("ink", EDGE_ACTIVE) if self._framed else ("edge", EDGE_HAIRLINE)
            draw_frame(
                painter,
                box,
                look.metrics.radius_field,
                fill=look.colour("surface"),
                edge=look.colour(edge),
                width=px(wide),
            )
            side = px(19)  # where text fields begin theirs
            font = look.font("body_large", MEDIUM)
            words = QRectF(side, 0, self.width() - 2 * side - px(26), self.height())
            draw_line(painter, words, self._text, font, look.colour("ink"))
            if self._framed:
                left = side + min(text_width(self._text, font), words.width()) + px(2)
                high = px(22)
                painter.fillRect(QRectF(left, (self.height() - high) / 2, px(2), high), look.colour("accent"))
            if self._good:
                icon = px(20)
                place = QRectF(self.width() - px(14) - icon, (self.height() - icon) / 2, icon, icon)
                draw_icon(painter, place, "check-circle", "accent_text", look)


class TextField(QLineEdit):
    """A text field whose font follows the script of what is typed, before Qt shapes any of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.dress_for(self.text())

    def dress_for(self, text: str) -> None:
        """Take a face that has the script of this text."""
        wanted = font_for_text(text or self.placeholderText(), self._look.font("body_large", MEDIUM))
        if wanted != self.font():
            self.setFont(wanted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take one key."""
        self.dress_for(self.text() + event.text())
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Take what an input method makes of several."""
        self.dress_for(self.text() + event.preeditString() + event.commitString())
        super().inputMethodEvent(event)

    def type_text(self, text: str) -> None:
        """Type this where the cursor stands."""
        self.dress_for(self.text() + text)
        self.insert(text)

    def show_text(self, text: str) -> None:
        """Show another text; the same leaves the cursor where it is."""
        if self.text() != text:
            self.dress_for(text)
            self.setText(text)


class EnrolCard(WhoCard):
    """Title, phone number, text fields, and below them what else happens."""

    put = Signal(object, str)  # an EnrolmentField and its whole text, as somebody types
    entered = Signal(object)  # an EnrolmentField that took the focus

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.title = ElidedLabel(role="title", weight=SEMIBOLD, parent=self)
        self.phone_label = ElidedLabel(role="body", colour="ink2", parent=self)
        self.phone = PhoneField(self)
        self.labels: dict[EnrolmentField, ElidedLabel] = {}
        self.edits: dict[EnrolmentField, TextField] = {}
        self._fields: tuple[EnrolmentField, ...] = ()
        self._framed: EnrolmentField | None = None
        self.icons = [IconView(size=20, parent=self) for _ in range(_MOST_NOTES)]
        self.notes = [PlainLabel(role="body", wrap=True, parent=self) for _ in range(_MOST_NOTES)]
        self._noted = 0
        self.phone.pressed.connect(lambda: self.entered.emit(EnrolmentField.PHONE))
        self.phone.entered.connect(lambda: self.entered.emit(EnrolmentField.PHONE))

    def show_words(
        self,
        words: EnrolCardWords,
        texts: dict[EnrolmentField, str],
        framed: EnrolmentField | None,
        *,
        enabled: bool,
    ) -> None:
        """Show the form; `framed` is where the keys go, `enabled` whether it may be typed into now."""
        self.title.set_text(words.title.full, words.title.short)
        self.setAccessibleName(words.title.full)
        self.phone_label.set_text(words.phone_label.full, words.phone_label.short)
        self.phone_label.set_colour(_TONES.get(words.phone_tone, "ink2"))
        self.phone.show_number(
            words.phone,
            framed=framed is EnrolmentField.PHONE,
            good=words.good,
            spoken=words.phone_label.full,
        )
        self._fields = tuple(field.field for field in words.fields)
        self._framed = framed
        for field in words.fields:
            self._show_field(field, texts.get(field.field, ""), enabled=enabled)
        self._noted = min(len(words.notes), _MOST_NOTES)
        for index, (icon, note) in enumerate(zip(self.icons, self.notes, strict=True)):
            icon.setVisible(index < self._noted)
            note.setVisible(index < self._noted)
            if index < self._noted:
                row = words.notes[index]
                colour = _TONES.get(row.tone, "ink2")
                icon.set_icon(row.icon, colour)
                note.set_text(row.sentence.full)
                note.set_colour(colour)
        self.arrange()

    def forget(self) -> None:
        """Keep nothing of what was typed."""
        for edit in self.edits.values():
            edit.clear()
        self.phone.show_number("", framed=False, good=False, spoken="")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Say which text field took the focus."""
        if event.type() == QEvent.Type.FocusIn:
            field = next((field for field, edit in self.edits.items() if edit is watched), None)
            if field is not None:
                self.entered.emit(field)
        return False

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        for edit in self.edits.values():
            edit.setFont(font_for_text(edit.text(), look.font("body_large", MEDIUM)))

    def arrange(self) -> None:
        """Put the fields below each other; what else happens stands at the foot."""
        flow = self.flow()
        many = len(self._fields) > 3
        label, gap = self.sized(22, 24), self.sized(6 if many else 10, 8 if many else 14)
        high = self.sized(48, 48 if many else 56)
        self.title.setGeometry(flow.take(self.sized(28, 34)))
        self.phone_label.setGeometry(flow.take(label, self.sized(4, 12)))
        self.phone.setGeometry(flow.take(high, self.look.px(2)))
        room = self.height() - self.padding() - flow.at
        shown = self._window(room // (label + high + gap + self.look.px(2)))
        for field, edit in self.edits.items():
            edit.setVisible(field in shown)
            self.labels[field].setVisible(field in shown)
        for field in shown:
            self.labels[field].setGeometry(flow.take(label, gap))
            self.edits[field].setGeometry(flow.take(high, self.look.px(2)))
        self._arrange_notes(flow.left, flow.width, flow.at + self.look.px(8))

    def _window(self, most: int) -> tuple[EnrolmentField, ...]:
        """Return the fields there is room for; where the keys go is always among them."""
        at = self._fields.index(self._framed) if self._framed in self._fields else 0
        first = max(0, min(at - most + 2, len(self._fields) - most)) if at >= most - 1 else 0
        return self._fields[first : first + most]

    def _arrange_notes(self, left: int, width: int, top: int) -> None:
        """Put the notes at the foot, the last ones first; those there is no room for are left out."""
        icon, gap = self.look.px(20), self.look.px(10)
        at = self.height() - self.padding()
        for index in reversed(range(self._noted)):
            note, room = self.notes[index], width - icon - gap
            high = note.heightForWidth(room)
            at -= high
            fits = at >= top
            for part in (note, self.icons[index]):
                part.setVisible(fits)
            note.setGeometry(left + icon + gap, at, room, high)
            self.icons[index].setGeometry(left, at + (self.look.px(24) - icon) // 2, icon, icon)
            at -= self.look.px(6)

    def _show_field(self, words: EnrolFieldWords, text: str, *, enabled: bool) -> None:
        if words.field not in self.edits:
            self._make(words.field)
        label, edit = self.labels[words.field], self.edits[words.field]
        label.set_text(words.label.full, words.label.short)
        label.set_colour(_TONES.get(words.tone, "ink2"))
        edit.setPlaceholderText(words.inside)
        edit.setAccessibleName(words.spoken)
        edit.setReadOnly(not enabled)
        edit.show_text(text)

    def _make(self, field: EnrolmentField) -> None:
        edit = TextField(self)
        edit.set_look(self.look)
        edit.setMaxLength(LONGEST[field])
        edit.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        # What a customer says is nobody else's suggestion.
        edit.setInputMethodHints(Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhSensitiveData)
        edit.textEdited.connect(lambda text, field=field: self.put.emit(field, text))
        edit.installEventFilter(self)
        label = ElidedLabel(role="body", colour="ink2", parent=self)
        label.set_look(self.look)
        self.edits[field], self.labels[field] = edit, label
