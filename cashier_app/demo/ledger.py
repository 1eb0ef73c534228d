"""The demo ledger: every point that moves is a row with the balance after it, in SQLite."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import apsw
import msgspec
from msgspec import Struct

from cashier_app.demo import schema
from cashier_app.demo.shop import MemberRow
from cashier_app.documents.problems import ProgramError
from cashier_app.documents.program_document import DocumentKind, program_value, read_program
from cashier_app.domain.program import Program
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock

Document = dict[str, object]
"""A JSON object about to be sent."""

Row = tuple[Any, ...]

BUSY_MILLISECONDS = 5000

MemberKey = Literal["member_id", "phone", "number", "token"]

_MEMBERS = (
    "SELECT member_id, name, phone, number, blocked_since, last_visit, store_credit, lapse_units, lapse_on,"
    " balance, spend, version FROM members WHERE "
)
_MEMBERS_BY: dict[MemberKey, str] = {
    "member_id": _MEMBERS + "member_id = ?",
    "phone": _MEMBERS + "phone = ? ORDER BY member_id LIMIT 20",
    "number": _MEMBERS + "number = ?",
    "token": _MEMBERS + "token = ?",
}


# What comes of a write.
class Done(Struct, frozen=True):
    """It took hold now."""

    answer: Document


class Replayed(Struct, frozen=True):
    """It had taken hold before; this is the answer given then."""

    answer: Document


class Declined(Struct, frozen=True):
    """It did not take hold and left nothing behind.

    Args:
        code: The contract's stable word for why.
        member_id: Whose account, as it stands, belongs to the answer; or empty.
        more: Further members of the problem document.
    """

    code: str
    detail: str
    status: int = 409
    member_id: str = ""
    more: Document | None = None


Written = Done | Replayed | Declined


class Write(Struct, frozen=True):
    """A write as asked for: its key, what it does, its sale, and a digest of the whole request."""

    key: str
    kind: str
    sale_id: str
    fingerprint: bytes


class Movement(Struct, frozen=True):
    """One row of the ledger; points in smallest units, spend in minor units."""

    sequence: int
    key: str
    kind: str
    member_id: str
    sale_id: str
    units: int
    balance_after: int
    spend: int
    at: str
    booked_at: str


class Lapsed(Struct, frozen=True):
    """Points that expired, as one row of the ledger; points in smallest units, above zero."""

    sequence: int
    units: int
    at: str


class OpenReservation(Struct, frozen=True):
    """One hold that is neither ended nor run out; points in smallest units, times RFC 3339."""

    key: str
    sale_id: str
    member_id: str
    reservation_id: str
    units: int
    since: str
    expires_at: str


_DECLINED_BY = {
    "never_below_zero": ("balance_too_low", "the balance does not cover it"),
    "refunds_within_sale": ("not_allowed", "more would be returned than was sold"),
    "sales.sale_id": ("not_allowed", "this sale is booked already"),
    "movements.reservation_id": ("reservation_gone", "the reservation was used or given back already"),
    "members.number": ("not_allowed", "another member has this number"),
    "voucher_used_up": ("voucher_gone", "the voucher was used already"),
    "members.token": ("not_allowed", "another member has this wallet code"),
}
"""What the database forbids, in the words of the contract."""


class Ledger:
    """Members, movements and answered writes. Safe from any thread: one connection behind one lock.

    Args:
        database: The file; None keeps everything in memory.

    Raises:
        KnownError: The file cannot be opened or is no database.
    """

    def __init__(self, clock: Clock, database: Path | None = None) -> None:
        self.clock = clock
        self._lock = threading.RLock()
        try:
            self._connection = apsw.Connection(":memory:" if database is None else str(database))
            self._prepare()
        except apsw.Error as error:
            raise KnownError(f"The ledger {database} cannot be opened.", detail=str(error)) from error

    def _prepare(self) -> None:
        self._connection.set_busy_timeout(BUSY_MILLISECONDS)
        # EXTRA while switching to WAL: with less, a power cut may bring the old journal back.
        pragmas = {
            "foreign_keys": True,
            "trusted_schema": False,
            "synchronous": "EXTRA",
            "journal_mode": "WAL",
        }
        for pragma, value in pragmas.items():
            self._connection.pragma(pragma, value)
        self._connection.pragma("synchronous", "FULL")
        if self._connection.pragma("user_version") != schema.VERSION:
            self._begin_anew()

    def _begin_anew(self) -> None:
        """Make the tables; what an earlier version practised with is worth nothing.

        Raises:
            KnownError: What stands there is no ledger of ours.
        """
        tables = {name for (name,) in self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        if tables and not {"movements", "reservations", "programs"} <= tables:
            raise KnownError("This database belongs to another program. It was left as it is.")
        if tables:
            self._connection.config(apsw.SQLITE_DBCONFIG_RESET_DATABASE, 1)
            try:
                self.execute("VACUUM")
            finally:
                self._connection.config(apsw.SQLITE_DBCONFIG_RESET_DATABASE, 0)
        with self.transaction():
            self.execute(schema.SCHEMA)
            self._connection.pragma("user_version", schema.VERSION)

    def close(self) -> None:
        """Close the database; further calls are bugs."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do what follows wholly or not at all; inside another transaction, as a part of it."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.execute("ROLLBACK")
                raise
            self.execute("COMMIT")

    def rows(self, sql: str, values: tuple[object, ...] = ()) -> list[Row]:
        """Return the rows of a statement."""
        with self._lock:
            return list(self._connection.execute(sql, values))

    def execute(self, sql: str, values: tuple[object, ...] = ()) -> None:
        """Run a statement for what it does."""
        self.rows(sql, values)

    def write_once(self, write: Write, act: Callable[[], Done | Declined]) -> Written:
        """Run `act` in a transaction, unless this key's write took hold before: then answer as then."""
        try:
            with self.transaction():
                try:
                    self.execute(
                        "INSERT INTO effects (key, kind, sale_id, fingerprint) VALUES (?, ?, ?, ?)",
                        (write.key, write.kind, write.sale_id, write.fingerprint),
                    )
                except apsw.ConstraintError:
                    return self._answered_before(write)
                written = _undone_unless_done(act())
                answer = msgspec.json.encode(written.answer).decode()
                self.execute("UPDATE effects SET answer = ? WHERE key = ?", (answer, write.key))
                return written
        except _Undo as undo:
            return undo.declined

    def find_effect(self, key: str) -> Document | None:
        """Return the answer given when this key's write took hold, or None."""
        found = self.rows("SELECT answer FROM effects WHERE key = ?", (key,))
        return msgspec.json.decode(found[0][0], type=dict[str, object]) if found else None

    def member(self, member_id: str) -> MemberRow | None:
        """Return a member as they stand now: holds that ran out given back, points that lapsed gone."""
        with self.transaction():
            self.settle(member_id)
            found = self.read_members("member_id", member_id)
        return found[0] if found else None

    def read_members(self, by: MemberKey, value: str) -> list[MemberRow]:
        """Return the members this value belongs to, as last booked."""
        return [_member_row(row) for row in self.rows(_MEMBERS_BY[by], (value,))]

    def move(
        self,
        key: str,
        kind: str,
        member_id: str,
        units: int,
        *,
        at: datetime,
        sale_id: str = "",
        spend: int = 0,
        reservation_id: str | None = None,
    ) -> None:
        """Write one movement. The database decides whether it may be."""
        balance = self.rows("SELECT balance FROM members WHERE member_id = ?", (member_id,))[0][0]
        values = (key, kind, member_id, sale_id, reservation_id, units, balance + units, spend)
        try:
            self.execute(
                "INSERT INTO movements (key, kind, member_id, sale_id, reservation_id, units, balance_after,"
                " spend, at, booked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, stamp(at), stamp(self.clock.now())),
            )
        except apsw.ConstraintError as error:
            gone = kind == "capture" and "never_below_zero" in str(error)
            raise _Undo(_hold_ran_out(member_id)) if gone else undo_for(error, member_id) from error

    def movements(self, *, sale_id: str = "", member_id: str = "") -> list[Movement]:
        """Return the movements of a sale, or of a member, in the order they were booked."""
        sql = (
            "SELECT sequence, key, kind, member_id, sale_id, units, balance_after, spend, at, booked_at"
            " FROM movements WHERE sale_id = ?1 AND ?1 <> '' OR member_id = ?2 ORDER BY sequence LIMIT 1000"
        )
        return [Movement(*row) for row in self.rows(sql, (sale_id, member_id))]

    def settle(self, member_id: str) -> None:
        """Book what time has done: holds that ran out and points that lapsed. Inside a transaction."""
        now = self.clock.now()
        for reservation_id, sale_id, units, lapsing in self.rows(
            "SELECT reservation_id, sale_id, units, lapsing_units FROM reservations AS r"
            " WHERE member_id = ? AND expires_at <= ? AND NOT EXISTS (SELECT 1 FROM movements AS m WHERE"
            " m.reservation_id = r.reservation_id AND m.kind IN ('capture', 'release', 'expire'))",
            (member_id, stamp(now)),
        ):
            self.move(
                f"{reservation_id}-expire", "expire", member_id, units,
                at=now, sale_id=sale_id, reservation_id=reservation_id,
            )  # fmt: skip
            self.change_lapse(member_id, lapsing)
        for row in self.rows(
            "SELECT min(lapse_units, max(balance, 0)), lapse_on FROM members"
            " WHERE member_id = ? AND lapse_units > 0 AND lapse_on < ?",
            (member_id, now.date().isoformat()),
        ):
            self.move(f"{member_id}-lapse-{row[1]}", "lapse", member_id, -row[0], at=now)
            self.execute("UPDATE members SET lapse_units = 0 WHERE member_id = ?", (member_id,))

    def open_reservations(self) -> list[OpenReservation]:
        """Return the holds that are neither ended nor run out, the oldest first."""
        rows = self.rows(
            "SELECT r.key, r.sale_id, r.member_id, r.reservation_id, r.units, m.booked_at, r.expires_at"
            " FROM reservations AS r JOIN movements AS m ON m.key = r.key WHERE r.expires_at > ?"
            " AND NOT EXISTS (SELECT 1 FROM movements AS e WHERE e.reservation_id = r.reservation_id"
            " AND e.kind IN ('capture', 'release', 'expire')) ORDER BY m.sequence LIMIT 1000",
            (stamp(self.clock.now()),),
        )
        return [OpenReservation(*row) for row in rows]

    def lapsed(self, after: str | None, since: str, limit: int) -> tuple[list[Lapsed], int] | None:
        """Return points that expired, in the order they were booked, and behind which row to go on.

        Args:
            after: Those behind this row; None for those since a day, from the first row on.
            since: That day, UTC; empty for all.
            limit: At most so many.

        Returns:
            None for a row that is not in this ledger.
        """
        with self.transaction():
            self._settle_lapses()
            newest = self.rows("SELECT coalesce(max(sequence), 0) FROM movements")[0][0]
            if after is not None and not (after.isascii() and after.isdigit() and int(after) <= newest):
                return None
            rows = self.rows(
                "SELECT sequence, -units, at FROM movements INDEXED BY movements_lapsed"
                " WHERE kind = 'lapse' AND units < 0 AND sequence > ? AND at >= ? ORDER BY sequence LIMIT ?",
                (int(after or 0), since if after is None else "", limit),
            )
        # Nothing since that day: what lapsed before it must not be told next.
        end = rows[-1][0] if rows else newest if after is None else int(after)
        return [Lapsed(*row) for row in rows], end

    def _settle_lapses(self) -> None:
        """Book every lapse that is due: points of a member nobody asks about expire, too."""
        for (member_id,) in self.rows(
            "SELECT member_id FROM members WHERE lapse_units > 0 AND lapse_on < ?",
            (self.clock.now().date().isoformat(),),
        ):
            self.settle(member_id)

    def change_lapse(self, member_id: str, units: int) -> None:
        """Add to what will lapse, or take from it: points that lapse first are used first."""
        self.execute(
            "UPDATE members SET lapse_units = max(lapse_units + ?, 0) WHERE member_id = ?", (units, member_id)
        )

    def publish(self, program: Program) -> None:
        """Keep the rules of this version, so that a sale made under them can be refunded by them.

        Raises:
            KnownError: Other rules were kept under the same version.
        """
        document = msgspec.json.encode(program_value(program)).decode()
        self.execute(
            "INSERT INTO programs (version, document) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (program.version, document),
        )
        kept = self.rows("SELECT document FROM programs WHERE version = ?", (program.version,))
        if kept != [(document,)]:
            raise KnownError(
                f"The ledger knows other rules as version {program.version!r}. Give new rules a new version."
            )

    def published(self, version: str) -> Program | None:
        """Return the rules of a version, or None."""
        found = self.rows("SELECT document FROM programs WHERE version = ?", (version,))
        try:
            return read_program(found[0][0].encode(), DocumentKind.JSON) if found else None
        except ProgramError:
            return None  # written by a version of this server that knew other rules

    def _answered_before(self, write: Write) -> Replayed | Declined:
        sql = "SELECT fingerprint, answer FROM effects WHERE key = ?"
        fingerprint, answer = self.rows(sql, (write.key,))[0]
        if fingerprint != write.fingerprint:
            return Declined("key_reused", "this key came before with another request")
        return Replayed(msgspec.json.decode(answer, type=dict[str, object]))


