"""What trainees did, as a file: a table for spreadsheets, a document for programs, a sheet to print.

TRAINING stands in every row, in the document and on every page.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from msgspec import Struct

from cashier_app.domain.lesson import Mistake
from cashier_app.ports.practice import Ended, LessonRun
from cashier_app.services.export_files import Cell, csv_table, json_document, marked
from cashier_app.services.training_results import Mark, StepResult, TraineeResult, TrainingResults
from cashier_app.wording.close_sheet import (
    CloseSheet,
    SheetEntry,
    SheetFact,
    SheetLine,
    SheetList,
    SheetTable,
)
from cashier_app.wording.figures_file import Plain
from cashier_app.wording.sentences import name_in_sentence, plain
from cashier_app.wording.speech import Wording
from cashier_app.wording.trainer import Fill, duration, ended, lesson_title, numbered, trainee_name
from cashier_app.wording.trainer_run import hints_words, mistake_said, mistakes_words
from cashier_app.wording.training_mark import training_line

MOST_PRINTED = 500
"""Tries on the printed sheet, the newest: nobody turns a hundred pages, and each takes 0.1 s to set."""

HEADER = (
    "rows",
    "trainee",
    "lesson",
    "title",
    "begun_at",
    "ended",
    "step",
    "seconds",
    "best_seconds",
    "mistakes",
    "hints",
    "which",
)


class _Line(Struct, frozen=True):
    """One row of the table: a try as a whole, or one step of it. Times in milliseconds."""

    run: LessonRun
    step: StepResult | None = None


def results_csv(results: TrainingResults, fill: Fill, *, byte_order_mark: bool = False) -> bytes:
    """Return a table with a row for each try and for each of its steps, in UTF-8.

    `begun_at` is UTC, seconds have three decimals, `which` holds each mistake in the words of the lesson.
    """
    rows = (_cells(line, results, fill) for line in _lines(results))
    return csv_table(HEADER, rows, byte_order_mark=byte_order_mark, training=True)


def results_json(results: TrainingResults, fill: Fill) -> bytes:
    """Return the same as one document."""
    return json_document(marked(results_data(results, fill), training=True))


def results_data(results: TrainingResults, fill: Fill) -> dict[str, Plain]:
    """Return the same as plain data; times are seconds as text, `begun_at` is UTC."""
    return {
        "lessons": [
            {"lesson": lesson.lesson_id, "number": lesson.number, "title": fill(lesson.title)}
            for lesson in results.lessons
        ],
        "trainees": [_trainee_data(one, results) for one in results.trainees],
        "runs": [_run_data(run, results, fill) for run in results.runs],
    }


def results_sheet(
    results: TrainingResults, store: str, fill: Fill, wording: Wording, now: datetime, *, trainee: str = ""
) -> CloseSheet:
    """Return what is printed: everybody in a table, each lesson's steps, then every try.

    Args:
        results: Those to be printed.
        store: Whose till it is.
        fill: Makes sentences of the lessons' source texts.
        wording: The language.
        now: UTC.
        trainee: Whom alone it is about; empty for everybody.
    """
    text, count = wording.text, wording.figures.count
    facts = [
        SheetFact(text("Store"), name_in_sentence(store)),
        SheetFact(text("Made"), _moment(now, wording)),
        SheetFact(text("Tries"), count(len(results.runs))),
    ]
    if trainee:
        facts.insert(1, SheetFact(text("Trainee"), name_in_sentence(trainee)))
    return CloseSheet(
        title=text("Training results"),
        about=text("Practice only. No sale, no points and no money in it are real."),
        marks=(training_line(wording),),
        facts=tuple(facts),
        remarks=() if results.runs else (text("Nobody has done a lesson yet."),),
        parts=(*_tables(results, fill, wording), _runs(results, fill, wording)),
        proof=(),
        proof_note=text("Times are minutes and seconds. The shop's best is without a mistake or a hint."),
    )


# --- the table --------------------------------------------------------------------------------------


def _lines(results: TrainingResults) -> Iterator[_Line]:
    for run in results.runs:
        yield _Line(run)
        yield from (_Line(run, step) for step in results.steps(run))


def _cells(line: _Line, results: TrainingResults, fill: Fill) -> list[Cell]:
    run, step = line.run, line.step
    lesson = results.lesson_of.get(run.lesson_id)
    same: list[Cell] = [
        "try" if step is None else "step",
        plain(run.trainee),
        plain(run.lesson_id),
        "" if lesson is None else fill(lesson.title),
        run.began_at.astimezone(UTC).isoformat(),
    ]
    if step is None:
        best = results.best_of_lesson.get(run.lesson_id)
        seconds, best_seconds = _seconds(run.milliseconds), _seconds(best)
        return [*same, run.ended.value, "", seconds, best_seconds, run.mistakes, run.hints, ""]
    taken = step.taken
    state = "not reached" if taken is None else "done" if taken.done else "left"
    return [
        *same,
        state,
        plain(step.name),
        None if taken is None else _seconds(taken.milliseconds),
        _seconds(step.best),
        0 if taken is None else len(taken.mistakes),
        0 if taken is None else taken.hints,
        " / ".join(_which(step, fill)),
    ]


def _which(step: StepResult, fill: Fill) -> Iterator[str]:
    for mistake, times in step.mistakes:
        said = fill(mistake.say) if isinstance(mistake, Mistake) else plain(mistake)
        yield said if times == 1 else f"{times} x {said}"


def _seconds(milliseconds: int | None) -> Decimal | None:
    return None if milliseconds is None else Decimal(milliseconds).scaleb(-3)


# --- the document -----------------------------------------------------------------------------------


def _trainee_data(one: TraineeResult, results: TrainingResults) -> dict[str, Plain]:
    def with_mark(mark: Mark) -> list[Plain]:
        marks = zip(results.lessons, one.marks, strict=True)
        return [lesson.lesson_id for lesson, found in marks if found is mark]

    return {
        "trainee": plain(one.trainee),
        "finished": with_mark(Mark.FINISHED),
        "begun": with_mark(Mark.LEFT),
        "tries": one.tries,
        "seconds": format(Decimal(one.milliseconds).scaleb(-3), "f"),
        "mistakes": one.mistakes,
        "hints": one.hints,
        "last_at": one.last_at.astimezone(UTC).isoformat(),
    }


def _run_data(run: LessonRun, results: TrainingResults, fill: Fill) -> dict[str, Plain]:
    return {
        "trainee": plain(run.trainee),
        "lesson": plain(run.lesson_id),
        "begun_at": run.began_at.astimezone(UTC).isoformat(),
        "ended": run.ended.value,
        "seconds": format(Decimal(run.milliseconds).scaleb(-3), "f"),
        "mistakes": run.mistakes,
        "hints": run.hints,
        "steps": [_step_data(step, fill) for step in results.steps(run)],
    }


def _step_data(step: StepResult, fill: Fill) -> dict[str, Plain]:
    taken, best = step.taken, _seconds(step.best)
    return {
        "step": plain(step.name),
        "reached": taken is not None,
        "done": taken is not None and taken.done,
        "seconds": None if taken is None else format(Decimal(taken.milliseconds).scaleb(-3), "f"),
        "best_seconds": None if best is None else format(best, "f"),
        "mistakes": [*_which(step, fill)],
        "hints": 0 if taken is None else taken.hints,
    }


# --- the sheet --------------------------------------------------------------------------------------


def _tables(results: TrainingResults, fill: Fill, wording: Wording) -> Iterator[SheetTable]:
    text, count = wording.text, wording.figures.count
    if results.trainees:
        yield SheetTable(
            title=text("Who did what"),
            corner=text("Trainee"),
            heads=(text("Finished"), text("Tries"), text("Time"), text("Mistakes"), text("Hints")),
            lines=tuple(
                SheetLine(
                    trainee_name(one.trainee, wording),
                    (
                        text("{n} of {m}", n=count(one.finished), m=count(len(results.lessons))),
                        count(one.tries),
                        duration(one.milliseconds, wording),
                        count(one.mistakes),
                        count(one.hints),
                    ),
                )
                for one in results.trainees
            ),
            narrow=(0, 2, 3),
        )
    if results.lessons and results.runs:
        yield SheetTable(
            title=text("The lessons"),
            corner=text("Lesson"),
            heads=(text("Finished by"), text("Tries"), text("Mistakes"), text("Hints"), text("Shop's best")),
            lines=tuple(_lesson_lines(results, fill, wording)),
            narrow=(0, 2),
        )


def _lesson_lines(results: TrainingResults, fill: Fill, wording: Wording) -> Iterator[SheetLine]:
    count = wording.figures.count
    of_lesson: dict[str, list[LessonRun]] = {}
    for run in results.runs:
        of_lesson.setdefault(run.lesson_id, []).append(run)
    for lesson in results.lessons:
        runs = of_lesson.get(lesson.lesson_id, [])
        finished = {run.trainee for run in runs if run.ended is Ended.FINISHED}
        best = results.best_of_lesson.get(lesson.lesson_id)
        figures = (
            count(len(finished)),
            count(len(runs)),
            count(sum(run.mistakes for run in runs)),
            count(sum(run.hints for run in runs)),
            "" if best is None else duration(best, wording),
        )
        yield SheetLine(numbered(lesson, fill, wording), figures)


def _runs(results: TrainingResults, fill: Fill, wording: Wording) -> SheetList:
    text, more = wording.text, len(results.runs) - MOST_PRINTED
    said = wording.plural(
        "{n} more try stands in the exported table only.",
        "{n} more tries stand in the exported table only.",
        more,
        n=wording.figures.count(more),
    )
    return SheetList(
        title=text("Every try, the latest first"),
        entries=tuple(_entry(run, results, fill, wording) for run in results.runs[:MOST_PRINTED]),
        empty=text("None."),
        more=said if more > 0 else "",
    )


def _entry(run: LessonRun, results: TrainingResults, fill: Fill, wording: Wording) -> SheetEntry:
    made = [
        mistake_said(mistake, times, fill, wording)
        for step in results.steps(run)
        for mistake, times in step.mistakes
    ]
    parts = [
        lesson_title(run.lesson_id, results, fill, wording),
        _moment(run.began_at, wording),
        ended(run, wording),
        duration(run.milliseconds, wording),
        mistakes_words(run.mistakes, wording) if run.mistakes else "",
        hints_words(run.hints, wording) if run.hints else "",
    ]
    detail = wording.joined(parts)
    if made:
        detail = wording.text("{facts}. {mistakes}", facts=detail, mistakes=" ".join(made))
    return SheetEntry(trainee_name(run.trainee, wording), detail)


def _moment(at: datetime, wording: Wording) -> str:
    figures = wording.figures
    # A paper outlives its year: it is always named.
    day = figures.short_day(at.astimezone(figures.zone).date(), date.min)
    return wording.text("{day} {time}", day=day, time=figures.time(at))
