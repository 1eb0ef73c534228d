"""The trainer's view: who did which lesson, each try step by step, what is saved and what is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

from cashier_app.ports.practice import LessonRun
from cashier_app.ports.runner import Runner
from cashier_app.services.training_results import Order, TrainingResults
from cashier_app.wording import Wording
from cashier_app.wording import trainer as words_of
from cashier_app.wording.sentences import Row, Sentence, Tone
from ui.accessibility import announce
from ui.asking import Asking
from ui.key_words import Where
from ui.screens.drawer import Drawer
from ui.theme.motion import Motion
from ui.training.forgetting import Forgetting
from ui.training.result_table import ResultTable
from ui.training.step_list import StepList
from ui.training.trainer import Books
from ui.training.trainer_bar import TrainerBar
from ui.training.trainer_contents import FINDING, LISTS, Contents, Orders, Place, Shown, contents_of, loss_of
from ui.training.trainer_rows import Voice
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.row_list import RowList
from ui.widgets.text import ElidedLabel
from ui.widgets.toast import Toast

if TYPE_CHECKING:
    from cashier_app.wording.trainer import Fill

_BUTTON, _FOOT, _GAP = 48, 52, 8


class TrainerPage(Drawer):
    """Covers the window. What it shows is read by a worker; what it changes is done by one.

    Args:
        books: What trainees did; blocking.
        fill: Makes sentences of the lessons' source texts.
        now: The time, UTC.
    """

    where = Where.TRAINER
    for_managers = True

    def __init__(
        self,
        books: Books,
        fill: Fill,
        wording: Wording,
        now: Callable[[], datetime],
        *,
        runner: Runner,
        motion: Motion,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(motion, parent)
        self.close_button.clicked.disconnect()
        self.close_button.clicked.connect(self.go_back)
        self._books, self._fill, self._wording, self._now = books, fill, wording, now
        self._asking = Asking(runner, self._show_busy, self._fail)
        self._results: TrainingResults | None = None
        self.shown, self._before = Shown.PEOPLE, Shown.PEOPLE
        self.trainee: str | None = None
        self.lesson_id = ""
        self._orders = Orders()
        self._contents = Contents()
        self._run: LessonRun | None = None
        self._typed = ""
        self._trouble = ""
        self.bar = TrainerBar(self._panel)
        acts: tuple[Callable[[], None], ...] = (
            lambda: self._show_tab(Shown.PEOPLE),
            lambda: self._show_tab(Shown.TRIES),
            lambda: self._find(Shown.FIND_TRAINEE),
            lambda: self._find(Shown.FIND_LESSON),
            self.next_order,
        )
        for button, act in zip(self.bar.buttons, acts, strict=True):
            button.clicked.connect(act)
        self.export = self._button("E", self.ask_for_file)
        self.forget = self._button("D", self._ask_forget)
        self.sure = self._button("Y", self._forget_now, ButtonKind.DANGER)
        self.table = ResultTable(self._panel)
        self.table.opened.connect(self._open)
        self.table.ordered.connect(self.order_by)
        self.steps = StepList(self._panel)
        self.rows = RowList(self._panel)
        self.about = ElidedLabel(role="body", colour="ink2", parent=self._panel)
        self.toast = Toast(self._panel)
        self.forgetting = Forgetting(books, self._asking, self.toast, lambda: self._wording, self)
        self.forgetting.forgotten.connect(self._forgot)
        self.forgetting.restored.connect(self._read)
        self._show()

    # --- opening and closing ------------------------------------------------------------------------

    def open_drawer(self) -> None:
        """Show everybody, as the book is now."""
        self.shown, self.trainee, self.lesson_id, self._trouble = Shown.PEOPLE, None, "", ""
        super().open_drawer()
        self._read()

    def close_drawer(self) -> None:
        """Go away; what was read and what could be undone is let go."""
        if not self.isHidden():
            self._asking.forget()
            self.forgetting.let_go()
            self.toast.hide()
            self._results = None
            super().close_drawer()

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self._show()

    def panel_width(self) -> int:
        """Return the width of the panel, px: the whole window."""
        return self.width()

    def place_of_keys(self) -> Where:
        """Return what the keys mean now: letters are typed into a search."""
        return Where.TRAINER_SEARCH if self.shown in FINDING else Where.TRAINER

    def go_back(self) -> None:
        """Do what Esc does: a page back, then away."""
        match self.shown:
            case Shown.RUN:
                self._go(Shown.TRIES)
            case Shown.FORGET | Shown.FIND_TRAINEE | Shown.FIND_LESSON:
                self._go(self._before)
            case Shown.TRIES if self._place().is_filtered():
                self._show_tab(Shown.PEOPLE)
            case _:
                self.close_drawer()

    def refuse_scan(self) -> bool:
        """Say that a scan is not used here; return whether that is so."""
        if self.isHidden():
            return False
        said = words_of.scan_not_used_trainer(self._wording)
        self.toast.show_words(said.full, short=said.short)
        self.arrange()
        return True

    def first_focus(self) -> QWidget:
        """Return what a page begins with."""
        if self.shown is Shown.FORGET or not self.table.isVisibleTo(self):
            return self.close_button
        return self.table.view

    # --- keys -----------------------------------------------------------------------------------------

    def choose(self, character: str) -> None:
        """Press the button with this key; while searching, type."""
        if self.shown in FINDING:
            self._search(self._typed + character)
            return
        if character == "U" and self.forgetting.can_take_back():
            self.forgetting.take_back()
            return
        for button in (*self.bar.buttons, self.export, self.forget, self.sure):
            if button.key() == character and button.isVisible() and button.isEnabled():
                button.click()
                return

    def delete(self) -> None:
        """Take the last typed character back."""
        if self.shown in FINDING:
            self._search(self._typed[:-1])

    def next_row(self) -> None:
        """Mark the row below."""
        self._move(+1)

    def previous_row(self) -> None:
        """Mark the row above."""
        self._move(-1)

    def turn_page(self, direction: int) -> None:
        """Show the rows after (+1) or before (-1)."""
        if self.shown is Shown.RUN:
            self.steps.move_by(5 * direction)
        elif self.table.isVisibleTo(self):
            self.table.turn_page(direction)

    def open_row(self) -> None:
        """Do what Enter does: press the button with the focus, or open the marked row."""
        focus = self.focusWidget()
        if isinstance(focus, QAbstractButton) and focus.isEnabled():
            focus.click()
        elif self.table.isVisibleTo(self):
            self.table.open_row()

    def _move(self, step: int) -> None:
        if self.shown is Shown.RUN:
            self.steps.move_by(step)
        elif self.table.isVisibleTo(self):
            self.table.move_row(step)
            self.table.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- what is looked at ------------------------------------------------------------------------------

    def next_order(self) -> None:
        """Order the rows by the next thing."""
        self.order_by(self._orders.after(self.shown))

    def order_by(self, order: Order) -> None:
        """Order the rows by this; by this already, the other way round."""
        if self.shown in LISTS:
            self._orders.take(self.shown, order)
            self._show()

    def _show_tab(self, tab: Shown) -> None:
        self.trainee, self.lesson_id = None, ""
        self._go(tab)

    def _open(self, row: int) -> None:
        match self.shown:
            case Shown.PEOPLE:
                self.trainee = self._contents.people[row]
                self._go(Shown.TRIES)
            case Shown.TRIES:
                self._run = self._contents.runs[row]
                self._go(Shown.RUN)
            case Shown.FIND_TRAINEE:
                self.trainee = self._contents.found[row]
                self._go(Shown.TRIES)
            case Shown.FIND_LESSON:
                self.lesson_id = self._contents.found[row] or ""
                self._go(Shown.TRIES)

    def _find(self, shown: Shown) -> None:
        self._typed = ""
        self._go(shown)

    def _search(self, typed: str) -> None:
        self._typed = typed[:40]
        self._show()

    def _place(self) -> Place:
        order, turned = self._orders.of(self.shown)
        return Place(self.shown, self.trainee, self.lesson_id, self._typed, self._run, order, turned)

    # --- what is done -----------------------------------------------------------------------------------

    def ask_for_file(self) -> None:
        """Ask where to, then write what is on show."""
        from ui.training.trainer_file_dialog import ask_for_training_file

        if self._results is not None:
            day = self._now().astimezone(self._wording.figures.zone).date()
            words = words_of.training_file_words(day.isoformat(), self._wording)
            ask_for_training_file(self, words, self.save)

    def save(self, path: Path, *, byte_order_mark: bool = False) -> None:
        """Write what is on show to a file: all of it, or the trainee and lesson chosen."""
        if self._results is None:
            return
        results = self._results.only(self.trainee, self.lesson_id)
        fill, wording, trainee = self._fill, self._wording, self.trainee or ""
        self._asking.ask(
            lambda: self._books.save(
                path, results, fill, wording, trainee=trainee, byte_order_mark=byte_order_mark
            ),
            lambda saved: self._tell(words_of.saved_words(saved.name, self._wording)),
        )

    def _ask_forget(self) -> None:
        self._go(Shown.FORGET)

    def _forget_now(self) -> None:
        self.forgetting.forget(self.trainee or "", loss_of(self._results, self.trainee))

    def _forgot(self) -> None:
        self.trainee, self.lesson_id = None, ""
        self._go(Shown.PEOPLE)
        self._read()

    def _tell(self, said: Sentence) -> None:
        self.toast.show_words(said.full, short=said.short)
        announce(self.toast, said.full)
        self.arrange()

    # --- what comes back --------------------------------------------------------------------------------

    def _read(self) -> None:
        self._asking.ask(self._books.read, self._came)

    def _came(self, results: TrainingResults) -> None:
        self._results, self._trouble = results, ""
        self._show()
        self._refocus()

    def _fail(self, sentence: str) -> None:
        self._trouble = sentence
        self._show()
        announce(self.rows, sentence, assertive=True)

    def _show_busy(self) -> None:
        busy = self._asking.busy
        for button in (self.export, self.forget, self.sure):
            if busy and button.hasFocus():
                self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
            button.setEnabled(not busy and self._results is not None and bool(self._results.runs))

    # --- what is shown ----------------------------------------------------------------------------------

    def _go(self, shown: Shown) -> None:
        if shown not in LISTS and self.shown in LISTS:
            self._before = self.shown
        self.shown, self._trouble = shown, ""
        self._show()
        self._refocus()

    def _refocus(self) -> None:
        if not self.isHidden():
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        wording, place, results = self._wording, self._place(), self._results
        words = words_of.trainer_words(wording)
        made = Contents()
        if results is not None:
            made = contents_of(results, place, Voice(self._fill, wording, self._now()))
        self._contents = made
        self.say(made.title or words.title, words.back if place.is_inner() else words.close)
        self._show_buttons(words)
        if made.sure is not None:
            self.sure.set_words(made.sure.full, made.sure.short)
        trouble = (Row("warning", Sentence.of(self._trouble), Tone.STOP),) if self._trouble else ()
        rows = (*trouble, *made.rows)
        self.rows.show_rows(rows)
        self.rows.setVisible(bool(rows))
        self.table.setVisible(made.table is not None and made.table.count > 0)
        if made.table is not None:
            self.table.show_rows(made.table)
        if made.run is not None:
            self.steps.show_run(made.run)
        self.steps.setVisible(self.shown is Shown.RUN and results is not None)
        self.about.set_text(*((made.about.full, made.about.short) if made.about else ("", "")))
        self._show_busy()
        self.arrange()

    def _show_buttons(self, words: words_of.TrainerWords) -> None:
        lists = self.shown in LISTS
        self.bar.show_place(self._place(), self._results, self._fill, self._wording)
        self.export.set_words(words.export.full)
        self.forget.set_words(words.forget.full)
        self.bar.setVisible(lists)
        self.forget.setVisible(lists)
        self.export.setVisible(lists or self.shown is Shown.FORGET)
        self.sure.setVisible(self.shown is Shown.FORGET)

    # --- places -----------------------------------------------------------------------------------------

    def arrange_inside(self, inside: QRect) -> None:
        """Place the page, px."""
        px = self._look.px
        top = inside.top()
        if self.shown in LISTS:
            self.bar.setGeometry(inside.left(), top, inside.width(), px(_BUTTON))
            top += px(_BUTTON + _GAP)
        high = 0 if self.shown in FINDING else px(_FOOT)
        foot = QRect(inside.left(), inside.bottom() + 1 - high, inside.width(), high)
        gap = px(_GAP) if high else 0
        body = QRect(inside.left(), top, inside.width(), max(1, foot.top() - gap - top))
        right = foot.right() + 1
        for button in (self.sure, self.export, self.forget):
            if button.isHidden():
                continue
            width = max(px(130), button.sizeHint().width() + px(8))
            button.setGeometry(right - width, foot.top(), width, foot.height())
            right -= width + px(_GAP)
        self.about.setGeometry(foot.left(), foot.top(), max(1, right - foot.left() - px(8)), foot.height())
        if not self.rows.isHidden() and (self.table.isVisibleTo(self) or not self.steps.isHidden()):
            high = px(40)
            self.rows.setGeometry(body.left(), body.top(), body.width(), high)
            body.setTop(body.top() + high)
        else:
            self.rows.setGeometry(body.adjusted(0, px(12), 0, 0))
        self.table.setGeometry(body)
        self.steps.setGeometry(body)
        high = self.toast.sizeHint().height()
        wide = min(inside.width(), px(620))
        self.toast.setGeometry(inside.left(), foot.bottom() + 1 - high, wide, high)
        if not self.toast.isHidden():
            self.toast.raise_()

    def _button(
        self, key: str, act: Callable[[], None], kind: ButtonKind = ButtonKind.SECONDARY
    ) -> ActionButton:
        button = ActionButton(kind=kind, key=key, parent=self._panel)
        button.clicked.connect(act)
        return button
