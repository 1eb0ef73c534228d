"""One quiet thread that asks and checks what a till's health wants to know, when nobody waits for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from cashier_app.errors import KnownError
from cashier_app.services.figures_check import StoppedError

logger = logging.getLogger(__name__)

ROUND_SECONDS = 60.0
FIRST_AFTER_SECONDS = 20.0
"""Nothing of this in the first moments of a till: the shop is being opened."""

Errand = Callable[[threading.Event], None]
"""Does what is due, if anything; ends soon after the event is set."""


class HealthErrands:
    """Runs each errand once a minute; every errand knows by itself how often it has something to do."""

    def __init__(self, errands: Sequence[Errand]) -> None:
        self._errands = tuple(errands)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="health errands", daemon=True)

    def start(self) -> None:
        """Begin, after a while."""
        self._thread.start()

    def ask_to_stop(self) -> None:
        """End after the request or slice it is in; returns at once."""
        self._stopping.set()

    def stop(self) -> None:
        """End, and wait for it: at most the deadline of one request."""
        self.ask_to_stop()
        if self._thread.ident is not None:
            self._thread.join()

    def run_all(self) -> None:
        """Run every errand once. One that fails is tried again at the next round."""
        for errand in self._errands:
            if self._stopping.is_set():
                return
            try:
                errand(self._stopping)
            except StoppedError:
                return
            except KnownError as error:
                logger.info("an errand was not done: %s", error.sentence)
            except Exception:
                logger.exception("an errand met a bug; the others go on")

    def _run(self) -> None:
        pause = FIRST_AFTER_SECONDS
        while not self._stopping.wait(pause):
            self.run_all()
            pause = ROUND_SECONDS
