"""Which loyalty system: a card for each; what it needs is typed on the till's own page of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cashier_app.ports.backend_kind import BackendKind
from cashier_app.ports.capabilities import Capabilities
from cashier_app.services.first_run import DEMO, BackendAnswer, Step
from cashier_app.wording.first_run import next_sign_in
from cashier_app.wording.first_run_pages import (
    backend_kept,
    kind_cards,
    kind_note,
    kind_title,
    reading_kinds,
    secrets_lacking,
    set_up_anew,
)
from cashier_app.wording.sentences import Row, Sentence
from ui.asking import Asking
from ui.wizard.cards import CardGrid
from ui.wizard.desk import WizardDesk
from ui.wizard.page import WizardPage


class BackendPage(WizardPage):
    """The demo shop is marked until something else is chosen: Enter always leads to a till that works."""

    step = Step.BACKEND
    form_wanted = Signal(str)  # the name of a kind

    def __init__(self, desk: WizardDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._kinds: dict[str, tuple[BackendKind, Capabilities | None]] | None = None
        self._marked = ""
        self._lacks = False  # named by a file for many tills, and nobody typed its secrets here
        self.cards = CardGrid(self)
        self.cards.chosen.connect(self._mark)
        self._asking = Asking(desk.runner, self.changed.emit, desk.failed.emit)

    def open(self) -> None:
        """Show the cards; what is installed is looked at by a worker, once."""
        answered = self.desk.answers.backend
        self._marked = self._marked or (answered.kind if answered else DEMO)
        if self._kinds is None:
            whole = self.desk.whole()
            first_run = self.desk.first_run
            self._asking.ask(lambda: (first_run.kinds(whole), first_run.lacks_secrets(whole)), self._came)
        self._show()

    def primary(self) -> Sentence:
        """Say what comes next."""
        if self._marked == DEMO or (self._is_kept() and not self._lacks):
            return self.next_words().next
        return next_sign_in(self.desk.titles.get(self._marked, self._marked), self.desk.wording)

    def may_go_on(self) -> bool:
        """Wait for the list."""
        return self._kinds is not None

    def note(self) -> Row:
        """Say what the marked one means."""
        wording = self.desk.wording
        if self._kinds is None:
            return reading_kinds(wording)
        if self._is_kept() and self._marked != DEMO:
            if self._lacks:
                return secrets_lacking(self.desk.titles.get(self._marked, self._marked), wording)
            return backend_kept(self.desk.titles.get(self._marked, self._marked), wording)
        kind, can = self._kinds.get(self._marked, (None, None))
        return kind_note(self._marked, kind.title if kind else "", kind.know if kind else (), can, wording)

    def second(self) -> tuple[Sentence, str] | None:
        """Offer to set it up anew, once it is."""
        if self._is_kept() and self._marked != DEMO:
            if self._lacks:
                return self.next_words().skip_secrets, "F8"
            return set_up_anew(self.desk.wording), "A"
        return None

    def do_second(self) -> None:
        """Open the form again; or go on, where somebody else brings the secrets."""
        if self._lacks and self._is_kept():
            self.answered.emit()
        else:
            self.form_wanted.emit(self._marked)

    def go_on(self) -> None:
        """Take the demo shop, go on with what is set up, or set it up."""
        if self._marked == DEMO:
            self.desk.answer(backend=BackendAnswer(DEMO))
            self.answered.emit()
        elif self._is_kept() and not self._lacks:
            self.answered.emit()
        else:
            self.form_wanted.emit(self._marked)

    def take_kept(self, answer: BackendAnswer) -> None:
        """Note what was tried out and kept."""
        self._marked, self._lacks = answer.kind, False
        self.desk.answer(backend=answer)
        self._show()
        self.answered.emit()

    def choose(self, character: str) -> None:
        """Mark the card with this digit."""
        self.cards.choose(character)

    def mark(self, direction: int) -> None:
        """Mark the card behind or before."""
        self.cards.mark(direction)

    def set_wording(self) -> None:
        """Say everything anew; what each can do may depend on the currency."""
        self._kinds = None

    def arrange(self) -> None:
        """Put the cards at the top."""
        self.cards.setGeometry(0, 0, self.width(), min(self.height(), self.cards.wanted_height()))

    def _came(self, answer: tuple[tuple[tuple[BackendKind, Capabilities | None], ...], bool]) -> None:
        found, self._lacks = answer
        self._kinds = {kind.name: (kind, can) for kind, can in found}
        self.desk.titles = {
            kind.name: kind_title(kind.name, kind.title, self.desk.wording) for kind, _ in found
        }
        self._show()
        self.changed.emit()

    def _mark(self, value: str) -> None:
        self._marked = value
        self._show()
        self.changed.emit()

    def _is_kept(self) -> bool:
        answered = self.desk.answers.backend
        return answered is not None and answered.kind == self._marked

    def _show(self) -> None:
        kinds = [
            (
                kind.name,
                kind.title,
                _wanted(kind),
                not kind.addresses,
                can,
            )
            for kind, can in (self._kinds or {}).values()
        ]
        self.cards.show_cards(kind_cards(kinds, self.desk.wording), self._marked)
        self.arrange()


def _wanted(kind: BackendKind) -> list[str]:
    """Return what somebody must have at hand: the secrets it cannot do without, else the first."""
    needed = [secret.label for secret in kind.secrets if secret.mandatory]
    return needed or [secret.label for secret in kind.secrets[:1]]
