"""What the tests of the Debian package share. They run by `make test-packaging`: root, and minutes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.packaging.debian import packages
from tests.packaging.debian.clean_root import CleanRoot, NoRootError, bare_system, cache_folder, unfit

ASKED_FOR = "CASHIER_TEST_PACKAGING"
RELEASE = os.environ.get("CASHIER_DEBIAN", "bookworm")

Layer = Callable[..., CleanRoot]


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave all of this to `make test-packaging`."""
    return None if os.environ.get(ASKED_FOR) else True


@pytest.fixture(scope="session")
def bare() -> Path:
    """A bare Debian."""
    if problem := unfit():
        pytest.skip(f"THE DEBIAN PACKAGE WAS NOT TRIED: {problem}")
    try:
        return bare_system(RELEASE)
    except NoRootError as error:
        pytest.skip(f"THE DEBIAN PACKAGE WAS NOT TRIED: {error}")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The real package by its version, the old one and the new."""
    folder = tmp_path_factory.mktemp("built")
    try:
        return {
            version: packages.build(packages.BUNDLE, version, folder)
            for version in (packages.OLD, packages.NEW)
        }
    except packages.NoPackageError as error:
        pytest.skip(f"THE DEBIAN PACKAGE WAS NOT TRIED: {error}")


@pytest.fixture(scope="session")
def small_built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The small package by its version."""
    folder = tmp_path_factory.mktemp("small")
    try:
        return {version: packages.small(version, folder) for version in (packages.OLD, packages.NEW)}
    except packages.NoPackageError as error:
        pytest.skip(f"THE DEBIAN PACKAGE WAS NOT TRIED: {error}")


class Installed:
    """A clean Debian on which the new package was installed by one command; a layer for other tests."""

    def __init__(self, bare: Path, package: Path, folder: Path) -> None:
        with CleanRoot([bare], folder) as root:
            root.make_ready()
            lend_downloads(root, bare.name)
            shutil.copy(package, root.place(f"/root/{package.name}"))
            self.before = _listed(root)
            self.said = root.run(["apt-get", "install", "-q", "-y", f"/root/{package.name}"], seconds=600)
            self.after = _listed(root)
            keep_downloads(root, bare.name)
            self.layers = (root.upper, bare)


@pytest.fixture(scope="session")
def installed(bare: Path, built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """A clean Debian with the new package."""
    try:
        return Installed(bare, built[packages.NEW], tmp_path_factory.mktemp("installed"))
    except NoRootError as error:
        pytest.skip(f"THE DEBIAN PACKAGE WAS NOT TRIED: {error}")


@pytest.fixture
def shop(installed: Installed, tmp_path: Path) -> Iterator[CleanRoot]:
    """A layer of this test's own above the Debian with the new package."""
    with CleanRoot(installed.layers, tmp_path / "layer") as root:
        yield root


@pytest.fixture
def layer(tmp_path: Path) -> Iterator[Layer]:
    """Makes more layers, all ended with the test."""
    with ExitStack() as running:
        made = 0

        def make(*below: Path, folder: Path | None = None) -> CleanRoot:
            nonlocal made
            made += 1
            return running.enter_context(CleanRoot(below, folder or tmp_path / f"layer-{made}"))

        yield make


def _listed(root: CleanRoot) -> dict[str, str]:
    """Return the state of every package by its name."""
    shown = root.run(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\n"]).stdout
    return {line.split()[0]: line.split()[1] for line in shown.splitlines()}


def lend_downloads(root: CleanRoot, release: str) -> None:
    """Lay the packages that were downloaded once where apt looks for them first."""
    for deb in (cache_folder() / f"{release}-downloads").glob("*.deb"):
        shutil.copy(deb, root.place("/var/cache/apt/archives"))


def keep_downloads(root: CleanRoot, release: str) -> None:
    """Keep what apt downloaded, and take it out of the root."""
    kept = cache_folder() / f"{release}-downloads"
    kept.mkdir(exist_ok=True)
    for deb in root.place("/var/cache/apt/archives").glob("*.deb"):
        if not (kept / deb.name).exists():
            shutil.copy(deb, kept)
        deb.unlink()
