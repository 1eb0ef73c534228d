"""The menu behind F10: what there is to open or to switch, each with a digit."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from cashier_app.wording import Wording
from cashier_app.wording.menu import Entry, MenuFacts, MenuWords, menu_words
from ui.key_words import Where
from ui.screens.drawer import Drawer
from ui.theme.motion import Motion
from ui.widgets.button import ActionButton, ButtonKind

_WIDTHS = {1: 460, 2: 760, 3: 1024}  # px at 1x, by columns
_ROW, _GAP = 56, 8
_AROUND, _AROUND_COMPACT = 112, 76  # px at 1x: the head and the margin below
_KEYS = "1234567890ABCDEFGHIJKL"


class MenuDrawer(Drawer):
    """A narrow drawer of rows; a switch stays open and says what holds now.

    Args:
        acts: Reads what each entry does; an entry without an act is not in the menu.
        facts: Reads what the switches say now.
    """

    where = Where.MENU

    def __init__(
        self,
        acts: Callable[[], Mapping[Entry, Callable[[], None]]],
        facts: Callable[[], MenuFacts],
        wording: Wording,
        *,
        motion: Motion,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(motion, parent)
        self._acts, self._facts, self._wording = acts, facts, wording
        self.rows: dict[Entry, ActionButton] = {}
        self.show_facts()

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self.show_facts()

    def open_drawer(self) -> None:
        """Slide in with what holds now."""
        self.show_facts()
        super().open_drawer()

    def first_focus(self) -> QWidget:
        """Return the first row."""
        return next(iter(self.rows.values()), self.close_button)

    def panel_width(self) -> int:
        """Return the width of the panel, px: words and a key need no more, in each column."""
        return min(self.width(), self._look.px(_WIDTHS[self._columns()]))

    def choose(self, character: str) -> None:
        """Do what the entry with this digit does."""
        row = next((row for row in self.rows.values() if row.key() == character), None)
        if row is not None:
            row.click()

    def next_row(self) -> None:
        """Mark the row below."""
        self._mark(+1)

    def previous_row(self) -> None:
        """Mark the row above."""
        self._mark(-1)

    def open_row(self) -> None:
        """Do what the marked entry does."""
        focus = self.focusWidget()
        if isinstance(focus, ActionButton):
            focus.click()

    def show_facts(self) -> None:
        """Say what holds now."""
        words = menu_words(self._acts().keys(), self._facts(), self._wording)
        self.say(words.title, words.close)
        self._show_rows(words)

    def arrange_inside(self, inside: QRect) -> None:
        """Place the rows, px."""
        px, columns = self._look.px, self._columns()
        high, in_column = self._row_high(), -(-len(self.rows) // columns)
        width = (inside.width() - (columns - 1) * px(_GAP)) // columns
        for place, row in enumerate(self.rows.values()):
            column, line = divmod(place, max(1, in_column))
            left = inside.left() + column * (width + px(_GAP))
            row.setGeometry(left, inside.top() + line * (high + px(_GAP)), width, high)

    def _row_high(self) -> int:
        return self._look.px(48 if self._look.metrics.compact else _ROW)

    def _columns(self) -> int:
        """Return in how many columns all rows fit the window's height."""
        px = self._look.px
        room = self.height() - px(_AROUND_COMPACT if self._look.metrics.compact else _AROUND) + px(_GAP)
        in_column = max(1, room // (self._row_high() + px(_GAP)))
        return min(max(_WIDTHS), max(1, -(-len(self.rows) // in_column)))

    def _show_rows(self, words: MenuWords) -> None:
        # Who is at the till decides what is there: rows go and come.
        for gone in self.rows.keys() - {entry.entry for entry in words.entries}:
            row = self.rows.pop(gone)
            row.hide()
            row.deleteLater()
        made = self.rows
        self.rows = {}
        for place, entry in enumerate(words.entries):
            row = made.get(entry.entry) or self._new_row(entry.entry, entry.icon)
            self.rows[entry.entry] = row
            row.set_key(_KEYS[place])
            row.set_words(entry.label.full, entry.label.short)
            row.set_detail(entry.detail)
            row.setAccessibleDescription(entry.detail)
        self.arrange()

    def _new_row(self, entry: Entry, icon: str) -> ActionButton:
        row = ActionButton(kind=ButtonKind.ROW, icon=icon, parent=self._panel)
        row.set_look(self._look)
        row.clicked.connect(lambda: self._act(entry))
        row.show()
        return row

    def _act(self, entry: Entry) -> None:
        self._acts()[entry]()
        if not self.isHidden():
            self.show_facts()

    def _mark(self, direction: int) -> None:
        rows = list(self.rows.values())
        here = next((place for place, row in enumerate(rows) if row.hasFocus()), -direction)
        at = min(max(here + direction, 0), len(rows) - 1)
        rows[at].setFocus(Qt.FocusReason.ShortcutFocusReason)
