"""What leaves the day view: a print, a PDF, a file for spreadsheets or programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QPageSize

from cashier_app.ports.runner import Runner
from cashier_app.services.day_stats import DayReport
from cashier_app.wording.day import not_printed_words, printed_words, saved_words
from ui.day import DayBooks
from ui.latest import Latest

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from ui.screens.day_page import DayPage, DayPlace


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
        self._writing: Latest[Path] = Latest(runner, self._wrote, lambda sentence: remark(sentence, ""))

    def export(self) -> None:
        """Ask for a file and write the report on show to it."""
        from ui.screens.export_dialog import ask_for_figures

        words = self._page.shown
        if words is not None:
            report = words.report
            ask_for_figures(
                self._page,
                self._page.wording,
                report.period,
                lambda path, marked: self.write(path, report, byte_order_mark=marked),
            )

    def write(self, path: Path, report: DayReport, *, byte_order_mark: bool = False) -> None:
        """Write a report to a file."""
        books = self._books

        def write() -> Path:
            books.export(path, report, byte_order_mark=byte_order_mark)
            return path

        self._writing.ask(write)

    def print_it(self) -> None:
        """Ask for a printer and print what is on show; one of them writes PDF."""
        from cashier_app.wording.day_print import print_title
        from ui.printing import ask_for_printer

        if self._page.shown is not None:
            ask_for_printer(self._page, print_title(self._page.wording), self.print_on)

    def print_on(self, printer: QPrinter) -> None:
        """Print what is on show on this printer."""
        from cashier_app.wording.day_print import print_words
        from ui.day_print import print_day, set_a4

        words, place, wording = self._page.shown, self._place, self._page.wording
        if words is None:
            return
        if printer.pageLayout().pageSize().size(QPageSize.Unit.Millimeter).width() > _NARROW_MM:
            set_a4(printer)
        told = print_words(words.report, place.store, place.till, wording, training=place.training)
        if print_day(words, told, wording, printer, printer.resolution()):
            said = printed_words(wording)
        else:
            said = not_printed_words(wording)
        self._remark(said.full, said.short)

    def _wrote(self, path: Path) -> None:
        words = saved_words(path.name, self._page.wording)
        self._remark(words.full, words.short)
