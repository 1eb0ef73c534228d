"""The program under a real X server: xdotool presses keys, as a scanner on US key positions and as a person.

Skipped, with the reason, where Xvfb, xdotool or setxkbmap is missing.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from cashier_app.system_libraries import missing_required
from tests.fakes.key_presses import us_key

_PATHS = {name: shutil.which(name) for name in ("Xvfb", "xdotool", "setxkbmap", "xkbcomp")}
MISSING = [name for name, path in _PATHS.items() if path is None]
MISSING += [need.name for need in missing_required(environment={"QT_QPA_PLATFORM": "xcb"})]
pytestmark = pytest.mark.skipif(
    bool(MISSING) or sys.platform != "linux",
    reason=f"SCANNERS NOT TRIED ON X11: {', '.join(MISSING)} missing (apt-get install xvfb xdotool)",
)

CODE = "LC1:PRYA7K2M4Q9XW3TB"
MEMBER = "Priya Raghunathan"
PATIENCE = 20.0
XCB = 8
SCANNER_MS, FINGER_MS = 4, 120
Line = dict[str, Any]


class Counter:
    """The window in its own process, on a display of its own."""

    def __init__(self, folder: Path) -> None:
        self._server = subprocess.Popen(
            [_PATHS["Xvfb"] or "", "-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._server.stdout is not None
        display = f":{self._server.stdout.readline().strip()}"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("WAYLAND")},
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
        }
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.end_to_end.typed_window", "--demo", "--data", str(folder)],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines: queue.Queue[Line] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.told: list[Line] = []
        self.wait(lambda line: line.get("step") == "idle")

    def _read(self) -> None:
        assert self._program.stdout is not None
        for line in self._program.stdout:
            self._lines.put(json.loads(line))

    def do(self, word: str) -> Line:
        """Tell the window to focus something, and wait until it has."""
        self.tell(word)
        done = self.wait(lambda line: line.get("done") == word)
        assert done.get("focused", True), f"{word} got no focus"
        self.told.clear()
        return done

    def tell(self, word: str) -> None:
        assert self._program.stdin is not None
        self._program.stdin.write(word + "\n")
        self._program.stdin.flush()

    def wait(self, wanted: Callable[[Line], bool]) -> Line:
        """Return the first line that is wanted; all lines up to it are in `told`."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                line = self._lines.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"never came; the window told {self.told[-5:]}")
            self.told.append(line)
            if wanted(line):
                return line

    def tool(self, *arguments: str) -> None:
        subprocess.run([_PATHS["xdotool"] or "", *arguments], env=self._environment, check=True, timeout=30)

    def layout(self, name: str) -> None:
        subprocess.run([_PATHS["setxkbmap"] or "", name], env=self._environment, check=True, timeout=30)

    def scan(self, text: str, *before: str, after: tuple[str, ...] = ("Return",)) -> None:
        """Press US key positions as a scanner does."""
        self.tool("key", "--delay", str(SCANNER_MS), *before, *[_position(one) for one in text], *after)

    def type(self, text: str, *after: str) -> None:
        """Type at a person's pace."""
        self.tool("type", "--delay", str(FINGER_MS), text)
        if after:
            self.tool("key", "--delay", str(FINGER_MS), *after)

    def close(self) -> None:
        self.tell("end")
        code = self._program.wait(timeout=20)
        self._reader.join()
        self._server.terminate()
        self._server.wait(timeout=20)
        for stream in (self._server.stdout, self._program.stdin, self._program.stdout):
            assert stream is not None
            stream.close()
        assert code == 0


def _position(character: str) -> str:
    code, shift = us_key(character)
    return f"{'shift+' if shift else ''}{code + XCB}"


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    made = Counter(tmp_path_factory.mktemp("shop"))
    yield made
    made.close()


@pytest.fixture
def till(counter: Counter) -> Iterator[Counter]:
    counter.do("till")
    yield counter
    counter.layout("us")


def served(counter: Counter) -> None:
    """Wait for the member of the code, found by nothing but its one scan."""
    counter.wait(lambda line: line.get("person") == MEMBER)
    assert [line["scanned"] for line in counter.told if "scanned" in line] == [CODE]
    assert not [line for line in counter.told if "pressed" in line or "menu" in line]


