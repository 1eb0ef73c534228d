"""A scanner on a serial port: one thread that finds it, opens it, reads it and finds it again.

The thread sleeps in the operating system while nobody scans. It looks for a device that is not there once a
second, and tries again after half a second, then after twice as long up to ten seconds, where opening fails.
"""

from __future__ import annotations

import errno
import logging
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from cashier_app.ports.serial_scanner import SerialRead, SerialState, SerialStatus
from cashier_app.scanning.serial_devices import find_port
from cashier_app.scanning.serial_framing import SerialFramer, SerialFraming

logger = logging.getLogger(__name__)

_CHUNK = 4096
_POKE_SECONDS = 0.05
_IN_USE = frozenset({errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK})
_REFUSED = frozenset({errno.EACCES, errno.EPERM})
_USUAL_GROUP = "dialout"
# On Windows a read that is just about to begin misses its cancellation; there it looks up now and then.
_LONGEST_READ_SECONDS = 2.0 if sys.platform == "win32" else None


class Port(Protocol):
    """An open port, as pyserial has it. Errors are `OSError`."""

    timeout: float | None

    @property
    def in_waiting(self) -> int:
        """Return how many bytes have come."""

    def read(self, size: int = 1, /) -> bytes:
        """Return bytes; none after `timeout` seconds, or when cancelled."""

    def cancel_read(self) -> None:
        """End a read in another thread."""

    def close(self) -> None:
        """Let the port go."""


class Pace(Struct, frozen=True):
    """How long to wait for what, in seconds.

    Args:
        pause: Silence that ends a scan without a terminator.
        look: Between two looks for a device that is not there.
        first_retry: After an open that failed; doubled up to `longest_retry`.
        rest: Between two reads from a device that floods.
        stop: The longest `stop` waits.
    """

    pause: float = 0.05
    look: float = 1.0
    first_retry: float = 0.5
    longest_retry: float = 10.0
    rest: float = 0.02
    stop: float = 2.0


class SerialPortScanner:
    """Listens to one serial device at a time; without one chosen there is no thread.

    Args:
        on_read: Called from the thread with every scan.
        on_status: Called from the thread with every change.
        baud: Speed in bits a second; means nothing on USB.
        framing: How the scanner marks what it sends.
        find: Returns the port of a device id, None while it is not plugged in. Blocking.
        open_port: Opens a port for nobody else; raises `OSError`. Blocking.
    """

    def __init__(
        self,
        on_read: Callable[[SerialRead], None],
        on_status: Callable[[SerialStatus], None],
        *,
        baud: int = 9600,
        framing: SerialFraming | None = None,
        pace: Pace | None = None,
        find: Callable[[str], str | None] = find_port,
        open_port: Callable[[str, int], Port] | None = None,
    ) -> None:
        self._on_read, self._on_status = on_read, on_status
        self._baud, self._framing, self._pace = baud, framing, pace or Pace()
        self._find, self._open_port = find, open_port or open_exclusively
        self._changed = threading.Condition()
        # All below belong to the condition's lock. A choice is told from the one before by its number.
        self._wanted = ""
        self._choice = 0
        self._thread: threading.Thread | None = None
        self._port: Port | None = None
        self._status = SerialStatus(SerialState.OFF)

    @property
    def status(self) -> SerialStatus:
        """Return what is known now."""
        with self._changed:
            return self._status

    def choose(self, device_id: str) -> None:
        """Listen to this device from now on, to none if empty; returns at once."""
        with self._changed:
            if device_id == self._wanted:
                return
            self._wanted, self._choice = device_id, self._choice + 1
            self._changed.notify_all()
            self._cancel_read()
            if not device_id:
                self._status = SerialStatus(SerialState.OFF)
            elif self._thread is None:
                # A driver may hang for ever while opening: that must not keep the program from ending.
                self._thread = threading.Thread(target=self._run, name="serial scanner", daemon=True)
                self._thread.start()

    def stop(self) -> bool:
        """Listen to none and wait for the end, at most two seconds; say whether the thread has ended.

        Nothing is called back afterwards, not even where a driver keeps the thread.
        """
        self.choose("")
        with self._changed:
            thread = self._thread
        if thread is None or thread is threading.current_thread():
            return True
        end = time.monotonic() + self._pace.stop
        while thread.is_alive() and time.monotonic() < end:
            with self._changed:
                self._cancel_read()
            thread.join(_POKE_SECONDS)
        return not thread.is_alive()

    def _cancel_read(self) -> None:
        if self._port is not None:
            with suppress(OSError):
                self._port.cancel_read()

    # --- the thread -------------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            with self._changed:
                device_id, choice = self._wanted, self._choice
                if not device_id:
                    self._thread = None
                    return
            try:
                self._attend(device_id, choice)
            except Exception:
                logger.exception("the serial scanner failed")
                self._tell(choice, SerialStatus(SerialState.MISSING, device_id))
                self._wait(choice, self._pace.longest_retry)

    def _attend(self, device_id: str, choice: int) -> None:
        """Keep one device open until another one is chosen."""
        retry = self._pace.first_retry
        self._tell(choice, SerialStatus(SerialState.OPENING, device_id))
        while self._is_chosen(choice):
            port = self._find(device_id)
            if port is None:
                self._tell(choice, SerialStatus(SerialState.MISSING, device_id))
                self._wait(choice, self._pace.look)
                retry = self._pace.first_retry
                continue
            failed, was_read = self._listen(device_id, port, choice)
            if failed is None:
                return
            self._tell(choice, failed)
            retry = self._pace.first_retry if was_read else retry
            if self._wait_for_return(device_id, choice, retry):
                retry = self._pace.first_retry
            else:
                retry = min(2 * retry, self._pace.longest_retry)

    def _listen(self, device_id: str, name: str, choice: int) -> tuple[SerialStatus | None, bool]:
        """Open a port and read it; return why that ended, None for another choice, and whether bytes came."""
        try:
            port = self._open_port(name, self._baud)
        except OSError as error:
            return _failure(error, device_id, name), False
        counted = _Counted(port)
        try:
            with self._changed:
                if choice != self._choice:
                    return None, False
                self._port = port
            self._tell(choice, SerialStatus(SerialState.LISTENING, device_id))
            self._read(counted, choice)
        except OSError as error:
            return _failure(error, device_id, name), counted.came
        finally:
            with self._changed:
                self._port = None
            with suppress(OSError):
                port.close()
        return None, counted.came

    def _read(self, port: _Counted, choice: int) -> None:
        """Hand on what is read until another choice is made; what is half read at a break is lost with it."""
        framer = SerialFramer(self._framing)
        while self._is_chosen(choice):
            if framer.is_dropping and self._wait(choice, self._pace.rest):
                return
            data = port.read(self._pace.pause if framer.awaits_pause else _LONGEST_READ_SECONDS)
            if not self._is_chosen(choice):
                return
            for read in framer.feed(data) if data else framer.pause():
                if not self._is_chosen(choice):
                    return
                self._on_read(read)

    # --- waiting and telling ----------------------------------------------------------------------

    def _is_chosen(self, choice: int) -> bool:
        with self._changed:
            return choice == self._choice

    def _wait(self, choice: int, seconds: float) -> bool:
        """Wait, but not longer than until another choice is made; say whether one was."""
        with self._changed:
            return self._changed.wait_for(lambda: choice != self._choice, seconds)

    def _wait_for_return(self, device_id: str, choice: int, seconds: float) -> bool:
        """Wait, but not longer than until the device was away and is back; say whether it was."""
        end = time.monotonic() + seconds
        was_away = False
        while self._is_chosen(choice) and (left := end - time.monotonic()) > 0:
            self._wait(choice, min(left, self._pace.look))
            is_there = self._find(device_id) is not None
            if was_away and is_there:
                return True
            was_away = was_away or not is_there
        return was_away

    def _tell(self, choice: int, status: SerialStatus) -> None:
        with self._changed:
            if choice != self._choice or status == self._status:
                return
            self._status = status
        self._on_status(status)


