"""The window of practice passes: choose a member, and their pass is there to be scanned from the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from cashier_app.practice_opening import KINDS, practice_wording
from cashier_app.wording.practice_pass import kind_name, passes_words
from cashier_app.wording.practice_sheet import caption
from cashier_app.wording.training_mark import training_word
from ui.accessibility import announce
from ui.theme.look import Look, spread_look
from ui.theme.painting import fill_background, painting
from ui.training.material_window import MaterialWindow, why_not_shown
from ui.training.pass_card import PassCard
from ui.training.pass_row import PassRow
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.text import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from cashier_app.domain.practice_pass import PassHolder
    from cashier_app.ports.runner import Runner
    from cashier_app.practice_opening import PracticeMaterial
    from cashier_app.scanning.printed_codes import PrintedCode
    from cashier_app.wording import Wording
    from cashier_app.wording.practice_pass import PassWords

SIZES: Final = (0.6, 0.8, 1.0, 1.25, 1.5, 2.0)
_USUAL: Final = 2
_WINDOW: Final = QSize(960, 560)
_PAGE: Final = 6
_MOVES: Final = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -_PAGE,
    Qt.Key.Key_PageDown: _PAGE,
    Qt.Key.Key_Home: -1000,
    Qt.Key.Key_End: 1000,
}

Loaded = list[tuple["PassHolder", "PassWords"]]


class PassesWindow(MaterialWindow):
    """All members of the practice shop and the pass of one.

    Args:
        material: Members and codes; asked on a worker, because reading and drawing load libraries.
        store: Whose passes they are.
    """

    print_wanted = Signal()
    phone_wanted = Signal(str)  # a member's id

    def __init__(self, material: PracticeMaterial, wording: Wording, store: str, runner: Runner) -> None:
        self._words = passes_words(wording)
        super().__init__(self._words.title, _WINDOW)
        self._material, self._wording, self._runner = material, wording, runner
        self._people: Loaded = []
        self._at, self._kind, self._size = 0, KINDS[0], _USUAL
        self.card = PassCard(store, training_word(wording), self)
        self.rows: list[PassRow] = []
        self._list = QScrollArea(self)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._page = _Page()
        self._list.setWidget(self._page)
        self.about = PlainLabel(wrap=True, role="body", colour="ink2", parent=self)
        self.kinds = [
            ActionButton(kind_name(kind, wording), kind=ButtonKind.CHOICE, key=str(number), parent=self)
            for number, kind in enumerate(KINDS, start=1)
        ]
        for button, kind in zip(self.kinds, KINDS, strict=True):
            button.clicked.connect(lambda _=False, kind=kind: self.take_kind(kind))
        self.smaller = ActionButton(self._words.smaller, key="-", parent=self)
        self.larger = ActionButton(self._words.larger, key="+", parent=self)
        self.phone = ActionButton(self._words.phone, key="H", parent=self)
        self.printing = ActionButton(self._words.print_sheet, key="P", parent=self)
        self.before = ActionButton(icon="arrow-up", parent=self)
        self.after = ActionButton(icon="arrow-down", parent=self)
        self.before.setAccessibleName(self._words.before)
        self.after.setAccessibleName(self._words.after)
        self.before.clicked.connect(lambda: self._go_to(self._at - _PAGE))
        self.after.clicked.connect(lambda: self._go_to(self._at + _PAGE))
        for button in (
            *self.kinds,
            self.smaller,
            self.larger,
            self.phone,
            self.printing,
            self.before,
            self.after,
        ):
            # A press must not take the arrows away from the list.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.smaller.clicked.connect(lambda: self.take_size(-1))
        self.larger.clicked.connect(lambda: self.take_size(1))
        self.phone.clicked.connect(self._want_phone)
        self.printing.clicked.connect(self.print_wanted)
        runner.run(self._load, self._loaded, self._failed)

    # --- what is on show ----------------------------------------------------------------------------

    def choose(self, member_id: str) -> None:
        """Show the pass of a member; nobody of that name changes nothing."""
        for place, (holder, _) in enumerate(self._people):
            if holder.member_id == member_id:
                self._go_to(place)

    def chosen(self) -> str:
        """Return whose pass is on show; empty before they are read."""
        return self._people[self._at][0].member_id if self._people else ""

    def take_kind(self, kind: str) -> None:
        """Show another kind of code."""
        self._kind = kind
        self._show()

    def take_size(self, steps: int) -> None:
        """Make the code larger or smaller; it stays within its ground."""
        self._size = max(0, min(len(SIZES) - 1, self._size + steps))
        self.card.set_size(SIZES[self._size])
        self.smaller.setEnabled(self._size > 0)
        self.larger.setEnabled(self._size < len(SIZES) - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by arrows, kinds by digits; + and - change the size, Esc closes."""
        key = Qt.Key(event.key())
        if key in _MOVES:
            self._go_to(self._at + _MOVES[key])
        elif event.text() in {"1", "2", "3", "4"}:
            self.take_kind(KINDS[int(event.text()) - 1])
        elif event.text() in {"+", "-"}:
            self.take_size(1 if event.text() == "+" else -1)
        elif key == Qt.Key.Key_H:
            self._want_phone()
        elif key == Qt.Key.Key_P:
            self.print_wanted.emit()
        elif key == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._page.look = look
        super().set_look(look)
        spread_look(self._page, look)

    def _load(self) -> Loaded:
        wording = practice_wording(self._wording, self._material)
        return [(one, self._material.words(one, wording)) for one in self._material.members]

    def _loaded(self, people: Loaded) -> None:
        wanted = self.chosen()
        self._people = people
        for place, (_, words) in enumerate(people):
            row = PassRow(words, self._page)
            row.set_look(self._look)
            row.clicked.connect(lambda _=False, place=place: self._go_to(place))
            row.show()
            self.rows.append(row)
        self._arrange()
        self.choose(wanted) if wanted else self._go_to(0)

    def _go_to(self, place: int) -> None:
        if not self._people:
            return
        self._at = max(0, min(len(self._people) - 1, place))
        for number, row in enumerate(self.rows):
            row.set_chosen(number == self._at)
        self._list.ensureWidgetVisible(self.rows[self._at], 0, self._look.px(20))
        self._show()

    def _show(self) -> None:
        for button, kind in zip(self.kinds, KINDS, strict=True):
            button.set_selected(kind == self._kind)
        if not self._people:
            return
        holder, words = self._people[self._at]
        kind = self._kind
        under = caption(self._wording, words.number if kind == KINDS[3] else kind_name(kind, self._wording))

        def drawn(code: PrintedCode) -> None:
            if (holder.member_id, kind) == (self.chosen(), self._kind):
                self.card.show_pass(words, code, under)
                announce(self.card, words.spoken)

        self.about.set_text("\n".join(words.good_for))
        self._arrange()
        self._runner.run(lambda: self._material.fixed_code(holder, kind), drawn, self._failed)

    def _failed(self, error: BaseException) -> None:
        self.about.set_text(why_not_shown(error, self._wording))
        self._arrange()

    def _want_phone(self) -> None:
        if self._people:
            self.phone_wanted.emit(self.chosen())

    def _arrange(self) -> None:
        super()._arrange()
        px, edge = self._look.px, self.inset()
        gap, high = px(8), px(48)
        left_wide = round((self.width() - 2 * edge) * 0.4)
        foot = self.height() - edge - high
        half = (left_wide - 2 * (high + gap) - gap) // 2
        self.phone.setGeometry(edge, foot, half, high)
        self.printing.setGeometry(edge + half + gap, foot, half, high)
        self.after.setGeometry(edge + left_wide - high, foot, high, high)
        self.before.setGeometry(edge + left_wide - 2 * high - gap, foot, high, high)
        self._list.setGeometry(edge, edge, left_wide, foot - edge - gap)
        row_high, inner = px(58), left_wide - px(16)
        self._page.resize(inner, max(1, len(self.rows) * (row_high + px(6))))
        for place, row in enumerate(self.rows):
            row.setGeometry(0, place * (row_high + px(6)), inner, row_high)
        left = edge + left_wide + px(20)
        card_wide = min(self.width() - edge - left, px(420))
        beside = self.width() - edge - left - card_wide - px(16)
        wide = px(164)
        if beside < wide:
            card_wide, beside = self.width() - edge - left - wide - px(16), wide
        self.card.setGeometry(left, edge, card_wide, self.height() - 2 * edge)
        side = QRect(left + card_wide + px(16), edge, beside, high)
        for button in self.kinds:
            button.setGeometry(side)
            side.translate(0, high + gap)
        side.translate(0, px(12))
        for button in (self.larger, self.smaller):
            button.setGeometry(side)
            side.translate(0, high + gap)
        self.about.setGeometry(
            side.left(), side.top() + px(8), beside, self.height() - edge - side.top() - px(8)
        )


class _Page(QWidget):
    """The ground under the rows."""

    def __init__(self) -> None:
        super().__init__()
        self.look: Look | None = None

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint as the window does."""
        if self.look is not None:
            with painting(self) as painter:
                fill_background(painter, self, self.look)
