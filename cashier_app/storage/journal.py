"""The journal in SQLite: sale, effects and audit row in one transaction, on disk before anybody is told."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import apsw
from msgspec.structs import replace

from cashier_app.domain.member import Account, Member
from cashier_app.domain.outcome import Booked
from cashier_app.domain.sale import OF_SALES, Effect, EffectKind, EffectState, Sale, SaleState
from cashier_app.ports.journal import (
    ChangedSinceError,
    EffectRow,
    QueueCounts,
    SaleLine,
    Seen,
    UnsentSale,
)
from cashier_app.ports.local_state import LocalState, Recovery
from cashier_app.storage import (
    audit,
    backup_marks,
    backups,
    checks,
    due_effects,
    effect_rows,
    reading,
    return_rows,
)
from cashier_app.storage.act_rows import ActRows
from cashier_app.storage.database import COUNT_FLOOR, DamagedError, Database
from cashier_app.storage.figure_rows import FigureRows
from cashier_app.storage.installation import Installation
from cashier_app.storage.ledger_feed import LedgerRows
from cashier_app.storage.member_cache import MemberCache
from cashier_app.storage.offline_rows import OfflineRows, note_uses
from cashier_app.storage.recoveries import RECOVERY_NAME, recovery_in
from cashier_app.storage.reserve import Reserve, with_reserve
from cashier_app.storage.rollups import Rollups
from cashier_app.storage.rows import (
    AT_ONCE,
    EFFECT_COLUMNS,
    effect_row,
    moment,
    sale_of,
    to_json,
)
from cashier_app.storage.seals import (
    EFFECT_HOLDS,
    KEPT_HOLDS,
    SALE_HOLDS,
    SEAL_EFFECT,
    SEAL_KEPT,
    SEAL_SALE,
    Seals,
)
from cashier_app.storage.settled_rows import SettledRows
from cashier_app.storage.sold_rows import SoldRows

_LAST_COUNT = f"""
SELECT max(
  coalesce((SELECT max(counter) FROM sale), 0),
  coalesce((SELECT CAST(text AS INTEGER) FROM kept WHERE name = '{COUNT_FLOOR}'), 0))
