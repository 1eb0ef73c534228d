"""Country, currency and time zone, as the system says them; each is changed in a list."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from cashier_app.services.first_run import Step
from cashier_app.wording.countries import (
    Named,
    countries,
    currencies,
    currency_of,
    decimals_of,
    zone_in,
    zones_of,
)
from cashier_app.wording.first_run_pages import country_cards, country_note, picker_question, zone_choices
from cashier_app.wording.sentences import Row, Sentence
from ui.wizard.cards import CardGrid
from ui.wizard.desk import WizardDesk
from ui.wizard.page import WizardPage
from ui.wizard.picker import Picker


class CountryPage(WizardPage):
    """Enter takes what is shown; a digit opens the list behind a line."""

    step = Step.COUNTRY

    def __init__(self, desk: WizardDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.picking = ""
        self.cards = CardGrid(self, columns=1)
        self.cards.chosen.connect(self._pick)
        self.picker = Picker(self)
        self.picker.picked.connect(self._picked)
        self.picker.searched.connect(self.changed)
        self.picker.hide()

    def open(self) -> None:
        """Show what holds now."""
        self._stop_picking()
        whole = self.desk.whole()
        place = (whole.region or "", whole.currency or "", whole.decimals or 0, whole.time_zone or "")
        self.cards.show_cards(country_cards(*place, self.desk.wording), "")

    def question(self) -> Sentence:
        """Ask what the list asks, or whether all is right."""
        return picker_question(self.picking, self.desk.wording) if self.picking else self.words().question

    def about(self) -> Sentence:
        """Say nothing above a list."""
        return Sentence.of("") if self.picking else self.words().about

    def primary(self) -> Sentence:
        """Say what Enter does."""
        return self.next_words().choose if self.picking else self.next_words().next

    def may_go_on(self) -> bool:
        """Say whether there is anything to take."""
        return not self.picking or self.picker.marked() is not None

    def note(self) -> Row | None:
        """Show an amount as it will be written."""
        if self.picking:
            return None
        guess = self.desk.guess
        if self.desk.answers.region is not None:
            guess = replace(guess, sure=True)  # somebody looked
        return country_note(guess, self.desk.currency(), self.desk.wording)

    def go_on(self) -> None:
        """Take what is marked in the list, or all that is shown."""
        if self.picking:
            self.picker.take()
            return
        whole = self.desk.whole()
        self.desk.answer(
            region=whole.region,
            currency=whole.currency,
            decimals=whole.decimals,
            time_zone=whole.time_zone,
        )
        self.answered.emit()

    def go_back(self) -> bool:
        """Close the list."""
        was = bool(self.picking)
        self._stop_picking()
        return was

    def choose(self, character: str) -> None:
        """Open a list, or take its row with this digit."""
        if self.picking:
            self.picker.choose(character)
        else:
            self.cards.choose(character)

    def mark(self, direction: int) -> None:
        """Mark another row of the list."""
        if self.picking:
            self.picker.mark(direction)

    def first_focus(self) -> QWidget | None:
        """Begin with what is searched."""
        return self.picker.search.edit if self.picking else None

    def set_wording(self) -> None:
        """Say everything anew."""
        self.picker.set_wording(self.desk.wording)
        if not self.picking:
            self.open()

    def arrange(self) -> None:
        """Put the lines at the top; a list takes all of it."""
        self.picker.setGeometry(self.rect())
        wide = min(self.width(), self.look.px(720))
        self.cards.setGeometry(0, 0, wide, min(self.height(), self.cards.wanted_height()))

    def _pick(self, what: str) -> None:
        self.picking = what
        whole, wording = self.desk.whole(), self.desk.wording
        taken = {"region": whole.region, "currency": whole.currency, "time_zone": whole.time_zone}[what]
        choices: tuple[Named, ...]
        if what == "region":
            choices = countries(wording)
        elif what == "currency":
            choices = currencies(wording)
        else:
            choices = zone_choices(zones_of(whole.region or ""))
        self.picker.set_wording(wording)
        self.picker.ask(choices, taken or "")
        self.picker.show()
        self.cards.hide()
        self.changed.emit()
        self.picker.search.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _picked(self, code: str) -> None:
        what = self.picking
        if what == "region":
            # Money and time follow the country; whoever wants others changes them afterwards.
            currency = currency_of(code)
            self.desk.answer(
                region=code,
                currency=currency,
                decimals=decimals_of(currency),
                time_zone=zone_in(code, self.desk.guess.time_zone),
            )
        elif what == "currency":
            self.desk.answer(currency=code, decimals=decimals_of(code))
        else:
            self.desk.answer(time_zone=code)
        self.open()
        self.changed.emit()

    def _stop_picking(self) -> None:
        if self.picking and self.isVisible():
            # Or Qt gives it to the next thing there is, as if by Tab: the way out, and Enter would take it.
            self.window().setFocus()
        self.picking = ""
        self.picker.hide()
        self.cards.show()
