"""How long answers took, kept as counts in buckets each a tenth wider than the one before."""

from __future__ import annotations

import math
from collections.abc import Mapping

from msgspec import Struct

FIRST_SECONDS = 0.001
"""Where the first bucket begins; nothing that crosses a network is faster."""

GROWTH = 1.1
LAST_BUCKET = 120
"""Holds all that took longer than 92 seconds, which no deadline allows."""

UNANSWERED = -1
"""The bucket of calls nobody answered: how long those were waited for says nothing about the backend."""

_LOG_GROWTH = math.log(GROWTH)


class Latency(Struct, frozen=True):
    """How long the backend took to answer, in seconds; each figure is right within a twentieth.

    Args:
        calls: Calls that were answered.
        unanswered: Calls that were not, counted apart.
        median: By nearest rank; None without an answer.
        ninety_fifth: Likewise.
    """

    calls: int = 0
    unanswered: int = 0
    median: float | None = None
    ninety_fifth: float | None = None


def bucket_of(seconds: float) -> int:
    """Return the bucket a call of this length belongs to."""
    if seconds <= FIRST_SECONDS:
        return 0
    return min(int(math.log(seconds / FIRST_SECONDS) / _LOG_GROWTH), LAST_BUCKET)


def seconds_of(bucket: int) -> float:
    """Return the middle of a bucket, at most a twentieth from everything in it."""
    return FIRST_SECONDS * GROWTH**bucket * math.sqrt(GROWTH)


def latency_of(buckets: Mapping[int, int]) -> Latency:
    """Return the figures of counted calls, by bucket."""
    answered = sorted((bucket, count) for bucket, count in buckets.items() if bucket != UNANSWERED)
    calls = sum(count for _, count in answered)
    return Latency(
        calls=calls,
        unanswered=buckets.get(UNANSWERED, 0),
        median=_ranked(answered, calls, 50),
        ninety_fifth=_ranked(answered, calls, 95),
    )


def _ranked(answered: list[tuple[int, int]], calls: int, percent: int) -> float | None:
    """Return the value at the nearest rank: the smallest with this share of all at or below it."""
    rank = -(-calls * percent // 100)
    for bucket, count in answered:
        rank -= count
        if rank <= 0:
            return seconds_of(bucket)
    return None
