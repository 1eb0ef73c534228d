"""A failing or full disk as the kernel reports it, at every call of a sale that writes.

The disk of `disk_errors` stands below SQLite; this one stands below everything, the key and the receipt
number beside the database included. The till is told EIO once, or ENOSPC from then on, and goes on as it
likes; then it is started again, on a good disk, and compared with the server's ledger.
"""

from __future__ import annotations

import math
import time

from tests.faults.scenario_process import Scenario
from tests.faults.syscalls import break_each, list_points, sample
from tests.faults.table import Budget, Row
from tests.faults.till_process import SAID_BEFORE_SAVED
from tests.faults.tracing import NO_STRACE, CannotTraceError, Point, can_trace

WRITING_CALLS = frozenset({"pwrite64", "fdatasync", "fsync", "ftruncate", "fallocate", "rename", "mkdir"})
FAULTS = {"EIO once": "error=EIO", "ENOSPC from then on": "error=ENOSPC+"}
CONTROL_STEP = 4
FAULT = "from the kernel, at each writing call of a sale"


def run(budget: Budget) -> list[Row]:
    """Let each writing call of a sale fail, or some of them; then find a till that says done too early."""
    if not can_trace():
        return [Row(fault=FAULT, runs=0, detail=NO_STRACE)]
    try:
        points = [point for point in list_points(Scenario.SALE) if point.call in WRITING_CALLS]
        rows = [_row(name, points, budget) for name in FAULTS]
        return [*rows, _row("EIO once", points[::CONTROL_STEP], Budget.FULL, bug=SAID_BEFORE_SAVED)]
    except CannotTraceError as error:
        return [Row(fault=FAULT, runs=0, detail=str(error))]


def _row(name: str, points: list[Point], budget: Budget, bug: str = "") -> Row:
    started = time.monotonic()
    tried = break_each(Scenario.SALE, sample(points, budget), bug, FAULTS[name])
    found = [one.findings for one in tried]
    bad = [f"{one.point.call} #{one.point.number}: {one.findings}" for one in tried if not one.findings.clean]
    done = sum(bool(one.said_done) for one in found)
    refused = sum(bool(one.refused) for one in found)
    in_doubt = sum(bool(one.in_doubt) for one in found)
    counts = f"{done} committed, {refused} refused before done, {in_doubt} said to be in doubt"
    return Row(
        fault=f"{bug}, {name} {FAULT}" if bug else f"{name} {FAULT}",
        runs=len(tried),
        lost=sum(len(one.lost) + one.unsettled + len(one.broken) for one in found),
        doubled=sum(len(one.doubled) for one in found),
        phantom=sum(len(one.phantom) for one in found),
        seconds=math.ceil(time.monotonic() - started),
        detail="; ".join([counts, *([] if bug else bad[:3])]),
        control=bool(bug),
        caught=any(one.lost for one in found) if bug else None,
    )
