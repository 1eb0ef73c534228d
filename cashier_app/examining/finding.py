"""One thing looked at, who is looked at, and how long a look may take."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path

from msgspec import Struct, field

from cashier_app.config import TillConfig
from cashier_app.errors import KnownError
from cashier_app.keeping_secrets import Keeper
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.storage.support_rows import DatabaseLook

logger = logging.getLogger(__name__)

USUAL_SECONDS = 6.0
"""How long one look may take. All begin at once, so this is about how long all of them take."""


Facts = Mapping[str, str | int | bool | None]


class State(StrEnum):
    """How much a finding matters: nothing, somebody should look, or the till cannot work like this."""

    FINE = "ok"
    NOTE = "note"
    FAIL = "fail"


class Finding(Struct, frozen=True):
    """One thing looked at.

    Args:
        name: What it is, the same in every version: programs read it.
        words: One sentence, and what to do where something is to be done. It may name this computer and this
            shop.
        facts: The same as figures and fixed words, which name nobody: what support gets to read.
    """

    name: str
    words: str
    state: State = State.FINE
    facts: Facts = {}

    @property
    def fine(self) -> bool:
        """Return whether the till can work like this."""
        return self.state is not State.FAIL


class SeenOnce:
    """The one look at the database, for all who ask: it reads the whole file."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: DatabaseLook | None = None

    def of(self, look: Callable[[], DatabaseLook]) -> DatabaseLook:
        """Return it; the first who asks looks, the others wait."""
        with self._lock:
            if self._seen is None:
                self._seen = look()
            return self._seen


class Patient(Struct, frozen=True):
    """Whom the doctor looks at. What may fail is called when it is wanted.

    Args:
        config: Reads the settings.
        settings_file: Which file those are; None for a shop that has none.
        folder: Says where the data folder is.
        backend: Opens the loyalty system for as long as the block lasts; None not to ask it.
        unreal: Whether nothing of the shop is real: the demo's or the practice shop's.
        scripts: Which scripts the system's fonts hold, by name; None where nobody can say.
        database: What was found in the database, once somebody looked.
    """

    config: Callable[[], TillConfig]
    settings_file: Path | None
    folder: Callable[[], Path]
    keeper: Keeper
    backend: Callable[[], AbstractContextManager[LoyaltyBackend]] | None
    unreal: bool = False
    training: bool = False
    scripts: Mapping[str, bool] | None = None
    database: SeenOnce = field(default_factory=SeenOnce)


Look = Callable[[Patient], Iterable[Finding]]


class Check(Struct, frozen=True):
    """What looks, the names of all it may find, and how long it may take, in seconds."""

    names: tuple[str, ...]
    look: Look
    seconds: float = USUAL_SECONDS


class _Looking:
    """One look on a thread of its own, which nobody waits for longer than it may take."""

    def __init__(self, check: Check, patient: Patient) -> None:
        self.check = check
        self._patient = patient
        self._found: tuple[Finding, ...] = ()
        # A driver that hangs cannot be ended; the program shall end all the same.
        self._thread = threading.Thread(target=self._run, name=f"doctor {check.names[0]}", daemon=True)
        self._thread.start()

    def found(self, until: float) -> tuple[Finding, ...]:
        self._thread.join(max(0.0, until - time.monotonic()))
        if self._thread.is_alive():
            return tuple(
                Finding(
                    name, "There was no answer in time. Restart the computer, then try again.", State.NOTE
                )
                for name in self.check.names
            )
        return self._found

    def _run(self) -> None:
        name = self.check.names[0]
        try:
            self._found = tuple(self.check.look(self._patient))
        except KnownError as error:
            self._found = (Finding(name, error.sentence, State.FAIL),)
        except Exception as error:
            logger.info("a look met a bug", exc_info=error)
            words = f"This could not be looked at ({error.__class__.__name__}). Call support."
            self._found = (Finding(name, words, State.FAIL),)


def look_at(patient: Patient, checks: Iterable[Check]) -> list[Finding]:
    """Return everything found, in the order of the checks. Blocking, as long as the slowest may take."""
    began = time.monotonic()
    looking = [_Looking(check, patient) for check in checks]
    return [finding for one in looking for finding in one.found(began + one.check.seconds)]
