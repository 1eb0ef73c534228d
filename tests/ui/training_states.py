"""States of training for pictures and tests: the coach below the till, the lessons, what one came to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from msgspec.structs import replace

from cashier_app.documents.lesson_document import load_lessons
from cashier_app.domain.lesson import Lesson
from cashier_app.domain.money import Currency
from cashier_app.ports.practice import Ended, LessonPerson, LessonRun, StepTaken
from cashier_app.services.lesson_view import LessonStage, LessonView, MistakeSeen, StepDone
from cashier_app.services.till_view import TillView
from cashier_app.wording.coach import CoachWords, choosing_words, coach_words
from cashier_app.wording.lessons import lesson_filler
from cashier_app.wording.lessons_page import Extra
from tests.fakes.runner import Immediate
from tests.fakes.training_runs import NOW, FakeLessonBook
from tests.ui import sample_views
from ui.main_window import MainWindow
from ui.theme.motion import STILL
from ui.training.coach_strip import CoachStrip
from ui.training.lessons_page import LessonsPage, LessonsShown

RUPEE = Currency("INR", 2)
PEOPLE = {
    "mem-priya": LessonPerson("mem-priya", "Priya Raghunathan", "9845012210", "MG-104210"),
    "mem-ravi": LessonPerson("mem-ravi", "Ravi Kulkarni", "9845034172", "MG-118034"),
}
LESSONS = load_lessons()
FIRST = next(lesson for lesson in LESSONS if lesson.number == 1)


def run_of(lesson: Lesson, milliseconds: int, *, mistakes: Sequence[str] = (), hints: int = 0) -> LessonRun:
    """Return a finished run of Asha's."""
    steps = tuple(StepTaken(step.name, milliseconds // len(lesson.steps)) for step in lesson.steps)
    first = replace(steps[0], mistakes=tuple(mistakes), hints=hints)
    return LessonRun("Asha", lesson.lesson_id, NOW, Ended.FINISHED, (first, *steps[1:]))


def asking(place: int, **more: object) -> LessonView:
    """Return the coach at a step of the first lesson."""
    return replace(LessonView(LessonStage.RUNNING, FIRST, "Asha", place), **more)


def words_in(window: MainWindow, view: LessonView, **how: bool) -> CoachWords:
    """Return what the strip says."""
    wording = window.screen_of_till.wording()
    fill = lesson_filler(PEOPLE, RUPEE, wording)
    return coach_words(view, wording, fill, shows_codes=True, **how)


def stand_coach(window: MainWindow, words: CoachWords) -> CoachStrip:
    """Put a strip below the till."""
    strip = CoachStrip(words, window)
    window.stand_on(strip)
    strip.show()
    return strip


def page_in(
    window: MainWindow,
    book: FakeLessonBook,
    lessons: Sequence[Lesson] = LESSONS,
    *,
    keypad: bool = False,
    extras: Sequence[Extra] = tuple(Extra),
    noted: list[object] | None = None,
) -> LessonsPage:
    """Return the page of lessons over the till; what is asked for is noted."""
    asked = noted if noted is not None else []
    acts: dict[Extra, Callable[[], None]] = {
        extra: lambda extra=extra: asked.append(extra)  # type: ignore[misc]
        for extra in extras
    }
    wording = window.screen_of_till.wording()
    made = LessonsPage(
        lambda: lessons,
        book,
        wording,
        lesson_filler(PEOPLE, RUPEE, wording),
        runner=Immediate(),
        motion=STILL,
        extras=lambda: acts,
        keypad=lambda: keypad,
        parent=window,
    )
    made.begun.connect(lambda lesson: asked.append(("begin", lesson.lesson_id)))
    made.watched.connect(lambda lesson: asked.append(("watch", lesson.lesson_id)))
    window.drawers.take_in(made)
    return made


def some_runs() -> list[LessonRun]:
    """Return what Asha did of the first three lessons, and two others their first; the newest first."""
    taught = [lesson for lesson in LESSONS if lesson.number > 0][:3]
    runs = [run_of(lesson, 61_000 - 7_000 * place) for place, lesson in enumerate(taught)]
    runs[-1] = run_of(taught[-1], 48_000, mistakes=("not-her",), hints=1)
    others = [replace(runs[0], trainee=name, began_at=NOW - timedelta(days=1)) for name in ("Meera K.", "Jo")]
    return [*reversed(runs), *others]


# --- pictures ----------------------------------------------------------------------------------------------


def _coach(window: MainWindow) -> None:
    praised = asking(1, remark=StepDone(FIRST.steps[0]), remarks=1)
    stand_coach(window, words_in(window, praised))


def _code(window: MainWindow) -> None:
    stand_coach(window, words_in(window, asking(0, hint=True), hint_last=True))


def _mistake(window: MainWindow) -> None:
    wrong = asking(0, remark=MistakeSeen(FIRST.steps[0].mistakes[0]), remarks=1)
    stand_coach(window, words_in(window, wrong))


def _page(window: MainWindow, prepare: Callable[[LessonsPage], None], *, keypad: bool = False) -> None:
    strip = stand_coach(window, words_in(window, LessonView()))
    page = page_in(window, FakeLessonBook(some_runs()), keypad=keypad)
    prepare(page)
    window.drawers.open(page)
    wording = window.screen_of_till.wording()
    fill = lesson_filler(PEOPLE, RUPEE, wording)
    known = page.shown is not LessonsShown.WHO
    strip.show_words(choosing_words(page.marked(), wording, fill, known=known))


def _list(page: LessonsPage) -> None:
    page.set_trainee("Asha")
    page.show_list()


def _done(page: LessonsPage) -> None:
    page.set_trainee("Asha")
    page._read()
    page.show_summary(FIRST, run_of(FIRST, 37_000, mistakes=("not-her",), hints=1))


STATES: dict[str, Callable[[MainWindow], None]] = {
    "coach": _coach,
    "coach-code": _code,
    "coach-mistake": _mistake,
    "lessons": lambda window: _page(window, _list),
    "lessons-who": lambda window: _page(window, lambda page: page.show_list()),
    "lesson-done": lambda window: _page(window, _done),
}
BEHIND = {"coach": "member", "coach-code": "idle", "coach-mistake": "two-members"}
"""What the till shows; idle where nothing is said."""


def open_in(window: MainWindow, name: str) -> None:
    """Bring a window into a state."""
    window.training.show()
    STATES[name](window)


def view_of(name: str) -> TillView:
    """Return what the till shows behind."""
    return sample_views.STATES[BEHIND.get(name, "idle")]()
