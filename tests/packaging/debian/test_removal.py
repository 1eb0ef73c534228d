"""Removing takes the program, never the shop's data; a purge says what it leaves; a program comes back."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.packaging.debian import packages
from tests.packaging.debian.clean_root import SHOP_HOME, CleanRoot

OURS = ["/usr/lib/cashier-app", "/usr/bin/cashier-app", "/usr/bin/cashier-cli", "/usr/share/doc/cashier-app"]


def test_removing_leaves_the_data_and_nothing_of_the_program(shop: CleanRoot) -> None:
    data = lay_out_data(shop)
    removed = shop.run(["apt-get", "remove", "-q", "-y", "cashier-app"])
    assert removed.returncode == 0, removed.stderr
    assert remains(shop) == []
    assert "not empty" not in removed.stdout + removed.stderr
    assert contents(shop) == data


def test_a_purge_leaves_the_data_and_says_so(shop: CleanRoot) -> None:
    data = lay_out_data(shop)
    purged = shop.run(["apt-get", "purge", "-q", "-y", "cashier-app"])
    assert purged.returncode == 0, purged.stderr
    assert "~/.local/share/cashier-app" in purged.stdout
    assert not shop.place("/etc/cashier-app").exists()
    assert contents(shop) == data
    assert "cashier-app" not in shop.run(["dpkg-query", "-W", "-f", "${Package}\n"]).stdout.split()


def test_a_purge_leaves_what_somebody_wrote_into_etc(shop: CleanRoot) -> None:
    shop.place("/etc/cashier-app/till.toml").write_text("# ours\n", encoding="utf-8")
    purged = shop.run(["apt-get", "purge", "-q", "-y", "cashier-app"])
    assert purged.returncode == 0
    assert "/etc/cashier-app stays" in purged.stdout
    assert shop.place("/etc/cashier-app/till.toml").read_text(encoding="utf-8") == "# ours\n"


@pytest.mark.parametrize(
    ("script", "command"), [("prerm", "remove"), ("postrm", "remove"), ("postrm", "purge"), ("postinst", "")]
)
@pytest.mark.parametrize("act", ["rm -rf $home/.local/share/cashier-app", "chown -R root: $home/.config"])
def test_planted_a_script_that_takes_the_data_is_caught(
    shop: CleanRoot, small_built: dict[str, Path], tmp_path: Path, script: str, command: str, act: str
) -> None:
    bad = packages.changed(
        small_built[packages.NEW], script, f"for home in /home/*; do {act}; done\n", tmp_path
    )
    data = lay_out_data(shop)
    assert shop.run(["dpkg", "-i", place_package(shop, bad)]).returncode == 0
    if command:
        assert contents(shop) == data
        assert shop.run(["apt-get", command, "-q", "-y", "cashier-app"]).returncode == 0
    assert contents(shop) != data


def test_installed_again_it_finds_its_data(shop: CleanRoot, built: dict[str, Path]) -> None:
    data = lay_out_data(shop)
    package = place_package(shop, built[packages.NEW])
    shop.run(["apt-get", "remove", "-q", "-y", "cashier-app"])
    assert shop.run(["dpkg", "-i", package]).returncode == 0
    assert contents(shop) == data
    assert shop.run(["cashier-cli", "--version"], user=True).returncode == 0


def test_installed_over_itself_damage_is_mended(shop: CleanRoot, built: dict[str, Path]) -> None:
    package = place_package(shop, built[packages.NEW])
    shop.run(
        ["sh", "-c", "rm -rf /usr/lib/cashier-app/current/_internal/ui /usr/lib/cashier-app/current/*.zip"]
    )
    shop.run(
        ["sh", "-c", "for f in /usr/lib/cashier-app/current/cashier-*; do echo > $f.x; mv $f.x $f; done"]
    )
    assert shop.run(["cashier-cli", "--version"], user=True).returncode != 0
    assert shop.run(["dpkg", "-i", package]).returncode == 0
    assert shop.run(["cashier-cli", "--version"], user=True).returncode == 0
    # The damaged release was nobody's any more.
    assert len(list(shop.place("/usr/lib/cashier-app/releases").iterdir())) == 1


def test_no_maintainer_script_needs_a_network_or_asks(shop: CleanRoot, built: dict[str, Path]) -> None:
    package = place_package(shop, built[packages.NEW])
    for command in (["dpkg", "-i", package], ["dpkg", "-r", "cashier-app"], ["dpkg", "-P", "cashier-app"]):
        assert shop.run(command, network=False).returncode == 0


@pytest.mark.parametrize("script", ["postinst", "prerm", "postrm"])
def test_a_word_no_script_knows_is_refused(shop: CleanRoot, script: str) -> None:
    said = shop.run([f"/var/lib/dpkg/info/cashier-app.{script}", "nonsense"])
    assert (said.returncode, said.stderr.count("\n")) == (1, 1)


def lay_out_data(root: CleanRoot) -> dict[str, str]:
    """Write files where a shop's are, and return what they hold; see `contents`."""
    home = root.place(SHOP_HOME)
    for place in (".local/share/cashier-app/till.sqlite", ".config/cashier-app/till.toml"):
        (home / place).parent.mkdir(parents=True, exist_ok=True)
        (home / place).write_bytes(place.encode() * 500)
    root.run(["chown", "-R", "till:till", SHOP_HOME])
    return contents(root)


def contents(root: CleanRoot) -> dict[str, str]:
    """Return the SHA-256, mode and owner of each file of the shop's data and settings by its place."""
    home = root.place(SHOP_HOME)
    found = {}
    for file in sorted((*home.glob(".local/share/**/*"), *home.glob(".config/**/*"))):
        status = file.lstat()
        digest = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
        found[str(file.relative_to(home))] = f"{digest} {status.st_mode:o} {status.st_uid}"
    return found


def remains(root: CleanRoot) -> list[str]:
    """Return what is left of the program."""
    return [place for place in OURS if root.place(place).exists() or root.place(place).is_symlink()]


def place_package(root: CleanRoot, package: Path) -> str:
    """Copy a package in and return its path there."""
    target = f"/root/{package.name}"
    root.place(target).write_bytes(package.read_bytes())
    return target
