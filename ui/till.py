"""What the window asks of the till: every intent of the session, so that tests can put another there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from cashier_app.ports.journal import UnsentSale
from cashier_app.services.till_view import TillView


class Till(Protocol):
    """The till session as the window knows it. All methods belong to the UI thread and return at once."""

    @property
    def view(self) -> TillView:
        """Return the snapshot on show."""

    def subscribe(self, listener: Callable[[TillView], None]) -> None:
        """Call the listener with this snapshot now and with every new one."""

    def scan(self, text: str) -> None:
        """Take the text a device read."""

    def read_picture(self, decode: Callable[[], Sequence[str]]) -> None:
        """Take the code in a picture; `decode` runs elsewhere and may raise `KnownError`."""

    def type_character(self, character: str) -> None:
        """Take one typed character."""

    def press_point(self) -> None:
        """Start the decimals."""

    def delete(self) -> None:
        """Take the last typed character back."""

    def confirm(self) -> None:
        """Do what Enter does."""

    def back(self) -> None:
        """Do what Esc does."""

    def clear_all(self) -> None:
        """Give up everything that is not committed."""

    def take_maximum(self) -> None:
        """Take the most that is allowed and go to the payment."""

    def take_nothing(self) -> None:
        """Use no points and go to the payment."""

    def start_discount_entry(self) -> None:
        """Let a smaller discount be typed."""

    def less(self) -> None:
        """Take one step less."""

    def more(self) -> None:
        """Take one step more."""

    def mark_next(self) -> None:
        """Mark the next member or reward."""

    def mark_previous(self) -> None:
        """Mark the member or reward before."""

    def pick_marked(self) -> None:
        """Take the marked reward, or give it back."""

    def pick_reward(self, reward_id: str) -> None:
        """Take a catalogue reward, or give it back."""

    def choose(self, index: int) -> None:
        """Take one of several members, counted from 0."""

    def without_member(self) -> None:
        """Go on without a member."""

    def another_member(self) -> None:
        """Serve the member just scanned, or ask for another scan and keep the bill."""

    def refresh_account(self) -> None:
        """Read the member's balance again."""

    def expire(self) -> None:
        """Clear a screen nobody has touched."""

    def tick(self) -> None:
        """Look at the clock: once a second."""


class Queue(Protocol):
    """The sales not posted yet. Every method blocks and belongs to a worker thread."""

    def unsent(self) -> list[UnsentSale]:
        """Return the sales not posted yet."""

    def send_all_now(self) -> None:
        """Try everything that waits at once."""

    def look_up_now(self, key: str) -> None:
        """Ask the backend what became of an effect."""

    def send_again(self, key: str) -> None:
        """Try one effect at once."""
