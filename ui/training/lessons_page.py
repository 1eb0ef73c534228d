"""The page of lessons: who is learning, what is done, what comes next, and what a lesson came to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto

from PySide6.QtCore import QElapsedTimer, QRect, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QWidget

from cashier_app.domain.lesson import Lesson
from cashier_app.domain.settlement import LONGEST_NAME, one_line
from cashier_app.ports.practice import LessonBook, LessonRun
from cashier_app.ports.runner import Runner
from cashier_app.wording import Sentence, Wording
from cashier_app.wording import lessons_page as words_of
from cashier_app.wording.lessons_page import Extra, Fill
from cashier_app.wording.sentences import Row, Tone
from ui.accessibility import announce
from ui.asking import Asking
from ui.key_words import Where
from ui.screens.drawer import Drawer
from ui.theme.motion import Motion
from ui.training.lesson_rows import LessonRows
from ui.training.lessons_foot import LessonsFoot
from ui.training.lessons_known import LessonsKnown
from ui.training.summary_card import SummaryCard
from ui.training.who_learns import WhoLearns
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.row_list import RowList

_BUTTON, _CLEAR = 56, 6
DEAF_MS = 400
"""How long Enter does nothing when the page opens by itself: a finger may be on its way to the till."""


class LessonsShown(Enum):
    """What the page shows."""

    WHO = auto()
    LIST = auto()
    SUMMARY = auto()


Extras = Callable[[], Mapping[Extra, Callable[[], None]]]


class LessonsPage(Drawer):
    """Everything that reads goes through the runner.

    Args:
        lessons: Reads them; blocking.
        book: Who did what.
        fill: Translates the lessons' sentences.
        extras: Reads what else there is now, and what opens it.
        keypad: Whether letters are typed by touch.
    """

    begun = Signal(object)  # the Lesson to begin
    watched = Signal(object)  # the Lesson to be shown
    marked_changed = Signal()
    keeps_behind_lock = True
    ground = "bg"

    def __init__(
        self,
        lessons: Callable[[], Sequence[Lesson]],
        book: LessonBook,
        wording: Wording,
        fill: Fill,
        *,
        runner: Runner,
        motion: Motion,
        extras: Extras = dict,
        keypad: Callable[[], bool] = lambda: False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(motion, parent)
        self._lessons_of, self._book, self._extras = lessons, book, extras
        self._wording, self._fill = wording, fill
        self.trainee = ""
        self.shown = LessonsShown.WHO
        self._known = LessonsKnown()
        self._onward: Lesson | None = None
        self._finished: tuple[Lesson, LessonRun] | None = None
        self._trouble = ""
        self.deaf_ms = DEAF_MS
        self._deaf = QElapsedTimer()
        self._listed: object = None
        self._asking = Asking(runner, lambda: None, self._fail)
        self.close_button.clicked.disconnect()
        self.close_button.clicked.connect(self.go_back)
        inside = self._panel
        self.who = ActionButton(kind=ButtonKind.SECONDARY, key="W", parent=inside)
        self.who.clicked.connect(self.change_trainee)
        self.asked = WhoLearns(wording, keypad, inside)
        self.asked.chosen.connect(self._take_trainee)
        self.asked.changed.connect(self._show)
        self.rows = LessonRows(inside)
        self.rows.picked.connect(self._begin_at)
        self.said = RowList(inside)
        self.summary = SummaryCard(inside)
        self.foot = LessonsFoot(inside)
        self.foot.watch.clicked.connect(self._watch)
        self.foot.again.clicked.connect(self._again)
        self.foot.go_on.clicked.connect(self.open_row)
        self.foot.extra_asked.connect(self._open_extra)
        self._show()

    @property
    def where(self) -> Where:  # type: ignore[override]
        """Return what the keys mean: a name is typed, elsewhere they choose."""
        typing = self.shown is LessonsShown.WHO and self.asked.is_typing()
        return Where.LESSONS_FORM if typing else Where.LESSONS

    # --- what the coach asks ------------------------------------------------------------------------

    def set_trainee(self, trainee: str) -> None:
        """Take who is learning from whoever knows."""
        self.trainee = one_line(trainee)[:LONGEST_NAME]
        self.asked.name(self.trainee)

    def show_list(self) -> None:
        """Show the lessons when the page opens next, or the question who is learning."""
        self._finished = None
        self._show_page(LessonsShown.LIST if self.trainee else LessonsShown.WHO)

    def show_summary(self, lesson: Lesson, run: LessonRun) -> None:
        """Show what a lesson came to when the page opens next."""
        self._finished = (lesson, run)
        self._known = self._known.with_run(run)
        self._find_onward()
        self._show_page(LessonsShown.SUMMARY)

    def open_drawer(self) -> None:
        """Slide in and read what was done."""
        self._deaf.start()
        super().open_drawer()
        self._read()

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self.asked.set_wording(wording)
        self._show()

    def panel_width(self) -> int:
        """Return the width of the panel, px: all there is."""
        return self.width()

    def first_focus(self) -> QWidget:
        """Return what a page begins with."""
        match self.shown:
            case LessonsShown.WHO:
                return self.asked.first_focus() or self.close_button
            case LessonsShown.LIST if self.rows.rows:
                return self.rows.rows[self.rows.marked()]
            case _:
                return self.foot.go_on

    # --- keys ---------------------------------------------------------------------------------------

    def choose(self, character: str) -> None:
        """Take a digit or a letter."""
        if self.shown is LessonsShown.WHO:
            self.asked.choose(character)
        elif self.shown is LessonsShown.LIST and character.isdecimal():
            self.rows.mark_number(str(int(character)), [str(one.number) for one in self._ordered()])
            self._show_begin()
        else:
            for button in (self.who, *self.foot.beside()):
                if button.key() == character and not button.isHidden():
                    button.click()
                    return

    def next_row(self) -> None:
        """Mark the row below."""
        self._mark_by(rows=+1)

    def previous_row(self) -> None:
        """Mark the row above."""
        self._mark_by(rows=-1)

    def turn_page(self, direction: int) -> None:
        """Mark the lesson beside."""
        self._mark_by(columns=direction)

    def open_row(self) -> None:
        """Do what Enter does: take the name, begin the marked lesson, go on to the next one."""
        if self._deaf.isValid() and self._deaf.elapsed() < self.deaf_ms:
            return
        focus = self.focusWidget()
        if focus in (self.who, *self.foot.beside(), self.close_button):
            if isinstance(focus, QAbstractButton):
                focus.click()
            return
        match self.shown:
            case LessonsShown.WHO:
                self.asked.take()
            case LessonsShown.LIST:
                self._begin_at(self.rows.marked())
            case LessonsShown.SUMMARY:
                self._begin(self._onward) if self._onward is not None else self.show_list()

    def go_back(self) -> None:
        """Do what Esc does: from what a lesson came to, to the lessons; from there to the till."""
        if self.shown is LessonsShown.SUMMARY or (self.shown is LessonsShown.WHO and self.trainee):
            self.show_list()
        else:
            self.close_drawer()

    def marked(self) -> Lesson | None:
        """Return the lesson that Enter begins; None where it does something else."""
        ordered = self._ordered()
        match self.shown:
            case LessonsShown.LIST if ordered:
                return ordered[self.rows.marked()]
            case LessonsShown.SUMMARY:
                return self._onward
            case _:
                return None

    def change_trainee(self) -> None:
        """Ask who is learning."""
        self._show_page(LessonsShown.WHO)

    # --- what is done -------------------------------------------------------------------------------

    def _take_trainee(self, name: str) -> None:
        self.trainee = name
        self._find_onward()
        self._show_page(LessonsShown.LIST)

    def _begin_at(self, place: int) -> None:
        ordered = self._ordered()
        if 0 <= place < len(ordered):
            self._begin(ordered[place])

    def _begin(self, lesson: Lesson) -> None:
        self.close_drawer()
        self.begun.emit(lesson)

    def _watch(self) -> None:
        ordered = self._ordered()
        if ordered:
            lesson = ordered[self.rows.marked()]
            self.close_drawer()
            self.watched.emit(lesson)

    def _again(self) -> None:
        if self._finished is not None:
            self._begin(self._finished[0])

    def _mark_by(self, *, rows: int = 0, columns: int = 0) -> None:
        if self.shown is LessonsShown.WHO:
            self.asked.mark_by(rows)
        elif self.shown is LessonsShown.LIST:
            self.rows.mark_by(rows, columns)
            self._show_begin()

    # --- what comes back ----------------------------------------------------------------------------

    def _read(self) -> None:
        def read() -> LessonsKnown:
            lessons = self._known.lessons or tuple(self._lessons_of())
            return LessonsKnown(lessons, tuple(self._book.trainees()), tuple(self._book.runs()))

        self._asking.ask(read, self._came)

    def _came(self, read: LessonsKnown) -> None:
        first = not self._known.lessons
        self._known = read.after(self._known)
        self._trouble = ""
        self.asked.know(read.trainees)
        self._find_onward()
        self._show()
        if first and not self.isHidden():
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _fail(self, sentence: str) -> None:
        self._trouble = sentence
        self._show()
        announce(self.said, sentence, assertive=True)

    # --- what is shown ------------------------------------------------------------------------------

    def _show_page(self, shown: LessonsShown) -> None:
        self.shown = shown
        if shown is LessonsShown.WHO:
            self.asked.begin(self.trainee)
        self._show()
        if not self.isHidden():
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        wording, shown = self._wording, self.shown
        words = words_of.lessons_words(self.trainee, tuple(self._extras()), wording)
        who = words_of.who_words(wording)
        titles = {LessonsShown.LIST: words.title, LessonsShown.WHO: who.title}
        back = Sentence.of(wording.text("Back"))
        leaves = shown is LessonsShown.LIST or (shown is LessonsShown.WHO and not self.trainee)
        summary = self._summary_words()
        self.say(
            titles.get(shown) or (summary.title if summary else words.title), words.close if leaves else back
        )
        self.who.set_words(words.who.full, words.who.short)
        self.foot.watch.set_words(words.watch.full, words.watch.short)
        self.foot.show_extras(words.extras)
        self._show_lines()
        if summary is not None:
            self.summary.show_words(summary)
            self.foot.again.set_words(summary.again.full)
        self._show_said()
        self._show_begin()
        self.arrange()

    def _summary_words(self) -> words_of.SummaryWords | None:
        if self._finished is None:
            return None
        lesson, run = self._finished
        return words_of.summary_words(lesson, run, self._onward, self._wording, self._fill)

    def _show_lines(self) -> None:
        ordered = self._ordered()
        done = self._known.done(self.trainee)
        lines = words_of.lesson_lines(ordered, done, self._onward, self._wording, self._fill)
        following = next((place for place, line in enumerate(lines) if line.is_next), 0)
        # What comes next is marked anew when that changes; else the mark stays where somebody put it.
        listed = (self.trainee, following, [line.lesson_id for line in lines])
        self.rows.show_lines(lines, self.rows.marked() if listed == self._listed else following)
        self._listed = listed

    def _show_said(self) -> None:
        if self._trouble:
            self.said.show_rows((Row("warning", Sentence.of(self._trouble), Tone.STOP),))
        elif not self._ordered():
            self.said.show_rows((words_of.no_lessons(self._wording),))
        else:
            self.said.show_rows(())

    def _show_begin(self) -> None:
        wording, summary = self._wording, self._summary_words()
        match self.shown:
            case LessonsShown.WHO:
                label = words_of.who_words(wording).go_on
            case LessonsShown.SUMMARY if summary is not None:
                label = summary.onward
            case _ if self.rows.rows:
                label = words_of.begin_words(self.rows.rows[self.rows.marked()].line, wording)
            case _:
                label = words_of.lessons_words(self.trainee, (), wording).start
        self.foot.go_on.set_words(label.full, label.short)
        self.marked_changed.emit()
        self.foot.go_on.setEnabled(self.shown is not LessonsShown.LIST or bool(self.rows.rows))

    def _open_extra(self, extra: Extra) -> None:
        act = self._extras().get(extra)
        if act is not None:
            act()

    def arrange_inside(self, inside: QRect) -> None:
        """Place the page, px."""
        px, shown = self._look.px, self.shown
        high = px(_BUTTON)
        if self._look.metrics.compact:
            # Clear of the striped frame, which lies over the window's edge.
            for part in (self.title, self.close_button):
                part.move(part.x(), part.y() + px(_CLEAR))
            inside.setTop(inside.top() + px(_CLEAR))
        who_seen = shown is LessonsShown.LIST and bool(self.trainee)
        self.who.setVisible(who_seen)
        if who_seen:
            close = self.close_button.geometry()
            wide = min(max(px(150), self.who.sizeHint().width()), inside.width() // 3)
            self.who.setGeometry(close.left() - px(12) - wide, close.top(), wide, close.height())
            title = self.title.geometry()
            title.setRight(self.who.geometry().left() - px(12))
            self.title.setGeometry(title)
        bottom = QRect(inside.left(), inside.bottom() + 1 - high, inside.width(), high)
        body = inside.adjusted(0, 0, 0, -high - px(10))
        self.asked.setVisible(shown is LessonsShown.WHO)
        self.rows.setVisible(shown is LessonsShown.LIST and bool(self.rows.rows))
        self.summary.setVisible(shown is LessonsShown.SUMMARY)
        said = bool(self.said.texts()) and shown is not LessonsShown.SUMMARY
        self.said.setVisible(said)
        if said:
            self.said.setGeometry(body.left(), body.top(), body.width(), px(56))
            body.setTop(body.top() + px(60))
        self.asked.setGeometry(body)
        self.rows.setGeometry(body)
        self.summary.setGeometry(body)
        in_list, after = shown is LessonsShown.LIST, shown is LessonsShown.SUMMARY
        self.foot.show_for(lessons=in_list, listed=bool(self.rows.rows), after=after)
        self.foot.setGeometry(bottom)

    # --- inside -------------------------------------------------------------------------------------

    def _ordered(self) -> list[Lesson]:
        return self._known.ordered()

    def _find_onward(self) -> None:
        self._onward = self._known.onward(self.trainee, self._finished[0] if self._finished else None)
