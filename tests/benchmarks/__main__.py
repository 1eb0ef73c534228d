"""Run all measurements and print them: `make bench`."""

from __future__ import annotations

import sys

from tests.benchmarks import (
    backend_lookup,
    camera_latency,
    day_figures,
    day_view,
    decoding,
    hostile_documents,
    lessons,
    measured_answers,
    pin_check,
    queue_drain,
    quote_cost,
    scan_to_member,
    serial_scan,
    start_up,
    tour_blocking,
)


def main() -> int:
    """Print every figure with its goal; exit code 1 when a goal is missed."""
    goals = [
        *quote_cost.measure(),
        *hostile_documents.measure(),
        *start_up.measure(),
        *scan_to_member.measure(),
        *backend_lookup.measure(),
        *measured_answers.measure(),
        *pin_check.measure(),
        *serial_scan.measure(),
        *camera_latency.measure(),
        *tour_blocking.measure(),
        *lessons.measure(),
        *day_view.measure(),
        *queue_drain.measure(),
        *day_figures.measure(),
        *decoding.measure(),
    ]
    print()
    for goal in goals:
        print(goal)
    return 0 if all(goal.met for goal in goals) else 1


if __name__ == "__main__":
    sys.exit(main())
