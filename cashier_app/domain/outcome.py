"""What came of asking the world: business answers are values."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from cashier_app.domain.member import Account, Member
from cashier_app.domain.offline_policy import OfflineRecord


# Finding a member.
class MemberFound(Struct, frozen=True):
    """One member, with the account as the backend said it just now."""

    member: Member
    account: Account


class SeveralMembers(Struct, frozen=True):
    """More than one member answers to this phone number; at least two."""

    found: tuple[MemberFound, ...]


class NoSuchMember(Struct, frozen=True):
    """The backend knows nobody by this."""


class CodeTooOld(Struct, frozen=True):
    """A rotating code that has run out: a screenshot, or a phone left open.

    Args:
        made_at: When the code was made, UTC.
        life_seconds: How long such a code may be used.
    """

    made_at: datetime
    life_seconds: int


class CodeAhead(Struct, frozen=True):
    """A code made later than now: a clock is wrong, the phone's or the till's; `made_at` is UTC."""

    made_at: datetime


class CodeUsed(Struct, frozen=True):
    """A rotating code that paid for a sale at this till already; `used_at` is UTC."""

    used_at: datetime


BadCode = CodeTooOld | CodeAhead | CodeUsed
"""Why a code that changes is not taken."""


class Unreachable(Struct, frozen=True):
    """No answer that can be trusted; `reason` is for the detail line and the log."""

    reason: str


Lookup = MemberFound | SeveralMembers | NoSuchMember | CodeTooOld | Unreachable


class Remembered(Struct, frozen=True):
    """A member this till met before, as they were then: the backend cannot be asked now.

    Args:
        record: What this till knows of redemptions offline.
    """

    member: Member
    account: Account
    record: OfflineRecord | None = None


# Applying an effect.
class RefusedBecause(StrEnum):
    """Why a backend will never apply an effect.

    `ALREADY_LINKED`: the sale is a member's already, this one's or another's. `VOUCHER_GONE`: the voucher was
    used or ran out after it was checked.
    """

    BALANCE_TOO_LOW = "balance_too_low"
    MEMBER_BLOCKED = "member_blocked"
    NOT_ALLOWED = "not_allowed"
    RESERVATION_GONE = "reservation_gone"
    UNKNOWN_SALE = "unknown_sale"
    ALREADY_LINKED = "already_linked"
    VOUCHER_GONE = "voucher_gone"
    INVALID = "invalid"
    OTHER = "other"


class Booked(Struct, frozen=True):
    """What the backend wrote for an effect.

    Args:
        reference: The backend's own id for it.
        balance: Balance after it; None where the backend does not say.
        points: Points the effect moved (earned, held, taken), where the backend says so.
        expires_at: End of a reservation, UTC.
        member_id: Whose account it moved, where the backend says so.
    """

    reference: str
    balance: Decimal | None = None
    points: Decimal | None = None
    expires_at: datetime | None = None
    member_id: str = ""


class Applied(Struct, frozen=True):
    """The effect took hold now."""

    booked: Booked


class AlreadyApplied(Struct, frozen=True):
    """The effect had taken hold before; nothing happened again."""

    booked: Booked


class NotApplied(Struct, frozen=True):
    """Looked up, and the backend does not have it: sending is safe. Only `reconcile` answers this."""


class Pending(Struct, frozen=True):
    """The backend accepted it but has not decided; ask again by `reconcile`."""


class Refused(Struct, frozen=True):
    """The backend will never apply this effect as it stands.

    Args:
        detail: The backend's own words, plain text, cut to 200 characters.
        account: The account as it stands, where the refusal carried it.
    """

    because: RefusedBecause
    detail: str = ""
    account: Account | None = None


class RetryLater(Struct, frozen=True):
    """Not applied, certainly; may be sent again after `seconds` (0: at the sender's own pace).

    Args:
        reached: False when the backend could not even be connected to.
    """

    seconds: int = 0
    reason: str = ""
    reached: bool = True


class SignInNeeded(Struct, frozen=True):
    """The backend refuses our credentials; nothing can be sent until somebody signs in."""


class Unknown(Struct, frozen=True):
    """Sent, and nobody knows whether it took hold: look up before anything is sent again."""

    reason: str = ""


Outcome = Applied | AlreadyApplied | Pending | Refused | RetryLater | SignInNeeded | Unknown
Reconciled = Applied | AlreadyApplied | NotApplied | Pending | RetryLater | SignInNeeded | Unknown
