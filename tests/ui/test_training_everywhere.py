"""Training cannot be mistaken for work: every window, print and file of it says so, in every language.

What there is is found in the source. Whatever is new must be told here how it is marked, or the test fails.
"""

from __future__ import annotations

import csv
import gettext
import io
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.closing_opening import check_file, sheet_of, write_close
from cashier_app.command_line.parser import _answer as answer_of
from cashier_app.command_line.parser import parser
from cashier_app.command_line.report import Report
from cashier_app.data_folder import JOURNAL_FILE, mark_practice
from cashier_app.domain.period import PeriodKind, period_of
from cashier_app.practice_opening import PracticeMaterial
from cashier_app.printing.close_pdf import close_pdf
from cashier_app.printing.slip_pdf import slip_pdf
from cashier_app.scanning import scanner_sheet
from cashier_app.services.day_closing import PaperCopy
from cashier_app.services.queue_export import export_lines, write_export
from cashier_app.services.support_bundle import write_bundle
from cashier_app.services.training_results import read_results
from cashier_app.storage.opening import open_journal
from cashier_app.support_opening import collect, patient_of_till
from cashier_app.training_shop import training_config
from cashier_app.wording import Hours, Translator, Wording
from cashier_app.wording.claims import claim_slip
from cashier_app.wording.close_page import SaveWords
from cashier_app.wording.day_print import print_words
from cashier_app.wording.figures_file import write_figures
from cashier_app.wording.scanner_sheet import sheet_words
from cashier_app.wording.status import training_banner
from cashier_app.wording.support import SaveSupportWords
from cashier_app.wording.trainer import TrainingFileWords
from cashier_app.wording.trainer_file import results_csv, results_json, results_sheet
from cashier_app.wording.training_mark import TRAINING, training_title, with_mark
from cashier_app.wording.window import window_title
from tests.fakes.day_closes import busy_report, closed
from tests.fakes.made_days import STATES as DAYS
from tests.fakes.made_days import TODAY, FakeBooks
from tests.fakes.training_runs import FakeLessonBook, few_runs, lessons
from tests.ui import (
    backend_states,
    close_states,
    day_states,
    device_states,
    drawer_states,
    enrol_states,
    return_states,
    sample_claims,
    sample_queue,
    sample_views,
    staff_states,
    support_states,
    undo_states,
)
from tests.ui.fake_till import FakeTill
from tests.ui.sample_shop import NOW
from tests.ui.till_host import make_window
from tests.ui.training_outlets import FILES, FLAGS, WINDOWS, outlets, outlets_in
from tests.unit.test_close_documents import latin, shown_words
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


class Upside(gettext.NullTranslations):
    """A language in which no word is as it was: letters between the places of a message are turned round."""

    def gettext(self, message: str) -> str:
        """Turn a message round."""
        parts = message.split("{")
        turned = [parts[0][::-1].lower()]
        for part in parts[1:]:
            place, _, rest = part.partition("}")
            turned.append(f"{{{place}}}{rest[::-1].lower()}")
        return "".join(turned)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Turn the form round that belongs to this number."""
        return self.gettext(msgid1 if n == 1 else msgid2)


def voice(*, foreign: bool) -> Wording:
    """Return the till's voice, in English or in a language in which training has another name."""
    translator = Translator(Upside(), "xx") if foreign else Translator()
    points = sample_views.PROGRAM.point_name
    return Wording.of("en_IN", sample_views.ZONE, points, translator, hours=Hours.TWENTY_FOUR)


KINDS: tuple[list[str], ...] = ([], ["--csv"])
VOICES = {"English": voice(foreign=False), "another language": voice(foreign=True)}


# --- files and prints ---------------------------------------------------------------------------------


def close_files(wording: Wording, folder: Path) -> list[str]:
    copy = PaperCopy(closed(latin(busy_report(training=True))), 2, NOW)
    said = ["".join(shown_words(close_pdf(sheet_of(copy, wording), compressed=False)))]
    for name in ("close.csv", "close.json", "close.pdf"):
        check_file(folder / name)
        write_close(folder / name, copy, wording)
        if not name.endswith(".pdf"):
            said.append((folder / name).read_text(encoding="utf-8"))
    return said


def queue_files(_wording: Wording, folder: Path) -> list[str]:
    said = []
    for lines in ([], export_lines(sample_queue.queue(), ())):
        for name in ("queue.csv", "queue.json"):
            write_export(folder / name, lines, training=True)
            said.append((folder / name).read_text(encoding="utf-8"))
    return said


def figure_files(_wording: Wording, folder: Path) -> list[str]:
    report = replace(FakeBooks(DAYS["day"]).report(period_of(PeriodKind.DAY, TODAY)), training=True)
    said = []
    for name in ("figures.csv", "figures.json"):
        write_figures(folder / name, report, "Marigold Stores")
        said.append((folder / name).read_text(encoding="utf-8"))
    return said


def day_print(wording: Wording, _folder: Path) -> list[str]:
    report = FakeBooks(DAYS["day"]).report(period_of(PeriodKind.DAY, TODAY))
    return [print_words(report, "Marigold Stores", "2", wording, training=True).mark]


