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
        "-qq",
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
    """Return so many different points, spread evenly over all."""
    different = list({(cut.call, cut.number): cut for cut in reversed(cuts)}.values())[::-1]
    if len(different) <= number:
        return different
    return [different[index * (len(different) - 1) // (number - 1)] for index in range(number)]


def cut_off(root: CleanRoot, command: Sequence[str], cut: Cut) -> bool:
    """Run a command and end everything in the root at this point; say whether it came to it."""
    read, write = os.pipe()
    inject = f"inject={cut.call}:signal=SIGKILL:when={cut.number}"
    tracer = [
        "strace",
        "-f",
        "-qq",
        "--seccomp-bpf",
        "-o",
        f"/dev/fd/{write}",
        "-e",
        f"trace={cut.call}",
        "-e",
        inject,
    ]
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
