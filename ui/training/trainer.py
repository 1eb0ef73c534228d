"""What the trainer's page asks for, so that tests can put another there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from cashier_app.ports.practice import LessonRun
from cashier_app.services.training_results import TrainingResults
from cashier_app.wording.speech import Wording
from cashier_app.wording.trainer import Fill


class Books(Protocol):
    """What trainees did. Every method blocks: for worker threads.

    Raises:
        KnownError: From every method, when disk or lessons fail it.
    """

    def read(self) -> TrainingResults:
        """Read the whole book."""

    def forget(self, trainee: str = "") -> Sequence[LessonRun]:
        """Forget what one trainee did, or everything; return what is gone, for `restore`."""

    def restore(self, runs: Sequence[LessonRun]) -> None:
        """Write down again what was just forgotten."""

    def save(
        self,
        path: Path,
        results: TrainingResults,
        fill: Fill,
        wording: Wording,
        *,
        trainee: str = "",
        byte_order_mark: bool = False,
        replace: bool = True,
    ) -> Path:
        """Write results to a .csv, .json or .pdf file and return its path."""
