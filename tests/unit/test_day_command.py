"""`cashier-cli day` from beginning to end: what it prints, writes, refuses, and in how many words."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cashier_app.command_line.parser import main
from cashier_app.domain.day_close import digest
from cashier_app.domain.sale import EffectKind
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.effects import effect, sale


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A till with one sale that waits."""
    journal = SqliteJournal(tmp_path / "till.sqlite", "2")
    journal.commit_sale(sale(1), [effect(EffectKind.SALE)])
    journal.close()
    return tmp_path


def day(folder: Path, *arguments: str) -> int:
    return main(["day", *arguments, "--demo", "--data", str(folder)])


def answer(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_a_day_is_looked_at_closed_and_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert day(folder, "preview") == 0
    preview = capsys.readouterr().out
    assert "*** TRAINING: nothing here is real ***" in preview
    assert "*** Not closed ***" in preview
    assert day(folder, "close", "--by", "Meera", "--json") == 0
    made = answer(capsys)
    assert (made["number"], made["closed_by"], made["training"]) == (1, "Meera", True)
    assert day(folder, "list") == 0
    assert capsys.readouterr().out.startswith("Day close 1, ")
    assert day(folder, "show", "1", "--json") == 0
    shown = answer(capsys)
    assert digest(str(shown["canonical"])) == made["sha256"] == shown["sha256"]
    assert day(folder, "verify") == 0
    assert capsys.readouterr().out == "1 closed day holds together.\n"


def test_what_goes_out_says_which_copy_it_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day(folder, "close", "--by", "Meera")
    capsys.readouterr()
    assert day(folder, "print", "1", "--pdf", str(folder / "a.pdf"), "--roll") == 0
    assert capsys.readouterr().out.endswith("a.pdf: the original.\n")
    assert (folder / "a.pdf").read_bytes().startswith(b"%PDF")
    assert day(folder, "export", "1", "--csv") == 0
    assert "COPY 1, " in capsys.readouterr().out
    assert day(folder, "export", "1", "--json") == 0
    assert answer(capsys)["marks"] != []
    assert day(folder, "export", "1", "--file", str(folder / "a.csv"), "--bom") == 0
    assert (folder / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    capsys.readouterr()
    assert day(folder, "list", "--json") == 0
    assert answer(capsys)["days"][0]["handed_out"] == 4  # type: ignore[index]


def test_what_could_not_be_written_is_no_copy(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day(folder, "close", "--by", "Meera")
    (folder / "there.pdf").write_text("mine", encoding="utf-8")
    for name in ("there.pdf", "a.txt", "no/a.pdf", "a.csv"):
        assert day(folder, "print", "1", "--pdf", str(folder / name)) == 2
    assert (folder / "there.pdf").read_text(encoding="utf-8") == "mine"
    capsys.readouterr()
    day(folder, "list", "--json")
    assert answer(capsys)["days"][0]["handed_out"] == 0  # type: ignore[index]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["close"], "Say who closes the day: --by NAME, two letters at least."),
        (["close", "--by", "."], "Say who closes the day: --by NAME, two letters at least."),
        (["show", "7"], "There is no day close 7."),
        (["print", "7", "--pdf", "x.pdf"], "There is no day close 7."),
        (["export", "1"], "Say --csv or --json, or name a file with --file."),
        (["export", "1", "--csv", "--json"], "Say --csv or --json, or name a file with --file."),
        (["export", "1", "--file", "x.pdf"], "For a PDF: cashier-cli day print."),
        (["export", "1", "--file", "x.doc"], "The file's name must end in .pdf, .csv or .json."),
    ],
)
def test_nonsense_is_answered_in_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert day(folder, *arguments) == 2
    assert capsys.readouterr() == ("", f"{says}\n")


@pytest.mark.parametrize(
    "arguments",
    [[], ["nonsense"], ["show"], ["show", "0"], ["show", "x"], ["show", "-1"], ["list", "--limit", "0"]],
)
def test_options_nobody_knows_are_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["day", *arguments])
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_an_empty_day_is_closed_only_when_meant(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day(folder, "close", "--by", "Meera")
    capsys.readouterr()
    assert day(folder, "close", "--by", "Meera") == 2
    assert "Nothing happened since the last close" in capsys.readouterr().err
    assert day(folder, "close", "--by", "Meera", "--empty") == 0
    assert capsys.readouterr().out.startswith("Day close 2 is made: ")


def test_a_till_without_sales_has_no_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert day(tmp_path, "preview") == 2
    assert capsys.readouterr().err == "This till has no sales yet.\n"
    assert list(tmp_path.iterdir()) == []


def test_verify_names_what_is_wrong(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert day(folder, "verify") == 0
    day(folder, "close", "--by", "Meera")
    journal = SqliteJournal(folder / "till.sqlite", "2")
    with journal.database.writing() as connection:
        connection.execute("UPDATE day_closing SET body = replace(body, 'Meera', 'Vikram')")
    journal.close()
    capsys.readouterr()
    assert day(folder, "verify", "--json") == 2
    assert answer(capsys) == {"last": 0, "findings": [{"number": 1, "fault": "changed"}]}
    assert day(folder, "verify") == 2
    assert capsys.readouterr().out == "Day close 1 was changed: its SHA-256 is another.\n"


def test_where_people_sign_in_a_manager_types_a_pin(
    folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for arguments in (
        ["add", "meera", "--name", "Meera", "--role", "manager"],
        ["add", "asha", "--name", "Asha", "--role", "cashier", "--by", "meera"],
    ):
        assert staff(folder, arguments, "847261", "593816" if "asha" in arguments else "") == 0
    capsys.readouterr()
    assert close_by(folder, "asha", "593816") == 2
    assert capsys.readouterr().err == "This is not theirs to do. Ask a manager.\n"
    assert close_by(folder, "meera", "593816") == 2
    assert capsys.readouterr().err == "Staff id and PIN do not fit.\n"
    assert close_by(folder, "meera", "847261") == 0
    assert day(folder, "list") == 0
    assert "Meera (meera)" in capsys.readouterr().out


def descriptor(text: str) -> int:
    """Return an open file that holds one line."""
    reading, writing = os.pipe()
    os.write(writing, f"{text}\n".encode())
    os.close(writing)
    return reading


def staff(folder: Path, arguments: list[str], manager: str, new: str) -> int:
    pins = ["--new-pin-fd", str(descriptor(new or manager))]
    if "--by" in arguments:
        pins += ["--pin-fd", str(descriptor(manager))]
    return main(["staff", *arguments, *pins, "--demo", "--data", str(folder)])


def close_by(folder: Path, staff_id: str, pin: str) -> int:
    return day(folder, "close", "--by", staff_id, "--pin-fd", str(descriptor(pin)))
