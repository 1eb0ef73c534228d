"""Every fourth answer lost, in the short budget."""

from __future__ import annotations

import pytest

from tests.faults import lost_answers
from tests.faults.table import Budget, markdown


@pytest.mark.timeout(180)
def test_lost_answers_double_nothing_and_each_planted_bug_is_caught() -> None:
    rows = lost_answers.run(Budget.SHORT)
    print(markdown(rows))
    assert all(row.holds for row in rows), markdown(rows)
    assert sum(row.control for row in rows) == 3
