"""Points that expired, in SQLite: the audit row that counts them says how far the books are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from cashier_app.domain.acts import Act, ActKind
from cashier_app.storage import audit
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.rows import from_json, to_json

_NEWEST = f"""
SELECT detail FROM audit WHERE event = '{ActKind.LAPSED.value}' ORDER BY sequence DESC LIMIT 1
"""  # noqa: S608 - a constant


class SqliteLapsed:
    """The `LapsedBook` of one till's journal; see the port for what each method promises."""

    def __init__(self, journal: SqliteJournal) -> None:
        self._journal = journal

    def after(self) -> str:
        """Return the place in the backend's books up to which everything is counted."""
        with self._journal.database.reading() as connection:
            row = connection.execute(_NEWEST).fetchone()
        return "" if row is None else from_json(row[0], Act).note

    def begin(self) -> date | None:
        """Return the first day this till was watched."""
        with self._journal.database.reading() as connection:
            row = connection.execute("SELECT min(day) FROM offline_day").fetchone()
        return None if row is None or row[0] is None else date.fromisoformat(str(row[0]))

    def count(self, acts: Sequence[Act], after: str) -> None:
        """Count what lapsed up to a place, in one transaction with it."""
        if not acts:
            return
        with self._journal.database.writing() as connection:
            for act in acts:
                # Both in one row: figures made anew from the log never disagree with the place they go to.
                kept = replace(act, note=after)
                audit.append(connection, kept.at, kept.key, kept.kind.value, to_json(kept))
                self._journal.rollups.done(connection, kept)
