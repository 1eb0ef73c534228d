"""A manager's word at the till: who allowed what beyond a limit, and why.

This is the one seam: with staff an approval comes from a PIN or badge through the `Desk`; in a shop where
nobody signs in, from a name or staff number somebody typed.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from cashier_app.domain.money import Money
from cashier_app.domain.settlement import LONGEST_NAME, one_line
from cashier_app.domain.staff import Right, StaffMember

SHORTEST_NAME = 2


class Matter(StrEnum):
    """What somebody with the right to is asked to allow."""

    OFFLINE_POINTS = "points used offline"
    REFUND = "refund"
    SETTLEMENT = "settlement by hand"
    BACKEND = "change of the loyalty system"
    STAFF = "staff"
    FIGURES = "figures"
    DAY_CLOSE = "close of the day"
    SETTINGS = "settings"
    TRAINING = "training"
    RESULTS = "results of training"


class Reason(StrEnum):
    """Why a limit is lifted, to choose from; where a form asks for words of its own there is no choice."""

    MEMBER_KNOWN = "member known"
    MEMBER_ASKS = "member asks"
    MISTAKE_AT_TILL = "mistake at the till"
    GOODWILL = "goodwill"
    SYSTEM_DOWN = "loyalty system down"


class ApprovalAsked(Struct, frozen=True):
    """What is to be allowed; words are made of it elsewhere.

    Args:
        right: What somebody must be allowed to do to allow it.
        matter: What it is about.
        subject: The sale id or effect key it belongs to, for the audit log; empty where there is none.
        amount: How much it is, where it is an amount.
        limit: How much needs nobody's word, where there is such a limit.
        reasons: Choices of which one is taken; none where no reason is asked for here.
    """

    right: Right
    matter: Matter
    subject: str = ""
    amount: Money | None = None
    limit: Money | None = None
    reasons: tuple[Reason, ...] = ()


class Approval(Struct, frozen=True):
    """Somebody with the right to allowed it.

    Args:
        by: What stands in the audit log: `signature`, or the name as typed where nobody signs in.
        staff_id: Who, by PIN or badge; empty for a typed name.
        reason: Why, from the choice that was given; None where there was none.
        limit: The limit that was lifted, if there is one.
    """

    by: str
    staff_id: str = ""
    reason: Reason | None = None
    limit: Money | None = None


class Approvals(Protocol):
    """Where approvals come from: the `Desk`, or typed names."""

    @property
    def asks_pin(self) -> bool:
        """Say whether they come from PINs here, not from a typed name."""

    def ask(self, asked: ApprovalAsked, answered: Callable[[Approval | None], None]) -> None:
        """Ask somebody with the right to allow something; `answered` is called once, with None for no."""


class TypedNames:
    """Approvals where nobody signs in: whoever shows the question has a name typed."""

    @property
    def asks_pin(self) -> bool:
        """Say that no PIN is asked for."""
        return False

    def ask(self, _: ApprovalAsked, answered: Callable[[Approval | None], None]) -> None:
        """Answer at once that nobody allowed it: there is no PIN to be had."""
        answered(None)


def signature(member: StaffMember) -> str:
    """Return what stands for somebody in the audit log, such as ``Meera Nair (meera)``: a name's length."""
    room = LONGEST_NAME - len(member.staff_id) - len(" ()")
    return f"{one_line(member.name)[:room].rstrip()} ({member.staff_id})"


def approval_by(typed: str) -> Approval | None:
    """Return the approval of whoever typed this, or None where it names nobody."""
    name = one_line(typed)
    signs = sum(character.isalnum() for character in name)
    return Approval(name) if signs >= SHORTEST_NAME and len(name) <= LONGEST_NAME else None
