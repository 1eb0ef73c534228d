"""`cashier-cli config`: what is in force, where each value comes from, and what is wrong."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cashier_app.command_line.config import HIDDEN, safe
from cashier_app.command_line.parser import main
from cashier_app.config import read_config
from cashier_app.config_change import change_backend
from cashier_app.paths import CONFIG_FILE, default_config_file, own_config_file, site_config_files
from tests.unit.test_config_check import GOOD

linux = pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="folders as the XDG rules name them")


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder in which this computer's and this user's settings are."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "site"))
    return tmp_path


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@linux
def test_the_users_file_goes_before_the_computers(computer: Path) -> None:
    assert site_config_files()[-1] == Path("/etc/cashier-app") / CONFIG_FILE
    assert default_config_file() == own_config_file() == computer / "user/cashier-app" / CONFIG_FILE
    site = written(computer / "site/cashier-app" / CONFIG_FILE, GOOD)
    assert default_config_file() == site
    own = written(own_config_file(), GOOD)
    assert default_config_file() == own


def test_a_right_file_is_said_to_be_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "till.toml", GOOD)
    assert main(["config", "check", str(path)]) == 0
    assert capsys.readouterr().out == f"{path} is right.\n"


def test_mistakes_are_told_by_line_and_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "till.toml", GOOD.replace("region", "regoin"))
    assert main(["config", "check", str(path)]) == 2
    assert (
        "till.toml, line 5, store.regoin: there is no such key. Did you mean region?"
        in capsys.readouterr().out
    )
    assert main(["config", "check", str(path), "--json"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert said["ok"] is False
    assert {
        "line": 5,
        "key": "store.regoin",
        "sentence": "there is no such key. Did you mean region?",
    } in said["mistakes"]


@pytest.mark.parametrize("action", ["check", "show"])
def test_without_settings_one_sentence_says_so(
    computer: Path, capsys: pytest.CaptureFixture[str], action: str
) -> None:
    assert main(["config", action]) == 2
    assert capsys.readouterr().err.startswith("This till has no settings yet. Start cashier-app")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "none.toml"
    assert main(["config", "check", str(path)]) == 2
    assert capsys.readouterr().err == f"The settings file {path} cannot be read: no such file or directory.\n"


def _folder(path: Path) -> None:
    path.mkdir()


def _circle(path: Path) -> None:
    path.symlink_to(path.name)


def _leads_nowhere(path: Path) -> None:
    path.symlink_to("unmounted/till.toml")


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(50_000_000)


@linux
@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (_folder, "cannot be read: is a directory."),
        (_circle, "cannot be read: too many levels of symbolic links."),
        (_leads_nowhere, "cannot be read: no such file or directory."),
        (_huge, "is too large to be a settings file."),
    ],
)
@pytest.mark.parametrize("whose", ["user", "site"])
def test_what_stands_where_settings_belong_is_told_and_not_passed_over(
    computer: Path,
    capsys: pytest.CaptureFixture[str],
    plant: Callable[[Path], None],
    said: str,
    whose: str,
) -> None:
    path = computer / whose / "cashier-app" / CONFIG_FILE
    path.parent.mkdir(parents=True)
    plant(path)
    assert default_config_file() == path
    for action in (["config", "check"], ["config", "show"], ["outbox", "list"]):
        assert main(action) == 2, action
        assert capsys.readouterr().err.replace("The settings file ", "") == f"{path} {said}\n"


@linux
def test_a_folder_nobody_may_look_into_is_not_taken_for_an_empty_one(
    computer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = computer / "site/cashier-app" / CONFIG_FILE

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path)) if path == hidden else FileNotFoundError

    monkeypatch.setattr(Path, "lstat", refuse)
    assert default_config_file() == hidden


def test_a_mark_that_windows_editors_write_is_not_taken_for_toml(tmp_path: Path) -> None:
    path = tmp_path / "till.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert main(["config", "check", str(path)]) == 0
    assert read_config(path).store.till == "2"
    assert change_backend(path, "square", "", {"location": "L2"}).backend.settings == {"location": "L2"}


@linux
def test_the_computers_file_may_leave_things_to_be_asked(
    computer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(computer / "site/cashier-app" / CONFIG_FILE, '[store]\nname = "Marigold"\n')
    assert main(["config", "check"]) == 0
    assert "Asked at the first start: store.till, store.region" in capsys.readouterr().out
    assert main(["config", "show"]) == 0
    assert "Asked at the first start" in capsys.readouterr().out


def test_what_is_guessed_is_not_said_to_be_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = GOOD.replace('till = "2"\n', "") + "[first_run]\nunattended = true\n"
    path = written(tmp_path / "fleet.toml", text)
    assert main(["config", "check", str(path), "--fleet"]) == 0
    assert "Guessed from the computer at the first start: store.till." in capsys.readouterr().out
    assert main(["config", "check", str(path), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["asked_at_first_start"], said["guessed_at_first_start"]) == ([], ["store.till"])


@linux
def test_values_are_shown_with_where_they_come_from(
    computer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(computer / "site/cashier-app" / CONFIG_FILE, GOOD)
    assert main(["config", "show"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{path} (this computer's, for every user)")
    rows = {line.split()[0]: line for line in out.splitlines() if "[" in line}
    assert rows["store.name"].endswith('"Marigold Stores"  [line 3]')
    assert rows["backend.settings.location"].endswith("[line 15]")
    assert rows["sound.level"].endswith('"normal"  [default]')
    assert main(["config", "show", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert {"key": "store.decimals", "value": 2, "from": "file", "line": 7} in said["values"]


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("backend.settings.api_token", "made-up", HIDDEN),
        ("backend.settings.password", "made-up", HIDDEN),
        ("staff.manager_pin", "482915", HIDDEN),
        ("ledger.url", "postgresql://till:made-up@ledger.example/x", HIDDEN),
        ("ledger.url", "postgresql://till@ledger.example/x?password=made-up", HIDDEN),
        ("codes.link_prefixes", ["https://till:made-up@m.example/c/"], HIDDEN),
        ("ledger.url", "postgresql://till@ledger.example/x", "postgresql://till@ledger.example/x"),
        ("backend.token_file", "/run/token", "/run/token"),
        ("backend.settings.password", "", ""),
        ("staff.pin_digits", 6, 6),
    ],
)
def test_what_looks_like_a_secret_is_hidden(key: str, value: object, shown: object) -> None:
    assert safe(key, value) == shown


def test_a_file_with_mistakes_is_not_shown_but_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "till.toml", GOOD + '\n[staff]\npassword = "hunter2-made-up"\n')
    assert main(["config", "show", "--config", str(path)]) == 2
    out = capsys.readouterr().out
    assert "staff.password: there is no such key. PINs and secrets never stand in a settings file." in out
    assert "hunter2" not in out


@linux
def test_other_commands_say_that_something_is_still_to_be_asked(
    computer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(computer / "site/cashier-app" / CONFIG_FILE, '[store]\nname = "Marigold"\n')
    assert main(["staff", "add", "meera", "--name", "M", "--role", "manager", "--data", str(computer)]) == 2
    said = capsys.readouterr().err
    assert said == f"{path} leaves something to be asked. Start cashier-app to answer it.\n"


def test_what_a_fleets_file_leaves_out_is_no_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "till.toml", '[store]\nname = "Rue Royale"\n')
    assert main(["config", "check", str(path)]) == 2
    capsys.readouterr()
    assert main(["config", "check", "--fleet", str(path)]) == 0
    said = capsys.readouterr().out
    assert f"{path} is right." in said
    assert "Asked at the first start: " in said
