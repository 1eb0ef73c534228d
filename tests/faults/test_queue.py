"""A queue of some hundred sales drained, in the short budget."""

from __future__ import annotations

import pytest

from tests.faults import queue
from tests.faults.queue_shop import Movement
from tests.faults.table import Budget


@pytest.mark.timeout(170)
def test_a_queue_is_drained_once_and_in_order_and_every_planted_bug_is_caught() -> None:
    for row in queue.run(Budget.SHORT):
        assert row.holds, row


def test_a_sale_behind_a_later_one_of_its_member_is_counted() -> None:
    committed = ["a", "b", "c", "d"]
    booked = [
        Movement("sale", member, sale) for member, sale in (("1", "b"), ("2", "d"), ("1", "c"), ("2", "a"))
    ]
    assert queue._overtaken(committed, booked) == 1
    assert queue._overtaken(committed, booked[:3]) == 0
