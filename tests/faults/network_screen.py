"""The window stays quick while the network does its worst: the longest gaps between its frames."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

from tests.faults.table import Budget, Row

MOST_MS = 100.0
FAULTS = ("slow loris", "5xx")
PATIENCE_SECONDS = 60


def run(budget: Budget) -> list[Row]:
    """Play the tour under each fault; four customers each."""
    assert budget is Budget.FULL
    return [_tour(fault) for fault in FAULTS]


def _tour(fault: str) -> Row:
    started = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.faulty_window", fault],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
    except subprocess.TimeoutExpired:
        detail = f"NOT MET: the tour did not end in {PATIENCE_SECONDS} s"
        return Row(fault=f"window under {fault}", runs=0, seconds=PATIENCE_SECONDS, detail=detail)
    lines = done.stdout.splitlines()
    end = json.loads(lines[-1]) if lines else {"fault": done.stderr[-200:], "sales": 0}
    p99, longest = end.get("ui_blocked_p99_ms", -1), end.get("ui_blocked_longest_ms", -1)
    quick = done.returncode == 0 and 0 <= p99 <= MOST_MS
    detail = f"frame gap p99 {p99} ms, longest {longest} ms"
    return Row(
        fault=f"window under {fault}",
        runs=int(end["sales"]) if quick else 0,
        lost=0 if end.get("each_in_the_ledger_once") else 1,
        seconds=round(time.monotonic() - started),
        detail=detail if quick else f"NOT MET: {end['fault'] or done.stderr[-200:]}; {detail}",
    )
