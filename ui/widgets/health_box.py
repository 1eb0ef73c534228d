"""The health of the till: each problem with its sentence and its one button, then what is simply so."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from cashier_app.services.health import Action
from cashier_app.wording.health import FactWords, HealthWords, ProblemWords
from cashier_app.wording.sentences import Tone
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.painting import RIGHT, draw_icon, draw_line, painting, text_width
from ui.theme.typography import SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.icon_view import IconView
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.text import ElidedLabel, PlainLabel

_KINDS = {Tone.STOP: (PanelKind.RED, "red_text"), Tone.WAIT: (PanelKind.AMBER, "amber_text")}
_SUMMARY = {Tone.STOP: "red_text", Tone.GOOD: "accent_text"}
_KEYS = {Action.OPEN_QUEUE: "F7", Action.OPEN_RETURN: "F4"}
_FACT, _LEAST_FACT = 44, 34
_HEAD = 48


class ProblemBox(Panel):
    """One problem. Its button says what cures it."""

    pressed = Signal(object)  # an Action
    accessible_role = QAccessible.Role.Grouping

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.AMBER, radius="control", parent=parent)
        self.set_edge_width(1)
        self.words: ProblemWords | None = None
        self.icon = IconView("warning", colour="amber_text", size=20, parent=self)
        self.title = PlainLabel(role="body", weight=SEMIBOLD, wrap=True, parent=self)
        self.detail = PlainLabel(role="body", wrap=True, parent=self)
        self.button = ActionButton(kind=ButtonKind.SECONDARY, parent=self)
        self.button.clicked.connect(self._press)

    def show_words(self, words: ProblemWords) -> None:
        """Show a problem."""
        self.words = words
        kind, token = _KINDS.get(words.tone, _KINDS[Tone.WAIT])
        self.set_kind(kind)
        self.icon.set_icon(words.icon, token)
        for label, sentence in ((self.title, words.title), (self.detail, words.detail)):
            label.set_colour(token)
            label.set_text(sentence.full)
        self.setAccessibleName(words.spoken)
        self.button.setVisible(words.button is not None)
        if words.button is not None:
            self.button.set_words(words.button.full, words.button.short)
            self.button.setAccessibleDescription(words.title.full)
            self.button.set_key(_KEYS.get(words.action, "") if words.action else "")

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        spread_look(self, look)

    def high(self, width: int) -> int:
        """Return the height wanted at this width, px."""
        text = self._text_width(width)
        lines = self.title.heightForWidth(text) + self._detail_height(text)
        least = self.look.px(68 if self.words and self.words.button else 52)
        return max(least, lines + 2 * self.look.px(10))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        px = self.look.px
        text = self._text_width(self.width())
        title, detail = self.title.heightForWidth(text), self._detail_height(text)
        top = (self.height() - title - detail) // 2
        side = px(20)
        self.icon.setGeometry(px(15), (self.height() - side) // 2, side, side)
        self.title.setGeometry(px(48), top, text, title)
        self.detail.setGeometry(px(48), top + title, text, detail)
        button = self._button_width()
        self.button.setGeometry(self.width() - px(10) - button, (self.height() - px(48)) // 2, button, px(48))

    def _detail_height(self, width: int) -> int:
        return self.detail.heightForWidth(width) if self.detail.text() else 0

    def _text_width(self, width: int) -> int:
        px = self.look.px
        button = self._button_width() + px(14) if self.words and self.words.button else px(14)
        return max(1, width - px(48) - button)

    def _button_width(self) -> int:
        return max(self.look.px(84), self.button.sizeHint().width())

    def _press(self) -> None:
        if self.words is not None and self.words.action is not None:
            self.pressed.emit(self.words.action)


class FactRow(QWidget):
    """One quiet line."""

    accessible_role = QAccessible.Role.StaticText

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self.words: FactWords | None = None

    def show_words(self, words: FactWords) -> None:
        """Show a fact."""
        self.words = words
        self.setAccessibleName(words.spoken)
        self.update()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    def shown(self) -> tuple[str, str]:
        """Return label and value in the forms that fit."""
        words, font = self.words, self._look.font("body")
        if words is None:
            return "", ""
        room = self.width() - self._look.px(32 + 16)
        for label, value in (
            (words.label.full, words.value.full),
            (words.label.full, words.value.short),
            (words.label.short, words.value.short),
        ):
            if text_width(label, font) + text_width(value, font) <= room:
                return label, value
        return words.label.short, words.value.short

    def is_elided(self) -> bool:
        """Return whether something is cut off."""
        font = self._look.font("body")
        return sum(text_width(part, font) for part in self.shown()) > self.width() - self._look.px(32 + 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        look, words = self._look, self.words
        if words is None:
            return
        px, font = look.px, look.font("body")
        label, value = self.shown()
        right = min(round(text_width(value, font)) + 1, self.width() * 2 // 3)
        with painting(self) as painter:
            side = px(20)
            draw_icon(painter, QRectF(0, (self.height() - side) / 2, side, side), words.icon, "ink2", look)
            left = QRect(px(32), 0, self.width() - px(32) - right - px(12), self.height())
            draw_line(painter, left, label, font, look.colour("ink"))
            place = QRect(self.width() - right, 0, right, self.height())
            draw_line(painter, place, value, font, look.colour("ink2"), RIGHT)


class HealthBox(Panel):
    """Problems first, then facts; what has no room scrolls."""

    wanted = Signal(object)  # an Action
    accessible_role = QAccessible.Role.Grouping

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.PLAIN, parent=parent)
        self.title = ElidedLabel(role="label_small", weight=SEMIBOLD, parent=self)
        self.summary = ElidedLabel(role="body", align=RIGHT, parent=self)
        self.page = QWidget()
        self.page.setProperty("scrolled", True)
        self.problems: list[ProblemBox] = []
        self.facts: list[FactRow] = []
        self.area = QScrollArea(self)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self.page)
        self.area.viewport().setAutoFillBackground(False)
        self.page.setAutoFillBackground(False)

    def show_words(self, words: HealthWords) -> None:
        """Show how the till is."""
        self.setAccessibleName(f"{words.title.full}, {words.summary.full}")
        self.title.set_text(words.title.full, words.title.short)
        self.summary.set_text(words.summary.full, words.summary.short)
        self.summary.set_colour(_SUMMARY.get(words.tone, "ink2"))
        while len(self.problems) < len(words.problems):
            box = ProblemBox(self.page)
            box.set_look(self.look)
            box.pressed.connect(self.wanted)
            box.button.installEventFilter(self)
            self.problems.append(box)
        while len(self.facts) < len(words.facts):
            row = FactRow(self.page)
            row.set_look(self.look)
            self.facts.append(row)
        for at, box in enumerate(self.problems):
            box.setVisible(at < len(words.problems))
            if at < len(words.problems):
                box.show_words(words.problems[at])
        for at, row in enumerate(self.facts):
            row.setVisible(at < len(words.facts))
            if at < len(words.facts):
                row.show_words(words.facts[at])
        self._place()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        for part in (self.title, self.summary):
            part.set_look(look)
        spread_look(self.page, look)
        self._place()

    def needed_height(self, width: int) -> int:
        """Return the height at which nothing scrolls, px."""
        px = self.look.px
        inside = width - 2 * px(20)
        boxes = [box.high(inside) + px(8) for box in self._shown_problems()]
        return px(_HEAD) + sum(boxes) + len(self._shown_facts()) * px(_FACT - 4) + px(16)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Bring what has the focus into sight."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self.area.ensureWidgetVisible(watched, 0, self.look.px(12))
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._place()

    def _shown_problems(self) -> list[ProblemBox]:
        return [box for box in self.problems if not box.isHidden()]

    def _shown_facts(self) -> list[FactRow]:
        return [row for row in self.facts if not row.isHidden()]

    def _place(self) -> None:
        px = self.look.px
        side, width = px(20), self.width() - 2 * px(20)
        half = width // 2
        self.title.setGeometry(side, px(6), half, px(_HEAD - 10))
        self.summary.setGeometry(side + half, px(6), width - half, px(_HEAD - 10))
        top_of_area = px(6) + px(_HEAD - 10)
        room = max(1, self.height() - top_of_area - px(10))
        # The bar, where there is one, lies in the margin.
        self.area.setGeometry(side, top_of_area, width + px(17), room)
        boxes, facts = self._shown_problems(), self._shown_facts()
        top = 0
        for box in boxes:
            high = box.high(width)
            box.setGeometry(0, top, width, high)
            top += high + px(8)
        top += px(4) if boxes else 0
        left = (room - top) // max(1, len(facts))
        high = min(px(_FACT), max(px(_LEAST_FACT), left))
        for row in facts:
            row.setGeometry(0, top, width, high)
            top += high
        self.page.resize(width, top)
