"""Cut dpkg off at one of its system calls, as a power cut would: everything in the root ends at once."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.packaging.debian.clean_root import CleanRoot

CHANGING = (
    "openat", "write", "fsync", "rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir", "mkdir",
    "mkdirat", "link", "linkat", "symlink", "symlinkat", "fchmod", "chmod", "fchmodat", "fchown", "chown",
    "utimensat", "execve",
)  # fmt: skip
"""Calls that change something, and those that begin something."""

NAMING = (
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "rmdir",
    "mkdir",
    "link",
    "linkat",
    "symlink",
)

_KILLED = "+++ killed by SIGKILL +++"
_LONGEST_SECONDS = 120


class Cut(NamedTuple):
    """The n-th time one process makes one call, and how strace showed it."""

    call: str
    number: int
    shown: str


def no_tracer() -> str:
    """Say why nothing can be cut off at a system call here; empty when it can."""
    return "" if shutil.which("strace") else "install strace: sudo apt-get install strace"


def cuts_of(root: CleanRoot, command: Sequence[str], log: Path) -> list[Cut]:
    """Run a command in the root to its end and return every point at which it can be cut off, in order."""
    entered = root.entered(command)
    tracer = [
        "strace",
        "-f",
        "-q",
        "--seccomp-bpf",
        "-s",
        "80",
        "-o",
        str(log),
        "-e",
        f"trace={','.join(CHANGING)}",
    ]
    subprocess.run(
        [*tracer, *entered],
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_LONGEST_SECONDS,
    )
    counted: Counter[tuple[str, str]] = Counter()
    cuts = []
    begins = re.compile(rf'execve\("[^"]*/{re.escape(command[0])}", .* = 0$')
    inside = False
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        process, _, shown = line.partition(" ")
        call = shown.strip().partition("(")[0]
        if call not in CHANGING:
            continue
        counted[process, call] += 1
        # What comes before dpkg is the way into the root.
        inside = inside or begins.search(shown) is not None
        if inside:
            cuts.append(Cut(call, counted[process, call], shown.strip()))
    return cuts


def spread(cuts: Sequence[Cut], number: int) -> list[Cut]:
    """Return so many different points, spread evenly; every second where a name comes, goes or changes.

    Those are few among all that is written, and it is by them that a program is whole or is not.
    """
    different = list({(cut.call, cut.number): cut for cut in reversed(cuts)}.values())[::-1]
    naming = [cut for cut in different if cut.call in NAMING]
    others = [cut for cut in different if cut.call not in NAMING]
    return _evenly(naming, number - number // 2) + _evenly(others, number // 2)


def cut_off(root: CleanRoot, command: Sequence[str], cut: Cut) -> bool:
    """Run a command and end everything in the root at this point; say whether it came to it."""
    read, write = os.pipe()
    inject = f"inject={cut.call}:signal=SIGKILL:when={cut.number}"
    # Without seccomp filters, which are quicker: strace delivers no signal where they stop a process.
    tracer = ["strace", "-f", "-q", "-o", f"/dev/fd/{write}", "-e", f"trace={cut.call}", "-e", inject]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        [*tracer, *root.entered(command)], stdin=quiet, stdout=quiet, stderr=quiet, pass_fds=[write]
    ) as traced:
        os.close(write)
        came = False
        with os.fdopen(read, encoding="utf-8", errors="replace") as log:
            for line in log:
                if not came and _KILLED in line:
                    came = True
                    # Whichever process it was, nothing in there does anything more.
                    root.pull_the_plug()
        traced.wait(timeout=_LONGEST_SECONDS)
    root.pull_the_plug()
    return came


def _evenly(cuts: Sequence[Cut], number: int) -> list[Cut]:
    last = len(cuts) - 1
    places = {index * last // max(number - 1, 1) for index in range(number)}
    return [cuts[place] for place in sorted(places)]
