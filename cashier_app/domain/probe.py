"""What trying a backend out says: one harmless read for each right the till needs."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from msgspec import Struct


class Right(StrEnum):
    """Something the till's credentials must allow."""

    PROGRAM = "read the program"
    FIND = "find members"
    ACCOUNT = "read accounts"
    REWARDS = "read rewards"
    LEDGER = "read the books"
    SALES = "read sales"
    LOCATION = "read the shop's place"


class Found(StrEnum):
    """How one try ended; `UNFIT` is a right answer that this shop cannot use."""

    WORKS = "works"
    REFUSED = "refused"
    NOT_THERE = "not there"
    STRANGE = "strange answer"
    UNFIT = "unfit"
    UNREACHABLE = "unreachable"


class RightProbed(Struct, frozen=True):
    """One try.

    Args:
        detail: What came, for the person who sets the till up; plain text without secrets, at most 200
            characters.
    """

    right: Right
    found: Found
    detail: str = ""


class Probed(Struct, frozen=True):
    """What was found out about a backend; None where it does not say.

    Args:
        rights: Every right that was tried, in order.
        program_name: Plain text, or empty.
        currency: ISO letters, or empty.
        time_zone: Name of its time zone, or empty.
        clock_ahead: How far its clock is ahead of this computer's, by the date of its answers.
        remarks: What else the person who sets the till up should know; sentences.
    """

    rights: tuple[RightProbed, ...]
    program_name: str = ""
    currency: str = ""
    time_zone: str = ""
    clock_ahead: timedelta | None = None
    remarks: tuple[str, ...] = ()

    @property
    def works(self) -> bool:
        """Say whether everything that was tried works."""
        return bool(self.rights) and all(one.found is Found.WORKS for one in self.rights)
