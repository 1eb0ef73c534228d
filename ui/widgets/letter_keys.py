"""Letter keys for a touch screen: a head that says what is typed, rows of keys that take no focus."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording.letter_keys import CODES, LETTERS, SIGNS, LetterPage, PromptWords
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.painting import CENTRE, draw_frame, draw_icon, draw_line, painting
from ui.theme.typography import MEDIUM, SEMIBOLD, font_for_text
from ui.widgets.painted_button import PaintedButton
from ui.widgets.panel import Panel
from ui.widgets.text import ElidedLabel

DELETE = "\b"
_HEAD = 76
_CARRIER = "\N{DOTTED CIRCLE}"  # what a mark is shown on that cannot stand alone
_MARKS = frozenset("ौैाीूोे्िुं़ँًٌٍَُِّْ")


class Typed(Enum):
    """What a field takes: it decides which keys are at hand."""

    NAME = "name"  # capitals at the beginning of each part
    ADDRESS = "address"  # small Latin letters, such as an e-mail address
    CODE = "code"  # capitals and digits, no blanks


class LetterKey(PaintedButton):
    """One key, as wide as its row leaves it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._words, self._icon, self._large = "", "", True
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def words(self) -> str:
        """Return what stands on the key."""
        return self._words

    def show_words(self, words: str, *, icon: str = "", spoken: str = "", large: bool = True) -> None:
        """Show other words, or an icon in their place."""
        self._words, self._icon, self._large = words, icon, large
        self.setAccessibleName(spoken or words)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        look, box = self._look, QRectF(self.rect())
        fill = "key_press" if self.isDown() or self.isChecked() else "sunken" if self.shows_hover() else "key"
        with painting(self) as painter:
            edge = look.colour("line")
            draw_frame(painter, box, look.metrics.radius_control, fill=look.colour(fill), edge=edge)
            if self._icon:
                side = look.px(24)
                place = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side)
                draw_icon(painter, place, self._icon, "ink", look)
                return
            base = look.font("title" if self._large else "body_large", MEDIUM)
            shown = _CARRIER + self._words if self._words in _MARKS else self._words
            draw_line(painter, box, shown, font_for_text(shown, base), look.colour("ink"), CENTRE)


