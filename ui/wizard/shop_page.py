"""Name of the shop, number of the till."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from cashier_app.services.first_run import (
    DEFAULT_TILL,
    DEMO,
    LONGEST_STORE,
    LONGEST_TILL,
    BackendAnswer,
    Step,
    store_problem,
    till_problem,
)
from cashier_app.wording.first_run_pages import (
    fields_words,
    languages_note,
    look_around_words,
    store_trouble,
    till_trouble,
)
from cashier_app.wording.sentences import Row, Sentence
from cashier_app.wording.translator import languages
from ui.wizard.desk import WizardDesk
from ui.wizard.page import WizardPage
from ui.wizard.text_field import TextField


class ShopPage(WizardPage):
    """An empty field takes what stands in it in grey."""

    step = Step.SHOP

    def __init__(self, desk: WizardDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.store, self.till = TextField(self), TextField(self)
        self._till_asked = False
        for field in (self.store, self.till):
            field.typed.connect(lambda _: self.arrange())
        self.set_wording()

    def open(self) -> None:
        """Show what is answered; what was refused stays typed."""
        self._till_asked = False
        if not self._store_trouble():
            self.store.edit.setText(self.desk.answers.store or "")
        if not self._till_trouble():
            self.till.edit.setText(self.desk.answers.till or "")

    def leave(self) -> None:
        """Keep what was typed, as far as it is right: going back loses nothing."""
        store, till = self.store.text(), self.till.text()
        if store and store_problem(store) is None:
            self.desk.answer(store=store)
        if till and till_problem(till) is None:
            self.desk.answer(till=till)

    def note(self) -> Row | None:
        """Say which language it is, where nobody was asked."""
        return languages_note(1, self.desk.wording) if self._is_first() else None

    def second(self) -> tuple[Sentence, str] | None:
        """Offer the demo shop, on the first page somebody sees."""
        return (look_around_words(self.desk.wording)[0], "F8") if self._is_first() else None

    def do_second(self) -> None:
        """Take the demo shop, and go to where it is opened."""
        self.desk.answer(backend=BackendAnswer(DEMO))
        self.leads_to = Step.READY
        self.answered.emit()

    def _is_first(self) -> bool:
        return len(languages()) == 1 and not self.desk.first_run.given

    def go_on(self) -> None:
        """Check both fields, from the first to the second, and keep them."""
        if not self._till_asked and not self._store_trouble() and not self.till.edit.text():
            self._till_asked = True  # whoever did not get there by Tab or touch is led there once
            self.till.edit.setFocus(Qt.FocusReason.TabFocusReason)
            return
        troubles = [(self.store, self._store_trouble()), (self.till, self._till_trouble())]
        for field, trouble in troubles:
            field.say(trouble)
        self.arrange()
        wrong = next((field for field, trouble in troubles if trouble), None)
        if wrong is not None:
            wrong.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        guess = self.desk.guess
        self.desk.answer(store=self.store.text() or guess.store, till=self.till.text() or DEFAULT_TILL)
        self.answered.emit()

    def first_focus(self) -> QWidget:
        """Begin with the name."""
        return self.store.edit

    def set_wording(self) -> None:
        """Name the fields."""
        words = fields_words(self.desk.wording)
        self.store.show_words(words.store, inside=self.desk.guess.store, longest=4 * LONGEST_STORE)
        self.till.show_words(words.till, hint=words.till_hint, inside=DEFAULT_TILL, longest=4 * LONGEST_TILL)

    def arrange(self) -> None:
        """Put the fields below each other where there is room, else side by side."""
        px, width = self.look.px, self.width()
        gap = px(20)
        beside = self.height() < self.store.high(width) + self.till.high(width) + gap
        wide = (width - gap) // 2 if beside else min(width, px(560))
        self.store.setGeometry(0, 0, wide, self.store.high(wide))
        left = wide + gap if beside else 0
        top = 0 if beside else self.store.high(wide) + gap
        self.till.setGeometry(left, top, wide, self.till.high(wide))

    def _store_trouble(self) -> str:
        problem = store_problem(self.store.text())
        return store_trouble(problem, self.desk.wording) if problem else ""

    def _till_trouble(self) -> str:
        problem = till_problem(self.till.text())
        return till_trouble(problem, self.desk.wording) if problem else ""
