"""Every lesson played with every mistake it names, in the real window: recognised, mended, confirmed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cashier_app.domain.lesson import Lesson
from tests.end_to_end.lesson_playing import TAUGHT, Seen, playing


def rounds(lesson: Lesson) -> int:
    """Return how often a lesson is played until every mistake of every step was made."""
    return max(len(step.mistakes) for step in lesson.steps)


def wanted(lesson: Lesson, which: int) -> list[Seen]:
    """Return the mistakes made in one round, in their order: of each step the one of this place."""
    steps = [step for step in lesson.steps if which < len(step.mistakes)]
    return [Seen(step.name, step.mistakes[which].name) for step in steps]


PLAYED = [
    pytest.param(lesson, which, id=f"{lesson.lesson_id}-{which + 1}")
    for lesson in TAUGHT
    for which in range(rounds(lesson))
]


@pytest.mark.parametrize(("lesson", "which"), PLAYED)
def test_played_wrong(lesson: Lesson, which: int, tmp_path: Path, qtbot: QtBot) -> None:
    with playing(tmp_path, qtbot) as player:
        run = player.play(lesson, wrong=which)
        assert all(step.done for step in run.steps)
        asked_for = wanted(lesson, which)
        assert [one for one in player.seen if one in asked_for] == asked_for, "each of them once"
        player.audit()


@pytest.mark.parametrize("lesson", TAUGHT, ids=lambda lesson: lesson.lesson_id)
def test_every_mistake_can_be_made(lesson: Lesson) -> None:
    mistakes = [mistake for step in lesson.steps for mistake in step.mistakes]
    assert mistakes, "nothing goes wrong in it"
    assert [mistake.name for mistake in mistakes if not mistake.slip] == []


def test_every_mistake_of_every_lesson_is_made() -> None:
    made = [seen for played in PLAYED for seen in wanted(*played.values)]
    named = [Seen(s.name, m.name) for lesson in TAUGHT for s in lesson.steps for m in s.mistakes]
    assert sorted(made, key=str) == sorted(named, key=str)