class LetterKeys(QWidget):
    """Covers the money and keys columns while a text field is typed into.

    Args:
        other: Pages of another script, or of accents.
    """

    typed = Signal(str)  # a character, or DELETE

    def __init__(self, other: tuple[LetterPage, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._other = other
        self._page, self._capital, self._typed = LETTERS, True, Typed.NAME
        self._space_name = ""
        self.head = Panel(parent=self)
        self.title = ElidedLabel(role="label", weight=SEMIBOLD, parent=self.head)
        self.aside = ElidedLabel(role="body", colour="ink2", parent=self.head)
        self.line = ElidedLabel(role="body", colour="ink2", parent=self.head)
        self.letters: list[LetterKey] = []
        self.shift, self.delete, self.signs, self.script, self.space, self.hyphen, self.quote = (
            LetterKey(self) for _ in range(7)
        )
        self._connect()
        self._fill()

    def show_prompt(self, words: PromptWords) -> None:
        """Say what is typed."""
        self.title.set_text(words.title.full, words.title.short)
        self.aside.set_text(words.aside.full, words.aside.short)
        self.line.set_text(words.line.full, words.line.short)
        self._place()

    def begin(self, typed: Typed, *, empty: bool) -> None:
        """Start with another field; `empty` while nothing stands in it."""
        self._typed, self._page = typed, self._first_page(typed)
        self._capital = typed is Typed.CODE or (empty and typed is Typed.NAME)
        self._fill()

    def name_keys(self, *, space: str, delete: str, shift: str) -> None:
        """Take the words of the keys that are no letters."""
        self._space_name = space
        self.delete.show_words("", icon="backspace", spoken=delete)
        self.shift.setAccessibleName(shift)
        self._fill()

    def page(self) -> LetterPage:
        """Return the page on show."""
        return self._page

    def key(self, words: str) -> LetterKey:
        """Return the key that shows this, or a LookupError."""
        shown = [key for key in self.findChildren(LetterKey) if not key.isHidden() and key.words() == words]
        return shown[0]

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        spread_look(self.head, look)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._place()

    # --- what is pressed --------------------------------------------------------------------------

    def _connect(self) -> None:
        self.shift.pressed.connect(self._shifted)
        self.delete.pressed.connect(lambda: self.typed.emit(DELETE))
        self.delete.setAutoRepeat(True)
        self.signs.pressed.connect(self._to_signs)
        self.script.pressed.connect(self._to_script)
        self.space.pressed.connect(lambda: self._type("-" if self._typed is Typed.CODE else " "))
        self.hyphen.pressed.connect(lambda: self._type(self.hyphen.words()))
        self.quote.pressed.connect(lambda: self._type(self.quote.words()))

    def _type(self, character: str) -> None:
        self.typed.emit(character)
        if self._typed is Typed.CODE:
            return
        capital = character in {" ", "-"} and self._page is LETTERS and self._typed is Typed.NAME
        if capital is not self._capital and self._page in {LETTERS, *self._second_case()}:
            self._capital = capital
            self._fill()

    @staticmethod
    def _first_page(typed: Typed) -> LetterPage:
        return CODES if typed is Typed.CODE else LETTERS

    def _second_case(self) -> tuple[LetterPage, ...]:
        return self._other[:1] if len(self._other) == 1 else ()

    def _shifted(self) -> None:
        if self._page in self._other and len(self._other) > 1:
            at = self._other.index(self._page)
            self._page = self._other[(at + 1) % len(self._other)]
        else:
            self._capital = not self._capital
        self._fill()

    def _to_signs(self) -> None:
        self._page = self._first_page(self._typed) if self._page is SIGNS else SIGNS
        self._fill()

    def _to_script(self) -> None:
        self._page = LETTERS if self._page in self._other else self._other[0]
        self._fill()

    # --- what is shown ------------------------------------------------------------------------------

    def _fill(self) -> None:
        page, other = self._page, self._other
        wanted = sum(len(row) for row in page.rows)
        while len(self.letters) < wanted:
            key = LetterKey(self)
            key.set_look(self._look)
            key.pressed.connect(lambda key=key: self._type(key.words()))
            self.letters.append(key)
        for key, letter in zip(self.letters, (one for row in page.rows for one in row), strict=False):
            key.show_words(self._cased(letter))
        for index, key in enumerate(self.letters):
            key.setVisible(index < wanted)
        second = other[(other.index(page) + 1) % len(other)].name if page in other else "Aa"
        self.shift.setVisible(page is not SIGNS)
        self.shift.setCheckable(True)
        self.shift.setChecked(self._capital and page not in other)
        spoken = self.shift.accessibleName()
        self.shift.show_words(
            second if len(other) > 1 and page in other else "Aa", spoken=spoken, large=False
        )
        self.signs.show_words(LETTERS.name if page is SIGNS else SIGNS.name, large=False)
        self.script.show_words(LETTERS.name if page in other else other[0].name, large=False)
        signs = {Typed.NAME: ("-", "'"), Typed.ADDRESS: ("@", "."), Typed.CODE: ("_", ".")}[self._typed]
        self.hyphen.show_words(signs[0])
        self.quote.show_words(signs[1])
        code = self._typed is Typed.CODE
        self.script.setVisible(not code)
        self.space.show_words("-" if code else self._space_name, large=code)
        self._place()

    def _cased(self, letter: str) -> str:
        upper = letter.upper()
        return upper if self._capital and len(upper) == 1 and self._page is not SIGNS else letter

    def _place(self) -> None:
        px, gap, width = self._look.px, self._look.metrics.keypad_gap, self.width()
        head = px(_HEAD)
        self.head.setGeometry(0, 0, width, head)
        self._place_head(width)
        top, high = head + gap, self.height() - head - gap
        page, at = self._page, 0
        count = len(page.rows) + 1
        rows = [round(top + index * (high + gap) / count) for index in range(count + 1)]
        across = max(10, *(len(row) for row in page.rows[:-1]))
        one = (width + gap) / across
        for index, row in enumerate(page.rows):
            keys = self.letters[at : at + len(row)]
            at += len(row)
            tall = rows[index + 1] - gap - rows[index]
            if index < count - 2:
                self._spread(keys, (width - len(row) * one + gap) / 2, one, rows[index], tall)
            else:
                self._place_beside_shift(keys, one, rows[index], tall)
        self._place_last(rows[-2], rows[-1] - gap - rows[-2], one)

    def _spread(self, keys: list[LetterKey], left: float, one: float, top: int, tall: int) -> None:
        gap = self._look.metrics.keypad_gap
        for index, key in enumerate(keys):
            start, end = round(left + index * one), round(left + (index + 1) * one) - gap
            key.setGeometry(QRect(start, top, end - start, tall))

    def _place_beside_shift(self, keys: list[LetterKey], one: float, top: int, tall: int) -> None:
        """Place the row between shift and delete, whose keys take what is left over."""
        gap, width = self._look.metrics.keypad_gap, self.width()
        side = round(max(one, (width + gap - len(keys) * one) / 2))
        each = (width + gap - 2 * side) / max(1, len(keys))
        self.shift.setGeometry(0, top, side - gap, tall)
        self._spread(keys, side, each, top, tall)
        self.delete.setGeometry(width - side + gap, top, side - gap, tall)

    def _place_last(self, top: int, tall: int, one: float) -> None:
        gap, width = self._look.metrics.keypad_gap, self.width()
        side = round(max(one, (width + gap) / 9))
        for index, key in enumerate((self.signs, self.script)):
            key.setGeometry(index * side, top, side - gap, tall)
        for index, key in enumerate((self.quote, self.hyphen)):
            key.setGeometry(width - (index + 1) * side + gap, top, side - gap, tall)
        left = (1 if self.script.isHidden() else 2) * side
        self.space.setGeometry(left, top, width - left - 2 * side, tall)

    def _place_head(self, width: int) -> None:
        px = self._look.px
        side, row = px(16), px(28)
        words = min(self.title.sizeHint().width(), width // 2)
        self.title.setGeometry(side, px(10), words, row)
        room = width - 3 * side - words
        aside = min(self.aside.sizeHint().width(), room)
        self.aside.setGeometry(width - side - aside, px(10), aside, row)
        self.line.setGeometry(side, px(10) + row, width - 2 * side, row)
