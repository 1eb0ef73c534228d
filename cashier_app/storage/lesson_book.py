"""Who did which lesson: a small SQLite file of its own in the practice folder. No sale is in it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import apsw
import msgspec

from cashier_app.domain.settlement import one_line
from cashier_app.errors import KnownError
from cashier_app.ports.practice import Best, Ended, LessonRun, StepTaken

BOOK_FILE = "lessons.sqlite"
VERSION = 1
LONGEST_TRAINEE = 60
MOST_RUNS = 100_000
BUSY_MILLISECONDS = 5000

_SCHEMA = """
CREATE TABLE run (
  sequence INTEGER PRIMARY KEY,
  trainee TEXT NOT NULL,
  lesson TEXT NOT NULL,
  began_at TEXT NOT NULL,
  ended TEXT NOT NULL CHECK (ended IN ('finished', 'left'))
) STRICT;
CREATE INDEX run_by_trainee ON run (trainee, lesson);

CREATE TABLE step (
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  milliseconds INTEGER NOT NULL CHECK (milliseconds >= 0),
  -- A JSON list of names, each as often as the mistake was made.
  mistakes TEXT NOT NULL,
  hints INTEGER NOT NULL CHECK (hints >= 0),
  done INTEGER NOT NULL CHECK (done IN (0, 1)),
  PRIMARY KEY (run, place)
) STRICT, WITHOUT ROWID;
"""
_BEST = """
SELECT run.lesson, step.name, min(step.milliseconds) FROM step JOIN run ON run.sequence = step.run
WHERE step.done AND step.mistakes = '[]' AND step.hints = 0 AND step.milliseconds > 0
GROUP BY run.lesson, step.name
"""
_FAILED = "The book of lessons in the practice folder cannot be used. Lessons can still be done."


class SqliteLessonBook:
    """The book of one practice folder; see `ports.practice.LessonBook`. Safe from any thread.

    Nothing is opened before the first call, and nothing stays open behind one.

    Args:
        folder: The practice folder; it must be there.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / BOOK_FILE
        self._lock = threading.Lock()

    def write(self, run: LessonRun) -> None:
        """Write down one run, in one transaction.

        Raises:
            KnownError: The file cannot be written.
        """
        with self._opened() as connection, connection:
            _write(connection, run)

    def trainees(self) -> list[str]:
        """Return who did lessons, the latest first; whoever gave no name is left out."""
        sql = (
            "SELECT trainee FROM run WHERE trainee <> '' GROUP BY trainee ORDER BY max(began_at) DESC LIMIT ?"
        )
        with self._opened() as connection:
            return [str(trainee) for (trainee,) in connection.execute(sql, (MOST_RUNS,))]

    def finished(self, trainee: str) -> dict[str, LessonRun]:
        """Return the last finished run of each lesson somebody did, by lesson id."""
        with self._opened() as connection:
            runs = _read(connection, "trainee = ? AND ended = 'finished'", (_named(trainee),), MOST_RUNS)
        return {run.lesson_id: run for run in reversed(runs)}

    def runs(self, lesson_id: str = "", trainee: str = "", limit: int = 1000) -> Sequence[LessonRun]:
        """Return runs, the newest first; of one lesson or one trainee where they are named."""
        where = "(?1 = '' OR lesson = ?1) AND (?2 = '' OR trainee = ?2)"
        with self._opened() as connection:
            return _read(connection, where, (lesson_id, _named(trainee)), min(limit, MOST_RUNS))

    def best(self) -> Best:
        """Return the shortest time of each step somebody did without a mistake or a hint, milliseconds."""
        with self._opened() as connection:
            return {(str(lesson), str(step)): int(best) for lesson, step, best in connection.execute(_BEST)}

    def reset(self, trainee: str = "") -> None:
        """Forget everybody and everything, or all one trainee did; nothing of it can be read off the file.

        Raises:
            KnownError: The file cannot be written.
        """
        with self._opened() as connection:
            with connection:
                connection.execute("DELETE FROM run WHERE ?1 = '' OR trainee = ?1", (_named(trainee),))
            connection.execute("VACUUM")

    def restore(self, runs: Sequence[LessonRun]) -> None:
        """Write runs down again that were just forgotten: all of them or none.

        Raises:
            KnownError: The file cannot be written.
        """
        with self._opened() as connection, connection:
            for run in runs:
                _write(connection, run)

    @contextmanager
    def _opened(self) -> Iterator[apsw.Connection]:
        with self._lock:
            try:
                with closing(apsw.Connection(str(self._path))) as connection:
                    _prepare(connection)
                    yield connection
            except (apsw.Error, msgspec.MsgspecError, ValueError) as error:
                raise KnownError(_FAILED, detail=str(error)) from error


def _prepare(connection: apsw.Connection) -> None:
    connection.set_busy_timeout(BUSY_MILLISECONDS)
    connection.pragma("foreign_keys", value=True)
    connection.pragma("secure_delete", value=True)
    version = connection.pragma("user_version")
    if version == 0:
        with connection:
            connection.execute(_SCHEMA)
            connection.pragma("user_version", VERSION)
    elif version != VERSION:
        raise KnownError("The book of lessons is from a newer version of this program.")


def _named(trainee: str) -> str:
    return one_line(trainee)[:LONGEST_TRAINEE]


def _write(connection: apsw.Connection, run: LessonRun) -> None:
    began = run.began_at.astimezone(UTC).isoformat(timespec="milliseconds")
    connection.execute(
        "INSERT INTO run (trainee, lesson, began_at, ended) VALUES (?, ?, ?, ?)",
        (_named(run.trainee), run.lesson_id, began, run.ended.value),
    )
    sequence = connection.last_insert_rowid()
    connection.executemany(
        "INSERT INTO step (run, place, name, milliseconds, mistakes, hints, done)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (sequence, place, step.name, step.milliseconds,
             msgspec.json.encode(step.mistakes).decode(), step.hints, int(step.done))
            for place, step in enumerate(run.steps)
        ],
    )  # fmt: skip


def _read(connection: apsw.Connection, where: str, values: tuple[object, ...], limit: int) -> list[LessonRun]:
    sql = (
        f"SELECT sequence, trainee, lesson, began_at, ended FROM run WHERE {where}"  # noqa: S608 - ours
        f" ORDER BY began_at DESC, sequence DESC LIMIT {limit:d}"
    )
    rows = list(connection.execute(sql, values))
    return [
        LessonRun(trainee, lesson, datetime.fromisoformat(began), Ended(ended), _steps(connection, number))
        for number, trainee, lesson, began, ended in rows
    ]


def _steps(connection: apsw.Connection, run: int) -> tuple[StepTaken, ...]:
    sql = "SELECT name, milliseconds, mistakes, hints, done FROM step WHERE run = ? ORDER BY place"
    return tuple(
        StepTaken(name, milliseconds, msgspec.json.decode(mistakes, type=tuple[str, ...]), hints, bool(done))
        for name, milliseconds, mistakes, hints, done in connection.execute(sql, (run,))
    )
