"""The journal in SQLite: sale, effects and audit row in one transaction, on disk before anybody is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

import apsw
from msgspec.structs import replace

from cashier_app.domain.member import Account, Member
from cashier_app.domain.outcome import Booked
from cashier_app.domain.sale import FORWARD, Effect, EffectKind, EffectState, Sale, SaleState
from cashier_app.domain.settlement import Settlement
from cashier_app.ports.journal import (
    DayFigures,
    EffectRow,
    QueueCounts,
    RecordedSale,
    SaleLine,
    SettledEffect,
    UnsentSale,
)
from cashier_app.storage import audit, reading, settling
from cashier_app.storage.database import Database
from cashier_app.storage.rows import EFFECT_COLUMNS, effect_row, from_json, moment, sale_of, to_json

_HEADS = """
FROM effect AS e
WHERE state IN ('waiting', 'unknown')
  AND NOT EXISTS (
    SELECT 1 FROM effect AS f
    WHERE f.account_key = e.account_key AND f.sequence < e.sequence
      AND f.state IN ('waiting', 'sending', 'unknown')
  )
"""
_DUE = f"SELECT {EFFECT_COLUMNS} {_HEADS} AND next_attempt_at <= ? ORDER BY sequence LIMIT ?"
_NEXT_DUE = f"SELECT min(next_attempt_at) {_HEADS}"
AT_ONCE = moment(datetime(1970, 1, 1, tzinfo=UTC))
"""When an effect may be sent that waits for nothing: past whatever the clock may be set to."""


class SqliteJournal:
    """The `Journal` in one SQLite file; see the port for what each method promises.

    Args:
        path: The database file, made when missing.
        till: The till's number, first part of each sale number.
    """

    def __init__(self, path: Path, till: str) -> None:
        self._database = Database(path)
        self._till = till

    def open_draft(self, sale_id: str, effect: Effect) -> None:
        """Record that points are about to be held, before anybody is asked to hold them."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO sale (sale_id, state, opened_at) VALUES (?, 'draft', ?)",
                (sale_id, moment(effect.at)),
            )
            _insert(connection, effect, EffectState.SENDING)
            audit.append(connection, effect.at, sale_id, "draft opened", str(effect.points))

    def reservation_made(self, sale_id: str, booked: Booked | None, answer: str) -> None:
        """Record how the hold went: booked, or refused, or (answer `unknown`) in doubt."""
        with self._database.writing() as connection:
            row = connection.execute(
                f"SELECT {EFFECT_COLUMNS} FROM effect WHERE sale_id = ? AND kind = ?",  # noqa: S608 - a constant
                (sale_id, EffectKind.RESERVE.value),
            ).fetchone()
            if row is None:
                raise ValueError("a reservation needs its draft")
            reserve = effect_row(row)
            state = EffectState.POSTED if booked else EffectState.DROPPED
            if answer == EffectState.UNKNOWN:
                state = EffectState.UNKNOWN
            _move(connection, reserve, state, answer=answer, at=reserve.effect.at, booked=booked)

    def commit_sale(self, sale: Sale, effects: Sequence[Effect]) -> Sale:
        """Write sale, effects and audit row in one transaction; a second commit returns the first."""
        with self._database.writing() as connection:
            found = connection.execute(
                "SELECT state, body FROM sale WHERE sale_id = ?", (sale.sale_id,)
            ).fetchone()
            if found and found[0] == SaleState.COMMITTED:
                return sale_of(found[1])
            if found and found[0] == SaleState.ABANDONED:
                raise ValueError("an abandoned sale cannot be committed")
            (last,) = connection.execute("SELECT coalesce(max(counter), 0) FROM sale").fetchone() or (0,)
            counter = int(str(last)) + 1
            numbered = replace(sale, number=f"{self._till}-{counter:04d}")
            connection.execute(
                "INSERT INTO sale (sale_id, state, opened_at, counter, committed_at, has_member, body) "
                "VALUES (?, 'committed', ?, ?, ?, ?, ?) "
                "ON CONFLICT (sale_id) DO UPDATE SET state = 'committed', counter = excluded.counter, "
                "committed_at = excluded.committed_at, has_member = excluded.has_member, "
                "body = excluded.body",
                (
                    sale.sale_id,
                    moment(sale.at),
                    counter,
                    moment(sale.at),
                    int(sale.way is not None),
                    to_json(numbered),
                ),
            )
            for effect in effects:
                _insert(connection, effect, EffectState.WAITING)
            audit.append(connection, sale.at, sale.sale_id, "committed", f"{counter} {sale.paid.minor}")
            return numbered

    def abandon_draft(self, sale_id: str, release: Effect | None, reason: str) -> None:
        """Close a draft whose customer did not pay, queueing the release of what may be held."""
        with self._database.writing() as connection:
            found = connection.execute(
                "UPDATE sale SET state = 'abandoned' WHERE sale_id = ? AND state = 'draft' "
                "RETURNING opened_at",
                (sale_id,),
            ).fetchone()
            if found is None:
                return
            at = release.at if release else datetime.fromisoformat(str(found[0]))
            if release is not None:
                _insert(connection, release, EffectState.WAITING)
            audit.append(connection, at, sale_id, "abandoned", reason)

    def drafts(self) -> list[EffectRow]:
        """Return the holds of drafts that are neither committed nor abandoned."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {EFFECT_COLUMNS} FROM effect WHERE kind = ? "  # noqa: S608 - a constant
                "AND sale_id IN (SELECT sale_id FROM sale WHERE state = 'draft') ORDER BY sequence",
                (EffectKind.RESERVE.value,),
            )
            return [effect_row(row) for row in rows]

    def due(self, now: datetime, limit: int) -> list[EffectRow]:
        """Return effects to send now: oldest first, one per account, none behind an unfinished one."""
        with self._database.reading() as connection:
            return [effect_row(row) for row in connection.execute(_DUE, (moment(now), limit))]

    def next_due_at(self) -> datetime | None:
        """Return when the earliest unsent effect may be tried, or None when nothing waits."""
        with self._database.reading() as connection:
            row = connection.execute(_NEXT_DUE).fetchone()
        return None if row is None or row[0] is None else datetime.fromisoformat(str(row[0]))

    def move(
        self,
        key: str,
        state: EffectState,
        *,
        answer: str,
        at: datetime,
        next_attempt_at: datetime | None = None,
        booked: Booked | None = None,
    ) -> None:
        """Move an effect forward, with its audit row, in one transaction."""
        with self._database.writing() as connection:
            row = connection.execute(
                f"SELECT {EFFECT_COLUMNS} FROM effect WHERE key = ?",  # noqa: S608 - a constant
                (key,),
            ).fetchone()
            if row is None:
                raise ValueError("no such effect")
            _move(
                connection,
                effect_row(row),
                state,
                answer=answer,
                at=at,
                next_attempt_at=next_attempt_at,
                booked=booked,
            )

    def postpone(self, key: str, *, answer: str, at: datetime, next_attempt_at: datetime) -> None:
        """Record one more fruitless look-up of an effect in doubt, and when to look again."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE effect SET attempts = attempts + 1, last_answer = ?, last_attempt_at = ?, "
                "next_attempt_at = ? WHERE key = ? AND state = 'unknown'",
                (answer, moment(at), moment(next_attempt_at), key),
            )
            audit.append(connection, at, key, "still unknown", answer)

    def make_due(self, key: str | None = None) -> None:
        """Let waiting effects (or one of them) be tried at once, whatever their backoff says."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE effect SET next_attempt_at = ?1 "
                "WHERE state IN ('waiting', 'unknown') AND (?2 IS NULL OR key = ?2) AND next_attempt_at <> ?1",
                (AT_ONCE, key),
            )

    def interrupted(self) -> list[EffectRow]:
        """Return effects a dead process left in `SENDING`."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {EFFECT_COLUMNS} FROM effect WHERE state = 'sending' ORDER BY sequence"  # noqa: S608 - a constant
            )
            return [effect_row(row) for row in rows]

    def effects_of(self, sale_id: str) -> list[EffectRow]:
        """Return a sale's effects in order."""
        with self._database.reading() as connection:
            return reading.effects_of(connection, sale_id)

    def sale(self, sale_id: str) -> tuple[Sale, SaleState] | None:
        """Return a committed sale by its id."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT body, state FROM sale WHERE sale_id = ? AND state = 'committed'", (sale_id,)
            ).fetchone()
        return None if row is None else (sale_of(row[0]), SaleState(str(row[1])))

    def unsent(self, limit: int = 500) -> list[UnsentSale]:
        """Return committed sales not wholly posted, those that need attention first, then oldest first."""
        with self._database.reading() as connection:
            return reading.unsent(connection, limit)

    def counts(self) -> QueueCounts:
        """Return how many sales wait and how many need a person."""
        with self._database.reading() as connection:
            return reading.counts(connection)

    def oldest_unsent(self) -> datetime | None:
        """Return when the oldest sale not wholly posted was made, UTC."""
        with self._database.reading() as connection:
            return settling.oldest_unsent(connection)

    def settle_by_hand(self, settlement: Settlement) -> bool:
        """End an effect that needs attention as a manager says, in one transaction with who and why."""
        with self._database.writing() as connection:
            found = connection.execute(
                f"SELECT {EFFECT_COLUMNS} FROM effect WHERE key = ?",  # noqa: S608 - a constant
                (settlement.key,),
            ).fetchone()
            row = None if found is None else effect_row(found)
            if row is None or row.state is not EffectState.NEEDS_ATTENTION:
                return False
            state, answer = settling.ending(settlement.truth)
            _move(connection, row, state, answer=answer, at=settlement.at)
            settling.record(connection, settlement)
            return True

    def settled(self, limit: int = 500) -> list[SettledEffect]:
        """Return what was settled by hand, the newest first."""
        with self._database.reading() as connection:
            return settling.settled(connection, limit)

    def count_recorded(self, since: datetime) -> int:
        """Return how many sales with effects were made since then."""
        with self._database.reading() as connection:
            return settling.count_recorded(connection, since)

    def recorded(self, since: datetime, after: int, limit: int) -> list[RecordedSale]:
        """Return sales with effects made since then, behind this count, in the order of their numbers."""
        with self._database.reading() as connection:
            return settling.recorded(connection, since, after, limit)

    def note(self, subject: str, event: str, detail: str, at: datetime) -> None:
        """Write a row of the audit log about something that moved nothing here."""
        with self._database.writing() as connection:
            audit.append(connection, at, subject, event, detail)

    def recent(self, limit: int) -> list[SaleLine]:
        """Return the newest sales first."""
        with self._database.reading() as connection:
            return reading.recent(connection, limit)

    def day_figures(self, day: date, zone: tzinfo) -> DayFigures:
        """Return the figures of one day in this time zone."""
        with self._database.reading() as connection:
            return reading.day_figures(connection, day, zone)

    def first_broken_audit_row(self) -> int | None:
        """Return the sequence of the first audit row that does not follow from the one before, or None."""
        with self._database.reading() as connection:
            return audit.first_break(connection)

    def remember_member(self, lookup_key: str, member: Member, account: Account) -> None:
        """Keep what was shown for a member, to be shown as old while offline; the key is a hash."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO member_seen VALUES (?, ?, ?, ?)",
                (lookup_key, to_json(member), to_json(account), moment(account.as_of)),
            )

    def remembered_member(self, lookup_key: str) -> tuple[Member, Account] | None:
        """Return what was last known of a member."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT member, account FROM member_seen WHERE lookup_key = ?", (lookup_key,)
            ).fetchone()
        return None if row is None else (from_json(row[0], Member), from_json(row[1], Account))

    def remember(self, name: str, text: str) -> None:
        """Keep a document under a name, replacing the one before."""
        with self._database.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (name, text))

    def recall(self, name: str) -> str | None:
        """Return a kept document."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT text FROM kept WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def close(self) -> None:
        """Close this process's connections."""
        self._database.close()


