"""The practice phone: which code it shows, since when, and how long still. No clockwork, no drawing."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.identifier import CLOCK_ERROR
from cashier_app.domain.lesson import Code, HoldUp
from cashier_app.ports.clock import Clock

RENEWS_AFTER: Final = timedelta(seconds=30)
"""How long a phone shows one code before it makes the next."""
_WELL_OVER: Final = timedelta(minutes=1)  # beyond the last minute, in which the backend decides


class Showing(Enum):
    """What the phone has on its screen."""

    CARD = auto()
    """A card whose code never changes."""
    LIVE = auto()
    """A card that makes a new code now and then."""
    WITHOUT_NETWORK = auto()
    """The same, but no new code comes: the one on show grows old."""
    SCREENSHOT = auto()
    """A picture of a code."""


class PhoneCode(Struct, frozen=True):
    """A code on the phone: made at this time, UTC; None for the one that never changes.

    Args:
        text: What it says where that was given; empty where member and time say it.
    """

    made_at: datetime | None
    text: str = ""


class PhoneView(Struct, frozen=True):
    """What is to be drawn.

    Args:
        left: Seconds until the next code, or until this one is too old; None where nothing is counted.
        share: The same as 1 to 0.
        is_old: Whether no till takes the code any more.
    """

    member_id: str
    showing: Showing
    code: PhoneCode
    left: int | None = None
    share: float = 0.0
    is_old: bool = False


class PracticePhone:
    """A customer's phone, for one thread.

    Args:
        life: How long a code may be used once it is made.
        clock: Says what time it is.
    """

    def __init__(self, member_id: str, life: timedelta, clock: Clock) -> None:
        self._member, self._life, self._clock = member_id, life, clock
        self._showing = Showing.LIVE
        self._code = PhoneCode(clock.now())
        self._held: dict[str, PhoneCode] = {member_id: self._code}

    @property
    def member_id(self) -> str:
        """Return whose phone it is."""
        return self._member

    def hold_up(self, held_up: HoldUp, text: str = "") -> None:
        """Show the code asked for; `text` is what it says where that is known, such as a used one's."""
        self._member = held_up.member
        match held_up.code:
            case Code.FIXED:
                self._show(Showing.CARD, PhoneCode(None, text))
            case Code.FRESH:
                self._show(Showing.LIVE, PhoneCode(self._now(), text))
                self._held[self._member] = self._code
            case Code.STALE:
                made_at = self._now() - self._life - CLOCK_ERROR - _WELL_OVER
                self._show(Showing.SCREENSHOT, PhoneCode(made_at, text))
            case Code.USED | Code.SAME:
                kept = self._held.setdefault(self._member, PhoneCode(self._now()))
                self._show(Showing.SCREENSHOT, replace(kept, text=text or kept.text))

    def take_screenshot(self) -> None:
        """Keep the code on show as a picture; showing the card again makes a new one."""
        if self._showing is Showing.SCREENSHOT:
            self.hold_up(HoldUp(self._member, Code.FRESH))
            return
        self._held[self._member] = self._code
        self._show(Showing.SCREENSHOT, self._code)

    def switch_network(self) -> None:
        """Lose the network, or find it again: then a new code comes at once."""
        if self._showing is Showing.LIVE:
            self._showing = Showing.WITHOUT_NETWORK
        else:
            self.hold_up(HoldUp(self._member, Code.FRESH))

    def view(self) -> PhoneView:
        """Return what is on show now; makes a new code when it is time."""
        now = self._now()
        made_at = self._code.made_at
        if made_at is None:
            return PhoneView(self._member, self._showing, self._code)
        if self._showing is Showing.LIVE and not timedelta(0) <= now - made_at < RENEWS_AFTER:
            made_at = now
            self._code = PhoneCode(now)
        is_old = now - made_at > self._life
        if self._showing is Showing.SCREENSHOT:
            return PhoneView(self._member, self._showing, self._code, is_old=is_old)
        counted = RENEWS_AFTER if self._showing is Showing.LIVE else self._life
        left = max(timedelta(0), counted - max(timedelta(0), now - made_at))
        seconds = -(-left // timedelta(seconds=1))
        return PhoneView(self._member, self._showing, self._code, seconds, left / counted, is_old)

    def _show(self, showing: Showing, code: PhoneCode) -> None:
        self._showing, self._code = showing, code

    def _now(self) -> datetime:
        return self._clock.now().replace(microsecond=0)
