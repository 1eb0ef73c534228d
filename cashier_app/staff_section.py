"""`[staff]`: how the people at the till sign in. Who they are is not here: see `cashier-cli staff`."""

from __future__ import annotations

from typing import Literal

import msgspec

from cashier_app.domain.pin import FEWEST_DIGITS, USUAL_DIGITS
from cashier_app.errors import KnownError
from cashier_app.services.desk_settings import DeskSettings

SHORTEST_LOCK, LONGEST_LOCK = 15, 3600


class StaffSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[staff]`: how the people at the till sign in.

    Args:
        sign_in: Whether they do, once there are any; a one-person shop may do without.
        pin_digits: Fewest digits of a PIN: 6, or 4, which the diagnosis warns of.
        lock_after_seconds: Idle time after which the till locks.
        badge: ``badge`` signs in those who only sell; ``badge and pin`` chooses whose PIN is typed.
    """

    sign_in: bool = True
    pin_digits: int = USUAL_DIGITS
    lock_after_seconds: int = 120
    badge: Literal["off", "badge", "badge and pin"] = "off"


def check_staff(section: StaffSection) -> None:
    """Check what the types cannot.

    Raises:
        KnownError: A value makes no sense; the sentence names it.
    """
    if section.pin_digits not in {FEWEST_DIGITS, USUAL_DIGITS}:
        raise KnownError(f"staff.pin_digits: {USUAL_DIGITS} is expected, or {FEWEST_DIGITS}.")
    if not SHORTEST_LOCK <= section.lock_after_seconds <= LONGEST_LOCK:
        raise KnownError(
            f"staff.lock_after_seconds: a number from {SHORTEST_LOCK} to {LONGEST_LOCK} is expected."
        )


def desk_settings(section: StaffSection) -> DeskSettings:
    """Return the section as the desk wants it."""
    return DeskSettings(
        pin_digits=section.pin_digits,
        lock_after_seconds=section.lock_after_seconds,
        badges=section.badge != "off",
        badge_alone=section.badge == "badge",
    )
