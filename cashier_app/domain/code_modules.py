"""Rows of a drawn code: one text of ``1`` (dark) and ``0`` for each row of modules."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby


def dark_runs(row: str) -> Iterator[tuple[int, int]]:
    """Yield start and length of each dark run in a row, in modules."""
    at = 0
    for module, same in groupby(row):
        length = len(list(same))
        if module == "1":
            yield at, length
        at += length
