"""One real PostgreSQL for the whole run, and a ledger of its own for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.fakes.ledgers import Ledger, new_ledger
from tests.fakes.postgres_keeper import shared_server
from tests.fakes.postgres_server import NOT_FOUND, PostgresServer, binaries


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> PostgresServer:
    """Return the run's server; without any PostgreSQL these tests fail in CI, and are skipped elsewhere."""
    if binaries() is None:
        if os.environ.get("CI"):
            pytest.fail(NOT_FOUND)
        pytest.skip(NOT_FOUND)
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    base = tmp_path_factory.getbasetemp()
    return shared_server(
        (base.parent if worker else base) / "postgres", os.getppid() if worker else os.getpid()
    )


@pytest.fixture
def ledger(postgres: PostgresServer) -> Iterator[Ledger]:
    """Return a ledger that is set up and empty."""
    with new_ledger(postgres) as made:
        yield made
