"""Kept figures that are not what their rows come to: found by comparing tables, and put right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter

import apsw
from msgspec import Struct

from cashier_app.domain.figures import FIGURE_NAMES
from cashier_app.ports.figures import Difference
from cashier_app.storage.rollups import KEYS, adding, columns

Key = tuple[str, str, str, str]


class Apart(Struct, frozen=True):
    """What differs, by the keys of the kept rows, each with what is kept and what was counted.

    Args:
        figures: Day, currency, split and part; the figure's name.
        times: Day, currency, cashier and tenths of a second.
        members: Keys of members, and their first sale; None where they are not.
    """

    figures: list[tuple[Key, str, int, int]]
    times: list[tuple[tuple[str, str, str, int], int, int]]
    members: list[tuple[bytes, str | None, str | None]]

    def differences(self) -> list[Difference]:
        """Return the same for people, day by day."""
        found = [
            Difference(_day(day), currency, split, part, name, kept, counted)
            for (day, currency, split, part), name, kept, counted in self.figures
        ]
        found += [
            Difference(_day(key[0]), key[1], key[2], str(key[3]), "time", kept, counted)
            for key, kept, counted in self.times
        ]
        if self.members:
            there = sum(kept is not None for _, kept, _ in self.members)
            counted = sum(sale_id is not None for _, _, sale_id in self.members)
            found.append(Difference(None, "", "", "", "member", there, counted))
        return found


def found_apart(connection: apsw.Connection) -> Apart:
    """Compare the kept tables with those counted beside them, inside the caller's transaction."""
    times = connection.execute(
        "SELECT day, currency, staff, tenths, coalesce(kept.sales, 0), coalesce(found.sales, 0) "
        "FROM main.day_time AS kept FULL JOIN temp.counted_day_time AS found "
        "USING (day, currency, staff, tenths) WHERE kept.sales IS NOT found.sales ORDER BY 1, 2, 3, 4"
    )
    members = connection.execute(
        "SELECT member, kept.sale_id, found.sale_id "
        "FROM main.member_first AS kept FULL JOIN temp.counted_member_first AS found USING (member) "
        "WHERE kept.sale_id IS NOT found.sale_id"
    )
    return Apart(
        list(_figures_apart(connection)),
        [
            ((str(day), str(currency), str(staff), _number(tenths)), _number(kept), _number(counted))
            for day, currency, staff, tenths, kept, counted in times
        ],
        [(_bytes(member), _text(kept), _text(found)) for member, kept, found in members],
    )


def mend(connection: apsw.Connection, apart: Apart) -> None:
    """Put right what differed, inside the caller's transaction.

    What is missing is added and what is too much taken off: whatever was counted since then stays counted.
    """
    for key, of_row in groupby(apart.figures, key=itemgetter(0)):
        missing = {name: counted - kept for _, name, kept, counted in of_row}
        connection.execute(adding(tuple(missing), 1), (*key, *missing.values()))
    connection.executemany(
        "INSERT INTO day_time VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET sales = sales + excluded.sales",
        ((*of_time, counted - kept) for of_time, kept, counted in apart.times),
    )
    if apart.times:
        connection.execute("DELETE FROM day_time WHERE sales = 0")
    for member, _, sale_id in apart.members:
        if sale_id is None:
            connection.execute("DELETE FROM member_first WHERE member = ?", (member,))
        else:
            connection.execute("INSERT OR REPLACE INTO member_first VALUES (?, ?)", (member, sale_id))


def _figures_apart(connection: apsw.Connection) -> Iterator[tuple[Key, str, int, int]]:
    keys = ", ".join(KEYS)
    rows = connection.execute(
        f"SELECT {keys}, {columns('coalesce(kept.{0}, 0)')}, {columns('coalesce(found.{0}, 0)')} "  # noqa: S608
        f"FROM main.day_figure AS kept FULL JOIN temp.counted_day_figure AS found USING ({keys}) "
        f"ORDER BY {keys}"
    )
    half = len(FIGURE_NAMES)
    for row in rows:
        key = (str(row[0]), str(row[1]), str(row[2]), str(row[3]))
        values = row[len(KEYS) :]
        for name, kept, counted in zip(FIGURE_NAMES, values[:half], values[half:], strict=True):
            if kept != counted:
                yield key, name, _number(kept), _number(counted)


def _number(value: apsw.SQLiteValue) -> int:
    return int(str(value))


def _text(value: apsw.SQLiteValue) -> str | None:
    return None if value is None else str(value)


def _bytes(value: apsw.SQLiteValue) -> bytes:
    return value if isinstance(value, bytes) else b""


def _day(text: str) -> date | None:
    """Return the day a row is of; None for a row that is of none: it is damaged."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
