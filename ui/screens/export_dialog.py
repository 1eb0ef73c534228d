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
from cashier_app.wording.training_mark import training_name
from ui.widgets.training_frame import in_training


def ask_for_export(
    parent: QWidget, wording: Wording, day: date, chosen: Callable[[Path], None]
) -> QFileDialog:
    """Open the dialog and return at once; `chosen` is called with a file whose name ends in .csv or .json."""
    words = export_words(wording)
    name = file_name(parent, f"sales-not-posted-{day.isoformat()}.csv")
    asking = QFileDialog(parent, words.title.full, name)
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
    name = file_name(parent, f"figures-{period.first.isoformat()}{last}.csv")
    asking = QFileDialog(parent, words.title, name)
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


def file_name(parent: QWidget, name: str) -> str:
    """Return the name a file is offered under; in training it says so."""
    return training_name(name) if in_training(parent) else name


def with_ending(path: Path, name_filter: str) -> Path:
    """Return the file chosen, with the ending of the kind chosen where none of ours was typed."""
    endings = (".csv", ".json", ".pdf")
    if path.suffix.lower() in endings:
        return path
    return path.with_name(path.name + next(ending for ending in endings if f"*{ending}" in name_filter))
