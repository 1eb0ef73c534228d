"""`training results` and `training reset`: who did which lesson, as words or as a file, and forgetting it."""

from __future__ import annotations

import argparse
from pathlib import Path

from cashier_app import practice_opening
from cashier_app.command_line.report import Report
from cashier_app.command_line.tables import table_lines
from cashier_app.config import TillConfig, read_config, till_settings
from cashier_app.errors import KnownError
from cashier_app.paths import default_config_file, default_data_folder
from cashier_app.ports.clock import SystemClock
from cashier_app.practice_opening import PracticeMaterial, practice_wording
from cashier_app.practice_stage import lesson_people
from cashier_app.services.training_results import TrainingResults
from cashier_app.trainer_opening import TrainerBooks, open_books
from cashier_app.training_shop import training_config
from cashier_app.wording import trainer as words_of
from cashier_app.wording.day_parts import TableWords
from cashier_app.wording.figures import Hours
from cashier_app.wording.lessons import lesson_filler
from cashier_app.wording.sentences import Sentence
from cashier_app.wording.speech import Wording
from cashier_app.wording.trainer import Fill
from cashier_app.wording.trainer_file import results_data
from cashier_app.wording.trainer_run import forgotten_words, loss_words

EXIT_NOT_DONE = 1
"""Nothing was forgotten: nobody said yes."""

_HOURS = {12: Hours.TWELVE, 24: Hours.TWENTY_FOUR}


def results(options: argparse.Namespace) -> Report:
    """Say who did which lesson, or write it to a file.

    Raises:
        KnownError: Nobody did any, the trainee or lesson is not known, or the file cannot be written.
    """
    books, wording, fill = _opened(options)
    everything = books.read()
    trainee = options.trainee
    _check_trainee(trainee, everything)
    found = everything.only(trainee, _lesson(options.lesson, everything))
    path: Path | None = options.csv or options.pdf
    if options.bom and options.csv is None:
        raise KnownError("--bom goes with --csv.")
    if path is not None:
        ending = ".csv" if options.csv else ".pdf"
        if path.suffix.lower() != ending:
            raise KnownError(f"The file's name must end in {ending}.")
        books.save(
            path,
            found,
            fill,
            wording,
            trainee=trainee or "",
            byte_order_mark=options.bom,
            replace=options.replace,
        )
        return Report({"file": str(path)}, (f"Written to {path}.",)).of_training()
    lines = _tries(found, fill, wording) if trainee is not None or options.lesson else _people(found, wording)
    summary = words_of.summary(found, wording).full
    return Report(results_data(found, fill), (*lines, summary)).of_training()


def reset(options: argparse.Namespace) -> Report:
    """Forget what one trainee did, or everything; without `--yes` only what would be lost is said.

    Raises:
        KnownError: Nobody did any lesson, the trainee is not known, or the book cannot be written.
    """
    books, wording, _ = _opened(options)
    everything, trainee = books.read(), options.trainee
    _check_trainee(trainee, everything)
    loss = everything.loss(trainee)
    lost = {"trainees": loss.trainees, "tries": loss.runs, "finished": loss.finished}
    if not options.yes:
        line = f"This would be forgotten: {loss_words(loss, wording)}. Say --yes to do it."
        return Report({"forgotten": False, **lost}, (line,), EXIT_NOT_DONE).of_training()
    books.forget(trainee or "")
    return Report({"forgotten": True, **lost}, (forgotten_words(loss, wording).full,)).of_training()


def _opened(options: argparse.Namespace) -> tuple[TrainerBooks, Wording, Fill]:
    settings = till_settings(_config(options), training=True)
    material = PracticeMaterial(practice_opening.lesson_members)
    hours = _HOURS.get(settings.hours, Hours.BY_REGION)
    plain = Wording.of(settings.locale, settings.zone, material.point_name, hours=hours)
    wording = practice_wording(plain, material)
    folder: Path = options.data or default_data_folder(training=True)
    books = open_books(folder, settings.store, SystemClock())
    return books, wording, lesson_filler(lesson_people(), settings.currency, wording)


def _config(options: argparse.Namespace) -> TillConfig:
    path: Path = options.config or default_config_file()
    own = read_config(path) if options.config is not None or path.exists() else None
    return training_config(own)


def _check_trainee(trainee: str | None, found: TrainingResults) -> None:
    if trainee is not None and not (trainee and any(one.trainee == trainee for one in found.trainees)):
        raise KnownError("Nobody of this name has done a lesson here.")


def _lesson(named: str, found: TrainingResults) -> str:
    if not named:
        return ""
    known = {str(lesson.number): lesson.lesson_id for lesson in found.lessons}
    lesson_id = known.get(named, named)
    if lesson_id not in {*known.values(), *(run.lesson_id for run in found.runs)}:
        raise KnownError(
            "There is no such lesson. Name it by its number or its id: cashier-cli training list"
        )
    return lesson_id


def _people(found: TrainingResults, wording: Wording) -> list[str]:
    columns, now = words_of.people_columns(wording, len(found.lessons)), SystemClock().now()
    rows = [words_of.people_row(one, len(found.lessons), wording, now) for one in found.trainees]
    # The marks are for eyes; the column behind them says how many.
    shown = [0, *range(2, len(columns))]
    return _table([columns[at].head for at in shown], [tuple(row[at] for at in shown) for row in rows])


def _tries(found: TrainingResults, fill: Fill, wording: Wording) -> list[str]:
    columns, now = words_of.run_columns(wording), SystemClock().now()
    rows = [words_of.run_row(run, found, fill, wording, now) for run in found.runs]
    return _table([column.head for column in columns], rows)


def _table(heads: list[Sentence], rows: list[tuple[str, ...]]) -> list[str]:
    names = tuple(row[0] for row in rows)
    return table_lines(TableWords("", heads[0], tuple(heads[1:]), names, tuple(row[1:] for row in rows)))
