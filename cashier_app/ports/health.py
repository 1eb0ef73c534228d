"""What is kept of how the backend and this till were doing: spells offline, and how long answers took."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct


class SpellState(StrEnum):
    """Whether a spell offline is over; `CUT_SHORT` when the program ended before anybody knew."""

    OPEN = "open"
    ENDED = "ended"
    CUT_SHORT = "cut short"


class OfflineSpell(Struct, frozen=True):
    """One time during which the backend could not be asked.

    Args:
        began_at: By the till's clock, UTC.
        seen_at: Its end, UTC; while it is open, when the till was last seen alive.
        milliseconds: How long it lasted by a clock that never jumps, whatever the two times say.
    """

    number: int
    began_at: datetime
    seen_at: datetime
    milliseconds: int
    state: SpellState


class HourBucket(Struct, frozen=True, order=True):
    """Where a call is counted: business day, hour (0 to 23, the shop's) and bucket of `services.latency`."""

    day: date
    hour: int
    bucket: int


class Held(Struct, frozen=True):
    """Holds of this till that are neither used nor given back; `oldest` is when the first was made, UTC."""

    count: int
    oldest: datetime | None


class Unposted(Struct, frozen=True):
    """Sales not posted yet: those that wait, those that need a person, and when the oldest was made, UTC."""

    waiting: int = 0
    stuck: int = 0
    oldest_waiting: datetime | None = None
    oldest_stuck: datetime | None = None


class HealthRows(Protocol):
    """The rows of how the till was doing. Blocking; each writing method is one transaction.

    Raises:
        KnownError: From every method, when the database cannot be read or written.
    """

    def begin_spell(self, at: datetime) -> int:
        """Write that the backend cannot be asked from now on, UTC; return the spell's number."""

    def grow_spell(self, number: int, milliseconds: int, days: Mapping[date, int], at: datetime) -> None:
        """Write how long an open spell lasts by now, and what came to each business day since the last time.

        `at` is the till's time of it, UTC. Written twice it counts once; a spell that is over stays as it is.
        """

    def end_spell(self, number: int, milliseconds: int, days: Mapping[date, int], at: datetime) -> None:
        """Write the same of a spell that is over."""

    def open_spell(self) -> OfflineSpell | None:
        """Return the spell a process that ended left open, if any."""

    def last_act(self) -> datetime | None:
        """Return when this till last wrote down an act, UTC: proof that it ran then."""

    def cut_short(self, number: int, milliseconds: int, days: Mapping[date, int], at: datetime) -> None:
        """End a spell that was left open at the last proof of life, UTC, and mark it."""

    def watch(self, day: date) -> None:
        """Write that this business day was watched, so that no spell means none, and not unknown."""

    def add_calls(self, calls: Mapping[HourBucket, int]) -> None:
        """Add counted calls."""

    def calls(self, first: date, last: date) -> dict[HourBucket, int]:
        """Return counted calls from one business day to another, both counted."""

    def offline_seconds(self, first: date, last: date) -> int | None:
        """Return seconds offline from one business day to another, both counted; None when never watched."""

    def offline_sales(self, day: date) -> int:
        """Return how many sales were finished on a business day while the backend could not be asked."""

    def spells(self, since: datetime, limit: int = 500) -> list[OfflineSpell]:
        """Return the spells that were not over at this time, UTC, the newest first."""

    def failed_answers(self, since: datetime) -> dict[str, int]:
        """Return how many effects were tried since then, UTC, and are not posted, by their last answer."""

    def unposted(self) -> Unposted:
        """Return how many sales are not posted yet, and how old they are."""

    def held(self) -> Held:
        """Return the points held for sales of this till now, as far as the till knows."""

    def forget_before(self, day: date) -> None:
        """Let go of what is older than this business day."""
