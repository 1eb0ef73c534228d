"""An upgrade loses no sale, delivers each once, and changes nothing under a till that runs."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cashier_app.demo.faults import FaultPlan
from cashier_app.storage.database import SCHEMA_VERSION
from tests.faults import old_schema
from tests.faults.queue_shop import QueueShop
from tests.faults.queue_till import Cashier, Orders, opened
from tests.packaging.debian import packages
from tests.packaging.debian.clean_root import SHOP_HOME, CleanRoot
from tests.packaging.debian.conftest import Installed, Layer
from tests.packaging.debian.test_removal import contents, place_package

SALES, MEMBERS = 300, 20
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
_SETTINGS = """
[store]
name = "Marigold Stores"
till = "2"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"
hours = 24

[backend]
address = "{address}"
token_file = "{home}/token"
"""


@pytest.fixture(scope="module")
def with_old(
    installed: Installed, built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, ...]:
    """What a computer with the program as it was before is made of."""
    with CleanRoot(installed.layers, tmp_path_factory.mktemp("old")) as root:
        done = root.run(["dpkg", "-i", place_package(root, built[packages.OLD])])
        assert done.returncode == 0, done.stderr
        assert installed_version(root) == f"{packages.OLD}-1"
        return (root.upper, *root.below)


@pytest.fixture
def old_shop(with_old: tuple[Path, ...], layer: Layer) -> CleanRoot:
    """A shop's computer with the program as it was before."""
    return layer(*with_old)


def test_a_full_queue_comes_through_and_is_posted_once(
    old_shop: CleanRoot, built: dict[str, Path], tmp_path: Path
) -> None:
    package = place_package(old_shop, built[packages.NEW])
    with QueueShop(tmp_path, MEMBERS) as server:
        sold = sell_offline(tmp_path / "data", server)
        move_in(old_shop, tmp_path / "data", server)
        before = contents(old_shop)
        upgraded = old_shop.run(["apt-get", "install", "-q", "-y", package])
        assert upgraded.returncode == 0, upgraded.stderr
        assert installed_version(old_shop) == f"{packages.NEW}-1"
        assert contents(old_shop) == before
        assert server.movements() == []
        server.stage(FaultPlan())
        first, second = (old_shop.run(["cashier-cli", "outbox", "send"], user=True) for _ in range(2))
        assert (first.returncode, first.stderr) == (0, "")
        assert first.stdout == f"{SALES} sent, 0 left.\n"
        assert second.stdout == "0 sent, 0 left.\n"
        assert sorted(movement.sale_id for movement in server.movements()) == sorted(sold)


@pytest.mark.parametrize("version", [1, SCHEMA_VERSION - 1])
def test_a_full_queue_in_the_form_of_an_earlier_version_comes_through(
    old_shop: CleanRoot, built: dict[str, Path], tmp_path: Path, version: int
) -> None:
    package = place_package(old_shop, built[packages.NEW])
    with QueueShop(tmp_path, MEMBERS) as server:
        sold = old_schema.write_for(server.member_ids, tmp_path / "data", version, SALES)
        move_in(old_shop, tmp_path / "data", server)
        before = contents(old_shop)
        upgraded = old_shop.run(["apt-get", "install", "-q", "-y", package])
        assert upgraded.returncode == 0, upgraded.stderr
        assert contents(old_shop) == before
        server.stage(FaultPlan())
        sent = old_shop.run(["cashier-cli", "outbox", "send"], user=True)
        assert (sent.returncode, sent.stderr) == (0, "")
        assert sent.stdout == f"{SALES} sent, 0 left.\n"
        assert sorted(movement.sale_id for movement in server.movements()) == sorted(sold)
        assert len(list(old_shop.place(f"{SHOP_HOME}/.local/share/cashier-app/backups").iterdir())) == 1


def test_a_till_that_runs_keeps_its_program(old_shop: CleanRoot, built: dict[str, Path]) -> None:
    """Not a byte below it changes, so nothing it opens late can be of another version."""
    package = place_package(old_shop, built[packages.NEW])
    with running_window(old_shop) as folder:
        before = digests(old_shop.place(folder))
        assert old_shop.run(["apt-get", "install", "-q", "-y", package]).returncode == 0
        assert digests(old_shop.place(folder)) == before
        assert len(before) > 1000
        assert current(old_shop) != folder
        # The training window, the key store's helper: what it starts now is of its own version, too.
        said = old_shop.run([f"{folder}/cashier-cli", "--version"], user=True)
        assert said.returncode == 0
        checked = old_shop.run(["cashier-app", "--self-check"], user=True, environment=OFFSCREEN)
        assert checked.returncode == 0
        assert len(releases(old_shop)) == 2
    # Nobody needs it any more: the next installation takes it away.
    assert old_shop.run(["dpkg", "-i", package]).returncode == 0
    assert releases(old_shop) == [current(old_shop)]


