"""What the enrolment screen shows: one frozen snapshot per moment, rendered by the window."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cashier_app.domain.enrolment import ConsentText, EnrolmentField, EnrolmentRefused
from cashier_app.domain.outcome import MemberFound, Remembered, SeveralMembers
from cashier_app.domain.sale import Sale
from cashier_app.domain.vouchers import ReferralAnswer
from cashier_app.services.enrolment_settings import Terms

Known = MemberFound | Remembered | SeveralMembers
"""Who has the phone number already."""

TYPED = (
    EnrolmentField.NAME,
    EnrolmentField.EMAIL,
    EnrolmentField.NUMBER,
    EnrolmentField.BIRTHDAY,
    EnrolmentField.REFERRAL,
)
"""What is typed into text fields, in the order in which it is asked."""


class EnrolStep(StrEnum):
    """Where the enrolment is. `FOUND`: nobody is to be enrolled, the phone number is a member's."""

    FORM = "form"
    CONSENT = "consent"
    FOUND = "found"


class PhoneIs(StrEnum):
    """What is known of the phone number as typed.

    `UNASKED`: it is whole, and the backend could not be asked whose it is.
    """

    TYPING = "typing"
    BAD = "bad"
    CHECKING = "checking"
    NOBODYS = "nobody's"
    UNASKED = "unasked"


class EnrolRemarkKind(StrEnum):
    """A passing remark; never something that must not be missed."""

    SCAN_NOT_USED = "scan not used"


class EnrolRemark(Struct, frozen=True):
    """A remark for the toast; `sequence` grows with each."""

    sequence: int
    kind: EnrolRemarkKind


class Join(Struct, frozen=True):
    """Where the customer may type by themselves.

    Args:
        url: What the code on the screen holds.
        live: What they type appears here; else they join by themselves and are looked up then.
        until: When the page runs out, UTC; None for never.
    """

    url: str
    live: bool
    until: datetime | None = None


class EnrolView(Struct, frozen=True):
    """Everything the enrolment screen needs, and nothing it must work out.

    Args:
        field: Where typed keys go while the form is filled in.
        phone: As typed: digits, perhaps with a plus in front.
        e164: The whole number; empty while there is none.
        typed: What stands in the text fields, as pairs; without those that are empty.
        fields: The text fields that are asked for.
        mandatory: Without these the backend takes nobody; at least one of `one_of` is needed too.
        wrong: Fields that lack something, or hold what cannot be right.
        refused: What the backend said to this very form.
        known: With `FOUND`: who it is. `joined` where they joined just now, on their own phone.
        referred: What became of the referral code; None until it was checked.
        terms: In every language there is; `language` is the place of the one on show.
        reading: The whole terms are on show.
        join: Where the customer may type by themselves.
        asking: The page for the customer is being asked for.
        sale: The sale just finished that is to count for them.
        offline: The backend does not answer: they become a member once it does.
        busy: It is being written down, or sent: Enter waits.
        trouble: One sentence about what failed here and now.
        left: Seconds until the form clears by itself, once few are left.
        kept: Another card was opened by a scan; the form comes back when that is left.
        closed: The till is wanted.
    """

    step: EnrolStep = EnrolStep.FORM
    field: EnrolmentField = EnrolmentField.PHONE
    phone: str = ""
    e164: str = ""
    phone_is: PhoneIs = PhoneIs.TYPING
    typed: tuple[tuple[EnrolmentField, str], ...] = ()
    fields: tuple[EnrolmentField, ...] = (EnrolmentField.NAME,)
    mandatory: tuple[EnrolmentField, ...] = ()
    one_of: tuple[EnrolmentField, ...] = ()
    wrong: tuple[EnrolmentField, ...] = ()
    refused: EnrolmentRefused | None = None
    known: Known | None = None
    joined: bool = False
    referred: ReferralAnswer | None = None
    terms: tuple[Terms, ...] = ()
    language: int = 0
    reading: bool = False
    join: Join | None = None
    asking: bool = False
    sale: Sale | None = None
    offline: bool = False
    busy: bool = False
    trouble: str = ""
    left: int | None = None
    remark: EnrolRemark | None = None
    kept: bool = False
    closed: bool = False

    def text_of(self, field: EnrolmentField) -> str:
        """Return what stands in a text field."""
        return dict(self.typed).get(field, "")

    @property
    def types_text(self) -> bool:
        """Say whether typed keys go to a text field."""
        return self.step is EnrolStep.FORM and self.field in TYPED

    @property
    def consent(self) -> ConsentText:
        """Return what the customer is asked now."""
        return self.terms[self.language].consent

    @property
    def name(self) -> str:
        """Return the name as typed."""
        return self.text_of(EnrolmentField.NAME)
