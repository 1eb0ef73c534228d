"""Power cuts at random points of a till's day, in the short budget."""

from __future__ import annotations

from tests.faults import power_cut
from tests.faults.table import Budget, markdown


def test_no_power_cut_loses_a_sale_and_too_little_syncing_is_caught() -> None:
    rows = power_cut.run(Budget.SHORT)
    print(markdown(rows))
    assert all(row.holds for row in rows), markdown(rows)
    assert all(row.runs > 0 for row in rows)
    assert {row.control for row in rows} == {True, False}
