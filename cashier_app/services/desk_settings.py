"""How a shop wants its staff to sign in. By itself: the settings are read before the first frame."""

from msgspec import Struct


class DeskSettings(Struct, frozen=True):
    """How a shop wants its staff to sign in.

    Args:
        pin_digits: Fewest digits of a PIN, 6 or 4; people with more than selling rights have 6 at least.
        lock_after_seconds: Idle time after which the till locks.
        badges: Whether badges are taken at all.
        badge_alone: Whether a badge signs those in who only sell, without a PIN.
        on_duty: A staff id that is signed in at the start without a PIN: for the demo shop only.
    """

    pin_digits: int = 6
    lock_after_seconds: int = 120
    badges: bool = False
    badge_alone: bool = False
    on_duty: str = ""
