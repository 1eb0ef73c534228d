"""A new version over an earlier one's database: killed, cut off and refused, in the short budget."""

from __future__ import annotations

import pytest

from tests.faults import updates
from tests.faults.table import Budget, markdown


@pytest.mark.timeout(120)
def test_the_earlier_or_the_new_version_starts_whatever_ends_an_update() -> None:
    rows = updates.run(Budget.SHORT)
    print(markdown(rows))
    assert all(row.holds for row in rows), markdown(rows)
    assert [row.control for row in rows] == [False] * 5 + [True, False, True, False, True]
