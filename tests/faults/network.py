"""The network at its worst, between a till and the reference server; see the modules for what each tries."""

from __future__ import annotations

from tests.faults import network_answers, network_bounds, network_origin, network_pace, network_screen
from tests.faults.table import Budget, Row


def run(budget: Budget) -> list[Row]:
    """Try everything; the window is opened under faults in the full budget only."""
    rows = [
        *network_answers.run(budget),
        *network_pace.run(budget),
        *network_bounds.run(budget),
        *network_origin.run(budget),
    ]
    if budget is Budget.FULL:
        rows += network_screen.run(budget)
    return rows
