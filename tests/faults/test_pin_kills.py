"""SIGKILL at some of the system calls of wrong PINs."""

from __future__ import annotations

import pytest

from tests.faults import pin_kills
from tests.faults.table import Budget, markdown


def test_no_kill_gains_a_try_and_counting_after_the_check_is_caught() -> None:
    rows = pin_kills.run(Budget.SHORT)
    print(markdown(rows))
    if not rows[0].runs and rows[0].detail.startswith("SKIPPED"):
        pytest.skip(rows[0].detail)
    assert all(row.holds for row in rows), markdown(rows)
    assert rows[0].runs == pin_kills.SAMPLE
    assert rows[1].control
