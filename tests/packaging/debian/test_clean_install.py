"""One command installs the package on a bare Debian, one command more shows the first sale."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packaging.debian.clean_root import SHOP_HOME, CleanRoot
from tests.packaging.debian.conftest import Installed

SETTINGS = """
[store]
name = "Marigold Stores"
till = "2"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"

[backend]
address = "http://127.0.0.1:9"
token_file = "/etc/token"
"""
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}


def test_one_command_installs_it_and_all_it_needs(installed: Installed) -> None:
    assert installed.said.returncode == 0, installed.said.stderr[-2000:]
    assert "cashier-app" not in installed.before
    assert installed.after["cashier-app"] == "ii"
    assert {state for state in installed.after.values() if state != "ii"} == set()


def test_the_first_sale_is_one_command_more(shop: CleanRoot) -> None:
    tour = shop.run(
        ["cashier-app", "--demo", "--tour", "--screenshots", f"{SHOP_HOME}/tour"],
        user=True,
        environment=OFFSCREEN,
    )
    assert tour.returncode == 0, tour.stderr
    pictures = list(shop.place(f"{SHOP_HOME}/tour").glob("*.png"))
    assert len(pictures) > 4
    assert min(picture.stat().st_size for picture in pictures) > 10_000


def test_the_program_says_that_it_is_whole(shop: CleanRoot) -> None:
    checked = shop.run(["cashier-app", "--self-check"], user=True, environment=OFFSCREEN)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_diagnosis_names_no_missing_library(shop: CleanRoot) -> None:
    doctor = shop.run(["cashier-cli", "doctor"], user=True, environment=OFFSCREEN)
    assert "Traceback" not in doctor.stderr
    assert "apt-get install" not in doctor.stdout + doctor.stderr


def test_no_library_is_missing_anywhere_in_the_bundle(shop: CleanRoot) -> None:
    """Also of what is loaded late, or never here: each file's own list, with the system's loader."""
    shop.place("/root/look.sh").write_text(
        "cd /usr/lib/cashier-app/current\n"
        "find . -type f \\( -name '*.so*' -o -perm -100 \\) | while read -r file; do\n"
        '  LD_LIBRARY_PATH="$PWD/_internal:$PWD/_internal/PySide6/Qt/lib" ldd "$file" 2>/dev/null'
        ' | sed -n "s|^[[:space:]]*\\(.*\\) => not found|$file \\1|p"\n'
        "done\n",
        encoding="ascii",
    )
    missing = shop.run(["sh", "/root/look.sh"]).stdout.splitlines()
    brought = {path.name for path in _bundle(shop).rglob("*.so*")}
    assert [line for line in missing if line.split()[1] not in brought] == []


def test_what_is_started_is_what_was_packed(shop: CleanRoot) -> None:
    assert shop.run(["dpkg", "--verify", "cashier-app"]).stdout == ""
    home = "/usr/lib/cashier-app"
    packed, started = (
        shop.run(["find", f"{home}/{folder}/", "-type", "f", "-printf", "%i %P\n"]).stdout.splitlines()
        for folder in ("package", "current")
    )
    assert len(packed) > 1000
    # The very same files: what damages one is found in the other, and the second takes no room.
    assert sorted(started) == sorted(packed)


def test_only_root_can_change_the_program(shop: CleanRoot) -> None:
    found = shop.run(
        ["find", "/usr/lib/cashier-app", "/etc/cashier-app", "-not", "-type", "l", "-perm", "/022"]
    )
    assert found.stdout == ""
    strangers = shop.run(["find", "/usr/lib/cashier-app", "-not", "-user", "root"])
    assert strangers.stdout == ""


def test_using_it_writes_nothing_outside_the_home(shop: CleanRoot) -> None:
    shop.place("/root/since").touch()
    shop.run(["cashier-cli", "--version"], user=True)
    shop.run(["cashier-app", "--demo", "--tour"], user=True, environment=OFFSCREEN)
    folders = ["/usr", "/etc", "/var", "/opt", "/bin", "/root"]
    changed = shop.run(["find", *folders, "-newer", "/root/since", "-not", "-path", "/root"])
    assert changed.stdout == ""


@pytest.mark.parametrize("locale", ["C", "POSIX", "xx_YY.UTF-8", "ar_EG.UTF-8", "de_DE@euro", ""])
def test_it_starts_under_any_locale(shop: CleanRoot, locale: str) -> None:
    said = shop.run(["cashier-cli", "doctor"], user=True, environment={**OFFSCREEN, "LC_ALL": locale})
    assert "Traceback" not in said.stderr
    assert "cashier-app" in said.stdout


@pytest.mark.parametrize("home", ["/nowhere", "/root"])
def test_the_demo_needs_no_home(shop: CleanRoot, home: str) -> None:
    said = shop.run(["cashier-app", "--demo", "--tour"], user=True, environment={**OFFSCREEN, "HOME": home})
    assert said.returncode == 0, said.stderr


@pytest.mark.parametrize("home", ["/nowhere", "/root", "/proc"])
def test_a_home_that_cannot_be_written_is_a_sentence(shop: CleanRoot, home: str) -> None:
    """Sales would be kept there: without it the till does not begin."""
    shop.place("/etc/settings.toml").write_text(SETTINGS, encoding="utf-8")
    command = ["cashier-cli", "outbox", "send", "--config", "/etc/settings.toml"]
    said = shop.run(command, user=True, environment={**OFFSCREEN, "HOME": home})
    assert said.returncode == 2, said.stderr
    assert "Traceback" not in said.stderr
    assert home in said.stderr


def test_without_a_display_it_says_so(shop: CleanRoot) -> None:
    said = shop.run(["cashier-app"], user=True)
    assert (said.returncode, said.stderr.count("\n")) == (2, 1)
    assert "display" in said.stderr


def test_the_manual_pages_are_there(shop: CleanRoot) -> None:
    pages = {path.name for path in shop.place("/usr/share/man/man1").glob("cashier-*")}
    # A slim image of Debian leaves manual pages out; a bare system by debootstrap does not.
    assert pages == {"cashier-app.1.gz", "cashier-cli.1.gz"}


def _bundle(shop: CleanRoot) -> Path:
    """Return the release that is started, by a path that can be followed from outside."""
    home = shop.place("/usr/lib/cashier-app")
    return home / (home / "current").readlink()
