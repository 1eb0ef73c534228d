"""What the window asks of the till: every intent of the session, so that tests can put another there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cashier_app.ports.journal import SettledEffect, UnsentSale
from cashier_app.services.till_view import TillView

if TYPE_CHECKING:  # the first frame needs neither
    from cashier_app.domain.sale import Sale
    from cashier_app.domain.settlement import Truth
    from cashier_app.services.reconciliation import Comparison, SaleComparison
    from cashier_app.services.return_view import ReturnView


class Till(Protocol):
    """The till session as the window knows it. All methods belong to the UI thread and return at once."""

    @property
    def view(self) -> TillView:
        """Return the snapshot on show."""

    def subscribe(self, listener: Callable[[TillView], None]) -> None:
        """Call the listener with this snapshot now and with every new one."""

    def scan(self, text: str) -> None:
        """Take the text a device read."""

    def may_be_text(self, text: str) -> bool:
        """Return whether what was scanned is nobody's code, so that a text field may have it."""

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

    def add_voucher(self) -> None:
        """Let the code of a voucher be typed."""

    def pick_reward(self, reward_id: str) -> None:
        """Take a catalogue reward, or give it back."""

    def choose(self, index: int) -> None:
        """Take one of several members, counted from 0."""

    def same_person(self) -> None:
        """Ask that the two members to be chosen from be joined: they are one person."""

    def without_member(self) -> None:
        """Go on without a member."""

    def another_member(self) -> None:
        """Serve the member just scanned, or ask for another scan and keep the bill."""

    def change_back(self) -> bool:
        """Serve whoever was served before the last switch; say whether there was one to take back."""

    def refresh_account(self) -> None:
        """Read the member's balance again."""

    def expire(self) -> None:
        """Clear a screen nobody has touched."""

    def tick(self) -> None:
        """Look at the clock: once a second."""


class Returns(Protocol):
    """What takes goods back, as the window knows it. All methods belong to the UI thread."""

    def subscribe(self, listener: Callable[[ReturnView], None]) -> None:
        """Call the listener with this snapshot now and with every new one."""

    def begin(self, sale: Sale | None = None) -> None:
        """Start anew: with this sale, or with the question which it is."""

    def scan(self, text: str) -> bool:
        """Take the text a device read; False where the till may have it."""

    def read_picture(self, decode: Callable[[], Sequence[str]]) -> None:
        """Take the receipt in a picture; `decode` runs elsewhere and may raise `KnownError`."""

    def accept_receipt(self) -> None:
        """Load the receipt scanned while another one was being worked on."""

    def type(self, character: str) -> None:
        """Take one typed character."""

    def delete(self) -> None:
        """Take the last typed character back."""

    def amount_instead(self) -> None:
        """Let an amount be typed."""

    def everything(self) -> None:
        """Take back all that is left."""

    def switch_line(self, place: int) -> None:
        """Pick a line, or leave it, counted from 0."""

    def count_line(self, place: int, direction: int = +1) -> None:
        """Take one more (+1) or one less (-1) of a line back."""

    def exchange(self) -> None:
        """Sell something else in place of what comes back, in the same act."""

    def mark_next(self) -> None:
        """Mark the sale or the line below."""

    def mark_previous(self) -> None:
        """Mark the sale or the line above."""

    def pick(self, index: int) -> None:
        """Take a sale of the list, counted from 0."""

    def confirm(self) -> None:
        """Do what Enter does."""

    def back(self) -> None:
        """Do what Esc does."""

    def hush(self) -> None:
        """Take the remark away."""


class Queue(Protocol):
    """The sales not posted yet, and the backend's books. Every method blocks: for worker threads.

    Raises:
        KnownError: From every method, when disk or backend fail it; the sentence says what and what to do.
    """

    def unsent(self) -> list[UnsentSale]:
        """Return the sales not posted yet."""

    def send_all_now(self) -> None:
        """Try everything that waits at once."""

    def look_up_now(self, key: str) -> None:
        """Ask the backend what became of an effect."""

    def send_again(self, key: str) -> None:
        """Try one effect at once."""

    def settled(self) -> list[SettledEffect]:
        """Return what was settled by hand, the newest first."""

    def settle_by_hand(self, key: str, truth: Truth, by: str, reason: str) -> None:
        """End an effect that needs attention, for good."""

    def export(self, path: Path) -> None:
        """Write the queue to a .csv or .json file, for support."""

    def compare(
        self, since: datetime, progress: Callable[[int, int], None], stop: threading.Event
    ) -> Comparison:
        """Compare the sales since then, UTC, with the backend's books; changes nothing."""

    def compare_again(self, sale_id: str) -> SaleComparison:
        """Compare one sale again."""

    def send_after_comparing(self, key: str) -> None:
        """Send an effect the backend does not have once more, with the same key."""