class _Counted:
    """A port read in chunks; remembers whether anything came."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._timeout: float | None = -1.0
        self.came = False

    def read(self, seconds: float | None) -> bytes:
        """Return what has come, at once or within so many seconds; None waits for ever."""
        if seconds != self._timeout:
            self._set_timeout(seconds)
        first = self._port.read(1)
        if not first:
            return b""
        self.came = True
        waiting = min(self._port.in_waiting, _CHUNK - 1)
        return first + self._port.read(waiting) if waiting > 0 else first

    def _set_timeout(self, seconds: float | None) -> None:
        try:
            self._port.timeout = self._timeout = seconds
        except OSError:
            raise
        except Exception as error:  # termios has an error of its own
            raise OSError(errno.EIO, "the port is gone") from error


def open_exclusively(name: str, baud: int) -> Port:
    """Open a port so that no other program gets a part of what is scanned. Imports pyserial.

    Raises:
        OSError: It is gone, in use or not ours to use.
    """
    made = _exclusive_port()
    try:
        return made(name, baud, exclusive=True)
    except OSError:
        raise
    except Exception as error:  # termios has an error of its own, and a bad name is a ValueError
        raise OSError(errno.EIO, "the port cannot be set up") from error


@cache
def _exclusive_port() -> Callable[..., Port]:
    import serial  # on the thread

    class ExclusivePort(serial.Serial):
        """A port that a second program cannot open either, not only not lock."""

        def open(self) -> None:
            super().open()
            self._shut_out(others=True)

        def close(self) -> None:
            if self.is_open:
                self._shut_out(others=False)
            super().close()

        def _shut_out(self, *, others: bool) -> None:
            if sys.platform == "win32":
                return  # as it is there by itself
            import fcntl
            import termios

            with suppress(OSError):
                fcntl.ioctl(self.fileno(), termios.TIOCEXCL if others else termios.TIOCNXCL)

    return ExclusivePort


def _failure(error: OSError, device_id: str, name: str) -> SerialStatus:
    """Return what an error means for the people at the till."""
    if error.errno in _IN_USE or (sys.platform == "win32" and "PermissionError" in str(error)):
        return SerialStatus(SerialState.IN_USE, device_id)
    if error.errno in _REFUSED:
        return SerialStatus(SerialState.REFUSED, device_id, _group_of(name))
    return SerialStatus(SerialState.MISSING, device_id)


def _group_of(name: str) -> str:
    """Return the group whose members may use the port; the usual one where it belongs to root."""
    if sys.platform != "linux":
        return ""
    import grp

    try:
        group = grp.getgrgid(Path(name).stat().st_gid).gr_name
    except (OSError, KeyError):
        return _USUAL_GROUP
    return _USUAL_GROUP if group == "root" else group
