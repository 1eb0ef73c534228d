"""SIGKILL at random moments, in the short budget."""

from __future__ import annotations

import pytest

from tests.faults import kills
from tests.faults.table import Budget, markdown


@pytest.mark.timeout(300)
def test_no_sale_is_lost_or_doubled_by_kills_and_each_planted_bug_is_caught() -> None:
    rows = kills.run(Budget.SHORT)
    print(markdown(rows))
    assert all(row.holds for row in rows), markdown(rows)
    assert [row.control for row in rows] == [False, True, True, True]
