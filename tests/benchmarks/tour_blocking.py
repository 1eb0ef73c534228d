"""The longest time the UI thread did not answer during the tour."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.benchmarks.goal import Goal

GOAL_MS = 50.0


def measure() -> list[Goal]:
    """Play the tour and return what its probe saw."""
    command = [sys.executable, "-m", "ui", "--demo", "--tour"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    end = json.loads(done.stdout.splitlines()[-1])
    longest, p99 = end["ui_blocked_longest_ms"], end["ui_blocked_p99_ms"]
    print(f"tour: UI thread blocked {longest} ms at most, p99 {p99} ms")
    return [Goal("UI thread blocked in the tour, ms", longest, GOAL_MS, f"p99 {p99} ms")]
