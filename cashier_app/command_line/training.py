"""`training list` and `training check`: the lessons there are, and whether one somebody wrote can be used."""

from __future__ import annotations

import argparse

from cashier_app.command_line.report import Plain, Report
from cashier_app.demo.lesson_check import misfits
from cashier_app.documents.lesson_document import load_lesson, load_lessons
from cashier_app.domain.lesson import Lesson
from cashier_app.domain.lesson_time import time_of

EXIT_MISFITS = 1


def list_lessons(options: argparse.Namespace) -> Report:
    """Say which lessons there are, with their steps and how long each takes who makes no mistake.

    Raises:
        KnownError: One of them cannot be used; says which part.
    """
    lessons = load_lessons(options.folder)
    width = max((len(lesson.title) for lesson in lessons), default=0)
    lines = tuple(_line(lesson, width) for lesson in lessons)
    whole = sum(time_of(lesson).total for lesson in lessons)
    total = (f"All together: {_minutes(whole)} min for who makes no mistake.",) if len(lessons) > 1 else ()
    none = "There are no lessons in this folder."
    data: dict[str, Plain] = {"lessons": [_told(lesson) for lesson in lessons], "seconds": whole // 1000}
    return Report(data, (*lines, *total) or (none,))


def check(options: argparse.Namespace) -> Report:
    """Say whether a lesson can be used, and what of it does not fit the practice shop: then with exit code 1.

    Raises:
        KnownError: It is no lesson; says which part and what was expected.
    """
    lesson = load_lesson(options.file)
    wrong = misfits(lesson)
    took = time_of(lesson)
    data: dict[str, Plain] = {**_told(lesson), "words": took.words, "misfits": list(wrong)}
    if wrong:
        return Report(data, tuple(wrong), EXIT_MISFITS)
    seconds = round(took.reading / 1000)
    steps = "1 step" if len(lesson.steps) == 1 else f"{len(lesson.steps)} steps"
    return Report(
        data, (f"{lesson.title}: {steps}, {took.words} words, {seconds} s to read. It can be used.",)
    )


def _told(lesson: Lesson) -> dict[str, Plain]:
    return {
        "id": lesson.lesson_id,
        "number": lesson.number,
        "title": lesson.title,
        "goal": lesson.goal,
        "minutes": lesson.minutes,
        "seconds": time_of(lesson).total // 1000,
        "steps": [step.name for step in lesson.steps],
    }


def _line(lesson: Lesson, width: int) -> str:
    took, steps = time_of(lesson), len(lesson.steps)
    reading, doing = round(took.reading / 1000), round(took.doing / 1000)
    return (
        f"{lesson.number:2}  {lesson.title:<{width}}  {_minutes(took.total)} min: {reading:2} s to read,"
        f" {doing:2} s to do in {steps} {'step' if steps == 1 else 'steps'}"
    )


def _minutes(milliseconds: int) -> str:
    """Return minutes with one decimal, rounded up."""
    tenths = -(-milliseconds // 6_000)
    return f"{tenths // 10}.{tenths % 10}"
