"""`cashier-cli training list` and `check`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cashier_app import paths
from cashier_app.command_line.parser import main
from cashier_app.documents.lesson_document import load_lessons
from tests.fakes.sample_lessons import SAMPLES

SHIPPED = sorted((paths.resources() / "lessons").glob("*.toml"))


def test_all_lessons_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["training", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(SHIPPED) + 1
    assert lines[-1].startswith("All together: ")
    assert any(line.startswith(" 1  First scan") for line in lines)
    assert main(["training", "list", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["lessons"]
    assert [one["id"] for one in told] == [lesson.lesson_id for lesson in load_lessons()]


def test_one_lesson_is_listed_with_its_times(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.toml").write_text(SAMPLES["phone-number"], "utf-8")
    assert main(["training", "list", "--folder", str(tmp_path)]) == 0
    assert capsys.readouterr().out == " 1  Phone number  0.2 min:  2 s to read,  4 s to do in 1 step\n"


def test_an_empty_folder_has_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["training", "list", "--folder", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "There are no lessons in this folder.\n"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_lesson_can_be_used(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["training", "check", str(path)]) == 0
    assert capsys.readouterr().out.endswith("It can be used.\n")


def test_what_does_not_fit_the_shop_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        SAMPLES["phone-number"].replace('members = ["mem-rahul"]', 'members = ["mem-nobody"]'), "utf-8"
    )
    assert main(["training", "check", str(file)]) == 1
    out = capsys.readouterr().out
    assert "members: the practice shop has no member mem-nobody.\n" in out
    assert main(["training", "check", str(file), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["misfits"]


def test_what_is_no_lesson_is_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(SAMPLES["phone-number"].replace('at = "bill", member', 'at = "bil", member'), "utf-8")
    assert main(["training", "check", str(file)]) == 2
    said = capsys.readouterr().err
    assert said.startswith(
        "The lesson own.toml cannot be used: steps[0].until.at is 'bil': expected one of idle"
    )
    assert said.count("\n") == 1
