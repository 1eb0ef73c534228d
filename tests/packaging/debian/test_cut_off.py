"""Cut off anywhere while it is installed, upgraded or removed: the old or the new starts, data untouched.

The small package has the real one's scripts and layout; its program compares every file beside it, so that a
mixture of two versions is seen. One run of the real package stands beside it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.packaging.debian import cutting_off, packages
from tests.packaging.debian.clean_root import QUICKLY, CleanRoot
from tests.packaging.debian.conftest import Installed, Layer
from tests.packaging.debian.cutting_off import Cut
from tests.packaging.debian.test_removal import contents, lay_out_data, place_package, remains

POINTS = int(os.environ.get("CASHIER_CUTS", "50"))
"""How many points each upgrade and each installation is cut off at; half as many for a removal."""

Check = Callable[[CleanRoot], str]


class Attempt(NamedTuple):
    """What is cut off.

    Args:
        below: What the root is made of, up to the moment before.
        command: What is run and cut off.
        whole: Returns what is wrong right after, before anything is mended; empty when nothing is.
        mend: Run afterwards, as the manual says.
        mended: Returns what is wrong then.
    """

    below: tuple[Path, ...]
    command: list[str]
    whole: Check
    mend: list[list[str]]
    mended: Check


@pytest.fixture(autouse=True)
def tracer() -> None:
    if problem := cutting_off.no_tracer():
        pytest.skip(f"NOTHING WAS CUT OFF: {problem}")


@pytest.fixture(scope="module")
def old_shop(
    installed: Installed, small_built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, ...]:
    """A Debian with the small package in its old version, both versions' files, and a shop's data."""
    with CleanRoot(installed.layers, tmp_path_factory.mktemp("old-shop")) as root:
        old, _ = (place_package(root, small_built[version]) for version in (packages.OLD, packages.NEW))
        done = root.run(["dpkg", "-i", old])
        assert done.returncode == 0, done.stderr
        root.place(QUICKLY).unlink()
        lay_out_data(root)
        return (root.upper, *root.below)


def test_an_upgrade_cut_off_anywhere(
    old_shop: tuple[Path, ...], small_built: dict[str, Path], layer: Layer, tmp_path: Path
) -> None:
    attempt = upgrade(old_shop, f"/root/{small_built[packages.NEW].name}")
    assert problems(attempt, layer, tmp_path, POINTS) == []


def test_an_installation_cut_off_anywhere(
    old_shop: tuple[Path, ...], small_built: dict[str, Path], layer: Layer, tmp_path: Path
) -> None:
    bare = removed(old_shop, layer, tmp_path / "removed")
    name = f"/root/{small_built[packages.NEW].name}"
    attempt = Attempt(
        below=bare,
        command=["dpkg", "-i", name],
        whole=lambda root: "" if starts(root) in {"", packages.NEW} else f"starts as {starts(root)}",
        mend=[["dpkg", "--configure", "-a"], ["dpkg", "-i", name]],
        mended=is_new,
    )
    assert problems(attempt, layer, tmp_path, POINTS) == []


def test_a_removal_cut_off_anywhere(old_shop: tuple[Path, ...], layer: Layer, tmp_path: Path) -> None:
    attempt = Attempt(
        below=old_shop,
        command=["dpkg", "-r", "cashier-app"],
        whole=lambda root: "" if starts(root) in {"", packages.OLD} else f"starts as {starts(root)}",
        mend=[["dpkg", "--configure", "-a"], ["dpkg", "-r", "cashier-app"]],
        mended=lambda root: " ".join(remains(root)),
    )
    assert problems(attempt, layer, tmp_path, POINTS // 2) == []


def test_planted_a_script_that_touches_the_data_is_caught(
    old_shop: tuple[Path, ...], small_built: dict[str, Path], layer: Layer, tmp_path: Path
) -> None:
    bad = packages.changed(
        small_built[packages.NEW],
        "postinst",
        "for home in /home/*; do echo upgraded >> $home/.local/share/cashier-app/till.sqlite; done\n",
        tmp_path,
    )
    found = problems(upgrade(with_package(old_shop, bad, layer), f"/root/{bad.name}"), layer, tmp_path, 3)
    assert any("data changed" in one for one in found)


def test_planted_a_program_upgraded_in_its_place_is_caught(
    old_shop: tuple[Path, ...], small_built: dict[str, Path], layer: Layer, tmp_path: Path
) -> None:
    """Without releases of its own, a program is a mixture while dpkg renames file by file."""
    old, new = (
        packages.without_releases(small_built[version], tmp_path / version)
        for version in (packages.OLD, packages.NEW)
    )
    below = with_package(with_package(old_shop, old, layer), new, layer)
    with layer(*below) as root:
        assert root.run(["sh", "-c", f"dpkg -P cashier-app && dpkg -i /root/{old.name}"]).returncode == 0
    found = problems(upgrade((root.upper, *below), f"/root/{new.name}"), layer, tmp_path, 30)
    assert any("right after" in one for one in found)


def test_the_real_package_cut_off_while_it_is_upgraded(
    installed: Installed, built: dict[str, Path], layer: Layer, tmp_path: Path
) -> None:
    with layer(*installed.layers) as root:
        root.place(QUICKLY).unlink()
        lay_out_data(root)
        name = place_package(root, built[packages.NEW])
    attempt = Attempt(
        below=(root.upper, *root.below),
        command=["dpkg", "-i", name],
        whole=real_starts,
        mend=[["dpkg", "--configure", "-a"], ["dpkg", "-i", name]],
        mended=real_starts,
    )
    assert problems(attempt, layer, tmp_path, 2) == []


def problems(attempt: Attempt, layer: Layer, folder: Path, points: int) -> list[str]:
    """Cut it off at so many points, each on a computer of its own, and return what was found wrong."""
    with layer(*attempt.below) as root:
        data = contents(root)
        cuts = cutting_off.cuts_of(root, attempt.command, folder / "trace.txt")
    chosen = cutting_off.spread(cuts, points)
    assert len(chosen) > points // 2, "too few different points"
    found = []
    for cut in chosen:
        found += [f"{cut.call} {cut.number} {cut.shown}: {one}" for one in _after(cut, attempt, data, layer)]
    return found


def _after(cut: Cut, attempt: Attempt, data: dict[str, str], layer: Layer) -> list[str]:
    root = layer(*attempt.below)
    if not cutting_off.cut_off(root, attempt.command, cut):
        return ["it was not cut off"]
    found = []
    with CleanRoot(attempt.below, root.folder) as again:
        if wrong := attempt.whole(again):
            found.append(f"right after: {wrong}")
        if contents(again) != data:
            found.append("right after: data changed")
        for command in attempt.mend:
            last = again.run(command)
        if last.returncode:
            found.append(f"not mended: {last.stderr}")
        if wrong := attempt.mended(again):
            found.append(f"after mending: {wrong}")
        if audit := again.run(["dpkg", "--audit"]).stdout:
            found.append(f"after mending: {audit}")
        if contents(again) != data:
            found.append("after mending: data changed")
    return found


def upgrade(below: tuple[Path, ...], package: str) -> Attempt:
    """Return an upgrade of the small package from its old version."""
    return Attempt(
        below=below,
        command=["dpkg", "-i", package],
        whole=lambda root: "" if starts(root) in {packages.OLD, packages.NEW} else "neither version starts",
        mend=[["dpkg", "--configure", "-a"], ["dpkg", "-i", package]],
        mended=is_new,
    )


def starts(root: CleanRoot) -> str:
    """Return the version the small program starts as; empty when it does not start, or is a mixture."""
    said = root.run(["cashier-app", packages.START], user=True)
    return said.stdout.strip() if said.returncode == 0 else ""


def is_new(root: CleanRoot) -> str:
    """Say what is wrong when the small program is not the new one."""
    version = starts(root)
    return "" if version == packages.NEW else f"starts as {version or 'nothing'}"


def real_starts(root: CleanRoot) -> str:
    """Say what the real program says of itself when it is not whole."""
    said = root.run(["cashier-app", "--self-check"], user=True, environment={"QT_QPA_PLATFORM": "offscreen"})
    return "" if said.returncode == 0 else said.stdout + said.stderr


def removed(below: tuple[Path, ...], layer: Layer, folder: Path) -> tuple[Path, ...]:
    """Return the same computer without the program."""
    with layer(*below, folder=folder) as root:
        assert root.run(["dpkg", "-r", "cashier-app"]).returncode == 0
    return (root.upper, *below)


def with_package(below: tuple[Path, ...], package: Path, layer: Layer) -> tuple[Path, ...]:
    """Return the same computer with a package's file on it."""
    with layer(*below) as root:
        place_package(root, package)
    return (root.upper, *below)
