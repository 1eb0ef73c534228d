"""The parts of the first start's window and their places: steps at the side, question, page, note, keys."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.services.first_run import Step
from ui.theme.look import Look, spread_look
from ui.theme.metrics import Metrics
from ui.theme.painting import fill_background, painting
from ui.theme.tokens import LIGHT, Theme
from ui.theme.typography import SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.note_box import NoteBox
from ui.widgets.text import ElidedLabel
from ui.wizard.backend_form import BackendForm
from ui.wizard.letters import Letters
from ui.wizard.page import WizardPage
from ui.wizard.rail import StepRail

LEAST_SIZE = (800, 480)
_LOW = 760
"""Below this height, px at 1x, letters leave no room for what only explains."""


class WizardFrame(QWidget):
    """Places what it has; what that says and does is `ui.wizard.window`'s.

    Args:
        pages: One for each step, not yet of any window.
    """

    def __init__(self, pages: dict[Step, WizardPage]) -> None:
        super().__init__()
        self.pages = pages
        self.look = Look(LIGHT, Metrics.of(1280, 800))
        self.here: Step = Step.LANGUAGE
        self.form: BackendForm | None = None
        self.says_something = False
        self.rail = StepRail(self)
        self.question = ElidedLabel(role="title_large", weight=SEMIBOLD, parent=self)
        self.about = ElidedLabel(role="body_large", colour="ink2", parent=self)
        self.note = NoteBox(self)
        self.back = ActionButton(kind=ButtonKind.SECONDARY, key="Esc", parent=self)
        self.later = ElidedLabel(colour="ink2", parent=self)
        self.second = ActionButton(kind=ButtonKind.SECONDARY, parent=self)
        self.primary = ActionButton(kind=ButtonKind.PRIMARY, key="Enter", parent=self)
        self.letters = Letters(self)
        self.letters.shown.connect(self.arrange)
        for page in pages.values():
            page.setParent(self)
        self.setMinimumSize(*LEAST_SIZE)

    @property
    def page(self) -> WizardPage:
        """Return the page on show."""
        return self.pages[self.here]

    def set_theme(self, theme: Theme) -> None:
        """Wear other colours."""
        self.look = Look(theme, self.look.metrics)
        self._spread()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure everything anew."""
        super().resizeEvent(event)
        self.look = Look(self.look.theme, Metrics.of(self.width(), self.height()))
        self._spread()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground."""
        with painting(self) as painter:
            fill_background(painter, self, self.look)

    def show_frame(self, *, shown: bool) -> None:
        """Show what stands around the page, unless a form covers it."""
        for part in (self.question, self.about, self.primary, self.back, self.page):
            part.setVisible(shown)
        self.note.setVisible(shown and self.says_something)
        self.second.setVisible(shown and self.page.second() is not None)
        self.later.setVisible(shown)  # as far as there is room, see `arrange`

    def _spread(self) -> None:
        spread_look(self, self.look)
        self.arrange()
        self.update()

    def arrange(self) -> None:
        """Put everything in its place, px."""
        px, compact = self.look.px, self.look.metrics.compact
        rail = px(236 if compact else 320)
        self.rail.setGeometry(0, 0, rail, self.height())
        floor = self.height()
        if self.letters.is_shown():
            high = self.letters.wanted_height(self.height())
            floor -= high
            self.letters.keys.setGeometry(rail, floor, self.width() - rail, high)
        if self.form is not None:
            self.form.setGeometry(rail, 0, self.width() - rail, floor)
            self.form.set_look(self.look)
            self.letters.keys.raise_()
        side = px(24 if compact else 48)
        left, wide = rail + side, max(1, self.width() - rail - 2 * side)
        top = px(14 if compact else 40)
        self.question.setGeometry(left, top, wide, px(40))
        top += px(40)
        tight = self.letters.is_shown() and (compact or self.height() < px(_LOW))
        about = px(28) if self.about.text() and not tight else 0
        self.about.setVisible(about > 0 and self.form is None)
        self.note.setVisible(self.says_something and not tight and self.form is None)
        self.about.setGeometry(left, top, wide, about)
        top += about + px(12 if compact else 18)
        high = px(60 if compact else 64)
        bar = floor - px(14 if compact else 28) - high
        self._arrange_bar(QRect(left, bar, wide, high))
        self._arrange_page(QRect(left, top, wide, max(1, bar - px(12) - top)))

    def _arrange_page(self, room: QRect) -> None:
        """Put the page above its note."""
        px = self.look.px
        high = self.note.high(room.width()) if not self.note.isHidden() else 0
        self.page.setGeometry(room.adjusted(0, 0, 0, -high - (px(10) if high else 0)))
        for page in self.pages.values():
            if page is not self.page:
                page.setGeometry(self.page.geometry())
        self.note.setGeometry(room.left(), room.bottom() + 1 - high, room.width(), high)

    def _arrange_bar(self, bar: QRect) -> None:
        px = self.look.px
        back = max(px(140), self.back.sizeHint().width())
        primary = min(
            max(px(240 if self.look.metrics.compact else 340), self.primary.sizeHint().width()),
            bar.width() - back - px(12),
        )
        self.back.setGeometry(bar.left(), bar.top(), back, bar.height())
        self.primary.setGeometry(bar.right() + 1 - primary, bar.top(), primary, bar.height())
        left, right = bar.left() + back + px(16), bar.right() + 1 - primary - px(16)
        if self.page.second() is not None:
            second = min(self.second.sizeHint().width(), max(1, right - left))
            self.second.setGeometry(right - second, bar.top(), second, bar.height())
            right -= second + px(16)
        room = max(1, right - left)
        self.later.setGeometry(left, bar.top(), room, bar.height())
        words = self.page.words().later
        whole = self.later.text_within(room) in {words.full, words.short}
        self.later.setVisible(whole and bool(words.full) and self.form is None)
