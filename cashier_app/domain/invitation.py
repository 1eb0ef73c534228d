"""A page the customer opens on their own phone to type what the till would else have to be told."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from cashier_app.domain.outcome import MemberFound, Unreachable


class Invitation(Struct, frozen=True):
    """A page was made for one customer.

    Args:
        invitation_id: How the till asks for it again.
        url: What the customer opens, such as from a QR code; good for one person.
        until: When it runs out, UTC.
    """

    invitation_id: str
    url: str
    until: datetime


InviteAnswer = Invitation | Unreachable


class InvitationOpen(Struct, frozen=True):
    """Nobody has sent the page yet."""


class InvitationUsed(Struct, frozen=True):
    """The customer typed their particulars and agreed; they are a member now."""

    found: MemberFound


class InvitationOver(Struct, frozen=True):
    """It ran out, or the backend does not know it."""


InvitationAnswer = InvitationOpen | InvitationUsed | InvitationOver | Unreachable
