"""Damaged files, wrong clocks and second tills, in the short budget."""

from __future__ import annotations

from tests.faults import local_state
from tests.faults.table import Budget, markdown


def test_no_damage_to_the_files_loses_a_sale_unseen() -> None:
    rows = local_state.run(Budget.SHORT)
    print(markdown(rows))
    assert all(row.holds for row in rows), markdown(rows)
    assert sum(row.control for row in rows) == 3
