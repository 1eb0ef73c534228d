"""Training cannot be mistaken for work: every window of it is framed and titled so.

What there is is found in the source. Whatever is new must be told here how it is opened, or the test fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.domain.period import PeriodKind, period_of
from cashier_app.wording.close_page import SaveWords
from cashier_app.wording.support import SaveSupportWords
from cashier_app.wording.trainer import TrainingFileWords
from cashier_app.wording.training_mark import TRAINING
from tests.fakes.made_days import TODAY
from tests.ui.training_outlets import FLAGS, WINDOWS, outlets
from tests.ui.training_pages import OVER_PAGES, PAGES, page_classes, window_for
from tests.ui.training_voices import VOICES
from ui.main_window import MainWindow
from ui.printing import ask_for_printer
from ui.screens.close_files import PDF_ENDINGS, ask_for_close_file
from ui.screens.export_dialog import ask_for_export, ask_for_figures
from ui.screens.sheet_dialog import ask_for_sheet
from ui.screens.support_file import ask_for_support_file
from ui.theme.tokens import LIGHT
from ui.training.marks import WindowMarks
from ui.training.material_window import MaterialWindow
from ui.training.trainer_file_dialog import ask_for_training_file
from ui.widgets.training_frame import TrainingFrame


class Practising:
    """A window of training, with its marks on every other window; or one of work, without."""

    def __init__(self, qtbot: QtBot, *, marked: bool = True, page: str = "") -> None:
        self._before = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
        self.window = window_for(page, training=marked)
        qtbot.addWidget(self.window)
        qtbot.waitUntil(self.window.isActiveWindow)
        self.application = QApplication.instance()
        assert isinstance(self.application, QApplication)
        self.marks = WindowMarks(self.application, self.window) if marked else None

    def others(self) -> list[QWidget]:
        """Return what was opened since; a window some test before has left is none of ours."""
        there = [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not self.window]
        return [one for one in there if one not in self._before]

    def close(self) -> None:
        if self.marks is not None and self.application is not None:
            self.application.removeEventFilter(self.marks)


@pytest.fixture
def practise(qtbot: QtBot) -> Iterator[Callable[..., Practising]]:
    made: list[Practising] = []

    def begin(**how: object) -> Practising:
        made.append(Practising(qtbot, **how))  # type: ignore[arg-type]
        return made[-1]

    yield begin
    for one in made:
        one.close()


def faults(window: QWidget) -> list[str]:
    """Return what a window lacks of training's marks."""
    found = []
    if TRAINING not in window.windowTitle():
        found.append("no word in the title")
    frame = window.findChild(TrainingFrame, options=Qt.FindChildOption.FindDirectChildrenOnly)
    if frame is None or not frame.isVisible() or frame.geometry() != window.rect():
        return [*found, "no frame"]
    above = window.children()[window.children().index(frame) + 1 :]
    if any(
        isinstance(one, QWidget) and one.isVisible() and one.geometry() == frame.geometry() for one in above
    ):
        found.append("something lies over the frame")
    QApplication.processEvents()
    if not _is_striped(window.grab().toImage()):
        found.append("no stripes")
    return found


def _is_striped(image: QImage) -> bool:
    """Say whether every edge shows the violet of training."""
    violet, middle_x, middle_y = LIGHT.train.lower(), image.width() // 2, image.height() // 2
    edges = (
        [(x, 3) for x in range(middle_x - 40, middle_x + 40)],
        [(x, image.height() - 4) for x in range(middle_x - 40, middle_x + 40)],
        [(3, y) for y in range(middle_y - 40, middle_y + 40)],
        [(image.width() - 4, y) for y in range(middle_y - 40, middle_y + 40)],
    )
    return all(any(image.pixelColor(*at).name() == violet for at in edge) for edge in edges)


def print_dialog(window: MainWindow) -> QWidget | None:
    ask_for_printer(window, "Print", lambda _: None)
    return None


def export_dialog(window: MainWindow) -> QWidget | None:
    return ask_for_export(window, VOICES["English"], date(2026, 11, 21), lambda _: None)


