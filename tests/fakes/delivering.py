"""One round of sending without threads: what is due now, one after the other."""

from __future__ import annotations

from collections.abc import Callable

from cashier_app.services.delivery import Delivery


def deliver_due(delivery: Delivery, stopped: Callable[[], bool] = lambda: False) -> int:
    """Send or look up what is due now; return how many effects moved."""
    moved = 0
    for row in delivery.take():
        if stopped() or delivery.pace.wait() > 0:
            break
        delivery.deliver(row)
        moved += 1
        if not delivery._connection.online or delivery._connection.sign_in_needed:
            break
    return moved
