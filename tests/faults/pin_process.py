"""Somebody who tries PINs, in a process of their own that tests may kill at any system call."""

from __future__ import annotations

import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path

from cashier_app.ports.clock import SystemClock
from cashier_app.ports.credentials import Secret
from cashier_app.ports.staff import PinVerifier
from tests.fakes.staff_book import PINS, WRONG, CountedAfter, CountingPins, open_shop
from tests.faults.scenario_process import GO, let_anybody_trace

WHO = "asha"
WRONG_TRIES = 2


class TellingPins(CountingPins):
    """Says so before it looks at a PIN."""

    parent: Connection

    def fits(self, verifier: PinVerifier | None, staff_id: str, pin: Secret) -> bool:
        self.parent.send(("looks", staff_id))
        return super().fits(verifier, staff_id, pin)


def try_pins(folder: Path, planted: bool, parent: Connection) -> None:  # noqa: FBT001 - one caller
    """Wait to be traced, try wrong PINs and then the right one."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {GO})
    let_anybody_trace()
    parent.send(("ready", str(os.getpid())))
    signal.sigwait({GO})
    shop = open_shop(folder, SystemClock(), CountedAfter) if planted else open_shop(folder, SystemClock())
    shop.pins.__class__ = TellingPins
    shop.pins.parent = parent  # type: ignore[attr-defined]
    for pin in (*[WRONG] * WRONG_TRIES, PINS[WHO]):
        answer = shop.enter(WHO, pin)
        parent.send(("answer", type(answer).__name__))
    shop.journal.close()
    parent.send(("end", ""))
