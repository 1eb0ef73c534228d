"""The window of the first start: steps at the side, one question at a time, and what Enter and Esc do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication

from cashier_app.scanning.calibration import RawKey
from cashier_app.scanning.keyboard_wedge import KeyboardWedge
from cashier_app.services.first_run import (
    STEPS,
    Answers,
    Step,
    answers_given,
    step_after,
    step_before,
    steps_of,
)
from cashier_app.wording.backend_page import trouble_row
from cashier_app.wording.first_run import frame_words, step_words, summary
from cashier_app.wording.first_run_pages import fleet_note, scan_not_used, went_on_note
from cashier_app.wording.sentences import Row
from ui.accessibility import announce, install_roles
from ui.key_router import stroke_of
from ui.key_words import Stroke
from ui.raw_scans import RawScans
from ui.wedge_filter import Surroundings, WedgeFilter
from ui.widgets.painted_button import PaintedButton
from ui.wizard.backend_form import BackendForm
from ui.wizard.backend_of_answers import BackendOfAnswers
from ui.wizard.backend_page import BackendPage
from ui.wizard.desk import WizardDesk
from ui.wizard.frame import WizardFrame
from ui.wizard.page import WizardPage
from ui.wizard.rail import StepShown
from ui.wizard.ready_page import ReadyPage

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class WizardWindow(WizardFrame):
    """Shows the pages in their order. Closing it keeps what was answered.

    Args:
        desk: The answers.
        pages: One for each step, not yet of any window.
        went_on: Whether somebody began before, and stopped.
    """

    finished = Signal(bool)  # everything is written; true for the demo shop, where nothing is

    def __init__(self, desk: WizardDesk, pages: dict[Step, WizardPage], *, went_on: bool = False) -> None:
        super().__init__(pages)
        install_roles()
        self.desk = desk
        self._said: Row | None = went_on_note(desk.wording) if went_on else None
        self._furthest = 0
        self.rail.picked.connect(self.go_to)
        self.rail.stopped.connect(self.close)
        self.back.clicked.connect(self.go_back)
        self.second.clicked.connect(self._do_second)
        self.primary.clicked.connect(self._go_on)
        self.wedge = WedgeFilter(
            KeyboardWedge(), surroundings=Surroundings(is_text=lambda _: True), parent=self
        )
        self.wedge.scanned.connect(lambda _: self._tell(scan_not_used(desk.wording)))
        self.wedge.overlong.connect(lambda: self._tell(scan_not_used(desk.wording)))
        self.raw = RawScans(self.wedge, self)
        self.raw.scanned.connect(self._take_raw)
        self.raw.pressed.connect(self._pressed_alone)
        for page in pages.values():
            page.changed.connect(self.show_words)
            page.answered.connect(self._answered)
        desk.changed.connect(self._spoke)
        desk.failed.connect(lambda sentence: self._tell(trouble_row(sentence)))
        self._connect_pages()
        self._voice = desk.wording
        self._set_wording()

    # --- from page to page --------------------------------------------------------------------------

    def begin(self, step: Step) -> None:
        """Open the first page that is seen."""
        self._furthest = STEPS.index(step)
        self.page.hide()
        self.here = step  # or what is said first would be gone
        self._open(step)
        self.desk.read_title()

    def go_to(self, step: Step) -> None:
        """Go to a page that was seen before."""
        self.close_form()
        self._open(step)

    def go_back(self) -> None:
        """Do what Esc does: back inside the page, else to the page before."""
        if self.form is not None:
            self.form.go_back()
        elif not self.page.go_back() and self.here is not STEPS[0]:
            self._open(step_before(self.here, self.desk.answers))
        else:
            self.show_words()

    def close_form(self) -> None:
        """Let go of the form of a loyalty system, and of what was typed there."""
        form, self.form = self.form, None
        if form is not None:
            form.close_drawer()
            form.deleteLater()
            self.show_words()
            self.setFocus()

    def open_form(self, kind: str) -> None:
        """Open the form of a loyalty system beside the steps."""
        self.close_form()
        setup = BackendOfAnswers(self.desk.first_run, self.desk.whole(), self.desk.titles)
        form = BackendForm(
            setup,
            self.desk.wording,
            kind=kind,
            runner=self.desk.runner,
            parent=self,
        )
        self.form = form
        form.kept.connect(lambda: self._form_kept(setup))
        form.closed.connect(lambda: self.close_form() if self.form is form else None)
        form.set_look(self.look)
        self.arrange()
        self.show_frame(shown=False)
        form.open_drawer()

    def _form_kept(self, setup: BackendOfAnswers) -> None:
        self.close_form()
        page, answer = self.pages[Step.BACKEND], setup.kept
        self.desk.passphrase = setup.passphrase or self.desk.passphrase
        if isinstance(page, BackendPage) and answer is not None:
            page.take_kept(answer)

    def _connect_pages(self) -> None:
        for page in self.pages.values():
            if isinstance(page, BackendPage):
                page.form_wanted.connect(self.open_form)
            elif isinstance(page, ReadyPage):
                page.finished.connect(self.finished)

    def _answered(self) -> None:
        page = self.page
        target = page.leads_to or step_after(self.here, self.desk.answers, self._given_unseen())
        page.leads_to = None
        self._open(target)

    def _given_unseen(self) -> Answers | None:
        """Return what a file answered, while its pages have not been looked at."""
        return answers_given(self.desk.first_run.given) if self.here is STEPS[self._furthest] else None

    def _open(self, step: Step) -> None:
        self.letters.leave()
        self.raw.end()
        self.page.leave()
        self.page.hide()
        if step is not self.here:
            self._said = None
        self.here = step
        self._furthest = max(self._furthest, STEPS.index(step))
        self.desk.go_to(step)
        page = self.page
        page.open()
        page.show()
        if page.takes_raw_scans:
            self.raw.begin()
        self.show_words()
        focus = page.first_focus() or self
        focus.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self.question, self.question.text())

    # --- what is shown ------------------------------------------------------------------------------

    def show_words(self) -> None:
        """Say what the page says now."""
        page = self.page
        question, about, primary = page.question(), page.about(), page.primary()
        self.question.set_text(question.full, question.short)
        self.about.set_text(about.full, about.short)
        self.primary.set_words(primary.full, primary.short)
        self._enable(self.primary, page.may_go_on())
        later = page.words().later
        self.later.set_text(later.full, later.short)
        second = page.second()
        if second is not None:
            self.second.set_words(second[0].full, second[0].short)
            self.second.set_key(second[1])
        self._enable(self.back, self.here is not STEPS[0])
        self._show_rail()
        trouble = self.desk.trouble
        noted = self._said or (trouble_row(trouble) if trouble else page.note()) or self._from_fleet()
        self.says_something = noted is not None
        self.note.show_row(noted)
        self.show_frame(shown=self.form is None)
        self.arrange()

    def _enable(self, button: PaintedButton, enabled: bool) -> None:  # noqa: FBT001 - a state
        if not enabled and button.hasFocus():
            self.setFocus()  # a button that is switched off would hand it to the next one
        button.setEnabled(enabled)

    def _from_fleet(self) -> Row | None:
        return fleet_note(self.desk.wording) if self.desk.first_run.given else None

    def _show_rail(self) -> None:
        desk, wording = self.desk, self.desk.wording
        name = desk.manager.name if desk.manager else ""
        shown = []
        for number, step in enumerate(steps_of(desk.answers), start=1):
            answer = summary(step, desk.answers, name, desk.titles, wording)
            seen = STEPS.index(step) <= self._furthest
            words = step_words(step, wording).name.full
            shown.append(
                StepShown(step, number, words, answer, bool(answer) and seen, step is self.here, seen)
            )
        self.rail.show_steps(shown)

    def _tell(self, row: Row) -> None:
        self._said = row
        self.show_words()
        self._said = None  # until anything else is said

    def _spoke(self) -> None:
        if self._voice is not self.desk.wording:
            self._voice = self.desk.wording
            self._set_wording()
        self.show_words()

    def _set_wording(self) -> None:
        words = frame_words(self.desk.wording)
        self.setWindowTitle(words.window)
        self.back.set_words(words.back.full, words.back.short)
        self.rail.show_words(words)
        whole = self.desk.whole()
        self.letters.set_wording(self.desk.wording, f"{whole.language}_{whole.region}")
        for page in self.pages.values():
            page.set_wording()

    # --- keys -----------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the key says; text fields had it first."""
        self.press(stroke_of(event))

    def press(self, stroke: Stroke) -> None:
        """Do what a key says, wherever it comes from."""
        key = stroke.key
        if key == Qt.Key.Key_F10:
            self.close()
        elif key == Qt.Key.Key_Escape:
            self.go_back()
        elif key in _ENTER:
            self._enter()
        elif key in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self._move(+1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Backspace:
            self.page.delete()
        elif key == Qt.Key.Key_K and stroke.modifiers & Qt.KeyboardModifier.ControlModifier:
            self.letters.toggle()
        elif key == Qt.Key.Key_F8:
            self._choose("F8")
        elif stroke.text.strip() and stroke.text.isprintable():
            self._choose(stroke.text.upper())

    def _enter(self) -> None:
        focus = QApplication.focusWidget()
        if self.form is not None:
            self.form.open_row()
        elif isinstance(focus, PaintedButton) and focus.shows_ring() and focus.isEnabled():
            focus.click()
        elif self.page.may_go_on():
            self.page.go_on()

    def _move(self, direction: int) -> None:
        if self.form is not None:
            (self.form.next_row if direction > 0 else self.form.previous_row)()
        else:
            self.page.mark(direction)

    def _choose(self, character: str) -> None:
        if self.form is not None:
            self.form.choose(character)
        elif self.second.isVisible() and character == self.second.key():
            self.second.click()
        else:
            self.page.choose(character)

    def _do_second(self) -> None:
        self.page.do_second()

    def _go_on(self) -> None:
        self.page.go_on()

    def _take_raw(self, keys: tuple[RawKey, ...]) -> None:
        self._said = None  # what was found needs the room
        self.page.take_raw(keys)

    def _pressed_alone(self, stroke: Stroke) -> None:
        """Act on a key pressed by itself while a scanner is checked."""
        if stroke.key in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
            self.focusNextPrevChild(stroke.key == Qt.Key.Key_Tab)
        else:
            self.press(stroke)

    # --- the window -----------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Listen to the window's keys; only now is there one."""
        super().showEvent(event)
        handle = self.windowHandle()
        handle.installEventFilter(self)
        self.wedge.filter_window(handle)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Bring letters to the screen with the first touch, and take them away with the first key."""
        del watched  # the window's own handle
        if event.type() == QEvent.Type.TouchBegin:
            self.letters.by_touch()
        elif event.type() == QEvent.Type.KeyPress and event.spontaneous():
            self.letters.by_keys()
        return False

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let go of devices; answers were kept as they were given."""
        self.page.leave()
        self.raw.end()
        self.close_form()
        super().closeEvent(event)
