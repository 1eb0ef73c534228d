"""Which language, of those the program has; for whoever only looks around, the demo shop at once."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cashier_app.services.first_run import DEMO, BackendAnswer, Step
from cashier_app.wording.first_run_pages import language_cards, languages_note, look_around_words
from cashier_app.wording.sentences import Row, Sentence
from cashier_app.wording.translator import languages
from ui.wizard.cards import CardGrid
from ui.wizard.desk import WizardDesk
from ui.wizard.page import WizardPage


class LanguagePage(WizardPage):
    """The first page."""

    step = Step.LANGUAGE

    def __init__(self, desk: WizardDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._codes = languages()
        self.cards = CardGrid(self)
        self.cards.chosen.connect(self._choose)

    def open(self) -> None:
        """Show the languages there are."""
        self.cards.show_cards(language_cards(self._codes), self.desk.whole().language or "")

    def note(self) -> Row:
        """Say which there are."""
        return languages_note(len(self._codes), self.desk.wording)

    def second(self) -> tuple[Sentence, str]:
        """Offer the demo shop."""
        return look_around_words(self.desk.wording)[0], "D"

    def do_second(self) -> None:
        """Take the demo shop, and go to where it is opened."""
        self.desk.answer(language=self.desk.whole().language, backend=BackendAnswer(DEMO))
        self.leads_to = Step.READY
        self.answered.emit()

    def go_on(self) -> None:
        """Keep the language."""
        self.desk.answer(language=self.desk.whole().language)
        self.answered.emit()

    def choose(self, character: str) -> None:
        """Take the language with this digit."""
        self.cards.choose(character)

    def mark(self, direction: int) -> None:
        """Take the next language."""
        self.cards.mark(direction)

    def set_wording(self) -> None:
        """Mark the language taken."""
        self.open()

    def arrange(self) -> None:
        """Put the cards at the top."""
        self.cards.setGeometry(0, 0, self.width(), min(self.height(), self.cards.wanted_height()))

    def _choose(self, code: str) -> None:
        self.desk.answer(language=code)
        self.open()
        self.changed.emit()
