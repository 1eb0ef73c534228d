"""All lessons together under 15 minutes: reading and keys by the model, the till's own answers measured."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cashier_app.documents.lesson_document import load_lessons
from cashier_app.domain.lesson_time import time_of
from tests.benchmarks.goal import Goal

AT_MOST_MINUTES = 15.0
_ROUNDS = 2


def measure() -> list[Goal]:
    """Play every lesson right in a process of its own, and add what the till took to what people take."""
    played = subprocess.run([sys.executable, "-m", __name__], capture_output=True, text=True, check=True)
    answers: dict[str, float] = json.loads(played.stdout.splitlines()[-1])
    whole = 0.0
    for lesson in load_lessons():
        took, waited = time_of(lesson), answers[lesson.lesson_id]
        seconds = took.total / 1000 + waited
        whole += seconds
        print(
            f"{lesson.title:24} {seconds:5.1f} s: {took.reading / 1000:4.1f} to read,"
            f" {took.doing / 1000:4.1f} to do, {waited:4.2f} the till's"
        )
    detail = f"{sum(answers.values()):.1f} s of it are the till's own, best of {_ROUNDS} rounds"
    return [Goal("all lessons, minutes", whole / 60, AT_MOST_MINUTES, detail)]


class _Waiting:
    """What of pytest-qt's bot the practice till needs."""

    class TimeoutError(Exception):  # noqa: A001 - as the bot's is called
        """It never came to hold."""

    def waitUntil(self, holds: Callable[[], bool], *, timeout: int) -> None:  # noqa: N802 - as there
        """Let the window work until this holds, ms at most."""
        from PySide6.QtWidgets import QApplication

        until = time.monotonic() + timeout / 1000
        while not holds():
            if time.monotonic() > until:
                raise self.TimeoutError
            QApplication.processEvents()
            time.sleep(0.001)


def _play_all() -> dict[str, float]:
    """Return how long the till took for each lesson, s: hands that take no time at all, waits included."""
    from PySide6.QtWidgets import QApplication

    from cashier_app.domain.lesson import Rest
    from tests.end_to_end.lesson_playing import playing

    application = QApplication.instance() or QApplication([])
    best: dict[str, float] = {}
    for lesson in load_lessons():
        hands = [hand for step in lesson.steps for hand in step.do]
        rests = sum(hand.milliseconds for hand in hands if isinstance(hand, Rest)) / 1000
        for _ in range(_ROUNDS):
            with tempfile.TemporaryDirectory() as folder, playing(Path(folder), _Waiting()) as player:  # type: ignore[arg-type]
                run = player.play(lesson)
            seconds = max(0.0, run.milliseconds / 1000 - rests)
            best[lesson.lesson_id] = min(seconds, best.get(lesson.lesson_id, seconds))
    del application
    return best


if __name__ == "__main__":
    print(json.dumps(_play_all()))