def _hold_ran_out(member_id: str) -> Declined:
    return Declined("reservation_gone", "the hold ran out and the points are spent", member_id=member_id)


def _undone_unless_done(written: Done | Declined) -> Done:
    if isinstance(written, Declined):
        raise _Undo(written)
    return written


class _Undo(Exception):  # noqa: N818 - not an error: it carries the answer out of a transaction to be undone
    def __init__(self, declined: Declined) -> None:
        super().__init__(declined.code)
        self.declined = declined


def undo_for(error: apsw.ConstraintError, member_id: str = "") -> Exception:
    """Return what undoes the transaction for a constraint of ours, or the error itself: then it is a bug."""
    for constraint, (code, detail) in _DECLINED_BY.items():
        if constraint in str(error):
            return _Undo(Declined(code, detail, member_id=member_id))
    return error


def fingerprint(*parts: bytes) -> bytes:
    """Return a digest of a request, to tell a repeat from another request under the same key."""
    return hashlib.sha256(b"\0".join(parts)).digest()


def stamp(at: datetime) -> str:
    """Return a time as text that sorts: RFC 3339, UTC, microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _member_row(row: Row) -> MemberRow:
    blocked_since, last_visit, lapse_on = (date.fromisoformat(row[i]) if row[i] else None for i in (4, 5, 8))
    return MemberRow(
        member_id=row[0],
        name=row[1],
        phone=row[2],
        number=row[3],
        blocked_since=blocked_since,
        last_visit=last_visit,
        store_credit=row[6],
        lapse_units=row[7],
        lapse_on=lapse_on,
        balance=row[9],
        spend=row[10],
        version=row[11],
    )
