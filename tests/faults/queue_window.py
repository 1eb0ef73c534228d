"""The till's own window with a long queue behind it, left alone until the queue is empty.

Run with a file of `Orders`; the last line printed is what was `Seen`.
"""

from __future__ import annotations

import sys
import time
from contextlib import closing
from pathlib import Path

import msgspec
from msgspec import Struct
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from cashier_app import bootstrap
from cashier_app.demo.faults import FaultPlan
from cashier_app.services.till_session import TillSession
from tests.faults.queue_shop import LATENCY_MS
from tests.faults.queue_till import Cashier, Network, Orders, Queue, opened, till_of
from ui.application import build_window
from ui.background import Background
from ui.probe import BlockProbe
from ui.theme.motion import STILL
from ui.theme.style import apply_theme
from ui.theme.tokens import LIGHT

LOOK_MS = 200


class Seen(Struct, frozen=True):
    """What the probe saw; `shown` is how many different lengths of the queue the window showed."""

    posts: int
    seconds: float
    left: int
    p99_ms: float
    longest_ms: float
    shown: int


def main(file: str) -> None:
    """Sell offline without a window, then open one over the same folder and let the queue drain."""
    orders = msgspec.json.decode(Path(file).read_bytes(), type=Orders)
    network = Network(orders)
    with opened(orders) as till:
        cashier = Cashier(till, orders.members)
        network.stage(FaultPlan(down=True))
        for _ in range(orders.sales):
            cashier.sell()
    network.stage(FaultPlan(delay_ms=LATENCY_MS))
    application = QApplication(["queue"])
    till = till_of(orders)
    try:
        seen = _watched(application, till, orders)
    finally:
        till.close()
    sys.stdout.write(msgspec.json.encode(seen).decode() + "\n")


def _watched(application: QApplication, till: bootstrap.Till, orders: Orders) -> Seen:
    background = Background()
    session = till.new_session(background)
    window = build_window(till, session, background, motion=STILL)
    apply_theme(application, LIGHT)
    window.resize(1280, 800)
    window.show()
    probe = BlockProbe(window)
    session.start()
    started = time.monotonic()
    with closing(Queue(till)) as queue:
        timer = QTimer(window)
        timer.setInterval(LOOK_MS)
        timer.timeout.connect(lambda: None if queue.waiting() else application.exit())
        timer.start()
        lengths = _lengths(session)
        # The window is open and its first readings are made: what is measured is the drain.
        QTimer.singleShot(LOOK_MS, probe.start)
        application.exec()
        left = queue.waiting()
    seconds = time.monotonic() - started
    window.close()
    background.close()
    return Seen(orders.sales - left, seconds, left, probe.p99_ms, probe.longest_ms, len(lengths))


def _lengths(session: TillSession) -> set[int]:
    lengths: set[int] = set()
    session.subscribe(lambda view: lengths.add(view.connection.counts.waiting))
    return lengths


if __name__ == "__main__":
    main(sys.argv[1])