def _insert(connection: apsw.Connection, effect: Effect, state: EffectState) -> None:
    connection.execute(
        "INSERT INTO effect (key, sale_id, kind, account_key, body, state, next_attempt_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            effect.key,
            effect.sale_id,
            effect.kind.value,
            effect.account_key,
            to_json(effect),
            state.value,
            AT_ONCE,
        ),
    )


def _move(
    connection: apsw.Connection,
    row: EffectRow,
    state: EffectState,
    *,
    answer: str,
    at: datetime,
    next_attempt_at: datetime | None = None,
    booked: Booked | None = None,
) -> None:
    if state not in FORWARD[row.state]:
        raise ValueError(f"an effect cannot go from {row.state} to {state}")
    sending = state is EffectState.SENDING
    connection.execute(
        "UPDATE effect SET state = ?, attempts = attempts + ?, next_attempt_at = ?, "
        "last_attempt_at = coalesce(?, last_attempt_at), last_answer = ?, booked = coalesce(?, booked), "
        "in_doubt_since = coalesce(in_doubt_since, ?) WHERE key = ?",
        (
            state.value,
            int(sending),
            moment(next_attempt_at or row.next_attempt_at),
            moment(at) if sending else None,
            answer,
            None if booked is None else to_json(booked),
            moment(row.last_attempt_at or row.effect.at) if state is EffectState.UNKNOWN else None,
            row.effect.key,
        ),
    )
    if state in {EffectState.POSTED, EffectState.DROPPED} and row.effect.identified_by:
        # It is never sent again; the phone number or code was kept only to find the member.
        wiped = to_json(replace(row.effect, identified_by=""))
        connection.execute(
            "UPDATE effect SET body = ?, account_key = '' WHERE key = ?", (wiped, row.effect.key)
        )
    audit.append(connection, at, row.effect.key, state.value, answer)
