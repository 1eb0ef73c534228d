"""Where the file for support is saved to: the system's own dialog, which asks before it writes over one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from cashier_app.services.support_bundle import ENDING
from cashier_app.wording.support import SaveSupportWords


def ask_for_support_file(
    parent: QWidget, words: SaveSupportWords, name: str, chosen: Callable[[Path, bool], None]
) -> QFileDialog:
    """Open the dialog and return at once.

    Args:
        parent: What it stands before.
        words: What it says.
        name: What is offered.
        chosen: Called with the file, and whether one that is there may be written over: the dialog asked.
    """
    asking = QFileDialog(parent, words.title, name)
    asking.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    asking.setNameFilters([f"{words.kind} (*{ENDING})"])
    asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def take(picked: str) -> None:
        path = Path(picked)
        asked = path.suffix.lower() == ENDING
        chosen(path if asked else path.with_name(path.name + ENDING), asked)

    asking.fileSelected.connect(take)
    asking.open()
    return asking
