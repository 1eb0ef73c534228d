"""What the store's ledger is still to be told: kept with what it tells until the ledger has it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import apsw
from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.counting import Movement
from cashier_app.domain.ledger_line import act_of
from cashier_app.ports.ledger import FeedState, LedgerQueue, LineBrokenError, LineEnd, ToldMovement
from cashier_app.storage import ledger_fill
from cashier_app.storage.database import Database
from cashier_app.storage.rollups import Rollups
from cashier_app.storage.rows import from_json, to_json

_LINE = "SELECT line, store, till, confirmed, confirmed_mark, made, made_mark FROM ledger_line"
_FIRST = "SELECT 1 FROM member_first WHERE member = ? AND sale_id = ?"
_BEGIN = """
INSERT INTO ledger_line (one, line, store, till, sales_before, acts_before)
SELECT 1, ?, ?, ?,
  (SELECT coalesce(max(counter), 0) FROM sale), (SELECT coalesce(max(sequence), 0) FROM audit)
"""
_ADD = """
INSERT INTO ledger_feed (sequence, written_at, mark, body)
VALUES (?, strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'), ?, ?)
"""


class _Body(Struct, frozen=True):
    """What a row holds besides its place in the line."""

    act: str
    movement: Movement
    restated: bool = False
    whole: bool = True


class LedgerRows:
    """Methods of the journal; see `ports.ledger.LedgerFeed` for what each promises."""

    _database: Database
    rollups: Rollups

    def feed_state(self) -> FeedState | None:
        """Return the line that was begun, or None where nothing is kept for a ledger."""
        with self._database.reading() as connection:
            return _state(connection)

    def begin_feed(self, line: str, store: str, till: str) -> None:
        """Begin a new line: what waits is let go of, and everything is told again as it stands."""
        with self._database.writing() as connection:
            _forget(connection)
            connection.execute(_BEGIN, (line, store, till))

    def end_feed(self) -> None:
        """Keep nothing for a ledger any more."""
        with self._database.writing() as connection:
            _forget(connection)

    def next_movements(self, limit: int) -> list[ToldMovement]:
        """Return what is to be delivered next, in order; a damaged row breaks the line."""
        with self._database.reading() as connection:
            state = _state(connection)
            rows = connection.execute(
                "SELECT sequence, mark, body FROM ledger_feed ORDER BY sequence LIMIT ?", (limit,)
            ).fetchall()
        found: list[ToldMovement] = []
        before = LineEnd() if state is None else state.confirmed
        for sequence, mark, body in rows:
            if sequence != before.sequence + 1 or mark != _mark(before.mark, str(body)):
                raise LineBrokenError("A movement for the store's ledger is damaged; all is told again.")
            before = LineEnd(int(str(sequence)), str(mark))
            told = from_json(body, _Body)
            found.append(
                ToldMovement(before.sequence, before.mark, told.act, told.movement, told.restated, told.whole)
            )
        return found

    def mark_at(self, sequence: int) -> str | None:
        """Return the mark of a movement that waits here, or None when it does not."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT mark FROM ledger_feed WHERE sequence = ?", (sequence,)
            ).fetchone()
        return None if row is None else str(row[0])

    def confirm_feed(self, end: LineEnd) -> None:
        """Let go of everything up to there: the ledger has it."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM ledger_feed WHERE sequence <= ?", (end.sequence,))
            connection.execute(
                "UPDATE ledger_line SET confirmed = ?, confirmed_mark = ?", (end.sequence, end.mark)
            )

    def fill_feed(self, limit: int) -> bool:
        """Write some more sales of before into the line; False once all are in it."""
        with self._database.writing() as connection:
            row = connection.execute(
                "SELECT sales_told, sales_before, acts_told, acts_before FROM ledger_line"
            ).fetchone()
            sales_told, sales_before, acts_told, acts_before = (int(str(value)) for value in row or (0,) * 4)
            if sales_told < sales_before:
                told = min(sales_told + limit, sales_before)
                stood = list(ledger_fill.sold(connection, sales_told, told, self.rollups.zone))
                connection.execute("UPDATE ledger_line SET sales_told = ?", (told,))
            elif acts_told < acts_before:
                told, stood = ledger_fill.acted(connection, acts_told, acts_before, limit)
                if acts_told == 0:
                    stood += ledger_fill.beside(connection, self.rollups.zone)
                connection.execute("UPDATE ledger_line SET acts_told = ?", (told,))
            else:
                return False
            for one in stood:
                movement = self._with_first(connection, one.movement)
                _add(connection, _Body(one.act, movement, restated=True, whole=one.whole))
            return True

    def ledger_queue(self) -> LedgerQueue:
        """Return what waits, without trouble, which is not known here."""
        with self._database.reading() as connection:
            waiting, oldest = connection.execute(
                "SELECT count(*), min(written_at) FROM ledger_feed"
            ).fetchone() or (0, None)
            row = connection.execute(
                "SELECT sales_told < sales_before OR acts_told < acts_before FROM ledger_line"
            ).fetchone()
        at = None if oldest is None else datetime.fromisoformat(str(oldest))
        return LedgerQueue(int(str(waiting)), at, bool(row and row[0]))

    def tell_ledger(self, connection: apsw.Connection, movements: Sequence[Movement]) -> None:
        """Write movements into the line, inside the caller's transaction; nothing where there is none."""
        if connection.execute("SELECT 1 FROM ledger_line").fetchone() is None:
            return
        for movement in movements:
            _add(connection, _Body(act_of(movement.subject), self._with_first(connection, movement)))

    def _with_first(self, connection: apsw.Connection, movement: Movement) -> Movement:
        """Return a movement with its member only where this till saw them first: the ledger needs no more."""
        if not movement.member_id:
            return movement
        known = (self.rollups.member_key(movement.member_id), movement.subject)
        is_first = connection.execute(_FIRST, known).fetchone() is not None
        return movement if is_first else replace(movement, member_id="")


def _state(connection: apsw.Connection) -> FeedState | None:
    row = connection.execute(_LINE).fetchone()
    if row is None:
        return None
    line, store, till, confirmed, confirmed_mark, made, made_mark = row
    return FeedState(
        str(line),
        str(store),
        str(till),
        LineEnd(int(str(confirmed)), str(confirmed_mark)),
        LineEnd(int(str(made)), str(made_mark)),
    )


def _add(connection: apsw.Connection, body: _Body) -> None:
    text = to_json(body)
    sequence, before = connection.execute("SELECT made, made_mark FROM ledger_line").fetchone() or (0, "")
    made = LineEnd(int(str(sequence)) + 1, _mark(str(before), text))
    connection.execute(_ADD, (made.sequence, made.mark, text))
    connection.execute("UPDATE ledger_line SET made = ?, made_mark = ?", (made.sequence, made.mark))


def _forget(connection: apsw.Connection) -> None:
    connection.execute("DELETE FROM ledger_feed")
    connection.execute("DELETE FROM ledger_line")


def _mark(before: str, body: str) -> str:
    return hashlib.blake2b(body.encode(), key=before.encode(), digest_size=16).hexdigest()
