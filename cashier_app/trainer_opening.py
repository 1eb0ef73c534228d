"""The trainer's view put together: the book of lessons read, emptied, restored and written to files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from cashier_app.data_folder import check_kind, is_inside_work
from cashier_app.domain.lesson import Lesson
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.practice import LessonBook, LessonRun
from cashier_app.services.training_results import MOST_RUNS, TrainingResults, read_results
from cashier_app.wording.speech import Wording
from cashier_app.wording.trainer import Fill, work_folder_words

ENDINGS = (".csv", ".json", ".pdf")


def open_books(folder: Path, store: str, clock: Clock) -> TrainerBooks:
    """Return the books of a folder of training; nothing is made where there are none.

    Raises:
        KnownError: The folder holds real work, or nobody did a lesson in it.
    """
    from cashier_app.documents.lesson_document import load_lessons
    from cashier_app.storage.lesson_book import BOOK_FILE, SqliteLessonBook

    check_kind(folder, training=True)
    if not (folder / BOOK_FILE).is_file():
        raise KnownError("Nobody has done a lesson yet.")
    return TrainerBooks(SqliteLessonBook(folder), load_lessons, store, clock)


class TrainerBooks:
    """What trainees did. Every method blocks: for worker threads.

    Args:
        book: Who did which lesson.
        lessons: Reads the lessons there are.
        store: Whose till it is, for the printed sheet.
        clock: Dates it.

    Raises:
        KnownError: From every method, when disk or lessons fail it.
    """

    def __init__(
        self, book: LessonBook, lessons: Callable[[], Sequence[Lesson]], store: str, clock: Clock
    ) -> None:
        self._book, self._lessons, self._store, self._clock = book, lessons, store, clock

    def read(self) -> TrainingResults:
        """Read the whole book."""
        return read_results(self._book, self._lessons())

    def forget(self, trainee: str = "") -> Sequence[LessonRun]:
        """Forget what one trainee did, or everything; return what is gone, for `restore`."""
        gone = self._book.runs(trainee=trainee, limit=MOST_RUNS)
        self._book.reset(trainee)
        return gone

    def restore(self, runs: Sequence[LessonRun]) -> None:
        """Write down again what was just forgotten."""
        self._book.restore(runs)

    def save(
        self,
        path: Path,
        results: TrainingResults,
        fill: Fill,
        wording: Wording,
        *,
        trainee: str = "",
        byte_order_mark: bool = False,
        replace: bool = True,
    ) -> Path:
        """Write results to a .csv, .json or .pdf file, whole or not at all, and return its path.

        Args:
            path: Never inside the data folder of a till that works.
            results: Those to be written.
            fill: Makes sentences of the lessons' source texts.
            wording: The language of the sheet.
            trainee: Whom alone the sheet is about; empty for everybody.
            byte_order_mark: Whether a spreadsheet will read the table.
            replace: Whether a file that is there may be written over.
        """
        from cashier_app.services.export_files import write_file
        from cashier_app.wording.trainer_file import results_csv, results_json, results_sheet

        if is_inside_work(path):
            raise KnownError(work_folder_words(wording))

        def pdf() -> bytes:
            from cashier_app.printing.close_pdf import close_pdf

            now = self._clock.now()
            return close_pdf(results_sheet(results, self._store, fill, wording, now, trainee=trainee))

        contents = {
            ".csv": lambda: results_csv(results, fill, byte_order_mark=byte_order_mark),
            ".json": lambda: results_json(results, fill),
            ".pdf": pdf,
        }
        write_file(path, contents, replace=replace)
        return path
