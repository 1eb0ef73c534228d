"""Which file the scanner's test codes are saved to: the system's own dialog."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from cashier_app.wording import Wording
from cashier_app.wording.calibration import check_buttons
from ui.screens.export_dialog import file_name


def ask_for_sheet(parent: QWidget, wording: Wording, chosen: Callable[[Path], None]) -> QFileDialog:
    """Open the dialog and return at once; `chosen` is called with a file whose name ends in .pdf."""
    words = check_buttons(wording)
    asking = QFileDialog(parent, words.file_title.full, file_name(parent, "scanner-test-codes.pdf"))
    asking.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    asking.setNameFilters([f"{words.file_kind.full} (*.pdf)"])
    asking.setDefaultSuffix("pdf")
    asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    asking.fileSelected.connect(lambda name: chosen(Path(name)))
    asking.open()
    return asking
