"""From the process's start to a window that takes keys, against a bare window of as many widgets."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from statistics import median

from tests.benchmarks.goal import Goal

RUNS = 21
GOAL = 1.5
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


def measure(runs: int = RUNS) -> list[Goal]:
    """Return the ratio of the medians of interleaved runs, and the same for memory."""
    with tempfile.TemporaryDirectory() as folder:
        widgets = int(_output("tests.benchmarks.till_window", "count", folder))
        bare_command = ("tests.benchmarks.bare_window", str(widgets))
        till_command = ("tests.benchmarks.till_window", "time", folder)
        for command in (bare_command, till_command):
            _timed(*command)  # the first run compiles and fills caches
        bare, till = [], []
        for _ in range(runs):
            bare.append(_timed(*bare_command))
            till.append(_timed(*till_command))
    seconds = [median(run[0] for run in runs_of) for runs_of in (bare, till)]
    memory = [median(run[1] for run in runs_of) / 2**20 for runs_of in (bare, till)]
    detail = f"{runs} runs each, {widgets} widgets"
    print(f"start: bare {seconds[0] * 1000:.0f} ms, till {seconds[1] * 1000:.0f} ms; {detail}")
    print(f"memory: bare {memory[0]:.0f} MB, till {memory[1]:.0f} MB at the first frame")
    return [Goal("cold start / bare window", seconds[1] / seconds[0], GOAL, detail)]


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
