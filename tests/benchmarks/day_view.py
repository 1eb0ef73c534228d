"""How long the window cannot answer while the manager's day is opened and a year of it computed.

A till with a million sales in its year; another thread saves one sale after the other in the same database
all the while, which no till does: its workers and the window share one interpreter.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from statistics import median

from cashier_app.storage.journal import SqliteJournal
from tests.benchmarks import figures_shop
from tests.benchmarks.goal import Goal

SALES = 1_000_000
RUNS = 5
MOST_GAP_MS = 100.0
MOST_SALE_MS = 50.0


def measure(sales: int = SALES) -> list[Goal]:
    """Return the window's gaps in ms, and what a sale costs meanwhile in times of one at rest."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "till.sqlite"
        figures_shop.write(path, sales)
        with closing(SqliteJournal(path, "2", zone=figures_shop.ZONE)) as journal:
            journal.count_again()
        runs = [_run(path, sales + 100_000 * number) for number in range(RUNS)]
    gap, longest = max(run["p99_ms"] for run in runs), max(run["longest_ms"] for run in runs)
    opened = median(run["opened_ms"] for run in runs)
    opening = max(run["opening_longest_ms"] for run in runs)
    detail = (
        f"worst of {RUNS} runs; longest {longest:.0f} ms, while opening {opening:.0f} ms; "
        f"day on show after {opened:.0f} ms"
    )
    print(f"day view: {detail}; a year has {runs[0]['year']:,.0f} sales")
    busy, rest = (median(run[key] for run in runs) for key in ("sale_p95_ms", "sale_idle_p95_ms"))
    return [
        Goal("gap of the window while a year is computed, p99 ms", gap, MOST_GAP_MS, detail),
        Goal("a sale saved while a year is computed, p95 ms", busy, MOST_SALE_MS, f"at rest {rest:.1f} ms"),
    ]


def _run(path: Path, sold: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.day_view_window", str(path), str(sold)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    found: dict[str, float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    for goal in measure(int(sys.argv[1]) if len(sys.argv) > 1 else SALES):
        print(goal)
