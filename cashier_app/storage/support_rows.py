"""What support may know of a till's database: states, counts and ages; no person, no amount, no receipt.

The file is opened for reading only, whatever its version: nothing is migrated, sealed or set right. Columns
that may name somebody, or hold words from outside, are not read at all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
from msgspec import Struct

from cashier_app.domain.outcome import RefusedBecause
from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.domain.staff import Role
from cashier_app.errors import KnownError
from cashier_app.storage import audit, backups
from cashier_app.storage.database import APPLICATION_ID, SCHEMA_VERSION, translated_errors

MOST_EFFECTS = 500
CHECK_SECONDS = 3.0
"""How long one look through the whole file may take; then it is given up, and that is said."""

BACK = timedelta(days=30)
_SPELLS = ("open", "ended", "cut short")
_STEPS = 20_000  # of SQLite's machine between two looks at the clock: under 1 ms
_TABLES = (
    "sale", "effect", "audit", "member_seen", "kept", "discrepancy", "day_figure", "staff", "pin_try",
    "offline_spell", "latency", "day_closing", "ledger_feed",
)  # fmt: skip
_UNFINISHED = """
SELECT sale_id, kind, state, attempts, last_answer, coalesce(last_attempt_at, ''), next_attempt_at,
  coalesce((SELECT coalesce(committed_at, opened_at) FROM sale WHERE sale.sale_id = effect.sale_id), '')
