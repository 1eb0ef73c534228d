"""A serial scanner of ours with a pseudo-terminal plugged in, for tests that need a real port."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cashier_app.ports.serial_scanner import SerialState
from cashier_app.scanning.serial_port import Pace, SerialPortScanner
from tests.fakes.pty_scanner import Noted, PtyScanner

CODE = "LC1:PRYA7K2M4Q9XW3TB"
QUICK = Pace(look=0.01, first_retry=0.01, longest_retry=0.05)
ONLY_PLUGGING = Pace(look=0.01, first_retry=60.0, longest_retry=60.0)


@contextmanager
def plugged_in(folder: Path) -> Iterator[PtyScanner]:
    """Plug a device in, and pull it out at the end."""
    plugged = PtyScanner(folder / "scanner")
    plugged.plug_in()
    yield plugged
    plugged.pull_out()


@contextmanager
def made_scanner(noted: Noted) -> Iterator[SerialPortScanner]:
    """Make a quick scanner, and see that it ends in time from any state."""
    made = scanner_with(noted)
    yield made
    assert made.stop(), "it ends in time from any state"


def scanner_with(noted: Noted, **how: object) -> SerialPortScanner:
    """Return a scanner that notes what it reads, quick where nothing else is said."""
    return SerialPortScanner(noted.read, noted.status, **({"pace": QUICK} | how))  # type: ignore[arg-type]


def heard(noted: Noted, scanner: SerialPortScanner, device: PtyScanner) -> None:
    """Have the device listened to."""
    scanner.choose(device.device)
    noted.until_state(SerialState.LISTENING)


class DeadPort:
    """A port that says there is something and gives nothing, as an unplugged one does on Linux."""

    timeout: float | None = None
    in_waiting = 0

    def read(self, size: int = 1) -> bytes:
        raise OSError("device reports readiness to read but returned no data")

    def cancel_read(self) -> None: ...

    def close(self) -> None:
        raise OSError(errno.EIO, "gone")
