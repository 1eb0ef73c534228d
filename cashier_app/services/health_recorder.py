"""Keeps what a till's health is judged by: spells offline and answer times, written when nobody waits."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, tzinfo

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.spells import MILLISECOND, split_by_day
from cashier_app.ports.clock import Clock
from cashier_app.ports.health import HealthRows, OfflineSpell
from cashier_app.services.answer_times import AnswerTimes
from cashier_app.services.connection import ConnectionWatch

logger = logging.getLogger(__name__)

_WriteSpell = Callable[[int, int, Mapping[date, int], datetime], None]

PROOF_WITHIN = timedelta(minutes=2)
"""An act so soon after the last look at a spell was still part of it; a later one belongs to another run."""

DAYS_KEPT = 400
MOST_CHANGES = 2000
"""Changes of the connection kept while the disk takes none; more are more than anybody can count on."""


class _Change(Struct, frozen=True):
    """The connection was lost or came back; `here` by the clock that never jumps, in seconds."""

    offline: bool
    at: datetime
    here: float


class _Spell(Struct, frozen=True):
    """The spell that is open; `written` is how much of it is in its row, in milliseconds."""

    number: int
    began: float
    written: int = 0


class HealthRecorder:
    """Hears of every change of the connection at once, and writes on the thread that calls `write`.

    Args:
        wake: Asks for a `write` soon; called on any thread, returns at once.
    """

    def __init__(
        self,
        rows: HealthRows,
        times: AnswerTimes,
        connection: ConnectionWatch,
        clock: Clock,
        zone: tzinfo,
        wake: Callable[[], None],
    ) -> None:
        self._rows = rows
        self._times = times
        self._connection = connection
        self._clock = clock
        self._zone = zone
        self._wake = wake
        self._noting = threading.Lock()
        self._writing = threading.Lock()
        self._offline = False
        self._changes: deque[_Change] = deque(maxlen=MOST_CHANGES)
        self._spell: _Spell | None = None
        connection.subscribe(self._heard)

    def unwritten(self) -> timedelta:
        """Return how much of a spell that is open is not written yet."""
        spell = self._spell
        if spell is None:
            return timedelta(0)
        lasted = round((self._clock.monotonic() - spell.began) * 1000)
        return max(lasted - spell.written, 0) * MILLISECOND

    def settle_left_open(self) -> OfflineSpell | None:
        """End the spell a killed process left open, at its last proof of life; return it as it is now.

        Raises:
            KnownError: The database cannot be written.
        """
        left = self._rows.open_spell()
        if left is None:
            return None
        proof, act = left.seen_at, self._rows.last_act()
        if act is not None and timedelta(0) < act - proof <= PROOF_WITHIN:
            proof = act
        more = (proof - left.seen_at) // MILLISECOND
        days = split_by_day(proof, more, self._zone)
        self._rows.cut_short(left.number, left.milliseconds + more, days, proof)
        logger.info("a spell offline was left open and ends at the last proof of life")
        return replace(left, seen_at=proof, milliseconds=left.milliseconds + more)

    def write(self) -> None:
        """Write what is known by now. Blocking; what cannot be written is written later.

        Raises:
            KnownError: The database cannot be written.
        """
        with self._writing:
            while (change := self._next()) is not None:
                self._write_change(change)
                self._changes.popleft()
            now, here = self._clock.now(), self._clock.monotonic()
            if self._spell is not None:
                self._grow(self._spell, now, here, self._rows.grow_spell)
            self._write_calls()
            self._rows.watch(now.astimezone(self._zone).date())

    def forget(self) -> None:
        """Let go of what is older than 400 days; for a clock that is believed."""
        today = self._clock.now().astimezone(self._zone).date()
        self._rows.forget_before(today - timedelta(days=DAYS_KEPT))

    def close(self) -> None:
        """Write all there is; a spell that is open ends with the till.

        Raises:
            KnownError: The database cannot be written.
        """
        self.write()
        with self._writing:
            if self._spell is not None:
                self._grow(self._spell, self._clock.now(), self._clock.monotonic(), self._rows.end_spell)
                self._spell = None

    def _heard(self) -> None:
        offline = not self._connection.online
        with self._noting:
            if offline == self._offline:
                return
            self._offline = offline
            self._changes.append(_Change(offline, self._clock.now(), self._clock.monotonic()))
        self._wake()

    def _next(self) -> _Change | None:
        with self._noting:
            return self._changes[0] if self._changes else None

    def _write_change(self, change: _Change) -> None:
        if change.offline and self._spell is None:
            self._spell = _Spell(self._rows.begin_spell(change.at), change.here)
        elif not change.offline and self._spell is not None:
            self._grow(self._spell, change.at, change.here, self._rows.end_spell)
            self._spell = None

    def _grow(self, spell: _Spell, at: datetime, here: float, write: _WriteSpell) -> None:
        lasted = max(round((here - spell.began) * 1000), spell.written)
        # Laid on the calendar piece by piece: a clock that is set right puts the rest on the right day.
        write(spell.number, lasted, split_by_day(at, lasted - spell.written, self._zone), at)
        self._spell = replace(spell, written=lasted)

    def _write_calls(self) -> None:
        counts = self._times.take()
        try:
            self._rows.add_calls(counts)
        except BaseException:
            self._times.give_back(counts)
            raise
