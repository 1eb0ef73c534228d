"""Serves one stand-in in this process until it is told to stop, or until whoever started it has gone."""

from __future__ import annotations

import sys
import threading

from cashier_app.demo.serving import HOST, QuietServer, listen
from cashier_app.testing.stand_ins.base import StandIn

START_SECONDS = 30.0


def serve(stand_in: StandIn, port: int, *, ready: str, until_input_ends: bool) -> None:
    """Serve; blocking.

    Args:
        stand_in: What answers.
        port: On loopback; 0 for any free one.
        ready: Printed once requests are answered; ``{address}`` stands for the address.
        until_input_ends: Stop when standard input ends, as it does when the process that started this dies.

    Raises:
        KnownError: The port is taken.
        KeyboardInterrupt: Somebody pressed Ctrl+C.
    """
    listener = listen(port)
    server = QuietServer(stand_in)
    running = threading.Thread(target=server.run, args=([listener],), name="stand-in", daemon=True)
    running.start()
    if not server.ready.wait(START_SECONDS):
        raise RuntimeError("the stand-in did not start")
    try:
        sys.stdout.write(ready.replace("{address}", f"http://{HOST}:{listener.getsockname()[1]}") + "\n")
        sys.stdout.flush()
        if until_input_ends:
            sys.stdin.read()
        else:
            threading.Event().wait()
    finally:
        server.end()
        running.join()
