"""Keeps one PostgreSQL for a whole test run, shared by all workers, and ends it when the run is over.

Run as a program: `python -m tests.fakes.postgres_keeper FOLDER PID NOTE`; writes the port into NOTE.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from tests.fakes.postgres_server import PostgresServer, temporary_folder

LOOK_SECONDS = 0.3
START_SECONDS = 60.0


def shared_server(note: Path, run: int) -> PostgresServer:
    """Return the run's server, started by whoever asks first.

    Args:
        note: A file all workers of the run share; says where the server is.
        run: Process id of the run: the server ends with it.
    """
    with suppress(FileExistsError), note.with_suffix(".lock").open("x"):
        folder = temporary_folder()
        command = [sys.executable, "-m", "tests.fakes.postgres_keeper", str(folder), str(run), str(note)]
        with note.with_suffix(".log").open("wb") as log:
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=True)
    deadline = time.monotonic() + START_SECONDS
    while not note.exists():
        if time.monotonic() > deadline:
            raise RuntimeError(note.with_suffix(".log").read_text())
        time.sleep(0.05)
    folder, port = note.read_text().split()
    server = PostgresServer(Path(folder))
    server.port = int(port)
    return server


def keep(folder: Path, run: int, note: Path) -> None:
    """Start the server, write down where it is, and end it once the run's process has gone."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    server = PostgresServer(folder)
    try:
        server.create()
        server.start()
        server.make_template()
        part = note.with_suffix(".part")
        part.write_text(f"{folder} {server.port}")
        part.replace(note)
        while _is_there(run) and not ended.wait(LOOK_SECONDS):
            pass
    finally:
        server.remove()


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    if os.fork():
        os._exit(0)  # who asked goes on; nobody is the keeper's parent
    os.setsid()
    keep(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
