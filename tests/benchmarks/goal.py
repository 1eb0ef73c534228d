"""A figure with the goal it is held to."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True)
class Goal:
    """What was measured, what it is compared with, and the largest value allowed."""

    name: str
    figure: float
    at_most: float
    detail: str

    @property
    def met(self) -> bool:
        return self.figure <= self.at_most

    def __str__(self) -> str:
        verdict = "met   " if self.met else "MISSED"
        return f"{verdict} {self.name}: {self.figure:.2f} (at most {self.at_most:.2f}); {self.detail}"


def p95(values: list[float]) -> float:
    """Return the value that 95 of 100 stay under."""
    return quantiles(values, n=20)[-1]
