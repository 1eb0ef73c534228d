"""Fields of a form below each other: texts, hidden texts, and choices that a press changes."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QWidget

from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.typography import MEDIUM
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.text import ElidedLabel, PlainLabel

_LABEL, _FIELD, _GAP = 24, 48, 10


class FieldWords(Struct, frozen=True):
    """One field.

    Args:
        name: What `FormFields.typed` calls it.
        hint: Below the field; may be empty.
        inside: Shown in the empty field, and beside a choice.
        choices: Makes it a button that goes through them.
        hidden: Whether what is typed is never shown.
    """

    name: str
    label: str
    hint: str = ""
    inside: str = ""
    text: str = ""
    choices: tuple[str, ...] = ()
    hidden: bool = False
    longest: int = 400


class _Field(QWidget):
    changed = Signal()

    def __init__(self, words: FieldWords, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = words
        self._look = DEFAULT_LOOK
        self.label = ElidedLabel(role="body", colour="ink2", parent=self)
        self.label.set_text(words.label)
        self.hint = PlainLabel(role="body", colour="ink2", wrap=True, parent=self)
        self.hint.set_text(words.hint)
        self.edit: QLineEdit | None = None
        self.button: ActionButton | None = None
        if words.choices:
            self.button = ActionButton(kind=ButtonKind.ROW, parent=self)
            self.button.set_words(words.text or words.choices[0])
            self.button.set_detail(words.inside)
            self.button.setAccessibleDescription(words.label)
            self.button.clicked.connect(self._next_choice)
        else:
            self.edit = self._line(words)

    def typed(self) -> str:
        if self.edit is not None:
            return self.edit.text()
        return self.button.words() if self.button else ""

    def stop(self) -> QWidget:
        """Return what takes the focus."""
        return self.edit or self.button or self

    def set_look(self, look: Look) -> None:
        self._look = look
        spread_look(self, look)
        if self.edit is not None:
            self.edit.setFont(look.font("body_large", MEDIUM))
        self._arrange()

    def high(self, width: int) -> int:
        px = self._look.px
        hint = self.hint.heightForWidth(width) + px(2) if self.words.hint else 0
        return px(_LABEL + _FIELD) + hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        px, width = self._look.px, self.width()
        self.label.setGeometry(0, 0, width, px(_LABEL))
        self.stop().setGeometry(0, px(_LABEL), width, px(_FIELD))
        self.hint.setVisible(bool(self.words.hint))
        top = px(_LABEL + _FIELD) + px(2)
        self.hint.setGeometry(0, top, width, max(0, self.height() - top))

    def _line(self, words: FieldWords) -> QLineEdit:
        edit = QLineEdit(self)
        edit.setMaxLength(words.longest)
        edit.setPlaceholderText(words.inside)
        edit.setAccessibleName(words.label)
        edit.setAccessibleDescription(words.hint)
        edit.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        if words.hidden:
            edit.setEchoMode(QLineEdit.EchoMode.Password)
            edit.setInputMethodHints(
                Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
            )
        edit.setText(words.text)
        edit.textEdited.connect(self.changed)
        return edit

    def _next_choice(self) -> None:
        if self.button is not None:
            choices = self.words.choices
            at = choices.index(self.button.words()) if self.button.words() in choices else -1
            self.button.set_words(choices[(at + 1) % len(choices)])
            self.changed.emit()


class FormFields(QScrollArea):
    """The fields of one form; whatever has the focus is in sight."""

    changed = Signal(str)  # the name of the field

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._page = QWidget()
        self._page.setProperty("scrolled", True)
        self._fields: list[_Field] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self._page)

    def show_fields(self, fields: list[FieldWords]) -> None:
        """Show an empty form; what was typed into the one before is gone."""
        self.clear()
        for words in fields:
            field = _Field(words, self._page)
            field.set_look(self._look)
            field.changed.connect(lambda name=words.name: self.changed.emit(name))
            field.stop().installEventFilter(self)
            field.show()
            self._fields.append(field)
        self.verticalScrollBar().setValue(0)
        self._arrange()

    def clear(self) -> None:
        """Forget everything that was typed."""
        for field in self._fields:
            if field.edit is not None:
                field.edit.clear()
            field.hide()
            field.deleteLater()
        self._fields = []

    def typed(self) -> dict[str, str]:
        """Return what stands in each field, by its name."""
        return {field.words.name: field.typed().strip() for field in self._fields}

    def is_changed(self) -> bool:
        """Say whether anything was typed."""
        return any(field.typed() != (field.words.text or _first(field.words)) for field in self._fields)

    def stops(self) -> list[QWidget]:
        """Return what takes the focus, in order."""
        return [field.stop() for field in self._fields]

    def edit(self, name: str) -> QLineEdit:
        """Return the text field of a name."""
        found = next(field.edit for field in self._fields if field.words.name == name)
        if found is None:
            raise KeyError(name)
        return found

    def focus(self, name: str) -> None:
        """Go to a field."""
        for field in self._fields:
            if field.words.name == name:
                field.stop().setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Bring what has the focus into sight."""
        if event.type() == QEvent.Type.FocusIn:
            field = next((field for field in self._fields if field.stop() is watched), None)
            if field is not None:
                self.ensureWidgetVisible(field, 0, self._look.px(8))
        return False

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        for field in self._fields:
            field.set_look(look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        width, top = max(1, self.viewport().width() - self._look.px(12)), 0
        for field in self._fields:
            high = field.high(width)
            field.setGeometry(0, top, width, high)
            top += high + self._look.px(_GAP)
        self._page.resize(width, top)


def _first(words: FieldWords) -> str:
    return words.choices[0] if words.choices else ""
