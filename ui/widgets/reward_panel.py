"""The reward panel: what is taken off, why not more, and the choice; while paying, what to do."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QAccessible, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.services.till_view import LookingUp, Step, Target, TillView
from cashier_app.wording import Row, Sentence, Tone, Wording
from cashier_app.wording.choices import ChoiceKind
from cashier_app.wording.reward_panel import RewardPanelWords, StepRow, reward_panel
from ui.theme.look import Look, spread_look
from ui.theme.painting import text_width
from ui.theme.typography import MEDIUM, REGULAR, SEMIBOLD
from ui.widgets.big_text import AmountText
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.icon_view import IconView
from ui.widgets.keycap import Keycap
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.text import ElidedLabel
from ui.widgets.trouble_box import TroubleBox

_ROWS = 3  # reasons; two where the choice stands below them
_STEPS = 2
_COLOURS = {  # icon and words of a row
    Tone.PLAIN: ("ink2", "ink"),
    Tone.MUTED: ("ink2", "ink2"),
    Tone.GOOD: ("accent_text", "ink"),
    Tone.WAIT: ("amber_text", "amber_text"),
    Tone.STOP: ("red_text", "red_text"),
}
_DISCOUNT_COLOURS = {Tone.GOOD: "accent_text", Tone.WAIT: "amber_text", Tone.STOP: "red_text"}


class ReasonRow(QWidget):
    """An icon and a sentence on one line."""

    accessible_role = QAccessible.Role.StaticText

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconView(size=22, parent=self)
        self.label = ElidedLabel(role="body_large", parent=self)
        self._look: Look | None = None

    def show_row(self, row: Row) -> None:
        """Show another reason."""
        icon, ink = _COLOURS[row.tone]
        self._icon.set_icon(row.icon, icon)
        self.label.set_role("body_large", REGULAR if row.tone in {Tone.PLAIN, Tone.MUTED} else MEDIUM)
        self.label.set_text(row.sentence.full, row.sentence.short)
        self.label.set_colour(ink)
        self.setAccessibleName(row.sentence.full)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self._icon.set_look(look)
        self.label.set_look(look)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        if self._look is None:
            return
        side, gap = self._look.px(22), self._look.px(10)
        self._icon.setGeometry(0, (self.height() - side) // 2, side, side)
        self.label.setGeometry(side + gap, 0, max(1, self.width() - side - gap), self.height())


class StepLine(Panel):
    """One thing to do at the other till: a number, what, and the amount in large text."""

    accessible_role = QAccessible.Role.StaticText

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.SUNKEN, radius="control", parent=parent)
        self._number = Keycap(parent=self)
        self.label = ElidedLabel(role="body_large", weight=MEDIUM, parent=self)
        self.amount = AmountText(role="label_large", spacing=0, parent=self)

    def show_step(self, step: StepRow) -> None:
        """Show another step."""
        self._number.set_words(step.number)
        self.label.set_text(step.sentence.full, step.sentence.short)
        self.amount.set_amount(step.amount)
        self.setAccessibleName(f"{step.number}. {step.sentence.full} {step.amount}")
        self._place()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        for part in (self._number, self.label, self.amount):
            part.set_look(look)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        px = self.look.px
        key = self._number.sizeHint()
        self._number.setGeometry(px(12), (self.height() - key.height()) // 2, key.width(), key.height())
        left, right = px(12) + key.width() + px(12), self.width() - px(16)
        wanted = min(self.label.sizeHint().width(), (right - left) // 2)
        self.label.setGeometry(left, 0, wanted, self.height())
        start = left + wanted + px(12)
        self.amount.setGeometry(start, 0, max(1, right - start), self.height())


class RewardPanel(Panel):
    """What may be taken off this bill; the panel shows, the key router and the buttons ask."""

    accessible_role = QAccessible.Role.Grouping
    choice_picked = Signal(ChoiceKind)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.PLAIN, parent=parent)
        self._words: RewardPanelWords | None = None
        self._title = ElidedLabel(role="label", weight=SEMIBOLD, parent=self)
        self._subtitle = ElidedLabel(colour="ink2", parent=self)
        self._discount = AmountText(role="figure", parent=self)
        self._trouble = TroubleBox(self)
        self._rows = [ReasonRow(self) for _ in range(_ROWS)]
        self._steps = [StepLine(self) for _ in range(_STEPS)]
        self._footer = ElidedLabel(colour="ink2", parent=self)
        self._choices = {kind: self._choice_button(kind) for kind in ChoiceKind}
        self._keys: dict[ActionButton, str] = {}
        self._nothing = Panel(PanelKind.SUNKEN, radius="control", parent=self)
        self._nothing_icon = IconView("minus-circle", size=22, parent=self._nothing)
        self._nothing_words = ElidedLabel(role="body", weight=MEDIUM, colour="ink2", parent=self._nothing)

    def show_view(self, view: TillView, wording: Wording) -> None:
        """Show the reward panel of this view; framed where the discount takes the keys."""
        words = self._words = reward_panel(view, wording)
        framed = view.target is Target.DISCOUNT
        off = isinstance(view.person, LookingUp) and view.step is not Step.DONE
        self.set_kind(PanelKind.FRAMED if framed else PanelKind.OFF if off else PanelKind.PLAIN)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if framed else Qt.FocusPolicy.NoFocus)
        self._title.set_text(words.title.full, words.title.short)
        self._title.set_colour("ink3" if off else "ink")
        self._subtitle.set_text(words.subtitle.full, words.subtitle.short)
        self._subtitle.set_colour("ink3" if off else "ink2")
        self._show_discount(words, framed=framed and view.discount_entry is not None)
        self._show_rows(words)
        self._footer.set_colour("amber_text" if view.hold_over else "ink2")
        self._show_choices(words)
        self.setAccessibleName(f"{words.title.full}. {words.subtitle.full}")
        self.setAccessibleDescription(words.spoken)
        self._place()

    def discount(self) -> AmountText:
        """Return the discount, for tests of alignment."""
        return self._discount

    def spoken_rows(self) -> str:
        """Return the reasons shown, as one line to be spoken."""
        return " ".join(row.accessibleName() for row in self._rows if not row.isHidden())

    def trouble(self) -> TroubleBox:
        """Return the box that says what failed."""
        return self._trouble

    def choices(self) -> dict[ChoiceKind, ActionButton]:
        """Return the buttons of the choice."""
        return self._choices

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        spread_look(self, look)
        for part in (self._nothing_icon, self._nothing_words):
            part.set_look(look)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._place()

    def _choice_button(self, kind: ChoiceKind) -> ActionButton:
        button = ActionButton(kind=ButtonKind.CHOICE, parent=self)
        button.clicked.connect(lambda: self.choice_picked.emit(kind))
        return button

    def _show_discount(self, words: RewardPanelWords, *, framed: bool) -> None:
        self._discount.set_amount(words.discount + words.discount_dim, tail=words.discount_dim, caret=framed)
        colour = _DISCOUNT_COLOURS.get(words.discount_tone, "ink3")
        self._discount.set_colour(colour)
        self._discount.set_tail_colour(colour)
        self._discount.setAccessibleName(words.spoken or words.discount)

    def _show_rows(self, words: RewardPanelWords) -> None:
        room = _ROWS - 1 if words.choices or words.nothing else _ROWS
        self._trouble.show_row(words.trouble)
        # What failed comes in their place: there is no room for both, and only one of them matters now.
        rows = () if words.steps or words.trouble else words.rows[:room]
        steps = () if words.trouble else words.steps
        for index, row_view in enumerate(self._rows):
            row_view.setVisible(index < len(rows))
            if index < len(rows):
                row_view.show_row(rows[index])
        for index, step_view in enumerate(self._steps):
            step_view.setVisible(index < len(steps))
            if index < len(steps):
                step_view.show_step(steps[index])
        footer = words.footer or Sentence.of("")
        self._footer.set_text(footer.full, footer.short)
        self._footer.setVisible(bool(footer.full))

    def _show_choices(self, words: RewardPanelWords) -> None:
        shown = {choice.kind: choice for choice in words.choices}
        chosen = next((choice.kind for choice in words.choices if choice.chosen), None)
        for place, (kind, button) in enumerate(self._choices.items()):
            button.setVisible(kind in shown)
            if kind not in shown:
                continue
            choice = shown[kind]
            button.set_words(choice.label.full, choice.label.short)
            self._keys[button] = choice.key
            button.set_selected(choice.chosen)
            button.setAccessibleName(choice.spoken)
            button.setEnabled(words.choices_enabled)
            # One stop for Tab; arrows go on inside.
            stop = kind is chosen or (chosen is None and place == 0)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus if stop else Qt.FocusPolicy.NoFocus)
        nothing = words.nothing or Sentence.of("")
        self._nothing.setVisible(bool(nothing.full))
        self._nothing_words.set_text(nothing.full, nothing.short)

    def _place(self) -> None:
        px, metrics = self.look.px, self.look.metrics
        compact = metrics.compact
        side, width = metrics.panel_padding, self.width() - 2 * metrics.panel_padding
        self._place_head(side, width)
        foot = px(12 if compact else 20)
        bottom = QRect(side, self.height() - foot - metrics.choice_height, width, metrics.choice_height)
        self._place_choices(bottom)
        pitch = px(25 if compact else 30 if metrics.tight else 33)
        first = px(62 if compact else 80 if metrics.tight else 84)
        for index, row in enumerate(self._rows):
            row.setGeometry(side, first + index * pitch, width, pitch)
        high = px(46 if compact else 50 if metrics.tight else 56)
        gap = px(6 if compact or metrics.tight else 8)
        top = px(62 if compact else 82 if metrics.tight else 88)
        for index, step in enumerate(self._steps):
            step.setGeometry(side, top + index * (high + gap), width, high)
        under = top + _STEPS * (high + gap)
        self._footer.setGeometry(side, under, width, max(px(24), self.height() - under - px(8)))
        taken = bottom.top() if self._footer.isHidden() else under
        self._trouble.place(QRect(side, first, width, taken - px(8) - first))

    def _place_head(self, side: int, width: int) -> None:
        """Place title, subtitle and discount; the discount has what the shorter subtitle leaves it."""
        px, compact = self.look.px, self.look.metrics.compact
        title, subtitle = px(22 if compact else 33), px(46 if compact else 60)
        line, gap = px(24 if compact else 26), px(12)
        figure = self._discount.sizeHint().width() if self._discount.text() else 0
        room = width - figure - gap if figure else width
        words = self._words.subtitle if self._words else Sentence.of("")
        font = self._look.font("body")
        title_width = self._title.sizeHint().width()
        needed = max(title_width, ceil(text_width(words.full, font)) + 2)
        if needed > room:
            needed = max(title_width, ceil(text_width(words.short, font)) + 2)
        left_width = min(needed, width * 3 // 5 if figure else width)
        self._title.setGeometry(side, title - line // 2, left_width, line)
        self._subtitle.setGeometry(side, subtitle - line // 2, left_width, line)
        middle, high = px(33 if compact else 47), px(56 if compact else 60)
        start = side + left_width + gap
        self._discount.setGeometry(start, middle - high // 2, max(1, side + width - start), high)

    def _fit_key(self, button: ActionButton) -> None:
        """Leave the keycap out where the words would be cut off beside it."""
        key = self._keys.get(button, "")
        button.set_key(key)
        if key and not button.has_room():
            button.set_key("")

    def _place_choices(self, box: QRect) -> None:
        px, gap = self.look.px, self.look.px(8)
        shown = [button for button in self._choices.values() if not button.isHidden()]
        each = (box.width() - max(len(shown) - 1, 0) * gap) / max(len(shown), 1)
        for place, button in enumerate(shown):
            left = box.left() + round(place * (each + gap))
            right = box.left() + round(place * (each + gap) + each)
            button.setGeometry(left, box.top(), right - left, box.height())
            self._fit_key(button)
        self._nothing.setGeometry(box)
        icon = px(22)
        self._nothing_icon.setGeometry(px(14), (box.height() - icon) // 2, icon, icon)
        left = px(14) + icon + px(10)
        self._nothing_words.setGeometry(left, 0, box.width() - left - px(14), box.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep a press on the panel from going further."""
        event.accept()
