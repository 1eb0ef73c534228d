"""One PIN checked at the door, its try counted on disk first, against bare Argon2id."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from cashier_app.ports.clock import SystemClock
from cashier_app.ports.credentials import Secret
from cashier_app.security.pins import Cost, PepperedPins
from cashier_app.services.doorkeeper import Doorkeeper
from cashier_app.services.sign_in import Allowed
from cashier_app.services.staff_office import StaffOffice
from tests.benchmarks.goal import Goal
from tests.fakes.staff_book import MEERA, PEPPER, PINS, open_shop

RUNS = 25
MOST_TIMES_BARE = 1.5
SIX_DIGITS = 10**6


def measure() -> list[Goal]:
    """Check PINs and hash as many bare, by turns."""
    cost = Cost()
    with tempfile.TemporaryDirectory() as name:
        shop = open_shop(Path(name), SystemClock())
        pins = PepperedPins(lambda: PEPPER)
        StaffOffice(shop.book, pins, shop.clock, 6).add(MEERA, Secret(PINS["meera"]), "bench")
        door = Doorkeeper(shop.book, pins, shop.clock)

        def checked() -> None:
            assert isinstance(door.enter("meera", Secret(PINS["meera"])), Allowed)

        took, bare = _by_turns(checked, lambda: _bare(cost))
        shop.journal.close()
    hours = SIX_DIGITS * median(bare) / 3600
    detail = (
        f"{median(took) * 1000:.0f} ms, bare Argon2id ({cost.memory // 1024} MiB, t={cost.passes}, "
        f"p={cost.lanes}) {median(bare) * 1000:.0f} ms; all {SIX_DIGITS:,} PINs {hours:.0f} h here with the "
        "pepper, never without (2^256 keys)"
    )
    return [Goal("one PIN, times bare Argon2id", median(took) / median(bare), MOST_TIMES_BARE, detail)]


def _by_turns(ours: Callable[[], None], bare: Callable[[], None]) -> tuple[list[float], list[float]]:
    figures: tuple[list[float], list[float]] = [], []
    for _ in range(RUNS):
        for work, into in ((ours, figures[0]), (bare, figures[1])):
            started = time.perf_counter()
            work()
            into.append(time.perf_counter() - started)
    return figures


def _bare(cost: Cost) -> None:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(
        salt=bytes(16), length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory
    )
    kdf.derive(b"582714")


if __name__ == "__main__":
    for goal in measure():
        print(goal)
