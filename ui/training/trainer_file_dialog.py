"""Where results are saved to: the system's own dialog, which says TRAINING too."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from cashier_app.wording.trainer import TrainingFileWords

_ENDINGS = (".csv", ".csv", ".json", ".pdf")


class Chosen(Protocol):
    """Hears which file it is to be."""

    def __call__(self, path: Path, *, byte_order_mark: bool = False) -> None:
        """Take the file; the mark is for spreadsheets."""


def ask_for_training_file(parent: QWidget, words: TrainingFileWords, chosen: Chosen) -> QFileDialog:
    """Open the dialog and return at once."""
    filters = [f"{kind} (*{ending})" for kind, ending in zip(words.kinds, _ENDINGS, strict=True)]
    asking = QFileDialog(parent, words.title, words.name)
    asking.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    asking.setNameFilters(filters)
    asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def take(name: str) -> None:
        kind = asking.selectedNameFilter()
        at = filters.index(kind) if kind in filters else 0
        chosen(with_ending(Path(name), at), byte_order_mark=at == 0)

    asking.fileSelected.connect(take)
    asking.open()
    return asking


def with_ending(path: Path, kind: int) -> Path:
    """Return the file chosen, with the ending of its kind where another was typed or none."""
    ending = _ENDINGS[kind]
    return path if path.suffix.lower() == ending else path.with_name(f"{path.name}{ending}")
