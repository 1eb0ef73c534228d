"""Who works at the till, and what each may do."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct


class Role(StrEnum):
    """What somebody is in the shop."""

    CASHIER = "cashier"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    TRAINER = "trainer"


class Right(StrEnum):
    """What somebody may do at the till."""

    SELL = "sell"
    TAKE_RETURNS = "take returns"
    APPROVE = "approve"
    SETTLE = "settle"
    SEE_FIGURES = "see figures"
    CLOSE_DAY = "close day"
    SET_UP = "set up"
    MANAGE_STAFF = "manage staff"
    TRAIN = "train"


_SELLING = frozenset({Right.SELL, Right.TAKE_RETURNS})
_SUPERVISING = _SELLING | {Right.APPROVE, Right.SETTLE, Right.SEE_FIGURES}

RIGHTS = MappingProxyType(
    {
        Role.CASHIER: _SELLING,
        Role.SUPERVISOR: _SUPERVISING,
        Role.MANAGER: frozenset(Right),
        Role.TRAINER: _SELLING | {Right.TRAIN},
    }
)
"""What each role may do; a manager may do everything."""


class StaffMember(Struct, frozen=True):
    """One person who works at the till.

    Args:
        staff_id: Short and lasting, such as ``meera``: stands in sales, audit rows and figures.
        name: As colleagues call them; plain text.
        active: Whether they may still sign in; nobody is ever deleted.
    """

    staff_id: str
    name: str
    role: Role
    active: bool = True

    def may(self, right: Right) -> bool:
        """Say whether their role allows it."""
        return self.active and right in RIGHTS[self.role]
