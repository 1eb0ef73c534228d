"""Every network fault in the short budget; each part by itself, so that a failure names it."""

from __future__ import annotations

import pytest

from tests.faults import misbehaviour as bad
from tests.faults import network_answers, network_bounds, network_origin, network_pace
from tests.faults.ledger_check import Findings
from tests.faults.network_till import NetworkTill, row_of
from tests.faults.table import Budget, markdown

PARTS = {
    "answers": (network_answers.run, 0),
    "pace": (network_pace.run, 0),
    "bounds": (network_bounds.run, 2),
    "origin": (network_origin.run, 3),
}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("part", PARTS)
def test_nothing_is_lost_doubled_or_leaked_by_the_network(part: str) -> None:
    run, controls = PARTS[part]
    rows = run(Budget.SHORT)
    print(markdown(rows))
    assert all(row.holds for row in rows), markdown(rows)
    assert sum(row.control for row in rows) == controls


def test_a_sale_that_never_arrives_is_counted_as_lost() -> None:
    """The control of the comparison itself: a till that cannot send is not taken for one that has."""
    with NetworkTill() as till:
        till.sell(2, points=0)
        till.proxy.plan = bad.for_effects(bad.hang_up)
        till.drain(seconds=60)
        found = till.findings()
    assert len(found.lost) == 2
    assert found.unsettled == 2


def test_a_broken_bound_makes_a_row_that_does_not_hold() -> None:
    assert row_of("x", 5, Findings(), 0.0).holds
    broken = row_of("x", 5, Findings(), 0.0, "detail", "1 request early")
    assert not broken.holds
    assert broken.detail == "NOT MET: 1 request early; detail"
