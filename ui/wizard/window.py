"""The window of the first start: steps at the side, one question at a time, and what Enter and Esc do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

from cashier_app.scanning.calibration import RawKey
from cashier_app.scanning.keyboard_wedge import KeyboardWedge
from cashier_app.services.first_run import STEPS, Step, step_after, step_before, steps_of
from cashier_app.wording.backend_page import trouble_row
from cashier_app.wording.first_run import (
    fleet_note,
    frame_words,
    scan_not_used,
    step_words,
    summary,
    went_on_note,
)
from cashier_app.wording.sentences import Row
from ui.accessibility import announce, install_roles
from ui.key_router import Stroke, stroke_of
from ui.raw_scans import RawScans
from ui.theme.look import Look, spread_look
from ui.theme.metrics import Metrics
from ui.theme.painting import fill_background, painting
from ui.theme.tokens import LIGHT, Theme
from ui.theme.typography import SEMIBOLD
from ui.wedge_filter import Surroundings, WedgeFilter
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.note_box import NoteBox
from ui.widgets.painted_button import PaintedButton
from ui.widgets.text import ElidedLabel
from ui.wizard.backend_form import BackendForm
from ui.wizard.backend_of_answers import BackendOfAnswers
from ui.wizard.backend_page import BackendPage
from ui.wizard.desk import WizardDesk
from ui.wizard.letters import Letters
from ui.wizard.page import WizardPage
from ui.wizard.rail import StepRail, StepShown
from ui.wizard.ready_page import ReadyPage

LEAST_SIZE = (800, 480)
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class WizardWindow(QWidget):
    """Shows the pages in their order. Closing it keeps what was answered.

    Args:
        desk: The answers.
        pages: One for each step, not yet of any window.
        went_on: Whether somebody began before, and stopped.
    """

    finished = Signal(bool)  # everything is written; true for the demo shop, where nothing is

    def __init__(self, desk: WizardDesk, pages: dict[Step, WizardPage], *, went_on: bool = False) -> None:
        super().__init__()
        install_roles()
        self.desk, self.pages = desk, pages
        self.look = Look(LIGHT, Metrics.of(1280, 800))
        self.here: Step = Step.LANGUAGE
        self.form: BackendForm | None = None
        self._said: Row | None = went_on_note(desk.wording) if went_on else None
        self._noted: Row | None = None
        self._furthest = 0
        self.rail = StepRail(self)
        self.rail.picked.connect(self.go_to)
        self.rail.stopped.connect(self.close)
        self.question = ElidedLabel(role="title_large", weight=SEMIBOLD, parent=self)
        self.about = ElidedLabel(role="body_large", colour="ink2", parent=self)
        self.note = NoteBox(self)
        self.back = ActionButton(kind=ButtonKind.SECONDARY, key="Esc", parent=self)
        self.back.clicked.connect(self.go_back)
        self.later = ElidedLabel(colour="ink2", parent=self)
        self.second = ActionButton(kind=ButtonKind.SECONDARY, parent=self)
        self.second.clicked.connect(self._do_second)
        self.primary = ActionButton(kind=ButtonKind.PRIMARY, key="Enter", parent=self)
        self.primary.clicked.connect(self._go_on)
        self.letters = Letters(self)
        self.letters.shown.connect(self.arrange)
        self.wedge = WedgeFilter(
            KeyboardWedge(), surroundings=Surroundings(is_text=lambda _: True), parent=self
        )
        self.wedge.scanned.connect(lambda _: self._tell(scan_not_used(desk.wording)))
        self.wedge.overlong.connect(lambda: self._tell(scan_not_used(desk.wording)))
        self.raw = RawScans(self.wedge, self)
        self.raw.scanned.connect(self._take_raw)
        self.raw.pressed.connect(self._pressed_alone)
        for page in pages.values():
            page.setParent(self)
            page.changed.connect(self.show_words)
            page.answered.connect(self._answered)
        desk.changed.connect(self._spoke)
        desk.failed.connect(lambda sentence: self._tell(trouble_row(sentence)))
        self._connect_pages()
        self.setMinimumSize(*LEAST_SIZE)
        self._voice = desk.wording
        self._set_wording()

    @property
    def page(self) -> WizardPage:
        """Return the page on show."""
        return self.pages[self.here]

    # --- from page to page --------------------------------------------------------------------------

    def begin(self, step: Step) -> None:
        """Open the first page that is seen."""
        self._furthest = STEPS.index(step)
        self.page.hide()
        self.here = step  # or what is said first would be gone
        self._open(step)

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
        self._show_frame(shown=False)
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
        target = page.leads_to or step_after(self.here, self.desk.answers)
        page.leads_to = None
        self._open(target)

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

    def set_theme(self, theme: Theme) -> None:
        """Wear other colours."""
        self.look = Look(theme, self.look.metrics)
        self._spread()

    def show_words(self) -> None:
        """Say what the page says now."""
        page = self.page
        question, about, primary = page.question(), page.about(), page.primary()
        self.question.set_text(question.full, question.short)
        self.about.set_text(about.full, about.short)
        self.primary.set_words(primary.full, primary.short)
        self.primary.setEnabled(page.may_go_on())
        later = page.words().later
        self.later.set_text(later.full, later.short)
        second = page.second()
        if second is not None:
            self.second.set_words(second[0].full, second[0].short)
            self.second.set_key(second[1])
        self.back.setEnabled(self.here is not STEPS[0])
        self._show_rail()
        self._noted = self._said or page.note() or self._from_fleet()
        self.note.show_row(self._noted)
        self._show_frame(shown=self.form is None)
        self.arrange()

    def _from_fleet(self) -> Row | None:
        return fleet_note(self.desk.wording) if self.desk.first_run.given else None

    def _show_frame(self, *, shown: bool) -> None:
        """Show what stands around the page, unless a form covers it."""
        for part in (self.question, self.about, self.primary, self.back, self.page):
            part.setVisible(shown)
        self.note.setVisible(shown and self._noted is not None)
        self.second.setVisible(shown and self.page.second() is not None)
        self.later.setVisible(shown and bool(self.later.text()))

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure everything anew."""
        super().resizeEvent(event)
        self.look = Look(self.look.theme, Metrics.of(self.width(), self.height()))
        self._spread()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground."""
        with painting(self) as painter:
            fill_background(painter, self, self.look)

    def _spread(self) -> None:
        spread_look(self, self.look)
        self.arrange()
        self.update()

    def arrange(self) -> None:
        """Put everything in its place, px."""
        px, compact = self.look.px, self.look.metrics.compact
        rail = px(236 if compact else 320)
        self.rail.setGeometry(0, 0, rail, self.height())
        floor = self.height()
        if self.letters.is_shown():
            high = self.letters.wanted_height(self.height())
            floor -= high
            self.letters.keys.setGeometry(rail, floor, self.width() - rail, high)
        if self.form is not None:
            self.form.setGeometry(rail, 0, self.width() - rail, floor)
            self.form.set_look(self.look)
            self.letters.keys.raise_()
        side = px(24 if compact else 48)
        left, wide = rail + side, max(1, self.width() - rail - 2 * side)
        top = px(14 if compact else 40)
        self.question.setGeometry(left, top, wide, px(40))
        top += px(40)
        tight = compact and self.letters.is_shown()
        about = px(28) if self.about.text() and not tight else 0
        self.about.setVisible(about > 0 and self.form is None)
        self.note.setVisible(self._noted is not None and not tight and self.form is None)
        self.about.setGeometry(left, top, wide, about)
        top += about + px(12 if compact else 18)
        high = px(60 if compact else 64)
        bar = floor - px(14 if compact else 28) - high
        self._arrange_bar(QRect(left, bar, wide, high))
        self._arrange_page(QRect(left, top, wide, max(1, bar - px(12) - top)))

    def _arrange_page(self, room: QRect) -> None:
        """Put the page above its note."""
        px = self.look.px
        high = self.note.high(room.width()) if not self.note.isHidden() else 0
        self.page.setGeometry(room.adjusted(0, 0, 0, -high - (px(10) if high else 0)))
        for page in self.pages.values():
            if page is not self.page:
                page.setGeometry(self.page.geometry())
        self.note.setGeometry(room.left(), room.bottom() + 1 - high, room.width(), high)

    def _arrange_bar(self, bar: QRect) -> None:
        px = self.look.px
        back = max(px(140), self.back.sizeHint().width())
        primary = min(
            max(px(240 if self.look.metrics.compact else 340), self.primary.sizeHint().width()),
            bar.width() - back - px(12),
        )
        self.back.setGeometry(bar.left(), bar.top(), back, bar.height())
        self.primary.setGeometry(bar.right() + 1 - primary, bar.top(), primary, bar.height())
        left, right = bar.left() + back + px(16), bar.right() + 1 - primary - px(16)
        if self.page.second() is not None:
            second = min(self.second.sizeHint().width(), max(1, right - left))
            self.second.setGeometry(right - second, bar.top(), second, bar.height())
            right -= second + px(16)
        room = max(1, right - left)
        self.later.setGeometry(left, bar.top(), room, bar.height())
        if self.later.text_within(room) not in {self.page.words().later.full, self.page.words().later.short}:
            self.later.hide()
