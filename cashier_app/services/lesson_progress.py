"""How far one trainee got with the lessons, worked out from the book of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from cashier_app.domain.lesson import Lesson
from cashier_app.ports.practice import Ended, LessonRun


class Progress(Struct, frozen=True):
    """What one trainee did of one lesson.

    Args:
        best: Their shortest finished run, milliseconds.
        last: Their last finished run.
    """

    best: int
    last: LessonRun


def progress_of(runs: Sequence[LessonRun], trainee: str) -> dict[str, Progress]:
    """Return what a trainee finished, by lesson id; `runs` have the newest first."""
    done: dict[str, Progress] = {}
    for run in runs:
        if run.trainee != trainee or run.ended is not Ended.FINISHED:
            continue
        known = done.get(run.lesson_id)
        best = run.milliseconds if known is None else min(known.best, run.milliseconds)
        done[run.lesson_id] = Progress(best, run if known is None else known.last)
    return done


def next_lesson(lessons: Sequence[Lesson], done: Mapping[str, Progress], after: str = "") -> Lesson | None:
    """Return the first lesson that is not done: behind `after` in their order, then from the first on."""
    ordered = sorted(lessons, key=lambda lesson: lesson.number)
    place = next((place for place, lesson in enumerate(ordered) if lesson.lesson_id == after), -1)
    for lesson in (*ordered[place + 1 :], *ordered[: place + 1]):
        if lesson.lesson_id not in done and lesson.lesson_id != after:
            return lesson
    return None
