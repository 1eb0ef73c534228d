"""The question who is learning: a name picked, or typed once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.domain.settlement import LONGEST_NAME, one_line
from cashier_app.wording import Sentence, Wording
from cashier_app.wording.lessons_page import who_words
from cashier_app.wording.letter_keys import PromptWords, letter_key_names, pages_beside_latin
from cashier_app.wording.staff import PersonWords, pages_names
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.form_fields import FieldWords, FormFields
from ui.widgets.letter_keys import DELETE, LetterKeys, Typed
from ui.widgets.people_list import PeopleList
from ui.widgets.row_list import RowList
from ui.widgets.text import PlainLabel

_NAME = "name"
_MOST = 6


class WhoLearns(QWidget):
    """Tells the name by `chosen`. It knows nobody until it is told.

    Args:
        keypad: Whether letters are typed by touch.
    """

    chosen = Signal(str)
    changed = Signal()  # a name is typed now, or not any more

    def __init__(self, wording: Wording, keypad: Callable[[], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wording, self._keypad = wording, keypad
        self._look = DEFAULT_LOOK
        self._known: tuple[str, ...] = ()
        self._typing = True
        self.about = PlainLabel(role="body_large", colour="ink2", wrap=True, parent=self)
        self.people = PeopleList(pages_names(wording), self, most=_MOST, bare=True)
        self.people.picked.connect(self._pick)
        self.other = ActionButton(kind=ButtonKind.SECONDARY, key="N", parent=self)
        self.other.clicked.connect(self._type_name)
        self.form = FormFields(self)
        self.said = RowList(self)
        self.letters = LetterKeys(pages_beside_latin(wording.figures.locale), self)
        self.letters.typed.connect(self._letter)
        self.set_wording(wording)

    # --- what the page asks -------------------------------------------------------------------------

    def know(self, trainees: Sequence[str]) -> None:
        """Offer these names, the latest first."""
        if self._known == tuple(trainees):
            return
        self._known = tuple(trainees)
        words = [
            PersonWords(name, "", name, key=str(place + 1) if place < _MOST else "")
            for place, name in enumerate(self._known)
        ]
        self.people.show_people(who_words(self._wording).title, words, 0 if words else -1)
        if not self._typed():
            self.begin("")

    def name(self, trainee: str) -> None:
        """Take note of who is learning already."""
        if trainee and trainee not in self._known:
            self.know((trainee, *self._known))

    def begin(self, trainee: str) -> None:
        """Ask anew; `trainee` is who is learning until then."""
        self._typing = not self._known
        if self._typing:
            self._show_form(trainee)
        self._show()

    def is_typing(self) -> bool:
        """Return whether a name is typed, and not picked."""
        return self._typing

    def first_focus(self) -> QWidget | None:
        """Return what the question begins with."""
        if self._typing:
            return next(iter(self.form.stops()), None)
        return self.people.rows[max(0, self.people.marked())]

    def choose(self, character: str) -> None:
        """Take a digit, or the letter that lets a name be typed."""
        if character == self.other.key():
            self._type_name()
        else:
            place = self.people.place_of(character)
            if place is not None:
                self._pick(place)

    def mark_by(self, direction: int) -> None:
        """Mark the name below (+1) or above (-1)."""
        self.people.mark_by(direction)

    def take(self) -> None:
        """Take the name that is typed or marked."""
        if not self._typing:
            if self.other.hasFocus():
                self._type_name()
            else:
                self._pick(max(0, self.people.marked()))
            return
        name = one_line(self._typed())
        if not any(sign.isalnum() for sign in name):
            self.said.show_rows((who_words(self._wording).name_wanted,))
            return
        self.chosen.emit(name)

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        words = who_words(wording)
        self.about.set_text(words.about.full)
        self.other.set_words(words.somebody_else.full)
        space, delete, shift = letter_key_names(wording)
        self.letters.name_keys(space=space, delete=delete, shift=shift)
        self.letters.show_prompt(PromptWords(Sentence.of(words.name), Sentence.of(""), Sentence.of("")))
        if not self.form.stops():
            self._show_form("")
        self._show()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    # --- inside -------------------------------------------------------------------------------------

    def _pick(self, place: int) -> None:
        if 0 <= place < len(self._known):
            self.chosen.emit(self._known[place])

    def _type_name(self) -> None:
        self._typing = True
        self._show_form("")
        self._show()
        self.changed.emit()
        self.form.focus(_NAME)

    def _show_form(self, trainee: str) -> None:
        words = who_words(self._wording)
        self.form.show_fields([FieldWords(_NAME, words.name, text=trainee, longest=LONGEST_NAME)])
        self.said.show_rows(())
        self.letters.begin(Typed.NAME, empty=not trainee)

    def _typed(self) -> str:
        return self.form.typed().get(_NAME, "")

    def _letter(self, character: str) -> None:
        edit = self.form.edit(_NAME)
        if character == DELETE:
            edit.backspace()
        else:
            edit.insert(character)
        edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        self.people.setVisible(not self._typing)
        self.other.setVisible(not self._typing)
        self.form.setVisible(self._typing)
        self.said.setVisible(self._typing)
        self.letters.setVisible(self._typing and self._keypad())
        self._arrange()

    def _arrange(self) -> None:
        px = self._look.px
        by_touch = self._typing and self._keypad()
        width = min(self.width(), px(640)) if not by_touch else min(self.width() // 3, px(420))
        high = self.about.heightForWidth(width)
        self.about.setGeometry(0, px(4), width, high)
        top = px(4) + high + px(16)
        if self._typing:
            self.form.setGeometry(0, top, width, px(96))
            self.said.setGeometry(0, top + px(100), width, px(48))
            left = width + px(16)
            self.letters.setGeometry(QRect(left, 0, max(1, self.width() - left), self.height()))
            return
        button, gap = px(56), px(8)
        high = min(self.people.rows_high(), self.height() - button - gap - top)
        self.people.setGeometry(0, top, width, max(1, high))
        self.other.setGeometry(0, top + high + gap, width, button)