def figures_dialog(window: MainWindow) -> QWidget | None:
    period = period_of(PeriodKind.DAY, TODAY)
    return ask_for_figures(window, VOICES["English"], period, lambda _path, _mark: None)


def sheet_dialog(window: MainWindow) -> QWidget | None:
    return ask_for_sheet(window, VOICES["English"], lambda _: None)


def close_dialog(window: MainWindow) -> QWidget | None:
    return ask_for_close_file(
        window, SaveWords("Save", ("A4", "Roll"), "x.pdf"), PDF_ENDINGS, lambda *_: None
    )


def results_dialog(window: MainWindow) -> QWidget | None:
    words = TrainingFileWords("Save results", "results.csv", ("Table", "Table", "Document", "PDF"))
    return ask_for_training_file(window, words, lambda *_, **__: None)


def support_dialog(window: MainWindow) -> QWidget | None:
    return ask_for_support_file(window, SaveSupportWords("Save", "Zip"), "x.zip", lambda *_: None)


def material_window(_window: MainWindow) -> QWidget | None:
    made = MaterialWindow("Passes", QSize(480, 640))
    made.open_beside()
    return made


def window_of_a_later_day(_window: MainWindow) -> QWidget | None:
    made = QDialog()
    made.setWindowTitle("Something new")
    made.resize(400, 300)
    made.show()
    return made


WINDOW_OUTLETS: dict[str, Callable[[MainWindow], QWidget | None]] = {
    "ui/printing.py:ask_for_printer": print_dialog,
    "ui/screens/export_dialog.py:ask_for_export": export_dialog,
    "ui/screens/export_dialog.py:ask_for_figures": figures_dialog,
    "ui/screens/sheet_dialog.py:ask_for_sheet": sheet_dialog,
    "ui/screens/close_files.py:ask_for_close_file": close_dialog,
    "ui/screens/support_file.py:ask_for_support_file": support_dialog,
    "ui/training/trainer_file_dialog.py:ask_for_training_file": results_dialog,
    "ui/training/material_window.py:MaterialWindow.__init__": material_window,
}


def test_every_window_there_is_is_told_here() -> None:
    assert outlets(WINDOWS | FLAGS) == set(WINDOW_OUTLETS)


@pytest.mark.parametrize(
    "opened", [*WINDOW_OUTLETS.values(), window_of_a_later_day], ids=lambda one: str(one.__name__)
)
def test_every_window_is_framed_and_titled(
    qtbot: QtBot, practise: Callable[..., Practising], opened: Callable[[MainWindow], QWidget | None]
) -> None:
    practising = practise()
    assert faults(practising.window) == []
    made = opened(practising.window)
    others = practising.others()
    for other in others:
        qtbot.addWidget(other)
    assert others, "it has opened"
    assert made is None or made in others
    for other in others:
        assert faults(other) == [], other
        other.setWindowTitle("Renamed")
        other.resize(other.width() + 40, other.height() + 40)
        QApplication.processEvents()
        assert faults(other) == [], "also once it is renamed and resized"
        other.close()


def test_without_the_marks_a_window_has_none_of_them(
    qtbot: QtBot, practise: Callable[..., Practising]
) -> None:
    working = practise(marked=False)
    assert faults(working.window) == ["no word in the title", "no frame"]
    made = window_of_a_later_day(working.window)
    assert made is not None
    qtbot.addWidget(made)
    assert faults(made) == ["no word in the title", "no frame"]
    dialog = export_dialog(working.window)
    assert dialog is not None
    qtbot.addWidget(dialog)
    assert "no word in the title" in faults(dialog)


def test_a_title_of_another_language_keeps_the_word(practise: Callable[..., Practising]) -> None:
    practising = practise()
    practising.window.setWindowTitle("hcsnag sredna")
    assert TRAINING in practising.window.windowTitle()


@pytest.mark.parametrize("page", [*page_classes(), *OVER_PAGES])
def test_every_page_leaves_the_frame_on_top(practise: Callable[..., Practising], page: str) -> None:
    practising = practise(page=page)
    {**PAGES, **OVER_PAGES}[page](practising.window)
    QApplication.processEvents()
    assert faults(practising.window) == [], page
