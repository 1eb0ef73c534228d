"""SIGKILL at some of the system calls of a sale, a return, a migration and a backup."""

from __future__ import annotations

import pytest

from tests.faults import syscalls
from tests.faults.table import Budget, markdown


def test_no_kill_at_a_system_call_loses_a_sale_and_a_hasty_till_is_caught() -> None:
    rows = syscalls.run(Budget.SHORT)
    print(markdown(rows))
    if not rows[0].runs and rows[0].detail.startswith("SKIPPED"):
        pytest.skip(rows[0].detail)
    assert all(row.holds for row in rows), markdown(rows)
    assert [row.runs for row in rows[:4]] == [syscalls.SAMPLE] * 4, "a call was not reached"
    assert [row.control for row in rows] == [False, False, False, False, True]
