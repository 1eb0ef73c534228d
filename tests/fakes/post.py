"""A till's queue and its sender alone, with a backend that does all there is around a sale."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cashier_app.domain.sale import EffectState
from cashier_app.ports.journal import EffectRow
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.delivery import Delivery
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.backend_around import AroundBackend
from tests.fakes.clock import FakeClock
from tests.fakes.delivering import deliver_due
from tests.fakes.shop import COINS, PRIYA, RAHUL

OPEN = {EffectState.WAITING, EffectState.SENDING, EffectState.UNKNOWN}


class Post:
    """Nothing runs by itself: a test delivers, lets time pass and restarts."""

    def __init__(self, folder: Path, delivery: type[Delivery] = Delivery) -> None:
        self.clock = FakeClock()
        self.backend = AroundBackend(self.clock, COINS)
        self.backend.add(PRIYA, 1240, "phone:+919845012210")
        self.backend.add(RAHUL, 80, "phone:+919845098548")
        self._folder = folder
        self._kind = delivery
        (folder / "till.sqlite").write_bytes(_empty_journal())
        self._open()

    def _open(self) -> None:
        self.journal = SqliteJournal(self._folder / "till.sqlite", "2")
        # Processes die here, the power stays.
        self.journal.database.connection().execute("PRAGMA synchronous=OFF")
        self.connection = ConnectionWatch(self.clock)
        self.delivery = self._kind(self.backend, self.journal, self.clock, self.connection, random.Random(7))

    def restart(self) -> None:
        """Die, and start again."""
        self.journal.close()
        self._open()
        self.delivery.recover()

    def close(self) -> None:
        """Close the database."""
        self.journal.close()

    def rows(self) -> list[EffectRow]:
        """Return every effect there is, in order of birth."""
        ids = self.journal.database.connection().execute("SELECT DISTINCT sale_id FROM effect").fetchall()
        rows = [row for (one,) in ids for row in self.journal.effects_of(str(one))]
        return sorted(rows, key=lambda row: row.sequence)

    def states(self) -> list[EffectState]:
        """Return where they stand."""
        return [row.state for row in self.rows()]

    def row(self, key: str) -> EffectRow:
        """Return one effect."""
        return next(row for row in self.rows() if row.effect.key == key)

    def drain(self, rounds: int = 60) -> None:
        """Deliver until nothing is on its way, letting time pass whenever nothing is due."""
        for _ in range(rounds):
            if not self.connection.online:
                self.delivery.probe()
            moved = deliver_due(self.delivery)
            if not OPEN.intersection(self.states()):
                return
            if not moved:
                self.clock.advance(120)


@cache
def _empty_journal() -> bytes:
    """Return the file of a till that has not sold anything: making it anew takes longer than most tests."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "till.sqlite"
        SqliteJournal(path, "2").close()
        return path.read_bytes()
