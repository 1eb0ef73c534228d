"""What each key does to an enrolment: pure steps from one `EnrolView` to the next, no waiting and no I/O."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.enrolment import Consent, Enrolling, EnrolmentField, NewMember, still_missing
from cashier_app.domain.member import Way
from cashier_app.domain.sale import Sale
from cashier_app.domain.settlement import one_line
from cashier_app.domain.vouchers import MAX_CODE, ReferralKnown, ReferralUnknown
from cashier_app.ports.capabilities import Capabilities
from cashier_app.services.enrol_view import TYPED, EnrolStep, EnrolView, PhoneIs
from cashier_app.services.enrolment_settings import EnrolmentSettings
from cashier_app.services.till_view import Finished, NotFound, Step, TillView

LONGEST: dict[EnrolmentField, int] = {
    EnrolmentField.NAME: 100,
    EnrolmentField.EMAIL: 254,  # RFC 5321, 4.5.3.1.3
    EnrolmentField.NUMBER: 32,
    EnrolmentField.BIRTHDAY: 10,
    EnrolmentField.REFERRAL: MAX_CODE,
}
MOST_DIGITS = 15
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[./ -]([0-9]{1,2})[./ -]([0-9]{4})")
_NEEDS_NO_FIELD = {EnrolmentField.PHONE, EnrolmentField.CONSENT_TO_TERMS}


class Begun(Struct, frozen=True):
    """What the till knows when somebody is to be enrolled.

    Args:
        phone: As typed or found to be nobody's; empty for none.
        looked_up: The backend said just now that nobody has it.
        letter: The first letter of the name, where that opened the form.
        sale: The sale just finished without a member: theirs, where one was.
    """

    phone: str = ""
    looked_up: bool = False
    letter: str = ""
    sale: Sale | None = None


def begun_from(view: TillView, letter: str = "") -> Begun:
    """Return what the till knows at this moment."""
    finished = view.finished if view.step is Step.DONE else None
    sale = _nobodys(finished)
    if isinstance(view.person, NotFound) and view.person.way is Way.PHONE and view.person.shown:
        return Begun(view.person.shown, looked_up=True, letter=letter, sale=sale)
    digits = view.entry.removeprefix("+")
    return Begun(view.entry if digits.isdigit() else "", letter=letter, sale=sale)


def can_enrol(view: TillView) -> bool:
    """Say whether somebody can be enrolled at this till."""
    return view.can is not None and _supported(view.can.enrolling)


def may_enrol_now(view: TillView) -> bool:
    """Say whether that can begin now: not while money is taken, or something is being saved."""
    return can_enrol(view) and view.step is not Step.PAY and not view.busy


def begun(
    begin: Begun, can: Capabilities, settings: EnrolmentSettings, locale: str, points: str
) -> EnrolView:
    """Return the form as it opens."""
    wanted = can.enrolling or Enrolling(())
    takes = {*wanted.mandatory, *wanted.optional, *wanted.one_of}
    # The name is what the till greets by, and the referral is told by every backend that can check it.
    asked = {*wanted.mandatory, *wanted.one_of, EnrolmentField.NAME} | (settings.wants & takes)
    if EnrolmentField.REFERRAL in settings.wants and can.referrals:
        asked.add(EnrolmentField.REFERRAL)
    first = one_line(begin.letter)
    return EnrolView(
        field=EnrolmentField.NAME if begin.looked_up else EnrolmentField.PHONE,
        phone=begin.phone,
        e164=begin.phone if begin.looked_up else "",
        phone_is=PhoneIs.NOBODYS if begin.looked_up else PhoneIs.TYPING,
        typed=((EnrolmentField.NAME, first),) if first else (),
        fields=tuple(field for field in TYPED if field in asked),
        mandatory=wanted.mandatory,
        one_of=wanted.one_of,
        terms=settings.terms_for(locale, points),
        sale=begin.sale,
    )


def with_phone_character(view: EnrolView, character: str) -> EnrolView:
    """Return the form after a digit, or a plus in front, was typed for the phone number."""
    digits = view.phone.removeprefix("+")
    if (character == "+" and not view.phone) or (
        character.isascii() and character.isdigit() and len(digits) < MOST_DIGITS
    ):
        return with_phone(view, view.phone + character)
    return view


def with_phone(view: EnrolView, phone: str) -> EnrolView:
    """Return the form with another phone number, of which nothing is known yet."""
    return replace(
        view,
        step=EnrolStep.FORM,
        field=EnrolmentField.PHONE,
        phone=phone,
        e164="",
        phone_is=PhoneIs.TYPING,
        known=None,
        refused=None,
        trouble="",
    )


def with_text(view: EnrolView, field: EnrolmentField, text: str) -> EnrolView:
    """Return the form with something else in a text field."""
    text = text[: LONGEST[field]]
    others = tuple(pair for pair in view.typed if pair[0] is not field)
    referred = None if field is EnrolmentField.REFERRAL else view.referred
    return replace(
        view,
        typed=(*others, (field, text)) if text else others,
        wrong=tuple(one for one in view.wrong if one is not field),
        refused=None,
        referred=referred,
        trouble="",
    )


def at_field(view: EnrolView, field: EnrolmentField) -> EnrolView:
    """Return the form with the keys going to this field."""
    return replace(view, step=EnrolStep.FORM, field=field)


def with_referral(view: EnrolView, answer: ReferralKnown | ReferralUnknown) -> EnrolView:
    """Return the form once the referral code was checked."""
    bad = isinstance(answer, ReferralUnknown)
    others = tuple(one for one in view.wrong if one is not EnrolmentField.REFERRAL)
    return replace(view, referred=answer, wrong=(*others, EnrolmentField.REFERRAL) if bad else others)


def checked(view: EnrolView) -> EnrolView:
    """Return the form as Enter leaves it: asking the customer, or at the first field that lacks something."""
    new = new_member(view, "", datetime.min.replace(tzinfo=UTC), "")
    wanted = Enrolling(tuple(f for f in view.mandatory if f is not EnrolmentField.PHONE), (), view.one_of)
    missing = [field for field in still_missing(wanted, new) if field in view.fields]
    wrong = tuple(field for field in view.fields if field in missing or _is_wrong(view, field))
    if not wrong:
        return replace(view, step=EnrolStep.CONSENT, wrong=(), refused=None, trouble="")
    # A field not reached yet is only asked for; one that was left is marked.
    reached = view.fields[: view.fields.index(view.field) + 1] if view.field in view.fields else ()
    marked = tuple(field for field in wrong if field in reached or view.text_of(field))
    return replace(view, step=EnrolStep.FORM, field=wrong[0], wrong=marked)


def next_language(view: EnrolView) -> EnrolView:
    """Return the same question in the next language."""
    return replace(view, language=(view.language + 1) % len(view.terms))


def new_member(view: EnrolView, key: str, at: datetime, staff_id: str) -> NewMember:
    """Return who is to be enrolled, with what they agreed to; `at` is UTC."""
    referred = view.referred
    typed = one_line(view.text_of(EnrolmentField.REFERRAL))
    code = referred.code if isinstance(referred, ReferralKnown) else typed
    consent = view.consent
    return NewMember(
        key=key,
        at=at,
        name=one_line(view.name),
        phone=view.e164,
        email=view.text_of(EnrolmentField.EMAIL).strip(),
        number=one_line(view.text_of(EnrolmentField.NUMBER)),
        birthday=day_of(view.text_of(EnrolmentField.BIRTHDAY)),
        agrees_to_terms=True,
        referral=code,
        consent=Consent(consent.version, consent.language, at, staff_id),
    )


def day_of(text: str) -> date | None:
    """Return a day typed as 2001-12-31 or 31.12.2001; None for what is none."""
    text = text.strip()
    day_first = _DAY_FIRST.fullmatch(text)
    try:
        if day_first:
            return date(int(day_first[3]), int(day_first[2]), int(day_first[1]))
        return date.fromisoformat(text)
    except ValueError:
        return None


def _is_wrong(view: EnrolView, field: EnrolmentField) -> bool:
    text = view.text_of(field).strip()
    if not text:
        return False
    match field:
        case EnrolmentField.EMAIL:
            return not _EMAIL.fullmatch(text)
        case EnrolmentField.BIRTHDAY:
            return day_of(text) is None
        case EnrolmentField.REFERRAL:
            return isinstance(view.referred, ReferralUnknown)
        case _:
            return not one_line(text)


def _nobodys(finished: Finished | None) -> Sale | None:
    """Return the finished sale where it is nobody's and may still become somebody's."""
    if finished is None or finished.sale.member_id or finished.sale.way is not None:
        return None
    return finished.sale if finished.sale.claim_until is not None else None


def _supported(wanted: Enrolling | None) -> bool:
    """Say whether the till can ask for all that a backend insists on."""
    return wanted is not None and all(
        field in TYPED or field in _NEEDS_NO_FIELD for field in wanted.mandatory
    )
