"""What goes wrong while a till works: where it dies, and what becomes of each thing it sends."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cashier_app.services.delivery import Delivery
from tests.fakes.backend import Fault
from tests.fakes.counter import Counter

Deaths = tuple[tuple[int, bool], ...]
Faults = tuple[Fault | None, ...]


def deaths(last: int, most: int) -> SearchStrategy[Deaths]:
    """Return at which steps up to the last a till dies, so often at most, and whether after it took hold."""
    one = st.tuples(st.integers(1, last), st.booleans())
    return st.lists(one, max_size=most, unique_by=lambda death: death[0]).map(tuple)


def faults(most: int) -> SearchStrategy[Faults]:
    """Return what becomes of the first things that are sent, at most so many."""
    kinds = [None, Fault.ANSWER_LOST, Fault.REQUEST_LOST, Fault.NOT_REACHED, Fault.BUSY]
    return st.lists(st.sampled_from(kinds), max_size=most).map(tuple)


def at_a_counter(work: Callable[[Counter], list[str]], delivery: type[Delivery]) -> list[str]:
    """Return what is not as it must be after this work at a counter of its own."""
    with tempfile.TemporaryDirectory() as folder:
        counter = Counter(Path(folder), delivery=delivery).open_for_business()
        try:
            return work(counter)
        finally:
            counter.close()