def test_planted_a_program_that_runs_from_where_dpkg_writes_loses_its_files(
    old_shop: CleanRoot, built: dict[str, Path]
) -> None:
    package = place_package(old_shop, built[packages.NEW])
    with running_window(old_shop, "/usr/lib/cashier-app/package/cashier-app") as folder:
        before = inodes(old_shop.place(folder))
        assert old_shop.run(["dpkg", "-i", package]).returncode == 0
        assert inodes(old_shop.place(folder)) != before


def test_an_older_package_goes_back(shop: CleanRoot, built: dict[str, Path]) -> None:
    old = place_package(shop, built[packages.OLD])
    assert shop.run(["apt-get", "install", "-q", "-y", "--allow-downgrades", old]).returncode == 0
    assert installed_version(shop) == f"{packages.OLD}-1"
    assert shop.run(["cashier-app", "--self-check"], user=True, environment=OFFSCREEN).returncode == 0


def sell_offline(folder: Path, server: QueueShop) -> list[str]:
    """Sell while the loyalty system cannot be reached; return the ids of the sales, none of them posted."""
    orders = Orders(str(folder), server.address, server.token.reveal(), SALES, MEMBERS, 0, 0)
    with opened(orders) as till:
        cashier = Cashier(till, MEMBERS)
        server.stage(FaultPlan(down=True))
        return [cashier.sell()[0] for _ in range(SALES)]


def move_in(root: CleanRoot, data: Path, server: QueueShop) -> None:
    """Lay a till's data folder, settings and token into the home of the shop's user."""
    home = root.place(SHOP_HOME)
    shutil.copytree(data, home / ".local/share/cashier-app")
    settings = home / ".config/cashier-app/till.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS.format(address=server.address, home=SHOP_HOME), encoding="utf-8")
    (home / "token").write_text(server.token.reveal(), encoding="utf-8")
    (home / "token").chmod(0o600)
    root.run(["chown", "-R", "till:till", SHOP_HOME])


@contextmanager
def running_window(root: CleanRoot, program: str = "cashier-app") -> Iterator[str]:
    """Run the demo shop's window; give the folder of the release it runs from."""
    command = root.entered([program, "--demo"], user=True, environment=OFFSCREEN)
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as window:
        number = ""
        try:
            found = root.run(["sh", "-c", _WAIT_FOR_WINDOW], seconds=60)
            assert found.returncode == 0, "the window did not open"
            number, folder = found.stdout.split()
            yield folder
            assert window.poll() is None, "the window has ended"
        finally:
            # What was started here entered the root and waits for the program, whose number is another.
            root.run(["sh", "-c", f"kill -9 {number}"])
            window.wait(timeout=20)


_FIND_WINDOW = """
for p in /proc/[0-9]*; do
    case $(readlink $p/exe) in
        */cashier-app/*/cashier-app) echo ${p#/proc/} ;;
    esac
done
"""
# Qt's library is among what it holds in memory once the window is being made.
_WAIT_FOR_WINDOW = f"""
for try in $(seq 1 500); do
    pid=$({_FIND_WINDOW})
    if [ -n "$pid" ] && grep -q libqoffscreen /proc/$pid/maps; then
        echo $pid $(dirname $(readlink /proc/$pid/exe))
        exit 0
    fi
    sleep 0.1
done
exit 1
"""


def installed_version(root: CleanRoot) -> str:
    """Return the version dpkg says is installed."""
    return root.run(["dpkg-query", "-W", "-f", "${Version}", "cashier-app"]).stdout


def current(root: CleanRoot) -> str:
    """Return the folder of the release that is started."""
    return root.run(["readlink", "-f", "/usr/lib/cashier-app/current"]).stdout.strip()


def releases(root: CleanRoot) -> list[str]:
    """Return the folders of all releases."""
    return root.run(["sh", "-c", "ls -d /usr/lib/cashier-app/releases/*"]).stdout.split()


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file below a folder, by its place."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


def inodes(folder: Path) -> dict[str, int]:
    """Return which file lies at each place below a folder."""
    return {str(file.relative_to(folder)): file.lstat().st_ino for file in folder.rglob("*")}
