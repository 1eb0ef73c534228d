"""The head of the day view: which period, its neighbours, and the ways out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.domain.period import PeriodKind
from cashier_app.wording.day import DayButtons, DayHead
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.painting import text_width
from ui.theme.typography import SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.text import ElidedLabel

_KEYS = {PeriodKind.DAY: "D", PeriodKind.WEEK: "W", PeriodKind.MONTH: "M", PeriodKind.RANGE: "R"}
_GAP, _SIDE = 8, 48
_WITH_KEY, _NARROW = 112, 76
_LEAST_TITLE = 300
_TITLES = ("title_large", "title", "label", "body")


class DayTitle(QWidget):
    """One row: neighbours, title, periods, and the ways out."""

    neighbour_wanted = Signal(int)  # -1 or 1
    kind_wanted = Signal(object)  # a PeriodKind
    close_day_wanted = Signal()
    till_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._forms: tuple[str, ...] = ("",)
        self._titles = ("", "")
        self.before = ActionButton(kind=ButtonKind.SECONDARY, icon="caret-left", parent=self)
        self.after = ActionButton(kind=ButtonKind.SECONDARY, icon="caret-right", parent=self)
        self.title = ElidedLabel(role="title_large", weight=SEMIBOLD, parent=self)
        self.beside = ElidedLabel(role="body", colour="ink2", parent=self)
        self.kinds = {
            kind: ActionButton(kind=ButtonKind.CHOICE, key=key, parent=self) for kind, key in _KEYS.items()
        }
        self.close_day = ActionButton(kind=ButtonKind.SECONDARY, key="Z", parent=self)
        self.till = ActionButton(kind=ButtonKind.SECONDARY, key="Esc", parent=self)
        self._widths: dict[bool, dict[PeriodKind, int]] = {}
        self._measure()
        self.before.clicked.connect(lambda: self.neighbour_wanted.emit(-1))
        self.after.clicked.connect(lambda: self.neighbour_wanted.emit(1))
        for kind, button in self.kinds.items():
            button.clicked.connect(lambda _=False, kind=kind: self.kind_wanted.emit(kind))
        self.close_day.clicked.connect(self.close_day_wanted)
        self.till.clicked.connect(self.till_wanted)

    def show_buttons(self, words: DayButtons) -> None:
        """Label the buttons."""
        self.before.setAccessibleName(words.before)
        self.after.setAccessibleName(words.after)
        for kind, button in self.kinds.items():
            button.set_words(words.periods[kind].full, words.periods[kind].short)
        self.close_day.set_words(words.close_day.full, words.close_day.short)
        self.till.set_words(words.till.full, words.till.short)
        self._measure()
        self._place()

    def show_head(self, words: DayHead, kind: PeriodKind, trouble: str = "") -> None:
        """Say which period is shown; `trouble` stands where the comparison would."""
        self._titles = (words.title.full, words.title.short)
        self.title.set_text(*self._titles)
        self._forms = (trouble,) if trouble else words.beside
        self.beside.set_colour("red_text" if trouble else "ink2")
        for other, button in self.kinds.items():
            button.set_selected(other is kind)
        self._place()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self._measure()
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        px = self._look.px
        top, high = px(2), px(48)
        gap = px(_GAP)
        left = 0
        for button in (self.before, self.after):
            button.setGeometry(left, top, px(_SIDE), high)
            left += px(_SIDE) + gap
        right = self.width()
        for button, least in ((self.till, 112), (self.close_day, 118)):
            if button.isHidden():
                continue
            width = max(px(least), button.sizeHint().width())
            right -= width
            button.setGeometry(right, top, width, high)
            right -= gap
        needed = sum(self._widths[True].values()) + len(_KEYS) * gap
        wide = right - left - needed >= px(_LEAST_TITLE)
        for kind in reversed(self.kinds):
            button = self.kinds[kind]
            # Without its keycap: the letter is the first of the word.
            button.set_key(_KEYS[kind] if wide else "")
            width = self._widths[wide][kind]
            right -= width
            button.setGeometry(right, top, width, high)
            right -= gap
        left += px(6)
        room = max(1, right - left)
        self.title.setGeometry(left, 0, room, px(29))
        self._fit_title(room)
        self.beside.setGeometry(left, px(29), room, self.height() - px(29))
        font = self._look.font("body")
        fitting = next((form for form in self._forms if text_width(form, font) <= room), self._forms[-1])
        self.beside.set_text(fitting)
        self.beside.setAccessibleName(self._forms[0])

    def _fit_title(self, room: int) -> None:
        """Write the title as large as it fits: in its short form sooner than small."""
        for role in _TITLES:
            face = self._look.font(role, SEMIBOLD)
            if min(text_width(words, face) for words in self._titles) <= room:
                break
        self.title.set_role(role, SEMIBOLD)

    def _measure(self) -> None:
        """Work out how wide the periods are, with and without their keycaps."""
        px = self._look.px
        self._widths = {
            True: {kind: max(px(_WITH_KEY), self._wanted(kind, key)) for kind, key in _KEYS.items()},
            False: {kind: max(px(_NARROW), self._wanted(kind, "")) for kind in _KEYS},
        }

    def _wanted(self, kind: PeriodKind, key: str) -> int:
        """Return the width that holds the label also when it is chosen, px: with its tick and its weight."""
        button = self.kinds[kind]
        was, had = button.is_selected(), button.key()
        button.set_selected(True)
        button.set_key(key)
        width = button.sizeHint().width()
        button.set_selected(was)
        button.set_key(had)
        return width
