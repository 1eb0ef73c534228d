"""Measure the built bundle: `make bench-bundle`."""

from __future__ import annotations

import sys

from tests.benchmarks import frozen_size, frozen_start


def main() -> int:
    """Print every figure with its goal; exit code 1 when a goal is missed."""
    goals = [*frozen_start.measure(), *frozen_size.measure()]
    print()
    for goal in goals:
        print(goal)
    return 0 if all(goal.met for goal in goals) else 1


if __name__ == "__main__":
    sys.exit(main())
