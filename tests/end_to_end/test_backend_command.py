"""`cashier-cli backend`: a loyalty system set up, tried out, changed and forgotten; no secret is shown."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct

from cashier_app.bootstrap import open_till
from cashier_app.command_line.parser import main
from cashier_app.config import read_config
from cashier_app.security import credentials
from cashier_app.services import backend_change
from cashier_app.testing.running import RunningStandIn
from tests.fakes.kept_key import FileKeyStore

HERE = Path(__file__).parents[2]
WORDS = "four made up words"
CONFIG = """# What the shopkeeper wrote.
[store]
name = "Corner Shop"   # over the door
till = "2"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"

[backend]
# Ask Mira before you change this.
address = "https://loyalty.example"
posts_at_once = 2

[sound]
level = "quiet"  # the neighbours
"""


class Answered(Struct):
    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, object]:
        return json.loads(self.out)  # type: ignore[no-any-return]


class Desk:
    """A computer with a settings file, a data folder and a key store."""

    def __init__(
        self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.folder, self.capsys, self.monkeypatch = folder, capsys, monkeypatch
        self.config = folder / "till.toml"
        self.config.write_text(CONFIG)
        self.store = FileKeyStore(folder / "store.json")
        monkeypatch.setattr(credentials, "KeyStore", lambda: self.store)

    def run(self, *arguments: str, typed: str = "") -> Answered:
        self.monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        shop = (
            ()
            if "kinds" in arguments
            else ("--config", str(self.config), "--data", str(self.folder / "data"))
        )
        try:
            code = main(["backend", *arguments, *shop])
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        out, err = self.capsys.readouterr()
        return Answered(code, out, err)

    def add(self, *arguments: str, typed: str = "") -> Answered:
        return self.run("add", "--by", "Mira", *arguments, typed=typed)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, capsys, monkeypatch)


@pytest.fixture(scope="module")
def contract() -> Iterator[RunningStandIn]:
    with RunningStandIn("contract") as stand_in:
        yield stand_in


def test_every_kind_is_listed_with_what_it_wants(desk: Desk) -> None:
    listed = desk.run("kinds", "--json").data["kinds"]
    assert isinstance(listed, list)
    assert {"contract", "square"} <= {kind["name"] for kind in listed}
    square = next(kind for kind in listed if kind["name"] == "square")
    location = next(field for field in square["settings"] if field["name"] == "location")
    assert location["mandatory"]
    assert location["about"].startswith("Id of the shop's location")
    assert "Square Loyalty" in desk.run("kinds").out


def test_one_is_set_up_tried_out_shown_and_forgotten(desk: Desk, contract: RunningStandIn) -> None:
    token = contract.secrets["token"]
    added = desk.add("contract", "--address", contract.address, typed=f"{token}\n")
    assert added.code == 0, added.err
    assert "Everything works." in added.out
    assert "Points are held for 15 min while the customer pays." in added.out
    assert added.out.rstrip().endswith("Kept.")
    shown, checked = desk.run("show", "--json"), desk.run("check", "--json")
    assert shown.data["secrets"] == {"token": True}
    assert (checked.code, checked.data["ok"]) == (0, True)
    assert "\nok   Find" not in checked.out
    for answered in (added, shown, checked):
        assert token not in answered.out + answered.err
    for file in [*desk.folder.glob("data/*"), desk.config, desk.folder / "store.json"]:
        assert token.encode() not in file.read_bytes()
    assert desk.run("rotate").code == 0
    assert desk.run("check").code == 0, "the same token under a new key"
    assert desk.run("remove").code == 0
    gone = desk.run("check")
    assert (gone.code, gone.out) == (2, "")
    assert "sign-in" in gone.err


def test_the_settings_file_keeps_everything_else(desk: Desk) -> None:
    answers = desk.folder / "answers.toml"
    answers.write_text('kind = "square"\nby = "Mira"\n[settings]\nlocation = "L123"\norders = true\n')
    added = desk.run("add", "--answers", str(answers), "--unchecked", typed="EAAA-made-up\n")
    assert added.code == 0, added.err
    text = desk.config.read_text()
    kept = [line for line in CONFIG.splitlines() if not line.startswith("address")]
    assert [line for line in text.splitlines() if line in kept] == kept
    config = read_config(desk.config)
    assert (config.backend.kind, config.backend.address) == ("square", "")
    assert config.backend.settings == {"location": "L123", "orders": True}
    assert config.backend.posts_at_once == 2
    assert desk.run("show").out.startswith("Square Loyalty (square) at https://connect.squareup.com")
    back = desk.add("contract", "--address", "https://loyalty.example", "--unchecked", typed="made-up\n")
    assert back.code == 0, back.err
    assert read_config(desk.config).backend == read_config(_written(desk)).backend


def _written(desk: Desk) -> Path:
    file = desk.folder / "as-it-was.toml"
    file.write_text(CONFIG)
    return file


NONSENSE = [
    (("add", "nobody", "--by", "Mira"), "'nobody' is not installed"),
    (("add",), "Which kind?"),
    (("add", "contract"), "A manager sets the loyalty system up"),
    (("add", "contract", "--by", "!"), "A manager sets"),
    (("add", "contract", "--by", "Mira"), "backend.address"),
    (("add", "contract", "--by", "Mira", "--address", "http://loyalty.example"), "backend.address"),
    (("add", "contract", "--by", "Mira", "--address", "https://me:pw@loyalty.example"), "backend.address"),
    (("add", "square", "--by", "Mira"), "location"),
    (("add", "square", "--by", "Mira", "--set", "location=L1", "--set", "orders=maybe"), "yes or no"),
    (("add", "square", "--by", "Mira", "--set", "location=not a location"), "location"),
    (("add", "square", "--by", "Mira", "--set", "plane=L1"), "there is no 'plane'"),
    (("add", "square", "--by", "Mira", "--set", "location"), "NAME=VALUE"),
    (("add", "square", "--by", "Mira", "--set", "location=L1"), "Access token: this is none"),
    (
        ("add", "square", "--by", "Mira", "--set", "location=L1", "--secret-from-fd", "token=x"),
        "NAME=N is expected",
    ),
    (
        ("add", "square", "--by", "Mira", "--set", "location=L1", "--secret-from-fd", "access token=250"),
        "it cannot be read",
    ),
    (("add", "--answers", "/nowhere/at-all.toml"), "cannot be read"),
    (("check",), "No token"),
    (("remove", "nobody"), "'nobody' is not installed"),
]


@pytest.mark.parametrize(("arguments", "said"), NONSENSE)
def test_nonsense_is_one_sentence_and_changes_nothing(
    desk: Desk, arguments: tuple[str, ...], said: str
) -> None:
    answered = desk.run(*arguments)
    assert (answered.code, answered.out) == (2, "")
    assert said in answered.err
    assert len(answered.err.splitlines()) == 1
    assert "Traceback" not in answered.err
    assert desk.config.read_text() == CONFIG


def test_a_secret_in_the_answers_is_refused_and_not_repeated(desk: Desk) -> None:
    answers = desk.folder / "answers.toml"
    for text in ('token = "s3cret-x"', 'kind = ["s3cret-x"]', "s3cret-x", '[settings]\ntoken = "s3cret-x"'):
        answers.write_text(text)
        answered = desk.run("add", "contract", "--answers", str(answers))
        assert answered.code == 2
        assert "s3cret-x" not in answered.err


def test_what_does_not_work_is_said_and_not_kept(desk: Desk, contract: RunningStandIn) -> None:
    wrong = desk.add("contract", "--address", contract.address, typed="wrong-token\n")
    assert wrong.code == 2
    assert "refused" in wrong.out
    assert "Not everything works yet." in wrong.out
    assert "wrong-token" not in wrong.out + wrong.err
    assert desk.config.read_text() == CONFIG
    desk.config.write_text(CONFIG.replace('"INR"', '"USD"'))
    other = desk.add("contract", "--address", contract.address, typed=contract.secrets["token"] + "\n")
    assert other.code == 2
    assert "It reckons in INR, this shop in USD: amounts would be wrong." in other.out
    assert 'address = "https://loyalty.example"' in desk.config.read_text()


def test_secrets_come_from_open_files_one_each(desk: Desk) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"app-1\ntoken-2\n")
    os.close(writing)
    wanted = [f"--secret-from-fd={field}={reading}" for field in _secrets_of(desk, "voucherify")]
    added = desk.add("voucherify", "--set", "campaign=camp_1", "--unchecked", *wanted)
    os.close(reading)
    assert added.code == 0, added.err
    assert all(desk.run("show", "--json").data["secrets"].values())  # type: ignore[attr-defined]


def _secrets_of(desk: Desk, name: str) -> list[str]:
    listed = desk.run("kinds", "--json").data["kinds"]
    kind = next(kind for kind in listed if kind["name"] == name)  # type: ignore[attr-defined]
    return [field["name"] for field in kind["secrets"]]


def test_another_system_waits_until_every_sale_is_posted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    till = open_till(read_config(desk.config), desk.folder / "data")
    till.workshop()
    till.close()
    monkeypatch.setattr(backend_change, "left_to_post", lambda _: "3 sales are")
    refused = desk.add("square", "--set", "location=L1", "--unchecked", typed="made-up\n")
    assert refused.code == 2
    assert refused.err.startswith("3 sales are not posted to https://loyalty.example yet.")
    assert desk.run("remove").err.startswith("3 sales are not posted yet.")
    assert desk.config.read_text() == CONFIG
    monkeypatch.setattr(backend_change, "left_to_post", lambda _: "")
    assert desk.add("square", "--set", "location=L1", "--unchecked", typed="made-up\n").code == 0


def test_a_computer_without_a_key_store_keeps_the_key_under_a_passphrase(
    tmp_path: Path, contract: RunningStandIn
) -> None:
    """Whole processes, the real helper, no key store that encrypts: as on a small Linux till."""
    config = tmp_path / "till.toml"
    config.write_text(CONFIG)
    token = contract.secrets["token"]

    def run(*arguments: str, words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        reading, writing = os.pipe()
        os.write(writing, words.encode())
        os.close(writing)
        shop = ("--config", str(config), "--data", str(tmp_path / "data"), "--passphrase-fd", str(reading))
        alone = {
            name: value for name, value in os.environ.items() if "DBUS" not in name and "DISPLAY" not in name
        }
        try:
            return subprocess.run(
                [sys.executable, "-m", "cashier_app", "backend", *arguments, *shop],
                input=typed, capture_output=True, text=True, check=False,
                cwd=HERE, env=alone, pass_fds=(reading,),
            )  # fmt: skip
        finally:
            os.close(reading)

    added = run(
        "add", "contract", "--by", "Mira", "--address", contract.address, words=WORDS, typed=token + "\n"
    )
    assert added.returncode == 0, added.stderr
    assert run("check", words=WORDS).returncode == 0
    wrong = run("check", words="not these words")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "This is not the till's passphrase.\n"
    assert "locked" in run("check", words="").stderr
    shown = run("show", words="")
    assert shown.returncode == 0, "what a kind can do needs none of its secrets"
    assert "token: not known" in shown.stdout
    assert "Type this till's passphrase." in shown.stdout
    assert "Points are held for 15 min" in shown.stdout
    for file in (tmp_path / "data").iterdir():
        assert not any(text.encode() in file.read_bytes() for text in (token, WORDS))
