"""What every page of the first start is to the window around it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from cashier_app.scanning.calibration import RawKey
from cashier_app.services.first_run import Step
from cashier_app.wording.first_run import NextWords, StepWords, next_words, step_words
from cashier_app.wording.sentences import Row, Sentence
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.wizard.desk import WizardDesk


class WizardPage(QWidget):
    """One question. It asks nothing of a disk, a device or the network on this thread.

    Args:
        desk: The answers.
    """

    step: Step
    changed = Signal()  # what Enter does, the note or the question is another one
    answered = Signal()  # go on to the next page
    leads_to: Step | None = None  # another page than the next one
    takes_raw_scans = False  # see `ui.raw_scans`

    def __init__(self, desk: WizardDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.look = DEFAULT_LOOK
        self.hide()

    # --- what the window asks -----------------------------------------------------------------------

    def open(self) -> None:
        """Show what is answered so far; the page is about to be seen."""

    def leave(self) -> None:
        """Let go of devices; another page is about to be seen."""

    def question(self) -> Sentence:
        """Return what stands above the page."""
        return self.words().question

    def about(self) -> Sentence:
        """Return what stands below the question."""
        return self.words().about

    def primary(self) -> Sentence:
        """Return what Enter does."""
        return self.next_words().next

    def may_go_on(self) -> bool:
        """Say whether Enter does anything now."""
        return True

    def note(self) -> Row | None:
        """Return what is said below the page; None for nothing."""
        return None

    def second(self) -> tuple[Sentence, str] | None:
        """Return what another button does and its key; None for no such button."""
        return None

    def do_second(self) -> None:
        """Do what the other button says."""

    def go_on(self) -> None:
        """Do what Enter does: keep the answer, and say so by `answered`."""
        self.answered.emit()

    def go_back(self) -> bool:
        """Go back inside the page, and return whether there was anything to go back from."""
        return False

    def choose(self, character: str) -> None:
        """Take what has this digit or letter."""

    def mark(self, direction: int) -> None:
        """Mark what is below (+1) or above (-1)."""

    def delete(self) -> None:
        """Take the last typed character back, where no text field has the focus."""

    def first_focus(self) -> QWidget | None:
        """Return what has the focus when the page opens; None for nothing."""
        return None

    def take_raw(self, keys: Sequence[RawKey]) -> None:
        """Take what a scanner typed, before anybody made sense of it."""

    def set_wording(self) -> None:
        """Speak with the desk's voice, which is another one now."""

    # --- for pages ------------------------------------------------------------------------------------

    def words(self) -> StepWords:
        """Return the words of this page."""
        return step_words(self.step, self.desk.wording)

    def next_words(self) -> NextWords:
        """Return what Enter may say."""
        return next_words(self.desk.wording)

    def fields(self) -> list[QLineEdit]:
        """Return the text fields that are seen, in order."""
        return [field for field in self.findChildren(QLineEdit) if field.isVisible()]

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self.look = look
        spread_look(self, look)
        self.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Put everything in its place, px."""
