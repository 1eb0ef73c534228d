"""What is new in this version: the notes shipped with the program, and whether this till was told of them."""

from __future__ import annotations

import logging
from collections.abc import Callable

from cashier_app import __version__
from cashier_app.paths import changelog
from cashier_app.preferences import PreferencesFile
from cashier_app.services.release_notes import (
    MAX_BYTES,
    ReleaseNotes,
    notes_of,
    notes_since,
    read_notes,
    to_be_shown,
)

logger = logging.getLogger(__name__)


def shipped_notes(version: str = __version__) -> ReleaseNotes | None:
    """Return what is new in this version, None where the notes are missing. Blocking, for a worker."""
    return notes_of(shipped_releases(), version)


def shipped_releases() -> tuple[ReleaseNotes, ...]:
    """Return the notes on all versions; none where they are missing. Blocking, for a worker."""
    try:
        with changelog().open("rb") as opened:
            text = opened.read(MAX_BYTES).decode("utf-8", errors="replace")
    except OSError as error:
        logger.info("the notes on this version cannot be read: %s", error)
        return ()
    return read_notes(text)


class News:
    """Whether a till was told what is new, kept in its preferences.

    Args:
        preferences: The till's.
        read: Reads the notes on all versions; called by a worker.
    """

    version = __version__

    def __init__(
        self,
        preferences: PreferencesFile,
        read: Callable[[], tuple[ReleaseNotes, ...]] = shipped_releases,
    ) -> None:
        self._preferences = preferences
        self._read = read

    def notes(self) -> ReleaseNotes | None:
        """Return what is new since the version whose notes were shown last. Blocking, for a worker."""
        return notes_since(self._read(), self._preferences.read().version_seen, self.version)

    def is_due(self) -> bool:
        """Say whether somebody should be told; a till that starts for the first time has nothing new.

        Blocking for a moment: whether this is a new version is written down where nobody need be told.
        """
        seen = self._preferences.read().version_seen
        if to_be_shown(seen, self.version):
            return True
        if seen != self.version:
            self.told()
        return False

    def told(self) -> None:
        """Write down that this version's notes were shown. Blocking for a moment, for a worker."""
        self._preferences.change(version_seen=self.version)
