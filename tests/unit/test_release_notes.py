"""What is new is read as plain text out of the changelog, and told once after an update."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from cashier_app import __version__, news_opening, paths
from cashier_app.command_line.parser import main
from cashier_app.news_opening import News, shipped_notes
from cashier_app.preferences import FILE_NAME, PreferencesFile
from cashier_app.services.release_notes import (
    LONGEST_LINE,
    MAX_BYTES,
    MOST_LINES,
    NoteGroup,
    is_newer,
    notes_of,
    notes_since,
    read_notes,
    to_be_shown,
)
from cashier_app.wording.news import news_words
from tests.unit.wording_shown import WORDING

TEXT = """# Changelog

Words before the first version are no notes.

## [Unreleased]

### Added

**Window**

- One `frame` with **three** columns,
  see [the page](https://example.test/page).
- A *small* thing: 3 * 4 * 5 stays.

### Fixed

- Something.

## [0.2.0] - 2026-12-01

### Changed
- Told in an older version.
"""


def test_notes_are_read_without_marks() -> None:
    unreleased, before = read_notes(TEXT)
    assert unreleased.version == "Unreleased"
    assert unreleased.groups == (
        NoteGroup(
            "Added",
            "Window",
            ("One frame with three columns, see the page.", "A small thing: 3 * 4 * 5 stays."),
        ),
        NoteGroup("Fixed", "", ("Something.",)),
    )
    assert (before.version, before.day) == ("0.2.0", "2026-12-01")
    assert before.groups == (NoteGroup("Changed", "", ("Told in an older version.",)),)


def test_notes_of_versions_nobody_saw_follow_those_of_this_one() -> None:
    releases = read_notes(
        "## [0.4.0]\n### Added\n- Four.\n## [0.10.0]\n### Added\n- Ten.\n## [0.9.0]\n### Fixed\n- Nine.\n"
        "## [rubbish]\n### Added\n- None.\n## [0.3.0]\n### Added\n- Three.\n"
    )

    def told(seen: str, version: str) -> list[tuple[str, str]]:
        notes = notes_since(releases, seen, version)
        return [(group.version, group.lines[0]) for group in notes.groups] if notes is not None else []

    assert told("0.3.0", "0.10.0") == [("", "Ten."), ("0.9.0", "Nine."), ("0.4.0", "Four.")]
    assert told("0.9.0", "0.10.0") == [("", "Ten.")]
    assert told("", "0.10.0") == told("0.10.0", "0.10.0") == [("", "Ten.")]
    assert told("0.3.0", "7.0.0") == []


def test_a_page_gets_as_much_as_it_can_show() -> None:
    many = read_notes("## [1.0.0]\n" + "### Added\n- x\n- y\n" * 900 + "### Fixed\n- z\n")
    notes = notes_since(many, "", "1.0.0")
    assert notes is not None
    assert sum(len(group.lines) for group in notes.groups) == MOST_LINES + 1
    assert notes.groups[-1].lines == ("x", "y", "…")
    long = notes_since(read_notes("## [1.0.0]\n### Added\n- " + "x" * 9000), "", "1.0.0")
    assert long is not None
    assert long.groups[0].lines == ("x" * LONGEST_LINE + "…",)


def test_a_version_without_a_heading_has_the_notes_of_what_comes_next() -> None:
    notes = read_notes(TEXT)
    assert notes_of(notes, "0.2.0") is notes[1]
    assert notes_of(notes, "0.3.0") is notes[0]
    assert notes_of(notes[1:], "0.3.0") is None


@pytest.mark.parametrize("text", ["", "\0" * 99, "## [", "- x\n" * 9, "### \n" * 9, "## []\n- x"])
def test_no_changelog_can_fail(text: str) -> None:
    assert read_notes(text) == ()


def test_a_huge_changelog_is_cut() -> None:
    notes = read_notes("## [1.0.0]\n### Added\n" + "- x\n" * MAX_BYTES)
    assert len(notes[0].groups[0].lines) < MAX_BYTES / 3


@pytest.mark.parametrize(
    ("seen", "version", "shown"),
    [
        ("", "0.2.0", False),
        ("0.1.0", "0.2.0", True),
        ("0.9.0", "0.10.0", True),
        ("0.2.0", "0.2.0", False),
        ("0.3.0", "0.2.0", False),
        ("rubbish", "0.2.0", False),
        ("0.1.0", "rubbish", False),
    ],
)
def test_only_a_newer_version_is_told(seen: str, version: str, *, shown: bool) -> None:
    assert to_be_shown(seen, version) is shown
    assert is_newer(version, seen) is (shown and bool(seen))


def test_a_first_start_tells_nobody_and_the_next_version_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not News(PreferencesFile(tmp_path)).is_due()
    assert json.loads((tmp_path / FILE_NAME).read_bytes())["version_seen"] == __version__
    monkeypatch.setattr(News, "version", "99.0.0")
    news = News(PreferencesFile(tmp_path))
    assert news.is_due()
    assert News(PreferencesFile(tmp_path)).is_due(), "nobody has seen them yet"
    news.told()
    assert not News(PreferencesFile(tmp_path)).is_due()
    monkeypatch.setattr(News, "version", "98.0.0")
    assert not News(PreferencesFile(tmp_path)).is_due(), "the version before was put back"


def test_this_version_has_notes_and_the_wheel_takes_them_along(capsys: pytest.CaptureFixture[str]) -> None:
    notes = shipped_notes()
    assert notes is not None
    assert notes.groups
    here = Path(__file__).parents[2]
    settings = tomllib.loads((here / "pyproject.toml").read_text(encoding="utf-8"))
    taken = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert taken["CHANGELOG.md"] == f"cashier_app/resources/{paths.CHANGELOG_FILE}"
    assert main(["whats-new"]) == 0
    said = capsys.readouterr().out
    assert f"What is new in version {__version__}" in said
    assert notes.groups[0].lines[0] in said
    assert main(["whats-new", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["version"] == __version__


def test_notes_shipped_among_the_data_files_come_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(paths, "resources", lambda: tmp_path / "resources")
    assert paths.changelog() == tmp_path / paths.CHANGELOG_FILE
    (tmp_path / "resources" / paths.CHANGELOG_FILE).write_text(TEXT, encoding="utf-8")
    assert paths.changelog().parent == tmp_path / "resources"


def test_an_installation_without_notes_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(news_opening, "changelog", lambda: tmp_path / "missing")
    assert main(["whats-new"]) == 2
    assert capsys.readouterr().err.strip() == "The notes on this version are missing from this installation."
    assert news_words("0.1.0", None, WORDING).parts[0].text == "There are no notes on this version here."
