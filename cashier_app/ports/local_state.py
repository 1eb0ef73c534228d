"""What the till's own folder is like, as values the window and the doctor can show."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

LEAST_FREE_BYTES = 500_000_000
"""Below this the window warns: free space before it runs out."""


class Damage(StrEnum):
    """What was wrong with the database when the till started."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    INCONSISTENT = "inconsistent"
    ROW_CHANGED = "row changed"
    LOG_BROKEN = "audit log broken"
    BEHIND = "older than it should be"


class Recovery(Struct, frozen=True):
    """A damaged database, and what became of its sales.

    Args:
        at: When it was set right, UTC.
        rescued: Committed sales in the new database.
        lost_rows: Rows that could not be read back: neither from the damaged file nor from a backup.
        aside: Names of the damaged files, kept in the data folder.
        backup: Name of the backup that helped, or empty.
        lost: Numbers or ids of the sales that are lost, at most a hundred.
    """

    at: datetime
    damage: Damage
    rescued: int
    lost_rows: int
    aside: tuple[str, ...]
    backup: str = ""
    lost: tuple[str, ...] = ()


class LocalState(Struct, frozen=True):
    """The data folder now.

    Args:
        free_bytes: Room left on its drive.
        reserve_kept: Whether the reserve for a full disk is in place.
        last_backup_at: When the newest good backup was made, UTC; None without one.
        damaged_rows: Rows found damaged while running; the next start sets them right.
        recovery: The last rescue this database knows of.
        backup_test_read: Whether that backup was read back whole after it was written, and is still there.
        unsaved_since: When the first act was written down that no backup has, UTC; None when all are saved.
    """

    free_bytes: int
    reserve_kept: bool
    last_backup_at: datetime | None
    damaged_rows: int
    recovery: Recovery | None
    backup_test_read: bool = False
    unsaved_since: datetime | None = None

    @property
    def short_of_space(self) -> bool:
        """Return whether the cashier should be told to free space."""
        return self.free_bytes < LEAST_FREE_BYTES
