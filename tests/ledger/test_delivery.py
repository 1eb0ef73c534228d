from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes.chain_till import ChainTill
from tests.fakes.ledgers import FIRST, LAST, Ledger

START = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)


@pytest.fixture
def till(tmp_path: Path) -> Iterator[ChainTill]:
    opened = ChainTill(tmp_path / "till", "Jayanagar", "2", random.Random(1))
    yield opened
    opened.journal.close()


def test_what_a_till_counted_stands_in_the_ledger(till: ChainTill, ledger: Ledger) -> None:
    till.delivery(ledger.line()).prepare()
    till.live(START, 60)
    till.deliver(ledger.line())
    manager = ledger.figures()
    assert manager.figures(FIRST, LAST) == ledger.recomputed()
    manager.close()
