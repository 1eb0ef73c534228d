"""Cameras without hardware: one fed and unplugged by the test, and time that moves only when told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from cashier_app.errors import KnownError
from cashier_app.scanning.camera_state import CameraFault, CameraHint, CameraPhase, CameraState
from cashier_app.scanning.decoders import DecodedSymbol

Value = TypeVar("Value")

PATIENCE = 10.0  # seconds a test waits before it fails


class MemorySource:
    """Shows the frames it is given, one `read` each, and can be unplugged. Counts how it is treated.

    Args:
        name: The camera's name.
        comes_back: It is a camera, not a file.
    """

    def __init__(self, name: str = "HD Webcam", *, comes_back: bool = True) -> None:
        self.name = name
        self.comes_back = comes_back
        self.opened = self.closed = 0
        self.threads: set[str] = set()
        self.fault: KnownError | None = None
        self.hangs_in_open = threading.Event()
        self.hangs_in_open.set()
        self._changed = threading.Condition()
        self._frames: list[Any] = []
        self._plugged = True
        self._interrupted = False

    @property
    def is_open(self) -> bool:
        """Tell whether the device is held."""
        return self.opened > self.closed

    def show(self, *frames: Any) -> None:  # noqa: ANN401 - arrays
        """Let the camera see these."""
        with self._changed:
            self._frames.extend(frames)
            self._changed.notify_all()

    def unplug(self, fault: KnownError | None = None) -> None:
        """Pull the cable; opening fails with this fault, no camera when not given."""
        with self._changed:
            self._plugged = False
            self.fault = fault or CameraFault(CameraPhase.NO_CAMERA, "No camera found.")
            self._changed.notify_all()

    def plug_in(self) -> None:
        """Plug it in again."""
        with self._changed:
            self._plugged, self.fault = True, None

    def open(self) -> None:
        """Open, hang, or fail, as the test said."""
        self.threads.add(threading.current_thread().name)
        self.hangs_in_open.wait()
        with self._changed:
            if self.fault is not None:
                raise self.fault
            assert not self.is_open, "opened twice"
            self.opened += 1

    def read(self) -> Any:  # noqa: ANN401 - arrays
        """Wait for a frame; None when unplugged or interrupted."""
        self.threads.add(threading.current_thread().name)
        with self._changed:
            self._changed.wait_for(lambda: self._frames or not self._plugged or self._interrupted)
            if not self._plugged or self._interrupted or self._frames[0] is None:
                return None
            return self._frames.pop(0)

    def close(self) -> None:
        """Let go."""
        self.threads.add(threading.current_thread().name)
        with self._changed:
            self.closed = self.opened

    def interrupt(self) -> None:
        """End a waiting read."""
        with self._changed:
            self._interrupted = True
            self._changed.notify_all()


class SteppedWaiting:
    """Time that moves only when told, for pauses on other threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._now = 1000.0
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        """Return seconds that only grow."""
        with self._changed:
            return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        with self._changed:
            self._now += seconds
            self._changed.notify_all()

    def wait(self, ended: threading.Event, seconds: float) -> bool:
        """Wait until the time has come or the event is set."""
        with self._changed:
            end = self._now + seconds
            self.pauses.append(seconds)
            self._changed.notify_all()
            while self._now < end and not ended.is_set():
                self._changed.wait(0.005)  # an event cannot notify a condition
        return ended.is_set()

    def wait_for_pause(self, count: int) -> None:
        """Wait until so many pauses have begun."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.pauses) >= count, PATIENCE), self.pauses


class Witness:
    """Keeps what a camera reader tells, and lets the test wait for it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.states: list[CameraState] = []
        self.seen: list[tuple[list[DecodedSymbol], float]] = []

    @property
    def phases(self) -> list[CameraPhase]:
        """Return the phases told so far, repeats left out."""
        phases = [state.phase for state in self.states]
        return [phase for number, phase in enumerate(phases) if phases[number - 1 : number] != [phase]]

    @property
    def texts(self) -> list[str]:
        """Return all texts read so far."""
        return [symbol.text for symbols, _ in self.seen for symbol in symbols]

    @property
    def hints(self) -> list[CameraHint]:
        """Return the hints told so far."""
        return [state.hint for state in self.states if state.hint is not None]

    def on_state(self, state: CameraState) -> None:
        """Take a state."""
        with self._changed:
            self.states.append(state)
            self._changed.notify_all()

    def on_symbols(self, symbols: list[DecodedSymbol], arrival: float) -> None:
        """Take what was read."""
        with self._changed:
            self.seen.append((symbols, arrival))
            self._changed.notify_all()

    def wait_for(self, holds: Callable[[], Value]) -> Value:
        """Wait until something told makes this true."""
        with self._changed:
            assert self._changed.wait_for(holds, PATIENCE), (self.states, self.texts)
            return holds()

    def wait_for_phase(self, phase: CameraPhase) -> CameraState:
        """Wait until the newest state has this phase and return it."""
        self.wait_for(lambda: self.states and self.states[-1].phase is phase)
        return self.states[-1]