"""  # noqa: S608 - constants

_HOW_FAR = (
    "SELECT coalesce((SELECT max(counter) FROM sale), 0), coalesce((SELECT max(sequence) FROM audit), 0)"
)


class SqliteJournal(ActRows, FigureRows, LedgerRows, OfflineRows, SettledRows, SoldRows):
    """The `Journal` in one SQLite file; see the port for what each method promises.

    Args:
        path: The database file, made when missing.
        till: The till's number, first part of each sale number.
        row_seals: Made from the key beside the file when not given.
        zone: The shop's, whose days those are that were recorded before its clock was.
        alone: This process holds the folder's lock; see `Database`.
    """

    def __init__(
        self,
        path: Path,
        till: str,
        row_seals: Seals | None = None,
        zone: tzinfo = UTC,
        *,
        alone: bool = False,
    ) -> None:
        self._database = Database(path, row_seals, alone=alone)
        self.rollups = Rollups(lambda: self._database.seals, zone)
        self.rollups.also = self.tell_ledger
        self._till = till
        self._installation = Installation(path.parent)
        self._members = MemberCache(self._database.seals.key)
        self._damaged_rows = 0
        self.reserve = Reserve(path.parent)
        self.recovery: Recovery | None = None
        """What was rescued at this start, or None when nothing was wrong."""
        self._database.committed = self._note
        self._bring_figures_up_to_date()
        if not self._installation.existed():
            with self._database.reading() as connection:
                self._note(connection)

    @property
    def database(self) -> Database:
        """Return the database, for what else keeps it in order."""
        return self._database

    @with_reserve
    def open_draft(self, sale_id: str, effect: Effect) -> None:
        """Record that points are about to be held, before anybody is asked to hold them."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO sale (sale_id, state, opened_at) VALUES (?, 'draft', ?)",
                (sale_id, moment(effect.at)),
            )
            connection.execute(SEAL_SALE, (sale_id,))
            effect_rows.insert(connection, effect, EffectState.SENDING)
            audit.append(connection, effect.at, sale_id, "draft opened", str(effect.points))

    @with_reserve
    def reservation_made(self, sale_id: str, booked: Booked | None, answer: str) -> None:
        """Record how the hold went: booked, or refused, or (answer `unknown`) in doubt."""
        with self._database.writing() as connection:
            reserve = effect_rows.hold_of(connection, sale_id)
            state = EffectState.POSTED if booked else EffectState.DROPPED
            if answer == EffectState.UNKNOWN:
                state = EffectState.UNKNOWN
            effect_rows.move(
                connection, self.rollups, reserve, state, answer=answer, at=reserve.effect.at, booked=booked
            )

    @with_reserve
    def commit_sale(
        self,
        sale: Sale,
        effects: Sequence[Effect],
        undoing: Sequence[Effect] = (),
        seen: Seen | None = None,
    ) -> Sale:
        """Write sale, effects and audit row in one transaction; a second commit returns the first."""
        with self._database.writing() as connection:
            found = connection.execute(
                f"SELECT state, body FROM sale WHERE sale_id = ? AND {SALE_HOLDS}",  # noqa: S608 - a constant
                (sale.sale_id,),
            ).fetchone()
            if found and found[0] == SaleState.COMMITTED:
                return sale_of(found[1])
            if found and found[0] == SaleState.ABANDONED:
                raise ValueError("an abandoned sale cannot be committed")
            if (
                found is None
                and connection.execute("SELECT 1 FROM sale WHERE sale_id = ?", (sale.sale_id,)).fetchone()
            ):
                raise DamagedError(effect_rows.DAMAGED)
            (last,) = connection.execute(_LAST_COUNT).fetchone() or (0,)
            counter = int(str(last)) + 1
            numbered = replace(sale, number=f"{self._till}-{counter:04d}")
            kinds = [effect.kind.value for effect in effects if effect.kind in OF_SALES]
            connection.execute(
                "INSERT INTO sale (sale_id, state, opened_at, counter, committed_at, has_member, body, "
                "effects) VALUES (?, 'committed', ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (sale_id) DO UPDATE SET state = 'committed', counter = excluded.counter, "
                "committed_at = excluded.committed_at, has_member = excluded.has_member, "
                "body = excluded.body, effects = excluded.effects",
                (
                    sale.sale_id,
                    moment(sale.at),
                    counter,
                    moment(sale.at),
                    int(sale.way is not None),
                    to_json(numbered),
                    len(kinds),
                ),
            )
            connection.execute(SEAL_SALE, (sale.sale_id,))
            if undoing and not return_rows.undo(connection, self.rollups, undoing, seen):
                raise ChangedSinceError
            for effect in effects:
                effect_rows.insert(connection, effect, EffectState.WAITING)
            told = f"{counter} {sale.paid.minor} {','.join(kinds)}".rstrip()
            audit.append(connection, sale.at, sale.sale_id, "committed", told)
            if sale.moved_from:
                audit.append(connection, sale.at, sale.sale_id, "moved from", sale.moved_from)
            note_uses(connection, effects)
            self.rollups.finished(connection, numbered, effects)
        return numbered

    @with_reserve
    def abandon_draft(self, sale_id: str, release: Effect | None, reason: str) -> None:
        """Close a draft whose customer did not pay, queueing the release of what may be held."""
        with self._database.writing() as connection:
            found = connection.execute(
                "UPDATE sale SET state = 'abandoned' WHERE sale_id = ? AND state = 'draft' "  # noqa: S608 - ours
                f"AND {SALE_HOLDS} RETURNING opened_at",
                (sale_id,),
            ).fetchone()
            if found is None:
                return
            at = release.at if release else datetime.fromisoformat(str(found[0]))
            connection.execute(SEAL_SALE, (sale_id,))
            if release is not None:
                effect_rows.insert(connection, release, EffectState.WAITING)
            audit.append(connection, at, sale_id, "abandoned", reason)

    def drafts(self) -> list[EffectRow]:
        """Return the holds of drafts that are neither committed nor abandoned."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {EFFECT_COLUMNS} FROM effect WHERE kind = ? AND {EFFECT_HOLDS} "  # noqa: S608 - ours
                "AND sale_id IN (SELECT sale_id FROM sale WHERE state = 'draft') ORDER BY sequence",
                (EffectKind.RESERVE.value,),
            )
            return [effect_row(row) for row in rows]

    def due(self, now: datetime, limit: int) -> list[EffectRow]:
        """Return effects to send now: oldest first, one per account, none behind an unfinished one."""
        with self._database.reading() as connection:
            return due_effects.due(connection, now, limit)

    def next_due_at(self) -> datetime | None:
        """Return when the earliest unsent effect may be tried, or None when nothing waits."""
        with self._database.reading() as connection:
            return due_effects.next_due_at(connection)

    @with_reserve
    def move(
        self,
        key: str,
        state: EffectState,
        *,
        answer: str,
        at: datetime,
        next_attempt_at: datetime | None = None,
        booked: Booked | None = None,
        was: EffectState | None = None,
    ) -> bool:
        """Move an effect forward, with its audit row, in one transaction; False if it is not where it was."""
        with self._database.writing() as connection:
            row = effect_rows.by_key(connection, key)
            if was is not None and row.state is not was:
                return False
            effect_rows.move(
                connection,
                self.rollups,
                row,
                state,
                answer=answer,
                at=at,
                next_attempt_at=next_attempt_at,
                booked=booked,
            )
        return True

    @with_reserve
    def postpone(self, key: str, *, answer: str, at: datetime, next_attempt_at: datetime) -> None:
        """Record one more fruitless look-up of an effect in doubt, and when to look again."""
        with self._database.writing() as connection:
            postponed = connection.execute(
                "UPDATE effect SET attempts = attempts + 1, last_answer = ?, last_attempt_at = ?, "  # noqa: S608
                f"next_attempt_at = ? WHERE key = ? AND state = 'unknown' AND {EFFECT_HOLDS} RETURNING 1",
                (answer, moment(at), moment(next_attempt_at), key),
            ).fetchone()
            if postponed is None:
                return
            connection.execute(SEAL_EFFECT, (key,))
            audit.append(connection, at, key, "still unknown", answer)

    @with_reserve
    def make_due(self, key: str | None = None) -> None:
        """Let waiting effects (or one of them) be tried at once, whatever their backoff says."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE effect SET next_attempt_at = ?1 "
                "WHERE state IN ('waiting', 'unknown') AND (?2 IS NULL OR key = ?2) "
                "AND next_attempt_at <> ?1",
                (moment(AT_ONCE), key),
            )

    def interrupted(self) -> list[EffectRow]:
        """Return effects a dead process left in `SENDING`."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {EFFECT_COLUMNS} FROM effect "  # noqa: S608 - a constant
                f"WHERE state = 'sending' AND {EFFECT_HOLDS} ORDER BY sequence"
            )
            return [effect_row(row) for row in rows]

    def effects_of(self, sale_id: str) -> list[EffectRow]:
        """Return a sale's effects in order."""
        with self._database.reading() as connection:
            return reading.effects_of(connection, sale_id)

    def references_since(self, since: datetime) -> tuple[str, ...]:
        """Return the backend's references of what was booked by attempts since then."""
        with self._database.reading() as connection:
            return reading.references_since(connection, since)

    def sale(self, sale_id: str) -> tuple[Sale, SaleState] | None:
        """Return a committed sale by its id, or another till's whose facts are kept."""
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT body, state, {SALE_HOLDS} FROM sale "  # noqa: S608 - a constant
                "WHERE sale_id = ? AND state IN ('committed', 'act')",
                (sale_id,),
            ).fetchone()
        if row is not None and not row[2]:
            raise DamagedError(effect_rows.DAMAGED)
        sale = None if row is None else sale_of(row[0])
        return None if row is None or sale is None or not sale.number else (sale, SaleState(str(row[1])))

    def unsent(self, limit: int = 500) -> list[UnsentSale]:
        """Return committed sales not wholly posted, those that need attention first, then oldest first."""
        with self._database.reading() as connection:
            return reading.unsent(connection, limit)

    def counts(self) -> QueueCounts:
        """Return how many sales wait and how many need a person."""
        with self._database.reading() as connection:
            return reading.counts(connection)

    def note(self, subject: str, event: str, detail: str, at: datetime) -> None:
        """Write a row of the audit log about something that moved nothing here."""
        with self._database.writing() as connection:
            audit.append(connection, at, subject, event, detail)

    def recent(self, limit: int) -> list[SaleLine]:
        """Return the newest sales first."""
        with self._database.reading() as connection:
            return reading.recent(connection, limit)

    def first_broken_audit_row(self) -> int | None:
        """Return the sequence of the first audit row that does not follow from the one before, or None."""
        with self._database.reading() as connection:
            return audit.first_break(connection)

    def remember_member(self, member: Member, account: Account, *lookup_keys: str) -> None:
        """Keep what was shown for a member, to be shown as old while offline; the keys are hashes."""
        with self._database.writing() as connection:
            for lookup_key in lookup_keys:
                self._members.remember(connection, lookup_key, member, account)

    def remembered_member(self, lookup_key: str) -> tuple[Member, Account] | None:
        """Return what was last known of a member."""
        with self._database.reading() as connection:
            return self._members.recall(connection, lookup_key)

    def remember(self, name: str, text: str) -> None:
        """Keep a document under a name, replacing the one before."""
        with self._database.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO kept (name, text) VALUES (?, ?)", (name, text))
            connection.execute(SEAL_KEPT, (name,))

    def recall(self, name: str) -> str | None:
        """Return a kept document; one that is damaged is as good as none."""
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT text FROM kept WHERE name = ? AND {KEPT_HOLDS}",  # noqa: S608 - a constant
                (name,),
            ).fetchone()
        return None if row is None else str(row[0])

    def look_for_damage(self) -> int:
        """Check every row now; return how many are damaged, until the next start sets them right. Blocking.

        Raises:
            KnownError: Whole pages are damaged, or the disk is failing.
        """
        with self._database.reading() as connection:
            self._damaged_rows = checks.damaged_rows(connection)
        return self._damaged_rows

    def back_up(self, at: datetime) -> Path:
        """Write a backup now and verify it; blocking, for a worker thread.

        Raises:
            KnownError: It could not be written, or the database is damaged.
        """
        self.look_for_damage()
        with self._database.reading() as connection:
            moves = backup_marks.moves_of(connection)
            backup = backups.make(connection, self._database.path, self._verify, at)
        self.remember(backup_marks.NAME, backup_marks.mark_of(backup, moves))
        return backup

    def local_state(self) -> LocalState:
        """Return room, reserve, backups and damage; blocking."""
        there = backups.all_of(self._database.path)
        made = (backups.made_at(backup) for backup in there)
        mark = backup_marks.mark_in(self.recall(backup_marks.NAME))
        with self._database.reading() as connection:
            unsaved_since = backup_marks.first_act_after(connection, mark)
        return LocalState(
            backup_test_read=bool(there) and backup_marks.is_of(mark, there[0]),
            unsaved_since=unsaved_since,
            free_bytes=self.reserve.free_bytes(),
            reserve_kept=self.reserve.kept,
            last_backup_at=next((at for at in made if at is not None), None),
            damaged_rows=self._damaged_rows,
            recovery=self.recovery or recovery_in(self.recall(RECOVERY_NAME)),
        )

    def close(self) -> None:
        """Close this process's connections."""
        self._installation.close()
        self._database.close()

    def _verify(self, backup: Path) -> None:
        checks.verify_file(backup, self._database.seals)

    def _note(self, connection: apsw.Connection) -> None:
        # It is committed: whatever fails here must not say that it is not.
        with suppress(apsw.Error):
            count, moves = connection.execute(_HOW_FAR).fetchone() or (0, 0)
            self._installation.note(int(str(count)), int(str(moves)))
