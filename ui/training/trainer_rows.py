"""What stands in the trainer's tables: rows in their order, put into words as they are seen."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from cashier_app.ports.practice import LessonRun
from cashier_app.services.training_results import Order, TrainingResults, runs_by, trainees_by
from cashier_app.wording import Wording
from cashier_app.wording import trainer as words_of
from cashier_app.wording.trainer import Fill
from ui.training.result_model import ResultRows


class Voice(Struct, frozen=True):
    """All that is needed to say something of results.

    Args:
        fill: Makes sentences of the lessons' source texts.
        now: The time, UTC.
    """

    fill: Fill
    wording: Wording
    now: datetime


def people_rows(
    results: TrainingResults, order: Order, voice: Voice, *, turned: bool
) -> tuple[tuple[str, ...], ResultRows]:
    """Return everybody's names in their order, and the table of them."""
    people = trainees_by(results.trainees, order, turned=turned)
    count = len(results.lessons)
    return tuple(one.trainee for one in people), ResultRows(
        words_of.trainer_words(voice.wording).people.full,
        words_of.people_columns(voice.wording, count),
        len(people),
        lambda row: words_of.people_row(people[row], count, voice.wording, voice.now),
        order,
        turned,
        lambda row: people[row].marks,
        mark_count=count,
    )


def run_rows(
    results: TrainingResults, of: tuple[LessonRun, ...], order: Order, voice: Voice, *, turned: bool
) -> tuple[tuple[LessonRun, ...], ResultRows]:
    """Return these tries in their order, and the table of them."""
    runs = runs_by(results, of, order, turned=turned)
    return runs, ResultRows(
        words_of.trainer_words(voice.wording).tries.full,
        words_of.run_columns(voice.wording),
        len(runs),
        lambda row: words_of.run_row(runs[row], results, voice.fill, voice.wording, voice.now),
        order,
        turned,
    )


def find_rows(
    results: TrainingResults, typed: str, voice: Voice, *, lessons: bool
) -> tuple[tuple[str | None, ...], ResultRows]:
    """Return the trainees or lessons that match what was typed, and the table of them."""
    found = words_of.found_lessons if lessons else words_of.found_trainees
    lines = found(results, typed, voice.fill, voice.wording)
    return tuple(value for value, _ in lines), ResultRows(
        words_of.trainer_words(voice.wording).search,
        words_of.find_columns(voice.wording, lessons=lessons),
        len(lines),
        lambda row: lines[row][1],
        Order.TRAINEE,
    )
