"""The built bundle, for tests that run it: `make bundle` and then `make test-packaging`."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.packaging.bundle_files import BUNDLE, Bundle

NOBODYS_ID = 47_114
ASKED_FOR = "CASHIER_TEST_PACKAGING"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave all of this to `make test-packaging`."""
    return None if os.environ.get(ASKED_FOR) else True


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    found = Bundle(BUNDLE)
    if not found.window.is_file():
        pytest.skip("THE BUNDLE WAS NOT TRIED: there is none. Run: make bundle")
    return found


@pytest.fixture
def as_nobody() -> list[str]:
    """What stands before a command to run it as a user who owns nothing and has no home."""
    setpriv = shutil.which("setpriv")
    if setpriv is None or os.geteuid():
        pytest.skip("THE BUNDLE WAS NOT TRIED BY ANOTHER USER: only root can become somebody else")
    return [setpriv, f"--reuid={NOBODYS_ID}", f"--regid={NOBODYS_ID}", "--clear-groups"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a program with nothing of this shell's but what is given, and a home folder of its own."""

    def run_program(
        program: Path,
        *arguments: str,
        told: str = "",
        before: Sequence[str] = (),
        **environment: str | None,
    ) -> subprocess.CompletedProcess[str]:
        given = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "QT_QPA_PLATFORM": "offscreen",
            **environment,
        }
        return subprocess.run(
            [*before, str(program), *arguments],
            env={name: value for name, value in given.items() if value is not None},
            input=told,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run_program
