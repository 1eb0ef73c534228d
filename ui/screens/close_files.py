"""Where a report of a day is saved to: the system's own dialog."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from cashier_app.wording.close_page import SaveWords

PDF_ENDINGS = (".pdf", ".pdf")
EXPORT_ENDINGS = (".csv", ".json")


def ask_for_close_file(
    parent: QWidget, words: SaveWords, endings: tuple[str, str], chosen: Callable[[Path, int], None]
) -> QFileDialog:
    """Open the dialog and return at once.

    Args:
        parent: What it stands before.
        words: What it says.
        endings: Of the file's name, for each kind it may become.
        chosen: Called with the file and which of the kinds was chosen.
    """
    filters = [f"{kind} (*{ending})" for kind, ending in zip(words.kinds, endings, strict=True)]
    asking = QFileDialog(parent, words.title, words.name)
    asking.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    asking.setNameFilters(filters)
    asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def take(name: str) -> None:
        kind = filters.index(asking.selectedNameFilter()) if asking.selectedNameFilter() in filters else 0
        chosen(with_ending(Path(name), endings, kind), kind)

    asking.fileSelected.connect(take)
    asking.open()
    return asking


def with_ending(path: Path, endings: tuple[str, str], kind: int) -> Path:
    """Return the file chosen, with the ending of its kind where none of ours was typed."""
    return path if path.suffix.lower() in endings else path.with_name(path.name + endings[kind])
