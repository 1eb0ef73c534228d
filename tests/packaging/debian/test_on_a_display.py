"""The installed program on a real X server in the clean root: Qt's plugin, the window's name, full screen."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.debian.clean_root import SHOP_HOME, CleanRoot, NoRootError
from tests.packaging.debian.conftest import Installed, keep_downloads, lend_downloads

WIDTH, HEIGHT = 1280, 800
_ON_A_SCREEN = f"""
Xvfb :7 -screen 0 {WIDTH}x{HEIGHT}x24 >/dev/null 2>&1 &
for try in $(seq 1 200); do [ -e /tmp/.X11-unix/X7 ] && break; sleep 0.05; done
export DISPLAY=:7
"""


@pytest.fixture(scope="module")
def with_screen(
    installed: Installed, bare: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CleanRoot]:
    """The installed program, and an X server beside it."""
    with CleanRoot(installed.layers, tmp_path_factory.mktemp("screen")) as root:
        lend_downloads(root, bare.name)
        tools = ["apt-get", "install", "-q", "-y", "--no-install-recommends", "xvfb", "x11-utils"]
        done = root.run(tools, seconds=300)
        keep_downloads(root, bare.name)
        if done.returncode:
            raise NoRootError(done.stderr)
        yield root


def test_the_tour_on_a_whole_screen(with_screen: CleanRoot) -> None:
    tour = "cashier-app --demo --tour --full-screen --screenshots $HOME/tour"
    done = with_screen.run(["sh", "-c", _ON_A_SCREEN + tour], user=True)
    assert done.returncode == 0, done.stderr
    pictures = sorted(with_screen.place(f"{SHOP_HOME}/tour").glob("*.png"))
    assert len(pictures) > 4
    assert {_size(picture) for picture in pictures} == {(WIDTH, HEIGHT)}


def test_the_window_says_which_program_it_is(with_screen: CleanRoot) -> None:
    """The desktop entry's StartupWMClass is what panels find the icon by."""
    look = """
cashier-app --demo &
for try in $(seq 1 300); do
    xwininfo -root -tree | grep -q '("cashier-app" "cashier-app")' && echo found && break
    sleep 0.1
done
kill $!
"""
    done = with_screen.run(["sh", "-c", _ON_A_SCREEN + look], user=True, seconds=90)
    assert done.stdout == "found\n"


def _size(picture: Path) -> tuple[int, int]:
    """Return a PNG's width and height, px."""
    with picture.open("rb") as opened:
        opened.seek(16)
        width, height = struct.unpack(">II", opened.read(8))
    return int(width), int(height)
