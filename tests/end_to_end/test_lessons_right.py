"""Every lesson played right, in the real window with real keys: confirmed step by step, and booked once."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cashier_app.demo.lesson_check import misfits
from cashier_app.domain.lesson import Lesson
from tests.end_to_end.lesson_playing import LESSONS, TAUGHT, playing


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.lesson_id)
def test_played_right(lesson: Lesson, tmp_path: Path, qtbot: QtBot) -> None:
    assert all(step.do for step in lesson.steps), "nobody shows how it is done"
    assert misfits(lesson) == []
    with playing(tmp_path, qtbot) as player:
        run = player.play(lesson)
        assert [step.name for step in run.steps if step.done] == [step.name for step in lesson.steps]
        assert [step.mistakes for step in run.steps if step.mistakes] == []
        player.audit()


def test_the_lessons_are_the_ones_that_were_promised() -> None:
    assert [lesson.number for lesson in LESSONS] == list(range(len(LESSONS)))
    assert len(TAUGHT) >= 1
