"""What the desk shows: who is at the till, and the question for a PIN where there is one."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from cashier_app.domain.staff import Right, StaffMember
from cashier_app.services.approval import ApprovalAsked, Reason


class DeskStage(StrEnum):
    """Whether anybody may work."""

    STARTING = "starting"
    OFF = "off"
    LOCKED = "locked"
    OPEN = "open"


class Question(StrEnum):
    """What the PIN is wanted for."""

    SIGN_IN = "sign in"
    SWITCH = "switch"
    APPROVAL = "approval"


class Trouble(StrEnum):
    """Why the last try led to nothing."""

    NOT_RIGHT = "not right"
    TOO_SHORT = "too short"
    WAIT = "wait"
    LOCKED_OUT = "locked out"
    MAY_NOT = "may not"
    NO_BADGES = "no badges"
    FAILED = "failed"


class PinPrompt(Struct, frozen=True):
    """A question for a PIN. The digits are never in a snapshot, only how many there are.

    Args:
        people: Who may be chosen, in the order they were added.
        chosen: Whose PIN is typed; None while somebody is to be chosen first.
        typed: How many digits are typed.
        least: Fewest digits a PIN of whoever is chosen has.
        busy: A try is being checked; nothing can be typed meanwhile.
        trouble: What to say of the last try. `NOT_RIGHT` is all anybody learns of a PIN that does not fit.
        wait_seconds: For `WAIT`: until the next try, counted down at each tick.
        sentence: For `FAILED`: what the world did, one plain sentence.
        by_badge: Whether a badge answers the question as well, or chooses who types a PIN.
        can_cancel: Whether there is something to go back to.
        asked: For an approval: what is to be allowed.
        reason: For an approval with a choice of reasons: the one taken so far.
    """

    question: Question
    people: tuple[StaffMember, ...]
    chosen: StaffMember | None = None
    typed: int = 0
    least: int = 6
    busy: bool = False
    trouble: Trouble | None = None
    wait_seconds: int = 0
    sentence: str = ""
    by_badge: bool = False
    can_cancel: bool = False
    asked: ApprovalAsked | None = None
    reason: Reason | None = None


class DeskView(Struct, frozen=True):
    """A frozen snapshot of the desk.

    Args:
        stage: `STARTING` until the staff were read, then `OFF` in a shop where nobody signs in; nobody may
            sell while `STARTING` or `LOCKED`.
        on_duty: Who is signed in while `OPEN`; while `LOCKED` who was last, whose sale may stand behind it.
        prompt: The question for a PIN: always while `LOCKED`, over the till while `OPEN`, else None.
        lock_due: The till locks as soon as the payment under way is done.
        sentence: Why the staff cannot be read, while `STARTING`; it is tried again by itself.
    """

    stage: DeskStage
    on_duty: StaffMember | None = None
    prompt: PinPrompt | None = None
    lock_due: bool = False
    sentence: str = ""

    @property
    def staff_id(self) -> str:
        """Return who acts, for what is written; empty where nobody is signed in."""
        return self.on_duty.staff_id if self.on_duty and self.stage is DeskStage.OPEN else ""

    def may(self, right: Right) -> bool:
        """Say whether whoever is at the till may do this now; everybody may where nobody signs in."""
        if self.stage is DeskStage.OFF:
            return True
        return self.stage is DeskStage.OPEN and self.on_duty is not None and self.on_duty.may(right)
