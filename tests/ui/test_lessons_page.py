"""The page of lessons by keys and by touch: who learns, what comes next, what a lesson came to."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cashier_app.domain.lesson import Lesson
from cashier_app.domain.lesson_time import time_of
from cashier_app.domain.settlement import LONGEST_NAME
from cashier_app.errors import KnownError
from cashier_app.services.lesson_progress import next_lesson, progress_of
from cashier_app.wording.lessons_page import Extra, clock_time, lesson_lines, summary_words
from tests.fakes.training_runs import ARABIC, LONGEST, FakeLessonBook, lesson
from tests.ui import sample_views
from tests.ui.till_host import Hands, focus, window_of
from tests.ui.training_states import LESSONS, asking, page_in, run_of, stand_coach, words_in
from tests.ui.training_voices import VOICES
from tests.ui.who_host import outside, overlaps, too_small, wording_of
from ui.main_window import MainWindow
from ui.theme.tokens import DARK, LIGHT, Theme
from ui.training.lessons_page import DEAF_MS, LessonsPage, LessonsShown
from ui.widgets.button import ActionButton
from ui.widgets.letter_keys import LetterKeys

LEFT = Qt.MouseButton.LeftButton
SEVENTEEN = tuple(lesson(number, f"Lesson of this name {number}") for number in range(18))
pytestmark = pytest.mark.qt_log_ignore("OpenType support missing", extend=True)


class Opened:
    """A window with the page open, and what was asked of it."""

    def __init__(
        self,
        qtbot: QtBot,
        book: FakeLessonBook | None = None,
        *,
        trainee: str = "",
        lessons: Sequence[Lesson] = SEVENTEEN,
        keypad: bool = False,
        extras: Sequence[Extra] = tuple(Extra),
        **how: object,
    ) -> None:
        self.window: MainWindow = window_of(sample_views.idle(), training=True, **how)[0]
        qtbot.addWidget(self.window)
        stand_coach(self.window, words_in(self.window, asking(0)))
        self.asked: list[object] = []
        self.book = book or FakeLessonBook()
        self.page: LessonsPage = page_in(
            self.window, self.book, lessons, keypad=keypad, extras=extras, noted=self.asked
        )
        self.hands = Hands(self.window)
        qtbot.waitUntil(self.window.isActiveWindow)
        self.page.set_trainee(trainee)
        self.page.show_list()
        self.page.deaf_ms = 0
        self.window.drawers.open(self.page)

    def marked(self) -> int:
        """Return the number of the lesson that Enter begins."""
        return int(self.page.rows.rows[self.page.rows.marked()].line.number)


def learnt(*numbers: int) -> FakeLessonBook:
    """Return a book in which Asha did these."""
    return FakeLessonBook([run_of(SEVENTEEN[number], 60_000) for number in numbers])


def test_a_name_is_typed_once_and_two_enters_begin_the_first_lesson(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    assert opened.page.shown is LessonsShown.WHO
    opened.hands.type("Asha")
    opened.hands.press("Enter")
    assert opened.page.trainee == "Asha"
    assert opened.marked() == 1, "the tour is there to be watched, the first lesson comes next"
    opened.hands.press("Enter")
    assert opened.asked == [("begin", "lesson-1")]
    assert opened.window.drawers.top() is None


def test_who_was_here_last_goes_on_with_two_enters(qtbot: QtBot) -> None:
    opened = Opened(qtbot, learnt(1, 2, 3))
    assert opened.page.asked.people.marked() == 0
    opened.hands.press("Enter")
    assert opened.marked() == 4
    opened.hands.press("Enter")
    assert opened.asked == [("begin", "lesson-4")]


def test_a_trainee_the_work_till_knows_is_not_asked(qtbot: QtBot) -> None:
    opened = Opened(qtbot, trainee="Meera")
    assert opened.page.shown is LessonsShown.LIST
    assert "Meera" in opened.page.who.words()
    opened.hands.press("W")
    assert opened.page.shown is LessonsShown.WHO
    opened.hands.press("Esc")
    assert opened.page.shown is LessonsShown.LIST


def test_somebody_else_types_a_name(qtbot: QtBot) -> None:
    opened = Opened(qtbot, learnt(1))
    opened.hands.press("N")
    opened.hands.press("Enter")
    assert opened.page.shown is LessonsShown.WHO, "a name without a letter is none"
    assert opened.page.asked.said.texts() == ["Type a name first."]
    opened.hands.type("Jo")
    opened.hands.press("Enter")
    assert opened.page.trainee == "Jo"
    assert opened.marked() == 1


def test_a_name_is_one_line_of_a_sane_length(qtbot: QtBot) -> None:
    opened = Opened(qtbot)
    opened.page.asked.form.edit("name").setText("  <b>Jo</b> \u202e \t K.  " + "x" * 400)
    opened.hands.press("Enter")
    assert opened.page.trainee.startswith("<b>Jo</b>")
    assert len(opened.page.trainee) <= LONGEST_NAME
    assert "\t" not in opened.page.trainee


def test_keys_mark_what_enter_begins(qtbot: QtBot) -> None:
    opened = Opened(qtbot, learnt(1), trainee="Asha")
    hands = opened.hands
    assert opened.marked() == 2
    hands.press("Down")
    assert opened.marked() == 3
    hands.press("Up", "Up", "Up", "Up")
    assert opened.marked() == 0
    hands.press("9")
    assert opened.marked() == 9
    opened.page.rows.together_ms = -1
    hands.press("1")
    assert opened.marked() == 1
    hands.press("1")
    assert opened.marked() == 10, "again: the next one that begins with it"
    hands.press("3")
    opened.page.turn_page(+1)
    assert opened.marked() == 12, "beside it in the next column"
    assert opened.page.foot.go_on.words().endswith(f"{opened.marked()}")
    hands.press("S")
    assert opened.asked == [("watch", f"lesson-{opened.marked()}")]


def test_two_figures_one_after_the_other_are_one_number(qtbot: QtBot) -> None:
    opened = Opened(qtbot, trainee="Asha")
    opened.page.rows.together_ms = 60_000
    for number in (12, 17, 0, 10, 5, 11, 9):
        opened.hands.type(str(number))
        assert opened.marked() == number
    opened.page.choose("\u0661")
    opened.page.choose("\u0662")
    assert opened.marked() == 12, "figures of another script are figures"
    opened.hands.press("Enter")
    assert opened.asked == [("begin", "lesson-12")]


def test_every_lesson_is_begun_by_a_touch(qtbot: QtBot) -> None:
    opened = Opened(qtbot, trainee="Asha", size=(1024, 600))
    for row in opened.page.rows.rows:
        opened.window.drawers.open(opened.page)
        qtbot.mouseClick(row, LEFT)
    assert opened.asked == [("begin", f"lesson-{number}") for number in range(18)]


def test_what_else_there_is_opens_by_key_and_by_touch(qtbot: QtBot) -> None:
    opened = Opened(qtbot, trainee="Asha")
    opened.hands.press("C", "F", "T")
    for button in opened.page.foot.extras.values():
        qtbot.mouseClick(button, LEFT)
    assert opened.asked == [*Extra, *Extra]
    bare = Opened(qtbot, trainee="Asha", extras=())
    assert bare.page.foot.extras == {}


def test_escape_leads_to_the_till(qtbot: QtBot) -> None:
    opened = Opened(qtbot, trainee="Asha")
    opened.hands.press("Esc")
    assert opened.window.drawers.top() is None
    assert opened.asked == []


def test_a_finger_on_its_way_to_the_till_begins_nothing(qtbot: QtBot) -> None:
    opened = Opened(qtbot, trainee="Asha")
    opened.page.deaf_ms = DEAF_MS
    opened.page._deaf.restart()
    opened.page.open_row()
    assert opened.asked == []
    qtbot.waitUntil(lambda: opened.page._deaf.elapsed() > DEAF_MS)
    opened.page.open_row()
    assert opened.asked == [("begin", "lesson-1")]


def test_what_a_lesson_came_to_and_on_to_the_next(qtbot: QtBot) -> None:
    opened = Opened(qtbot, learnt(1), trainee="Asha")
    done = run_of(SEVENTEEN[2], 65_000, mistakes=(SEVENTEEN[2].steps[0].mistakes[0].name,) * 2, hints=1)
    opened.page.show_summary(SEVENTEEN[2], done)
    assert [box.figure.value for box in opened.page.summary.boxes] == ["1:05", "2", "1"]
    assert opened.page.summary.wrong.texts() == [SEVENTEEN[2].steps[0].mistakes[0].say]
    assert opened.page.foot.go_on.words() == "Next: Lesson of this name 3"
    opened.hands.press("Enter")
    assert opened.asked == [("begin", "lesson-3")]


def test_once_more_and_back_to_the_lessons(qtbot: QtBot) -> None:
    opened = Opened(qtbot, trainee="Asha")
    opened.page.show_summary(SEVENTEEN[1], run_of(SEVENTEEN[1], 20_000))
    opened.hands.press("Esc")
    assert opened.page.shown is LessonsShown.LIST
    assert opened.page.rows.rows[1].line.done, "the book may not have it yet: it is done all the same"
    opened.page.show_summary(SEVENTEEN[1], run_of(SEVENTEEN[1], 20_000))
    opened.hands.press("R")
    assert opened.asked == [("begin", "lesson-1")]


def test_after_the_last_lesson_enter_goes_to_the_list(qtbot: QtBot) -> None:
    opened = Opened(qtbot, learnt(*range(1, 18)), trainee="Asha")
    opened.page.show_summary(SEVENTEEN[17], run_of(SEVENTEEN[17], 20_000))
    assert opened.page.foot.go_on.words() == "To the lessons"
    opened.hands.press("Enter")
    assert opened.page.shown is LessonsShown.LIST


def test_a_book_that_cannot_be_read_is_said_and_stops_no_lesson(qtbot: QtBot) -> None:
    opened = Opened(qtbot, trainee="Asha")
    opened.book.trouble = KnownError("The book cannot be read.")
    opened.window.drawers.close()
    opened.window.drawers.open(opened.page)
    assert opened.page.said.texts() == ["The book cannot be read."]
    opened.hands.press("Enter")
    assert opened.asked == [("begin", "lesson-1")]


def test_letters_are_typed_by_touch(qtbot: QtBot) -> None:
    opened = Opened(qtbot, keypad=True, size=(1024, 600))
    letters = opened.page.asked.letters
    assert isinstance(letters, LetterKeys)
    assert letters.isVisible()
    for sign in "JO":
        letters.typed.emit(sign)
    letters.typed.emit("\b")
    qtbot.mouseClick(opened.page.foot.go_on, LEFT)
    assert opened.page.trainee == "J"


SHOWN = ("list", "who", "form", "touch", "summary", "trouble")


def show(qtbot: QtBot, what: str, **how: object) -> Opened:
    book = learnt(1, 2, 3) if what in {"list", "who", "summary"} else None
    opened = Opened(
        qtbot, book, trainee="" if what in {"who", "form", "touch"} else "Asha", keypad=what == "touch", **how
    )
    if what == "summary":
        opened.page.show_summary(SEVENTEEN[2], run_of(SEVENTEEN[2], 65_000, hints=1))
    if what == "trouble":
        opened.page._fail("The book of lessons in the practice folder cannot be used. Lessons can be done.")
    return opened


@pytest.mark.parametrize("size", [(1024, 600), (1280, 800), (1920, 1080)])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("what", SHOWN)
def test_nothing_overlaps_is_cut_off_or_too_small(
    qtbot: QtBot, what: str, size: tuple[int, int], theme: Theme
) -> None:
    opened = show(qtbot, what, size=size, theme=theme)
    page = opened.page
    assert overlaps(page._panel) == []
    assert outside(page._panel) == []
    assert [name for name in too_small(page._panel) if "LetterKey" not in name] == []
    crowded = [b.words() for b in page.findChildren(ActionButton) if b.isVisible() and not b.has_room()]
    assert crowded == []
    assert [row.line.number for row in page.rows.rows if row.isVisible() and row.is_cut_off()] == []
    for label in page.findChildren(QLabel):
        assert label.textFormat().name == "PlainText"
        assert label.font().pixelSize() >= 16


@pytest.mark.parametrize("what", SHOWN)
def test_tab_goes_round_and_the_focus_is_never_lost(qtbot: QtBot, what: str) -> None:
    opened = show(qtbot, what)
    for _ in range(30):
        opened.hands.press("Tab")
        widget = focus()
        assert widget is not None
        assert widget.isVisible()
        assert opened.page.isAncestorOf(widget)


@pytest.mark.parametrize("name", [LONGEST, ARABIC, "=HYPERLINK(1)", "<img src=x>"])
def test_any_name_is_shown_as_it_is(qtbot: QtBot, name: str) -> None:
    opened = Opened(qtbot, trainee=name, size=(1024, 600))
    assert opened.page.trainee == name[:LONGEST_NAME].strip()
    assert name[:5] in opened.page.who.words()
    assert overlaps(opened.page._panel) == []


def test_lessons_are_listed_for_those_who_listen(qtbot: QtBot) -> None:
    opened = Opened(qtbot, learnt(1), trainee="Asha")
    rows = opened.page.rows.rows
    assert rows[1].accessibleName() == "1, Lesson of this name 1, Best 1:00, last no mistakes, done"
    assert rows[2].accessibleName() == "2, Lesson of this name 2, under a minute, next"


def test_a_lesson_of_less_than_a_minute_says_so() -> None:
    lines = lesson_lines(LESSONS, {}, None, VOICES["English"], str)
    said = {line.lesson_id: line.detail.full for line in lines}
    short = {lesson.lesson_id for lesson in LESSONS if time_of(lesson).total < 60_000}
    assert {lesson_id for lesson_id, detail in said.items() if detail == "under a minute"} == short
    assert (said["tour"], said["first-scan"]) == ("2 min", "under a minute")
    done = {lesson.lesson_id: run_of(lesson, 50_000) for lesson in LESSONS}
    targets = {
        lesson.lesson_id: summary_words(lesson, done[lesson.lesson_id], None, VOICES["English"], str)
        .figures[0]
        .beside
        for lesson in LESSONS
    }
    assert (targets["tour"], targets["first-scan"]) == ("of 2 min", "a minute is enough")


# --- how far somebody got -----------------------------------------------------------------------------------


def test_progress_is_the_best_and_the_last_of_ones_own_finished_runs() -> None:
    first = SEVENTEEN[1]
    runs = [
        run_of(first, 50_000, mistakes=("a",)),
        replace(run_of(first, 10_000), trainee="Jo"),
        run_of(first, 40_000),
    ]
    done = progress_of(runs, "Asha")
    assert set(done) == {"lesson-1"}
    assert done["lesson-1"].best == 40_000
    assert done["lesson-1"].last is runs[0]
    assert progress_of(runs, "Nobody") == {}


def test_the_next_lesson_is_behind_the_one_just_done_then_from_the_first_on() -> None:
    done = progress_of([run_of(SEVENTEEN[number], 1_000) for number in (1, 3)], "Asha")
    taught = SEVENTEEN[1:5]
    assert next_lesson(taught, done) == SEVENTEEN[2]
    assert next_lesson(taught, done, "lesson-3") == SEVENTEEN[4]
    assert next_lesson(taught, done, "lesson-4") == SEVENTEEN[2]
    everything = progress_of([run_of(one, 1_000) for one in taught], "Asha")
    assert next_lesson(taught, everything, "lesson-4") is None


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(0, "0:00"), (59_499, "0:59"), (59_500, "1:00"), (65_000, "1:05"), (3_600_000, "60:00")],
)
def test_times_are_minutes_and_seconds(milliseconds: int, text: str) -> None:
    assert clock_time(milliseconds, wording_of()) == text
