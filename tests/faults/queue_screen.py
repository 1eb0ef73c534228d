"""The till's own window while a queue drains behind it: the longest gaps between its frames."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from tests.faults.queue_shop import QueueShop
from tests.faults.queue_till import Orders
from tests.faults.queue_window import Seen
from tests.faults.table import Row

SALES, MEMBERS = 2_000, 100
MOST_MS = 100.0
PATIENCE_SECONDS = 240


def row() -> Row:
    """Drain a queue behind the window and return what its probe saw."""
    started = time.monotonic()
    seen = _seen()
    figures = (
        f"frame gap p99 {seen.p99_ms:.0f} ms, longest {seen.longest_ms:.0f} ms, "
        f"{seen.posts / seen.seconds:.0f} a second, shown {seen.shown} times"
    )
    quick = seen.p99_ms <= MOST_MS
    return Row(
        fault=f"window while {SALES:,} drain",
        runs=seen.posts,
        lost=0 if quick and seen.left == 0 else 1,
        seconds=math.ceil(time.monotonic() - started),
        detail=figures if quick else f"NOT MET: {figures}",
    )


def _seen() -> Seen:
    with tempfile.TemporaryDirectory() as name, QueueShop(Path(name), MEMBERS) as shop:
        file = Path(name) / "orders.json"
        folder, token = str(Path(name) / "till"), shop.token.reveal()
        file.write_bytes(msgspec.json.encode(Orders(folder, shop.address, token, SALES, MEMBERS, 0, 0)))
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.queue_window", str(file)],
            stdout=subprocess.PIPE,
            check=True,
            timeout=PATIENCE_SECONDS,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=Seen)
