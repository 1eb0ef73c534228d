"""A clean Debian in a folder, in which packages are installed, used, upgraded and cut off.

`debootstrap` makes the bare system once, into a cache outside the repository. Each test works in a layer of
its own above it (overlayfs), with processes and mounts of its own (namespaces): nothing of this computer is
bound into it, ending it ends all that runs in it at once, as a power cut does, and no mount is left behind.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

SHOP_USER = "till"
SHOP_ID = 1000
SHOP_HOME = f"/home/{SHOP_USER}"
_TOOLS = {
    "debootstrap": "debootstrap",
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "chroot": "coreutils",
}
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_ENTRANCE = """
set -e
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
mount -t proc proc "$2/root/proc"
mount -t tmpfs tmpfs "$2/root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$2/root/dev/pts"
echo ready
exec sleep infinity
"""
_PROGRAM_SECONDS = 240
QUICKLY = "/etc/dpkg/dpkg.cfg.d/quickly"
"""Has dpkg not wait for the disk, which takes minutes where others use it; no root outlives this computer."""


class NoRootError(Exception):
    """No clean Debian can be made here; the text says why and what would help."""


def cache_folder() -> Path:
    """Return where bare systems and downloaded packages are kept."""
    asked = os.environ.get("CASHIER_ROOTS")
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(asked) if asked else Path(cache) / "cashier-app-packaging"


def unfit() -> str:
    """Say why no clean Debian can be made here; empty when one can."""
    if os.geteuid() != 0:
        return "a clean Debian is made and entered by root only: sudo make test-packaging"
    missing = sorted({package for tool, package in _TOOLS.items() if shutil.which(tool) is None})
    if missing:
        return f"install what makes a clean Debian: sudo apt-get install {' '.join(missing)}"
    space = ["unshare", "--mount", "--pid", "--fork", "true"]
    tried = subprocess.run(space, check=False, capture_output=True)
    return "" if tried.returncode == 0 else "this computer allows no namespaces (a container without rights?)"


def bare_system(release: str) -> Path:
    """Return the folder of a bare Debian; made at the first call, which takes a minute.

    Raises:
        NoRootError: It could not be made, most often for want of a network.
    """
    made = cache_folder() / release
    if made.is_dir():
        return made
    unfinished = made.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    command = ["debootstrap", "--variant=minbase", release, str(unfinished), mirror()]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise NoRootError(f"debootstrap {release} failed: {(done.stdout + done.stderr).strip()[-400:]}")
    for deb in (unfinished / "var/cache/apt/archives").glob("*.deb"):
        deb.unlink()
    unfinished.rename(made)
    return made


def mirror() -> str:
    """Return the address this computer takes Debian from.

    Raises:
        NoRootError: It takes it from nowhere, and none is named.
    """
    known = [os.environ.get("CASHIER_DEBIAN_MIRROR", ""), *_own_mirrors()]
    for address in known:
        if address:
            return address
    raise NoRootError("nothing says where Debian's packages come from: name it in CASHIER_DEBIAN_MIRROR")


class CleanRoot:
    """A running layer above a bare system, or above other layers; ended by `close` or by `pull_the_plug`.

    Args:
        below: Folders of what lies under it, the topmost first.
        folder: Where its own changes are kept; used again, it is the same computer, started again.
    """

    def __init__(self, below: Sequence[Path], folder: Path) -> None:
        self.below = tuple(below)
        self.folder = folder
        for name in ("upper", "work", "root"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        space = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"]
        layers = ":".join(str(layer) for layer in below)
        self._space = subprocess.Popen(
            [*space, "sh", "-c", _ENTRANCE, "sh", layers, str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._space.stdout is not None
        assert self._space.stderr is not None
        if self._space.stdout.readline().strip() != "ready":
            problem = self._space.stderr.read()
            self._space.communicate()
            raise NoRootError(f"no layer can be mounted: {problem.strip()}")
        children = Path(f"/proc/{self._space.pid}/task/{self._space.pid}/children")
        self._first = int(children.read_text(encoding="ascii").split()[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pull_the_plug()

    @property
    def upper(self) -> Path:
        """The folder of what was changed here; lies under other layers once this one is closed."""
        return self.folder / "upper"

    def place(self, path: str) -> Path:
        """Return where a file of the root is read and written from outside, while it runs."""
        return Path(f"/proc/{self._first}/root{self.folder}/root") / path.lstrip("/")

    def run(
        self,
        command: Sequence[str],
        *,
        user: bool = False,
        environment: Mapping[str, str] | None = None,
        network: bool = True,
        seconds: float = _PROGRAM_SECONDS,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the root to its end, with an environment of its own and nothing to read.

        Args:
            command: A program of the root and its arguments.
            user: As the shop's ordinary user instead of root.
            environment: Variables besides PATH, HOME and LC_ALL.
            network: Whether it has any.
            seconds: How long it may take.
        """
        entered = self.entered(command, user=user, environment=environment, network=network)
        return subprocess.run(
            entered, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=seconds
        )

    def entered(
        self,
        command: Sequence[str],
        *,
        user: bool = False,
        environment: Mapping[str, str] | None = None,
        network: bool = True,
    ) -> list[str]:
        """Return the command that runs this one in the root; see `run`."""
        enter = ["nsenter", f"--target={self._first}", "--mount", "--pid"]
        apart = [] if network else ["unshare", "--net"]
        root = ["chroot", *([f"--userspec={SHOP_ID}:{SHOP_ID}", "--groups="] if user else [])]
        variables = {
            "PATH": _PATH,
            "HOME": SHOP_HOME if user else "/root",
            "LC_ALL": "C.UTF-8",
            "DEBIAN_FRONTEND": "noninteractive",
            **(environment or {}),
        }
        pairs = [f"{name}={value}" for name, value in variables.items()]
        return [*enter, *apart, *root, str(self.folder / "root"), "env", "-i", *pairs, *command]

    def make_ready(self) -> None:
        """Give it the way to packages this computer has, and the shop's user.

        Raises:
            NoRootError: The lists of packages cannot be read.
        """
        shutil.copy("/etc/resolv.conf", self.place("/etc/resolv.conf"))
        self.place("/etc/apt/apt.conf.d/99own-network").write_text(_own_network(), encoding="utf-8")
        self.place(QUICKLY).write_text("force-unsafe-io\n", encoding="ascii")
        found = self.run(["apt-get", "update", "-q"])
        if found.returncode:
            raise NoRootError(f"apt-get update failed in the clean root: {found.stderr.strip()[-400:]}")
        self.run(["useradd", "--create-home", f"--uid={SHOP_ID}", "--user-group", SHOP_USER])

    def pull_the_plug(self) -> None:
        """End everything in it at once."""
        with suppress(ProcessLookupError):
            os.kill(self._first, signal.SIGKILL)
        self._space.communicate()

    close = pull_the_plug


def _own_mirrors() -> list[str]:
    """Return the addresses of Debian's packages in this computer's settings, if it is a Debian."""
    if shutil.which("apt-get") is None:
        return []
    command = ["apt-get", "indextargets", "--format", "$(LABEL)|$(CREATED_BY)|$(REPO_URI)"]
    listed = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    rows = [line.split("|") for line in listed.splitlines()]
    return [row[2] for row in rows if len(row) == 3 and row[0] == "Debian" and row[1] == "Packages"]


def _own_network() -> str:
    """Return this computer's settings of how packages are fetched, so that the root goes the same way."""
    if shutil.which("apt-config") is None:
        return ""
    command = ["apt-config", "dump"]
    shown = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    kept = ("Acquire::http::", "Acquire::https::", "Acquire::Check-", "Acquire::Languages")
    lines = [line for line in shown.splitlines() if line.startswith(kept)]
    return "\n".join([*lines, 'APT::Keep-Downloaded-Packages "true";', ""])
