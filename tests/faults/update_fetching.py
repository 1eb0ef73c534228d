"""SIGKILL while a new version is brought here: the one of before or the new one is ready, and whole."""

from __future__ import annotations

import math
import os
import shutil
import signal
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from multiprocessing.connection import Connection
from pathlib import Path
from unittest.mock import patch

from cashier_app.update_opening import FOLDER, open_updates
from cashier_app.updates_section import UpdatesSection
from cashier_app.updating import updates as module
from cashier_app.updating.updates import FILES_FOLDER, ready_in
from tests.faults.kills import PROCESSES, START_SECONDS
from tests.faults.table import Row
from tests.updating.repository_server import KIND, Publisher, RepositoryServer

OURS, BEFORE, NEWEST = "0.1.0", "0.2.0", "0.3.0"
REMOVED_FIRST = "the file of before removed first"
"""Planted bug: room is made before the new file is there."""

_CHANGING = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.symlink", "os.link", "os.truncate"})


def row(kills: int, bug: str = "") -> Row:
    """Kill at so many points of one download."""
    started, lost, runs, before, newest = time.monotonic(), 0, 0, 0, 0
    examples: list[str] = []
    with tempfile.TemporaryDirectory() as name, RepositoryServer(Path(name) / "repository") as server:
        folder = Path(name)
        _prepare(folder, server)
        steps = _fetch(folder / "data", folder, server.address, None, bug, folder / "counted")
        for number in range(kills):
            point = 1 + number * steps // kills
            data = folder / f"data-{number}"
            said = _fetch(data, folder, server.address, point, bug, data)
            runs += 1
            found = ready_in(data / FOLDER, OURS)
            before += found is not None and found.version == BEFORE
            newest += found is not None and found.version == NEWEST
            problem = "" if said == 0 else "the step was not reached"
            problem = problem or ("" if found is not None else "no version is ready any more")
            problem = problem or _again(data, folder, server.address)
            if problem:
                lost += 1
                examples.append(f"step {point} of {steps}: {problem}")
            shutil.rmtree(data)
    fault = "SIGKILL while a new version is brought here"
    counts = f"{before} times the version of before was ready, {newest} times the new one"
    return Row(
        fault=f"{bug}, {fault}" if bug else fault,
        runs=runs,
        lost=lost,
        seconds=math.ceil(time.monotonic() - started),
        detail="; ".join([counts, *([] if bug else examples[:3])]),
        control=bool(bug),
        caught=lost > 0 if bug else None,
    )


def _prepare(folder: Path, server: RepositoryServer) -> None:
    """Publish a version, bring it here, publish a newer one."""
    publisher = Publisher(server.folder)
    (folder / "root.json").write_bytes(publisher.begin())
    publisher.publish(BEFORE)
    (folder / "data").mkdir()
    with _opened(folder / "data", folder, server.address) as updates:
        assert updates.fetch() is not None
    publisher.publish(NEWEST, b"newer " * 50_000)


def _again(data: Path, folder: Path, address: str) -> str:
    with _opened(data, folder, address) as updates:
        ready = updates.fetch()
    if ready is None or ready.version != NEWEST or ready_in(data / FOLDER, OURS) != ready:
        return "the next try does not bring the new version"
    left = [file.name for file in (data / FOLDER / FILES_FOLDER).iterdir()]
    return "" if left == [ready.file] else f"left behind: {left}"


def _opened(data: Path, folder: Path, address: str) -> AbstractContextManager[module.Updates]:
    section = UpdatesSection(enabled=True, address=address, root_file="root.json")
    return open_updates(section, folder, data, kind=KIND, version=OURS)


def _fetch(before: Path, folder: Path, address: str, deadly: int | None, bug: str, data: Path) -> int:
    """Fetch in a process over a copy of what lay here; return its count of steps, 0 if it died."""
    shutil.copytree(folder / "data" if deadly is not None else before, data, symlinks=True)
    parent, child = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=_work, args=(data, folder, address, deadly, bug, child), daemon=True)
    process.start()
    child.close()
    try:
        return int(parent.recv()) if parent.poll(START_SECONDS) else -1
    except (EOFError, OSError):
        return 0
    finally:
        process.join(START_SECONDS)
        process.kill()
        process.join()
        parent.close()


def _work(data: Path, folder: Path, address: str, deadly: int | None, bug: str, parent: Connection) -> None:
    counted = 0
    inside = str(data)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal counted
        if event in _CHANGING and any(str(argument).startswith(inside) for argument in arguments[:2]):
            counted += 1
            if counted == deadly:
                os.kill(os.getpid(), signal.SIGKILL)

    kept = module.Updates._kept

    def removed_first(self: module.Updates, *given: object) -> object:
        for file in self._files.iterdir():
            file.unlink()
        return kept(self, *given)  # type: ignore[arg-type]

    with patch.object(module.Updates, "_kept", removed_first if bug else kept):
        sys.addaudithook(hook)
        with _opened(data, folder, address) as updates:
            updates.fetch()
    parent.send(str(counted))
