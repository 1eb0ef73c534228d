"""Every lesson played with its typical mistakes in the real window: recognised, mended, confirmed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cashier_app.domain.lesson import Lesson
from tests.end_to_end.lesson_playing import TAUGHT, playing


@pytest.mark.parametrize("lesson", TAUGHT, ids=lambda lesson: lesson.lesson_id)
def test_played_wrong(lesson: Lesson, tmp_path: Path, qtbot: QtBot) -> None:
    assert any(step.slip for step in lesson.steps), "nothing goes wrong in it"
    assert all(bool(step.slip) == bool(step.mistakes) for step in lesson.steps)
    with playing(tmp_path, qtbot) as player:
        run = player.play(lesson, wrong=True)
        assert all(step.done for step in run.steps)
        # The first mistake of a step is the one its slip makes; it counts once, and no other does.
        wanted = [tuple(mistake.name for mistake in step.mistakes[:1]) for step in lesson.steps]
        assert [step.mistakes for step in run.steps] == wanted
        player.audit()
