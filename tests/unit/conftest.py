"""A till for the unit tests: one that answers at once, and one whose answers come when told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.counter import Counter
from tests.fakes.joining import JoiningBackend
from tests.fakes.runner import SteppedRunner


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    opened = Counter(tmp_path).open_for_business()
    yield opened
    opened.close()


@pytest.fixture
def runner() -> SteppedRunner:
    return SteppedRunner()


@pytest.fixture
def slow(tmp_path: Path, runner: SteppedRunner) -> Iterator[Counter]:
    """Return a till whose answers come when the test says so."""
    opened = Counter(tmp_path, runner=runner).open_for_business()
    runner.run_all()
    yield opened
    opened.close()


@pytest.fixture
def joining(counter: Counter) -> JoiningBackend:
    """Return the till's backend, which takes new members."""
    made = JoiningBackend(counter.backend)
    counter.open_for_business()
    return made
