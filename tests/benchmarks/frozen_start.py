"""From the process's start to the first frame and on: the frozen program against the one run from source.

The programs are watched from outside and are what a shop runs. Behind its first frame, and not before, the
till opens its sales database: the moment its file appears in a new data folder is the moment measured. Of the
command line it is the time until it has answered.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from tests.benchmarks.frozen_size import BUNDLE, ROOT
from tests.benchmarks.goal import Goal

RUNS = 21
GOAL = 1.2
_DATABASE = "till.sqlite"
_LOOK_SECONDS = 0.001
_PATIENCE_SECONDS = 60.0
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
_ANSWER = ("identify", "+919812345678", "--json", "--demo")


def measure(bundle: Path = BUNDLE, runs: int = RUNS) -> list[Goal]:
    """Return the ratios of the medians of interleaved runs.

    Args:
        bundle: The built bundle.
        runs: How often each program is started.
    """
    window = ((str(bundle / "cashier-app"),), (sys.executable, "-m", "ui"))
    line = ((str(bundle / "cashier-cli"), *_ANSWER), (sys.executable, "-m", "cashier_app", *_ANSWER))
    return [
        _compared("window", seconds_to_first_frame, window, runs),
        _compared("command line", _seconds_to_answer, line, runs),
    ]


def seconds_to_first_frame(command: Sequence[str]) -> float:
    """Return how long a program takes until the demo shop's first frame is there, and end it.

    Raises:
        RuntimeError: It does not get there.
    """
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        arguments = [*command, "--demo", "--data", folder, "--size", "1280x800"]
        process = subprocess.Popen(arguments, env=_environment(), cwd=ROOT, stderr=subprocess.DEVNULL)
        try:
            while not Path(folder, _DATABASE).exists():
                if process.poll() is not None or time.monotonic() - started > _PATIENCE_SECONDS:
                    raise RuntimeError(f"{command[0]} shows nothing")
                time.sleep(_LOOK_SECONDS)
            return time.monotonic() - started
        finally:
            process.terminate()
            process.wait(_PATIENCE_SECONDS)


def _compared(
    name: str,
    seconds: Callable[[Sequence[str]], float],
    commands: tuple[Sequence[str], Sequence[str]],
    runs: int,
) -> Goal:
    for command in commands:
        seconds(command)  # the first run compiles and fills caches
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for times, command in zip(taken, commands, strict=True):
            times.append(seconds(command))
    frozen, source = (median(times) for times in taken)
    print(
        f"start: {name} frozen {frozen * 1000:.0f} ms, from source {source * 1000:.0f} ms; {runs} runs each"
    )
    return Goal(f"start of the {name}, frozen / from source", frozen / source, GOAL, f"{runs} runs each")


def _seconds_to_answer(command: Sequence[str]) -> float:
    started = time.monotonic()
    subprocess.run(command, env=_environment(), cwd=ROOT, check=True, capture_output=True, timeout=60)
    return time.monotonic() - started


def _environment() -> dict[str, str]:
    """Let the program from source find its modules compiled, as an installed one does."""
    kept = {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}
    return {**kept, "QT_QPA_PLATFORM": "offscreen"}
