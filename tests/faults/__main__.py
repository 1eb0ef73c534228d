"""Run every fault suite in full and print the table: `make faults`; `--write` puts it into docs/faults.md."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from tests.faults.table import Budget, Row, markdown

SUITES = (
    "kills",
    "syscalls",
    "power_cut",
    "disk_errors",
    "network",
    "lost_answers",
    "local_state",
    "business",
    "queue",
    "pin_kills",
    "updates",
)
PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
_BEGIN, _END = "<!-- table -->\n", "<!-- end of table -->\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the suites named, or all; exit code 1 when anything was lost, doubled, invented or not caught."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"one or more of {', '.join(SUITES)}")
    parser.add_argument("--short", action="store_true", help="the share that runs with the tests")
    parser.add_argument("--write", action="store_true", help="put the table into docs/faults.md")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.suites if name not in SUITES]
    if unknown:
        parser.error(f"no suite is called {unknown[0]}: there are {', '.join(SUITES)}")
    budget = Budget.SHORT if options.short else Budget.FULL
    rows: list[Row] = []
    started = time.monotonic()
    for name in options.suites or SUITES:
        rows += _run(name, budget)
    took = time.monotonic() - started
    table = markdown(rows)
    print(f"\n{table}\n{len(rows)} rows in {took:.0f} s")
    if options.write:
        _write(table, took)
    wrong = [row for row in rows if not row.holds]
    for row in wrong:
        print(f"DOES NOT HOLD: {row.fault}: {row.detail}", file=sys.stderr)
    return 1 if wrong else 0


def _run(name: str, budget: Budget) -> list[Row]:
    started = time.monotonic()
    run: Callable[[Budget], list[Row]] = import_module(f"tests.faults.{name}").run
    rows = run(budget)
    print(f"{name}: {len(rows)} rows, {time.monotonic() - started:.0f} s", flush=True)
    return rows


def _write(table: str, took: float) -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    minutes = f"{took / 60:.1f} minutes on two cores"
    said = f"Written {datetime.now(UTC):%d %B %Y}; all suites together took {minutes}.\n"
    PAGE.write_text(f"{before}{_BEGIN}\n{said}\n{table}\n{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
