"""Every lesson left in the middle of every step: the till is ready, nothing is staged, nothing waits."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cashier_app.domain.lesson import Lesson
from cashier_app.services.lesson_view import LessonStage
from tests.end_to_end.lesson_playing import TAUGHT, playing


@pytest.mark.parametrize("lesson", TAUGHT, ids=lambda lesson: lesson.lesson_id)
def test_left_at_every_step(lesson: Lesson, tmp_path: Path, qtbot: QtBot) -> None:
    with playing(tmp_path, qtbot) as player:
        last = len(lesson.steps) - 1
        for place, step in enumerate(lesson.steps):
            player.begin(lesson)  # after the first: where the step before was left
            player.play_to(lesson, place)
            player.do(step.do[: int(place < last)], f"{step.name} is begun")
            player.press("Ctrl+L")
            assert player.view.stage is LessonStage.NONE
            player.until(player.is_clear, lambda place=place: f"order after step {place + 1}")  # type: ignore[misc]
        player.begin(lesson)
        player.audit()
        assert (player.facts.waiting, player.facts.needs_attention) == (0, 0)
