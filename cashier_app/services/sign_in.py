"""Checking who somebody is, and writing down what came of it. Blocking: for worker threads."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from cashier_app.domain.staff import Right, StaffMember
from cashier_app.ports.credentials import Secret
from cashier_app.services.approval import ApprovalAsked, Reason


class Allowed(Struct, frozen=True):
    """It is them, and they may."""

    member: StaffMember


class NotRight(Struct, frozen=True):
    """Wrong PIN, unknown person, unknown badge: nobody is told which."""


class TooSoon(Struct, frozen=True):
    """A wait after wrong PINs is not over."""

    seconds: int


class TooOften(Struct, frozen=True):
    """Only a manager's reset lets them try again."""


class MayNot(Struct, frozen=True):
    """It is them, and this is not theirs to do."""

    member: StaffMember


class NeedsPin(Struct, frozen=True):
    """The badge is theirs, and their PIN is asked for as well."""

    member: StaffMember


Answer = Allowed | NotRight | TooSoon | TooOften | MayNot
BadgeAnswer = Answer | NeedsPin


class SignIn(Protocol):
    """What the desk asks in worker threads.

    Raises:
        KnownError: From every method when the disk fails or the key of the PINs cannot be had.
    """

    def people(self) -> tuple[StaffMember, ...]:
        """Return who may sign in, in the order they were added; nobody in a shop without sign-in."""

    def enter(self, staff_id: str, pin: Secret, event: str = "signed in") -> Answer:
        """Sign somebody in by PIN."""

    def badge(self, code: str, *, alone: bool) -> BadgeAnswer:
        """Take a badge; `alone` where it may do without a PIN, for people who only sell."""

    def approve(
        self, asked: ApprovalAsked, staff_id: str, pin: Secret, on_duty: str, reason: Reason | None
    ) -> Answer:
        """Let somebody with the right allow something, with its audit row."""

    def verify(self, staff_id: str, pin: Secret, right: Right) -> Answer:
        """Check PIN and right for something that writes its own audit row."""
