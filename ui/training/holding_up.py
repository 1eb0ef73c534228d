"""What a coach asks of whoever shows codes to the scanner or the camera."""

from __future__ import annotations

from typing import Protocol

from cashier_app.domain.lesson import HoldUp


class HoldsUp(Protocol):
    """Shows a member's code in a window of its own."""

    def hold_up(self, held_up: HoldUp, text: str = "") -> None:
        """Show this code. `text` is what it says, where that is known: a used code is then the very one."""

    def put_away(self) -> None:
        """Show nothing any more."""
