"""The example of docs/write-a-backend.md, installed as another package would be, passes the whole suite."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cashier_app.backends import registry
from cashier_app.domain.money import Currency, Money
from cashier_app.ports.backend_kind import BackendKind
from cashier_app.testing.backend_contract import BackendContract
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import ShopStage, StandInStage

PAGE = Path(__file__).parents[2] / "docs" / "write-a-backend.md"
LONGEST = 60


def example() -> str:
    """Return the example, taken out of the page."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return str(code)


@pytest.fixture(scope="module")
def kind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackendKind]:
    """Install the example with its entry point, as pip would, and find it as the till does."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "corner_points.py").write_text(example(), encoding="utf-8")
    info = folder / "corner_points-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: corner-points\nVersion: 1.0\n")
    entry = re.search(r'corner-points = "(.*?)"', PAGE.read_text(encoding="utf-8"))
    assert entry is not None
    (info / "entry_points.txt").write_text(f"[cashier_app.backends]\ncorner-points = {entry[1]}\n")
    sys.path.insert(0, str(folder))
    yield registry.kind_of("corner-points")
    sys.path.remove(str(folder))
    sys.modules.pop("corner_points", None)


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    with RunningStandIn("tests.contract.corner_stand_in:CornerStandIn") as stand_in:
        yield stand_in


class TestCornerPoints(BackendContract):
    @pytest.fixture
    def stage(self, running: RunningStandIn, kind: BackendKind) -> ShopStage:
        settings = {"points_for_one": 2}
        return StandInStage(running, kind, Money(5000, Currency("USD", 2)), points=9000, settings=settings)


def test_the_example_fits_a_page() -> None:
    assert len([line for line in example().splitlines() if line.strip()]) <= LONGEST
