"""A new member of the program: what a backend wants to know, what the till tells it, what came of it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from cashier_app.domain.outcome import MemberFound, RetryLater, SignInNeeded, Unknown


class EnrolmentField(StrEnum):
    """Something the till may be asked to tell of a new member."""

    PHONE = "phone"
    NAME = "name"
    EMAIL = "email"
    NUMBER = "number"
    BIRTHDAY = "birthday"
    CONSENT_TO_TERMS = "consent to terms"
    CONSENT_TO_MARKETING = "consent to marketing"
    REFERRAL = "referral"


class Enrolling(Struct, frozen=True):
    """What a backend wants to know of a new member.

    Args:
        mandatory: Without these nobody can be enrolled.
        optional: Taken as well where the customer gives them.
        one_of: At least one of these is needed; empty where nothing more is.
    """

    mandatory: tuple[EnrolmentField, ...]
    optional: tuple[EnrolmentField, ...] = ()
    one_of: tuple[EnrolmentField, ...] = ()


class ConsentText(Struct, frozen=True):
    """What a customer is asked to agree to: its version, its language, and the text itself."""

    version: str
    language: str
    text: str


class Consent(Struct, frozen=True):
    """What a customer agreed to, and how it was put to them.

    Args:
        version: Of the text, as the shop counts its versions.
        language: In which it was said or shown, such as ``en`` or ``ta``.
        at: When they agreed, UTC.
        staff_id: Whose key press recorded it; empty where nobody signs in, or the customer pressed it.
    """

    version: str
    language: str
    at: datetime
    staff_id: str = ""


class NewMember(Struct, frozen=True):
    """A customer who joins.

    Args:
        key: Made once, sent with every attempt: a UUIDv7.
        phone: E.164, or empty.
        number: Of the card handed over, or empty.
        agrees_to_terms: As the customer said at the till; never assumed.
        agrees_to_marketing: The same.
        at: When the customer joined, UTC.
        referral: Code of the member who sent them, or empty.
        consent: What exactly they agreed to; None where they agreed to nothing.
    """

    key: str
    at: datetime
    name: str = ""
    phone: str = ""
    email: str = ""
    number: str = ""
    birthday: date | None = None
    agrees_to_terms: bool = False
    agrees_to_marketing: bool = False
    referral: str = ""
    consent: Consent | None = None

    def tells(self, field: EnrolmentField) -> bool:
        """Say whether this was told."""
        return bool(
            {
                EnrolmentField.PHONE: self.phone,
                EnrolmentField.NAME: self.name,
                EnrolmentField.EMAIL: self.email,
                EnrolmentField.NUMBER: self.number,
                EnrolmentField.BIRTHDAY: self.birthday,
                EnrolmentField.CONSENT_TO_TERMS: self.agrees_to_terms,
                EnrolmentField.CONSENT_TO_MARKETING: self.agrees_to_marketing,
                EnrolmentField.REFERRAL: self.referral,
            }[field]
        )


def still_missing(wanted: Enrolling, new: NewMember) -> tuple[EnrolmentField, ...]:
    """Return what must still be told; all of `one_of` where none of them is."""
    missing = tuple(field for field in wanted.mandatory if not new.tells(field))
    if wanted.one_of and not any(new.tells(field) for field in wanted.one_of):
        missing += tuple(field for field in wanted.one_of if field not in missing)
    return missing


class Enrolled(Struct, frozen=True):
    """The customer is a member now."""

    found: MemberFound


class AlreadyMember(Struct, frozen=True):
    """The customer was a member before; nothing was made."""

    found: MemberFound


class EnrolmentRefused(Struct, frozen=True):
    """The backend takes nobody with these particulars.

    Args:
        field: What it does not like, where it says so.
        detail: Its own words, plain text, cut to 200 characters.
    """

    field: EnrolmentField | None = None
    detail: str = ""


EnrolmentAnswer = Enrolled | AlreadyMember | EnrolmentRefused | RetryLater | SignInNeeded | Unknown
