"""Business faults in the short budget."""

from __future__ import annotations

from tests.faults import business
from tests.faults.table import Budget, markdown


def test_no_business_fault_loses_or_doubles_anything_and_each_planted_bug_is_caught() -> None:
    rows = business.run(Budget.SHORT)
    print(markdown(rows))
    assert all(row.holds for row in rows), markdown(rows)
    assert sum(row.control for row in rows) == 4
