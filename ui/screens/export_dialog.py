"""Which file the queue or the figures are exported to: the system's own dialog."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from cashier_app.domain.period import Period
from cashier_app.wording import Wording
from cashier_app.wording.day import figure_file_words
from cashier_app.wording.queue_actions import export_words


def ask_for_export(
    parent: QWidget, wording: Wording, day: date, chosen: Callable[[Path], None]
) -> QFileDialog:
    """Open the dialog and return at once; `chosen` is called with a file whose name ends in .csv or .json."""
    words = export_words(wording)
    asking = QFileDialog(parent, words.title.full, f"sales-not-posted-{day.isoformat()}.csv")
    asking.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    asking.setNameFilters([f"{words.table.full} (*.csv)", f"{words.document.full} (*.json)"])
    asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    asking.fileSelected.connect(lambda name: chosen(with_ending(Path(name), asking.selectedNameFilter())))
    asking.open()
    return asking


def ask_for_figures(
    parent: QWidget, wording: Wording, period: Period, chosen: Callable[[Path, bool], None]
) -> QFileDialog:
    """Open the dialog and return at once; `chosen` hears the file, and whether a spreadsheet will read it."""
    words = figure_file_words(wording)
    last = "" if period.days == 1 else f"-to-{period.last.isoformat()}"
    asking = QFileDialog(parent, words.title, f"figures-{period.first.isoformat()}{last}.csv")
    asking.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    spreadsheet = f"{words.for_spreadsheets} (*.csv)"
    table, document = f"{words.table} (*.csv)", f"{words.document} (*.json)"
    asking.setNameFilters([spreadsheet, table, document, f"{words.print} (*.pdf)"])
    asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def picked(name: str) -> None:
        kind = asking.selectedNameFilter()
        chosen(with_ending(Path(name), kind), kind == spreadsheet)

    asking.fileSelected.connect(picked)
    asking.open()
    return asking


def with_ending(path: Path, name_filter: str) -> Path:
    """Return the file chosen, with the ending of the kind chosen where none of ours was typed."""
    endings = (".csv", ".json", ".pdf")
    if path.suffix.lower() in endings:
        return path
    return path.with_name(path.name + next(ending for ending in endings if f"*{ending}" in name_filter))
