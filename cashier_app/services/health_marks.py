"""Small notes on a till's health, kept in its database: they outlive the program and are seen beside it."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

import msgspec
from msgspec import Struct

from cashier_app.ports.journal import Journal
from cashier_app.services.health import BooksChecked, FiguresVerified, ProgramInForce


class Pulse(Struct, frozen=True):
    """What only the running till knows, for whoever looks from outside.

    Args:
        at: When it was written, UTC.
        clock_ahead: Seconds this till's clock is ahead of the backend's; None where that does not say.
        holds: Holds the backend listed at `holds_at`, UTC; `forgotten` of them are of sales given up here,
            the oldest since `forgotten_since`.
        damaged_rows: Rows of the database found damaged while running.
    """

    at: datetime
    offline_since: datetime | None = None
    sign_in_needed: bool = False
    clock_ahead: float | None = None
    holds: int | None = None
    holds_at: datetime | None = None
    forgotten: int = 0
    forgotten_since: datetime | None = None
    damaged_rows: int = 0


class Seen(Struct, frozen=True):
    """What a person has seen that is only to be seen: discounts no points paid for, by key, and one rescue.

    Not by time: what is found while the clock is wrong is not seen with it.
    """

    discounts: tuple[str, ...] = ()
    recovery: datetime | None = None


NAMES: dict[type[Struct], str] = {
    BooksChecked: "health: books compared",
    FiguresVerified: "health: figures verified",
    ProgramInForce: "health: program in force",
    Pulse: "health: pulse",
    Seen: "health: seen",
}

Mark = TypeVar("Mark", bound=Struct)


def mark_in(journal: Journal, kind: type[Mark]) -> Mark | None:
    """Return the newest note of a kind; what an older version wrote is as good as none."""
    text = journal.recall(NAMES[kind])
    try:
        return None if text is None else msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError:
        return None


def keep_mark(journal: Journal, mark: Struct) -> None:
    """Keep a note in place of the one before.

    Raises:
        KnownError: It cannot be written.
    """
    journal.remember(NAMES[type(mark)], msgspec.json.encode(mark).decode())
