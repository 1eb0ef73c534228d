"""Every sentence of every lesson stands whole in the coach's strip, on the smallest screen, too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from cashier_app.documents.lesson_document import load_lessons
from cashier_app.domain.lesson import Lesson
from cashier_app.practice_stage import lesson_people
from cashier_app.services.lesson_view import LessonStage, LessonView, MistakeSeen, StepDone, WentBack
from cashier_app.wording.coach import choosing_words, coach_words
from cashier_app.wording.lessons import lesson_filler
from tests.ui import sample_views
from tests.ui.till_host import window_of
from tests.ui.training_states import RUPEE, stand_coach

LESSONS = load_lessons()
SMALLEST = (1024, 600)
pytestmark = pytest.mark.qt_log_ignore("OpenType support missing", extend=True)


def shown_in(lesson: Lesson) -> Iterator[LessonView]:
    """Yield everything the coach may show of a lesson."""
    for place, step in enumerate(lesson.steps):
        on = LessonView(LessonStage.RUNNING, lesson, "Asha", place, remarks=1)
        yield replace(on, hint=True)
        yield replace(on, remark=WentBack())
        yield from (replace(on, remark=MistakeSeen(mistake)) for mistake in step.mistakes)
        yield from (replace(on, remark=StepDone(before)) for before in lesson.steps[:place][-1:])
    done = StepDone(lesson.steps[-1])
    yield LessonView(LessonStage.FINISHED, lesson, "Asha", len(lesson.steps) - 1, remark=done, remarks=1)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.lesson_id)
def test_every_sentence_stands_whole_on_the_smallest_screen(lesson: Lesson, qtbot: QtBot) -> None:
    window, _ = window_of(sample_views.STATES["idle"](), training=True, size=SMALLEST)
    qtbot.addWidget(window)
    wording = window.screen_of_till.wording()
    fill = lesson_filler(lesson_people(), RUPEE, wording)
    strip = stand_coach(window, choosing_words(lesson, wording, fill))
    cut = [] if strip.has_room() else [lesson.goal]
    for view in shown_in(lesson):
        words = coach_words(view, wording, fill, hint_last=view.hint, shows_codes=True, plays=True)
        strip.show_words(words)
        if not strip.has_room():
            cut.append(f"{words.say} / {words.note}")
    assert cut == []
