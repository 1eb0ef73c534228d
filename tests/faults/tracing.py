"""Trace a process's system calls with strace, and kill it at one of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

CHANGING_CALLS = (
    "openat", "close", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "fallocate", "rename",
    "unlink", "mkdir", "link", "chmod", "fchmod", "fchown", "utimensat",
    "socket", "connect", "sendto", "sendmsg", "recvfrom", "recvmsg", "shutdown",
)  # fmt: skip
"""All file and network calls a till makes that change something or take something off the network.

Calls that only look, such as stat, pread64 or a lock that ends with its process, leave nothing behind: a kill
at one of them is a kill at the next one of these.
"""

NO_STRACE = "SKIPPED: strace is not installed (apt-get install strace)"
KILLED = "signal=SIGKILL"
_ATTACHED = "attached"


class Point(Struct, frozen=True):
    """The n-th time a process makes one system call, and how strace showed it."""

    call: str
    number: int
    shown: str = ""


class CannotTraceError(Exception):
    """This machine lets nobody trace; the text says why."""


def can_trace() -> bool:
    """Say whether strace is installed."""
    return shutil.which("strace") is not None


def points_of(pid: int, let_go: Callable[[], None]) -> list[Point]:
    """Trace a waiting process, let it go, and return the calls that change something, in order."""
    with tempfile.NamedTemporaryFile("r", encoding="utf-8", errors="replace") as log:
        options = ["-s", "64", "-o", log.name, "-e", f"trace={','.join(CHANGING_CALLS)}"]
        with _strace(pid, options):
            let_go()
        lines = Path(log.name).read_text(encoding="utf-8", errors="replace").splitlines()
    if len({line.split(None, 1)[0] for line in lines}) > 1:
        # strace counts the calls of each thread for itself: the n-th call would not be the n-th of the trace.
        raise ValueError("only the calls of one thread can be numbered")
    counted: Counter[str] = Counter()
    points = []
    for line in lines:
        # With -f each line begins with a process id; calls and signals of one thread come in order.
        shown = line.split(None, 1)[1]
        call = shown.partition("(")[0]
        if call in CHANGING_CALLS:
            counted[call] += 1
            points.append(Point(call, counted[call], shown))
    return points


def break_at(pid: int, point: Point, fault: str, let_go: Callable[[], None]) -> None:
    """Let a waiting process go and break it as it enters this call; the call itself is not made.

    The fault is `KILLED`, or ``error=`` and what the call answers; with a ``+`` at its end, all such calls
    from then on.
    """
    when = f"{point.number}+" if fault.endswith("+") else f"{point.number}"
    inject = f"inject={point.call}:{fault.removesuffix('+')}:when={when}"
    options = ["-o", os.devnull, "-e", f"trace={point.call}", "-e", inject]
    with _strace(pid, options):
        let_go()


@contextmanager
def _strace(pid: int, options: list[str]) -> Iterator[None]:
    command = ["strace", "-f", "-p", str(pid), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        first = tracer.stderr.readline()
        if _ATTACHED not in first:
            tracer.kill()
            raise CannotTraceError(f"SKIPPED: strace cannot attach here: {first.strip()}")
        try:
            yield
        finally:
            # It ends by itself with the process it traces; if that one hangs, so must nobody else.
            try:
                tracer.wait(timeout=10)
            except subprocess.TimeoutExpired:
                tracer.kill()
