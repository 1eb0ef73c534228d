"""People to choose from: a few rows, each with its digit, in pages where there are more."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace
from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QAccessible, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording import Sentence
from cashier_app.wording.staff import PersonWords
from ui.theme.look import Look, spread_look
from ui.theme.painting import CENTRE
from ui.theme.typography import SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.person_button import PersonButton
from ui.widgets.text import ElidedLabel

MOST_ROWS = 9
"""As many as there are digits to choose with."""

_ROW, _LEAST_ROW, _TIGHT_GAP = 64, 48, 5


class PeopleList(Panel):
    """Shows people and tells which one is pressed. The rows of a page that is not full stay empty.

    Args:
        pager: The spoken names of the two buttons that turn the page.
        most: How many rows there are at most.
        bare: Whether it stands inside a card: no frame, no title.
    """

    accessible_role = QAccessible.Role.List
    picked = Signal(int)  # the place among all people, from 0

    def __init__(
        self,
        pager: tuple[str, str],
        parent: QWidget | None = None,
        *,
        most: int = MOST_ROWS,
        bare: bool = False,
    ) -> None:
        super().__init__(PanelKind.PLAIN, parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if bare else Qt.FocusPolicy.StrongFocus)
        self._most, self._bare = most, bare
        self._people: tuple[PersonWords, ...] = ()
        self._first, self._marked = 0, -1
        self.title = ElidedLabel(role="label_large", weight=SEMIBOLD, parent=self)
        self.rows = [PersonButton(self) for _ in range(most)]
        for place, row in enumerate(self.rows):
            row.clicked.connect(lambda _=False, place=place: self.picked.emit(self._first + place))
        before, after = pager
        self.before = ActionButton(kind=ButtonKind.SECONDARY, icon="caret-left", parent=self)
        self.after = ActionButton(kind=ButtonKind.SECONDARY, icon="caret-right", parent=self)
        self.before.setAccessibleName(before)
        self.after.setAccessibleName(after)
        self.before.clicked.connect(lambda: self.turn(-1))
        self.after.clicked.connect(lambda: self.turn(+1))
        self.pages = ElidedLabel(role="body", colour="ink2", align=CENTRE, parent=self)

    def show_people(self, title: Sentence, people: Sequence[PersonWords], marked: int) -> None:
        """Show all of them; `marked` is the place Enter takes, -1 for none."""
        self.title.set_text(title.full, title.short)
        self.setAccessibleName(title.full)
        if marked != self._marked or tuple(people) != self._people:
            self._people, self._marked = tuple(people), marked
            step = self._rows_a_page()
            at = marked if marked >= 0 else min(self._first, max(0, len(self._people) - 1))
            self._first = at // step * step
        self._fill()

    def marked(self) -> int:
        """Return the place Enter takes, -1 for none."""
        return self._marked

    def mark_by(self, direction: int) -> None:
        """Mark the person below (+1) or above (-1), over the end of the page as well."""
        if not self._people:
            return
        at = (
            self._marked + direction if self._marked >= 0 else (0 if direction > 0 else len(self._people) - 1)
        )
        self._marked = min(max(at, 0), len(self._people) - 1)
        step = self._rows_a_page()
        self._first = self._marked // step * step
        self._fill()
        row = self.rows[self._marked - self._first]
        row.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def turn(self, direction: int) -> None:
        """Show the next page (+1) or the one before (-1)."""
        step = self._rows_a_page()
        last = max(0, (len(self._people) - 1) // step * step)
        first = min(max(self._first + direction * step, 0), last)
        if first != self._first:
            self._first, self._marked = first, -1
            self._fill()

    def place_of(self, digit: str) -> int | None:
        """Return the place among all people of who has this digit on this page, or None."""
        at = int(digit) - 1 if digit.isascii() and digit.isdigit() else -1
        shown = min(self._rows_a_page(), len(self._people) - self._first)
        return self._first + at if 0 <= at < shown else None

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        spread_look(self, look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._arrange()

    def _rows_a_page(self) -> int:
        # One row's place is for turning the page.
        return self._most if len(self._people) <= self._most else self._most - 1

    def _fill(self) -> None:
        step, count = self._rows_a_page(), len(self._people)
        page = self._people[self._first : self._first + step]
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(page))
            if place < len(page):
                keyed = replace(page[place], key=str(place + 1))
                row.show_person(keyed, marked=self._first + place == self._marked)
        paged = count > self._most
        for part in (self.before, self.after, self.pages):
            part.setVisible(paged)
        if paged:
            self.pages.set_text(f"{self._first // step + 1} / {(count - 1) // step + 1}")
            self._enable(self.before, self._first > 0)
            self._enable(self.after, self._first + step < count)
        self._arrange()

    def _enable(self, button: ActionButton, enabled: bool) -> None:  # noqa: FBT001 - a fact
        if not enabled and button.hasFocus():
            self.rows[0].setFocus(Qt.FocusReason.OtherFocusReason)
        button.setEnabled(enabled)

    def rows_high(self) -> int:
        """Return the height of the rows in use without a frame, px."""
        rows = min(len(self._people), self._most)
        return rows * self.look.px(_LEAST_ROW) + max(0, rows - 1) * self.look.px(_TIGHT_GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame, where there is one."""
        if not self._bare:
            super().paintEvent(event)

    def _arrange(self) -> None:
        px, compact = self.look.px, self.look.metrics.compact
        side, head, gap = (
            px(10 if compact else 16),
            px(28 if compact else 32),
            px(_TIGHT_GAP if compact else 8),
        )
        top = side + head + px(8 if compact else 12)
        if self._bare:
            side, top, gap = 0, 0, px(_TIGHT_GAP)
        self.title.setVisible(not self._bare)
        width = max(1, self.width() - 2 * side)
        self.title.setGeometry(side + px(4), side, max(1, width - px(4)), head)
        room = self.height() - side - top
        high = min(px(_ROW), max(px(_LEAST_ROW), (room - (self._most - 1) * gap) // self._most))
        if self._bare:
            high = px(_LEAST_ROW)
        for place, row in enumerate(self.rows):
            row.setGeometry(side, top + place * (high + gap), width, high)
        last = QRect(side, top + (self._most - 1) * (high + gap), width, high)
        button = px(48)
        self.before.setGeometry(last.left(), last.top(), button, high)
        self.after.setGeometry(last.left() + width - button, last.top(), button, high)
        self.pages.setGeometry(last.left() + button, last.top(), max(1, width - 2 * button), high)
