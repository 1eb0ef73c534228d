"""Training cannot be mistaken for work: every print and file of it says so, in every language.

What there is is found in the source. Whatever is new must be told here how it is marked, or the test fails.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest
from msgspec.structs import replace

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
from cashier_app.wording import Wording
from cashier_app.wording.claims import claim_slip
from cashier_app.wording.day_print import print_words
from cashier_app.wording.figures_file import write_figures
from cashier_app.wording.scanner_sheet import sheet_words
from cashier_app.wording.status import training_banner
from cashier_app.wording.trainer_file import results_csv, results_json, results_sheet
from cashier_app.wording.training_mark import TRAINING, training_title, with_mark
from cashier_app.wording.window import window_title
from tests.fakes.day_closes import busy_report, closed
from tests.fakes.made_days import STATES as DAYS
from tests.fakes.made_days import TODAY, FakeBooks
from tests.fakes.training_runs import FakeLessonBook, few_runs, lessons
from tests.ui import sample_claims, sample_queue
from tests.ui.sample_shop import NOW
from tests.ui.training_outlets import FILES, FLAGS, WINDOWS, outlets, outlets_in
from tests.ui.training_voices import VOICES
from tests.unit.test_close_documents import latin, shown_words

KINDS: tuple[list[str], ...] = ([], ["--csv"])


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
OF_THE_BUNDLE = "written where the program is made, of its own files"
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
    "ui/ways_to_pages.py:WaysToPages.print_claim.chosen": claim_prints,
    "cashier_app/scanning/scanner_sheet.py:_new_page": scanner_sheets,
    "cashier_app/scanning/scanner_sheet.py:write_sheet": scanner_sheets,
    "cashier_app/practice_opening.py:write_sheet": practice_sheets,
    "cashier_app/printing/practice_pdf.py:practice_pdf": practice_sheets,
    "cashier_app/trainer_opening.py:TrainerBooks.save": trainer_files,
    "cashier_app/wording/trainer_file.py:results_csv": trainer_files,
    "cashier_app/wording/trainer_file.py:results_json": trainer_files,
    "cashier_app/services/support_bundle.py:write_bundle": support_files,
    "cashier_app/support_opening.py:collect.document": support_files,
    "cashier_app/bundle_files.py:write_list": OF_THE_BUNDLE,
    "cashier_app/preferences.py:PreferencesFile._write": NO_OUTLET,
    "cashier_app/updating/updates.py:Updates._kept": NO_OUTLET,
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
