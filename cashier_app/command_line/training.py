"""`training list` and `training check`: the lessons there are, and whether one somebody wrote can be used."""

from __future__ import annotations

import argparse

from cashier_app.command_line.report import Plain, Report
from cashier_app.demo.lesson_check import misfits
from cashier_app.documents.lesson_document import load_lesson, load_lessons
from cashier_app.documents.lesson_text import sentences_of
from cashier_app.domain.lesson import Lesson

EXIT_MISFITS = 1
WORDS_A_MINUTE = 180
"""How fast an adult reads when every word matters: a little below silent reading of prose."""


def list_lessons(options: argparse.Namespace) -> Report:
    """Say which lessons there are, with their steps and how long each takes.

    Raises:
        KnownError: One of them cannot be used; says which part.
    """
    lessons = load_lessons(options.folder)
    width = max((len(lesson.title) for lesson in lessons), default=0)
    lines = tuple(
        f"{lesson.number:2}  {lesson.title:<{width}}  {lesson.minutes} min, {len(lesson.steps)} steps"
        for lesson in lessons
    )
    none = "There are no lessons in this folder."
    return Report({"lessons": [_told(lesson) for lesson in lessons]}, lines or (none,))


def check(options: argparse.Namespace) -> Report:
    """Say whether a lesson can be used, and what of it does not fit the practice shop: then with exit code 1.

    Raises:
        KnownError: It is no lesson; says which part and what was expected.
    """
    lesson = load_lesson(options.file)
    wrong = misfits(lesson)
    words = _words(lesson)
    data: dict[str, Plain] = {**_told(lesson), "words": words, "misfits": list(wrong)}
    if wrong:
        return Report(data, tuple(wrong), EXIT_MISFITS)
    seconds = round(words * 60 / WORDS_A_MINUTE)
    steps = "1 step" if len(lesson.steps) == 1 else f"{len(lesson.steps)} steps"
    return Report(data, (f"{lesson.title}: {steps}, {words} words, {seconds} s to read. It can be used.",))


def _told(lesson: Lesson) -> dict[str, Plain]:
    return {
        "id": lesson.lesson_id,
        "number": lesson.number,
        "title": lesson.title,
        "goal": lesson.goal,
        "minutes": lesson.minutes,
        "steps": [step.name for step in lesson.steps],
    }


def _words(lesson: Lesson) -> int:
    """Return how many words are read when all goes well: no hints and no mistakes."""
    read = [
        text for part, text in sentences_of(lesson) if not part.endswith("hint") and ".mistakes" not in part
    ]
    return sum(len(text.split()) for text in read)