def claim_prints(wording: Wording, _folder: Path) -> list[str]:
    view = sample_claims.done_claimable()
    assert view.finished is not None
    assert view.receipt is not None
    words = claim_slip(view.finished.sale, view.receipt, "Shop", wording, training=True)
    return [words.mark, "".join(shown_words(slip_pdf(words, compressed=False)))]


def scanner_sheets(wording: Wording, _folder: Path) -> list[str]:
    return ["".join(shown_words(scanner_sheet.sheet(sheet_words(wording, training=True), compressed=False)))]


def practice_sheets(wording: Wording, _folder: Path) -> list[str]:
    made = PracticeMaterial().sheet(wording, "Marigold Stores", NOW, everybody=False)
    codes = [one.code for one in (*made.others, *made.vouchers)]
    codes += [code for one in made.passes for code in one.codes]
    return [made.mark, *(code.caption for code in codes if code is not None)]


def trainer_files(wording: Wording, _folder: Path) -> list[str]:
    book = read_results(FakeLessonBook(few_runs()), lessons(4))
    sheet = results_sheet(book, "Marigold Stores", str, wording, NOW)
    return [results_csv(book, str).decode(), results_json(book, str).decode(), *sheet.marks]


def record_tables(_wording: Wording, folder: Path) -> list[str]:
    practice = folder / "practice"
    practice.mkdir()
    with closing(open_journal(practice / JOURNAL_FILE, "TRAIN2", NOW, training=True)):
        pass
    answers = [
        answer_of(parser().parse_args(["training", "record", "--data", str(practice), *kind]))
        for kind in KINDS
    ]
    return [one.content.decode() or one.text(as_json=as_json) for one in answers for as_json in (False, True)]


def support_files(_wording: Wording, folder: Path) -> list[str]:
    practice = folder / "practice"
    mark_practice(practice)
    (practice / "till.log").write_text("2026-11-22 10:00:00,123 INFO ui.application: a line\n")
    patient = patient_of_till(practice, None, None, unreal=training_config(), training=True)
    bundle = collect(patient, NOW, findings=[])
    write_bundle(folder / "support.zip", bundle)
    with ZipFile(folder / "support.zip") as archive:
        return [archive.read(name).decode() for name in archive.namelist()]


NO_OUTLET = "the program's own file in its data folder"
FILE_OUTLETS: dict[str, Callable[[Wording, Path], list[str]] | str] = {
    "cashier_app/closing_opening.py:write_close": close_files,
    "cashier_app/services/closing_export.py:as_csv": close_files,
    "cashier_app/services/closing_export.py:as_json": close_files,
    "cashier_app/printing/close_pdf.py:_new_page.Document": close_files,
    "ui/screens/close_day_page.py:_by_dialog": close_files,
    "cashier_app/services/queue_export.py:as_csv": queue_files,
    "cashier_app/services/queue_export.py:as_json": queue_files,
    "cashier_app/services/queue_export.py:write_export": queue_files,
    "cashier_app/wording/figures_file.py:figures_csv": figure_files,
    "cashier_app/wording/figures_file.py:figures_json": figure_files,
    "cashier_app/wording/figures_file.py:write_figures": figure_files,
    "ui/day_print.py:a4_room": day_print,
    "ui/day_print.py:pdf_of": day_print,
    "ui/screens/day_files.py:DayFiles.print_on": day_print,
    "ui/screens/day_files.py:DayFiles.save_pdf.write": day_print,
    "cashier_app/command_line/claims.py:slip": claim_prints,
    "cashier_app/command_line/training_record.py:record": record_tables,
    "cashier_app/printing/slip_pdf.py:_page": claim_prints,
    "ui/main_window.py:MainWindow.print_claim.chosen": claim_prints,
    "cashier_app/scanning/scanner_sheet.py:_new_page": scanner_sheets,
    "cashier_app/scanning/scanner_sheet.py:write_sheet": scanner_sheets,
    "cashier_app/practice_opening.py:write_sheet": practice_sheets,
    "cashier_app/printing/practice_pdf.py:practice_pdf": practice_sheets,
    "cashier_app/trainer_opening.py:TrainerBooks.save": trainer_files,
    "cashier_app/wording/trainer_file.py:results_csv": trainer_files,
    "cashier_app/wording/trainer_file.py:results_json": trainer_files,
    "cashier_app/services/support_bundle.py:write_bundle": support_files,
    "cashier_app/support_opening.py:collect.document": support_files,
    "cashier_app/preferences.py:PreferencesFile._write": NO_OUTLET,
    "cashier_app/security/credentials.py:TokenFile.write": NO_OUTLET,
}


def test_every_file_and_print_there_is_is_told_here() -> None:
    assert outlets(FILES) == set(FILE_OUTLETS)


