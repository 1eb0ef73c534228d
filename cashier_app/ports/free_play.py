"""The practice loyalty system as whoever trains others sees it: to be troubled, and counted."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from msgspec import Struct

from cashier_app.domain.free_play import Trouble


class Asked(Struct, frozen=True):
    """What was asked of the practice loyalty system so far, and how many staged trouble failed."""

    asked: int = 0
    failed: int = 0


class FreePlay(Protocol):
    """Troubles a practice loyalty system. Never that of a shop."""

    @property
    def trouble(self) -> Trouble:
        """Return what goes wrong now. At once, from any thread."""

    def stage(self, trouble: Trouble) -> None:
        """Let this go wrong from now on, instead of anything before. At once, from any thread.

        Raises:
            KnownError: The practice loyalty system has not started yet.
        """

    def asked(self) -> Asked:
        """Return what was asked so far. At once, from any thread."""

    def spend_elsewhere(self, member_id: str) -> Decimal:
        """Let a member spend half their points at another till; return how many. Blocks: for workers.

        Raises:
            KnownError: The member has none, or is not known.
        """

    def block(self, member_id: str, *, blocked: bool) -> None:
        """Block a member, or end that. Blocks: for workers.

        Raises:
            KnownError: The member is not known.
        """

    def free_all(self) -> None:
        """Let whoever was blocked here be as before. Blocks: for workers."""

    def end(self) -> None:
        """Make all well again: troubles end, and whoever was blocked here is free. Blocks: for workers."""
