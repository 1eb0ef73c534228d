"""New members at Open Loyalty: looked for first, made once, activated where they begin inactive."""

from __future__ import annotations

from cashier_app.backends.contract_messages import read_answer
from cashier_app.backends.openloyalty.messages import MemberAnswer, MemberMade, ProblemAnswer
from cashier_app.backends.openloyalty.reading import Reading
from cashier_app.backends.openloyalty.store import Store
from cashier_app.backends.openloyalty.values import member_request, phone_forms, refusal_of
from cashier_app.backends.replies import Answered, unusable
from cashier_app.domain.enrolment import (
    AlreadyMember,
    Enrolled,
    EnrolmentAnswer,
    EnrolmentField,
    EnrolmentRefused,
    NewMember,
)
from cashier_app.domain.outcome import MemberFound, RetryLater, SignInNeeded, Unknown

KEY_LABEL = "cashier_app_key"
"""Label of a member by which an attempt whose answer got lost is known again."""

_FIELDS = {
    "phone": EnrolmentField.PHONE,
    "email": EnrolmentField.EMAIL,
    "loyaltyCardNumber": EnrolmentField.NUMBER,
    "firstName": EnrolmentField.NAME,
    "lastName": EnrolmentField.NAME,
    "agreement1": EnrolmentField.CONSENT_TO_TERMS,
    "agreement2": EnrolmentField.CONSENT_TO_MARKETING,
}

Known = MemberAnswer | RetryLater | SignInNeeded | Unknown | None


class Joining:
    """Makes customers members. Safe from any thread; one deadline, given by the caller.

    Args:
        store: Where they join.
        reading: Makes the till's values of a member's record.
        channel: Id of the sales channel, or empty.
    """

    def __init__(self, store: Store, reading: Reading, channel: str) -> None:
        self._store = store
        self._reading = reading
        self._channel = channel

    def enrol(self, new: NewMember) -> EnrolmentAnswer:
        """Make a customer a member, unless they are one; never two of one."""
        by_card = self._first(f"loyaltyCardNumber={new.number}") if new.number else None
        if isinstance(by_card, RetryLater | SignInNeeded | Unknown):
            return by_card
        if by_card is not None and not _made_by(by_card, new) and new.phone and not _has_phone(by_card, new):
            return EnrolmentRefused(EnrolmentField.NUMBER, "the card is somebody else's")
        known = by_card or self._by_particulars(new)
        if isinstance(known, RetryLater | SignInNeeded | Unknown):
            return known
        if known is not None:
            # Somebody the shop has put to rest is not woken up: only what an earlier attempt left unfinished.
            return self._woken(known) if _made_by(known, new) else self._already(known)
        label = {"key": KEY_LABEL, "value": new.key}
        reply = self._store.post("member", body=member_request(new, label, self._channel))
        if (other := unusable(reply)) is not None:
            return other
        assert isinstance(reply, Answered)  # noqa: S101 - for the type checker; all else is unusable
        if not reply.is_success:
            return _refused(reply)
        made = read_answer(reply.body, MemberMade)
        if made is None:
            return Unknown("an answer of the wrong form")
        member = self._first(made.customer_id)
        if isinstance(member, MemberAnswer):
            return self._woken(member)
        # The member is there: the next attempt finds it by its label, and activates it.
        return Unknown("no account yet")

    def _woken(self, member: MemberAnswer) -> EnrolmentAnswer:
        """Return a member made for this customer, activated."""
        if not member.active:
            reply = self._store.post("member", member.customer_id, "activate")
            if (other := unusable(reply)) is not None:
                return other
            again = self._first(member.customer_id)
            if not isinstance(again, MemberAnswer) or not again.active:
                return Unknown("the member could not be activated")
            member = again
        found = self._reading.member(member)
        return Enrolled(found) if isinstance(found, MemberFound) else Unknown("no account")

    def _already(self, member: MemberAnswer) -> EnrolmentAnswer:
        found = self._reading.member(member)
        return AlreadyMember(found) if isinstance(found, MemberFound) else Unknown("no account")

    def _by_particulars(self, new: NewMember) -> Known:
        forms = dict.fromkeys(phone_forms(new.phone)) if new.phone else ()
        phones = [f"phone={form}" for form in forms]
        emails = [f"email={new.email}"] if new.email else []
        return self._first(*phones, *emails)

    def _first(self, *references: str) -> Known:
        """Return the record of whoever answers to the first of these; None where nobody does."""
        for reference in references:
            reply = self._store.get("member", reference)
            if (other := unusable(reply)) is not None:
                return other
            assert isinstance(reply, Answered)  # noqa: S101 - for the type checker; all else is unusable
            if reply.status == 404:
                continue
            answer = read_answer(reply.body, MemberAnswer) if reply.is_success else None
            if answer is None:
                return Unknown("an answer of the wrong form")
            return answer if _is_asked(answer, reference) else Unknown("an answer about another member")
        return None


def _made_by(member: MemberAnswer, new: NewMember) -> bool:
    return any((label.key, label.value) == (KEY_LABEL, new.key) for label in member.labels)


def _is_asked(member: MemberAnswer, reference: str) -> bool:
    """Say whether a record is the one a path named; only on cards do capital letters matter."""
    how, given, value = reference.partition("=")
    if how == "loyaltyCardNumber":
        return member.loyalty_card_number == value
    kept = {"phone": member.phone, "email": member.email}.get(how) if given else member.customer_id
    asked = value if given else reference
    return (kept or "").casefold().lstrip("+") == asked.casefold().lstrip("+")


def _has_phone(member: MemberAnswer, new: NewMember) -> bool:
    return member.phone is None or member.phone in phone_forms(new.phone)


def _refused(reply: Answered) -> EnrolmentAnswer:
    problem = read_answer(reply.body, ProblemAnswer)
    if reply.status == 409:
        return Unknown("the same is being done elsewhere")
    if problem is None:
        return EnrolmentRefused()
    fields = (field for name, field in _FIELDS.items() if problem.names(name))
    return EnrolmentRefused(next(fields, None), refusal_of(problem).detail)