FROM effect WHERE state IN ('waiting', 'sending', 'unknown', 'needs attention') ORDER BY sequence LIMIT ?
"""


class EffectLine(Struct, frozen=True):
    """One effect that is not posted. Ages in seconds; None where no time is known.

    Args:
        sale_id: Of its sale, as made here.
        refusal: What the backend said: one of our own words, or `other`; empty for no answer yet.
        next_in: Until the next try; negative when it is overdue.
    """

    sale_id: str
    kind: str
    state: str
    attempts: int
    refusal: str
    age: int | None
    tried_ago: int | None
    next_in: int | None


class BackupLine(Struct, frozen=True):
    """One backup: bytes, and age in seconds as its name says it."""

    size: int
    age: int | None


class SpellLine(Struct, frozen=True):
    """One time offline, as it was written down; UTC."""

    began_at: str
    seen_at: str
    milliseconds: int
    state: str


class DatabaseLook(Struct, frozen=True):
    """What was found.

    Args:
        there: Whether there is a file.
        trouble: Why no more could be found, as one sentence; empty where all was.
        version: Of its schema; `wanted` is what this program works with.
        pages: What SQLite's own check says: `ok`, `damaged`, or `not finished in time`.
        chain: The same for the audit log; `broken_row` is its first that does not follow, where one is known.
        rows: How many, by table.
        states: Effects by kind, state and refusal.
        staff: People who may sign in, by role; `locked` and `without_pin` of them.
        latency: Answers by day, hour and bucket of `services.latency`.
    """

    there: bool
    trouble: str = ""
    version: int = 0
    wanted: int = SCHEMA_VERSION
    bytes_on_disk: int = 0
    log_bytes: int = 0
    pages: str = ""
    chain: str = ""
    broken_row: int | None = None
    rows: dict[str, int] = {}
    states: dict[str, int] = {}
    effects: tuple[EffectLine, ...] = ()
    backups: tuple[BackupLine, ...] = ()
    spells: tuple[SpellLine, ...] = ()
    latency: tuple[tuple[str, int, int, int], ...] = ()
    staff: dict[str, int] = {}

    @property
    def waiting(self) -> int:
        """Return how many effects wait."""
        return sum(n for state, n in self.states.items() if " needs attention " not in f" {state} ")

    @property
    def needs_attention(self) -> int:
        """Return how many effects need a person."""
        return sum(self.states.values()) - self.waiting

    @property
    def oldest(self) -> int | None:
        """Return how old the oldest effect that is not posted is, in seconds."""
        return max((line.age for line in self.effects if line.age is not None), default=None)


def look(path: Path, now: datetime, *, seconds: float = CHECK_SECONDS) -> DatabaseLook:
    """Return what can be found out about a database, also while a till works in it. Never raises.

    Args:
        path: The file.
        now: UTC.
        seconds: How long each of the two looks through all of it may take.
    """
    kept = tuple(_backup_line(backup, now) for backup in backups.all_of(path)[: backups.KEPT])
    if not path.exists():
        return DatabaseLook(there=False, backups=kept)
    if not path.is_file():
        return DatabaseLook(there=True, backups=kept, trouble="The sales database is no file. Call support.")
    size, log = _size(path), _size(path.with_name(path.name + "-wal"))
    found = DatabaseLook(there=True, bytes_on_disk=size, log_bytes=log, backups=kept)
    changes: dict[str, object] = {}
    try:
        with translated_errors(path), _opened(path) as connection:
            _read_into(changes, connection, now, seconds)
    except KnownError as error:
        changes["trouble"] = error.sentence
    except (apsw.Error, ValueError, TypeError):
        changes["trouble"] = "The sales database is damaged. It was left as it is; call support."
    return _with(found, changes)


def _with(found: DatabaseLook, changes: dict[str, object]) -> DatabaseLook:
    values = {name: getattr(found, name) for name in found.__struct_fields__} | changes
    return DatabaseLook(**values)


def _read_into(
    changes: dict[str, object], connection: apsw.Connection, now: datetime, seconds: float
) -> None:
    """Read what can be read; what was found stays when the next thing is damaged."""
    application, version = _number(connection, "PRAGMA application_id"), _version(connection)
    changes["version"] = version
    if application not in {0, APPLICATION_ID}:
        raise KnownError("The sales database belongs to another program. It was left as it is.")
    if version > SCHEMA_VERSION:
        # Its tables may mean something else by now.
        raise KnownError(
            "The sales database was written by a newer version of this program. Install that one."
        )
    changes["pages"] = _in_time(
        connection, seconds, lambda: connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    )
    breaks: list[int | None] = []

    def follows() -> bool:
        breaks.append(audit.first_break(connection))
        return breaks[0] is None

    changes["chain"] = _in_time(connection, seconds, follows)
    changes["broken_row"] = breaks[0] if breaks else None
    changes["rows"] = {table: n for table in _TABLES if (n := _count(connection, table)) is not None}
    with suppress(apsw.SQLError):  # an older version has fewer tables
        changes["states"] = _states(connection)
        changes["effects"] = tuple(_effects(connection, now))
        changes["staff"] = _staff(connection)
        changes["spells"] = tuple(_spells(connection, now))
        changes["latency"] = tuple(_latency(connection, now))


@contextmanager
def _opened(path: Path) -> Iterator[apsw.Connection]:
    name = path.absolute().as_uri()
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    with closing(apsw.Connection(f"{name}?mode=ro", flags=flags)) as connection:
        connection.set_busy_timeout(500)
        connection.execute("PRAGMA query_only=ON")
        connection.execute("PRAGMA trusted_schema=OFF")
        yield connection


def _in_time(connection: apsw.Connection, seconds: float, check: Callable[[], bool]) -> str:
    until = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
    try:
        return "ok" if check() else "damaged"
    except apsw.InterruptError:
        return "not finished in time"
    except (apsw.CorruptError, apsw.SQLError, UnicodeDecodeError):
        return "damaged"
    finally:
        connection.set_progress_handler(None)


def _states(connection: apsw.Connection) -> dict[str, int]:
    found: dict[str, int] = {}
    for kind, state, answer, n in connection.execute(
        "SELECT kind, state, last_answer, count(*) FROM effect "
        "WHERE state IN ('waiting', 'sending', 'unknown', 'needs attention') GROUP BY 1, 2, 3"
    ):
        name = " ".join(part for part in (_kind(kind), _state(state), _refusal(answer)) if part)
        found[name] = found.get(name, 0) + int(str(n))
    return found


def _effects(connection: apsw.Connection, now: datetime) -> Iterator[EffectLine]:
    for row in connection.execute(_UNFINISHED, (MOST_EFFECTS,)):
        sale_id, kind, state, attempts, answer, tried, due, made = row
        due_in = _ago(due, now)
        yield EffectLine(
            sale_id=str(sale_id),
            kind=_kind(kind),
            state=_state(state),
            attempts=int(str(attempts)),
            refusal=_refusal(answer),
            age=_ago(made, now),
            tried_ago=_ago(tried, now),
            next_in=None if due_in is None else -due_in,
        )


def _staff(connection: apsw.Connection) -> dict[str, int]:
    roles = {role.value for role in Role}
    found: dict[str, int] = {}
    for role, n, without in connection.execute(
        "SELECT role, count(*), sum(pin IS NULL) FROM staff WHERE active GROUP BY role"
    ):
        name = str(role) if role in roles else "other"
        found[name] = found.get(name, 0) + int(str(n))
        found["without a PIN"] = found.get("without a PIN", 0) + int(str(without))
    return found


def _spells(connection: apsw.Connection, now: datetime) -> Iterator[SpellLine]:
    since = (now - BACK).isoformat()
    for began, seen, milliseconds, state in connection.execute(
        "SELECT began_at, seen_at, milliseconds, state FROM offline_spell WHERE seen_at >= ? "
        "ORDER BY number DESC LIMIT 200",
        (since,),
    ):
        known = str(state) if state in _SPELLS else "other"
        yield SpellLine(_moment(began), _moment(seen), int(str(milliseconds)), known)


def _latency(connection: apsw.Connection, now: datetime) -> Iterator[tuple[str, int, int, int]]:
    since = (now - BACK).date().isoformat()
    for day, hour, bucket, calls in connection.execute(
        "SELECT day, hour, bucket, calls FROM latency WHERE day >= ? ORDER BY 1, 2, 3 LIMIT 5000", (since,)
    ):
        yield _day(day), int(str(hour)), int(str(bucket)), int(str(calls))


def _count(connection: apsw.Connection, table: str) -> int | None:
    try:
        return _number(connection, f"SELECT count(*) FROM {table}")  # noqa: S608 - a constant
    except apsw.SQLError:
        return None


def _version(connection: apsw.Connection) -> int:
    return _number(connection, "PRAGMA user_version")


def _number(connection: apsw.Connection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(str(row[0])) if row else 0


def _kind(value: object) -> str:
    return str(value) if value in {kind.value for kind in EffectKind} else "other"


def _state(value: object) -> str:
    return str(value) if value in {state.value for state in EffectState} else "other"


def _refusal(value: object) -> str:
    if not value:
        return ""
    return str(value) if value in {because.value for because in RefusedBecause} else "other"


def _ago(value: object, now: datetime) -> int | None:
    try:
        return round((now - datetime.fromisoformat(str(value))).total_seconds())
    except (ValueError, TypeError):
        return None


def _moment(value: object) -> str:
    """Return a time as it was written, if it is one."""
    try:
        return datetime.fromisoformat(str(value)).isoformat()
    except ValueError:
        return ""


def _day(value: object) -> str:
    return _moment(value)[:10]


def _backup_line(backup: Path, now: datetime) -> BackupLine:
    made = backups.made_at(backup)
    return BackupLine(
        _size(backup), None if made is None else round((now - made.astimezone(UTC)).total_seconds())
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
