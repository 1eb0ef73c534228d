"""`cashier-cli training results` and `reset`, over a folder of training with a few tries in it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from cashier_app.command_line.parser import main
from cashier_app.documents.lesson_document import load_lessons
from cashier_app.ports.practice import Ended, LessonRun, StepTaken
from cashier_app.storage.lesson_book import SqliteLessonBook
from tests.fakes.training_runs import HOSTILE, NOW

FIRST = next(lesson for lesson in load_lessons() if lesson.number == 1)


def tried(trainee: str, *, lesson: str = FIRST.lesson_id, left: bool = False) -> LessonRun:
    names = [step.name for step in FIRST.steps]
    steps = [StepTaken(name, 4_000 + 1_000 * place) for place, name in enumerate(names)]
    slips = [mistake.name for mistake in FIRST.steps[0].mistakes][:1]
    if slips:
        steps[0] = StepTaken(names[0], 9_000, (slips[0], slips[0]), hints=1)
    if left:
        steps = [*steps[:1], StepTaken(names[1], 2_000, done=False)]
    return LessonRun(trainee, lesson, NOW, Ended.LEFT if left else Ended.FINISHED, tuple(steps))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "training"
    made.mkdir()
    book = SqliteLessonBook(made)
    for one in (tried("Asha Rao"), tried("Asha Rao", left=True), tried(HOSTILE, lesson="lesson-of-before")):
        book.write(one)
    return made


def run(folder: Path, *arguments: str) -> int:
    return main(["training", *arguments, "--data", str(folder)])


def test_everybody_is_one_row_and_every_answer_says_training(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "results") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "TRAINING: nothing here is real"
    assert any(line.startswith("Asha Rao") for line in lines)
    assert lines[-1] == "2 trainees, 3 tries, 1 not finished"


def test_tries_are_chosen_by_trainee_and_by_number_or_id(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for lesson in (str(FIRST.number), FIRST.lesson_id):
        assert run(folder, "results", "--trainee", "Asha Rao", "--lesson", lesson, "--json") == 0
        told = json.loads(capsys.readouterr().out)
        assert told["training"] is True
        assert len(told["runs"]) == 2
        assert {one["trainee"] for one in told["runs"]} == {"Asha Rao"}
    assert run(folder, "results", "--lesson", FIRST.lesson_id) == 0
    assert "Not finished" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["out.csv", "out.pdf"])
def test_files_say_training_and_are_not_written_over(
    folder: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    option = f"--{path.suffix[1:]}"
    assert run(folder, "results", option, str(path)) == 0
    before = path.read_bytes()
    assert run(folder, "results", option, str(path)) == 2
    assert "there already" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert run(folder, "results", option, str(path), "--replace") == 0
    if name.endswith("csv"):
        rows = list(csv.DictReader(io.StringIO(before.decode())))
        assert {row["TRAINING"] for row in rows} == {"TRAINING: nothing here is real"}
        assert f"'{HOSTILE}" in {row["trainee"] for row in rows}
    else:
        assert before.startswith(b"%PDF")


def test_no_file_goes_into_the_folder_of_work(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "till.sqlite").write_bytes(b"")
    assert run(folder, "results", "--csv", str(work / "out.csv")) == 2
    assert "real sales" in capsys.readouterr().err
    assert [path.name for path in work.iterdir()] == ["till.sqlite"]
    (folder / "till.sqlite").write_bytes(b"")
    (folder / "TRAINING.txt").write_text("TRAINING")
    assert run(folder, "results", "--csv", str(folder / "out.csv")) == 0, "its own folder is no work"


def test_a_folder_of_work_has_no_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "till.sqlite").write_bytes(b"")
    for action in (["results"], ["reset", "--yes"]):
        assert run(tmp_path, *action) == 2
        assert "real work" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["till.sqlite"]


def test_looking_makes_no_book(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "results") == 2
    assert "Nobody has done a lesson yet." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_forgetting_says_first_what_is_lost_and_then_loses_only_that(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "reset", "--trainee", "Asha Rao") == 1
    assert "This would be forgotten: 2 tries, 1 lesson finished. Say --yes" in capsys.readouterr().out
    assert run(folder, "reset", "--trainee", "Asha Rao", "--yes") == 0
    assert "Forgotten: 2 tries, 1 lesson finished" in capsys.readouterr().out
    assert [one.trainee for one in SqliteLessonBook(folder).runs()] == [HOSTILE]
    assert run(folder, "reset", "--yes", "--json") == 0
    assert json.loads(capsys.readouterr().out)["tries"] == 1
    assert SqliteLessonBook(folder).runs() == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("results", "--trainee", "Nobody"), "Nobody of this name"),
        (("reset", "--trainee", "", "--yes"), "Nobody of this name"),
        (("results", "--lesson", "99"), "no such lesson"),
        (("results", "--csv", "out.txt"), "must end in .csv"),
        (("results", "--bom"), "--bom goes with --csv"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(
    folder: Path, arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, *arguments) == 2
    assert said in capsys.readouterr().err
    assert len(SqliteLessonBook(folder).runs()) == 3
