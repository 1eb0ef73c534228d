"""From the process's start to a window that takes keys, against a bare window of as many widgets."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.benchmarks.goal import Goal

RUNS = 21
GOAL = 1.5
SETTINGS = """
[store]
name = "Marigold Stores"
till = "2"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"

[backend]
address = "http://127.0.0.1:9"
"""
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


def measure(runs: int = RUNS) -> list[Goal]:
    """Return the ratio of the medians of interleaved runs, and the same for memory."""
    return [_measured("", runs), _measured("locked", runs)]


def _measured(kind: str, runs: int) -> Goal:
    """Return the start of the till, or of one that is locked, as every morning where people sign in."""
    with tempfile.TemporaryDirectory() as folder:
        _set_up_locked_shop(Path(folder))
        counted = "count-locked" if kind else "count"
        widgets = int(_output("tests.benchmarks.till_window", counted, folder))
        bare_command = ("tests.benchmarks.bare_window", str(widgets))
        till_command = ("tests.benchmarks.till_window", kind or "time", folder)
        for command in (bare_command, till_command):
            _timed(*command)  # the first run compiles and fills caches
        bare, till = [], []
        for _ in range(runs):
            bare.append(_timed(*bare_command))
            till.append(_timed(*till_command))
    seconds = [median(run[0] for run in runs_of) for runs_of in (bare, till)]
    memory = [median(run[1] for run in runs_of) / 2**20 for runs_of in (bare, till)]
    detail = f"{runs} runs each, {widgets} widgets"
    name = f"{kind} till" if kind else "till"
    print(f"start: bare {seconds[0] * 1000:.0f} ms, {name} {seconds[1] * 1000:.0f} ms; {detail}")
    print(f"memory: bare {memory[0]:.0f} MB, {name} {memory[1]:.0f} MB at the first frame")
    what = f"cold start, {kind} / bare window" if kind else "cold start / bare window"
    return Goal(what, seconds[1] / seconds[0], GOAL, detail)


def _set_up_locked_shop(folder: Path) -> None:
    """Write what a till leaves behind where people sign in; its staff is read only behind the first frame."""
    (folder / "till.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "preferences.json").write_text('{"signs_in": true}', encoding="utf-8")


def _timed(module: str, *arguments: str) -> tuple[float, float]:
    started = time.monotonic()
    at, memory = _output(module, *arguments).split()
    return float(at) - started, float(memory)


def _output(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    # An installed program finds its modules compiled; so do both windows here, whatever the shell says.
    environment = {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)
    if done.returncode:
        raise RuntimeError(f"{module} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout
