"""A till without settings: the questions, by real keys in the real program, to the first sale.

How many keys: 2 to the demo shop, 20 to its first sale posted (10 of them the phone number, 4 the bill).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cashier_app.config import read_config

ROOT = Path(__file__).parents[2]
PHONE, BILL, PIN = "9845012210", "2360", "482915"
FLEET = """
[store]
name = "Marigold Stores"
till = "4"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"

[backend]
address = "http://127.0.0.1:9"
"""
pytestmark = pytest.mark.skipif(
    sys.platform in {"win32", "darwin"}, reason="folders as the XDG rules name them"
)


class Computer:
    """A computer nobody has used: a home with nothing in it."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.home.mkdir()
        self.site = folder / "site/cashier-app/till.toml"

    @property
    def settings(self) -> Path:
        return self.home / ".config/cashier-app/till.toml"

    def run(
        self, *lines: dict[str, object], options: tuple[str, ...] = ()
    ) -> tuple[int, list[dict[str, object]], str]:
        """Start the program, press keys, and return its exit code, what it told and what it complained of."""
        kept = ("PATH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LD_LIBRARY_PATH")
        environment = {name: os.environ[name] for name in kept if name in os.environ} | {
            "HOME": str(self.home),
            "XDG_CONFIG_DIRS": str(self.site.parents[1]),
            "XDG_RUNTIME_DIR": str(self.home),
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "LANG": "en_IN.UTF-8",
            "TZ": "Asia/Kolkata",
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.end_to_end.first_run_till", *options],
            input="".join(json.dumps(line) + "\n" for line in lines),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            cwd=ROOT,
            env=environment,
        )
        told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        return done.returncode, told, done.stderr


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    return Computer(tmp_path)


def press(until: str, *keys: str) -> dict[str, object]:
    return {"until": until, "keys": list(keys)}


SALE = (
    press("idle", *PHONE, "Enter"),
    press("bill", *BILL, "Enter"),
    press("reward", "Enter"),
    press("pay", "Enter"),
    press("posted"),
)


def test_from_nothing_to_the_first_sale_in_twenty_keys(computer: Computer) -> None:
    code, told, complaints = computer.run(press("shop", "F8"), press("ready", "Enter"), *SALE)
    assert (code, told[-1:]) == (0, [{"at": "posted", "presses": 20}]), (told, complaints)
    assert not computer.settings.exists()
    assert complaints == ""


def test_the_next_start_goes_on_and_sets_up_the_real_shop(computer: Computer) -> None:
    computer.run(press("shop", *"Cafe", "Enter", "7", "Enter"), press("country", "F10"))
    draft = computer.settings.with_name("first-run.json")
    kept = json.loads(draft.read_text(encoding="utf-8"))
    assert (kept["store"], kept["till"], kept["at"]) == ("Cafe", "7", "country")
    kept["backend"] = {"kind": "contract", "address": "http://127.0.0.1:9", "settings": {}}
    draft.write_text(json.dumps(kept), encoding="utf-8")
    code, told, complaints = computer.run(
        press("country", "Enter"),
        press("backend", "F8"),  # its secrets come another way
        press("scanner", "Enter"),
        press("camera", "Enter"),
        press("manager", *"Meera", "Enter", *PIN, "Enter", *PIN, "Enter"),
        press("ready", "Enter"),
        press("lock"),
    )
    assert (code, told[-1:]) == (0, [{"at": "lock", "presses": 25}]), (told, complaints)
    config = read_config(computer.settings)
    assert (config.store.name, config.store.till, config.store.locale) == ("Cafe", "7", "en_IN")
    assert config.store.time_zone == "Asia/Kolkata"
    assert not draft.exists()
    # From now on the till opens at once, at its lock.
    code, told, complaints = computer.run(press("lock"))
    assert (code, told) == (0, [{"at": "lock", "presses": 0}]), complaints


def test_a_whole_file_for_many_tills_starts_straight_into_the_till(computer: Computer) -> None:
    computer.site.parent.mkdir(parents=True)
    computer.site.write_text(FLEET, encoding="utf-8")
    code, told, complaints = computer.run(press("opening"))
    assert (code, told) == (0, [{"at": "opening", "presses": 0}]), complaints
    assert not computer.settings.exists()


def test_a_file_for_many_tills_may_leave_the_tills_number_to_be_asked(computer: Computer) -> None:
    computer.site.parent.mkdir(parents=True)
    computer.site.write_text(FLEET.replace('till = "4"\n', ""), encoding="utf-8")
    code, told, complaints = computer.run(
        press("shop", "Enter", "9", "Enter"),
        press("backend", "F8"),
        press("scanner", "Enter"),
        press("camera", "Enter"),
        press("manager", "F8"),
        press("ready", "Enter"),
        press("opening"),
    )
    assert code == 0, (told, complaints)
    assert read_config(computer.settings).store.till == "9"


def test_nobody_is_asked_on_an_unattended_till(computer: Computer) -> None:
    computer.site.parent.mkdir(parents=True)
    text = "[first_run]\nunattended = true\n" + FLEET.replace('till = "4"\n', "")
    computer.site.write_text(text, encoding="utf-8")
    code, told, complaints = computer.run(press("opening"))
    assert (code, told) == (0, [{"at": "opening", "presses": 0}]), complaints
    assert read_config(computer.settings).store.till == "1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FLEET.replace("till =", "tlil ="), "line 4, store.tlil: there is no such key. Did you mean till?"),
        ("[first_run]\nunattended = true\n", "backend: this is missing; where nobody is asked"),
    ],
)
def test_a_wrong_file_for_many_tills_ends_with_its_line_and_key(
    computer: Computer, text: str, said: str
) -> None:
    computer.site.parent.mkdir(parents=True)
    computer.site.write_text(text, encoding="utf-8")
    code, _, complaints = computer.run()
    assert code == 2
    assert said in complaints
    assert complaints.count("\n") == 1
