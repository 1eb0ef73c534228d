"""Does the scanner type what it should: the till's own check of it, with its codes on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from PySide6.QtWidgets import QWidget

from cashier_app.device_opening import write_scanner_sheet
from cashier_app.domain.calibration import Calibration
from cashier_app.errors import KnownError
from cashier_app.scanning.calibration import RawKey
from cashier_app.services.first_run import Step
from cashier_app.wording.calibration import sheet_saved_words
from cashier_app.wording.sentences import Row, Sentence, Tone
from ui.screens.scanner_check import ScannerCheck
from ui.screens.sheet_dialog import ask_for_sheet
from ui.wizard.desk import WizardDesk
from ui.wizard.page import WizardPage

_LETTER = frozenset({"US", "CA", "MX", "PH", "CL", "CO", "VE"})


class ScannerPage(WizardPage):
    """All keys belong to the scanner while it is on show; single ones still mean what they say."""

    step = Step.SCANNER
    takes_raw_scans = True

    def __init__(self, desk: WizardDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._said: Row | None = None
        self.check = ScannerCheck(desk.wording, self)
        self.check.use.hide()  # the window's own
        self.check.sheet_wanted.connect(self.ask_for_sheet)

    def open(self) -> None:
        """Wait for a scan, with the codes on the screen."""
        from cashier_app.scanning.printed_codes import screen_codes

        self._said = None
        self.check.begin(may_undo=False)
        self.desk.runner.run(screen_codes, self.check.show_codes, self._failed)

    def take_raw(self, keys: Sequence[RawKey]) -> None:
        """Take one scan."""
        self._said = None
        self.check.take(keys)
        self.changed.emit()

    def primary(self) -> Sentence:
        """Say whether something was found."""
        words = self.next_words()
        return words.use_scanner if self._found() is not None else words.skip_scanner

    def note(self) -> Row | None:
        """Say that the sheet was written, or what went wrong."""
        return self._said

    def about(self) -> Sentence:
        """Say nothing more: the check says it."""
        return Sentence.of("")

    def choose(self, character: str) -> None:
        """Write the codes on paper."""
        if character == self.check.sheet.key():
            self.check.sheet.click()

    def ask_for_sheet(self) -> None:
        """Ask for a file, and write the codes to it."""
        ask_for_sheet(self, self.desk.wording, self.save_sheet)

    def save_sheet(self, path: Path) -> None:
        """Write the codes to a file, and say so."""
        wording = self.desk.wording
        region = self.desk.whole().region
        paper: Literal["A4", "Letter"] = "Letter" if region in _LETTER else "A4"

        def saved(_: None) -> None:
            self._said = Row("check-circle", sheet_saved_words(path.name, wording), Tone.GOOD)
            self.changed.emit()

        self.desk.runner.run(lambda: write_scanner_sheet(path, wording, paper), saved, self._failed)

    def go_on(self) -> None:
        """Use what was found; what was found before stays where nothing was scanned now."""
        found = self._found()
        if found is not None:
            self.desk.answer(scanner=found.found)
        self.answered.emit()

    def set_wording(self) -> None:
        """Speak with another voice."""
        self.check.set_wording(self.desk.wording)

    def arrange(self) -> None:
        """Let the check have all the room."""
        self.check.setGeometry(self.rect())

    def _found(self) -> Calibration | None:
        answer = self.check.answer
        return answer if isinstance(answer, Calibration) else None

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, KnownError):
            raise error  # logged by whoever catches what nobody caught
        self._said = Row("warning", Sentence.of(error.sentence), Tone.STOP)
        self.changed.emit()
