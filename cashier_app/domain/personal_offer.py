"""Something a backend has for one member in particular."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from msgspec import Struct


class OfferKind(StrEnum):
    """What the occasion is."""

    BIRTHDAY = "birthday"
    WIN_BACK = "win back"
    OTHER = "other"


class PersonalOffer(Struct, frozen=True):
    """An offer the account carries.

    Args:
        title: What it is, in the backend's words: plain text of at most 200 characters.
        until: Its last day; None where it has none.
        voucher: The code that gives it on a bill; empty where it comes by itself.
    """

    kind: OfferKind
    title: str
    until: date | None = None
    voucher: str = ""
