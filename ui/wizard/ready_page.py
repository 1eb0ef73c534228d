"""What the till knows, where it is kept, and the key that opens it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cashier_app.services.first_run import DEMO, Step
from cashier_app.wording.backend_page import trouble_row
from cashier_app.wording.first_run_pages import ready_rows
from cashier_app.wording.sentences import Row, Sentence
from ui.asking import Asking
from ui.widgets.row_list import RowList
from ui.wizard.desk import WizardDesk
from ui.wizard.page import WizardPage


class ReadyPage(WizardPage):
    """Writes everything at Enter; what cannot be written is said here, and nothing is lost."""

    step = Step.READY
    finished = Signal(bool)  # whether it is the demo shop

    def __init__(self, desk: WizardDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._trouble = ""
        self.rows = RowList(self)
        self._asking = Asking(desk.runner, self.changed.emit, self._fail)

    def open(self) -> None:
        """Show what was answered."""
        self._trouble = ""
        desk = self.desk
        name = desk.manager.name if desk.manager else ""
        path = str(desk.first_run.path)
        self.rows.show_rows(ready_rows(desk.whole(), name, path, desk.titles, desk.wording))

    def primary(self) -> Sentence:
        """Say what opens."""
        words = self.next_words()
        if self._asking.busy:
            return words.opening
        return words.open_demo if self._is_demo() else words.open_till

    def may_go_on(self) -> bool:
        """Wait while it is written."""
        return not self._asking.busy and self.desk.answers.backend is not None

    def note(self) -> Row | None:
        """Say what could not be written."""
        return trouble_row(self._trouble) if self._trouble else None

    def go_on(self) -> None:
        """Write everything, then open the till."""
        if self._is_demo():
            self.finished.emit(True)
            return
        desk = self.desk
        answers, guess, manager = desk.answers, desk.guess, desk.manager
        self._asking.ask(
            lambda: desk.first_run.finish(answers, guess, manager), lambda _: self.finished.emit(False)
        )

    def set_wording(self) -> None:
        """Speak with another voice."""
        self.open()

    def arrange(self) -> None:
        """Let the rows have all the room."""
        self.rows.setGeometry(self.rect())

    def _is_demo(self) -> bool:
        backend = self.desk.answers.backend
        return backend is not None and backend.kind == DEMO

    def _fail(self, sentence: str) -> None:
        self._trouble = sentence
        self.changed.emit()
