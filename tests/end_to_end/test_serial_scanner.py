"""A serial scanner from outside: the two commands, and the window in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.pty_scanner import PtyScanner

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")

CODE = "LC1:PRYA7K2M4Q9XW3TB"
CARD = "4539578763621486"  # a made-up number that passes the check of payment cards

# The program as it is started, with somebody who tells of every member it comes to serve.
WATCHED_WINDOW = """
import sys
import ui.after_first_frame as after_first_frame
import ui.application as application
from cashier_app.services.till_view import Serving
from PySide6.QtCore import QCoreApplication

build = application.build_window

def watched(till, session, background, **how):
    window = build(till, session, background, **how)

    def look(view):
        if isinstance(view.person, Serving):
            print(view.person.member.name, flush=True)
            QCoreApplication.quit()

    session.subscribe(look)
    return window

application.build_window = watched
link_as_it_is = after_first_frame.link_serial_scanner

def link_and_tell(window, till, runner):
    link = link_as_it_is(window, till, runner)
    link.changed.connect(lambda: print(link.status.state.value, flush=True))
    return link

after_first_frame.link_serial_scanner = link_and_tell
from ui.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def device(tmp_path: Path) -> Iterator[PtyScanner]:
    plugged = PtyScanner(tmp_path / "scanner")
    plugged.plug_in()
    yield plugged
    plugged.pull_out()


def started(*command: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.Popen(
        [sys.executable, "-W", "error", *command],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def lines_until(process: subprocess.Popen[str], wanted: str) -> list[str]:
    """Return the lines up to one; pytest's own time limit ends a wait for nothing."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if wanted in line:
            return lines
    raise AssertionError((lines, process.stderr.read() if process.stderr else ""))


def test_the_window_finds_the_member_of_a_serial_scan(device: PtyScanner, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "preferences.json").write_text(json.dumps({"serial_device": device.device}), encoding="utf-8")
    process = started("-c", WATCHED_WINDOW, "--demo", "--data", str(data))
    try:
        lines_until(process, "listening")
        device.send(CODE.encode() + b"\r\n")
        assert lines_until(process, "Raghunathan")[-1] == "Priya Raghunathan"
        out, problems = process.communicate(timeout=20)
    finally:
        process.kill()
        process.communicate()
    assert (process.returncode, problems) == (0, ""), out


def test_listen_prints_what_a_reader_sends_masked(device: PtyScanner) -> None:
    process = started("-m", "cashier_app", "listen", "--device", device.device, "--seconds", "30")
    try:
        lines_until(process, "ready")
        device.send(f"{CODE}\r\n{CARD}\r\n\x1b[2Jx\r\n".encode())
        wallet, card, strange = _lines(process, 3)
    finally:
        process.terminate()
        out, problems = process.communicate(timeout=20)
    assert wallet == "LC1:**************TB  (20 characters, WalletToken)"
    assert card.startswith("4539**********86  (16 characters, not used: ")
    assert "\x1b" not in strange
    assert CODE not in out + problems


def _lines(process: subprocess.Popen[str], count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().rstrip("\n") for _ in range(count)]


def test_listen_shows_whole_scans_when_asked_but_never_a_payment_card(device: PtyScanner) -> None:
    command = (
        "-m",
        "cashier_app",
        "listen",
        "--device",
        device.device,
        "--seconds",
        "30",
        "--show",
        "--json",
    )
    process = started(*command)
    try:
        lines_until(process, "listening")
        device.send(f"{CODE}\r\n{CARD}\r\n".encode())
        wallet, card = (json.loads(line) for line in _lines(process, 2))
    finally:
        process.terminate()
        process.communicate(timeout=20)
    assert wallet == {"text": CODE, "characters": 20, "kind": "WalletToken"}
    assert card["text"] == "4539**********86"


def test_listen_to_nothing_says_so_in_one_sentence(tmp_path: Path) -> None:
    process = started("-m", "cashier_app", "listen", "--device", str(tmp_path / "none"), "--seconds", "0.2")
    out, problems = process.communicate(timeout=20)
    assert process.returncode == 2
    assert out.splitlines() == [
        "Looking for the scanner…",
        "The scanner is not connected. Plug it in; selling goes on without it.",
    ]
    assert problems == ""


def test_scanners_lists_what_is_plugged_in() -> None:
    process = started("-m", "cashier_app", "scanners", "--json")
    out, problems = process.communicate(timeout=20)
    assert (process.returncode, problems) == (0, "")
    for device in json.loads(out)["devices"]:
        assert set(device) == {"id", "name", "port"}
        assert device["port"] in device["name"]


@pytest.mark.parametrize("nonsense", [["--seconds", "-1"], ["--baud", "7"], []])
def test_nonsense_gets_one_sentence(nonsense: list[str]) -> None:
    device = ["--device", "COM3"] if nonsense else []
    process = started("-m", "cashier_app", "listen", *device, *nonsense)
    out, problems = process.communicate(timeout=20)
    assert (process.returncode, out, len(problems.splitlines())) == (2, "", 1)
