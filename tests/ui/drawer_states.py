"""The drawers of the queue in each state worth a picture."""

from __future__ import annotations

import threading
from datetime import timedelta

from msgspec.structs import replace

from cashier_app.domain.settlement import Truth
from cashier_app.errors import KnownError
from cashier_app.ports.journal import QueueCounts
from cashier_app.services.till_view import TillView
from tests.ui import sample_queue, sample_views
from tests.ui.fake_till import FakeQueue
from tests.ui.sample_shop import NOW
from ui.main_window import MainWindow

STATES = (
    "queue",
    "queue-late",
    "queue-many",
    "queue-empty",
    "queue-one",
    "queue-around",
    "queue-settled",
    "queue-error",
    "queue-offline",
    "settle",
    "settle-typed",
    "settle-confirm",
    "compare",
    "compare-running",
    "compare-agrees",
    "compare-error",
)
REASON = "Customer got the discount back in cash, the points were never taken"
_COUNTS = {
    "queue-late": QueueCounts(2, 1),
    "queue-many": QueueCounts(10_000, 0),
    "queue-offline": QueueCounts(1000, 0),
    "queue-empty": QueueCounts(0, 0),
    "queue-one": QueueCounts(0, 1),
    "queue-around": QueueCounts(2, 3),
}
_AGES = {"queue-late": 26 * 60, "queue-many": 1000, "queue-offline": 180}  # minutes


def view_of(name: str, view: TillView) -> TillView:
    """Return the view behind a drawer, with what the header says of the queue."""
    counts = _COUNTS.get(name, QueueCounts(3, 1))
    connection = view.connection if name != "queue-offline" else sample_views.OFFLINE
    oldest = NOW - timedelta(minutes=_AGES.get(name, 45)) if counts != QueueCounts(0, 0) else None
    return replace(view, connection=replace(connection, counts=counts, oldest_unsent=oldest))


def queue_of(name: str) -> FakeQueue:
    """Return the queue behind a drawer."""
    sales = {
        "queue-late": sample_queue.late,
        "queue-many": sample_queue.many,
        "queue-offline": sample_queue.many,
        "queue-empty": list,
        "queue-one": lambda: [sample_queue.stuck()],
        "queue-around": sample_queue.around,
    }.get(name, sample_queue.queue)
    found = sample_queue.agreeing() if name == "compare-agrees" else sample_queue.comparison()
    queue = FakeQueue(sales(), sample_queue.settled(), found)
    if name == "queue-error":
        queue.error = KnownError("The disk reports an error. This was not saved. Try again, or restart.")
    if name == "compare-error":
        queue.refusal = KnownError("The loyalty system does not answer. Try again later.")
    return queue


def open_in(window: MainWindow, name: str) -> None:
    """Open a drawer in this state."""
    window.ways.show_queue()
    drawer = window.queue
    if name == "queue-settled":
        drawer.previous_tab()
        drawer.list.opened.emit(sample_queue.settled()[0].settlement.key)
    elif name.startswith("settle"):
        drawer.settle_by_hand()
        if name != "settle":
            drawer.on_top.dialog.by.setText("Asha Krishnamurthy")
            drawer.on_top.dialog.reason.setText(REASON)
            drawer.on_top.dialog.choose(Truth.NOT_BOOKED)
        if name == "settle-confirm":
            drawer.on_top.dialog._awake_at = 0.0
            drawer.on_top.dialog.confirm()
    elif name.startswith("compare"):
        drawer.open_compare()
        drawer.on_top.compare.start_or_stop()
        if name == "compare-running":
            drawer.on_top.compare._found, drawer.on_top.compare._progress = None, (120, 1_000)
            drawer.on_top.compare._stop = threading.Event()
            drawer.on_top.compare._show()
