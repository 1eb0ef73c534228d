"""What a fault suite found, and the table it is printed in."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from msgspec import Struct


class Budget(Enum):
    """How long a suite may take: its share of three minutes in the test suite, or of ten in `make faults`."""

    SHORT = "short"
    FULL = "full"


class Row(Struct, frozen=True, kw_only=True):
    """One fault, run so many times.

    Args:
        fault: Its name as in docs/faults.md.
        runs: Kills, cuts, posts, flips or whatever is counted.
        lost: Sales that were said to be done and reached neither the backend nor the list of attention.
        doubled: Effects that took hold more than once.
        phantom: What the backend holds that the till does not know of.
        seconds: How long all runs took, rounded up.
        detail: What else was counted.
        control: A planted bug; then `caught` says whether the suite found it.
    """

    fault: str
    runs: int
    lost: int = 0
    doubled: int = 0
    phantom: int = 0
    seconds: int = 0
    detail: str = ""
    control: bool = False
    caught: bool | None = None

    @property
    def holds(self) -> bool:
        """Return whether nothing went wrong, or of a planted bug whether it was caught."""
        if self.control:
            return bool(self.caught)
        return self.runs > 0 and not (self.lost or self.doubled or self.phantom)


def markdown(rows: Sequence[Row]) -> str:
    """Return the rows as a table; planted bugs say whether they were caught."""
    lines = [
        "| fault | runs | lost | doubled | phantom | seconds | |",
        "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for row in rows:
        verdict = row.detail
        if row.control:
            verdict = ("caught" if row.caught else "NOT CAUGHT") + (f"; {row.detail}" if row.detail else "")
        name = f"planted: {row.fault}" if row.control else row.fault
        counts = " | ".join(
            f"{count:,}" for count in (row.runs, row.lost, row.doubled, row.phantom, row.seconds)
        )
        lines.append(f"| {name} | {counts} | {verdict} |")
    return "\n".join(lines) + "\n"
