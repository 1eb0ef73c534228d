"""The tests every loyalty backend must pass, over real sockets; see ``docs/write-a-backend.md``.

    class TestMine(BackendContract):
        @pytest.fixture
        def stage(self, ...) -> ShopStage:
            return StandInStage(...)

What a backend declares that it cannot do is asserted to be refused or left out; where there is nothing to ask
that could be refused, the test is skipped and says why.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.stage import ShopStage
from cashier_app.testing.suite_around import AroundContract
from cashier_app.testing.suite_claims import ClaimsContract
from cashier_app.testing.suite_faults import FaultsContract
from cashier_app.testing.suite_finding import FindingContract
from cashier_app.testing.suite_members import MembersContract
from cashier_app.testing.suite_selling import SellingContract


class BackendContract(
    FindingContract, SellingContract, FaultsContract, MembersContract, AroundContract, ClaimsContract
):
    """Everything. A subclass gives the fixture `stage`, empty for each test."""

    @pytest.fixture
    def stage(self) -> ShopStage:
        """Return the shop the adapter is tried in; to be given by the subclass."""
        raise NotImplementedError("give a fixture 'stage'")

    @pytest.fixture
    def backend(self, stage: ShopStage) -> Iterator[LoyaltyBackend]:
        """Open the adapter under test."""
        backend = stage.open()
        yield backend
        backend.close()

    @pytest.fixture(autouse=True)
    def _as_documented(self, stage: ShopStage) -> Iterator[None]:
        """Fail the test if a request or an answer was not as the vendor's document says."""
        yield
        assert stage.failures() == []
