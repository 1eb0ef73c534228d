"""On which line of a TOML text a key is first said, found with the reader itself: no second grammar."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence

Place = Sequence[str | int]
"""Names of tables and keys, and places in lists, from the outside in."""

MOST_READ = 1_000_000
"""Signs that are read in all while lines are looked for: some seconds at the worst."""


class TomlPlaces:
    """The lines of one text that is right.

    A text cut off after a line either reads or it does not; the first one that reads and has a key ends with
    the statement that says it. The search halves the text each time. A text made to take long is given up:
    its lines stay unknown.

    Args:
        text: TOML that reads.
    """

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")  # no other sign ends a line of TOML
        self._read: dict[int, object] = {}
        self._left = MOST_READ

    def line_of(self, place: Place) -> int | None:
        """Return the number of the line where a key is first said, from 1; None where it is not said."""
        without, having = 0, len(self._lines)
        if not self._has(having, place):
            return None
        while True:
            middle = self._readable(without, (without + having) // 2)
            if middle == without:
                middle = self._readable_up((without + having) // 2 + 1, having)
            if middle == having:
                return self._first_line(without, having) if self._left >= 0 else None
            if self._has(middle, place):
                having = middle
            else:
                without = middle

    def _first_line(self, before: int, last: int) -> int:
        """Return where the statement begins that ends with `last`: behind blank lines and comments."""
        for number in range(before, last):
            line = self._lines[number].strip()
            if line and not line.startswith("#"):
                return number + 1
        return last

    def _readable(self, least: int, most: int) -> int:
        return next((n for n in range(most, least, -1) if self._table(n) is not None), least)

    def _readable_up(self, least: int, most: int) -> int:
        return next((n for n in range(least, most) if self._table(n) is not None), most)

    def _has(self, lines: int, place: Place) -> bool:
        at = self._table(lines)
        for name in place:
            in_list = isinstance(at, list) and isinstance(name, int) and name < len(at)
            if not in_list and not (isinstance(at, dict) and name in at):
                return False
            at = at[name]  # type: ignore[index]
        return True

    def _table(self, lines: int) -> object:
        """Return what the first lines say; None where they do not read."""
        if lines not in self._read:
            part = "\n".join(self._lines[:lines]) + "\n"
            self._left -= len(part)
            if self._left < 0:
                return None
            try:
                self._read[lines] = tomllib.loads(part)
            except (ValueError, RecursionError):
                self._read[lines] = None
        return self._read[lines]
