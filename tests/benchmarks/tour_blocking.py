"""The longest time the UI thread did not answer during the tour."""

from __future__ import annotations

import json
import subprocess
import sys
from statistics import median

from tests.benchmarks.goal import Goal

GOAL_MS = 50.0
RUNS = 5


def measure() -> list[Goal]:
    """Play the tour several times and return the median of the longest blocks its probe saw."""
    longest, p99 = zip(*(_blocked() for _ in range(RUNS)), strict=True)
    runs = ", ".join(f"{each:.0f}" for each in longest)
    print(f"tour: UI thread blocked at most {runs} ms, p99 {median(p99):.0f} ms")
    detail = f"median of the longest of {RUNS} tours: {runs}; p99 {median(p99):.0f} ms"
    return [Goal("UI thread blocked in the tour, ms", median(longest), GOAL_MS, detail)]


def _blocked() -> tuple[float, float]:
    command = [sys.executable, "-m", "ui", "--demo", "--tour"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    end = json.loads(done.stdout.splitlines()[-1])
    return end["ui_blocked_longest_ms"], end["ui_blocked_p99_ms"]
