"""How long answers took: figures from buckets beside those from the times themselves."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.services.latency import (
    GROWTH,
    LAST_BUCKET,
    UNANSWERED,
    Latency,
    bucket_of,
    latency_of,
    seconds_of,
)

SECONDS = st.floats(min_value=0.001, max_value=90, allow_nan=False)


def exact(times: list[float], percent: int) -> float:
    """Return the smallest time with so many percent of all at or below it, by looking at each."""
    return min(time for time in times if 100 * sum(one <= time for one in times) >= percent * len(times))


@given(times=st.lists(SECONDS, min_size=1, max_size=60), unanswered=st.integers(0, 5))
def test_figures_are_within_a_twentieth_of_exact_ones(times: list[float], unanswered: int) -> None:
    counts = Counter(bucket_of(time) for time in times)
    counts[UNANSWERED] = unanswered
    latency = latency_of(counts)
    assert (latency.calls, latency.unanswered) == (len(times), unanswered)
    for figure, percent in ((latency.median, 50), (latency.ninety_fifth, 95)):
        assert figure is not None
        assert figure == pytest.approx(exact(times, percent), rel=0.05)


@given(first=SECONDS, second=SECONDS)
def test_a_longer_time_is_never_in_an_earlier_bucket(first: float, second: float) -> None:
    low, high = sorted((first, second))
    assert bucket_of(low) <= bucket_of(high)


def test_nothing_is_known_of_no_answer() -> None:
    assert latency_of({}) == Latency()
    assert latency_of({UNANSWERED: 3}) == Latency(unanswered=3)


def test_times_beyond_both_ends_are_kept_at_the_ends() -> None:
    assert bucket_of(0) == bucket_of(-1) == bucket_of(0.0001) == 0
    assert bucket_of(10_000) == LAST_BUCKET
    assert seconds_of(LAST_BUCKET) > 92
    assert seconds_of(1) / seconds_of(0) == pytest.approx(GROWTH)