def test_a_new_file_or_print_would_be_found() -> None:
    planted = "class Page:\n    def save(self):\n        write_file(path, {'.csv': content})\n"
    assert outlets_in(planted, FILES) == {"Page.save"}
    assert outlets_in("def draw():\n    return fpdf.FPDF(unit='mm')\n", FILES) == {"draw"}
    assert outlets_in("def asked():\n    return QtWidgets.QMessageBox(None)\n", WINDOWS) == {"asked"}
    assert outlets_in("class Help(QDialog):\n    pass\n", WINDOWS) == {"Help"}
    assert outlets_in("class Side(QWidget):\n    kind = Qt.WindowType.Tool\n", FLAGS) == {"Side"}


PROBES = sorted({one for one in FILE_OUTLETS.values() if callable(one)}, key=lambda one: one.__name__)


@pytest.mark.parametrize("language", VOICES)
@pytest.mark.parametrize("probe", PROBES)
def test_every_file_and_print_says_training(
    probe: Callable[[Wording, Path], list[str]], language: str, tmp_path: Path
) -> None:
    said = probe(VOICES[language], tmp_path)
    assert said
    assert all(TRAINING in one for one in said), [one for one in said if TRAINING not in one]


def test_every_row_of_a_table_says_it(tmp_path: Path) -> None:
    for probe in (queue_files, figure_files, close_files):
        for content in probe(VOICES["English"], tmp_path):
            if content.startswith(TRAINING):
                first, *rows = csv.reader(io.StringIO(content))
                assert first[0] == TRAINING
                assert all(row[0].startswith(TRAINING) for row in rows)


def test_work_says_nothing_of_it(tmp_path: Path) -> None:
    write_export(tmp_path / "queue.csv", [])
    write_export(tmp_path / "queue.json", [])
    report = FakeBooks(DAYS["day"]).report(period_of(PeriodKind.DAY, TODAY))
    write_figures(tmp_path / "figures.csv", report, "Shop")
    write_figures(tmp_path / "figures.json", report, "Shop")
    for file in tmp_path.iterdir():
        assert TRAINING.casefold() not in file.read_text(encoding="utf-8").casefold(), file.name
    assert TRAINING not in sheet_words(VOICES["English"]).title


@pytest.mark.parametrize("language", VOICES)
def test_words_of_the_mark_are_never_without_the_word(language: str) -> None:
    wording = VOICES[language]
    banner = training_banner(wording)
    said = [
        banner.sentence.full,
        banner.sentence.short,
        window_title("Shop", "TRAIN2", wording, training=True),
    ]
    assert all(TRAINING in one for one in said)
    assert training_title("TRAINING: once", wording) == with_mark("TRAINING: once") == "TRAINING: once"


def test_answers_of_the_command_line_are_marked() -> None:
    report = Report({"sales": 1}, ("1 sale",)).of_training()
    assert report.text(as_json=False).startswith(f"{TRAINING}: ")
    assert json.loads(report.text(as_json=True))["training"] is True
    assert Report({}, (), content=b"a,b\r\n1,2\r\n").of_training().content.startswith(TRAINING.encode())
    assert Report({}, ()).of_training() == Report({}, ()), "what printed its answers itself"


# --- windows ------------------------------------------------------------------------------------------


class Practising:
    """A window of training, with its marks on every other window; or one of work, without."""

    def __init__(self, qtbot: QtBot, *, marked: bool = True, queue: str = "queue") -> None:
        till = FakeTill(sample_views.STATES["idle"]())
        self.window: MainWindow = make_window(till, drawer_states.queue_of(queue), training=marked)
        qtbot.addWidget(self.window)
        qtbot.waitUntil(self.window.isActiveWindow)
        self.application = QApplication.instance()
        assert isinstance(self.application, QApplication)
        self.marks = WindowMarks(self.application, self.window) if marked else None

    def others(self) -> list[QWidget]:
        return [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not self.window]

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


PAGES: dict[str, Callable[[MainWindow], object]] = {
    "queue": lambda window: drawer_states.open_in(window, "queue"),
    "settle": lambda window: drawer_states.open_in(window, "settle"),
    "compare": lambda window: drawer_states.open_in(window, "compare"),
    "devices": lambda window: device_states.open_in(window, device_states.STATES[0]),
    "backend": lambda window: backend_states.open_in(window, backend_states.STATES[0]),
    "close": lambda window: close_states.open_in(window, close_states.STATES[0]),
    "day": lambda window: day_states.open_in(window, "day"),
    "enrol": lambda window: enrol_states.open_in(window, next(iter(enrol_states.STATES))),
    "return": lambda window: return_states.open_in(window, next(iter(return_states.STATES))),
    "support": lambda window: support_states.open_in(window, "support"),
    "undo": lambda window: undo_states.open_in(window, "undo"),
    "lock": lambda window: staff_states.open_in(window, "lock"),
    "pin": lambda window: staff_states.open_in(window, "pin"),
    "help": lambda window: window.show_help(),
    "menu": lambda window: window.show_menu(),
    "cover": lambda window: window.drawers.open(window.drawers.training_cover()),
}


@pytest.mark.parametrize("page", PAGES)
def test_every_page_leaves_the_frame_on_top(practise: Callable[..., Practising], page: str) -> None:
    practising = practise(queue=page if page in drawer_states.STATES else "queue")
    PAGES[page](practising.window)
    QApplication.processEvents()
    assert faults(practising.window) == [], page
