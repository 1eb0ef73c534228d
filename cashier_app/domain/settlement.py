"""An effect settled by hand: a manager says what is true of it, and it is never sent again."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

LONGEST_NAME = 60
SHORTEST_REASON = 3
LONGEST_REASON = 200
_MARKS_INSIDE_WORDS = frozenset("\u200c\u200d")


class Truth(StrEnum):
    """What a manager found out about an effect: the backend has it, or has not and must not get it."""

    TOOK_HOLD = "took hold"
    NOT_BOOKED = "not booked"


class Settlement(Struct, frozen=True):
    """A manager's word on one effect.

    Args:
        key: The effect's key.
        by: Who settled it, as typed.
        reason: Why, as typed: one line of plain text.
        at: When, UTC.
    """

    key: str
    truth: Truth
    by: str
    reason: str
    at: datetime


class SettlementProblem(StrEnum):
    """Why what was typed cannot be taken."""

    NO_NAME = "no name"
    NAME_TOO_LONG = "name too long"
    REASON_TOO_SHORT = "reason too short"
    REASON_TOO_LONG = "reason too long"


def one_line(text: str) -> str:
    """Return a typed text as one line: no control, direction or invisible marks but those inside words."""
    spaced = (" " if unicodedata.category(c) in {"Cc", "Zl", "Zp", "Zs"} else c for c in text)
    kept = (
        c
        for c in spaced
        if unicodedata.category(c) not in {"Cf", "Cs", "Co", "Cn"} or c in _MARKS_INSIDE_WORDS
    )
    return " ".join("".join(kept).split())


def problem_with(by: str, reason: str) -> SettlementProblem | None:
    """Say what is wrong with a name and a reason, both already one line; None when nothing is."""
    if not any(character.isalnum() for character in by):
        return SettlementProblem.NO_NAME
    if len(by) > LONGEST_NAME:
        return SettlementProblem.NAME_TOO_LONG
    if len(reason) < SHORTEST_REASON or not any(character.isalnum() for character in reason):
        return SettlementProblem.REASON_TOO_SHORT
    if len(reason) > LONGEST_REASON:
        return SettlementProblem.REASON_TOO_LONG
    return None
