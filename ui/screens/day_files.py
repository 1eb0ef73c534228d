"""What leaves the day view: a print, a PDF, a file for spreadsheets or programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSizeF, QTimer
from PySide6.QtGui import QPageSize

from cashier_app.ports.runner import Runner
from cashier_app.services.day_stats import DayReport
from cashier_app.wording.day import not_printed_words, printed_words, saved_words
from cashier_app.wording.day_page import DayWords
from ui.day import DayBooks, DayPlace
from ui.latest import run_each

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from ui.day_print import DayPrint
    from ui.screens.day_page import DayPage


_NARROW_MM = 150  # what is narrower is no sheet for a whole day: the printer's own paper is kept


class DayFiles:
    """Asks where to, then writes: files on a worker, paper on this thread, as Qt wants it."""

    def __init__(
        self,
        page: DayPage,
        books: DayBooks,
        runner: Runner,
        place: DayPlace,
        remark: Callable[[str, str], None],
    ) -> None:
        self._page, self._books, self._place, self._remark = page, books, place, remark
        self._runner = runner

    def export(self) -> None:
        """Ask for a file and write the report on show to it."""
        from ui.screens.export_dialog import ask_for_figures

        words = self._page.shown
        if words is None:
            return

        def chosen(path: Path, byte_order_mark: bool) -> None:  # noqa: FBT001 - a callback
            if path.suffix.lower() == ".pdf":
                self.save_pdf(path, words)
            else:
                self.write(path, words.report, byte_order_mark=byte_order_mark)

        ask_for_figures(self._page, self._page.wording, words.report.period, chosen)

    def save_pdf(self, path: Path, words: DayWords) -> None:
        """Write what is on show as PDF: charts are drawn here, pages on a worker."""
        from cashier_app.services.export_files import write_file
        from ui.day_print import a4_room, pdf_of

        made = self._laid_out(words, a4_room())

        def write() -> Path:
            write_file(path, {".pdf": lambda: pdf_of(made, words.head.title.full)})
            return path

        run_each(self._runner, write, self._wrote, lambda sentence: self._remark(sentence, ""))

    def write(self, path: Path, report: DayReport, *, byte_order_mark: bool = False) -> None:
        """Write a report to a file."""
        books = self._books

        def write() -> Path:
            books.export(path, report, byte_order_mark=byte_order_mark)
            return path

        run_each(self._runner, write, self._wrote, lambda sentence: self._remark(sentence, ""))

    def print_it(self) -> None:
        """Ask for a printer and print what is on show; one of them writes PDF."""
        from cashier_app.wording.day_print import print_title
        from ui.printing import ask_for_printer

        if self._page.shown is not None:
            ask_for_printer(self._page, print_title(self._page.wording), self.print_on)

    def print_on(self, printer: QPrinter) -> None:
        """Print what is on show on this printer, page by page: the till goes on between them."""
        from ui.day_print import print_day, room_on, set_a4

        words = self._page.shown
        if words is None:
            return
        if printer.pageLayout().pageSize().size(QPageSize.Unit.Millimeter).width() > _NARROW_MM:
            set_a4(printer)
        resolution = printer.resolution()
        pages = print_day(self._laid_out(words, room_on(printer, resolution)), printer, resolution)
        self._print_next(pages, printed=0)

    def _print_next(self, pages: Iterator[int], *, printed: int) -> None:
        if next(pages, 0):
            QTimer.singleShot(0, self._page, lambda: self._print_next(pages, printed=printed + 1))
            return
        wording = self._page.wording
        said = printed_words(wording) if printed else not_printed_words(wording)
        self._remark(said.full, said.short)

    def _laid_out(self, words: DayWords, room: QSizeF) -> DayPrint:
        from cashier_app.wording.day_print import print_words
        from ui.day_print import DayPrint

        place, wording = self._place, self._page.wording
        told = print_words(words.report, place.store, place.till, wording, training=place.training)
        return DayPrint(words, told, wording, room)

    def _wrote(self, path: Path) -> None:
        words = saved_words(path.name, self._page.wording)
        self._remark(words.full, words.short)