@pytest.mark.parametrize("layout", ["us", "de", "fr", "ru"])
def test_a_code_is_read_on_every_layout(till: Counter, layout: str) -> None:
    till.layout(layout)
    till.scan(CODE)
    served(till)


@pytest.mark.parametrize("layout", ["us", "fr"])
def test_a_code_is_read_with_caps_lock(till: Counter, layout: str) -> None:
    till.layout(layout)
    till.tool("key", "Caps_Lock")
    try:
        till.scan(CODE)
        served(till)
    finally:
        till.tool("key", "Caps_Lock")


def test_a_code_ended_by_tab_or_by_silence_is_read(till: Counter) -> None:
    for end in ("Tab",), ():
        till.do("till")
        till.scan(CODE, after=end)
        served(till)


@pytest.mark.parametrize("focus", ["field", "button", "menu"])
def test_a_code_is_read_in_a_window_of_its_own_and_presses_nothing(till: Counter, focus: str) -> None:
    till.do(focus)
    till.scan(CODE)
    served(till)
    assert [line["field"] for line in till.told if line.get("field")] == []


def test_without_the_filter_a_scan_presses_the_default_button(till: Counter) -> None:
    """The control: what this file looks at would show a scan that got through."""
    till.do("button")
    till.do("deaf")
    try:
        till.scan(CODE)
        till.wait(lambda line: "pressed" in line)
        assert not [line for line in till.told if "scanned" in line]
    finally:
        till.do("hear")


def test_alt_and_keypad_digits_are_a_code(till: Counter) -> None:
    keys: list[str] = []
    for character in CODE:
        keys += [
            "keydown",
            "alt",
            "key",
            "--delay",
            "1",
            *[f"KP_{digit}" for digit in f"{ord(character):03}"],
        ]
        keys += ["keyup", "alt"]
    till.tool(*keys, "key", "Return")
    served(till)


def test_commands_in_a_burst_do_nothing(till: Counter) -> None:
    till.scan("LC1:A", "F7", "F8", "F1", "Return", "ctrl+k", after=("F3", "ctrl+v", "F11", "Return"))
    told = till.wait(lambda line: "scanned" in line)
    assert told["scanned"].endswith("LC1:A\x16")
    steps = {line["step"] for line in till.told if "step" in line}
    assert steps <= {"idle", "problem"}, "nobody was served without a member"
    till.scan(CODE)
    till.wait(lambda line: line.get("person") == MEMBER)


def test_typed_digits_stand_in_the_field_in_their_order(till: Counter) -> None:
    till.type("2360715")
    entries: list[str] = []
    till.wait(lambda line: entries.append(line.get("entry", "")) or line.get("entry") == "2360715")  # type: ignore[func-returns-value]
    # The screen may be told twice of one entry: time passes while somebody types.
    assert [entry for entry, _ in groupby(entries)] == ["2360715"[: i + 1] for i in range(7)]
    assert not [line for line in till.told if "scanned" in line]


def test_typed_text_stays_in_a_text_field_and_enter_works(till: Counter) -> None:
    till.do("field")
    till.type("Anna-Maria, 2nd floor", "Return")
    till.wait(lambda line: "pressed" in line)
    assert [line["field"] for line in till.told if "field" in line][-1] == "Anna-Maria, 2nd floor"
    assert not [line for line in till.told if "scanned" in line]


def test_accents_can_still_be_typed(till: Counter) -> None:
    till.layout("fr")
    till.do("field")
    till.type("for", "dead_circumflex", "e")
    till.wait(lambda line: line.get("field") == "for\u00ea")


@pytest.mark.parametrize("layout", ["us", "de", "fr"])
def test_nobodys_code_goes_into_the_text_field(till: Counter, layout: str) -> None:
    """Its letters are those of the scanner, though accents of the layout wait for their letters there."""
    till.layout(layout)
    till.do("field")
    till.scan("P=7 [c] `x' 12")
    till.wait(lambda line: line.get("field") == "P=7 [c] `x' 12")
    assert not [line for line in till.told if "pressed" in line or "scanned" in line]


def test_keys_typed_while_the_window_is_busy_are_not_a_scan(till: Counter) -> None:
    till.tell("block")
    till.wait(lambda line: line.get("done") == "block")
    till.told.clear()
    till.tool("key", "--delay", "80", *"23607154")
    till.wait(lambda line: line.get("entry") == "23607154")
    assert not [line for line in till.told if "scanned" in line]
