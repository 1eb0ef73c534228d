"""The middle of an enrolment: the question to the customer, their own page, and all of the terms."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from cashier_app.scanning.printed_codes import PrintedCode
from cashier_app.wording.enrol import JoinWords, QuestionWords, TermsWords
from cashier_app.wording.sentences import Tone
from ui.theme.look import Look, spread_look
from ui.theme.typography import MEDIUM, SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.code_view import CodeView
from ui.widgets.icon_view import IconView
from ui.widgets.panel import Panel, PanelKind, PlacedPanel
from ui.widgets.text import ElidedLabel, PlainLabel

_TONES = {Tone.STOP: "red_text", Tone.GOOD: "accent_text", Tone.WAIT: "amber_text"}
_MOST_ROWS = 3


class QuestionPanel(PlacedPanel):
    """What is said aloud, and what the key press does; framed while it is asked."""

    other_language = Signal()
    terms_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.PLAIN, parent=parent)
        self.title = ElidedLabel(role="label", weight=SEMIBOLD, parent=self)
        self.text = PlainLabel(role="label", weight=MEDIUM, wrap=True, parent=self)
        self.language = ActionButton(kind=ButtonKind.SECONDARY, key="F3", parent=self)
        self.terms = ActionButton(kind=ButtonKind.SECONDARY, key="F1", parent=self)
        self.language.clicked.connect(self.other_language)
        self.terms.clicked.connect(self.terms_wanted)
        self.icons = [IconView(size=20, parent=self) for _ in range(_MOST_ROWS)]
        self.rows = [ElidedLabel(role="body", colour="ink2", parent=self) for _ in range(_MOST_ROWS)]
        self._count = 0

    def show_words(self, words: QuestionWords, *, framed: bool) -> None:
        """Ask something else; `framed` while Enter answers it."""
        self.set_kind(PanelKind.FRAMED if framed else PanelKind.PLAIN)
        self.title.set_text(words.title.full, words.title.short)
        self.text.set_text(words.text)
        for button, sentence in ((self.language, words.language), (self.terms, words.terms)):
            button.setVisible(sentence is not None)
            if sentence is not None:
                button.set_words(sentence.full, sentence.short)
        self.language.setAccessibleDescription(words.language_spoken)
        self._count = min(len(words.rows), _MOST_ROWS)
        for index in range(_MOST_ROWS):
            shown = index < self._count
            self.icons[index].setVisible(shown)
            self.rows[index].setVisible(shown)
            if shown:
                row = words.rows[index]
                colour = _TONES.get(row.tone, "ink2")
                self.icons[index].set_icon(row.icon, colour)
                self.rows[index].set_text(row.sentence.full, row.sentence.short)
                self.rows[index].set_colour(colour)
        self.setAccessibleName(words.spoken)
        self._place()

    def _place(self) -> None:
        px, metrics = self.look.px, self.look.metrics
        tight = metrics.compact or metrics.tight
        side, top, high = metrics.panel_padding, px(8 if tight else 14), px(48)
        width = self.width() - 2 * side
        head = 0 if self.language.isHidden() else min(self.language.sizeHint().width(), width // 2)
        title = px(34) if self.language.isHidden() else high
        self.title.setGeometry(side, top, width - head - (px(12) if head else 0), title)
        self.language.setGeometry(side + width - head, top, head, high)
        row = px(24 if tight else 28)
        bottom = self.height() - top
        widest = px(140) if metrics.compact else width // 2  # beside it stand two sentences
        foot = 0 if self.terms.isHidden() else min(self.terms.sizeHint().width(), widest)
        first = bottom - max(self._count * row, high if foot else 0)
        begins = first + (max(0, bottom - first - self._count * row)) // 2
        lead = px(2 if tight else 8)
        self.text.setGeometry(side, top + title + lead, width, max(1, first - top - title - lead - px(4)))
        self._fit_text(width, self.text.height())
        icon, room = px(20), width - foot - (px(12) if foot else 0)
        for index in range(self._count):
            at = begins + index * row
            self.icons[index].setGeometry(side, at + (row - icon) // 2, icon, icon)
            self.rows[index].setGeometry(side + icon + px(10), at, room - icon - px(10), row)
        self.terms.setGeometry(side + width - foot, bottom - high, foot, high)

    def _fit_text(self, width: int, height: int) -> None:
        """Take the largest size in which the whole sentence has room: it is read aloud from here."""
        for role in ("label_large", "label", "label_small", "body"):
            self.text.set_role(role, MEDIUM)
            if self.text.heightForWidth(width) <= height:
                return


class JoinPanel(PlacedPanel):
    """A code for the customer's own phone, or how it goes without one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.PLAIN, parent=parent)
        self.title = ElidedLabel(role="label", weight=SEMIBOLD, parent=self)
        self.body = PlainLabel(role="body", colour="ink2", wrap=True, parent=self)
        self.foot = ElidedLabel(role="body", colour="ink3", parent=self)
        self.code = CodeView(self)

    def show_words(self, words: JoinWords, code: PrintedCode | None) -> None:
        """Show another code, or none."""
        self.title.set_text(words.title.full, words.title.short)
        self.body.set_text(words.body)
        self.foot.set_text(words.foot.full, words.foot.short)
        self.foot.setVisible(bool(words.foot.full))
        self.code.setVisible(code is not None)
        if code != self.code.code():
            self.code.show_code(code)
        self.setAccessibleName(words.title.full)
        self.setAccessibleDescription(words.body)
        self._place()

    def _place(self) -> None:
        px, metrics = self.look.px, self.look.metrics
        side = metrics.panel_padding
        top = px(10 if metrics.compact else 16)
        tile = min(self.height() - 2 * top, self.width() // 2 - side)
        right = side + tile + px(16) if not self.code.isHidden() else side
        width = self.width() - side - right
        title = px(28 if metrics.compact else 34)
        foot = px(26) if not self.foot.isHidden() else 0
        self.title.setGeometry(side, top, width, title)
        self.body.setGeometry(side, top + title, width, self.height() - 2 * top - title - foot)
        self.body.set_role("body")
        self.foot.setGeometry(side, self.height() - top - foot, width, foot)
        self.code.setGeometry(self.width() - side - tile, (self.height() - tile) // 2, tile, tile)


class TermsPanel(Panel):
    """All of the terms over the question and the code; the arrow keys read on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.FRAMED, parent=parent)
        self.title = ElidedLabel(role="label", weight=SEMIBOLD, parent=self)
        self.area = QScrollArea(self)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._page = QWidget()
        self._page.setProperty("scrolled", True)
        self.text = PlainLabel(role="body_large", wrap=True, parent=self._page)
        self.area.setWidget(self._page)

    def show_words(self, words: TermsWords) -> None:
        """Show other terms, from their beginning."""
        changed = words.text != self.text.text()
        self.title.set_text(words.title.full)
        self.text.set_text(words.text)
        self.setAccessibleName(words.title.full)
        self.setAccessibleDescription(words.text)
        self._place()
        if changed:
            self.area.verticalScrollBar().setValue(0)

    def read_on(self, direction: int) -> None:
        """Move on (+1) or back (-1) by most of what is seen."""
        bar = self.area.verticalScrollBar()
        bar.setValue(bar.value() + direction * max(1, round(self.area.height() * 0.8)))

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        spread_look(self, look)
        self.text.set_look(look)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        px, side = self.look.px, self.look.metrics.panel_padding
        top, title = px(12), px(34)
        width = self.width() - 2 * side
        self.title.setGeometry(side, top, width, title)
        self.area.setGeometry(side, top + title, width, self.height() - 2 * top - title)
        inside = max(1, width - px(16))
        high = self.text.heightForWidth(inside)
        self._page.resize(inside, high)
        self.text.setGeometry(0, 0, inside, high)
