"""The same package on the next Debian: its libraries have other names there, and Python is another."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packaging.debian import packages
from tests.packaging.debian.clean_root import CleanRoot, NoRootError, bare_system, unfit
from tests.packaging.debian.conftest import Installed

OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}


@pytest.mark.parametrize("release", ["trixie"])
def test_it_installs_and_sells_there(
    release: str, built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    if problem := unfit():
        pytest.skip(f"THE DEBIAN PACKAGE WAS NOT TRIED ON {release.upper()}: {problem}")
    try:
        there = Installed(bare_system(release), built[packages.NEW], tmp_path_factory.mktemp(release))
    except NoRootError as error:
        pytest.skip(f"THE DEBIAN PACKAGE WAS NOT TRIED ON {release.upper()}: {error}")
    assert there.said.returncode == 0, there.said.stderr[-2000:]
    assert there.after["cashier-app"] == "ii"
    with CleanRoot(there.layers, tmp_path / "layer") as shop:
        tour = shop.run(["cashier-app", "--demo", "--tour"], user=True, environment=OFFSCREEN)
        assert tour.returncode == 0, tour.stderr
        checked = shop.run(["cashier-app", "--self-check"], user=True, environment=OFFSCREEN)
        assert checked.returncode == 0, checked.stdout + checked.stderr
